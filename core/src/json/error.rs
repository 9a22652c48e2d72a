//! Why a text is not the JSON that was wanted.

use std::fmt;

use super::{Json, Misfit};

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    End,
    /// Octets before what is wrong.
    Syntax(usize),
    Misfit(String),
}

impl Error {
    pub(super) fn end() -> Self {
        Self(Kind::End)
    }

    pub(super) fn syntax(at: usize) -> Self {
        Self(Kind::Syntax(at))
    }

    #[inline(never)]
    pub(super) fn of(misfit: &Misfit, tree: &Json<'_>) -> Self {
        Self(Kind::Misfit(misfit.told(tree)))
    }

    /// Whether the text stops in the middle.
    pub fn is_end(&self) -> bool {
        self.0 == Kind::End
    }

    /// Whether it is JSON, but not the value that was wanted.
    pub fn is_misfit(&self) -> bool {
        matches!(self.0, Kind::Misfit(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::End => f.write_str("the JSON stops in the middle"),
            Kind::Syntax(at) => write!(f, "no JSON from octet {at} on"),
            Kind::Misfit(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}
