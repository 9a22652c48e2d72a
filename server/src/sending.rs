//! The one way out: every request to a service leaves through here.

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Method, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

use crate::connections::Connection;
use crate::error::ApiError;

/// Longest answer of a service that is taken, in bytes: 32 MiB.
pub const MAX_ANSWER: usize = 32 << 20;

/// Most bytes of answers that are held at once, in bytes: 256 MiB.
const MAX_HELD: usize = 256 << 20;

/// Headers of an answer that are passed on.
const PASSED: [HeaderName; 5] = [
    CONTENT_TYPE,
    RETRY_AFTER,
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("request-id"),
];

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the answer is whole.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
        }
    }
}

/// A request below a connection's base address.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// HTTP method.
    pub method: Method,
    /// Path below the base address, as `Service::forward` admitted it.
    pub path: String,
    /// Query, as it was admitted; may be empty.
    pub query: String,
    /// Body, JSON; may be empty.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Nothing was sent.
    #[error("{0}")]
    Unreachable(String),
    /// It was sent, or may have been, and no whole answer came back.
    #[error("{message}")]
    Unanswered {
        /// What happened, as a sentence.
        message: String,
        /// Whether it was the time that ran out.
        timed_out: bool,
    },
}

impl From<SendError> for ApiError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Unreachable(message) => Self::Unreachable(message),
            SendError::Unanswered { message, timed_out } => Self::Unanswered { message, timed_out },
        }
    }
}

/// Sends requests, and holds what all of them share.
#[derive(Debug)]
pub struct Sender {
    near: reqwest::Client,
    far: reqwest::Client,
    held: AtomicUsize,
}

impl Sender {
    /// A sender. Unless it is `live`, it resolves no name but this machine's own.
    pub fn new(live: bool, patience: Patience) -> Self {
        // Another one that is installed already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || {
            reqwest::Client::builder()
                .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(patience.connect)
                .timeout(patience.whole)
                .tcp_nodelay(true)
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .expect("the settings are constants and TLS needs no files")
        };
        let near = client().no_proxy().dns_resolver(Arc::new(OwnNames));
        let far = match live {
            true => client(),
            false => client().no_proxy().dns_resolver(Arc::new(OwnNames)),
        };
        Self {
            near: build(near),
            far: build(far),
            held: AtomicUsize::new(0),
        }
    }

    /// Sends a request that changes nothing.
    ///
    /// # Errors
    /// If no whole answer comes back.
    pub async fn read(
        &self,
        connection: &Connection,
        outgoing: &Outgoing,
    ) -> Result<Response<Vec<u8>>, SendError> {
        self.send(connection, outgoing).await
    }

    /// Sends a change. All changes go through here, whoever asks for them.
    ///
    /// # Errors
    /// If no whole answer comes back; after [`SendError::Unanswered`] it may have happened.
    pub async fn change(
        &self,
        connection: &Connection,
        outgoing: &Outgoing,
    ) -> Result<Response<Vec<u8>>, SendError> {
        self.send(connection, outgoing).await
    }

    async fn send(
        &self,
        connection: &Connection,
        outgoing: &Outgoing,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let place = Place::of(&connection.base)?;
        let Some(token) = connection.token.header() else {
            return Err(SendError::Unreachable(format!(
                "the token of {} holds characters that no token has",
                connection.name
            )));
        };
        let client = if place.near { &self.near } else { &self.far };
        let mut address = format!("{}{}", connection.base, outgoing.path);
        if !outgoing.query.is_empty() {
            address.push('?');
            address.push_str(&outgoing.query);
        }
        let mut request = client
            .request(outgoing.method.clone(), address)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(AUTHORIZATION, token);
        if !outgoing.body.is_empty() {
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(outgoing.body.clone());
        }
        let response = request
            .send()
            .await
            .map_err(|error| place.explain(&error))?;
        self.whole(&place, response).await
    }

    /// Takes an answer to its end, within bounds.
    async fn whole(
        &self,
        place: &Place,
        mut response: reqwest::Response,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let too_large = || SendError::Unanswered {
            message: format!("the answer of {} is larger than 32 MiB", place.host),
            timed_out: false,
        };
        let told = response.content_length().unwrap_or(0);
        if told > MAX_ANSWER as u64 {
            return Err(too_large());
        }
        let mut hold = Hold {
            held: &self.held,
            bytes: 0,
        };
        let mut body = Vec::with_capacity(usize::try_from(told).unwrap_or(0).min(1 << 20));
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| place.explain(&error))?
        {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(too_large());
            }
            if !hold.take(chunk.len()) {
                return Err(SendError::Unanswered {
                    message: "too many large answers are on their way at once; try again"
                        .to_owned(),
                    timed_out: false,
                });
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        for name in PASSED {
            if let Some(value) = response.headers().get(&name) {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        Ok(answer)
    }
}

/// Bytes of one answer within the bytes of all.
struct Hold<'s> {
    held: &'s AtomicUsize,
    bytes: usize,
}

impl Hold<'_> {
    fn take(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= MAX_HELD
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Where a base address leads.
struct Place {
    host: String,
    near: bool,
}

impl Place {
    fn of(base: &str) -> Result<Self, SendError> {
        let uri: http::Uri = base
            .parse()
            .map_err(|_| SendError::Unreachable(format!("`{base}` is no address")))?;
        let authority = uri
            .authority()
            .ok_or_else(|| SendError::Unreachable(format!("`{base}` is no address")))?;
        let name = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        let near = name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        Ok(Self {
            host: authority.as_str().to_owned(),
            near,
        })
    }

    fn explain(&self, error: &reqwest::Error) -> SendError {
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

/// Knows this machine by name, and nobody else: no question leaves for any other name.
struct OwnNames;

impl Resolve for OwnNames {
    fn resolve(&self, name: Name) -> Resolving {
        let own = name.as_str().eq_ignore_ascii_case("localhost");
        Box::pin(std::future::ready(if own {
            let addresses = [
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            ];
            Ok(Box::new(addresses.into_iter()) as Addrs)
        } else {
            Err(Box::new(io::Error::other(
                "real services are closed; start with --live to open them",
            )) as Box<dyn std::error::Error + Send + Sync>)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_this_machine_from_others() {
        for (base, near) in [
            ("http://127.0.0.1:1/v1", true),
            ("http://[::1]:1/v1", true),
            ("http://localhost/v1", true),
            ("https://api.astronomer.io/v1", false),
            ("http://localhost.example/v1", false),
        ] {
            assert_eq!(Place::of(base).unwrap().near, near, "{base}");
        }
        assert!(Place::of("/v1").is_err());
    }

    #[test]
    fn answers_are_held_within_one_bound() {
        let held = AtomicUsize::new(0);
        let mut one = Hold {
            held: &held,
            bytes: 0,
        };
        assert!(one.take(MAX_HELD));
        let mut two = Hold {
            held: &held,
            bytes: 0,
        };
        assert!(!two.take(1));
        drop((one, two));
        assert_eq!(held.load(Ordering::Relaxed), 0);
    }
}
