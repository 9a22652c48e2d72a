//! The forms that change something: each becomes an intent, is planned, shown and sent.

pub(crate) mod after_run;
pub(crate) mod change_role;
pub(crate) mod change_roles;
pub(crate) mod end;
pub(crate) mod export;
pub(crate) mod invite;
mod send;
pub(crate) mod send_all;
pub(crate) mod undo_entry;

use rolecall_core::plan::Plan;

/// What somebody wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Invite somebody.
    Invite,
    /// Take along what is shown.
    Export,
    /// Change the roles of the user with this id.
    ReRole(String),
    /// Change the roles of these users.
    ReRoleMany(Vec<String>),
    /// Send this, after a look at it.
    Send(Box<Plan>),
    /// Withdraw the invitation of the user with this id, or remove the user.
    End(String),
}
