//! Who gets in: the key of the link, sessions, the Host and Origin of each request, and the headers
//! that keep other pages out.
//!
//! A page of another site may point a name at 127.0.0.1 (so the Host is checked), may send forms and
//! fetches here (so the Origin is), and may try to frame this page (so the policy forbids it).

mod sessions;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderMap,
    HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{Method, Uri};

pub use sessions::{Hash, Opened, PAGE, SESSION_MS, SessionNotes, Sessions, Who};

use crate::Server;
use crate::clock::World;
use crate::error::ApiError;

/// Policy of what is data and no page: a service's answer, opened by itself, can do nothing.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// The address under which the console is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
}

/// Why a text is no [`PublicUrl`].
#[derive(Debug, thiserror::Error)]
#[error("write it as https://host or http://host:port, without a path")]
pub struct InvalidPublicUrl;

impl std::str::FromStr for PublicUrl {
    type Err = InvalidPublicUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| InvalidPublicUrl)?;
        let scheme = uri.scheme_str().ok_or(InvalidPublicUrl)?;
        let authority = uri.authority().ok_or(InvalidPublicUrl)?;
        let plain = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if !matches!(scheme, "http" | "https") || !plain || authority.as_str().contains('@') {
            return Err(InvalidPublicUrl);
        }
        let default = if scheme == "https" { 443 } else { 80 };
        let host = authority.host().to_ascii_lowercase();
        let authority = match authority.port_u16() {
            Some(port) if port != default => format!("{host}:{port}"),
            _ => host,
        };
        Ok(Self {
            origin: format!("{scheme}://{authority}"),
            authority,
        })
    }
}

impl PublicUrl {
    /// `https://host`, as a browser writes it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// Decides about each request before anything else sees it.
pub struct Guard {
    /// Keys and sessions.
    pub sessions: Sessions,
    hosts: Vec<String>,
    origins: Vec<String>,
    policy: HeaderValue,
}

impl Guard {
    /// A guard for a server that listens on `address`.
    ///
    /// `scripts` are the sources of the page's inline scripts as a policy writes them (`'sha256-…'`).
    pub fn new(
        world: World,
        address: SocketAddr,
        public: Option<&PublicUrl>,
        scripts: &[String],
    ) -> Self {
        let port = address.port();
        let mut hosts: Vec<String> = ["127.0.0.1", "localhost", "[::1]"]
            .into_iter()
            .flat_map(|host| spellings(host, port))
            .collect();
        if !address.ip().is_loopback() && !address.ip().is_unspecified() {
            let host = match address {
                SocketAddr::V4(v4) => v4.ip().to_string(),
                SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
            };
            hosts.extend(spellings(&host, port));
        }
        let mut origins: Vec<String> = hosts.iter().map(|host| format!("http://{host}")).collect();
        if let Some(public) = public {
            hosts.push(public.authority.clone());
            origins.push(public.origin.clone());
        }
        let secure = public.is_some_and(|public| public.origin.starts_with("https:"));
        let mut scripts = scripts.join(" ");
        if !scripts.is_empty() {
            scripts.insert(0, ' ');
        }
        let policy = format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'"
        );
        Self {
            sessions: Sessions::new(world, format!("rolecall_{port}"), secure),
            hosts,
            origins,
            policy: HeaderValue::from_str(&policy).expect("hosts and hashes are plain ASCII"),
        }
    }

    /// Goes on with sessions of an earlier process.
    pub fn with_sessions(mut self, known: impl IntoIterator<Item = (Hash, u64)>) -> Self {
        self.sessions.go_on_with(known);
        self
    }

    /// Gives keys to whoever knows `secret`: another process of the same user.
    pub fn with_control(mut self, secret: &str) -> Self {
        self.sessions.obey(secret);
        self
    }

