//! Reading a list for its review, in slices.

use super::{Line, Review};
use crate::email::Mapping;
use crate::recipients::{self, Entry, InvalidEntry, NamedRole, Options, Who};
use crate::role::{Role, RoleId};

/// A list that is being read for its review.
pub struct Reading<'t, M> {
    text: &'t str,
    mapping: &'t M,
    list: recipients::Reading<'t, M>,
    lines: Vec<Line>,
}

impl<'t, M: Mapping> Reading<'t, M> {
    /// Reads nothing yet; `roles` are those of the organization.
    pub fn new(text: &'t str, roles: &'t [Role], max_entries: usize, mapping: &'t M) -> Self {
        let options = Options {
            roles,
            max_entries,
            ..Options::default()
        };
        Self {
            text,
            mapping,
            list: recipients::Reading::new(text, &options, mapping),
            lines: Vec::new(),
        }
    }

    /// Reads so many more lines of the text, and tells whether there may be more.
    pub fn read_on(&mut self, most: usize) -> bool {
        let more = self.list.read_on(most);
        for entry in &self.list.entries()[self.lines.len()..] {
            self.lines.push(line(self.text, entry, self.mapping));
        }
        more
    }

    /// How many lines of the review there are already.
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// The review of what was read.
    pub fn finish(self) -> Review {
        Review {
            lines: self.lines,
            left_out: self.list.finish().left_out,
        }
    }
}

fn line(text: &str, entry: &Entry, mapping: &impl Mapping) -> Line {
    let address = text[entry.address.clone()].trim();
    let ids = |roles: &Vec<NamedRole>| roles.iter().map(role_id).collect();
    Line {
        number: entry.line,
        address: address.to_owned(),
        span: entry.span.clone(),
        roles: match &entry.recipient {
            Ok(recipient) if recipient.roles.is_empty() => None,
            Ok(recipient) => Some(Ok(ids(&recipient.roles))),
            Err(InvalidEntry::Role(error)) => Some(Err(error.clone())),
            Err(InvalidEntry::Email(_)) => match &entry.roles_beside {
                Some(Ok(roles)) => Some(Ok(ids(roles))),
                Some(Err(error)) => Some(Err(error.clone())),
                None => None,
            },
        },
        who: match &entry.recipient {
            Ok(recipient) => Ok(recipient.who.clone()),
            Err(InvalidEntry::Email(error)) => Err(*error),
            Err(InvalidEntry::Role(_)) => match &entry.who_beside {
                Some(who) => Ok(who.clone()),
                None => Who::read(address, mapping),
            },
        },
        decision: None,
        mended: false,
    }
}

fn role_id(role: &NamedRole) -> RoleId {
    match role {
        NamedRole::Known(id) => id.clone(),
        NamedRole::Unchecked(text) => text.as_str().into(),
    }
}
