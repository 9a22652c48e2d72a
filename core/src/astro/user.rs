//! A user as the service describes one.

use serde::Serialize;

use super::{DeploymentId, OrganizationRole, UserId, WorkspaceId};
use crate::endpoint::payload;
use crate::json::{FromJson, ToJson};

/// A user of an organization: a member, or a person invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Id of the person.
    pub id: UserId,
    /// E-mail address.
    pub username: String,
    /// Name; empty while an invitation is pending.
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
    /// Role in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_role: Option<OrganizationRole>,
    /// Roles in single workspaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workspace_roles: Vec<WorkspaceRole>,
    /// Roles in single deployments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deployment_roles: Vec<DeploymentRole>,
    /// Roles on single DAGs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dag_roles: Vec<DagRole>,
}

payload!(User; Json);

/// Standing of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(from = "String", into = "String")]
pub enum Status {
    /// `ACTIVE`
    Active,
    /// `INACTIVE`
    Inactive,
    /// `PENDING`: invited, not yet joined.
    Pending,
    /// `BANNED`
    Banned,
    /// A standing that is newer than this program.
    Other(String),
}

impl Status {
    /// Text as it goes over the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Pending => "PENDING",
            Self::Banned => "BANNED",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for Status {
    fn from(text: String) -> Self {
        match text.as_str() {
            "ACTIVE" => Self::Active,
            "INACTIVE" => Self::Inactive,
            "PENDING" => Self::Pending,
            "BANNED" => Self::Banned,
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

/// A role in one workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceRole {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Key of the role, e.g. `WORKSPACE_MEMBER`.
    pub role: String,
}

/// A role in one deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentRole {
    /// The deployment.
    pub deployment_id: DeploymentId,
    /// `DEPLOYMENT_ADMIN` or the name of a custom role.
    pub role: String,
}

/// A role on one DAG, or on all DAGs with a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct DagRole {
    /// The deployment in which the DAG runs.
    pub deployment_id: DeploymentId,
    /// Key of the role, e.g. `DAG_VIEWER`.
    pub role: String,
    /// The DAG, unless a tag is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dag_id: Option<String>,
    /// The tag, unless a DAG is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dag_tag: Option<String>,
}
