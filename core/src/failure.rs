//! Why a call did not succeed.

use serde::Serialize;

use crate::endpoint::{Answer, ReadError, Refusal, Unreadable};
use crate::json::{self, FromJson, ToJson};

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Failure {
    /// Nothing was sent.
    #[error("the service cannot be reached: {message}")]
    Unreachable {
        /// Cause.
        message: String,
    },
    /// It was sent, and no whole answer came back: it may have been done.
    #[error("no answer came back: {message}")]
    Unanswered {
        /// Cause.
        message: String,
    },
    /// The service said no.
    #[error(transparent)]
    Refused(Refusal),
    /// The service answered something that this operation never answers.
    #[error(transparent)]
    Unreadable(Unreadable),
    /// The gateway wants a session first.
    #[error("you are signed out; open the link that `rolecall link` prints")]
    SignedOut,
    /// The gateway does not do this.
    #[error("{message}")]
    NotForwarded {
        /// Cause.
        message: String,
    },
}

/// The gateway's own answer.
#[derive(FromJson)]
struct GatewayWords {
    message: String,
}

impl Failure {
    /// Reads an answer that is the gateway's own and no service's.
    pub fn of_gateway(answer: &Answer) -> Option<Self> {
        let kind = answer.gateway_failure.as_deref()?;
        let message = json::from_slice::<GatewayWords>(&answer.body)
            .map(|words| words.message)
            .unwrap_or_else(|_| format!("status {}", answer.status));
        Some(match kind {
            "unauthorized" => Self::SignedOut,
            "unreachable" => Self::Unreachable { message },
            "unanswered" => Self::Unanswered { message },
            _ => Self::NotForwarded { message },
        })
    }

    /// Whether the change may have happened all the same.
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::Unanswered { .. } | Self::Unreadable(_) => true,
            Self::Refused(refusal) => refusal.status >= 500,
            Self::Unreachable { .. } | Self::SignedOut | Self::NotForwarded { .. } => false,
        }
    }

    /// Status of the service's answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Unreadable(unreadable) => Some(unreadable.status),
            _ => None,
        }
    }

    /// The same, where the service names a moment to try again (`Retry-After`), with the time until then: whoever waits
    /// by another clock needs no date.
    #[must_use]
    pub fn as_of(mut self, now: u64) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.retry_after = refusal.retry_after.map(|it| it.as_of(now));
        }
        self
    }

    /// The service's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.request_id.as_deref(),
            Self::Unreadable(unreadable) => unreadable.request_id.as_deref(),
            _ => None,
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Refused(refusal) => Self::Refused(refusal),
            ReadError::Unreadable(unreadable) => Self::Unreadable(unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use crate::endpoint::GATEWAY_FAILURE;

    fn gateway(kind: &str, body: &str) -> Failure {
        let response = Response::builder()
            .status(502)
            .header(&GATEWAY_FAILURE, kind);
        let response = response.body(body.as_bytes().to_vec()).unwrap();
        Failure::of_gateway(&Answer::from(&response)).unwrap()
    }

    #[test]
    fn the_gateways_own_answers_are_told_apart() {
        assert_eq!(gateway("unauthorized", ""), Failure::SignedOut);
        let refused = gateway("unreachable", r#"{"message":"connection refused"}"#);
        assert_eq!(
            refused.to_string(),
            "the service cannot be reached: connection refused"
        );
        assert!(!refused.leaves_open());
        assert!(gateway("unanswered", "{}").leaves_open());
        let service = Response::builder().status(502).body(Vec::new()).unwrap();
        assert_eq!(Failure::of_gateway(&Answer::from(&service)), None);
    }
}
