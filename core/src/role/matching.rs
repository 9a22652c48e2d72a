//! Finding the role that a text names: by id, key or label, without regard to case and separators.

use std::fmt;

use super::{Role, RoleId};
use crate::letters::{is_letter, lower};

/// Why a text names no role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRole {
    /// What is wrong.
    pub kind: RoleErrorKind,
    /// The text as given, shortened when it is very long.
    pub text: String,
    /// The one role that was probably meant. To be offered, never applied by itself.
    pub nearest: Option<NearestRole>,
}

/// A role to offer in the place of a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestRole {
    /// Id by which calls name it.
    pub id: RoleId,
    /// Name for people.
    pub label: String,
}

/// What is wrong with the name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RoleErrorKind {
    /// Nothing but blanks.
    Empty,
    /// Longer than any role's name.
    TooLong,
    /// No role has this id, key or label.
    UnknownRole,
    /// Several roles have this label.
    AmbiguousRole,
}

impl RoleErrorKind {
    /// The kind's name, as in `UnknownRole`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::TooLong => "TooLong",
            Self::UnknownRole => "UnknownRole",
            Self::AmbiguousRole => "AmbiguousRole",
        }
    }
}

impl fmt::Display for InvalidRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            RoleErrorKind::Empty => f.write_str("enter a role"),
            RoleErrorKind::TooLong => f.write_str("the name of the role is too long"),
            RoleErrorKind::AmbiguousRole => {
                write!(
                    f,
                    "several roles are called `{}`; enter the role's id",
                    self.text
                )
            }
            RoleErrorKind::UnknownRole => {
                write!(f, "there is no role `{}`", self.text)?;
                match &self.nearest {
                    Some(role) => write!(f, "; did you mean `{}`?", role.label),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for InvalidRole {}

/// Octets of the longest text that is compared: the longest name of a role is far shorter.
pub const MAX_ROLE_OCTETS: usize = 256;

/// The role that a text names.
///
/// An id or key written exactly decides; else the one role whose id, key or label is the same
/// letters and digits.
///
/// # Errors
///
/// When none or several are named so. `nearest` is one slip away, or the only one that the text
/// starts to spell.
pub fn find<'r>(text: &str, roles: &'r [Role]) -> Result<&'r Role, InvalidRole> {
    if text.len() > MAX_ROLE_OCTETS {
        return Err(InvalidRole {
            kind: RoleErrorKind::TooLong,
            text: text.chars().take(40).chain(['…']).collect(),
            nearest: None,
        });
    }
    let text = text.trim();
    let refuse = |kind, nearest: Option<&Role>| InvalidRole {
        kind,
        text: text.to_owned(),
        nearest: nearest.map(|role| NearestRole {
            id: role.id.clone(),
            label: role.label.clone(),
        }),
    };
    if let Some(role) = roles
        .iter()
        .find(|role| role.id.as_str() == text)
        .or_else(|| only(roles.iter().filter(|role| role.key == text)))
    {
        return Ok(role);
    }
    let wanted = fold(text);
    if wanted.is_empty() {
        let kind = match text.is_empty() {
            true => RoleErrorKind::Empty,
            false => RoleErrorKind::UnknownRole,
        };
        return Err(refuse(kind, None));
    }
    let names: Vec<[Vec<char>; 3]> = roles
        .iter()
        .map(|role| [role.id.as_str(), &role.key, &role.label].map(fold))
        .collect();
    let same = || {
        roles
            .iter()
            .zip(&names)
            .filter(|(_, names)| names.contains(&wanted))
            .map(|(role, _)| role)
    };
    if let Some(role) = only(same()) {
        return Ok(role);
    }
    if same().next().is_some() {
        return Err(refuse(RoleErrorKind::AmbiguousRole, None));
    }
    let score = |names: &[Vec<char>; 3]| {
        // ids are not typed, so only what stands for them is compared
        let names = names[1..].iter();
        names.filter_map(|name| likeness(&wanted, name)).min()
    };
    let scores: Vec<Option<usize>> = names.iter().map(score).collect();
    let best = scores.iter().flatten().min();
    let nearest = best.and_then(|best| {
        let mut scored = roles.iter().zip(&scores);
        let first = scored.find(|(_, score)| score.as_ref() == Some(best));
        let another = scored.any(|(_, score)| score.as_ref() == Some(best));
        first.filter(|_| !another).map(|(role, _)| role)
    });
    Err(refuse(RoleErrorKind::UnknownRole, nearest))
}

/// The item, if there is exactly one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// Letters and digits in lower case.
fn fold(text: &str) -> Vec<char> {
    text.chars().filter(|&c| is_letter(c)).map(lower).collect()
}

