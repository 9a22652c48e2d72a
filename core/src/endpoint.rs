//! What one operation of a service is, in both directions: the request a client builds and the
//! answer it reads; the request a sandbox reads and the answer it builds.

use std::fmt;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::json::{self, FromJson, Json, Misfits, ToJson};
use serde::Serialize;

mod message;
mod moment;
mod retry;
mod spelling;

pub use message::{Answer, MEANT_HEADERS, Outgoing};
pub use retry::{Backoff, RetryAfter};
pub(crate) use spelling::lowercase_keys;

/// Everything but RFC 3986's unreserved characters.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Header by which a gateway says that an answer is its own and no service's.
///
/// Values: `unreachable` (nothing was sent), `unanswered` (sent, but no whole answer came back),
/// `unauthorized` (no session), `refused` (not an operation that it forwards).
pub static GATEWAY_FAILURE: HeaderName = HeaderName::from_static(message::GATEWAY_FAILURE);

/// A secret that opens a service. `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps a token, dropping blanks around it and the word `Bearer` in front.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let bare = match text.split_at_checked(7) {
            Some((word, rest)) if word.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
            _ => text,
        };
        Self(bare.to_owned())
    }

    /// The secret itself, for the one place that writes it on the wire.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text of an `Authorization` header; `None` if the token cannot stand in one.
    pub fn authorization(&self) -> Option<String> {
        let plain = |b: u8| b == b'\t' || matches!(b, b' '..=b'~');
        (self.0.bytes().all(plain)).then(|| ["Bearer ", &self.0].concat())
    }

    /// The `Authorization` value, marked sensitive; `None` if the token cannot stand in a header.
    pub fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.authorization()?).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where requests go: a base address, and the token if the sender holds it.
///
/// In the browser the base is a path (`/api/c/…`) and there is no token: the gateway adds it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// Address before an operation's path, without a slash at its end.
    pub base: &'a str,
    /// Secret to send along.
    pub token: Option<&'a Token>,
}

/// Method, path and query names of an operation.
#[derive(Clone, Debug)]
pub struct Route {
    /// HTTP method.
    pub method: Method,
    /// Path below the service's base address; a segment in braces stands for an id.
    pub path: &'static str,
    /// Names that may appear in the query.
    pub query: &'static [&'static str],
}

impl Route {
    /// Whether the operation changes something (all but `GET` do).
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// Puts ids into the path, percent-encoded.
    ///
    /// # Panics
    /// If there are fewer ids than braces: an `Endpoint` that disagrees with itself.
    pub fn fill(&self, ids: &[&str]) -> String {
        fill(self.path, ids)
    }

    /// Takes the ids out of a path of this shape.
    ///
    /// Ids on a path are 1 to 128 letters, digits, `-` and `_`, so neither `..` nor an encoded slash
    /// ever matches.
    pub fn ids<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let mut ids = Vec::new();
        let mut given = path.split('/');
        for segment in self.path.split('/') {
            let part = given.next()?;
            if segment.starts_with('{') {
                let plain = part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
                if part.is_empty() || part.len() > 128 || !plain {
                    return None;
                }
                ids.push(part);
            } else if segment != part {
                return None;
            }
        }
        given.next().is_none().then_some(ids)
    }

    /// Whether each name of a query is one of this route's.
    pub fn takes_query(&self, query: &str) -> bool {
        QueryPairs::new(query).all(|(name, _)| self.query.contains(&name.as_str()))
    }
}

/// See [`Route::fill`].
fn fill(route: &str, ids: &[&str]) -> String {
    let mut ids = ids.iter();
    let mut path = String::with_capacity(route.len() + 32);
    for segment in route.split('/').skip(1) {
        path.push('/');
        if segment.starts_with('{') {
            let id = ids
                .next()
                .expect("an endpoint gives an id for each brace of its route");
            path.extend(utf8_percent_encode(id, ESCAPED));
        } else {
            path.push_str(segment);
        }
    }
    path
}

/// Names and values of a query string, decoded.
struct QueryPairs<'q>(std::str::Split<'q, char>);

impl<'q> QueryPairs<'q> {
    fn new(query: &'q str) -> Self {
        Self(query.split('&'))
    }
}

impl Iterator for QueryPairs<'_> {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        let pair = self.0.find(|pair| !pair.is_empty())?;
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| {
            percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        Some((plain(name), plain(value)))
    }
}

/// A request as the service's side reads it: ids of the path, query, body.
#[derive(Debug)]
pub struct Received<'r> {
    ids: Vec<&'r str>,
    query: Vec<(String, String)>,
    body: &'r [u8],
}

impl<'r> Received<'r> {
    /// Matches a request against a route; `path` is what follows the service's base address.
    pub fn on(
        route: &Route,
        method: &Method,
        path: &'r str,
        query: &str,
        body: &'r [u8],
    ) -> Option<Self> {
        if *method != route.method {
            return None;
        }
        let ids = route.ids(path)?;
        Some(Self {
            ids,
            query: QueryPairs::new(query).collect(),
            body,
        })
    }

