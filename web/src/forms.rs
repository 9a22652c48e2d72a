//! The forms that change something: each becomes an intent, is planned, shown and sent.

pub(crate) mod change_role;
pub(crate) mod end;
pub(crate) mod invite;
mod send;
pub(crate) mod send_all;

/// What somebody wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Invite somebody.
    Invite,
    /// Change the roles of the user with this id.
    ReRole(String),
    /// Withdraw the invitation of the user with this id, or remove the user.
    End(String),
}
