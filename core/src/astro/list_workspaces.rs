//! `GET /organizations/{organizationId}/workspaces`
//!
//! Workspaces of an organization, a page of them: the names behind scoped roles.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId, Paging, Position, WorkspaceId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads a page of workspaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct ListWorkspaces {
    /// Whose workspaces.
    pub organization: OrganizationId,
    /// Which part of the list.
    #[serde(flatten)]
    pub paging: Paging,
}

/// A page of workspaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Workspaces {
    /// The workspaces.
    pub workspaces: Vec<Workspace>,
    /// Where the page stands.
    #[serde(flatten)]
    pub position: Position,
}

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Workspace {
    /// Id of the workspace.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// All that the service says besides.
    #[serde(flatten)]
    pub rest: crate::json::Rest,
}

payload!(Workspaces; Json);

impl Endpoint for ListWorkspaces {
    type Response = Workspaces;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{organizationId}/workspaces",
        query: &["offset", "limit", "sorts", "workspaceIds", "names"],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str()]
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = self.paging.query();
        query.push(("sorts", "name:asc".to_owned()));
        query
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            paging: Paging::receive(received)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astro::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, received, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_for_a_page() {
        let call = ListWorkspaces {
            organization: "c1".into(),
            paging: Paging::default(),
        };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astronomer.io/v1/organizations/c1/workspaces?offset=0&limit=1000&sorts=name%3Aasc"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_names() {
        let page = ListWorkspaces::read(&answer(
            200,
            r#"{"workspaces":[{"id":"w1","name":"Analytics","cicdEnforcedDefault":false}],
            "limit":20,"offset":0,"totalCount":1}"#,
        ))
        .unwrap();
        assert_eq!(page.workspaces[0].name, "Analytics");
    }
}
