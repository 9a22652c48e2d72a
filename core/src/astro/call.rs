//! Which operation serves which wish, and what its answer means in common words.

use super::create_invite::{Invite, NewInvite};
use super::get_self_user::SelfUser;
use super::known_roles::known_roles;
use super::list_organizations::Organizations;
use super::list_roles::Roles;
use super::list_user_teams::Teams;
use super::list_users::Users;
use super::list_workspaces::Workspaces;
use super::update_user_roles::RoleSet;
use super::{
    Call, CreateInvite, DeleteInvite, Error, FIRST_PAGE, GetOrganization, GetSelfUser, GetUser,
    ListOrganizations, ListRoles, ListUserTeams, ListUsers, ListWorkspaces, OrganizationRole,
    Paging, Status, UpdateUserRoles, User, get_organization, list_user_teams, list_workspaces,
};
use crate::change::{Change, Team, Workspace};
use crate::directory::{
    self, HeldRole, InviteId, Organization, OrganizationId, Scope, ScopedRole, UserId,
};
use crate::email::Email;
use crate::endpoint::{
    Answer, Endpoint, ErrorBody, Incoming, InvalidRequest, ReadError, Success, no_listing,
};
use crate::json::{FromJson, Json, Misfits};
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
        let mut change = None;
        success.read(answer, Error::read, &mut |json, misfits| {
            change = self
                .told(json, misfits)
                .or_else(|| self.listed(json, misfits));
        })?;
        change.ok_or_else(|| no_listing(answer))
    }

    /// Reads the answer to a call by which an organization is listed.
    pub(crate) fn read_listing(&self, answer: &Answer) -> Result<Change, ReadError> {
        let mut change = None;
        TOLD.read(answer, Error::read, &mut |json, misfits| {
            change = self.listed(json, misfits);
        })?;
        change.ok_or_else(|| no_listing(answer))
    }

    /// What the answer to a call that lists nothing tells; nothing for another.
    fn told(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::GetOrganization(_) => Change::Organization {
                organization: organization(FromJson::read_from(json, misfits)),
            },
            Self::GetUser(_) => Change::User {
                user: user(FromJson::read_from(json, misfits)),
            },
            Self::ListUserTeams(_) => {
                let teams = Teams::read_from(json, misfits).teams;
                Change::Teams {
                    teams: teams.into_iter().map(team).collect(),
                }
            }
            Self::ListWorkspaces(_) => {
                let workspaces = Workspaces::read_from(json, misfits).workspaces;
                Change::Workspaces {
                    workspaces: workspaces.into_iter().map(workspace).collect(),
                }
            }
            Self::ListRoles(_) => {
                // Custom roles cannot be organization roles yet; should that change, they show up here.
                let page = Roles::read_from(json, misfits);
                let mine = page
                    .roles
                    .into_iter()
                    .filter(|it| it.scope_type == "ORGANIZATION");
                let role = |it: super::list_roles::CustomRole| {
                    Role::unknown(it.name.as_str().into(), &it.name)
                };
                let built_in = page.default_roles.unwrap_or_default().into_iter();
                let built_in = built_in.filter_map(|it| {
                    let mut known = known_roles().into_iter();
                    let known = known.find(|known| known.key == it.name)?;
                    Some(Role {
                        permissions: it.permissions,
                        ..known
                    })
                });
                Change::Roles {
                    roles: mine.map(role).chain(built_in).collect(),
                }
            }
            Self::CreateInvite(call) => invited(call, FromJson::read_from(json, misfits)),
            Self::DeleteInvite(call) => Change::Withdrawn {
                invite: call.invite.as_str().into(),
            },
            Self::UpdateUserRoles(call) => {
                let set = RoleSet::read_from(json, misfits);
                let role = set
                    .organization_role
                    .or_else(|| call.body.organization_role.clone());
                Change::RolesSet {
                    user: call.user.as_str().into(),
                    roles: role
                        .map(|role| RoleId::from(String::from(role)))
                        .into_iter()
                        .collect(),
                }
            }
            Self::ListOrganizations(_) | Self::GetSelfUser(_) | Self::ListUsers(_) => return None,
        })
    }

    /// What the answer to a call by which an organization is listed tells; nothing for another.
    fn listed(&self, json: &Json<'_>, misfits: &mut Misfits) -> Option<Change> {
        Some(match self {
            Self::ListOrganizations(call) => {
                let page = Organizations::read_from(json, misfits);
                Change::Organizations {
                    organizations: page.organizations.into_iter().map(organization).collect(),
                    offset: call.paging.offset,
                    total: page.position.total_count,
                }
            }
            Self::GetSelfUser(_) => {
                let me = SelfUser::read_from(json, misfits);
                let in_organizations = me.roles.iter().filter(|it| it.scope.kind == "ORGANIZATION");
                Change::Me {
                    roles: in_organizations
                        .map(|it| (it.scope.entity_id.clone(), RoleId::from(it.role.as_str())))
                        .collect(),
                    id: me.id.as_str().into(),
                    email: me.username,
                    name: me.full_name,
                }
            }
            Self::ListUsers(call) => {
                let page = Users::read_from(json, misfits);
                Change::Users {
                    users: page.users.into_iter().map(user).collect(),
                    offset: call.paging.offset,
                    total: Some(page.total_count),
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

fn organization(it: get_organization::Organization) -> Organization {
    Organization {
        id: it.id.as_str().into(),
        name: it.name,
    }
}

fn held(role: OrganizationRole) -> HeldRole {
    HeldRole {
        id: RoleId::from(String::from(role)),
        name: String::new(),
    }
}

fn team(it: list_user_teams::Team) -> Team {
    Team {
        name: it.name,
        role: it
            .organization_role
            .map(|role| RoleId::from(String::from(role))),
        managed: it.is_idp_managed,
    }
}

fn workspace(it: list_workspaces::Workspace) -> Workspace {
    Workspace {
        id: it.id.as_str().to_owned(),
        name: it.name,
    }
}

fn invited(call: &CreateInvite, invite: Invite) -> Change {
    let id = invite
        .user_id
        .as_ref()
        .map_or(invite.invitee.id.as_str(), |id| id.as_str());
    let user = directory::User {
        id: id.into(),
        email: invite
            .invitee
            .username
            .unwrap_or_else(|| call.body.invitee_email.clone()),
        name: invite.invitee.full_name.unwrap_or_default(),
        status: directory::Status::Pending,
        roles: vec![held(call.body.role.clone())],
        scoped: Vec::new(),
        created: String::new(),
    };
    Change::Invited {
        email: call.body.invitee_email.clone(),
        user: Some(user),
        invite: Some(invite.invite_id.as_str().into()),
        expires: invite.expires_at,
    }
}

fn user(it: User) -> directory::User {
    let workspaces = it.workspace_roles.into_iter().map(|role| ScopedRole {
        scope: Scope::Workspace,
        of: role.workspace_id.as_str().to_owned(),
        role: role.role,
    });
    let deployments = it.deployment_roles.into_iter().map(|role| ScopedRole {
        scope: Scope::Deployment,
        of: role.deployment_id.as_str().to_owned(),
        role: role.role,
    });
    let dags = it.dag_roles.into_iter().map(|role| ScopedRole {
        scope: Scope::Dag,
        of: match (role.dag_id, role.dag_tag) {
            (Some(dag), _) => format!("{}/{dag}", role.deployment_id),
            (None, Some(tag)) => format!("{}/#{tag}", role.deployment_id),
            (None, None) => role.deployment_id.as_str().to_owned(),
        },
        role: role.role,
    });
    directory::User {
        scoped: workspaces.chain(deployments).chain(dags).collect(),
        id: it.id.as_str().into(),
        email: it.username,
        name: it.full_name,
        status: match it.status {
            Status::Active => directory::Status::Active,
            Status::Pending => directory::Status::Pending,
            Status::Inactive => directory::Status::Inactive,
            Status::Banned => directory::Status::Banned,
            Status::Other(text) => directory::Status::Other(text),
        },
        roles: it.organization_role.map(held).into_iter().collect(),
        created: it.created_at,
    }
}
