//! Searching, filtering, counting and sorting the directory.
//!
//! A query is text: words to find in name and address, and `role:owner`, `status:pending`,
//! `domain:example.org`, `scope:workspace`, `created:<2025-01-01`; a `-` in front excludes.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use memchr::memmem::Finder;

use super::fold::fold;
use super::{Directory, Scope, ScopedRole};
use crate::role::RoleId;

/// What to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All must hold; several of one kind that do not exclude mean any of them.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it excludes.
    pub not: bool,
    /// What it asks for.
    pub ask: Ask,
}

/// What a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A folded word in name or address.
    Word(String),
    /// A role, by its key or label, letters and digits only, folded.
    Role(String),
    /// A standing.
    Status(String),
    /// The domain of the address, or a domain above it.
    Domain(String),
    /// A role in a kind of part (`workspace`, `deployment`, `dag`), or in any (`any`).
    Scope(String),
    /// When the user came: before, since or on a day (or month or year) in ISO form.
    Created(When, String),
}

/// How a date is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `<`
    Before,
    /// `>` or `>=`
    Since,
    /// On that day, month or year.
    On,
}

impl Query {
    /// Reads a query; whatever is no condition is a word.
    pub fn parse(text: &str) -> Self {
        let mut terms = Vec::new();
        for (quoted, word) in words(text) {
            let (not, bare) = match word.strip_prefix('-') {
                Some(rest) if !rest.is_empty() && !quoted => (true, rest),
                _ => (false, word),
            };
            let ask = if quoted { None } else { Ask::parse(bare) };
            terms.push(Term {
                not,
                ask: ask.unwrap_or_else(|| Ask::Word(fold(bare))),
            });
        }
        Self { terms }
    }

    /// Whether it shows everybody.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Folded words to mark in what is shown.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        self.terms
            .iter()
            .filter(|term| !term.not)
            .filter_map(|term| match &term.ask {
                Ask::Word(word) => Some(word.as_str()),
                _ => None,
            })
    }

    /// Whether a condition is part of it.
    pub fn has(&self, ask: &Ask) -> bool {
        self.terms.iter().any(|term| !term.not && term.ask == *ask)
    }

    /// The text of a query with a condition added, or taken away if it is there; all else in it stays
    /// as it was typed.
    pub fn toggled(text: &str, ask: &Ask) -> String {
        let term = Term {
            not: false,
            ask: ask.clone(),
        };
        let mut found = false;
        let mut kept = Vec::new();
        for (quoted, word) in words(text) {
            let raw = if quoted {
                format!("\"{word}\"")
            } else {
                word.to_owned()
            };
            if Self::parse(&raw).terms == [term.clone()] {
                found = true;
            } else {
                kept.push(raw);
            }
        }
        if !found {
            kept.push(term.to_string());
        }
        kept.join(" ")
    }
}

impl Ask {
    /// A role by its label or key.
    pub fn role(name: &str) -> Self {
        Self::Role(role_word(name))
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':')?;
        if value.is_empty() {
            return None;
        }
        Some(match name.to_ascii_lowercase().as_str() {
            "role" => Self::role(value),
            "status" => Self::Status(value.to_lowercase()),
            "domain" => Self::Domain(value.trim_start_matches('@').to_lowercase()),
            "scope" => Self::Scope(value.to_lowercase()),
            "created" => {
                let (when, date) = if let Some(date) = value.strip_prefix('<') {
                    (When::Before, date)
                } else if let Some(date) = value.strip_prefix('>') {
                    (When::Since, date.trim_start_matches('='))
                } else {
                    (When::On, value)
                };
                let iso = |c: char| c.is_ascii_digit() || c == '-';
                if date.is_empty() || !date.chars().all(iso) {
                    return None;
                }
                Self::Created(when, date.to_owned())
            }
            _ => return None,
        })
    }
}

fn role_word(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.not {
            f.write_str("-")?;
        }
        match &self.ask {
            Ask::Word(word) if word.contains([' ', ':']) || word.starts_with('-') => {
                write!(f, "\"{word}\"")
            }
            Ask::Word(word) => f.write_str(word),
            Ask::Role(role) => write!(f, "role:{role}"),
            Ask::Status(status) => write!(f, "status:{status}"),
            Ask::Domain(domain) => write!(f, "domain:{domain}"),
            Ask::Scope(scope) => write!(f, "scope:{scope}"),
            Ask::Created(When::Before, date) => write!(f, "created:<{date}"),
            Ask::Created(When::Since, date) => write!(f, "created:>{date}"),
            Ask::Created(When::On, date) => write!(f, "created:{date}"),
        }
    }
}

