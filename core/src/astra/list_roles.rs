//! `GET /organizations/roles`
//!
//! All roles of the organization, built-in and custom, as a bare array.

use http::Method;
use serde::Serialize;

use super::{Errors, RoleId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads all roles of the token's organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct ListRoles {}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Role {
    /// Id of the role: a UUID.
    pub id: RoleId,
    /// Its name, as the API takes it.
    #[serde(default)]
    pub name: String,
    /// What it permits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyForm>,
    /// RFC 3339; the zero time for built-in roles.
    #[serde(default, alias = "last_update_datetime")]
    pub last_update_date_time: String,
    /// Who changed it last; empty for built-in roles.
    #[serde(default, alias = "last_update_userid")]
    pub last_update_user_id: String,
}

/// A policy, or (in answers of 2021) a policy as JSON text in a string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(untagged)]
pub enum PolicyForm {
    /// As recorded.
    Object(Policy),
    /// As text.
    Text(String),
    /// Anything else.
    Other(crate::json::Json<'static>),
}

/// What a role permits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Policy {
    /// What it is for; the same as the name for built-in roles.
    #[serde(default)]
    pub description: String,
    /// On what.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Codes of what may be done.
    #[serde(default)]
    pub actions: Vec<String>,
    /// `allow`
    #[serde(default)]
    pub effect: String,
}

impl Role {
    /// Its policy, in whichever form it came.
    pub fn policy(&self) -> Option<Policy> {
        match self.policy.as_ref()? {
            PolicyForm::Object(policy) => Some(policy.clone()),
            PolicyForm::Text(text) => {
                crate::endpoint::decode_json(&crate::endpoint::lowercase_keys(text.as_bytes())).ok()
            }
            PolicyForm::Other(_) => None,
        }
    }
}

payload!(Role, Vec<Role>; AnySpelling);

impl Endpoint for ListRoles {
    type Response = Vec<Role>;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/roles",
        query: &[],
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
    use crate::astra::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_for_all() {
        assert_eq!(
            sent(&ListRoles {}.to_http(&SITE)).1,
            "https://api.astra.datastax.com/v2/organizations/roles"
        );
    }

    #[test]
    fn reads_each_form_of_a_policy() {
        let roles = ListRoles::read(&answer(200, r#"[
            {"id":"r1","name":"A","policy":{"description":"A","resources":["x"],"actions":["org-user-read"],"effect":"allow"},"last_update_user_id":""},
            {"ID":"r2","Name":"B","Policy":{"Actions":["org-user-write"]}},
            {"ID":"r3","Name":"C","Type":"default","policy":"{\"Actions\": [\"org-read\"]}"},
            {"id":"r4","name":"D","policy":7},
            {"id":"r5","name":"E"}]"#)).unwrap();
        let actions: Vec<_> = roles
            .iter()
            .map(|role| role.policy().map(|it| it.actions.join(",")))
            .collect();
        assert_eq!(
            actions,
            [
                Some("org-user-read".to_owned()),
                Some("org-user-write".to_owned()),
                Some("org-read".to_owned()),
                None,
                None
            ]
        );
    }
}
