//! Organizations, their workspaces, and the person behind the token.

use rolecall_core::astro::get_organization::Organization;
use rolecall_core::astro::get_self_user::{Scope, SelfRole, SelfUser};
use rolecall_core::astro::list_organizations::Organizations;
use rolecall_core::astro::list_workspaces::{Workspace, Workspaces};
use rolecall_core::astro::{ListOrganizations, ListWorkspaces, User};
use rolecall_core::endpoint::{Endpoint, Received};
use serde_json::json;

use super::{Desk, Refused, checked, order, page, position, store};
use crate::rest::object;

impl Desk<'_> {
    pub(super) fn list_organizations(
        &self,
        received: &Received<'_>,
    ) -> Result<Organizations, Refused> {
        let paging = checked(ListOrganizations::receive(received)?.paging)?;
        let columns = [
            ("name", "o.name"),
            ("createdAt", "o.created_at"),
            ("updatedAt", "o.updated_at"),
        ];
        let order = order(received, &columns, "o.key", "o.id")?;
        let (page, total) = self
            .store
            .organizations(&self.caller.user, &order, paging)?;
        Ok(Organizations {
            organizations: page.into_iter().map(described).collect(),
            position: position(paging, total),
        })
    }

    pub(super) fn get_organization(
        &self,
        received: &Received<'_>,
    ) -> Result<Organization, Refused> {
        Ok(described(self.place(received)?.organization))
    }

    pub(super) fn list_workspaces(&self, received: &Received<'_>) -> Result<Workspaces, Refused> {
        let organization = self.place(received)?.organization;
        let paging = checked(ListWorkspaces::receive(received)?.paging)?;
        let columns = [
            ("name", "name"),
            ("createdAt", "created_at"),
            ("updatedAt", "created_at"),
        ];
        let order = order(received, &columns, "created_at", "id")?;
        let given = |name, value: &str| {
            let mut wanted = received.values(name).peekable();
            wanted.peek().is_none() || wanted.any(|it| it == value)
        };
        let mut workspaces = self.store.workspaces(organization.key, &order)?;
        workspaces.retain(|it| given("workspaceIds", &it.id) && given("names", &it.name));
        let (workspaces, position) = page(workspaces, paging);
        let described = |it: store::Workspace| Workspace {
            id: it.id.into(),
            name: it.name,
            rest: object(json!({
                "description": it.description,
                "organizationId": organization.id,
                "organizationName": organization.name,
                "cicdEnforcedDefault": false,
                "createdAt": it.created_at,
                "createdBy": organization.founder,
                "updatedAt": it.created_at,
                "updatedBy": organization.founder,
            })),
        };
        Ok(Workspaces {
            workspaces: workspaces.into_iter().map(described).collect(),
            position,
        })
    }

    pub(super) fn get_self_user(&self, _: &Received<'_>) -> Result<SelfUser, Refused> {
        let everywhere = self.store.everywhere(&self.caller.user)?;
        let roles = everywhere
            .iter()
            .flat_map(|(organization, user)| held(organization, user))
            .collect();
        let (_, user) = everywhere
            .into_iter()
            .next()
            .ok_or_else(|| Refused::not_found("User"))?;
        Ok(SelfUser {
            id: user.id,
            username: user.username,
            full_name: user.full_name,
            avatar_url: user.avatar_url,
            status: user.status,
            created_at: user.created_at,
            updated_at: user.updated_at,
            roles,
            rest: object(json!({
                "organizationId": self.caller.organization,
                "isIdpManaged": false,
                "invites": [],
                "featureFlags": [],
            })),
        })
    }
}

/// All roles that a user holds directly in an organization.
fn held(organization: &str, user: &User) -> Vec<SelfRole> {
    let role = |role: &str, kind: &str, entity_id: &str| SelfRole {
        role: role.to_owned(),
        scope: Scope {
            kind: kind.to_owned(),
            entity_id: entity_id.to_owned(),
        },
    };
    let mut roles = Vec::new();
    roles.extend(
        user.organization_role
            .iter()
            .map(|it| role(it.as_str(), "ORGANIZATION", organization)),
    );
    roles.extend(
        user.workspace_roles
            .iter()
            .map(|it| role(&it.role, "WORKSPACE", it.workspace_id.as_str())),
    );
    roles.extend(
        user.deployment_roles
            .iter()
            .map(|it| role(&it.role, "DEPLOYMENT", it.deployment_id.as_str())),
    );
    roles
}

fn described(it: store::Organization) -> Organization {
    let rest = object(json!({
        "billingEmail": it.founder.username,
        "paymentMethod": "INVOICE",
        "allowEnhancedSupportAccess": false,
        "hasAllowedIpAddressRanges": false,
        "isBlockedEnableAiFeatures": false,
        "shouldEnforceDedicatedClusters": false,
        "productPlans": [{
            "astronomerProduct": "ASTRO",
            "organizationId": it.id,
            "productPlanId": format!("cp{}", &it.id[2..]),
            "productPlanName": "TEAM_V2",
        }],
        "createdBy": it.founder,
        "updatedBy": it.founder,
    }));
    Organization {
        id: it.id.into(),
        name: it.name,
        product: Some("HOSTED".to_owned()),
        status: Some("ACTIVE".to_owned()),
        is_scim_enabled: false,
        created_at: it.created_at,
        updated_at: it.updated_at,
        rest,
    }
}
