//! Who passes a query, in which order, and how many there are of each kind.

use std::cmp::Ordering;

use memchr::memmem::Finder;

use super::{Ask, Query, Term, When, role_word};
use crate::directory::fold::fold;
use crate::directory::{Directory, Scope, ScopedRole};
use crate::index::TextMap;
use crate::letters::lower_text;
use crate::role::{Role, RoleId};

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// Name, or address where there is none.
    User,
    /// Mightiest role.
    Role,
    /// Standing.
    Status,
    /// When the user came.
    Created,
}

/// A column with a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// Which.
    pub column: Column,
    /// Whether from the end.
    pub descending: bool,
}

/// How many users there are of each kind, each counted with all conditions but those of its own kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By role id; users with two roles count twice.
    pub roles: Vec<(RoleId, usize)>,
    /// By standing, as its word.
    pub statuses: Vec<(String, usize)>,
    /// By domain, the most frequent first; at most 50.
    pub domains: Vec<(String, usize)>,
    /// By kind of part in which a user has a role; users with roles in several kinds count in each.
    pub scopes: Vec<(Scope, usize)>,
    /// By the month in which they came (`2025-01`), the first one first; users without a date count in
    /// none, and months without users are left out.
    pub months: Vec<(String, usize)>,
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Indices of the users, in the order asked for.
    pub rows: Vec<u32>,
    /// Which kinds of conditions each user fails, for [`Directory::facets`].
    failed: Vec<u8>,
}

/// Kinds of conditions, as bits: a user fails some of them.
mod kind {
    pub(super) const ROLE: u8 = 1;
    pub(super) const STATUS: u8 = 2;
    pub(super) const DOMAIN: u8 = 4;
    pub(super) const SCOPE: u8 = 8;
    pub(super) const CREATED: u8 = 16;
    pub(super) const REST: u8 = 32;
}

/// One sort for all orders: each of its own would be compiled anew.
fn sort(rows: &mut [u32], order: &dyn Fn(usize, usize) -> Ordering) {
    rows.sort_by(|&a, &b| order(a as usize, b as usize));
}

/// Things in an order, by that one sort; equal ones stay as they are.
pub(in crate::directory) fn ordered<T>(
    things: Vec<T>,
    order: &dyn Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let mut places: Vec<u32> = (0..).take(things.len()).collect();
    sort(&mut places, &|a, b| order(&things[a], &things[b]));
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    let places = places.into_iter();
    places
        .filter_map(|place| things[place as usize].take())
        .collect()
}

