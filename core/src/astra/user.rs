//! A user as the service describes one.

use serde::Serialize;

use crate::endpoint::payload;
use crate::json::{FromJson, ToJson};

use super::{RoleId, UserId};

/// A user of an organization: a member, or a person invited. There are no names and no dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct User {
    /// Id of the user.
    #[serde(rename(serialize = "UserID", deserialize = "userid"))]
    pub id: UserId,
    /// E-mail address.
    #[serde(rename(serialize = "Email", deserialize = "email"), default)]
    pub email: String,
    /// Standing.
    #[serde(rename(serialize = "Status", deserialize = "status"), default)]
    pub status: Status,
    /// Roles held.
    #[serde(rename(serialize = "Roles", deserialize = "roles"), default)]
    pub roles: Vec<RoleRef>,
}

payload!(User; AnySpelling);

/// A role as part of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct RoleRef {
    /// Id of the role.
    #[serde(rename(serialize = "ID", deserialize = "id"))]
    pub id: RoleId,
    /// Its name, as the API takes it.
    #[serde(rename(serialize = "Name", deserialize = "name"), default)]
    pub name: String,
}

/// Standing of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(from = "String", into = "String")]
pub enum Status {
    /// `active`
    #[default]
    Active,
    /// `invited`: not yet joined.
    Invited,
    /// A standing that is newer than this program.
    Other(String),
}

impl Status {
    /// Text as it goes over the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for Status {
    fn from(text: String) -> Self {
        match text.as_str() {
            "active" => Self::Active,
            "invited" => Self::Invited,
            _ => Self::Other(text),
        }
    }
}

impl From<Status> for String {
    fn from(status: Status) -> Self {
        match status {
            Status::Other(text) => text,
            known => known.as_str().to_owned(),
        }
    }
}
