//! `GET /organizations/{organizationId}/roles`
//!
//! Custom roles of an organization, and the built-in ones on request.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId, Paging, Position};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads a page of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct ListRoles {
    /// Whose roles.
    pub organization: OrganizationId,
    /// Whether to give the built-in roles too.
    #[serde(default)]
    pub include_default_roles: bool,
    /// Which part of the list of custom roles.
    #[serde(flatten)]
    pub paging: Paging,
}

/// A page of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Roles {
    /// Custom roles; none of them is an organization role yet.
    pub roles: Vec<CustomRole>,
    /// Built-in roles, if asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_roles: Option<Vec<DefaultRole>>,
    /// Where the page stands among the custom roles.
    #[serde(flatten)]
    pub position: Position,
}

/// A role that the organization made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct CustomRole {
    /// Id of the role.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `DEPLOYMENT`, `WORKSPACE`, `ORGANIZATION`, or news.
    pub scope_type: String,
    /// All that the service says besides.
    #[serde(flatten)]
    pub rest: crate::json::Rest,
}

/// A built-in role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct DefaultRole {
    /// Its key.
    pub name: String,
    /// What it is for; the vendor's CLI crashes without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it permits.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// `SYSTEM`, `ORGANIZATION`, `WORKSPACE`, `DEPLOYMENT`, `DAG`, or news.
    pub scope_type: String,
}

payload!(Roles; Json);

impl Endpoint for ListRoles {
    type Response = Roles;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{organizationId}/roles",
        query: &[
            "offset",
            "limit",
            "sorts",
            "includeDefaultRoles",
            "scopeTypes",
        ],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str()]
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = self.paging.query();
        query.push((
            "includeDefaultRoles",
            self.include_default_roles.to_string(),
        ));
        query
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            include_default_roles: received.flag("includeDefaultRoles"),
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
    fn asks_with_or_without_the_built_in_ones() {
        let call = ListRoles {
            organization: "c1".into(),
            include_default_roles: true,
            paging: Paging::default(),
        };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astronomer.io/v1/organizations/c1/roles?offset=0&limit=1000&includeDefaultRoles=true"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_both_kinds() {
        let page = ListRoles::read(&answer(200, r#"{"roles":[{"id":"r1","name":"Deployment_Viewer","scopeType":"DEPLOYMENT",
            "restrictedWorkspaceIds":[]}],"defaultRoles":[{"name":"ORGANIZATION_OWNER","scopeType":"ORGANIZATION","permissions":["x"]}],
            "limit":20,"offset":0,"totalCount":1}"#)).unwrap();
        assert_eq!(page.roles[0].name, "Deployment_Viewer");
        assert_eq!(page.default_roles.unwrap()[0].name, "ORGANIZATION_OWNER");
    }
}