    /// The `n`-th id of the path, counted from 0.
    ///
    /// # Panics
    /// If the route has no such brace.
    pub fn id<T: From<String>>(&self, n: usize) -> T {
        T::from(self.ids[n].to_owned())
    }

    /// All values of a query name, in order.
    pub fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.query
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A number of the query, if it is given.
    ///
    /// # Errors
    /// If it is there and not a number of the range of `u32`.
    pub fn number(&self, name: &'static str) -> Result<Option<u32>, InvalidRequest> {
        self.values(name)
            .next()
            .map(|text| text.parse().map_err(|_| InvalidRequest::Query { name }))
            .transpose()
    }

    /// A yes or no of the query; absent is no.
    pub fn flag(&self, name: &'static str) -> bool {
        self.values(name).next() == Some("true")
    }

    /// The body as a payload, whatever its content type says.
    ///
    /// # Errors
    /// If it is not that payload's JSON.
    pub fn body<T: Payload>(&self) -> Result<T, InvalidRequest> {
        T::decode(self.body).map_err(InvalidRequest::Body)
    }
}

/// A request below a service's base address, of which it is not known yet what it asks.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'r> {
    /// HTTP method.
    pub method: &'r Method,
    /// What follows the service's base address, without the query.
    pub path: &'r str,
    /// Query; may be empty.
    pub query: &'r str,
    /// Body; may be empty.
    pub body: &'r [u8],
}

impl Incoming<'_> {
    /// Reads it as one operation, if it is on that operation's route.
    pub(crate) fn on<E: Endpoint, C>(
        &self,
        wrap: impl FnOnce(E) -> C,
    ) -> Option<Result<C, InvalidRequest>> {
        if !E::ROUTE.takes_query(self.query) {
            return None;
        }
        let received = Received::on(&E::ROUTE, self.method, self.path, self.query, self.body)?;
        Some(E::receive(&received).map(wrap))
    }
}

/// Why the service's side cannot read a request.
#[derive(Debug, thiserror::Error)]
pub enum InvalidRequest {
    /// A value of the query is of another kind.
    #[error("query parameter `{name}` is not valid")]
    Query {
        /// Name of the parameter.
        name: &'static str,
    },
    /// The body is not the JSON that the operation takes.
    #[error("the body is not valid: {0}")]
    Body(#[source] json::Error),
}

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

/// An answer of another status than the operation's own.
fn no_success(answer: &Answer, words: fn(&[u8]) -> Words) -> ReadError {
    if answer.status < 400 {
        ReadError::Unreadable(Unreadable::new(answer, UnreadableKind::Status))
    } else {
        ReadError::Refused(Refusal::read(answer, words(&answer.body)))
    }
}

/// The answer to a call that lists nothing, where a listing was to be read.
pub(crate) fn no_listing(answer: &Answer) -> ReadError {
    let kind = UnreadableKind::Shape("this call lists nothing".to_owned());
    ReadError::Unreadable(Unreadable::new(answer, kind))
}

/// A body that is not the operation's.
fn misread(answer: &Answer, error: &json::Error) -> ReadError {
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

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{o}/users/{u}",
        query: &["limit"],
    };

    #[test]
    fn ids_of_a_path_are_plain_text_only() {
        assert_eq!(
            ROUTE.ids("/organizations/c1/users/u-2_3"),
            Some(vec!["c1", "u-2_3"])
        );
        for path in [
            "/organizations/c1/users/",
            "/organizations/c1/users",
            "/organizations/c1/users/u/",
            "/organizations/../users/u",
            "/organizations/a%2Fb/users/u",
            "/organizations/a%2e/users/u",
            "//organizations/c1/users/u",
            "/organizations/c1/teams/u",
            "organizations/c1/users/u",
        ] {
            assert_eq!(ROUTE.ids(path), None, "{path}");
        }
    }

    #[test]
    fn ids_are_encoded_into_a_path() {
        assert_eq!(
            ROUTE.fill(&["a/b", "é?"]),
            "/organizations/a%2Fb/users/%C3%A9%3F"
        );
    }

    #[test]
    fn a_query_may_hold_known_names_only() {
        assert!(ROUTE.takes_query(""));
        assert!(ROUTE.takes_query("limit=5&limit=6"));
        assert!(!ROUTE.takes_query("limit=5&offset=0"));
    }

    #[test]
    fn a_token_never_shows() {
        let token = Token::new(" Bearer secret-1 ");
        assert_eq!(token.expose(), "secret-1");
        assert_eq!(format!("{token:?}"), "Token(…)");
        let header = token.header().unwrap();
        assert!(header.is_sensitive());
        assert!(!format!("{header:?}").contains("secret"));
        assert!(Token::new("a\nb").header().is_none());
    }
}
