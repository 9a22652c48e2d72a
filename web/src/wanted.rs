//! What somebody wants to do: whoever asks names it here, and a form answers.

use rolecall_core::plan::Plan;
use rolecall_core::role::RoleId;

/// What somebody wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Invite somebody.
    Invite,
    /// Take along what is shown.
    Export,
    /// Change the roles of the user with this id.
    ReRole(String),
    /// Look once more at a change of roles that was not made.
    ReRoleAgain(Box<Again>),
    /// Change the roles of these users.
    ReRoleMany(Vec<String>),
    /// Send this, after a look at it.
    Send(Box<Plan>),
    /// Withdraw the invitation of the user with this id, or remove the user.
    End(String),
}

/// A change of roles that was shown and is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Again {
    /// Id of the user.
    pub(crate) user: String,
    /// Roles that were chosen.
    pub(crate) chosen: Vec<RoleId>,
    /// Why it was not made.
    pub(crate) why: String,
}
