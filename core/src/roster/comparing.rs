//! Comparing a roster with who is in the organization, in slices.

use super::{Difference, Doubt, Line, NewPerson, OtherRoles, RefusedLine, Roster, WhyRefused};
use crate::directory::{Directory, email_key};
use crate::index::TextMap;
use crate::recipients::Who;
use crate::role::RoleId;

/// A roster that is being compared with a directory: all calls are given the same two, and the
/// directory must not change in between, which [`is_current`](Self::is_current) tells.
pub struct Comparing {
    difference: Difference,
    /// Which users are on the list, by their index.
    listed: Vec<bool>,
    /// The first line of each person, by its place on the list.
    first_lines: TextMap<String, usize>,
    unread: usize,
    next: usize,
}

impl Comparing {
    /// Compares nothing yet.
    pub fn new(directory: &Directory) -> Self {
        Self {
            difference: Difference {
                version: directory.version(),
                ..Difference::default()
            },
            listed: vec![false; directory.len()],
            first_lines: TextMap::default(),
            unread: 0,
            next: 0,
        }
    }

    /// Whether this is the directory with which it was begun, unchanged.
    pub fn is_current(&self, directory: &Directory) -> bool {
        self.difference.version == directory.version()
    }

    /// How many lines have been compared.
    pub fn count(&self) -> usize {
        self.next
    }

    /// Compares so many more lines, and tells whether there are more. People who are new come with
    /// `default_roles` where their line names none.
    pub fn compare_on(
        &mut self,
        roster: &Roster,
        directory: &Directory,
        default_roles: &[RoleId],
        most: usize,
    ) -> bool {
        let end = self.next.saturating_add(most).min(roster.lines.len());
        for place in self.next..end {
            let line = &roster.lines[place];
            let known = match &line.who {
                Some(Who::Email(email)) => directory.find_email(email.as_str()),
                Some(Who::User { id, .. }) => directory.find(id),
                None => None,
            };
            if let Some(listed) = known.and_then(|index| self.listed.get_mut(index)) {
                *listed = true;
            }
            self.unread += usize::from(line.who.is_none());
            if let Err(why) = self.sort_in(place, known, roster, directory, default_roles) {
                self.difference.refused.push(RefusedLine {
                    line: line.number,
                    written: line.written.clone(),
                    why,
                });
            }
        }
        self.next = end;
        end < roster.lines.len()
    }

    /// Puts the line at `place` where it belongs.
    fn sort_in(
        &mut self,
        place: usize,
        known: Option<usize>,
        roster: &Roster,
        directory: &Directory,
        default_roles: &[RoleId],
    ) -> Result<(), WhyRefused> {
        let line = &roster.lines[place];
        let roles = match &line.roles {
            Ok(roles) => roles.as_deref(),
            Err(error) => return Err(WhyRefused::Invalid(error.clone())),
        };
        let row = known.map(|index| (index, directory.row(index)));
        let key = match (&row, &line.who) {
            (Some((_, row)), _) => format!("id {}", row.id),
            (None, Some(Who::Email(email))) => email_key(email.as_str()),
            (None, _) => return Err(WhyRefused::UnknownUser),
        };
        let first = *self.first_lines.get_or_insert(key, || place);
        if first != place {
            return Err(again(roles, &roster.lines[first]));
        }
        match (row, &line.who, roles) {
            (Some((index, row)), _, Some(roles)) if !same_roles(row.roles, roles) => {
                self.difference.re_role.push(OtherRoles {
                    line: line.number,
                    index,
                    user: row.id.into(),
                    roles: roles.to_vec(),
                });
            }
            (Some((index, _)), _, _) => self.difference.unchanged.push(index),
            (None, Some(Who::Email(email)), roles) => self.difference.invite.push(NewPerson {
                line: line.number,
                email: email.clone(),
                roles: roles.unwrap_or(default_roles).to_vec(),
            }),
            (None, _, _) => return Err(WhyRefused::UnknownUser),
        }
        Ok(())
    }

    /// The difference, of the lines that were compared.
    pub fn finish(self, roster: &Roster, directory: &Directory) -> Difference {
        let mut difference = self.difference;
        let unlisted = self
            .listed
            .iter()
            .enumerate()
            .filter(|(_, listed)| !**listed);
        difference.unlisted = unlisted.map(|(index, _)| index).collect();
        difference.doubts = doubts(roster, self.unread, directory);
        difference
    }
}

/// What a line is that names somebody whom an earlier one names.
fn again(roles: Option<&[RoleId]>, first: &Line) -> WhyRefused {
    let same = match &first.roles {
        Ok(Some(other)) => roles.is_none_or(|roles| same_roles(roles, other)),
        _ => roles.is_none(),
    };
    let line = first.number;
    match same {
        true => WhyRefused::Duplicate { line },
        false => WhyRefused::Contradiction { line },
    }
}

fn doubts(roster: &Roster, unread: usize, directory: &Directory) -> Vec<Doubt> {
    let nobody = (roster.lines.len() == unread).then_some(Doubt::Nobody);
    let lines = (unread > 0).then_some(Doubt::UnreadLines { count: unread });
    let left_out = (roster.left_out > 0).then_some(Doubt::LeftOut {
        count: roster.left_out,
    });
    let users = (!directory.is_complete()).then_some(Doubt::UsersUnread);
    [nobody, lines, left_out, users]
        .into_iter()
        .flatten()
        .collect()
}

fn same_roles(a: &[RoleId], b: &[RoleId]) -> bool {
    a.len() == b.len() && a.iter().all(|id| b.contains(id))
}
