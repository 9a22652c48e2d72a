//! Organization roles.

use std::fmt;

use serde::Serialize;

use crate::json::{FromJson, ToJson};

/// Role of a user in an organization; each has exactly one or none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
#[serde(from = "String", into = "String")]
pub enum OrganizationRole {
    /// `ORGANIZATION_OWNER`
    Owner,
    /// `ORGANIZATION_BILLING_ADMIN`
    BillingAdmin,
    /// `ORGANIZATION_OBSERVE_ADMIN`; the vendor's CLI refuses it.
    ObserveAdmin,
    /// `ORGANIZATION_OBSERVE_MEMBER`; the vendor's CLI refuses it.
    ObserveMember,
    /// `ORGANIZATION_MEMBER`, what the vendor's CLI gives by default.
    Member,
    /// A role that is newer than this program.
    Other(String),
}

impl OrganizationRole {
    /// All that are known, highest first.
    pub const KNOWN: [Self; 5] = [
        Self::Owner,
        Self::BillingAdmin,
        Self::ObserveAdmin,
        Self::ObserveMember,
        Self::Member,
    ];

    /// Key as it goes over the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Owner => "ORGANIZATION_OWNER",
            Self::BillingAdmin => "ORGANIZATION_BILLING_ADMIN",
            Self::ObserveAdmin => "ORGANIZATION_OBSERVE_ADMIN",
            Self::ObserveMember => "ORGANIZATION_OBSERVE_MEMBER",
            Self::Member => "ORGANIZATION_MEMBER",
            Self::Other(key) => key,
        }
    }

    /// Whether the vendor's CLI takes it.
    pub fn in_cli(&self) -> bool {
        matches!(self, Self::Owner | Self::BillingAdmin | Self::Member)
    }
}

impl From<String> for OrganizationRole {
    fn from(key: String) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|role| role.as_str() == key)
            .unwrap_or(Self::Other(key))
    }
}

impl From<OrganizationRole> for String {
    fn from(role: OrganizationRole) -> Self {
        match role {
            OrganizationRole::Other(key) => key,
            known => known.as_str().to_owned(),
        }
    }
}

impl fmt::Display for OrganizationRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_there_and_back() {
        for role in OrganizationRole::KNOWN {
            assert_eq!(OrganizationRole::from(role.as_str().to_owned()), role);
        }
        let news = OrganizationRole::from("ORGANIZATION_NEWS".to_owned());
        assert_eq!(
            serde_json::to_string(&news).unwrap(),
            "\"ORGANIZATION_NEWS\""
        );
    }

    #[test]
    fn the_cli_knows_three() {
        let known: Vec<_> = OrganizationRole::KNOWN
            .iter()
            .filter(|role| role.in_cli())
            .collect();
        assert_eq!(known.len(), 3);
    }
}
