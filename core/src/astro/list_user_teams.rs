//! `GET /organizations/{organizationId}/users/{userId}/teams`
//!
//! Teams of a user: where roles come from that the user does not hold directly.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId, OrganizationRole, Paging, Position, UserId, WorkspaceRole};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads a page of a user's teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct ListUserTeams {
    /// In which organization.
    pub organization: OrganizationId,
    /// Which user.
    pub user: UserId,
    /// Which part of the list.
    #[serde(flatten)]
    pub paging: Paging,
}

/// A page of teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Teams {
    /// The teams.
    pub teams: Vec<Team>,
    /// Where the page stands.
    #[serde(flatten)]
    pub position: Position,
}

/// A team, as far as it tells a user's roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// Id of the team.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Role which its members have in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_role: Option<OrganizationRole>,
    /// Whether an identity provider keeps it.
    #[serde(default)]
    pub is_idp_managed: bool,
    /// Roles which its members have in single workspaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workspace_roles: Vec<WorkspaceRole>,
    /// All that the service says besides.
    #[serde(flatten)]
    pub rest: crate::json::Rest,
}

payload!(Teams; Json);

impl Endpoint for ListUserTeams {
    type Response = Teams;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{organizationId}/users/{userId}/teams",
        query: &["offset", "limit", "sorts"],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str(), self.user.as_str()]
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        self.paging.query()
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            user: received.id(1),
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
        let call = ListUserTeams {
            organization: "c1".into(),
            user: "c2".into(),
            paging: Paging::default(),
        };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astronomer.io/v1/organizations/c1/users/c2/teams?offset=0&limit=1000"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_teams() {
        let page = ListUserTeams::read(&answer(
            200,
            r#"{"teams":[{"id":"t1","name":"Data Platform","organizationRole":"ORGANIZATION_MEMBER",
            "isIdpManaged":true,"rolesCount":2}],"limit":20,"offset":0,"totalCount":1}"#,
        ))
        .unwrap();
        assert!(page.teams[0].is_idp_managed);
    }
}
