//! What calls do.

use serde::Serialize;

use crate::json::{FromJson, ToJson};

/// What a call does, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub enum Act {
    /// Invites somebody new.
    Invite,
    /// Sends a pending invitation again.
    Resend,
    /// Changes roles.
    ReRole,
    /// Withdraws a pending invitation.
    Withdraw,
    /// Takes a member out.
    Remove,
}
