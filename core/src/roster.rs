//! A roster: the list of everybody who should be in the organization, against who is in it now.
//!
//! A line wants somebody there, and if it names roles, with exactly these. A line without roles says
//! nothing about the roles of people who are there. Nobody is touched for not being on the list:
//! removing is asked for separately, by name, and refused while it is not certain who is listed.

use std::fmt;

use serde::Serialize;

pub use self::comparing::Comparing;
pub use self::reading::Reading;
use crate::directory::{Directory, Status, UserId};
use crate::email::{Email, Mapping};
use crate::json::{FromJson, ToJson};
use crate::plan::{Intent, RoleChange};
use crate::recipients::{InvalidEntry, Options, Who};
use crate::role::RoleId;

mod comparing;
mod reading;

/// A list of everybody who should be in the organization, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Its lines, in order, good and bad.
    pub lines: Vec<Line>,
    /// Entries beyond the limit, which were not read.
    pub left_out: usize,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in the text, from 1.
    pub number: u32,
    /// The person as written.
    pub written: String,
    /// Who it is, if that can be read, be the rest of the line as it may.
    pub who: Option<Who>,
    /// Roles that the person should have, `None` if the line says nothing of it; or what is wrong
    /// with the line.
    pub roles: Result<Option<Vec<RoleId>>, InvalidEntry>,
}

impl Roster {
    /// Reads a list. `options` should know the roles of the organization.
    pub fn read(text: &str, options: &Options<'_>, mapping: &impl Mapping) -> Self {
        let mut reading = Reading::new(text, options, mapping);
        while reading.read_on(usize::MAX) {}
        reading.finish()
    }
}

/// What a roster wants changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Who is to be invited.
    pub invite: Vec<NewPerson>,
    /// Whose roles are to be others.
    pub re_role: Vec<OtherRoles>,
    /// Who is as wanted already: indices of users, in the order of the list.
    pub unchanged: Vec<usize>,
    /// Lines that do nothing, and why.
    pub refused: Vec<RefusedLine>,
    /// Who is in the organization and not on the list: indices of users.
    pub unlisted: Vec<usize>,
    /// Why `unlisted` may name somebody wrongly.
    pub doubts: Vec<Doubt>,
    /// Version of the directory that it was compared with: indices are good for no other.
    pub version: u64,
}

/// Somebody who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// The line that wants it.
    pub line: u32,
    /// Whom.
    pub email: Email,
    /// As what.
    pub roles: Vec<RoleId>,
}

/// Somebody whose roles are to be others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRoles {
    /// The line that wants it.
    pub line: u32,
    /// Index of the user.
    pub index: usize,
    /// Who.
    pub user: UserId,
    /// Roles afterwards.
    pub roles: Vec<RoleId>,
}

/// A line that does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Where it stands in the text, from 1.
    pub line: u32,
    /// The person as written.
    pub written: String,
    /// Why.
    pub why: WhyRefused,
}

/// Why a line does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyRefused {
    /// It cannot be read.
    Invalid(InvalidEntry),
    /// It wants what an earlier line wants.
    Duplicate {
        /// The earlier line.
        line: u32,
    },
    /// It wants other roles than an earlier line, which counts.
    Contradiction {
        /// The earlier line.
        line: u32,
    },
    /// It names somebody by an id that nobody has.
    UnknownUser,
}

impl fmt::Display for WhyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Duplicate { line } => write!(f, "the same as line {line}"),
            Self::Contradiction { line } => {
                write!(
                    f,
                    "line {line} names the same person, but not with these roles; line {line} counts"
                )
            }
            Self::UnknownUser => f.write_str("there is no user with this id in the organization"),
        }
    }
}

/// Why it is not certain who is not on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(tag = "doubt", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Doubt {
    /// The list names nobody.
    #[error("the list names nobody")]
    Nobody,
    /// Some lines name nobody whom one could read; each may be anybody.
    #[error(
        "lines that cannot be read: {count}; each may name somebody who would be removed, so mend or delete them first"
    )]
    UnreadLines {
        /// How many.
        count: usize,
    },
    /// The list is longer than what was read.
    #[error("lines beyond the limit, which were not read: {count}")]
    LeftOut {
        /// How many.
        count: usize,
    },
    /// The users of the organization are not all known yet.
    #[error("the users of the organization are not all read yet")]
    UsersUnread,
    /// The users are not as they were when the list was compared with them.
    #[error("the users have changed since; compare the list with them again")]
    Outdated,
}

/// What a roster wants changed. People who are new come with `default_roles` where their line names
/// none. Takes linear time in lines and users.
pub fn difference(roster: &Roster, directory: &Directory, default_roles: &[RoleId]) -> Difference {
    let mut comparing = Comparing::new(directory);
    while comparing.compare_on(roster, directory, default_roles, usize::MAX) {}
    comparing.finish(roster, directory)
}

impl Difference {
    /// Invitations and changes of roles, in the order of the list. Nobody loses access by them.
    pub fn intents(&self) -> Vec<Intent> {
        let mut intents: Vec<(u32, Intent)> =
            Vec::with_capacity(self.invite.len() + self.re_role.len());
        intents.extend(self.invite.iter().map(|it| {
            let intent = Intent::Invite {
                email: it.email.clone(),
                roles: it.roles.clone(),
                resend: false,
            };
            (it.line, intent)
        }));
        intents.extend(self.re_role.iter().map(|it| {
            let intent = Intent::ReRole {
                user: it.user.clone(),
                change: RoleChange::Replace(it.roles.clone()),
            };
            (it.line, intent)
        }));
        intents.sort_by_key(|(line, _)| *line);
        intents.into_iter().map(|(_, intent)| intent).collect()
    }

    /// Takes those of `chosen` out who are not on the list: members are removed, invitations
    /// withdrawn. Whom the service cannot remove the plan refuses, with the place where it is done.
    ///
    /// # Errors
    /// The first doubt about who is on the list.
    pub fn removals(&self, directory: &Directory, chosen: &[usize]) -> Result<Vec<Intent>, Doubt> {
        if self.version != directory.version() {
            return Err(Doubt::Outdated);
        }
        if let Some(doubt) = self.doubts.first() {
            return Err(*doubt);
        }
        let unlisted = chosen
            .iter()
            .filter(|index| self.unlisted.binary_search(index).is_ok());
        let intent = |&index: &usize| {
            let row = directory.row(index);
            let user = UserId::from(row.id);
            match row.status {
                Status::Pending => Intent::Withdraw { user },
                _ => Intent::Remove { user },
            }
        };
        Ok(unlisted.map(intent).collect())
    }
}

#[cfg(test)]
mod tests;
