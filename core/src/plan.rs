//! From what somebody wants to the calls that do it, and what came of them.

use serde::Serialize;

use crate::directory::{InviteId, OrganizationId, UserId};
use crate::email::Email;
use crate::json::{FromJson, ToJson};
use crate::role::RoleId;
use crate::service::{Call, Rates, Service};

mod command;
mod people;
mod planner;
pub mod run;
pub mod undo;

pub use crate::act::Act;
pub use crate::change::{Change, Team, Workspace};
pub use crate::failure::Failure;
pub use people::{Known, People, Person};
pub use planner::{Planner, plan};
pub use run::Run;

/// What somebody wants of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Intent {
    /// Invite an address, with these roles; again, if `resend` and the invitation is pending.
    Invite {
        /// Whom.
        email: Email,
        /// As what.
        roles: Vec<RoleId>,
        /// Whether a pending invitation is sent again.
        #[serde(default)]
        resend: bool,
    },
    /// Give a user other roles.
    ReRole {
        /// Who.
        user: UserId,
        /// How.
        change: RoleChange,
    },
    /// Withdraw a pending invitation.
    Withdraw {
        /// Whose.
        user: UserId,
    },
    /// Take a member out of the organization.
    Remove {
        /// Who.
        user: UserId,
    },
}

/// How roles change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub enum RoleChange {
    /// These instead of all others.
    Replace(Vec<RoleId>),
    /// These besides the others.
    Add(Vec<RoleId>),
    /// The others without these.
    Remove(Vec<RoleId>),
}

impl RoleChange {
    /// Roles afterwards, each once.
    pub fn apply(&self, held: &[RoleId]) -> Vec<RoleId> {
        let wanted: Vec<&RoleId> = match self {
            Self::Replace(roles) => roles.iter().collect(),
            Self::Add(roles) => held.iter().chain(roles).collect(),
            Self::Remove(roles) => held.iter().filter(|id| !roles.contains(id)).collect(),
        };
        let mut after: Vec<RoleId> = Vec::with_capacity(wanted.len());
        for id in wanted {
            if !after.contains(id) {
                after.push(id.clone());
            }
        }
        after
    }
}

/// Calls in order, each with its reason; what is not done and why; what must be confirmed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Plan {
    /// On which service.
    pub service: Service,
    /// In which organization.
    pub organization: OrganizationId,
    /// What will be sent.
    pub steps: Vec<Step>,
    /// What will not.
    pub refused: Vec<Refused>,
    /// What somebody has to say yes to before anything is sent.
    pub confirm: Vec<Guard>,
}

impl Plan {
    /// How long the plan takes at the service's limits, in milliseconds, other traffic aside.
    pub fn duration(&self) -> u64 {
        let rates = self.service.rates();
        let calls = |delete: bool| {
            let is_delete = |step: &&Step| step.call.method() == http::Method::DELETE;
            self.steps
                .iter()
                .filter(|step| is_delete(step) == delete)
                .count() as u64
        };
        (calls(false) * 1000 / u64::from(rates.write))
            .max(calls(true) * 1000 / u64::from(rates.delete))
    }
}

/// How many steps of a plan do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Acts {
    /// Invitations of somebody new.
    pub invite: usize,
    /// Invitations that are sent again.
    pub resend: usize,
    /// Changes of roles.
    pub re_role: usize,
    /// Invitations that are withdrawn.
    pub withdraw: usize,
    /// Members who are taken out.
    pub remove: usize,
}

impl Acts {
    /// Calls a second at a service's limits: what only takes away has a limit of its own.
    pub fn rate(&self, rates: Rates) -> u32 {
        match self.invite + self.resend + self.re_role {
            0 => rates.delete,
            _ => rates.write,
        }
    }

    /// Of some steps.
    pub fn of(steps: &[Step]) -> Self {
        let mut acts = Self::default();
        for step in steps {
            *match step.act {
                Act::Invite => &mut acts.invite,
                Act::Resend => &mut acts.resend,
                Act::ReRole => &mut acts.re_role,
                Act::Withdraw => &mut acts.withdraw,
                Act::Remove => &mut acts.remove,
            } += 1;
        }
        acts
    }
}

/// One call of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Step {
    /// Index of the intent it serves.
    pub row: usize,
    /// What it does.
    pub act: Act,
    /// Address of the person.
    pub email: String,
    /// Id of the person, unless it is an invitation of somebody new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Roles before.
    pub before: Vec<RoleId>,
    /// Roles after.
    pub after: Vec<RoleId>,
    /// The call.
    pub call: Call,
}

