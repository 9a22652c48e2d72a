//! Judging the lines of a review, in slices.

use super::{Line, Review, Verdict};
use crate::directory::{Directory, Status, UserId, email_key};
use crate::email::suggest;
use crate::index::TextMap;
use crate::recipients::Who;
use crate::role::RoleId;

/// A review whose lines are being judged, in order. Review, directory and default roles must stay the
/// same from the first line to the last.
#[derive(Clone, Debug, Default)]
pub struct Judging {
    /// The first line of each person.
    first: TextMap<String, usize>,
    verdicts: Vec<Verdict>,
}

impl Judging {
    /// Judges so many more lines, and tells whether there are more.
    pub fn judge_on(
        &mut self,
        review: &Review,
        directory: &Directory,
        default_roles: &[RoleId],
        most: usize,
    ) -> bool {
        let from = self.verdicts.len();
        let lines = review.lines.get(from..).unwrap_or_default();
        for line in lines.iter().take(most) {
            let verdict = self.verdict(line, directory, default_roles);
            self.verdicts.push(verdict);
        }
        self.verdicts.len() < review.lines.len()
    }

    /// How many lines are judged.
    pub fn count(&self) -> usize {
        self.verdicts.len()
    }

    /// The verdicts, in the order of the lines.
    pub fn finish(self) -> Vec<Verdict> {
        self.verdicts
    }

    fn verdict(&mut self, line: &Line, directory: &Directory, default_roles: &[RoleId]) -> Verdict {
        let found = match &line.who {
            Err(error) => {
                let suggestion = suggest(&line.address);
                return Verdict::Invalid {
                    error: *error,
                    suggestion,
                };
            }
            Ok(Who::Email(email)) => directory.find_email(email.as_str()),
            Ok(Who::User { id, .. }) => match directory.find(id) {
                None => return Verdict::UnknownId,
                found => found,
            },
        };
        let row = found.map(|index| directory.row(index));
        let key = match (&row, &line.who) {
            (Some(row), _) => row.id.to_owned(),
            (None, Ok(Who::Email(email))) => email_key(email.as_str()),
            (None, _) => line.address.clone(),
        };
        let index = self.verdicts.len();
        let of = *self.first.get_or_insert(key, || index);
        if of != index {
            return Verdict::Duplicate { of };
        }
        let roles = match &line.roles {
            Some(Err(error)) => {
                return Verdict::UnknownRole {
                    error: error.clone(),
                };
            }
            Some(Ok(roles)) => roles,
            None => default_roles,
        };
        let Some(row) = row else {
            let suggestion = suggest(&line.address);
            return Verdict::New { suggestion };
        };
        let same = row.roles.len() == roles.len() && row.roles.iter().all(|id| roles.contains(id));
        let (pending, user) = (*row.status == Status::Pending, UserId::from(row.id));
        match (same, pending) {
            // a list that names no role says nothing about the roles of people who have one
            (_, false) if line.roles.is_none() => Verdict::Same { pending },
            (true, false) => Verdict::Same { pending },
            (false, false) => Verdict::OtherRole {
                user,
                held: row.roles.to_vec(),
            },
            (false, true) if line.roles.is_some() => Verdict::OtherRole {
                user,
                held: row.roles.to_vec(),
            },
            (_, true) => Verdict::Pending {
                user,
                held: row.roles.to_vec(),
            },
        }
    }
}
