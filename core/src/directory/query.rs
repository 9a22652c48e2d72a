//! Searching, filtering, counting and sorting the directory.
//!
//! A query is text: words to find in name and address, and `role:owner`, `status:pending`,
//! `domain:example.org`, `scope:workspace`, `created:<2025-01-01`; a `-` in front excludes.

use std::fmt;

pub(super) use self::find::ordered;
pub use self::find::{Column, Facets, Found, SortKey};
use super::fold::fold;
use crate::letters::{is_letter, lower_text};

mod find;

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
        for Part { not, quoted, word } in parts(text) {
            let (not, bare) = match word.strip_prefix('-') {
                Some(rest) if !rest.is_empty() && !quoted => (true, rest),
                _ => (not, word),
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
        let there = typed(text).any(|it| Self::parse(&it).terms == [term.clone()]);
        let mut kept = Self::without(text, &term);
        if !there {
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(&term.to_string());
        }
        kept
    }

    /// The text of a query without a condition, as often as it is there; all else in it stays as it
    /// was typed.
    pub fn without(text: &str, term: &Term) -> String {
        let one = std::slice::from_ref(term);
        let kept = typed(text).filter(|it| Self::parse(it).terms != one);
        kept.collect::<Vec<_>>().join(" ")
    }

    /// Conditions that are more than a word to find, each once, in the order in which they were typed.
    pub fn conditions(&self) -> Vec<&Term> {
        let mut conditions = Vec::new();
        for term in &self.terms {
            let plain = matches!(term.ask, Ask::Word(_)) && !term.not;
            if !plain && !conditions.contains(&term) {
                conditions.push(term);
            }
        }
        conditions
    }
}

/// The parts of a query's text, as they were typed.
fn typed(text: &str) -> impl Iterator<Item = String> {
    parts(text).into_iter().map(|part| {
        let (sign, word) = (if part.not { "-" } else { "" }, part.word);
        match part.quoted {
            true => format!("{sign}\"{word}\""),
            false => word.to_owned(),
        }
    })
}

impl Ask {
    /// A role by its label or key.
    pub fn role(name: &str) -> Self {
        Self::Role(role_word(name))
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':')?;
        let value = value.trim_matches('"');
        if value.is_empty() {
            return None;
        }
        Some(match name.to_ascii_lowercase().as_str() {
            "role" => Self::role(value),
            "status" => Self::Status(lower_text(value)),
            "domain" => Self::Domain(lower_text(value.trim_start_matches('@'))),
            "scope" => Self::Scope(lower_text(value)),
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
    fold(text).chars().filter(|&c| is_letter(c)).collect()
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

/// A part of a query's text.
struct Part<'t> {
    /// Whether a `-` stands in front of its quotes.
    not: bool,
    /// Whether quotes stand around it.
    quoted: bool,
    /// What stands in it.
    word: &'t str,
}

/// Splits at white space outside double quotes.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let not = rest.starts_with("-\"");
        let quote = usize::from(not);
        let quoted = rest[quote..].starts_with('"');
        let (word, after) = if quoted {
            let inner = &rest[quote + 1..];
            let end = inner.find('"').unwrap_or(inner.len());
            (&inner[..end], inner.get(end + 1..).unwrap_or(""))
        } else {
            let mut end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            // `role:"Billing admin"` is one condition
            if let Some(opening) = rest[..end].find(":\"")
                && let Some(closing) = rest[opening + 2..].find('"')
            {
                end = opening + 2 + closing + 1;
            }
            (&rest[..end], &rest[end..])
        };
        if !word.is_empty() {
            parts.push(Part { not, quoted, word });
        }
        rest = after.trim_start();
    }
    parts
}

#[cfg(test)]
mod tests;
