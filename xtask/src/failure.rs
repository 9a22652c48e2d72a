//! Why a command stopped.

use std::fmt;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// One sentence a person can act on, lower case, without a full stop.
    Because(String),
    /// It has been printed where it happened.
    Shown,
}

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self::Because(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Because(sentence) => sentence,
            Self::Shown => "see above",
        })
    }
}

impl std::error::Error for Failure {}
