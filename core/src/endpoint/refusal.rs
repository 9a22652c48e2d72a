//! Answers that are no success: what a service refuses, and what nobody can read.

use std::fmt;

use serde::Serialize;

use super::{Answer, RetryAfter};
use crate::json::{self, FromJson, ToJson};

/// An answer of another status than the operation's own.
pub(super) fn no_success(answer: &Answer, words: fn(&[u8]) -> Words) -> ReadError {
    if answer.status < 400 {
        ReadError::Unreadable(Unreadable::new(answer, UnreadableKind::Status))
    } else {
        ReadError::Refused(Refusal::read(answer, words(&answer.body)))
    }
}

/// The answer to a call that lists nothing, where a listing was to be read.
pub(super) fn no_listing(answer: &Answer) -> ReadError {
    let kind = UnreadableKind::Shape("this call lists nothing".to_owned());
    ReadError::Unreadable(Unreadable::new(answer, kind))
}

/// A body that is not the operation's.
pub(super) fn misread(answer: &Answer, error: &json::Error) -> ReadError {
    let kind = if answer.body.is_empty() {
        UnreadableKind::Empty
    } else if error.is_end() {
        UnreadableKind::Truncated
    } else if error.is_misfit() {
        UnreadableKind::Shape(error.to_string())
    } else {
        UnreadableKind::NotJson
    };
    ReadError::Unreadable(Unreadable::new(answer, kind))
}

/// How a service writes down a refusal.
pub trait ErrorBody {
    /// Takes what can be understood from a body, which may be anything.
    fn read(body: &[u8]) -> Words;
}

/// What a service says in a refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its sentence, as it stands.
    pub message: Option<String>,
    /// Its id of the request.
    pub request_id: Option<String>,
    /// What it says of single fields.
    pub fields: Vec<FieldWords>,
    /// Its own number of the error.
    pub code: Option<i64>,
}

/// What a service says of one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct FieldWords {
    /// Name of the field, as the service writes it.
    pub field: String,
    /// Its sentence.
    pub message: String,
}

/// A service's no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The service's sentence, if it said one.
    pub message: Option<String>,
    /// The service's id of the request, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What it says of single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldWords>,
    /// The service's own number of the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// How long to wait before the next try, as the service says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
}

impl Refusal {
    /// Longest part of a foreign sentence that is kept, in characters.
    pub const MAX_MESSAGE: usize = 500;

    fn read(answer: &Answer, words: Words) -> Self {
        Self {
            status: answer.status,
            message: words
                .message
                .map(|text| text.chars().take(Self::MAX_MESSAGE).collect()),
            request_id: words.request_id.or_else(|| answer.request_id.clone()),
            fields: words.fields,
            code: words.code,
            retry_after: answer.retry_after,
        }
    }

    /// What the status means, for a service that said nothing.
    pub fn meaning(&self) -> &'static str {
        match self.status {
            400 | 422 => "the request was not valid",
            401 => "the token is not valid or has expired",
            403 => "the token may not do this",
            404 => "it was not found",
            409 => "it conflicts with what is there",
            429 => "too many requests at once",
            500..=599 => "the service has a fault of its own",
            _ => "the service refused",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(
                f,
                "{} (status {})",
                message.trim_end_matches('.'),
                self.status
            )?,
            None => write!(f, "{} (status {})", self.meaning(), self.status)?,
        }
        for field in &self.fields {
            write!(f, "; {}: {}", field.field, field.message)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        Ok(())
    }
}

/// An answer that the operation never gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    /// HTTP status.
    pub status: u16,
    /// What is wrong with it.
    pub kind: UnreadableKind,
    /// The service's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub enum UnreadableKind {
    /// A status that the operation does not have.
    Status,
    /// No body where there should be one.
    Empty,
    /// The body stops in the middle.
    Truncated,
    /// The body is not JSON.
    NotJson,
    /// JSON of another shape; the text says where.
    Shape(String),
}

impl Unreadable {
    fn new(answer: &Answer, kind: UnreadableKind) -> Self {
        Self {
            status: answer.status,
            kind,
            request_id: answer.request_id.clone(),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            UnreadableKind::Status => write!(
                f,
                "the service answered with status {}, which this operation does not have",
                self.status
            )?,
            UnreadableKind::Empty => write!(
                f,
                "the service answered with an empty body (status {})",
                self.status
            )?,
            UnreadableKind::Truncated => f.write_str("the service's answer stops in the middle")?,
            UnreadableKind::NotJson => f.write_str("the service's answer is not JSON")?,
            UnreadableKind::Shape(place) => {
                write!(f, "the service's answer has an unknown shape: {place}")?;
            }
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        Ok(())
    }
}

/// Why an answer is no success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The service said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The answer is something that this operation never answers.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}
