//! Why JSON is not the value that was wanted.

use std::fmt;

use super::Json;

/// What is wrong, and where: `users[3].status: expected a text, found a number`.
///
/// It never holds a value of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    place: String,
    what: String,
}

impl Misfit {
    fn new(what: String) -> Self {
        let place = String::new();
        Self(Box::new(Inner { place, what }))
    }

    /// Another kind of value stands there.
    pub fn expected(wanted: &str, found: &Json<'_>) -> Self {
        Self::new(["expected ", wanted, ", found ", found.kind()].concat())
    }

    /// A field is absent.
    pub fn missing(name: &'static str) -> Self {
        Self::new(["missing field `", name, "`"].concat())
    }

    /// A word that is none of those there are. It is shown if it looks like one.
    pub fn unknown(word: &str) -> Self {
        let plain =
            word.len() <= 40 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let word = if plain { word } else { "…" };
        Self::new(["unknown word `", word, "`"].concat())
    }

    /// None of the shapes that the value can have.
    pub fn other(found: &Json<'_>) -> Self {
        Self::expected("another shape", found)
    }

    /// What the value's own rules say.
    pub fn because(error: impl fmt::Display) -> Self {
        Self::new(error.to_string())
    }

    /// The same, seen from the object that has it in a field.
    #[must_use]
    pub fn under(mut self, name: &str) -> Self {
        let place = &mut self.0.place;
        if !(place.is_empty() || place.starts_with('[')) {
            place.insert(0, '.');
        }
        place.insert_str(0, name);
        self
    }

    /// The same, seen from the list that has it as an entry.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.under(&["[", &index.to_string(), "]"].concat())
    }

    /// The same as an error of the reader of text.
    pub(super) fn into_serde(self) -> serde_json::Error {
        serde::de::Error::custom(self)
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { place, what } = &*self.0;
        if !place.is_empty() {
            f.write_str(place)?;
            f.write_str(": ")?;
        }
        f.write_str(what)
    }
}

impl std::error::Error for Misfit {}
