//! The sixteen built-in roles: ids and names as recorded, labels as the vendor's portal shows them.
//! The ids have been the same in every organization seen; the organization's own list decides.

use crate::role::{Role, RoleId, Tier};

/// Id of the role which the vendor's CLI gave by default before 1.1.3: Database Administrator.
pub(crate) const FORMER_DEFAULT: &str = "1faa93f2-b889-4190-9585-4bc6e3c3595a";

/// Id of the role of which an organization needs a holder: Organization Administrator.
const OWNER: &str = "ad0566b5-2a67-49de-89e8-92258c2f2c98";

/// Id, name, label, tier, whether it manages users, what it may do.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    Tier,
    bool,
    &'static str,
);

/// Mightiest first.
#[rustfmt::skip]
const KNOWN: [Row; 16] = [
    (OWNER, "Organization Administrator", "Organization Administrator", Tier::Owner, true,
     "Everything in the organization: users, roles, tokens, billing, databases, streaming."),
    ("43745b73-ad46-46e4-b826-c15d06d2cea0", "Admin User", "Administrator User", Tier::Admin, true,
     "Users, billing and all databases with their data; no roles of its own making."),
    ("892c45bb-d395-488c-9428-8a50f7013e2b", "Admin Svc Acct", "Administrator Service Account", Tier::Admin, true,
     "As Administrator User, meant for a program."),
    ("67c4b5dc-dd3f-4b2d-be51-09be12836d57", "API Admin User", "API Administrator User", Tier::Admin, true,
     "Users, billing and all databases through the APIs."),
    ("dde8a0e9-f4ae-4b42-b642-9f257436c8da", "API Admin Svc Acct", "API Administrator Service Account", Tier::Admin, true,
     "As API Administrator User, meant for a program."),
    (FORMER_DEFAULT, "Database Administrator", "Database Administrator", Tier::Admin, false,
     "Creates, changes and deletes databases and streaming; sees users, changes none."),
    ("c5fabb3c-1ae1-4648-898f-d3b98167d62e", "Billing Admin", "Billing Administrator", Tier::Admin, false,
     "Billing; sees users, changes none."),
    ("a25baf86-1bde-43d2-86ac-647e3d884bac", "UI View Only", "UI View Only", Tier::Observe, false,
     "Looks at the portal; changes nothing."),
    ("b73e44b2-b9e9-43b8-a7c1-c6a2fe2dab50", "R/W User", "Read/Write User", Tier::Member, false,
     "Reads and writes data of all databases; sees users."),
    ("946cfbde-24cc-4953-9355-d57bfd61bf39", "API R/W User", "API Read/Write User", Tier::Member, false,
     "Reads and writes data of all databases through the APIs; sees users."),
    ("b4ed0e9e-67e8-47b6-8b58-c6629be961a9", "R/W Svc Acct", "Read/Write Service Account", Tier::Member, false,
     "Reads and writes data of all databases, meant for a program."),
    ("efdfd41f-6184-4891-8400-b5779a0551d9", "API R/W Svc Acct", "API Read/Write Service Account", Tier::Member, false,
     "Reads and writes data of all databases through the APIs, meant for a program."),
    ("d2cfcd63-055c-4a58-b957-8916d4a007a5", "RO User", "Read Only User", Tier::Observe, false,
     "Reads data of all databases; sees users."),
    ("5dc84d0d-4fdd-4ec2-a223-71341b6d7685", "API RO User", "API Read Only User", Tier::Observe, false,
     "Reads data of all databases through the APIs; sees users."),
    ("16a4b1d7-a615-41f8-95ca-52b0280f4d77", "RO Svc Acct", "Read Only Service Account", Tier::Observe, false,
     "Reads data of all databases, meant for a program."),
    ("74b7d8b1-ecf1-48e5-a35f-0f999d369889", "API RO Svc Acct", "API Read Only Service Account", Tier::Observe, false,
     "Reads data of all databases through the APIs, meant for a program."),
];

/// The sixteen built-in roles, mightiest first.
pub(crate) fn known_roles() -> Vec<Role> {
    KNOWN
        .iter()
        .zip(0..)
        .map(
            |(&(id, key, label, tier, manages_users, summary), rank)| Role {
                id: RoleId::from(id),
                key: key.to_owned(),
                label: label.to_owned(),
                summary: summary.to_owned(),
                tier,
                rank,
                manages_users,
                in_cli: true,
                custom: false,
                permissions: Vec::new(),
            },
        )
        .collect()
}

/// What a role is for, and codes of what it permits: as much of a policy as somebody looks at.
#[derive(Debug, Default)]
pub(crate) struct Permitted {
    pub(crate) description: String,
    pub(crate) actions: Vec<String>,
}

/// A role of the organization's list, with our words if it is built in.
pub(crate) fn describe(id: RoleId, name: String, permitted: Permitted) -> Role {
    let Permitted {
        description,
        actions,
    } = permitted;
    let mut known = known_roles().into_iter();
    if let Some(known) = known.find(|it| it.id == id) {
        return Role {
            key: name,
            permissions: actions,
            ..known
        };
    }
    let manages_users = actions.iter().any(|name| name == "org-user-write");
    let description = description.trim();
    Role {
        id,
        summary: if description.is_empty() || description == name {
            match actions.len() {
                1 => "A role of this organization with 1 permission.".to_owned(),
                n => format!("A role of this organization with {n} permissions."),
            }
        } else {
            description.to_owned()
        },
        key: name.clone(),
        label: name,
        tier: if manages_users {
            Tier::Admin
        } else {
            Tier::Member
        },
        rank: 100,
        manages_users,
        in_cli: true,
        custom: true,
        permissions: actions,
    }
}
