//! Reading a roster in slices.

use super::{Line, Roster};
use crate::email::Mapping;
use crate::recipients::{self, Entry, NamedRole, Options};
use crate::role::RoleId;

/// A roster that is being read.
pub struct Reading<'t, M> {
    text: &'t str,
    list: recipients::Reading<'t, M>,
    lines: Vec<Line>,
}

impl<'t, M: Mapping> Reading<'t, M> {
    /// Reads nothing yet. `options` should know the roles of the organization.
    pub fn new(text: &'t str, options: &Options<'t>, mapping: &'t M) -> Self {
        Self {
            text,
            list: recipients::Reading::new(text, options, mapping),
            lines: Vec::new(),
        }
    }

    /// Reads so many more lines of the text, and tells whether there may be more.
    pub fn read_on(&mut self, most: usize) -> bool {
        let more = self.list.read_on(most);
        for entry in &self.list.entries()[self.lines.len()..] {
            self.lines.push(line(self.text, entry));
        }
        more
    }

    /// How many lines of the roster there are already.
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// The roster as far as it was read.
    pub fn finish(self) -> Roster {
        Roster {
            lines: self.lines,
            left_out: self.list.finish().left_out,
        }
    }
}

fn line(text: &str, entry: &Entry) -> Line {
    let written = text[entry.address.clone()].trim();
    let who = match &entry.recipient {
        Ok(recipient) => Some(recipient.who.clone()),
        Err(_) => entry.who_beside.clone(),
    };
    Line {
        number: entry.line,
        written: written.to_owned(),
        who,
        roles: match &entry.recipient {
            Ok(recipient) => {
                let roles = recipient.roles.iter().map(role_id);
                Ok(Some(roles.collect()).filter(|roles: &Vec<_>| !roles.is_empty()))
            }
            Err(error) => Err(error.clone()),
        },
    }
}

fn role_id(role: &NamedRole) -> RoleId {
    match role {
        NamedRole::Known(id) => id.clone(),
        NamedRole::Unchecked(text) => text.as_str().into(),
    }
}
