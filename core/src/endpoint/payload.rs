//! What bodies carry, and what a success looks like.

use http::StatusCode;

use super::refusal::{ReadError, Words, misread, no_listing, no_success};
use super::{Answer, lowercase_keys};
use crate::json::{self, FromJson, Json, Misfits, ToJson};

/// How a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As JSON with field names as they stand.
    Json,
    /// As JSON with field names in any spelling: they are lower-cased before.
    AnySpelling,
    /// Not at all.
    Ignored,
}

impl Form {
    /// Parses a body and has it read. It is one function for all values: compiled for each, it was a part of every
    /// operation.
    #[inline(never)]
    fn read(
        self,
        body: &[u8],
        read: &mut dyn FnMut(&Json<'_>, &mut Misfits),
    ) -> Result<(), json::Error> {
        match self {
            Self::Json => json::read(body, read),
            Self::AnySpelling => json::read(&lowercase_keys(body), read),
            Self::Ignored => {
                read(&Json::Null, &mut Misfits::default());
                Ok(())
            }
        }
    }
}

/// What an operation answers when it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Success {
    /// Status of the answer.
    pub status: StatusCode,
    /// How its body is read.
    pub form: Form,
}

impl Success {
    /// Reads an answer, if it is such a success; `words` finds the sentence in another.
    ///
    /// # Errors
    /// If the service refused, or answered with something that the operation never answers.
    #[inline(never)]
    pub(crate) fn read(
        self,
        answer: &Answer,
        words: fn(&[u8]) -> Words,
        read: &mut dyn FnMut(&Json<'_>, &mut Misfits),
    ) -> Result<(), ReadError> {
        if answer.status != self.status.as_u16() {
            return Err(no_success(answer, words));
        }
        let read = self.form.read(&answer.body, read);
        read.map_err(|error| misread(answer, &error))
    }

    /// Reads an answer, if it is such a success, of which `read` makes something; nothing where the call lists nothing
    /// and a listing was to be read.
    ///
    /// # Errors
    /// As above, or if there is nothing.
    pub(crate) fn told<T>(
        self,
        answer: &Answer,
        words: fn(&[u8]) -> Words,
        read: &mut dyn FnMut(&Json<'_>, &mut Misfits) -> Option<T>,
    ) -> Result<T, ReadError> {
        let mut told = None;
        self.read(answer, words, &mut |json, misfits| {
            told = read(json, misfits);
        })?;
        told.ok_or_else(|| no_listing(answer))
    }
}

/// What a body carries.
pub trait Payload: Sized {
    /// The success that carries it; of a request's body only the form counts.
    const SUCCESS: Success;

    /// Reads it from a parsed body, or notes what is something else.
    fn from_parsed(json: &Json<'_>, misfits: &mut Misfits) -> Self;

    /// Reads it from a body.
    ///
    /// # Errors
    /// If the bytes are something else.
    fn decode(body: &[u8]) -> Result<Self, json::Error> {
        let mut value = None;
        let mut take = |json: &Json<'_>, misfits: &mut Misfits| {
            value = Some(Self::from_parsed(json, misfits));
        };
        Self::SUCCESS.form.read(body, &mut take)?;
        Ok(value.expect("a body that can be read is read"))
    }

    /// Writes it as a body; empty where there is none.
    fn encode(&self) -> Vec<u8>;
}

/// Reads JSON with field names as they stand.
///
/// # Errors
/// If the bytes are not that JSON.
pub fn decode_json<T: FromJson>(body: &[u8]) -> Result<T, json::Error> {
    json::from_slice(body)
}

/// Writes JSON.
pub fn encode_json<T: ToJson>(value: &T) -> Vec<u8> {
    json::to_text(value).into_bytes()
}

/// Implements [`Payload`] for wire structs: JSON, read in a [`Form`].
macro_rules! payload {
    ($($name:ty),+ $(,)?; $form:ident) => {$(
        impl $crate::endpoint::Payload for $name {
            const SUCCESS: $crate::endpoint::Success = $crate::endpoint::Success {
                status: http::StatusCode::OK,
                form: $crate::endpoint::Form::$form,
            };

            fn from_parsed(
                json: &$crate::json::Json<'_>,
                misfits: &mut $crate::json::Misfits,
            ) -> Self {
                $crate::json::FromJson::read_from(json, misfits)
            }

            fn encode(&self) -> Vec<u8> {
                $crate::endpoint::encode_json(self)
            }
        }
    )+};
}

pub(crate) use payload;

/// A success without a body: 204.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoContent;

impl Payload for NoContent {
    const SUCCESS: Success = Success {
        status: StatusCode::NO_CONTENT,
        form: Form::Ignored,
    };

    fn from_parsed(_: &Json<'_>, _: &mut Misfits) -> Self {
        Self
    }

    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}

/// A success whose body nobody describes: 200 with anything in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted;

impl Payload for Accepted {
    const SUCCESS: Success = Success {
        status: StatusCode::OK,
        form: Form::Ignored,
    };

    fn from_parsed(_: &Json<'_>, _: &mut Misfits) -> Self {
        Self
    }

    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}
