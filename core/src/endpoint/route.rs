//! Where an operation is found: the way there for a client, and back for the service's side.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Endpoint, Payload};
use crate::json;

/// Everything but RFC 3986's unreserved characters.
pub(super) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

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
pub(super) fn fill(route: &str, ids: &[&str]) -> String {
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
}
