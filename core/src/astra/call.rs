//! Which operation serves which wish, and what its answer means in common words.

use super::invite_user::NewInvite;
use super::known_roles::{self, Permitted};
use super::update_user_roles::RoleSet;
use super::{
    Call, Errors, GetCurrentOrg, GetUser, InviteUser, ListRoles, ListUsers, RemoveUser,
    UpdateUserRoles,
};
use crate::change::Change;
use crate::directory::{self, HeldRole, Organization, OrganizationId, UserId};
use crate::email::Email;
use crate::endpoint::{
    Answer, Endpoint, ErrorBody, Incoming, InvalidRequest, ReadError, Success, lowercase_keys,
};
use crate::json::{Json, Misfits, Object};
use crate::role::{Role, RoleId};

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
                // the tool takes what stands around a comma for two names
                let name = Some(key(&role.as_str().into())).filter(|name| !name.contains(','));
                let name = name.unwrap_or_else(|| role.as_str().to_owned());
                words.extend(["-r".to_owned(), name]);
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
        success.told(answer, Errors::read, &mut |json, misfits| {
            let told = self.told(json, misfits);
            told.or_else(|| self.listed(json, misfits))
        })
    }

    /// Reads the answer to a call by which an organization is listed.
    pub(crate) fn read_listing(&self, answer: &Answer) -> Result<Change, ReadError> {
        TOLD.told(answer, Errors::read, &mut |json, misfits| {
            self.listed(json, misfits)
        })
    }

    /// What the answer to a call that lists nothing tells; nothing for another.
    fn told(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::GetUser(_) => Change::User {
                user: user(&mut json.object(misfits)),
            },
            Self::GetRole(_) => all_roles(vec![role(&mut json.object(misfits))]),
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
                let organization = Organization {
                    id: json.object(misfits).get("id"),
                    name: String::new(),
                };
                Change::Organizations {
                    organizations: vec![organization],
                    offset: 0,
                    total: 1,
                }
            }
            Self::ListUsers(_) => {
                let mut it = json.object(misfits);
                let organization = Organization {
                    id: it.get("orgid"),
                    name: it.or_default("orgname"),
                };
                let users = it.list("users", &mut user);
                Change::Users {
                    total: u32::try_from(users.len()).ok(),
                    users,
                    offset: 0,
                    organization: Some(organization),
                }
            }
            Self::ListRoles(_) => all_roles(json.list(misfits, &mut role)),
            _ => return None,
        })
    }
}

/// Astra has no pages.
fn all_roles(roles: Vec<Role>) -> Change {
    Change::Roles {
        total: u32::try_from(roles.len()).unwrap_or(u32::MAX),
        offset: 0,
        roles,
    }
}

fn ids(roles: &[RoleId]) -> Vec<super::RoleId> {
    roles.iter().map(|id| id.as_str().into()).collect()
}

fn user(it: &mut Object<'_, '_>) -> directory::User {
    directory::User {
        id: it.get("userid"),
        email: it.or_default("email"),
        name: String::new(),
        status: it
            .get::<Option<String>>("status")
            .map_or(directory::Status::Active, |word| match word.as_str() {
                "active" => directory::Status::Active,
                "invited" => directory::Status::Pending,
                _ => directory::Status::Other(word),
            }),
        roles: it.list_or_none("roles", &mut held),
        scoped: Vec::new(),
        created: String::new(),
    }
}

fn held(it: &mut Object<'_, '_>) -> HeldRole {
    HeldRole {
        id: it.get("id"),
        name: it.or_default("name"),
    }
}

fn role(it: &mut Object<'_, '_>) -> Role {
    let HeldRole { id, name } = held(it);
    let permitted = match it.find("policy") {
        Some(Json::Text(text)) => {
            let text = lowercase_keys(text.as_bytes());
            Json::parse(&text).ok().as_ref().and_then(permitted)
        }
        Some(json) => permitted(json),
        None => None,
    };
    known_roles::describe(id, name, permitted.unwrap_or_default())
}

/// What a policy permits; nothing where it is written as nobody knows it.
fn permitted(json: &Json<'_>) -> Option<Permitted> {
    let mut misfits = Misfits::default();
    let mut it = json.object(&mut misfits);
    let permitted = Permitted {
        description: it.or_default("description"),
        actions: it.or_default("actions"),
    };
    misfits.first().is_none().then_some(permitted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astra::list_roles;
    use crate::endpoint::Payload;
    use crate::testing::answer;

    #[test]
    fn each_form_of_a_policy_is_read_as_the_struct_reads_it() {
        let list = r#"[
            {"id":"r1","name":"A","Policy":{"Description":"a","resources":[],"actions":["x","y"],"effect":"allow"}},
            {"id":"r2","name":"B","policy":"{\"Actions\":[\"z\"],\"description\":\"b\"}"},
            {"id":"r3","name":"C","policy":"no JSON"},
            {"id":"r4","name":"D","policy":7},
            {"id":"r5","name":"E"}]"#;
        let Ok(Change::Roles { roles, .. }) = Call::list_roles().read(&answer(200, list)) else {
            panic!("a list of roles");
        };
        let whole = Vec::<list_roles::Role>::decode(list.as_bytes()).unwrap();
        for (role, whole) in roles.iter().zip(&whole) {
            let policy = whole.policy().unwrap_or_default();
            assert_eq!(role.permissions, policy.actions, "{}", whole.name);
        }
        assert_eq!(roles[0].permissions, ["x", "y"]);
        assert_eq!((roles[1].summary.as_str(), roles.len()), ("b", 5));
    }
}
