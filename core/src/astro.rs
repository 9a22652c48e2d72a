//! Astro (Astronomer), API v1: one operation a file, both directions.
//!
//! Base address `https://api.astronomer.io/v1`. Success is exactly 200 with a body or 204 without;
//! updates are `POST`; lists are paged with `offset` and `limit`.
//! Source: the service's OpenAPI description v1.0 (<https://www.astronomer.io/docs/api>).

use serde::Serialize;

use crate::endpoint::{
    Asking, Endpoint, ErrorBody, FieldWords, InvalidRequest, Outgoing, Received, Route, Site,
    Words, request,
};
use crate::id::id;
use crate::json::{FromJson, Json, ToJson};

mod call;
pub mod create_invite;
pub mod delete_invite;
pub mod get_organization;
pub mod get_self_user;
pub mod get_user;
mod known_roles;
pub mod list_organizations;
pub mod list_roles;
pub mod list_user_teams;
pub mod list_users;
pub mod list_workspaces;
mod role;
pub(crate) mod terraform;
pub mod update_user_roles;
mod user;

pub use create_invite::CreateInvite;
pub use delete_invite::DeleteInvite;
pub use get_organization::GetOrganization;
pub use get_self_user::GetSelfUser;
pub use get_user::GetUser;
pub(crate) use known_roles::known_roles;
pub use list_organizations::ListOrganizations;
pub use list_roles::ListRoles;
pub use list_user_teams::ListUserTeams;
pub use list_users::ListUsers;
pub use list_workspaces::ListWorkspaces;
pub use role::OrganizationRole;
pub use update_user_roles::UpdateUserRoles;
pub use user::{DagRole, DeploymentRole, Status, User, WorkspaceRole};

id!(
    /// Id of an organization.
    OrganizationId
);
id!(
    /// Id of a user: a person, in whichever organization.
    UserId
);
id!(
    /// Id of an invitation; told once, in the answer that created it.
    InviteId
);
id!(
    /// Id of a workspace.
    WorkspaceId
);
id!(
    /// Id of a deployment.
    DeploymentId
);

/// Address of the service itself.
pub const BASE: &str = "https://api.astronomer.io/v1";

/// Most entries a list gives in one page.
pub const PAGE: u32 = 1000;

/// Entries of a list that somebody waits for: some screens of it.
pub const FIRST_PAGE: u32 = 100;

/// Where a member is taken out of an organization: no operation does it.
pub const REMOVAL: &str = "the Astro UI, under Organization Settings, Access Management";

/// An operation with all that it needs, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "operation", rename_all = "camelCase")]
pub enum Call {
    /// `GET /organizations`
    ListOrganizations(ListOrganizations),
    /// `GET /organizations/{organizationId}`
    GetOrganization(GetOrganization),
    /// `GET /users/self`
    GetSelfUser(GetSelfUser),
    /// `GET /organizations/{organizationId}/users`
    ListUsers(ListUsers),
    /// `GET /organizations/{organizationId}/users/{userId}`
    GetUser(GetUser),
    /// `GET /organizations/{organizationId}/users/{userId}/teams`
    ListUserTeams(ListUserTeams),
    /// `GET /organizations/{organizationId}/workspaces`
    ListWorkspaces(ListWorkspaces),
    /// `GET /organizations/{organizationId}/roles`
    ListRoles(ListRoles),
    /// `POST /organizations/{organizationId}/invites`
    CreateInvite(CreateInvite),
    /// `DELETE /organizations/{organizationId}/invites/{inviteId}`
    DeleteInvite(DeleteInvite),
    /// `POST /organizations/{organizationId}/users/{userId}/roles`
    UpdateUserRoles(UpdateUserRoles),
}

impl Call {
    /// Method, path and query names of each operation.
    pub const ROUTES: [Route; 11] = [
        ListOrganizations::ROUTE,
        GetOrganization::ROUTE,
        GetSelfUser::ROUTE,
        ListUsers::ROUTE,
        GetUser::ROUTE,
        ListUserTeams::ROUTE,
        ListWorkspaces::ROUTE,
        ListRoles::ROUTE,
        CreateInvite::ROUTE,
        DeleteInvite::ROUTE,
        UpdateUserRoles::ROUTE,
    ];

    /// Builds the request.
    pub fn outgoing<'s>(&self, site: &Site<'s>) -> Outgoing<'s> {
        request(site, self.asking())
    }

    fn asking(&self) -> &dyn Asking {
        match self {
            Self::ListOrganizations(call) => call,
            Self::GetOrganization(call) => call,
            Self::GetSelfUser(call) => call,
            Self::ListUsers(call) => call,
            Self::GetUser(call) => call,
            Self::ListUserTeams(call) => call,
            Self::ListWorkspaces(call) => call,
            Self::ListRoles(call) => call,
            Self::CreateInvite(call) => call,
            Self::DeleteInvite(call) => call,
            Self::UpdateUserRoles(call) => call,
        }
    }
}

