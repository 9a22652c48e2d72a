//! `GET /users/self`
//!
//! The person to whom the token belongs, with roles in all organizations.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId, OrganizationRole, Status, UserId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads the token's own user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct GetSelfUser {}

/// The token's own user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct SelfUser {
    /// Id of the person.
    pub id: UserId,
    /// E-mail address.
    pub username: String,
    /// Name.
    #[serde(default)]
    pub full_name: String,
    /// Address of a picture, or empty.
    #[serde(default)]
    pub avatar_url: String,
    /// Standing.
    pub status: Status,
    /// RFC 3339, UTC.
    #[serde(default)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[serde(default)]
    pub updated_at: String,
    /// Roles held, each with its scope.
    #[serde(default)]
    pub roles: Vec<SelfRole>,
    /// All that the service says besides: pending invitations, feature flags.
    #[serde(flatten)]
    pub rest: crate::json::Rest,
}

/// A role that the token's user holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct SelfRole {
    /// Key of the role.
    pub role: String,
    /// Where it holds.
    pub scope: Scope,
}

/// Where a role holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// `ORGANIZATION`, `WORKSPACE`, `DEPLOYMENT`, `DAG`, or news.
    #[serde(rename = "type")]
    pub kind: String,
    /// Id of what it holds for.
    #[serde(default)]
    pub entity_id: String,
}

impl SelfUser {
    /// Role in an organization.
    pub fn role_in(&self, organization: &OrganizationId) -> Option<OrganizationRole> {
        self.roles
            .iter()
            .find(|it| {
                it.scope.kind == "ORGANIZATION" && it.scope.entity_id == organization.as_str()
            })
            .map(|it| it.role.clone().into())
    }
}

payload!(SelfUser; Json);

impl Endpoint for GetSelfUser {
    type Response = SelfUser;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/users/self",
        query: &["createIfNotExist"],
    };

    fn ids(&self) -> Vec<&str> {
        Vec::new()
    }

    fn receive(_: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astro::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_without_an_id() {
        assert_eq!(
            sent(&GetSelfUser {}.to_http(&SITE)).1,
            "https://api.astronomer.io/v1/users/self"
        );
    }

    #[test]
    fn tells_the_role_in_an_organization() {
        let me = GetSelfUser::read(&answer(
            200,
            r#"{"id":"c1","username":"olive@example.com","status":"ACTIVE",
            "roles":[{"role":"ORGANIZATION_OWNER","scope":{"type":"ORGANIZATION","entityId":"o1"}}],
            "invites":[],"featureFlags":[{"key":"x","value":false}]}"#,
        ))
        .unwrap();
        assert_eq!(me.role_in(&"o1".into()), Some(OrganizationRole::Owner));
        assert_eq!(me.role_in(&"o2".into()), None);
    }
}
