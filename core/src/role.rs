//! A role as people see it, whichever service has it.

use serde::Serialize;

use crate::id::id;
use crate::json::{FromJson, ToJson};

mod matching;

pub use matching::{InvalidRole, MAX_ROLE_OCTETS, NearestRole, RoleErrorKind, find};

id!(
    /// Id by which calls name a role: Astro's key, Astra's UUID.
    RoleId
);

/// A role that users of an organization can hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// Id by which calls name it.
    pub id: RoleId,
    /// Name which the service's own tools take.
    pub key: String,
    /// Name for people.
    pub label: String,
    /// What it may do, one sentence.
    pub summary: String,
    /// How much it may do, roughly.
    pub tier: Tier,
    /// Place in a list, the mightiest first.
    pub rank: u16,
    /// Whether it may invite, re-role and remove users.
    pub manages_users: bool,
    /// Whether the vendor's CLI takes it.
    pub in_cli: bool,
    /// Whether the organization made it itself.
    pub custom: bool,
    /// Codes of what it permits, as far as the service told them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
}

/// What two roles permit, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared<'r> {
    /// What only the first one permits.
    pub first: Vec<&'r str>,
    /// What only the second one permits.
    pub second: Vec<&'r str>,
    /// What both permit.
    pub both: Vec<&'r str>,
}

impl<'r> Compared<'r> {
    /// Compares two roles by their permissions; `None` if those of one are not known.
    pub fn of(first: &'r Role, second: &'r Role) -> Option<Self> {
        if first.permissions.is_empty() || second.permissions.is_empty() {
            return None;
        }
        let mut compared = Self::default();
        for code in &first.permissions {
            match second.permissions.contains(code) {
                true => compared.both.push(code),
                false => compared.first.push(code),
            }
        }
        let missing = second.permissions.iter();
        let missing = missing.filter(|code| !first.permissions.contains(code));
        compared.second.extend(missing.map(String::as_str));
        Some(compared)
    }
}

/// How much a role may do: what colors, charts and questions go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToJson, FromJson)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Everything; an organization needs one.
    Owner,
    /// Users, billing or databases of the whole organization.
    Admin,
    /// Looking at more than one's own.
    Observe,
    /// Ordinary work.
    Member,
}

impl Tier {
    /// All, mightiest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Observe, Self::Member];

    /// Whether giving such a role is asked about once more.
    pub fn is_mighty(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

impl Role {
    /// A role of which only the id (and perhaps the name) is known.
    pub fn unknown(id: RoleId, name: &str) -> Self {
        let name = if name.is_empty() { id.as_str() } else { name }.to_owned();
        Self {
            label: name.clone(),
            key: name,
            id,
            summary: "a role that Rolecall does not know".to_owned(),
            tier: Tier::Member,
            rank: u16::MAX,
            manages_users: false,
            in_cli: false,
            custom: true,
            permissions: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(permissions: &[&str]) -> Role {
        Role {
            permissions: permissions.iter().map(|&it| it.to_owned()).collect(),
            ..Role::unknown("r".into(), "R")
        }
    }

    #[test]
    fn roles_are_compared_by_what_they_permit() {
        let (first, second) = (role(&["a", "b", "c"]), role(&["c", "d"]));
        let compared = Compared::of(&first, &second).unwrap();
        assert_eq!(compared.first, ["a", "b"]);
        assert_eq!(compared.second, ["d"]);
        assert_eq!(compared.both, ["c"]);
        assert_eq!(Compared::of(&first, &role(&[])), None, "nothing is known");
    }
}
