//! Which operation serves which wish, and what its answer means in common words.

use super::get_current_org::CurrentOrg;
use super::invite_user::NewInvite;
use super::list_roles::Role;
use super::list_users::Users;
use super::update_user_roles::RoleSet;
use super::{
    Call, Errors, GetCurrentOrg, GetUser, InviteUser, ListRoles, ListUsers, RemoveUser, Status,
    UpdateUserRoles, User, known_roles,
};
use crate::change::Change;
use crate::directory::{self, HeldRole, Organization, OrganizationId, UserId};
use crate::email::Email;
use crate::endpoint::{
    Answer, Endpoint, ErrorBody, Incoming, InvalidRequest, ReadError, Success, no_listing,
};
use crate::json::{FromJson, Json, Misfits};
use crate::role::RoleId;

/// A success that tells something.
const TOLD: Success = ListUsers::SUCCESS;

impl Call {
    pub(crate) fn current_org() -> Self {
        Self::GetCurrentOrg(GetCurrentOrg {})
    }

    pub(crate) fn list_users() -> Self {
        Self::ListUsers(ListUsers {})
    }

    pub(crate) fn get_user(user: &UserId) -> Self {
        Self::GetUser(GetUser {
            user: user.as_str().into(),
        })
    }

    pub(crate) fn list_roles() -> Self {
        Self::ListRoles(ListRoles {})
    }

    pub(crate) fn invite(organization: &OrganizationId, email: &Email, roles: &[RoleId]) -> Self {
        let body = NewInvite {
            email: email.as_str().to_owned(),
            organization: organization.as_str().into(),
            roles: ids(roles),
        };
        Self::InviteUser(InviteUser { body })
    }

    pub(crate) fn re_role(user: &UserId, roles: &[RoleId]) -> Self {
        let body = RoleSet { roles: ids(roles) };
        Self::UpdateUserRoles(UpdateUserRoles {
            user: user.as_str().into(),
            body,
        })
    }

    pub(crate) fn remove(user: &UserId) -> Self {
        Self::RemoveUser(RemoveUser {
            user: user.as_str().into(),
        })
    }

    /// What it does, in words.
    pub(crate) fn in_words(&self, label: &dyn Fn(&RoleId) -> String) -> Option<String> {
        let named = |roles: &[super::RoleId]| {
            let names: Vec<String> = roles.iter().map(|id| label(&id.as_str().into())).collect();
            names.join(", ")
        };
        match self {
            Self::InviteUser(call) => Some(format!("invite as {}", named(&call.body.roles))),
            Self::UpdateUserRoles(call) => {
                Some(format!("change roles to {}", named(&call.body.roles)))
            }
            Self::RemoveUser(_) => Some("remove, or withdraw the invitation".to_owned()),
            _ => None,
        }
    }

    /// The words of the vendor's CLI that do the same; `None` where it cannot. `key` names a role.
    pub(crate) fn vendor_command(
        &self,
        email: &str,
        key: &dyn Fn(&RoleId) -> String,
    ) -> Option<Vec<String>> {
        let mut words = match self {
            Self::InviteUser(_) => ["astra", "user", "invite", email]
                .map(str::to_owned)
                .to_vec(),
            Self::RemoveUser(_) => ["astra", "user", "delete", email]
                .map(str::to_owned)
                .to_vec(),
            _ => return None,
        };
        if let Self::InviteUser(call) = self {
            for role in &call.body.roles {
                words.extend(["-r".to_owned(), key(&role.as_str().into())]);
            }
        }
        Some(words)
    }

    /// Reads a request back, whichever operation it is: the gateway's side.
    pub(crate) fn receive(it: &Incoming<'_>) -> Option<Result<Self, InvalidRequest>> {
        it.on(Self::GetCurrentOrg)
            .or_else(|| it.on(Self::ListUsers))
            .or_else(|| it.on(Self::GetUser))
            .or_else(|| it.on(Self::ListRoles))
            .or_else(|| it.on(Self::GetRole))
            .or_else(|| it.on(Self::InviteUser))
            .or_else(|| it.on(Self::UpdateUserRoles))
            .or_else(|| it.on(Self::RemoveUser))
    }