    /// Whether a request may go on to the routes.
    ///
    /// # Errors
    /// If it is for another host, from another site, or without a session where one is needed.
    pub fn admit(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Who, ApiError> {
        let mut hosts = headers.get_all(HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            _ => "",
        };
        let known = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        if !known(host) || uri.authority().is_some_and(|own| !known(own.as_str())) {
            return Err(ApiError::ForeignHost);
        }
        if !uri.path().starts_with("/api/") {
            return Ok(Who::default());
        }
        // Browsers say where a request comes from; programs without a page say nothing.
        let site = headers.get("sec-fetch-site");
        if site.is_some_and(|site| site != "same-origin" && site != "none") {
            return Err(ApiError::ForeignOrigin);
        }
        if *method != Method::GET && *method != Method::HEAD {
            let own = |origin: &HeaderValue| {
                let origin = origin.to_str().unwrap_or_default();
                self.origins.iter().any(|own| own == origin)
            };
            let mut origins = headers.get_all(ORIGIN).iter();
            let admitted = match (origins.next(), origins.next()) {
                (Some(origin), None) => own(origin),
                (None, _) => site.is_none(),
                _ => false,
            };
            if !admitted {
                return Err(ApiError::ForeignOrigin);
            }
        }
        let open = matches!(
            (method.as_str(), uri.path()),
            ("POST", "/api/session" | "/api/keys")
        );
        match self.sessions.of(uri, headers) {
            Some(who) => Ok(who),
            None if open => Ok(Who::default()),
            None => Err(ApiError::Unauthorized),
        }
    }

    fn dress(&self, api: bool, headers: &mut HeaderMap) {
        let everywhere = [
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ];
        let where_something_opens = [
            (REFERRER_POLICY, "no-referrer"),
            (X_FRAME_OPTIONS, "DENY"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-embedder-policy"),
                "require-corp",
            ),
            (
                HeaderName::from_static("permissions-policy"),
                "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
        ];
        let is_part = is_part_of_page(headers);
        let others = where_something_opens.into_iter().filter(|_| !is_part);
        for (name, value) in everywhere.into_iter().chain(others) {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let policy = match api || is_part {
            true => HeaderValue::from_static(DATA_POLICY),
            false => self.policy.clone(),
        };
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
}

/// Whether an answer is a script, a module, a style or a drawing: browsers obey the policies of the page that it is part
/// of. Opened by itself it is text, or a picture in which the policy for data lets nothing run.
fn is_part_of_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = kind.and_then(|it| it.split(';').next());
    matches!(
        kind,
        Some("text/javascript" | "application/wasm" | "text/css" | "image/svg+xml")
    )
}

/// The layer around all routes.
pub async fn guard(
    State(server): State<Arc<Server>>,
    mut request: Request,
    next: Next,
) -> Response {
    let guard = &server.guard;
    let api = request.uri().path().starts_with("/api/");
    for name in [AUTHORIZATION, COOKIE, PAGE] {
        if let Some(value) = request.headers_mut().get_mut(name) {
            value.set_sensitive(true);
        }
    }
    let mut response = match guard.admit(request.method(), request.uri(), request.headers()) {
        Ok(who) => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        Err(error) => {
            tracing::debug!(path = request.uri().path(), %error, "refused");
            error.into_response()
        }
    };
    guard.dress(api, response.headers_mut());
    response
}

/// How a client may write a host at a port: the port may be left out where it is the default.
fn spellings(host: &str, port: u16) -> impl Iterator<Item = String> {
    let bare = (port == 80).then(|| host.to_owned());
    std::iter::once(format!("{host}:{port}")).chain(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_an_origin() {
        for (text, origin) in [
            ("https://roles.example", "https://roles.example"),
            ("https://Roles.example:443/", "https://roles.example"),
            ("http://roles.example:8080", "http://roles.example:8080"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().origin(), origin);
        }
        for text in [
            "roles.example",
            "ftp://roles.example",
            "https://roles.example/console",
            "https://roles.example/?a",
            "https://me@roles.example",
            "",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
