//! What an answer of the server says when it is a no: a status, a sentence, and whose no it is.
//!
//! Causes from inside are logged, never sent.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::CONNECTION;
use http::{HeaderValue, StatusCode};
use rolecall_core::endpoint::GATEWAY_FAILURE;
use serde_json::json;

/// A refusal of the server itself, as against one of a service that only passes through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No session, or a key that opens none.
    #[error("open the link that the server printed, or ask for another one with `rolecall link`")]
    Unauthorized,
    /// The request came for a host that this server is not.
    #[error("this server does not answer under that host name; name it with --public-url")]
    ForeignHost,
    /// The request comes from a page of another site.
    #[error("requests from other sites are refused")]
    ForeignOrigin,
    /// Not an operation that is forwarded.
    #[error("this is not an operation that the gateway forwards")]
    NotForwarded,
    /// No connection has this id.
    #[error("there is no connection of this name")]
    NoConnection,
    /// Nothing has this address.
    #[error("there is nothing at this address")]
    NotFound,
    /// The address is right and the method is not.
    #[error("this address does not take that method")]
    Method,
    /// More bytes than a request may have.
    #[error("the request is too large: at most {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// More time than a request may take.
    #[error("the request came too slowly: all of it must be here within {seconds} seconds")]
    TooSlow {
        /// The limit, in seconds.
        seconds: u64,
    },
    /// The request cannot be read.
    #[error("{0}")]
    Invalid(String),
    /// It cannot be done as things stand now.
    #[error("{0}")]
    Conflict(String),
    /// Nothing was sent: no name, no connection.
    #[error("{0}")]
    Unreachable(String),
    /// Sent, and no whole answer came back.
    #[error("{message}")]
    Unanswered {
        /// What happened, as a sentence.
        message: String,
        /// Whether it was the time that ran out.
        timed_out: bool,
    },
    /// The journal does not answer.
    #[error("{0}")]
    Journal(crate::journal::JournalError),
    /// A fault of our own; the cause is in the log.
    #[error("the server has a fault of its own; its log says more")]
    Internal,
}

impl ApiError {
    /// Logs a cause from inside and gives the error that may be shown.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed inside");
        Self::Internal
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::NotForwarded | Self::NoConnection | Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unreachable(_) => StatusCode::BAD_GATEWAY,
            Self::Unanswered { timed_out, .. } => match timed_out {
                true => StatusCode::GATEWAY_TIMEOUT,
                false => StatusCode::BAD_GATEWAY,
            },
            Self::Journal(_) | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Value of [`GATEWAY_FAILURE`]: `unreachable` also means that nothing was sent.
    fn failure(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Unreachable(_) => "unreachable",
            Self::Unanswered { .. } => "unanswered",
            Self::Journal(_) | Self::Internal => "internal",
            _ => "refused",
        }
    }
}

impl From<crate::journal::JournalError> for ApiError {
    fn from(error: crate::journal::JournalError) -> Self {
        tracing::error!(%error, "the journal failed");
        Self::Journal(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "message": self.to_string() }));
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(&GATEWAY_FAILURE, HeaderValue::from_static(self.failure()));
        if matches!(self, Self::TooSlow { .. }) {
            // The rest of it may still come, and is nobody's next request.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
