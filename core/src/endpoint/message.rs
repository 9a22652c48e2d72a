//! A request and its answer as data, without the types of a library: a browser, Node, and whoever has a client of
//! its own carry them. For those who have the types of the crate `http`, both turn into them.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response};

use super::{RetryAfter, Token};

/// See [`super::GATEWAY_FAILURE`].
pub(super) const GATEWAY_FAILURE: &str = "rolecall-failure";

const RETRY_AFTER: &str = "retry-after";

/// The headers of an answer that mean something: whoever carries answers here may leave out all others. The first
/// three are those under which services give the id of a request, most telling first.
pub const MEANT_HEADERS: [&str; 5] = [
    "x-request-id",
    "x-correlation-id",
    "request-id",
    RETRY_AFTER,
    GATEWAY_FAILURE,
];

/// A request that nobody has sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing<'s> {
    /// HTTP method.
    pub method: Method,
    /// Address, or a path where the sender adds the rest.
    pub url: String,
    /// Secret to send along.
    pub token: Option<&'s Token>,
    /// Body, JSON.
    pub body: Option<Vec<u8>>,
}

impl Outgoing<'_> {
    /// Names and values of its headers, by name.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        const JSON: &str = "application/json";
        let token = self.token.and_then(Token::authorization);
        let mut headers = vec![("accept", JSON.to_owned())];
        headers.extend(token.map(|token| ("authorization", token)));
        headers.extend(
            self.body
                .is_some()
                .then(|| ("content-type", JSON.to_owned())),
        );
        headers
    }
}

impl From<Outgoing<'_>> for Request<Vec<u8>> {
    /// # Panics
    /// If what the site has for a base is no address.
    fn from(it: Outgoing<'_>) -> Self {
        let mut request = Request::builder()
            .method(it.method)
            .uri(it.url)
            .header(ACCEPT, "application/json");
        if let Some(value) = it.token.and_then(Token::header) {
            request = request.header(AUTHORIZATION, value);
        }
        if it.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request
            .body(it.body.unwrap_or_default())
            .expect("ids and query are percent-encoded and the base is an address")
    }
}

/// An answer, as far as anything in it means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// How long to wait before the next try, as the service says.
    pub retry_after: Option<RetryAfter>,
    /// What a gateway says of its own answer.
    pub(crate) gateway_failure: Option<String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Longest id of a request that is kept, in characters.
    const MAX_ID: usize = 100;

    /// Takes from an answer what means something; `header` gives the value of a header by its name, which is one of
    /// [`MEANT_HEADERS`].
    pub fn new(
        status: u16,
        header: &dyn Fn(&'static str) -> Option<String>,
        body: Vec<u8>,
    ) -> Self {
        let [ids @ .., _, _] = MEANT_HEADERS;
        let id = ids.into_iter().find_map(header);
        Self {
            status,
            request_id: id.map(|id| id.chars().take(Self::MAX_ID).collect()),
            retry_after: header(RETRY_AFTER).and_then(|it| RetryAfter::parse(&it)),
            gateway_failure: header(GATEWAY_FAILURE),
            body,
        }
    }
}

impl From<Response<Vec<u8>>> for Answer {
    fn from(response: Response<Vec<u8>>) -> Self {
        let (head, body) = response.into_parts();
        let header = |name| {
            let value = head.headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        Self::new(head.status.as_u16(), &header, body)
    }
}

impl From<&Response<Vec<u8>>> for Answer {
    fn from(response: &Response<Vec<u8>>) -> Self {
        response.clone().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_same_headers_either_way() {
        let token = Token::new("secret");
        for (token, body) in [(None, None), (Some(&token), Some(b"{}".to_vec()))] {
            let outgoing = Outgoing {
                method: Method::POST,
                url: "/api/c/astro/organizations".to_owned(),
                token,
                body,
            };
            let headers = outgoing.headers();
            let request = Request::from(outgoing);
            assert_eq!(request.headers().len(), headers.len());
            for (name, value) in headers {
                assert_eq!(request.headers()[name], value);
            }
        }
    }

    #[test]
    fn the_most_telling_id_of_a_request_counts_and_is_cut() {
        let long = "r".repeat(300);
        let response = Response::builder()
            .header("Request-Id", "third")
            .header("X-Request-Id", &long)
            .header("Retry-After", " 7 ");
        let answer = Answer::from(&response.body(Vec::new()).unwrap());
        assert_eq!(answer.request_id.as_deref(), Some(&long[..100]));
        assert_eq!(answer.retry_after, Some(RetryAfter::Seconds(7)));
        assert_eq!(answer.gateway_failure, None);
    }
}
