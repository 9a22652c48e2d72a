//! `/api/c/{connection}/…`: forwards what an operation of the service describes, with the token added.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use rolecall_core::endpoint::Incoming;
use rolecall_core::plan::KnownInvite;
use rolecall_core::service::Call;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Server;
use crate::body::{MAX_REQUEST, read_body};
use crate::error::ApiError;
use crate::guard::Who;
use crate::sending::{About, pass_on};

/// Header by which the console tells the journal what the request does not say: percent-encoded JSON
/// `{"email": …, "before": […]}`.
pub const ABOUT: &str = "rolecall-about";

/// What [`ABOUT`] says.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    email: Option<String>,
    before: Option<Value>,
}

/// Sends one request on and passes the answer back.
pub async fn forward(
    State(server): State<Arc<Server>>,
    Extension(Who(who)): Extension<Who>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let (id, path) = split(parts.uri.path()).ok_or(ApiError::NotForwarded)?;
    let connection = server.connections.get(id).ok_or(ApiError::NoConnection)?;
    let body = read_body(body, MAX_REQUEST).await?;
    let incoming = Incoming {
        method: &parts.method,
        path,
        query: parts.uri.query().unwrap_or_default(),
        body: &body,
    };
    let call = Call::receive(connection.service, &incoming)
        .ok_or(ApiError::NotForwarded)?
        .map_err(|error| ApiError::Invalid(error.to_string()))?;
    if !call.changes() {
        let answer = pass_on(server.sender.read(&connection, &call).await?);
        server.known.watch(&connection, call, &answer);
        return Ok(answer.map(Body::from).into_response());
    }
    let told = told(&parts.headers);
    let about = About {
        who,
        organization: connection.organization_of(&call),
        row: None,
        subject: call.invitee().map(str::to_owned).or(told.email),
        before: told.before,
    };
    let sender = Arc::clone(&server.sender);
    let changed = sender.change(connection, call, about, |_| None).await;
    Ok(pass_on(changed.response?).map(Body::from).into_response())
}

/// Connection and path of `/api/c/{connection}/{path…}`, as they stand on the wire.
fn split(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/api/c/")?;
    rest.split_at_checked(rest.find('/')?)
}

/// What the console tells the journal; nothing, if it is not that.
fn told(headers: &HeaderMap) -> Told {
    headers
        .get(ABOUT)
        .and_then(|value| percent_decode_str(value.to_str().ok()?).decode_utf8().ok())
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Answer of `GET /api/invites/{connection}/{organization}`.
#[derive(Serialize)]
pub struct InvitesAnswer {
    invites: Vec<KnownInvite>,
}

/// The invitations of an organization whose ids are known, so that they can be withdrawn.
pub async fn invites(
    State(server): State<Arc<Server>>,
    Path((connection, organization)): Path<(String, String)>,
) -> Result<Json<InvitesAnswer>, ApiError> {
    server
        .connections
        .get(&connection)
        .ok_or(ApiError::NoConnection)?;
    let invites = server.journal.invites(connection, organization).await?;
    Ok(Json(InvitesAnswer { invites }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_as_it_stands() {
        assert_eq!(split("/api/c/a/b/c"), Some(("a", "/b/c")));
        assert_eq!(split("/api/c/a//b"), Some(("a", "//b")));
        assert_eq!(split("/api/c/a%2Fb/c"), Some(("a%2Fb", "/c")));
        assert_eq!(split("/api/c/a"), None);
    }

    #[test]
    fn what_the_console_tells_may_be_anything() {
        let told = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ABOUT, http::HeaderValue::from_static(text));
            let told = super::told(&headers);
            (told.email, told.before)
        };
        let said = told("%7B%22email%22:%22j%C3%B6@example.com%22,%22before%22:[%22A%22]%7D");
        assert_eq!(
            said,
            (
                Some("jö@example.com".to_owned()),
                Some(serde_json::json!(["A"]))
            )
        );
        for text in ["", "x", "[]", "{\"email\":7}", "%ff"] {
            assert_eq!(told(text), (None, None), "{text}");
        }
    }
}
