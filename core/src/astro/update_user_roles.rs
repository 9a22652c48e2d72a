//! `POST /organizations/{organizationId}/users/{userId}/roles`
//!
//! Gives a user other roles. A list that is given replaces that scope; one left out stays as it was.

use http::Method;
use serde::Serialize;

use super::{
    DagRole, DeploymentRole, Error, OrganizationId, OrganizationRole, UserId, WorkspaceRole,
};
use crate::endpoint::{Endpoint, InvalidRequest, Payload, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Gives a user other roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct UpdateUserRoles {
    /// In which organization.
    pub organization: OrganizationId,
    /// Which user.
    pub user: UserId,
    /// The roles.
    pub body: RoleSet,
}

/// Roles of a user. Only what is given changes, so a role in the organization alone leaves all scoped
/// roles untouched; scoped lists need the organization role beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct RoleSet {
    /// Role in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_role: Option<OrganizationRole>,
    /// Roles in single workspaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_roles: Option<Vec<WorkspaceRole>>,
    /// Roles in single deployments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_roles: Option<Vec<DeploymentRole>>,
    /// Roles on single DAGs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dag_roles: Option<Vec<DagRole>>,
}

payload!(RoleSet; Json);

impl Endpoint for UpdateUserRoles {
    type Response = RoleSet;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::POST,
        path: "/organizations/{organizationId}/users/{userId}/roles",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str(), self.user.as_str()]
    }

    fn body(&self) -> Option<Vec<u8>> {
        Some(self.body.encode())
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            user: received.id(1),
            body: received.body()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astro::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, received, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    fn call() -> UpdateUserRoles {
        let body = RoleSet {
            organization_role: Some(OrganizationRole::BillingAdmin),
            ..RoleSet::default()
        };
        UpdateUserRoles {
            organization: "c1".into(),
            user: "u1".into(),
            body,
        }
    }

    #[test]
    fn sends_the_organization_role_alone() {
        let (method, address, body) = sent(&call().to_http(&SITE));
        assert_eq!(method, Method::POST);
        assert_eq!(
            address,
            "https://api.astronomer.io/v1/organizations/c1/users/u1/roles"
        );
        assert_eq!(body, r#"{"organizationRole":"ORGANIZATION_BILLING_ADMIN"}"#);
        assert_eq!(received(&call(), BASE), call());
    }

    #[test]
    fn an_empty_list_is_not_an_absent_one() {
        let body = RoleSet {
            workspace_roles: Some(Vec::new()),
            ..call().body
        };
        let text = String::from_utf8(body.encode()).unwrap();
        assert_eq!(
            text,
            r#"{"organizationRole":"ORGANIZATION_BILLING_ADMIN","workspaceRoles":[]}"#
        );
    }

    #[test]
    fn a_missing_permission_is_told_in_the_services_words() {
        let body = r#"{"message":"Not authorized to edit user roles for organization c1","requestId":"r1","statusCode":403}"#;
        let error = UpdateUserRoles::read(&answer(403, body)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Not authorized to edit user roles for organization c1 (status 403), request r1"
        );
    }
}