impl Step {
    /// What was wanted: the step as an intent again, to be planned anew after it was not done. `None`
    /// for a person who cannot be named any more.
    pub fn intent(&self) -> Option<Intent> {
        let user = || self.user.clone();
        Some(match self.act {
            Act::Invite | Act::Resend => Intent::Invite {
                email: self.email.parse().ok()?,
                roles: self.after.clone(),
                resend: self.act == Act::Resend,
            },
            Act::ReRole => Intent::ReRole {
                user: user()?,
                change: RoleChange::Replace(self.after.clone()),
            },
            Act::Withdraw => Intent::Withdraw { user: user()? },
            Act::Remove => Intent::Remove { user: user()? },
        })
    }
}

/// Something that is wanted and will not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Refused {
    /// Index of the intent.
    pub row: usize,
    /// Address of the person, or the id where no address is known.
    pub who: String,
    /// Why not.
    pub why: Reason,
}

/// Why something is not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(tag = "reason", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Reason {
    /// It is so already.
    #[error("already so")]
    AlreadySo,
    /// The address belongs to somebody, a member or invited, whose roles are others.
    #[error("is {} already, as {held}; change the role instead", if *.pending { "invited" } else { "in the organization" })]
    HasOtherRole {
        /// Labels of the roles held.
        held: String,
        /// Whether that is so as soon as the invitation is accepted.
        #[serde(default)]
        pending: bool,
    },
    /// The address has a pending invitation.
    #[error("is invited already; the invitation is pending")]
    AlreadyInvited,
    /// An earlier row asks for the same person.
    #[error("the same as row {}", .row + 1)]
    Duplicate {
        /// Index of the earlier intent.
        row: usize,
    },
    /// No role is given.
    #[error("choose a role")]
    NoRole,
    /// The last role is taken away.
    #[error("would have no role left; give another one instead")]
    NoRoleLeft,
    /// It would be more than one role, and the service takes one.
    #[error("{} takes one role for a user, not {given}", .service.name())]
    OneRoleOnly {
        /// The service.
        service: Service,
        /// How many it would be.
        given: usize,
    },
    /// A role that the organization does not have.
    #[error("there is no role `{id}` in this organization")]
    UnknownRole {
        /// The id.
        id: RoleId,
    },
    /// The user is not known here.
    #[error("there is no user `{user}` in this organization")]
    UnknownUser {
        /// The id.
        user: UserId,
    },
    /// Nobody active would be left who can administer.
    #[error("is the last active {role}; make somebody else {role} first")]
    LastOwner {
        /// Label of the role.
        role: String,
    },
    /// There is no pending invitation.
    #[error("has no pending invitation; the person has joined")]
    NotPending,
    /// The person has not joined yet.
    #[error("has not joined yet; withdraw the invitation instead")]
    Pending,
    /// The service tells an invitation's id once, and it was not seen here.
    #[error("was not invited from here, and {name} tells an invitation's id only to whoever made it; withdraw it in {name} itself", name = .service.name())]
    InviteIdUnknown {
        /// The service.
        service: Service,
    },
    /// The service's API cannot do it.
    #[error("{} cannot remove a member through its API; it is done in {place}", .service.name())]
    CannotRemove {
        /// The service.
        service: Service,
        /// Where it is done instead.
        place: String,
    },
}

/// Something to say yes to before a plan is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "guard", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Guard {
    /// These people become owners or administrators.
    Escalation {
        /// Label of the role.
        role: String,
        /// Their addresses.
        who: Vec<String>,
    },
    /// You lower your own role.
    OwnRole {
        /// Your address, to be typed.
        email: String,
        /// Labels of the roles you keep.
        after: String,
    },
    /// You take yourself out.
    OwnRemoval {
        /// Your address, to be typed.
        email: String,
    },
    /// These people are taken out.
    Removal {
        /// Their addresses.
        who: Vec<String>,
    },
}

/// Whom a plan is for: what it needs to know besides the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Context {
    /// On which service.
    pub service: Service,
    /// In which organization.
    pub organization: OrganizationId,
    /// Who plans, if the service told.
    #[serde(default)]
    pub me: Option<UserId>,
}

/// The id of an invitation that was made earlier, as a gateway remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct KnownInvite {
    /// Id of the invitation.
    pub invite: InviteId,
    /// Id of the invited person.
    pub user: UserId,
    /// The address invited.
    pub email: String,
}

/// Labels of roles, in words.
pub fn labels(directory: &(impl Known + ?Sized), roles: &[RoleId]) -> String {
    let label = |id: &RoleId| {
        directory
            .role(id)
            .map_or(id.as_str(), |role| role.label.as_str())
            .to_owned()
    };
    let names: Vec<String> = roles.iter().map(label).collect();
    if names.is_empty() {
        "no role".to_owned()
    } else {
        names.join(", ")
    }
}
