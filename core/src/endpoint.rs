//! What one operation of a service is, in both directions: the request a client builds and the
//! answer it reads; the request a sandbox reads and the answer it builds.

use http::header::{CONTENT_TYPE, HeaderName};
use http::{Request, Response};
use percent_encoding::utf8_percent_encode;

use crate::json::{Json, Misfits};

mod message;
mod moment;
mod payload;
mod refusal;
mod retry;
mod route;
mod site;
mod spelling;

pub use message::{Answer, MEANT_HEADERS, Outgoing};
pub(crate) use payload::payload;
pub use payload::{Accepted, Form, NoContent, Payload, Success, decode_json, encode_json};
pub use refusal::{ErrorBody, FieldWords, ReadError, Refusal, Unreadable, UnreadableKind, Words};
pub use retry::{Backoff, RetryAfter};
use route::{ESCAPED, fill};
pub use route::{Incoming, InvalidRequest, Received, Route};
pub use site::{Site, Token};
pub(crate) use spelling::lowercase_keys;

/// Header by which a gateway says that an answer is its own and no service's.
///
/// Values: `unreachable` (nothing was sent), `unanswered` (sent, but no whole answer came back),
/// `unauthorized` (no session), `refused` (not an operation that it forwards).
pub static GATEWAY_FAILURE: HeaderName = HeaderName::from_static(message::GATEWAY_FAILURE);

/// One operation of a service.
pub trait Endpoint: Sized {
    /// What a success carries.
    type Response: Payload;
    /// How this service words a refusal.
    type ErrorBody: ErrorBody;
    /// Method, path and query.
    const ROUTE: Route;
    /// What a success looks like.
    const SUCCESS: Success = Self::Response::SUCCESS;

    /// Ids for the braces of the route, in order.
    fn ids(&self) -> Vec<&str>;

    /// Query of the request, in order.
    fn query(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Body of the request, JSON.
    fn body(&self) -> Option<Vec<u8>> {
        None
    }

    /// Reads the operation back from a request: the service's side.
    ///
    /// # Errors
    /// If the query or body is not what the operation takes.
    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest>;

    /// Builds the request.
    fn outgoing<'s>(&self, site: &Site<'s>) -> Outgoing<'s> {
        request(site, self)
    }

    /// Builds the request as the `http` crate has it.
    fn to_http(&self, site: &Site<'_>) -> Request<Vec<u8>> {
        self.outgoing(site).into()
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// If the service refused, or answered with something that this operation never answers.
    fn read(answer: &Answer) -> Result<Self::Response, ReadError> {
        let mut success = None;
        let mut take = |json: &Json<'_>, misfits: &mut Misfits| {
            success = Some(Self::Response::from_parsed(json, misfits));
        };
        Self::SUCCESS.read(answer, Self::ErrorBody::read, &mut take)?;
        Ok(success.expect("a success that can be read is read"))
    }

    /// Builds the answer: the service's side.
    fn reply(success: &Self::Response) -> Response<Vec<u8>> {
        let body = success.encode();
        let mut response = Response::builder().status(Self::SUCCESS.status);
        if !body.is_empty() {
            response = response.header(CONTENT_TYPE, "application/json; charset=UTF-8");
        }
        response
            .body(body)
            .expect("status and header are constants")
    }
}

/// An operation as its request is built from it, whichever it is.
pub(crate) trait Asking {
    /// See [`Endpoint::ROUTE`].
    fn route(&self) -> Route;
    /// See [`Endpoint::ids`].
    fn path_ids(&self) -> Vec<&str>;
    /// See [`Endpoint::query`].
    fn query_pairs(&self) -> Vec<(&'static str, String)>;
    /// See [`Endpoint::body`].
    fn body_octets(&self) -> Option<Vec<u8>>;
}

impl<E: Endpoint> Asking for E {
    fn route(&self) -> Route {
        E::ROUTE
    }

    fn path_ids(&self) -> Vec<&str> {
        self.ids()
    }

    fn query_pairs(&self) -> Vec<(&'static str, String)> {
        self.query()
    }

    fn body_octets(&self) -> Option<Vec<u8>> {
        self.body()
    }
}

/// Builds a request. What all operations have in common is compiled once, not once for each.
pub(crate) fn request<'s>(site: &Site<'s>, asking: &dyn Asking) -> Outgoing<'s> {
    let Route { method, path, .. } = asking.route();
    let mut url = [site.base, &fill(path, &asking.path_ids())].concat();
    for (i, (name, value)) in asking.query_pairs().into_iter().enumerate() {
        url.push(if i == 0 { '?' } else { '&' });
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(&value, ESCAPED));
    }
    Outgoing {
        method,
        url,
        token: site.token,
        body: asking.body_octets(),
    }
}