/// How near a typed name is to a role's, 0 the nearest; nothing when it is not.
///
/// Near is a slip for every four letters, in the whole or behind the first word (`OWNR` for
/// `ORGANIZATION_OWNER`), or three letters or more that start the name.
fn likeness(typed: &[char], name: &[char]) -> Option<usize> {
    const ORGANIZATION: &str = "organization";
    let allowed = (typed.len() / 4).clamp(usize::from(typed.len() > 2), 3);
    let tail = name
        .iter()
        .copied()
        .zip(ORGANIZATION.chars())
        .all(|(a, b)| a == b)
        .then(|| name.get(ORGANIZATION.len()..).unwrap_or_default());
    let slips = [Some(name), tail]
        .into_iter()
        .flatten()
        // a letter more or less is a slip
        .filter(|name| !name.is_empty() && name.len().abs_diff(typed.len()) <= allowed)
        .map(|name| distance(typed, name))
        .min()
        .filter(|slips| *slips <= allowed);
    let starts = typed.len() >= 3
        && [Some(name), tail]
            .into_iter()
            .flatten()
            .any(|name| name.starts_with(typed));
    // spelling the start is nearer than any slip but the first
    slips.or_else(|| starts.then_some(1))
}

/// Letters to add, drop, exchange or swap with their neighbor (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let exchange = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = exchange.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;

    fn named(text: &str, service: Service) -> Result<String, (RoleErrorKind, Option<String>)> {
        find(text, &service.known_roles())
            .map(|role| role.label.clone())
            .map_err(|error| (error.kind, error.nearest.map(|role| role.label)))
    }

    #[test]
    fn finds_by_id_key_and_label_whatever_the_case_and_separators() {
        for (text, label) in [
            ("ORGANIZATION_OWNER", "Owner"),
            ("organization_owner", "Owner"),
            ("Organization Owner", "Owner"),
            ("organization-billing-admin", "Billing admin"),
            ("BillingAdmin", "Billing admin"),
            (" member ", "Member"),
        ] {
            assert_eq!(named(text, Service::Astro).as_deref(), Ok(label), "{text}");
        }
        for (text, label) in [
            ("b73e44b2-b9e9-43b8-a7c1-c6a2fe2dab50", "Read/Write User"),
            ("B73E44B2B9E943B8A7C1C6A2FE2DAB50", "Read/Write User"),
            ("R/W User", "Read/Write User"),
            ("rw user", "Read/Write User"),
            ("read write user", "Read/Write User"),
            ("api_ro_svc_acct", "API Read Only Service Account"),
        ] {
            assert_eq!(named(text, Service::Astra).as_deref(), Ok(label), "{text}");
        }
    }

    #[test]
    fn offers_the_nearest_and_does_not_apply_it() {
        for (text, nearest) in [
            ("OWNR", Some("Owner")),
            ("ORGANIZATION_OWNR", Some("Owner")),
            ("membre", Some("Member")),
            ("billing", Some("Billing admin")),
            ("organization billing", Some("Billing admin")),
            ("observe", None),
            ("wizard", None),
            ("ow", None),
            ("--", None),
        ] {
            assert_eq!(
                named(text, Service::Astro),
                Err((RoleErrorKind::UnknownRole, nearest.map(str::to_owned))),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_nothing_and_too_much_early() {
        let error = named(" ", Service::Astro);
        assert_eq!(error, Err((RoleErrorKind::Empty, None)));
        let error = find(&"owner".repeat(2_000_000), &Service::Astro.known_roles()).unwrap_err();
        assert_eq!(error.kind, RoleErrorKind::TooLong);
        assert!(error.text.len() < 64);
    }

    #[test]
    fn two_roles_of_one_label_are_told_apart_by_id_only() {
        let mut roles = Service::Astra.known_roles();
        let mut custom = Role::unknown("0f0f".into(), "Billing Administrator");
        custom.key = "Own Billing".to_owned();
        roles.push(custom);
        let error = find("billing administrator", &roles).unwrap_err();
        assert_eq!(error.kind, RoleErrorKind::AmbiguousRole);
        assert_eq!(find("0f0f", &roles).unwrap().key, "Own Billing");
    }

    #[test]
    fn every_known_role_is_found_by_each_of_its_names() {
        for service in [Service::Astro, Service::Astra] {
            let roles = service.known_roles();
            for role in &roles {
                for name in [role.id.as_str(), &role.key, &role.label] {
                    let found = find(&name.to_lowercase(), &roles).map(|found| &found.id);
                    assert_eq!(found.as_ref().ok(), Some(&&role.id), "{name}");
                }
            }
        }
    }

    #[test]
    fn messages_say_what_to_do() {
        let message = |text: &str| {
            find(text, &Service::Astro.known_roles())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            message("ownr"),
            "there is no role `ownr`; did you mean `Owner`?"
        );
        assert_eq!(message("wizard"), "there is no role `wizard`");
    }
}
