//! Which operation serves which wish, and what its answer means in common words.

use super::invite_user::NewInvite;
use super::update_user_roles::RoleSet;
use super::{
    Call, GetCurrentOrg, GetRole, GetUser, InviteUser, ListRoles, ListUsers, RemoveUser, Status,
    UpdateUserRoles, User, known_roles,
};
use crate::change::Change;
use crate::directory::{self, HeldRole, Organization, OrganizationId, UserId};
use crate::email::Email;
use crate::endpoint::{Answer, Endpoint, Incoming, InvalidRequest, ReadError, no_listing};
use crate::role::RoleId;

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
        Ok(match self {
            Self::GetUser(_) => Change::User {
                user: user(GetUser::read(answer)?),
            },
            Self::GetRole(_) => Change::Roles {
                roles: vec![known_roles::describe(&GetRole::read(answer)?)],
            },
            Self::InviteUser(call) => {
                InviteUser::read(answer)?;
                Change::Invited {
                    email: call.body.email.clone(),
                    user: None,
                    invite: None,
                    expires: String::new(),
                }
            }
            Self::UpdateUserRoles(call) => {
                UpdateUserRoles::read(answer)?;
                Change::RolesSet {
                    user: call.user.as_str().into(),
                    roles: call
                        .body
                        .roles
                        .iter()
                        .map(|id| id.as_str().into())
                        .collect(),
                }
            }
            Self::RemoveUser(call) => {
                RemoveUser::read(answer)?;
                Change::Removed {
                    user: call.user.as_str().into(),
                }
            }
            Self::GetCurrentOrg(_) | Self::ListUsers(_) | Self::ListRoles(_) => {
                return self.read_listing(answer);
            }
        })
    }

    /// Reads the answer to a call by which an organization is listed.
    pub(crate) fn read_listing(&self, answer: &Answer) -> Result<Change, ReadError> {
        Ok(match self {
            Self::GetCurrentOrg(_) => {
                let id = GetCurrentOrg::read(answer)?.id;
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
                let list = ListUsers::read(answer)?;
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
                let roles = ListRoles::read(answer)?;
                Change::Roles {
                    roles: roles.iter().map(known_roles::describe).collect(),
                }
            }
            _ => return Err(no_listing(answer)),
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
