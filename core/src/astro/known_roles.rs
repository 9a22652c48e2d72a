//! The organization roles in words. Rights: the vendor's user permissions reference; the two Observe
//! roles are described by their place in its hierarchy.

use super::OrganizationRole;
use crate::role::{Role, RoleId, Tier};

/// The five organization roles, highest first.
pub(crate) fn known_roles() -> Vec<Role> {
    OrganizationRole::KNOWN
        .into_iter()
        .zip(0..)
        .map(|(role, rank)| {
            let (label, tier, summary) = match role {
                OrganizationRole::Owner => (
                    "Owner",
                    Tier::Owner,
                    "Everything: users, teams, tokens, workspaces, clusters, audit logs. Also owner of every workspace.",
                ),
                OrganizationRole::BillingAdmin => (
                    "Billing admin",
                    Tier::Admin,
                    "Billing, organization settings and the usage of all workspaces. Sees users and cannot change them.",
                ),
                OrganizationRole::ObserveAdmin => (
                    "Observe admin",
                    Tier::Observe,
                    "Administers Astro Observe. Sees users and cannot change them.",
                ),
                OrganizationRole::ObserveMember => (
                    "Observe member",
                    Tier::Observe,
                    "Uses Astro Observe. Sees users and cannot change them.",
                ),
                OrganizationRole::Member | OrganizationRole::Other(_) => (
                    "Member",
                    Tier::Member,
                    "Sees the organization and its users. Works wherever a workspace role allows it.",
                ),
            };
            Role {
                id: RoleId::from(role.as_str()),
                key: role.as_str().to_owned(),
                label: label.to_owned(),
                summary: summary.to_owned(),
                tier,
                rank,
                manages_users: role == OrganizationRole::Owner,
                in_cli: role.in_cli(),
                custom: false,
                permissions: Vec::new(),
            }
        })
        .collect()
}