impl Directory {
    fn indices(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.len()).expect("a column holds less than 4 GiB, so fewer rows")
    }

    /// Indices of all users in an order; equal ones keep the service's order.
    pub fn order(&self, keys: &[SortKey]) -> Vec<u32> {
        let mut rows: Vec<u32> = self.indices().collect();
        // one small number per set of roles, so that comparing is cheap
        let mightiest = |set: &[RoleId]| {
            let ranks = set.iter().filter_map(|id| self.role(id)).map(|it| it.rank);
            ranks.min().unwrap_or(u16::MAX)
        };
        let rank: Vec<u16> = self.role_sets().iter().map(|set| mightiest(set)).collect();
        for key in keys.iter().rev() {
            // Turned round before and after, so that equal ones keep their order in both directions.
            if key.descending {
                rows.reverse();
            }
            match key.column {
                Column::User => {
                    let titles: Vec<String> = self
                        .indices()
                        .map(|row| fold(self.row(row as usize).title()))
                        .collect();
                    sort(&mut rows, &|a, b| titles[a].cmp(&titles[b]));
                }
                Column::Role => sort(&mut rows, &|a, b| {
                    rank[self.role_set_of(a)].cmp(&rank[self.role_set_of(b)])
                }),
                Column::Status => {
                    let status = |row| self.statuses()[self.status_of(row)].as_str();
                    sort(&mut rows, &|a, b| status(a).cmp(status(b)));
                }
                Column::Created => sort(&mut rows, &|a, b| {
                    self.created.get(a).cmp(self.created.get(b))
                }),
            }
            if key.descending {
                rows.reverse();
            }
        }
        rows
    }

    /// Finds users; `order` as [`order`](Self::order) gave it, or `None` for the service's.
    pub fn find_all(&self, query: &Query, order: Option<&[u32]>) -> Found {
        let mut failed = vec![0_u8; self.len()];
        self.fail_words(query, &mut failed);
        self.fail_sets(query, &mut failed);
        self.fail_domains(query, &mut failed);
        self.fail_scopes(query, &mut failed);
        self.fail_created(query, &mut failed);
        let passes = |row: &u32| failed.get(*row as usize) == Some(&0);
        let rows = match order {
            Some(order) => order.iter().copied().filter(passes).collect(),
            None => self.indices().filter(passes).collect(),
        };
        Found { rows, failed }
    }

    fn fail_words(&self, query: &Query, failed: &mut [u8]) {
        let (text, ends) = (self.folded.whole().as_bytes(), self.folded.ends());
        for term in &query.terms {
            let Ask::Word(word) = &term.ask else { continue };
            let finder = Finder::new(word.as_bytes());
            // One pass over all texts; a match that crosses the end of a row is none.
            let mut hit = vec![false; failed.len()];
            let (mut next, mut row) = (0, 0);
            while let Some(at) = finder.find(&text[next..]).map(|at| next + at) {
                while ends.get(row).is_some_and(|&end| end as usize <= at) {
                    row += 1;
                }
                let Some(&end) = ends.get(row) else { break };
                if at + word.len() <= end as usize {
                    hit[row] = true;
                    next = end as usize;
                } else {
                    next = at + 1;
                }
            }
            for (fails, hit) in failed.iter_mut().zip(hit) {
                if hit == term.not {
                    *fails |= kind::REST;
                }
            }
        }
    }

    fn fail_sets(&self, query: &Query, failed: &mut [u8]) {
        let roles = verdicts(query, self.role_sets().len(), |ask, set| match ask {
            Ask::Role(word) => Some(
                self.role_sets()[set]
                    .iter()
                    .any(|id| self.role_is(id, word)),
            ),
            _ => None,
        });
        let statuses = verdicts(query, self.statuses().len(), |ask, status| match ask {
            Ask::Status(word) => Some(self.statuses()[status].as_str().eq_ignore_ascii_case(word)),
            _ => None,
        });
        if !roles.contains(&false) && !statuses.contains(&false) {
            return;
        }
        for (row, fails) in failed.iter_mut().enumerate() {
            if !roles[self.role_set_of(row)] {
                *fails |= kind::ROLE;
            }
            if !statuses[self.status_of(row)] {
                *fails |= kind::STATUS;
            }
        }
    }

    fn fail_domains(&self, query: &Query, failed: &mut [u8]) {
        if !query
            .terms
            .iter()
            .any(|term| matches!(term.ask, Ask::Domain(_)))
        {
            return;
        }
        for (row, fails) in failed.iter_mut().enumerate() {
            let domain = domain_of(self.emails.get(row));
            let verdict = verdicts(query, 1, |ask, _| match ask {
                Ask::Domain(asked) => Some(within(domain, asked)),
                _ => None,
            });
            if verdict != [true] {
                *fails |= kind::DOMAIN;
            }
        }
    }

    fn fail_scopes(&self, query: &Query, failed: &mut [u8]) {
        let asked = |term: &Term| matches!(term.ask, Ask::Scope(_));
        if !query.terms.iter().any(asked) {
            return;
        }
        for (row, fails) in failed.iter_mut().enumerate() {
            let scoped = self.scoped[row].as_deref().unwrap_or_default();
            let verdict = verdicts(query, 1, |ask, _| match ask {
                Ask::Scope(word) => {
                    let fits = |it: &ScopedRole| word == "any" || it.scope.as_str() == word;
                    Some(scoped.iter().any(fits))
                }
                _ => None,
            });
            if verdict != [true] {
                *fails |= kind::SCOPE;
            }
        }
    }

    fn fail_created(&self, query: &Query, failed: &mut [u8]) {
        for term in &query.terms {
            let Ask::Created(when, date) = &term.ask else {
                continue;
            };
            let date = date.as_str();
            for (row, fails) in failed.iter_mut().enumerate() {
                let created = self.created.get(row);
                let holds = !created.is_empty()
                    && match when {
                        When::Before => created < date,
                        When::Since => created >= date,
                        When::On => created.starts_with(date),
                    };
                if holds == term.not {
                    *fails |= kind::CREATED;
                }
            }
        }
    }

    /// Counts what a search found. Users who came or went since then are counted with the next search.
    pub fn facets(&self, found: &Found) -> Facets {
        let failed = found.failed.get(..self.len()).unwrap_or(&found.failed);
        let mut sets = vec![0_usize; self.role_sets().len()];
        let mut statuses = vec![0_usize; self.statuses().len()];
        let mut domains: TextMap<&str, usize> = TextMap::default();
        let mut scopes = [Scope::Workspace, Scope::Deployment, Scope::Dag].map(|it| (it, 0));
        let mut months: Vec<(&str, usize)> = Vec::new();
        let mut latest = 0;
        for (row, &fails) in failed.iter().enumerate() {
            if fails & !kind::ROLE == 0 {
                sets[self.role_set_of(row)] += 1;
            }
            if fails & !kind::STATUS == 0 {
                statuses[self.status_of(row)] += 1;
            }
            if fails & !kind::SCOPE == 0
                && let Some(scoped) = &self.scoped[row]
            {
                for (scope, n) in &mut scopes {
                    *n += usize::from(scoped.iter().any(|it| it.scope == *scope));
                }
            }
            if fails & !kind::CREATED == 0
                && let Some(month) = month_of(self.created.get(row))
            {
                // users mostly come in the order of their dates
                if months.get(latest).is_none_or(|it| it.0 != month) {
                    latest = months.partition_point(|it| it.0 < month);
                    if months.get(latest).is_none_or(|it| it.0 != month) {
                        months.insert(latest, (month, 0));
                    }
                }
                months[latest].1 += 1;
            }
            if fails & !kind::DOMAIN == 0 {
                *domains.get_or_insert(domain_of(self.emails.get(row)), || 0) += 1;
            }
        }
        let with = |id: &RoleId| {
            let sets = self.role_sets().iter().zip(&sets);
            sets.filter(|(set, _)| set.contains(id))
                .map(|(_, n)| n)
                .sum()
        };
        let mut folded = TextMap::default();
        for (domain, n) in domains.into_entries() {
            *folded.get_or_insert(lower_text(domain), || 0) += n;
        }
        let domains: Vec<(String, usize)> = folded.into_entries();
        let mut domains = ordered(domains, &|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        domains.truncate(50);
        Facets {
            roles: self
                .roles()
                .iter()
                .map(|role| (role.id.clone(), with(&role.id)))
                .collect(),
            statuses: self
                .statuses()
                .iter()
                .zip(statuses)
                .map(|(status, n)| (status.as_str().to_owned(), n))
                .collect(),
            domains,
            scopes: scopes.into(),
            months: months
                .into_iter()
                .map(|(month, n)| (month.to_owned(), n))
                .collect(),
        }
    }

    /// Whether a role is meant by a word of a query.
    fn role_is(&self, id: &RoleId, word: &str) -> bool {
        match self.role(id) {
            Some(role) => means(role, word),
            None => role_word(id.as_str()) == word,
        }
    }

    /// The role that [`Ask::Role`] names.
    pub fn role_named(&self, word: &str) -> Option<&Role> {
        self.roles().iter().find(|role| means(role, word))
    }
}

