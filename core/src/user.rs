//! An organization and its users in common words.

use serde::Serialize;

use crate::id::id;
use crate::json::{FromJson, ToJson};
use crate::role::RoleId;

id!(
    /// Id of a user, whichever service gave it.
    UserId
);
id!(
    /// Id of an organization, whichever service gave it.
    OrganizationId
);
id!(
    /// Id of an invitation.
    InviteId
);

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name; empty where the service does not tell it with the id.
    #[serde(default)]
    pub name: String,
}

/// A user as people see one, whichever service has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Id of the user.
    pub id: UserId,
    /// E-mail address as the service writes it.
    pub email: String,
    /// Name; empty if there is none.
    #[serde(default)]
    pub name: String,
    /// Standing.
    pub status: Status,
    /// Roles in the organization.
    pub roles: Vec<HeldRole>,
    /// Roles in parts of the organization; shown, never changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scoped: Vec<ScopedRole>,
    /// Since when, RFC 3339 UTC; empty if the service does not tell.
    #[serde(default)]
    pub created: String,
}

/// A role as part of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct HeldRole {
    /// Id of the role.
    pub id: RoleId,
    /// Its name if the service told it along with the user, else empty.
    #[serde(default)]
    pub name: String,
}

/// A role in a part of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct ScopedRole {
    /// What it is a part of.
    pub scope: Scope,
    /// Id of that part.
    pub of: String,
    /// Key of the role.
    pub role: String,
}

/// A part of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToJson, FromJson)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// A workspace.
    Workspace,
    /// A deployment.
    Deployment,
    /// A DAG, or all DAGs with a tag.
    Dag,
}

impl Scope {
    /// Word for people, and for `scope:` in a search.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Deployment => "deployment",
            Self::Dag => "dag",
        }
    }
}

/// Standing of a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
#[serde(from = "String", into = "String")]
pub enum Status {
    /// Joined.
    Active,
    /// Invited, not yet joined.
    Pending,
    /// Joined, and switched off.
    Inactive,
    /// Locked out by the service.
    Banned,
    /// A standing that is newer than this program, as the service writes it.
    Other(String),
}

impl Status {
    /// Word for people, and for `status:` in a search.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Inactive => "inactive",
            Self::Banned => "banned",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for Status {
    fn from(text: String) -> Self {
        match text.as_str() {
            "active" => Self::Active,
            "pending" => Self::Pending,
            "inactive" => Self::Inactive,
            "banned" => Self::Banned,
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

/// A user as a row of the directory: borrowed, nothing is copied.
#[derive(Clone, Copy, Debug)]
pub struct Row<'d> {
    /// Id of the user.
    pub id: &'d str,
    /// E-mail address as the service writes it.
    pub email: &'d str,
    /// Name; empty if there is none.
    pub name: &'d str,
    /// Standing.
    pub status: &'d Status,
    /// Ids of the roles in the organization.
    pub roles: &'d [RoleId],
    /// Roles in parts of the organization.
    pub scoped: &'d [ScopedRole],
    /// Since when, RFC 3339 UTC; empty if the service does not tell.
    pub created: &'d str,
    /// Id of the invitation, if it is known here.
    pub invite: Option<&'d InviteId>,
}

impl<'d> Row<'d> {
    /// The name, or the address where there is none.
    pub fn title(&self) -> &'d str {
        if self.name.is_empty() {
            self.email
        } else {
            self.name
        }
    }

    /// The row as a user of its own.
    pub fn to_user(self) -> User {
        let held = |id: &RoleId| HeldRole {
            id: id.clone(),
            name: String::new(),
        };
        User {
            id: self.id.into(),
            email: self.email.to_owned(),
            name: self.name.to_owned(),
            status: self.status.clone(),
            roles: self.roles.iter().map(held).collect(),
            scoped: self.scoped.to_vec(),
            created: self.created.to_owned(),
        }
    }
}
