//! What somebody decided about lines of a list, apart from the list: it stays while the text around it is edited.

use super::Review;
use crate::email::Mapping;
use crate::index::TextMap;
use crate::json::{FromJson, ToJson};
use crate::role::RoleId;

/// What somebody decided about a line.
#[derive(Clone, Debug, PartialEq, Eq, ToJson, FromJson)]
pub struct Decided {
    /// What stands for the line in the text.
    written: String,
    /// Its address, as written or edited.
    address: String,
    /// Its roles, as far as they are such: an empty list is the default, none is what is written.
    roles: Option<Vec<RoleId>>,
    /// Whether it is sent, if not what is done by itself.
    goes: Option<bool>,
}

impl Review {
    /// What was decided about lines of this text, which the review was read from.
    pub fn decided(&self, text: &str) -> Vec<Decided> {
        let lines = self.lines.iter();
        let decided = lines.filter(|line| line.mended || line.decision.is_some());
        let apart = |line: &super::Line| {
            Some(Decided {
                written: text.get(line.span.clone())?.to_owned(),
                address: line.address.clone(),
                roles: line.roles.clone().map_or(Some(Vec::new()), Result::ok),
                goes: line.decision,
            })
        };
        decided.filter_map(apart).collect()
    }

    /// Has lines of this text, which the review was read from, be as they were when they stood in another one: each
    /// takes over what was decided about one that was written alike.
    pub fn take_over(&mut self, text: &str, decided: Vec<Decided>, mapping: &impl Mapping) {
        let mut by_text: TextMap<String, Vec<Decided>> = TextMap::default();
        // the last is taken first
        for decided in decided.into_iter().rev() {
            let written = decided.written.clone();
            by_text.get_or_insert(written, Vec::new).push(decided);
        }
        for index in 0..self.lines.len() {
            let line = &self.lines[index];
            let written = text.get(line.span.clone()).unwrap_or_default();
            let Some(before) = by_text.get_mut(written).and_then(Vec::pop) else {
                continue;
            };
            let has_roles = match &line.roles {
                None => Some(&[] as &[RoleId]),
                Some(Ok(roles)) => Some(roles.as_slice()),
                Some(Err(_)) => None,
            };
            let given = before.roles.filter(|it| has_roles != Some(it.as_slice()));
            if line.address != before.address {
                self.edit(index, &before.address, mapping);
            }
            if let Some(roles) = given {
                self.give(index, &roles);
            }
            self.lines[index].decision = before.goes;
        }
    }
}
