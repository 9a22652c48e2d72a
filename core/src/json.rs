//! JSON as a tree, and how values are read from it.
//!
//! One parser (`text.rs`) fills one kind of tree, and every wire struct asks it for fields by name
//! (`#[derive(FromJson)]`). serde's own `Deserialize` writes a state machine for each struct and each kind
//! of deserializer, much more WebAssembly; the derive implements it too, by way of the tree, so that
//! `serde_json::from_slice` and whoever else reads through serde go on working.
//!
//! Objects keep the order of their fields, and text without escapes is borrowed from the input.

use std::borrow::Cow;
use std::fmt;

pub use rolecall_derive::{FromJson, ToJson};
#[doc(hidden)]
pub use serde;

mod error;
mod misfit;
mod parse;
mod rest;
mod text;
mod values;
mod writing;

pub use error::Error;
pub use misfit::Misfit;
pub use rest::Rest;
pub use writing::{ToJson, Writer, Written, to_text};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number that is not negative.
    Whole(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number, as it is written: what is only passed on stays what it was.
    Number(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object; a name that comes twice is there twice, and the last one counts.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// A value that can be read from JSON.
pub trait FromJson: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// If the JSON is something else: what, and where.
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit>;

    /// What it is where a field is absent; `None` if the field must be there.
    fn absent() -> Option<Self> {
        None
    }

    /// Reads it from the fields of the object which holds it; `known` are the names of its neighbours.
    ///
    /// # Errors
    /// As `from_json`.
    fn flat(fields: Fields<'_>, _known: &[&str]) -> Result<Self, Misfit> {
        Self::from_json(fields.json)
    }
}

/// Reads a value from JSON text.
///
/// # Errors
/// If the text is not JSON, or not that value's.
pub fn from_slice<T: FromJson>(text: &[u8]) -> Result<T, Error> {
    let json = Json::parse(text)?;
    T::from_json(&json).map_err(|misfit| Error::of(&misfit, &json))
}

/// A value that may be of another kind than this program knows: it is then none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfKnown<T>(pub Option<T>);

impl<T: FromJson> FromJson for IfKnown<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        Ok(Self(T::from_json(json).ok()))
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

/// Reads a value through serde, whatever the format: the derive's `Deserialize`.
///
/// # Errors
/// If the input is not that value's.
pub fn deserialize<'de, T: FromJson, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let json = <Json<'de> as serde::Deserialize<'de>>::deserialize(deserializer)?;
    T::from_json(&json).map_err(|misfit| serde::de::Error::custom(misfit.told(&json)))
}

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'j> {
    json: &'j Json<'j>,
    pairs: &'j [(Cow<'j, str>, Json<'j>)],
}

impl<'a> Json<'a> {
    /// Parses a whole text.
    ///
    /// # Errors
    /// If it is not JSON.
    pub fn parse(text: &'a [u8]) -> Result<Self, Error> {
        text::parse(text)
    }

    /// The fields, if it is an object.
    ///
    /// # Errors
    /// If it is something else.
    pub fn fields(&self) -> Result<Fields<'_>, Misfit> {
        match self {
            Self::Object(pairs) => Ok(Fields { json: self, pairs }),
            other => Err(Misfit::expected("an object", other)),
        }
    }

    /// The text, if it is one.
    ///
    /// # Errors
    /// If it is something else.
    pub fn word(&self) -> Result<&str, Misfit> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(Misfit::expected("a text", other)),
        }
    }

    /// A variant of an enum: a word, or an object with one field, whose name says which it is.
    ///
    /// # Errors
    /// If it is something else.
    pub fn variant(&self) -> Result<(&str, &Json<'a>), Misfit> {
        match self {
            Self::Text(text) => Ok((text, &Self::Null)),
            Self::Object(pairs) if pairs.len() == 1 => Ok((&pairs[0].0, &pairs[0].1)),
            other => Err(Misfit::expected("a word or an object of one field", other)),
        }
    }

    /// The field of a name, if it is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        match self {
            Self::Object(pairs) => pairs
                .iter()
                .rfind(|(key, _)| key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The field of a name in whatever case, if it is an object that has it.
    pub fn get_in_any_case(&self, name: &str) -> Option<&Json<'a>> {
        match self {
            Self::Object(pairs) => pairs
                .iter()
                .rfind(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// What kind of value it is, in words.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a yes or no",
            Self::Whole(_) | Self::Negative(_) | Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'j> Fields<'j> {
    #[inline(never)]
    fn find(self, names: &[&str]) -> Option<&'j Json<'j>> {
        self.pairs
            .iter()
            .rfind(|(key, _)| names.contains(&key.as_ref()))
            .map(|(_, value)| value)
    }

    /// Reads a field which goes by any of these names.
    ///
    /// # Errors
    /// If it is absent or something else.
    #[inline(never)]
    pub fn get<T: FromJson>(self, names: &[&str]) -> Result<T, Misfit> {
        match self.find(names) {
            Some(json) => T::from_json(json),
            None => T::absent().ok_or_else(|| Misfit::missing(names[0], self.json)),
        }
    }

    /// Reads a field that may be absent and goes by any of these names.
    ///
    /// # Errors
    /// If it is something else.
    #[inline(never)]
    pub fn get_or<T: FromJson>(
        self,
        names: &[&str],
        fallback: impl FnOnce() -> T,
    ) -> Result<T, Misfit> {
        match self.find(names) {
            Some(json) => T::from_json(json),
            None => Ok(fallback()),
        }
    }

    /// Reads a part whose fields stand among these.
    ///
    /// # Errors
    /// If they are something else.
    pub fn flat<T: FromJson>(self, known: &[&str]) -> Result<T, Misfit> {
        T::flat(self, known)
    }

    /// The word in a field, which says what kind of value the whole is.
    ///
    /// # Errors
    /// If it is absent or something else.
    #[inline(never)]
    pub fn tag(self, name: &str) -> Result<(&'j str, &'j Json<'j>), Misfit> {
        let tag = self.find(&[name]);
        let tag = tag.ok_or_else(|| Misfit::missing(name, self.json))?;
        Ok((tag.word()?, tag))
    }
}

impl fmt::Display for Json<'_> {
    /// What it is, without what is in it: answers of services may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

#[cfg(test)]
mod tests;
