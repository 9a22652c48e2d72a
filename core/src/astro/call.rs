//! Which operation serves which wish, and what its answer means in common words.

use super::create_invite::NewInvite;
use super::known_roles::known_roles;
use super::update_user_roles::RoleSet;
use super::{
    Call, CreateInvite, DeleteInvite, Error, FIRST_PAGE, GetOrganization, GetSelfUser, GetUser,
    ListOrganizations, ListRoles, ListUserTeams, ListUsers, ListWorkspaces, OrganizationRole,
    Paging, UpdateUserRoles,
};
use crate::change::{Change, Team, Workspace};
use crate::directory::{
    self, HeldRole, InviteId, Organization, OrganizationId, Scope, ScopedRole, UserId,
};
use crate::email::Email;
use crate::endpoint::{Answer, Endpoint, ErrorBody, Incoming, InvalidRequest, ReadError, Success};
use crate::json::{Json, Misfits, Object};
use crate::letters::lower_text;
use crate::role::{Role, RoleId};

/// A success that tells something.
const TOLD: Success = ListUsers::SUCCESS;

impl Call {
    pub(crate) fn list_organizations(offset: u32) -> Self {
        Self::ListOrganizations(ListOrganizations {
            paging: Paging {
                offset,
                ..Paging::default()
            },
        })
    }

    pub(crate) fn get_organization(organization: &OrganizationId) -> Self {
        Self::GetOrganization(GetOrganization {
            organization: organization.as_str().into(),
        })
    }

    pub(crate) fn get_self() -> Self {
        Self::GetSelfUser(GetSelfUser {})
    }

    pub(crate) fn list_users(organization: &OrganizationId, offset: u32) -> Self {
        let paging = Paging {
            offset,
            ..Paging::default()
        };
        Self::ListUsers(ListUsers {
            organization: organization.as_str().into(),
            paging,
        })
    }

    pub(crate) fn first_users(organization: &OrganizationId) -> Self {
        let paging = Paging {
            offset: 0,
            limit: FIRST_PAGE,
        };
        Self::ListUsers(ListUsers {
            organization: organization.as_str().into(),
            paging,
        })
    }

    pub(crate) fn get_user(organization: &OrganizationId, user: &UserId) -> Self {
        Self::GetUser(GetUser {
            organization: organization.as_str().into(),
            user: user.as_str().into(),
        })
    }

    /// Custom roles, and the built-in ones with what they permit.
    pub(crate) fn list_roles(organization: &OrganizationId) -> Self {
        Self::ListRoles(ListRoles {
            organization: organization.as_str().into(),
            include_default_roles: true,
            paging: Paging::default(),
        })
    }

    pub(crate) fn list_user_teams(organization: &OrganizationId, user: &UserId) -> Self {
        Self::ListUserTeams(ListUserTeams {
            organization: organization.as_str().into(),
            user: user.as_str().into(),
            paging: Paging::default(),
        })
    }

    pub(crate) fn list_workspaces(organization: &OrganizationId) -> Self {
        let organization = organization.as_str().into();
        Self::ListWorkspaces(ListWorkspaces {
            organization,
            paging: Paging::default(),
        })
    }

    pub(crate) fn invite(organization: &OrganizationId, email: &Email, roles: &[RoleId]) -> Self {
        let body = NewInvite {
            invitee_email: email.as_str().to_owned(),
            role: only(roles),
        };
        Self::CreateInvite(CreateInvite {
            organization: organization.as_str().into(),
            body,
        })
    }

    /// Sends the organization role alone, which leaves scoped roles as they are: a list that is left
    /// out is not touched.
    pub(crate) fn re_role(organization: &OrganizationId, user: &UserId, roles: &[RoleId]) -> Self {
        Self::UpdateUserRoles(UpdateUserRoles {
            organization: organization.as_str().into(),
            user: user.as_str().into(),
            body: RoleSet {
                organization_role: Some(only(roles)),
                ..RoleSet::default()
            },
        })
    }