/// Which part of a list to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Paging {
    /// Entries to skip.
    #[serde(default)]
    pub offset: u32,
    /// Entries at the most; the service takes 1000 and gives 20 when it is not told.
    #[serde(default = "Paging::most")]
    pub limit: u32,
}

impl Paging {
    const NAMES: [&str; 2] = ["offset", "limit"];

    fn most() -> u32 {
        PAGE
    }

    fn query(self) -> Vec<(&'static str, String)> {
        let [offset, limit] = Self::NAMES;
        vec![
            (offset, self.offset.to_string()),
            (limit, self.limit.to_string()),
        ]
    }

    /// Reads it as the service does: from 0, 20 a page.
    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        let [offset, limit] = Self::NAMES;
        Ok(Self {
            offset: received.number(offset)?.unwrap_or(0),
            limit: received.number(limit)?.unwrap_or(20),
        })
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            offset: 0,
            limit: PAGE,
        }
    }
}

/// Where a page stands in its list; part of every list answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Entries at the most, as asked.
    pub limit: u32,
    /// Entries skipped.
    pub offset: u32,
    /// Entries of the whole list.
    pub total_count: u32,
}

/// Who did something, or to whom it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Id of the person or token.
    pub id: String,
    /// `USER` or `SERVICEKEY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// Name of the token, for a `SERVICEKEY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_token_name: Option<String>,
}

/// The body of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Error {
    /// A sentence.
    pub message: String,
    /// For the service's support.
    #[serde(default)]
    pub request_id: String,
    /// The HTTP status again.
    #[serde(default)]
    pub status_code: u16,
    /// What is wrong with single fields; on 400 only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub field_errors: Vec<FieldError>,
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct FieldError {
    /// Kind of the error; values are not documented.
    #[serde(default)]
    pub code: String,
    /// The field.
    #[serde(default)]
    pub field: String,
    /// A sentence.
    #[serde(default)]
    pub message: String,
}

impl ErrorBody for Error {
    /// Field by field, so that an odd one takes no other away.
    fn read(body: &[u8]) -> Words {
        let json = Json::parse(body).unwrap_or(Json::Null);
        let text = |json: &Json<'_>, name: &str| {
            let text = json.get(name).and_then(Json::text);
            text.filter(|text| !text.trim().is_empty())
                .map(str::to_owned)
        };
        let said = |error: &Json<'_>| {
            let (field, message) = (text(error, "field"), text(error, "message"));
            (field.is_some() || message.is_some()).then(|| FieldWords {
                field: field.unwrap_or_default(),
                message: message.unwrap_or_default(),
            })
        };
        let fields = match json.get("fieldErrors") {
            Some(Json::List(errors)) => errors.iter().filter_map(said).collect(),
            _ => Vec::new(),
        };
        Words {
            message: text(&json, "message"),
            request_id: text(&json, "requestId"),
            fields,
            code: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_refusal_with_fields() {
        let words = Error::read(
            br#"{"message":"Invalid request","requestId":"r-1","statusCode":400,
                "fieldErrors":[{"field":"role","code":"oneof","message":"role must be one of the allowed values"}]}"#,
        );
        assert_eq!(words.message.as_deref(), Some("Invalid request"));
        assert_eq!(words.request_id.as_deref(), Some("r-1"));
        assert_eq!(words.fields[0].field, "role");
    }

    #[test]
    fn a_refusal_may_be_anything() {
        for body in ["", "null", "<html>", "[]", "{\"message\":7}", "\u{fffd}"] {
            assert_eq!(Error::read(body.as_bytes()), Words::default(), "{body}");
        }
        assert_eq!(Error::read(br#"{"message":" "}"#).message, None);
    }

    #[test]
    fn what_is_odd_in_a_refusal_takes_nothing_else_of_it_away() {
        for body in [
            r#"{"message":"no","requestId":null}"#,
            r#"{"message":"no","statusCode":"400"}"#,
            r#"{"message":"no","statusCode":400.0,"requestId":7}"#,
            r#"{"message":"no","fieldErrors":null}"#,
            r#"{"message":"no","fieldErrors":[null,{"field":["role"]}]}"#,
        ] {
            let words = Error::read(body.as_bytes());
            assert_eq!(words.message.as_deref(), Some("no"), "{body}");
        }
    }
}