/// Whether a role is meant by a word of a query: its key, with or without the service's prefix, or its
/// label.
fn means(role: &Role, word: &str) -> bool {
    let key = role_word(&role.key);
    key == word || role_word(&role.label) == word || key.strip_prefix("organization") == Some(word)
}

/// For each of `n` values whether it passes: any of those asked for, none of those excluded.
fn verdicts(query: &Query, n: usize, test: impl Fn(&Ask, usize) -> Option<bool>) -> Vec<bool> {
    let verdict = |value| {
        let mut wanted = None;
        for term in &query.terms {
            match test(&term.ask, value) {
                Some(true) if term.not => return false,
                Some(holds) if !term.not => wanted = Some(wanted.unwrap_or(false) || holds),
                _ => {}
            }
        }
        wanted.unwrap_or(true)
    };
    (0..n).map(verdict).collect()
}

/// The month of a date in ISO form.
fn month_of(date: &str) -> Option<&str> {
    let month = date.get(..7)?;
    let digit = |at: usize| month.as_bytes()[at].is_ascii_digit();
    let iso = month.as_bytes()[4] == b'-' && [0, 1, 2, 3, 5, 6].into_iter().all(digit);
    iso.then_some(month)
}

/// What stands behind the last `@`.
fn domain_of(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, domain)| domain)
}

fn within(domain: &str, asked: &str) -> bool {
    let (domain, asked) = (domain.as_bytes(), asked.as_bytes());
    let Some(start) = domain.len().checked_sub(asked.len()) else {
        return false;
    };
    domain[start..].eq_ignore_ascii_case(asked) && (start == 0 || domain[start - 1] == b'.')
}
