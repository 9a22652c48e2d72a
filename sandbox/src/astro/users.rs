//! Users, their teams and their roles.

use std::collections::HashSet;

use http::StatusCode;
use rolecall_core::astro::list_user_teams::Teams;
use rolecall_core::astro::list_users::Users;
use rolecall_core::astro::update_user_roles::RoleSet;
use rolecall_core::astro::{
    GetUser, ListUserTeams, ListUsers, OrganizationRole, Status, UpdateUserRoles, User, UserId,
    WorkspaceRole,
};
use rolecall_core::endpoint::{Endpoint, Received};

use super::store::Filter;
use super::{Desk, Place, Refused, checked, order, page};

/// Roles in a workspace, highest first.
pub(super) const WORKSPACE_ROLES: [&str; 5] = [
    "WORKSPACE_OWNER",
    "WORKSPACE_OPERATOR",
    "WORKSPACE_AUTHOR",
    "WORKSPACE_MEMBER",
    ACCESSOR,
];

/// What a role in a deployment gives in its workspace, if there is nothing else.
const ACCESSOR: &str = "WORKSPACE_ACCESSOR";

impl Desk<'_> {
    pub(super) fn list_users(&self, received: &Received<'_>) -> Result<Users, Refused> {
        let organization = self.place(received)?.organization;
        let paging = checked(ListUsers::receive(received)?.paging)?;
        let columns = [
            ("id", "id"),
            ("username", "username_key"),
            ("fullName", "full_name"),
            ("createdAt", "created_at"),
            ("updatedAt", "updated_at"),
        ];
        let order = order(received, &columns, "created_at", "id")?;
        let one = |name| received.values(name).next().map(str::to_owned);
        let filter = Filter {
            workspace: one("workspaceId"),
            deployment: one("deploymentId"),
            dag: one("dagId"),
            dag_tags: received.values("dagTags").map(str::to_owned).collect(),
        };
        let (users, total_count) = self
            .store
            .users(organization.key, &filter, &order, paging)?;
        Ok(Users {
            users,
            limit: paging.limit,
            offset: paging.offset,
            total_count,
        })
    }

    pub(super) fn get_user(&self, received: &Received<'_>) -> Result<User, Refused> {
        let place = self.place(received)?;
        self.user(&place, &GetUser::receive(received)?.user)
    }

    pub(super) fn list_user_teams(&self, received: &Received<'_>) -> Result<Teams, Refused> {
        let place = self.place(received)?;
        let call = ListUserTeams::receive(received)?;
        let paging = checked(call.paging)?;
        let columns = [
            ("name", "name"),
            ("description", "description"),
            ("createdAt", "created_at"),
            ("updatedAt", "created_at"),
        ];
        let order = order(received, &columns, "created_at", "id")?;
        let user = self.user(&place, &call.user)?;
        let teams = self
            .store
            .teams(place.organization.key, user.id.as_str(), &order)?;
        let (teams, position) = page(teams, paging);
        Ok(Teams { teams, position })
    }

    pub(super) fn update_user_roles(&self, received: &Received<'_>) -> Result<RoleSet, Refused> {
        let place = self.place(received)?;
        if place.role != OrganizationRole::Owner {
            return Err(Refused::said(
                StatusCode::FORBIDDEN,
                format!(
                    "Not authorized to edit user roles for organization {}",
                    place.organization.id
                ),
            ));
        }
        let UpdateUserRoles { user, mut body, .. } = UpdateUserRoles::receive(received)?;
        check_organization_role(&body)?;
        let before = self.user(&place, &user)?;
        self.check_scopes(&place, &before, &mut body)?;
        self.keep_an_owner(&place, &before, &body)?;
        let key = place.organization.key;
        self.store
            .set_roles(key, user.as_str(), &body, &self.now())?;
        let after = self.user(&place, &user)?;
        let given = |list: Vec<_>| (!list.is_empty()).then_some(list);
        Ok(RoleSet {
            organization_role: after.organization_role,
            workspace_roles: given(after.workspace_roles),
            deployment_roles: Some(after.deployment_roles).filter(|list| !list.is_empty()),
            dag_roles: Some(after.dag_roles).filter(|list| !list.is_empty()),
        })
    }

    fn user(&self, place: &Place, id: &UserId) -> Result<User, Refused> {
        self.store
            .user(place.organization.key, id.as_str())?
            .ok_or_else(|| Refused::not_found("User"))
    }

    /// Refuses to take the role from the last owner who has joined.
    fn keep_an_owner(&self, place: &Place, before: &User, body: &RoleSet) -> Result<(), Refused> {
        let owns = before.organization_role == Some(OrganizationRole::Owner);
        let joined = before.status == Status::Active;
        let stays = matches!(body.organization_role, None | Some(OrganizationRole::Owner));
        if owns && joined && !stays && self.store.owners(place.organization.key)? <= 1 {
            return Err(Refused::invalid(
                "An organization must have at least one owner",
            ));
        }
        Ok(())
    }

    /// Refuses roles in scopes that do not exist or do not take them, and gives the workspace role
    /// that comes with a role in a deployment.
    fn check_scopes(
        &self,
        place: &Place,
        before: &User,
        body: &mut RoleSet,
    ) -> Result<(), Refused> {
        let key = place.organization.key;
        if let Some(roles) = &body.workspace_roles {
            let known: HashSet<String> = self
                .store
                .workspaces(key, "id")?
                .into_iter()
                .map(|it| it.id)
                .collect();
            let mut seen = HashSet::new();
            for (at, it) in roles.iter().enumerate() {
                let id = it.workspace_id.as_str();
                if !known.contains(id) || !seen.insert(id) {
                    return Err(Refused::one_of(format!("workspaceRoles[{at}].workspaceId")));
                }
                if !WORKSPACE_ROLES.contains(&it.role.as_str()) {
                    return Err(Refused::one_of(format!("workspaceRoles[{at}].role")));
                }
            }
        }
        let deployments = self.store.deployments(key)?;
        let custom = self.store.custom_roles(key, "id")?;
        let is_custom = |scope: &str, name: &str| {
            custom
                .iter()
                .any(|(role, _)| role.scope_type == scope && role.name == name)
        };
        if let Some(roles) = &body.deployment_roles {
            let mut seen = HashSet::new();
            for (at, it) in roles.iter().enumerate() {
                let id = it.deployment_id.as_str();
                if !deployments.iter().any(|(known, _)| known == id) || !seen.insert(id) {
                    return Err(Refused::one_of(format!(
                        "deploymentRoles[{at}].deploymentId"
                    )));
                }
                if it.role != "DEPLOYMENT_ADMIN" && !is_custom("DEPLOYMENT", &it.role) {
                    return Err(Refused::one_of(format!("deploymentRoles[{at}].role")));
                }
            }
        }
        let in_deployments = body
            .deployment_roles
            .as_ref()
            .unwrap_or(&before.deployment_roles);
        for (at, it) in body.dag_roles.iter().flatten().enumerate() {
            if !in_deployments
                .iter()
                .any(|role| role.deployment_id == it.deployment_id)
            {
                return Err(Refused::one_of(format!("dagRoles[{at}].deploymentId")));
            }
            if it.dag_id.is_none() && it.dag_tag.is_none() {
                return Err(Refused::field(
                    format!("dagRoles[{at}].dagId"),
                    "required",
                    "dagId or dagTag is required",
                ));
            }
            let known = ["DAG_VIEWER", "DAG_AUTHOR"].contains(&it.role.as_str());
            if !known && !is_custom("DAG", &it.role) {
                return Err(Refused::one_of(format!("dagRoles[{at}].role")));
            }
        }
        if body.deployment_roles.is_some() || body.workspace_roles.is_some() {
            let mut workspaces = body
                .workspace_roles
                .take()
                .unwrap_or_else(|| before.workspace_roles.clone());
            for role in in_deployments {
                let home = deployments
                    .iter()
                    .find(|(id, _)| id == role.deployment_id.as_str())
                    .map(|(_, workspace)| workspace.as_str());
                if let Some(home) = home
                    && !workspaces.iter().any(|it| it.workspace_id.as_str() == home)
                {
                    workspaces.push(WorkspaceRole {
                        workspace_id: home.into(),
                        role: ACCESSOR.to_owned(),
                    });
                }
            }
            body.workspace_roles = Some(workspaces);
        }
        Ok(())
    }
}

fn check_organization_role(body: &RoleSet) -> Result<(), Refused> {
    let scoped = body.workspace_roles.is_some()
        || body.deployment_roles.is_some()
        || body.dag_roles.is_some();
    match &body.organization_role {
        Some(OrganizationRole::Other(_)) => Err(Refused::one_of("organizationRole")),
        None if scoped => Err(Refused::field(
            "organizationRole",
            "required",
            "organizationRole is required with workspaceRoles, deploymentRoles or dagRoles",
        )),
        _ => Ok(()),
    }
}