    pub(crate) fn withdraw(organization: &OrganizationId, invite: &InviteId) -> Self {
        let (organization, invite) = (organization.as_str().into(), invite.as_str().into());
        Self::DeleteInvite(DeleteInvite {
            organization,
            invite,
        })
    }

    /// What it does, in words.
    pub(crate) fn in_words(&self, label: &dyn Fn(&RoleId) -> String) -> Option<String> {
        let named = |role: &OrganizationRole| label(&role.as_str().into());
        match self {
            Self::CreateInvite(call) => Some(format!("invite as {}", named(&call.body.role))),
            Self::UpdateUserRoles(call) => {
                let role = call
                    .body
                    .organization_role
                    .as_ref()
                    .map_or_else(|| "no role".to_owned(), named);
                Some(format!("change role to {role}"))
            }
            Self::DeleteInvite(_) => Some("withdraw the invitation".to_owned()),
            _ => None,
        }
    }

    /// The words of the vendor's CLI that do the same; `None` where it cannot.
    pub(crate) fn vendor_command(&self, email: &str) -> Option<Vec<String>> {
        let (verb, role) = match self {
            Self::CreateInvite(call) => ("invite", &call.body.role),
            // it looks for the address in small letters, and finds it exactly so or not at all
            Self::UpdateUserRoles(_) if lower_text(email) != email => return None,
            Self::UpdateUserRoles(call) => ("update", call.body.organization_role.as_ref()?),
            _ => return None,
        };
        let words = [
            "astro",
            "organization",
            "user",
            verb,
            email,
            "--role",
            role.as_str(),
        ];
        role.in_cli().then(|| words.map(str::to_owned).to_vec())
    }

    /// Reads a request back, whichever operation it is: the gateway's side.
    pub(crate) fn receive(it: &Incoming<'_>) -> Option<Result<Self, InvalidRequest>> {
        it.on(Self::ListOrganizations)
            .or_else(|| it.on(Self::GetOrganization))
            .or_else(|| it.on(Self::GetSelfUser))
            .or_else(|| it.on(Self::ListUsers))
            .or_else(|| it.on(Self::GetUser))
            .or_else(|| it.on(Self::ListUserTeams))
            .or_else(|| it.on(Self::ListWorkspaces))
            .or_else(|| it.on(Self::ListRoles))
            .or_else(|| it.on(Self::CreateInvite))
            .or_else(|| it.on(Self::DeleteInvite))
            .or_else(|| it.on(Self::UpdateUserRoles))
    }

    /// Reads the answer to this call.
    pub(crate) fn read(&self, answer: &Answer) -> Result<Change, ReadError> {
        let success = match self {
            Self::DeleteInvite(_) => DeleteInvite::SUCCESS,
            _ => TOLD,
        };
        success.told(answer, Error::read, &mut |json, misfits| {
            let told = self.told(json, misfits);
            told.or_else(|| self.listed(json, misfits))
        })
    }

    /// Reads the answer to a call by which an organization is listed.
    pub(crate) fn read_listing(&self, answer: &Answer) -> Result<Change, ReadError> {
        TOLD.told(answer, Error::read, &mut |json, misfits| {
            self.listed(json, misfits)
        })
    }

