//! Roles: those known without asking, and finding the one that a text names.

use rolecall_core::json::{FromJson, ToJson};
use rolecall_core::role::{Role, RoleId, Tier, find};
use rolecall_core::service::Service;

use crate::issue::Issue;
use crate::units::width;
use crate::{Misuse, answer, argument, kept};

/// A role as JavaScript gives it: only the id is needed.
#[derive(Debug, FromJson)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GivenRole {
    id: RoleId,
    key: Option<String>,
    label: Option<String>,
    summary: Option<String>,
    tier: Option<Tier>,
    rank: Option<u16>,
    manages_users: Option<bool>,
    in_cli: Option<bool>,
    custom: Option<bool>,
    permissions: Option<Vec<String>>,
}

/// Rank of the first given role of which none is known: below all that services are known to have.
const UNKNOWN: usize = 1_000;

/// The roles to go by: those given, else those that the service is known to have, else none.
pub(crate) fn roles(given: Option<Vec<GivenRole>>, service: Option<Service>) -> Vec<Role> {
    let Some(given) = given else {
        return service.map_or_else(Vec::new, Service::known_roles);
    };
    let known = service.map_or_else(Vec::new, Service::known_roles);
    let one = |(index, it): (usize, GivenRole)| {
        let mut role = match known.iter().find(|role| role.id == it.id) {
            Some(known) => known.clone(),
            None => Role {
                label: it.key.clone().unwrap_or_else(|| it.id.to_string()),
                key: it.label.clone().unwrap_or_else(|| it.id.to_string()),
                summary: String::new(),
                // whoever may change users may make anything of anybody
                tier: match it.manages_users {
                    Some(true) => Tier::Admin,
                    _ => Tier::Member,
                },
                rank: u16::try_from(UNKNOWN + index).unwrap_or(u16::MAX),
                manages_users: false,
                in_cli: false,
                custom: false,
                permissions: Vec::new(),
                id: it.id,
            },
        };
        fill(&mut role.key, it.key);
        fill(&mut role.label, it.label);
        fill(&mut role.summary, it.summary);
        fill(&mut role.tier, it.tier);
        fill(&mut role.rank, it.rank);
        fill(&mut role.manages_users, it.manages_users);
        fill(&mut role.in_cli, it.in_cli);
        fill(&mut role.custom, it.custom);
        fill(&mut role.permissions, it.permissions);
        role
    };
    given.into_iter().enumerate().map(one).collect()
}

fn fill<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}

/// Reads the name of a service.
pub(crate) fn service(text: &str) -> Result<Service, Misuse> {
    let known = Service::ALL
        .into_iter()
        .find(|service| service.name().eq_ignore_ascii_case(text));
    known.ok_or_else(|| format!("service: there is no service `{text}`"))
}

/// What became of a text that should name a role.
#[derive(ToJson)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Matched<'r> {
    Ok {
        role: &'r Role,
    },
    /// With the nearest role offered.
    Invalid {
        issue: Issue,
    },
}

/// The roles that a service is known to have, mightiest first.
///
/// # Errors
///
/// If there is no such service.
pub fn known_roles(of: &str) -> Result<Vec<Role>, Misuse> {
    service(of).map(Service::known_roles)
}

/// Finds the role that a text names among `given` (a JSON array, or `null` for those known).
///
/// # Errors
///
/// If there is no such service, or `given` is something else.
pub fn match_role(text: &str, of: &str, given: &str) -> Result<String, Misuse> {
    let given: &mut Option<Vec<GivenRole>> = argument("roles", given)?;
    let roles = kept(roles(given.take(), Some(service(of)?)));
    Ok(answer(&match find(text, roles) {
        Ok(role) => Matched::Ok { role },
        Err(invalid) => Matched::Invalid {
            issue: Issue::from(&invalid).at(0, width(text)),
        },
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn matched(text: &str, service: &str, roles: &str) -> Value {
        serde_json::from_str(&match_role(text, service, roles).unwrap()).unwrap()
    }

    #[test]
    fn a_role_is_found_and_a_slip_is_offered() {
        let found = matched("organization owner", "astro", "null");
        assert_eq!(found["type"], "ok");
        assert_eq!(found["role"]["id"], "ORGANIZATION_OWNER");
        let slip = matched("OWNR", "astro", "null");
        assert_eq!(slip["issue"]["code"], "UnknownRole");
        assert_eq!(
            slip["issue"]["params"]["nearest"]["id"],
            "ORGANIZATION_OWNER"
        );
        assert_eq!(slip["issue"]["range"], json!([0, 4]));
    }

    #[test]
    fn given_roles_replace_the_known_ones() {
        let roles = r#"[{"id":"r1","label":"Data Steward"}]"#;
        assert_eq!(matched("data-steward", "astra", roles)["role"]["id"], "r1");
        assert_eq!(matched("owner", "astro", roles)["type"], "invalid");
        let roles = r#"[{"id":"ORGANIZATION_OWNER"}]"#;
        let role = &matched("owner", "astro", roles)["role"];
        assert_eq!(
            (&role["tier"], &role["managesUsers"]),
            (&json!("owner"), &json!(true))
        );
        assert_ne!(role["summary"], "");
        let roles = r#"[{"id":"ORGANIZATION_OWNER","label":"Boss","custom":true}]"#;
        let role = &matched("boss", "astro", roles)["role"];
        assert_eq!(
            (&role["key"], &role["custom"]),
            (&json!("ORGANIZATION_OWNER"), &json!(true))
        );
    }

    #[test]
    fn misuse_names_the_argument() {
        assert!(
            match_role("x", "aster", "null")
                .unwrap_err()
                .contains("service")
        );
        assert!(
            match_role("x", "astro", "7")
                .unwrap_err()
                .starts_with("roles")
        );
        assert!(known_roles("").is_err());
    }
}
