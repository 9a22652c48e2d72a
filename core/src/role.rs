//! A role as people see it, whichever service has it.

use serde::Serialize;

use crate::id::id;
use crate::json::FromJson;

mod matching;

pub use matching::{InvalidRole, MAX_ROLE_OCTETS, NearestRole, RoleErrorKind, find};

id!(
    /// Id by which calls name a role: Astro's key, Astra's UUID.
    RoleId
);

/// A role that users of an organization can hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
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
}

/// How much a role may do: what colors, charts and questions go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, FromJson)]
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
        }
    }
}
