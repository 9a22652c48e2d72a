//! What a success told, in words common to both services.

use serde::Serialize;

use crate::json::{FromJson, ToJson};
use crate::role::{Role, RoleId};
use crate::user::{InviteId, Organization, User, UserId};

/// What a success told: [`Directory::apply`](crate::directory::Directory::apply) takes it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Change {
    /// A page of organizations, or the one of the token.
    Organizations {
        /// The organizations.
        organizations: Vec<Organization>,
        /// Where the page begins.
        offset: u32,
        /// Entries of the whole list.
        total: u32,
    },
    /// One organization.
    Organization {
        /// It.
        organization: Organization,
    },
    /// The token's own user.
    Me {
        /// Its id.
        id: UserId,
        /// Its address.
        email: String,
        /// Its name.
        name: String,
        /// Role in each organization, by the organization's id.
        roles: Vec<(String, RoleId)>,
    },
    /// A page of users, or all of them.
    Users {
        /// The users.
        users: Vec<User>,
        /// Where the page begins.
        offset: u32,
        /// Users of the whole organization, if the service tells.
        total: Option<u32>,
        /// The organization, where the answer names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<Organization>,
    },
    /// One user.
    User {
        /// The user.
        user: User,
    },
    /// Roles of the organization, a page of them or all.
    Roles {
        /// The roles.
        roles: Vec<Role>,
        /// Where the page begins.
        #[serde(default)]
        offset: u32,
        /// Entries of the whole list; on Astro the built-in roles are not counted.
        #[serde(default)]
        total: u32,
    },
    /// A page of the teams of a user.
    Teams {
        /// The teams.
        teams: Vec<Team>,
        /// Where the page begins.
        #[serde(default)]
        offset: u32,
        /// Entries of the whole list.
        #[serde(default)]
        total: u32,
    },
    /// A page of the workspaces of the organization.
    Workspaces {
        /// The workspaces.
        workspaces: Vec<Workspace>,
        /// Where the page begins.
        #[serde(default)]
        offset: u32,
        /// Entries of the whole list.
        #[serde(default)]
        total: u32,
    },
    /// Somebody is invited.
    Invited {
        /// The address.
        email: String,
        /// The pending user, as far as the answer tells; else read the list again.
        user: Option<User>,
        /// Id of the invitation, where there is one.
        invite: Option<InviteId>,
        /// Until when, RFC 3339 UTC; empty if the service does not tell.
        expires: String,
    },
    /// A user has these roles now.
    RolesSet {
        /// The user.
        user: UserId,
        /// The roles.
        roles: Vec<RoleId>,
    },
    /// An invitation is withdrawn.
    Withdrawn {
        /// Id of the invitation.
        invite: InviteId,
    },
    /// A user or an invited person is gone from the organization.
    Removed {
        /// The user.
        user: UserId,
    },
}

/// A team of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Role which it gives in the organization.
    pub role: Option<RoleId>,
    /// Whether an identity provider keeps it.
    pub managed: bool,
}

/// A workspace: the name behind an id of a scoped role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Workspace {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}