    /// Reads the answer to this call.
    pub(crate) fn read(&self, answer: &Answer) -> Result<Change, ReadError> {
        let success = match self {
            Self::InviteUser(_) => InviteUser::SUCCESS,
            Self::UpdateUserRoles(_) => UpdateUserRoles::SUCCESS,
            Self::RemoveUser(_) => RemoveUser::SUCCESS,
            _ => TOLD,
        };
        let mut change = None;
        success.read(answer, Errors::read, &mut |json, misfits| {
            change = self
                .told(json, misfits)
                .or_else(|| self.listed(json, misfits));
        })?;
        change.ok_or_else(|| no_listing(answer))
    }

    /// Reads the answer to a call by which an organization is listed.
    pub(crate) fn read_listing(&self, answer: &Answer) -> Result<Change, ReadError> {
        let mut change = None;
        TOLD.read(answer, Errors::read, &mut |json, misfits| {
            change = self.listed(json, misfits);
        })?;
        change.ok_or_else(|| no_listing(answer))
    }

    /// What the answer to a call that lists nothing tells; nothing for another.
    fn told(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::GetUser(_) => Change::User {
                user: user(User::read_from(json, misfits)),
            },
            Self::GetRole(_) => Change::Roles {
                roles: vec![known_roles::describe(&Role::read_from(json, misfits))],
            },
            Self::InviteUser(call) => Change::Invited {
                email: call.body.email.clone(),
                user: None,
                invite: None,
                expires: String::new(),
            },
            Self::UpdateUserRoles(call) => Change::RolesSet {
                user: call.user.as_str().into(),
                roles: call
                    .body
                    .roles
                    .iter()
                    .map(|id| id.as_str().into())
                    .collect(),
            },
            Self::RemoveUser(call) => Change::Removed {
                user: call.user.as_str().into(),
            },
            Self::GetCurrentOrg(_) | Self::ListUsers(_) | Self::ListRoles(_) => return None,
        })
    }

    /// What the answer to a call by which an organization is listed tells; nothing for another.
    fn listed(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::GetCurrentOrg(_) => {
                let id = CurrentOrg::read_from(json, misfits).id;
                let organization = Organization {
                    id: id.as_str().into(),
                    name: String::new(),
                };
                Change::Organizations {
                    organizations: vec![organization],
                    offset: 0,
                    total: 1,
                }
            }
            Self::ListUsers(_) => {
                let list = Users::read_from(json, misfits);
                let organization = Organization {
                    id: list.organization.as_str().into(),
                    name: list.name,
                };
                Change::Users {
                    total: u32::try_from(list.users.len()).ok(),
                    users: list.users.into_iter().map(user).collect(),
                    offset: 0,
                    organization: Some(organization),
                }
            }
            Self::ListRoles(_) => {
                let roles = Vec::<Role>::read_from(json, misfits);
                Change::Roles {
                    roles: roles.iter().map(known_roles::describe).collect(),
                }
            }
            _ => return None,
        })
    }
}

fn ids(roles: &[RoleId]) -> Vec<super::RoleId> {
    roles.iter().map(|id| id.as_str().into()).collect()
}

fn user(it: User) -> directory::User {
    let held = |role: super::RoleRef| HeldRole {
        id: role.id.as_str().into(),
        name: role.name,
    };
    directory::User {
        id: it.id.as_str().into(),
        email: it.email,
        name: String::new(),
        status: match it.status {
            Status::Active => directory::Status::Active,
            Status::Invited => directory::Status::Pending,
            Status::Other(text) => directory::Status::Other(text),
        },
        roles: it.roles.into_iter().map(held).collect(),
        scoped: Vec::new(),
        created: String::new(),
    }
}
