//! Astra (DataStax), DevOps API v2: one operation a file, both directions.
//!
//! Base address `https://api.astra.datastax.com/v2`. One token is one organization; lists come whole;
//! field names are spelled `OrgID`, `orgID` or `id` depending on the operation and the version, so
//! they are read without regard to case.
//! Source: the service's OpenAPI description 2.3.0 and recorded answers.

use serde::Serialize;

use crate::endpoint::{Asking, Endpoint, ErrorBody, Outgoing, Route, Site, Words, request};
use crate::id::id;
use crate::json::{FromJson, Json, ToJson};

mod call;
pub mod get_current_org;
pub mod get_role;
pub mod get_user;
pub mod invite_user;
mod known_roles;
pub mod list_roles;
pub mod list_users;
pub mod remove_user;
pub mod update_user_roles;
mod user;

pub use get_current_org::GetCurrentOrg;
pub use get_role::GetRole;
pub use get_user::GetUser;
pub use invite_user::InviteUser;
pub(crate) use known_roles::{FORMER_DEFAULT, known_roles};
pub use list_roles::ListRoles;
pub use list_users::ListUsers;
pub use remove_user::RemoveUser;
pub use update_user_roles::UpdateUserRoles;
pub use user::{RoleRef, Status, User};

id!(
    /// Id of an organization: a UUID.
    OrganizationId
);
id!(
    /// Id of a user: a UUID.
    UserId
);
id!(
    /// Id of a role: a UUID.
    RoleId
);

/// Address of the service itself.
pub const BASE: &str = "https://api.astra.datastax.com/v2";

/// An operation with all that it needs, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "operation", rename_all = "camelCase")]
pub enum Call {
    /// `GET /currentOrg`
    GetCurrentOrg(GetCurrentOrg),
    /// `GET /organizations/users`
    ListUsers(ListUsers),
    /// `GET /organizations/users/{userID}`
    GetUser(GetUser),
    /// `GET /organizations/roles`
    ListRoles(ListRoles),
    /// `GET /organizations/roles/{roleID}`
    GetRole(GetRole),
    /// `PUT /organizations/users`
    InviteUser(InviteUser),
    /// `PUT /organizations/users/{userID}/roles`
    UpdateUserRoles(UpdateUserRoles),
    /// `DELETE /organizations/users/{userID}`
    RemoveUser(RemoveUser),
}

impl Call {
    /// Method, path and query names of each operation.
    pub const ROUTES: [Route; 8] = [
        GetCurrentOrg::ROUTE,
        ListUsers::ROUTE,
        GetUser::ROUTE,
        ListRoles::ROUTE,
        GetRole::ROUTE,
        InviteUser::ROUTE,
        UpdateUserRoles::ROUTE,
        RemoveUser::ROUTE,
    ];

    /// Builds the request.
    pub fn outgoing<'s>(&self, site: &Site<'s>) -> Outgoing<'s> {
        request(site, self.asking())
    }

    fn asking(&self) -> &dyn Asking {
        match self {
            Self::GetCurrentOrg(call) => call,
            Self::ListUsers(call) => call,
            Self::GetUser(call) => call,
            Self::ListRoles(call) => call,
            Self::GetRole(call) => call,
            Self::InviteUser(call) => call,
            Self::UpdateUserRoles(call) => call,
            Self::RemoveUser(call) => call,
        }
    }
}

/// The body of a refusal: `{"errors":[{"ID":340018,"message":"…"}]}`, a bare JSON string, plain text,
/// `null`, or whatever a proxy on the way says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
pub struct Errors {
    /// What is wrong.
    pub errors: Vec<Error>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
pub struct Error {
    /// The service's number of the error.
    #[serde(rename = "ID")]
    pub id: i64,
    /// A sentence.
    pub message: String,
}

impl ErrorBody for Errors {
    fn read(body: &[u8]) -> Words {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let Ok(value) = Json::parse(body) else {
            // Plain text is the service's own; a page of HTML is a proxy's and says nothing.
            let text = std::str::from_utf8(body).ok().and_then(some);
            return Words {
                message: text.filter(|text| !text.starts_with(['<', '{', '['])),
                ..Words::default()
            };
        };
        let first = match value.get_in_any_case("errors") {
            Some(Json::List(errors)) => errors.first(),
            _ => None,
        };
        let holder = first.unwrap_or(&value);
        let text = |name| holder.get_in_any_case(name)?.text();
        Words {
            message: holder.text().or_else(|| text("message")).and_then(some),
            request_id: text("requestId").map(str::to_owned),
            fields: Vec::new(),
            code: holder
                .get_in_any_case("id")
                .and_then(|id| i64::from_json(id).ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_shape_of_a_refusal() {
        let said = |body: &str| {
            let words = Errors::read(body.as_bytes());
            (words.message, words.code)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            said(r#"{"errors":[{"ID":340018,"message":"Resource not found"}]}"#),
            (text("Resource not found"), Some(340_018))
        );
        assert_eq!(
            said(r#"{"Errors":[{"id":7,"Message":"no"}]}"#),
            (text("no"), Some(7))
        );
        assert_eq!(
            said(r#""invalid resource""#),
            (text("invalid resource"), None)
        );
        assert_eq!(said("role not found"), (text("role not found"), None));
        assert_eq!(said(r#"{"message":"no"}"#), (text("no"), None));
        for silent in [
            "null",
            "",
            "<html><body>503</body></html>",
            "{\"errors\":[]}",
            "{",
            "7",
        ] {
            assert_eq!(said(silent), (None, None), "{silent}");
        }
    }
}