    /// What the answer to a call that lists nothing tells; nothing for another.
    fn told(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::GetOrganization(_) => Change::Organization {
                organization: organization(&mut json.object(misfits)),
            },
            Self::GetUser(_) => Change::User {
                user: user(&mut json.object(misfits)),
            },
            Self::ListUserTeams(call) => {
                let mut it = json.object(misfits);
                Change::Teams {
                    teams: it.list("teams", &mut team),
                    offset: call.paging.offset,
                    total: it.get("totalCount"),
                }
            }
            Self::ListWorkspaces(call) => {
                let mut it = json.object(misfits);
                Change::Workspaces {
                    workspaces: it.list("workspaces", &mut workspace),
                    offset: call.paging.offset,
                    total: it.get("totalCount"),
                }
            }
            Self::ListRoles(call) => {
                let mut it = json.object(misfits);
                let custom = it.list("roles", &mut custom_role);
                let mut roles: Vec<Role> = custom.into_iter().flatten().collect();
                let built_in = it.list_or_none("defaultRoles", &mut built_in_role);
                roles.extend(built_in.into_iter().flatten());
                Change::Roles {
                    roles,
                    offset: call.paging.offset,
                    total: it.get("totalCount"),
                }
            }
            Self::CreateInvite(call) => invited(call, &mut json.object(misfits)),
            Self::DeleteInvite(call) => Change::Withdrawn {
                invite: call.invite.as_str().into(),
            },
            Self::UpdateUserRoles(call) => {
                let asked = call.body.organization_role.as_ref();
                let set = some::<RoleId>(&mut json.object(misfits), "organizationRole");
                let role = set.or_else(|| asked.map(|role| role.as_str().into()));
                Change::RolesSet {
                    user: call.user.as_str().into(),
                    roles: role.into_iter().collect(),
                }
            }
            Self::ListOrganizations(_) | Self::GetSelfUser(_) | Self::ListUsers(_) => return None,
        })
    }

    /// What the answer to a call by which an organization is listed tells; nothing for another.
    fn listed(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::ListOrganizations(call) => {
                let mut it = json.object(misfits);
                Change::Organizations {
                    organizations: it.list("organizations", &mut organization),
                    offset: call.paging.offset,
                    total: it.get("totalCount"),
                }
            }
            Self::GetSelfUser(_) => {
                let mut it = json.object(misfits);
                let roles = it.list_or_none("roles", &mut role_in_organization);
                Change::Me {
                    id: it.get("id"),
                    email: it.get("username"),
                    name: it.or_default("fullName"),
                    roles: roles.into_iter().flatten().collect(),
                }
            }
            Self::ListUsers(call) => {
                let mut it = json.object(misfits);
                Change::Users {
                    users: it.list("users", &mut user),
                    offset: call.paging.offset,
                    total: Some(it.get("totalCount")),
                    organization: None,
                }
            }
            _ => return None,
        })
    }
}

/// The one role of a set; the planner has seen to it that there is exactly one.
fn only(roles: &[RoleId]) -> OrganizationRole {
    roles
        .first()
        .map_or(OrganizationRole::Member, |id| id.as_str().to_owned().into())
}

/// The word in a field that may be absent; an empty one says as little.
fn some<T: From<String>>(it: &mut Object<'_, '_>, name: &str) -> Option<T> {
    let word: Option<String> = it.get(name);
    word.filter(|word| !word.is_empty()).map(T::from)
}

fn organization(it: &mut Object<'_, '_>) -> Organization {
    Organization {
        id: it.get("id"),
        name: it.get("name"),
    }
}

fn held(id: RoleId) -> HeldRole {
    HeldRole {
        id,
        name: String::new(),
    }
}

fn team(it: &mut Object<'_, '_>) -> Team {
    Team {
        name: it.get("name"),
        role: it.get("organizationRole"),
        managed: it.or_default("isIdpManaged"),
    }
}

fn workspace(it: &mut Object<'_, '_>) -> Workspace {
    Workspace {
        id: it.get("id"),
        name: it.get("name"),
    }
}

/// Custom roles cannot be organization roles yet; should that change, they show up here.
fn custom_role(it: &mut Object<'_, '_>) -> Option<Role> {
    let is_ours = it.word("scopeType") == "ORGANIZATION";
    is_ours.then(|| {
        let name = it.word("name");
        Role::unknown(name.into(), name)
    })
}

fn built_in_role(it: &mut Object<'_, '_>) -> Option<Role> {
    let name = it.word("name");
    let known = known_roles().into_iter().find(|known| known.key == name)?;
    Some(Role {
        permissions: it.or_default("permissions"),
        ..known
    })
}

