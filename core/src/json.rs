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
mod object;
mod parse;
mod rest;
mod text;
mod values;
mod writing;

pub use error::Error;
pub use misfit::{Misfit, Misfits};
pub use object::Object;
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
///
/// Reading never stops half-way: what does not fit is noted, and something stands in its place until whoever began
/// sees the note and drops the whole. A way out at each field, which has to let go of what was read before it, is much
/// more WebAssembly.
pub trait FromJson: Sized {
    /// Whether a field may be absent, and is then what is read from `null`.
    const MAY_BE_ABSENT: bool = false;

    /// Reads it, or notes what is something else. `null` always gives some value, noted or not.
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self;

    /// Reads it from the fields of the object which holds it; `known` are the names of its neighbours.
    fn flat(fields: Fields<'_>, _known: &[&str], misfits: &mut Misfits) -> Self {
        Self::read_from(fields.json, misfits)
    }

    /// Reads it.
    ///
    /// # Errors
    /// If the JSON is something else: what, and where.
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        let mut misfits = Misfits::default();
        let read = Self::read_from(json, &mut misfits);
        misfits.first().map_or(Ok(read), Err)
    }
}

/// Reads a value from JSON text.
///
/// # Errors
/// If the text is not JSON, or not that value's.
pub fn from_slice<T: FromJson>(text: &[u8]) -> Result<T, Error> {
    let mut value = None;
    read(text, &mut |json, misfits| {
        value = Some(T::read_from(json, misfits));
    })?;
    Ok(value.expect("JSON that can be read is read"))
}

/// Parses JSON text and has a value read from it. It is one function for all values.
///
/// # Errors
/// If the text is not JSON, or something did not fit.
#[inline(never)]
pub fn read(text: &[u8], read: &mut dyn FnMut(&Json<'_>, &mut Misfits)) -> Result<(), Error> {
    let json = Json::parse(text)?;
    let mut misfits = Misfits::default();
    read(&json, &mut misfits);
    let misfit = misfits.first();
    misfit.map_or(Ok(()), |misfit| Err(Error::of(&misfit, &json)))
}

/// A value that may be of another kind than this program knows: it is then none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfKnown<T>(pub Option<T>);

impl<T: FromJson> FromJson for IfKnown<T> {
    const MAY_BE_ABSENT: bool = true;

    fn read_from(json: &Json<'_>, _: &mut Misfits) -> Self {
        Self(T::from_json(json).ok())
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

    /// The fields; none if it is something else than an object.
    pub fn fields(&self, misfits: &mut Misfits) -> Fields<'_> {
        let pairs: &[_] = match self {
            Self::Object(pairs) => pairs,
            other => {
                misfits.expected("an object", other);
                &[]
            }
        };
        Fields { json: self, pairs }
    }

    /// Has the entries of a list read, one after the other; none if it is something else. One loop goes through the
    /// lists of all kinds of entries.
    #[inline(never)]
    fn each(&self, misfits: &mut Misfits, read: &mut dyn FnMut(&Self, &mut Misfits)) {
        let Self::List(entries) = self else {
            return misfits.expected("a list", self);
        };
        for entry in entries {
            // a list of anything else is not read to its end
            if misfits.is_any() {
                break;
            }
            read(entry, misfits);
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text; an empty one if it is something else.
    pub fn word(&self, misfits: &mut Misfits) -> &str {
        self.text().unwrap_or_else(|| {
            misfits.expected("a text", self);
            ""
        })
    }

    /// A variant of an enum: a word, or an object with one field, whose name says which it is.
    pub fn variant(&self, misfits: &mut Misfits) -> (&str, &Json<'a>) {
        match self {
            Self::Text(text) => (text, &Self::Null),
            Self::Object(pairs) if pairs.len() == 1 => (&pairs[0].0, &pairs[0].1),
            other => {
                misfits.expected("a word or an object of one field", other);
                ("", &Self::Null)
            }
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
    /// The field that goes by any of these names.
    #[inline(never)]
    pub fn find(self, names: &[&str]) -> Option<&'j Json<'j>> {
        self.pairs
            .iter()
            .rfind(|(key, _)| names.contains(&key.as_ref()))
            .map(|(_, value)| value)
    }

    /// The field that goes by any of these names, or `null`, which is noted if it must be there.
    #[inline(never)]
    fn required(self, names: &[&str], may_be_absent: bool, misfits: &mut Misfits) -> &'j Json<'j> {
        self.find(names).unwrap_or_else(|| {
            if !may_be_absent {
                misfits.missing(names[0], self.json);
            }
            &Json::Null
        })
    }

    /// Reads a field which goes by any of these names.
    pub fn get<T: FromJson>(self, names: &[&str], misfits: &mut Misfits) -> T {
        T::read_from(self.required(names, T::MAY_BE_ABSENT, misfits), misfits)
    }

    /// Reads a part whose fields stand among these.
    pub fn flat<T: FromJson>(self, known: &[&str], misfits: &mut Misfits) -> T {
        T::flat(self, known, misfits)
    }

    /// The word in a field, which says what kind of value the whole is, and where it stands.
    #[inline(never)]
    pub fn tag(self, name: &str, misfits: &mut Misfits) -> (&'j str, &'j Json<'j>) {
        let tag = self.required(&[name], false, misfits);
        (tag.word(misfits), tag)
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
