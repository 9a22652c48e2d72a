//! Where a base address leads, and whether a token may go there.

use std::error::Error as _;

use super::SendError;
use crate::connections::args::{InvalidBase, is_near, may_carry_tokens};

/// Where a base address leads.
pub(super) struct Place {
    pub(super) host: String,
    pub(super) near: bool,
}

impl Place {
    /// The last door before a token goes out, for whatever came in by another than [`BaseArg`].
    ///
    /// [`BaseArg`]: crate::connections::args::BaseArg
    pub(super) fn of(base: &str) -> Result<Self, SendError> {
        let no_address = || SendError::Unreachable(format!("`{base}` is no address"));
        let uri: http::Uri = base.parse().map_err(|_| no_address())?;
        let authority = uri.authority().ok_or_else(no_address)?;
        if !may_carry_tokens(&uri) {
            return Err(SendError::Unreachable(format!(
                "nothing was sent to {authority}: {InvalidBase}"
            )));
        }
        Ok(Self {
            host: authority.as_str().to_owned(),
            near: is_near(authority.host()),
        })
    }

    pub(super) fn explain(&self, error: &reqwest::Error) -> SendError {
        let host = &self.host;
        if error.is_connect() || error.is_builder() {
            let mut cause: &dyn std::error::Error = error;
            while let Some(next) = cause.source() {
                cause = next;
            }
            let cause = if error.is_timeout() {
                "no connection in time".to_owned()
            } else {
                cause.to_string()
            };
            return SendError::Unreachable(format!("{host} cannot be reached: {cause}"));
        }
        let timed_out = error.is_timeout();
        let message = match timed_out {
            true => format!("{host} did not answer in time"),
            false => format!("{host} broke off before its answer was whole"),
        };
        tracing::debug!(%host, cause = ?error.source(), "no whole answer");
        SendError::Unanswered { message, timed_out }
    }
}
