//! Roles that an organization made, and those it has anyway.

use rolecall_core::astro::ListRoles;
use rolecall_core::astro::list_roles::{CustomRole, DefaultRole, Roles};
use rolecall_core::endpoint::{Endpoint, Received};
use serde_json::json;

use super::{Desk, Refused, checked, order, page};
use crate::rest::object;

/// Name, scope, description and permissions of each built-in role.
const DEFAULT_ROLES: [(&str, &str, &str, &[&str]); 13] = [
    (
        "ORGANIZATION_OWNER",
        "ORGANIZATION",
        "Full control of the Organization.",
        &[
            "organization.get",
            "organization.settings.update",
            "organization.users.get",
            "organization.users.create",
            "organization.users.delete",
            "organization.userRoles.access",
            "organization.teams.create",
            "organization.customRoles.create",
            "organization.auditLogs.get",
        ],
    ),
    (
        "ORGANIZATION_BILLING_ADMIN",
        "ORGANIZATION",
        "Manages billing and settings.",
        &[
            "organization.get",
            "organization.settings.update",
            "organization.users.get",
        ],
    ),
    (
        "ORGANIZATION_OBSERVE_ADMIN",
        "ORGANIZATION",
        "Manages Astro Observe.",
        &["organization.get", "organization.users.get"],
    ),
    (
        "ORGANIZATION_OBSERVE_MEMBER",
        "ORGANIZATION",
        "Views Astro Observe.",
        &["organization.get", "organization.users.get"],
    ),
    (
        "ORGANIZATION_MEMBER",
        "ORGANIZATION",
        "Views the Organization.",
        &["organization.get", "organization.users.get"],
    ),
    (
        "WORKSPACE_OWNER",
        "WORKSPACE",
        "Full control of a Workspace.",
        &["workspace.get", "workspace.update", "workspace.delete"],
    ),
    (
        "WORKSPACE_OPERATOR",
        "WORKSPACE",
        "Manages the Deployments of a Workspace.",
        &["workspace.get", "workspace.deployments.create"],
    ),
    (
        "WORKSPACE_AUTHOR",
        "WORKSPACE",
        "Deploys code in a Workspace.",
        &["workspace.get"],
    ),
    (
        "WORKSPACE_MEMBER",
        "WORKSPACE",
        "Views a Workspace.",
        &["workspace.get"],
    ),
    (
        "WORKSPACE_ACCESSOR",
        "WORKSPACE",
        "Reaches single Deployments of a Workspace.",
        &["workspace.get"],
    ),
    (
        "DEPLOYMENT_ADMIN",
        "DEPLOYMENT",
        "Full control of a Deployment.",
        &["deployment.get", "deployment.update"],
    ),
    (
        "DAG_AUTHOR",
        "DAG",
        "Runs and edits a DAG.",
        &["dag.get", "dag.update"],
    ),
    ("DAG_VIEWER", "DAG", "Views a DAG.", &["dag.get"]),
];

impl Desk<'_> {
    pub(super) fn list_roles(&self, received: &Received<'_>) -> Result<Roles, Refused> {
        let organization = self.place(received)?.organization;
        let call = ListRoles::receive(received)?;
        let paging = checked(call.paging)?;
        let columns = [
            ("name", "name"),
            ("scopeType", "scope_type"),
            ("description", "description"),
            ("createdAt", "created_at"),
            ("updatedAt", "created_at"),
        ];
        let order = order(received, &columns, "created_at", "id")?;
        let of_scope = |scope: &str| {
            let mut wanted = received.values("scopeTypes").peekable();
            wanted.peek().is_none() || wanted.any(|it| it == scope)
        };
        let workspace = self
            .store
            .workspaces(organization.key, "created_at")?
            .into_iter()
            .next();
        let custom = self
            .store
            .custom_roles(organization.key, &order)?
            .into_iter()
            .filter(|(role, _)| of_scope(&role.scope_type))
            .map(|(role, created_at)| CustomRole {
                rest: object(json!({
                    "restrictedWorkspaceIds": workspace.iter().map(|it| &it.id).collect::<Vec<_>>(),
                    "createdAt": created_at,
                    "createdBy": organization.founder,
                    "updatedAt": created_at,
                    "updatedBy": organization.founder,
                })),
                ..role
            })
            .collect();
        let (roles, position) = page(custom, paging);
        let default_roles = call.include_default_roles.then(|| {
            DEFAULT_ROLES
                .iter()
                .filter(|(_, scope, ..)| of_scope(scope))
                .map(|(name, scope, description, permissions)| DefaultRole {
                    name: (*name).to_owned(),
                    description: Some((*description).to_owned()),
                    permissions: permissions.iter().map(|&it| it.to_owned()).collect(),
                    scope_type: (*scope).to_owned(),
                })
                .collect()
        });
        Ok(Roles {
            roles,
            default_roles,
            position,
        })
    }
}