fn role_in_organization(it: &mut Object<'_, '_>) -> Option<(String, RoleId)> {
    let mut scope = it.object("scope");
    let is_ours = scope.word("type") == "ORGANIZATION";
    let of = scope.or_default("entityId");
    is_ours.then(|| (of, it.get("role")))
}

fn invited(call: &CreateInvite, it: &mut Object<'_, '_>) -> Change {
    let asked = &call.body;
    let user: Option<UserId> = it.get("userId");
    let mut invitee = it.object("invitee");
    let email: Option<String> = invitee.get("username");
    let user = directory::User {
        id: user.unwrap_or_else(|| invitee.get("id")),
        email: email.unwrap_or_else(|| asked.invitee_email.clone()),
        name: invitee.or_default("fullName"),
        status: directory::Status::Pending,
        roles: vec![held(asked.role.as_str().into())],
        scoped: Vec::new(),
        created: String::new(),
    };
    Change::Invited {
        email: asked.invitee_email.clone(),
        user: Some(user),
        invite: Some(it.get("inviteId")),
        expires: it.or_default("expiresAt"),
    }
}

fn user(it: &mut Object<'_, '_>) -> directory::User {
    let mut scoped = Vec::new();
    for (scope, name) in [
        (Scope::Workspace, "workspaceRoles"),
        (Scope::Deployment, "deploymentRoles"),
        (Scope::Dag, "dagRoles"),
    ] {
        scoped.extend(it.list_or_none(name, &mut |role| scoped_role(scope, role)));
    }
    let role = some::<RoleId>(it, "organizationRole");
    directory::User {
        id: it.get("id"),
        email: it.get("username"),
        name: it.or_default("fullName"),
        status: status(it.word("status")),
        roles: role.map(held).into_iter().collect(),
        scoped,
        created: it.or_default("createdAt"),
    }
}

fn scoped_role(scope: Scope, it: &mut Object<'_, '_>) -> ScopedRole {
    let part: String = it.get(match scope {
        Scope::Workspace => "workspaceId",
        Scope::Deployment | Scope::Dag => "deploymentId",
    });
    let of = match scope {
        Scope::Workspace | Scope::Deployment => part,
        Scope::Dag => {
            let (dag, tag) = (some::<String>(it, "dagId"), some::<String>(it, "dagTag"));
            match (dag, tag) {
                (Some(dag), _) => [&part, "/", &dag].concat(),
                (None, Some(tag)) => [&part, "/#", &tag].concat(),
                (None, None) => part,
            }
        }
    };
    ScopedRole {
        scope,
        of,
        role: it.get("role"),
    }
}

fn status(word: &str) -> directory::Status {
    match word {
        "ACTIVE" => directory::Status::Active,
        "PENDING" => directory::Status::Pending,
        "INACTIVE" => directory::Status::Inactive,
        "BANNED" => directory::Status::Banned,
        other => directory::Status::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::answer;

    #[test]
    fn an_empty_word_is_none() {
        let (organization, user) = ("c1".into(), "u1".into());
        let body = r#"{"id":"u1","username":"a@b.example","status":"ACTIVE","organizationRole":"",
            "dagRoles":[{"deploymentId":"d1","role":"DAG_VIEWER","dagId":"","dagTag":"t"}]}"#;
        let read = Call::get_user(&organization, &user).read(&answer(200, body));
        let Ok(Change::User { user: told }) = read else {
            panic!("{read:?}");
        };
        assert_eq!((told.roles, told.scoped[0].of.as_str()), (vec![], "d1/#t"));
        let member = ["ORGANIZATION_MEMBER".into()];
        let set = Call::re_role(&organization, &user, &member);
        let set = set.read(&answer(200, r#"{"organizationRole":""}"#));
        assert!(
            matches!(&set, Ok(Change::RolesSet { roles, .. }) if *roles == member),
            "{set:?}"
        );
    }
}