/// Splits at white space outside double quotes; tells which parts began with a quote.
fn words(text: &str) -> Vec<(bool, &str)> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (quoted, word, after) = if first == '"' {
            let inner = &rest[1..];
            let end = inner.find('"').unwrap_or(inner.len());
            (true, &inner[..end], inner.get(end + 1..).unwrap_or(""))
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (false, &rest[..end], &rest[end..])
        };
        if !word.is_empty() {
            words.push((quoted, word));
        }
        rest = after.trim_start();
    }
    words
}

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
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Indices of the users, in the order asked for.
    pub rows: Vec<u32>,
    /// Counts.
    pub facets: Facets,
}

/// Kinds of conditions, as bits: a user fails some of them.
mod kind {
    pub(super) const ROLE: u8 = 1;
    pub(super) const STATUS: u8 = 2;
    pub(super) const DOMAIN: u8 = 4;
    pub(super) const SCOPE: u8 = 8;
    pub(super) const REST: u8 = 16;
}

/// One sort for all orders: each of its own would be compiled anew.
fn sort(rows: &mut [u32], order: &dyn Fn(usize, usize) -> Ordering) {
    rows.sort_by(|&a, &b| order(a as usize, b as usize));
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
        self.fail_rest(query, &mut failed);
        let passes = |row: &u32| failed.get(*row as usize) == Some(&0);
        let rows = match order {
            Some(order) => order.iter().copied().filter(passes).collect(),
            None => self.indices().filter(passes).collect(),
        };
        Found {
            facets: self.count(&failed),
            rows,
        }
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

    fn fail_rest(&self, query: &Query, failed: &mut [u8]) {
        for term in &query.terms {
            let holds: &dyn Fn(usize) -> bool = match &term.ask {
                Ask::Created(when, date) => &move |row: usize| {
                    let created = self.created.get(row);
                    !created.is_empty()
                        && match when {
                            When::Before => created < date.as_str(),
                            When::Since => created >= date.as_str(),
                            When::On => created.starts_with(date.as_str()),
                        }
                },
                Ask::Word(_) | Ask::Role(_) | Ask::Status(_) | Ask::Domain(_) | Ask::Scope(_) => {
                    continue;
                }
            };
            for (row, fails) in failed.iter_mut().enumerate() {
                if holds(row) == term.not {
                    *fails |= kind::REST;
                }
            }
        }
    }

    fn count(&self, failed: &[u8]) -> Facets {
        let mut sets = vec![0_usize; self.role_sets().len()];
        let mut statuses = vec![0_usize; self.statuses().len()];
        let mut domains: HashMap<&str, usize> = HashMap::new();
        let mut scopes = [Scope::Workspace, Scope::Deployment, Scope::Dag].map(|it| (it, 0));
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
            if fails & !kind::DOMAIN == 0 {
                *domains.entry(domain_of(self.emails.get(row))).or_default() += 1;
            }
        }
        let with = |id: &RoleId| {
            let sets = self.role_sets().iter().zip(&sets);
            sets.filter(|(set, _)| set.contains(id))
                .map(|(_, n)| n)
                .sum()
        };
        let mut folded: HashMap<String, usize> = HashMap::new();
        for (domain, n) in domains {
            *folded.entry(domain.to_lowercase()).or_default() += n;
        }
        let mut domains: Vec<(String, usize)> = folded.into_iter().collect();
        domains.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
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
        }
    }

    /// Whether a role is meant by a word of a query: its key, with or without the service's prefix, or
    /// its label.
    fn role_is(&self, id: &RoleId, word: &str) -> bool {
        let Some(role) = self.role(id) else {
            return role_word(id.as_str()) == word;
        };
        let key = role_word(&role.key);
        key == word
            || role_word(&role.label) == word
            || key.strip_prefix("organization") == Some(word)
    }
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

#[cfg(test)]
mod tests {
    use super::super::tests::{put, user};
    use super::super::{Scope, ScopedRole, Status, User};
    use super::*;
    use crate::service::Service;

    fn directory() -> Directory {
        let mut directory = Directory::new(Service::Astro.known_roles());
        let asleep = || Status::Other("ASLEEP".to_owned());
        let people = [
            (
                "Björn Müller",
                "ORGANIZATION_OWNER",
                Status::Active,
                "bjorn@cosmic.example",
            ),
            (
                "Ada Okafor",
                "ORGANIZATION_MEMBER",
                Status::Active,
                "ada@Cosmic.example",
            ),
            (
                "",
                "ORGANIZATION_MEMBER",
                Status::Pending,
                "casey@partner.example",
            ),
            (
                "Łucja Nowak",
                "ORGANIZATION_BILLING_ADMIN",
                asleep(),
                "lucja@eu.cosmic.example",
            ),
        ];
        for ((name, role, status, email), n) in people.into_iter().zip(1..) {
            put(
                &mut directory,
                User {
                    status,
                    email: email.to_owned(),
                    ..user(n, name, role)
                },
            );
        }
        let scoped = ScopedRole {
            scope: Scope::Workspace,
            of: "w".to_owned(),
            role: "X".to_owned(),
        };
        put(
            &mut directory,
            User {
                scoped: vec![scoped],
                ..user(20, "Zoë", "ORGANIZATION_MEMBER")
            },
        );
        directory
    }

    fn found(text: &str) -> Vec<u32> {
        directory().find_all(&Query::parse(text), None).rows
    }

    const NOBODY: [u32; 0] = [];

    #[test]
    fn words_are_found_in_name_and_address_without_case_and_accents() {
        assert_eq!(found("muller"), [0]);
        assert_eq!(found("MÜLLER bjo"), [0]);
        assert_eq!(found("lucja nowak"), [3]);
        assert_eq!(found("cosmic"), [0, 1, 3]);
        assert_eq!(found("\"ada ok\""), [1]);
        assert_eq!(found("cosmic -muller"), [1, 3]);
        assert_eq!(found("exampleada"), NOBODY, "a match never crosses rows");
        assert_eq!(found(""), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn conditions() {
        assert_eq!(found("role:owner"), [0]);
        assert_eq!(found("role:owner role:billing-admin"), [0, 3]);
        assert_eq!(found("role:ORGANIZATION_MEMBER"), [1, 2, 4]);
        assert_eq!(found("-role:member"), [0, 3]);
        assert_eq!(found("status:pending"), [2]);
        assert_eq!(found("status:asleep"), [3]);
        assert_eq!(found("domain:cosmic.example"), [0, 1, 3]);
        assert_eq!(found("domain:smic.example"), NOBODY);
        assert_eq!(
            found("domain:cosmic.example -domain:eu.cosmic.example"),
            [0, 1]
        );
        assert_eq!(found("created:<2025-01-04"), [0, 1]);
        assert_eq!(found("created:>2025-01-05"), [3, 4]);
        assert_eq!(found("created:2025-01-21"), [4]);
        assert_eq!(found("scope:workspace"), [4]);
        assert_eq!(found("-scope:any"), [0, 1, 2, 3]);
    }

    #[test]
    fn a_query_is_text_there_and_back() {
        for text in [
            "role:owner müller",
            "-status:pending \"a b\" created:<2025-01-01",
            "domain:x.example scope:dag",
            "role:",
            "a:b",
        ] {
            let query = Query::parse(text);
            assert_eq!(Query::parse(&query.to_string()), query, "{text}");
        }
    }

    #[test]
    fn a_condition_comes_and_goes_and_the_rest_stays_as_typed() {
        let owner = Ask::role("Owner");
        assert_eq!(Query::toggled("Müller", &owner), "Müller role:owner");
        assert_eq!(Query::toggled("role:OWNER \"A b\"", &owner), "\"A b\"");
        assert_eq!(
            Query::toggled("", &Ask::Status("pending".to_owned())),
            "status:pending"
        );
    }

    #[test]
    fn facets_leave_their_own_kind_out() {
        let facets = directory()
            .find_all(&Query::parse("role:owner status:active"), None)
            .facets;
        let role = |key: &str| {
            facets
                .roles
                .iter()
                .find(|(id, _)| id.as_str() == key)
                .unwrap()
                .1
        };
        assert_eq!(
            (role("ORGANIZATION_OWNER"), role("ORGANIZATION_MEMBER")),
            (1, 2)
        );
        assert_eq!(facets.statuses[0], ("active".to_owned(), 1));
        let domains = directory().find_all(&Query::default(), None).facets.domains;
        assert!(domains.contains(&("cosmic.example".to_owned(), 2)));
    }

    #[test]
    fn sorts_by_several_columns() {
        let directory = directory();
        let by = |column, descending| SortKey { column, descending };
        assert_eq!(directory.order(&[by(Column::User, false)]), [1, 0, 2, 3, 4]);
        let keys = [by(Column::Role, false), by(Column::User, true)];
        assert_eq!(directory.order(&keys), [0, 3, 4, 2, 1]);
        let order = directory.order(&[by(Column::Created, true)]);
        assert_eq!(
            directory
                .find_all(&Query::parse("role:member"), Some(&order))
                .rows,
            [4, 2, 1]
        );
    }
}
