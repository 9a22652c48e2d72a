//! `/api/session`: the key of the link becomes a session, half of it a cookie and half of it the page's.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use crate::Server;
use crate::body::{MAX_REQUEST, json};
use crate::connection::ConnectionAnswer;
use crate::error::ApiError;
use crate::guard::PAGE;

#[derive(Deserialize)]
struct Opening {
    key: String,
}

/// What the page knows of the server it is on, and where it can go: all that it needs to begin.
#[derive(Serialize)]
pub struct Session {
    version: &'static str,
    live: bool,
    sandbox: bool,
    connections: Vec<ConnectionAnswer>,
}

/// Header with what the page asks before its code is there, as JSON: it is read before the body is.
const AHEAD: HeaderName = HeaderName::from_static("rolecall-ahead");

/// Where the page is about to go.
#[derive(Deserialize)]
pub struct Towards {
    connection: Option<String>,
}

impl Towards {
    /// What is asked there; by the first connection, where the page's address names none.
    fn ahead(self, server: &Server) -> Option<(HeaderName, HeaderValue)> {
        let connection = match self.connection {
            Some(id) => server.connections.get(&id),
            None => server.connections.all().into_iter().next(),
        };
        let questions = serde_json::to_string(&connection?.questions()).ok()?;
        // an id of a service that no header can hold is asked for later
        Some((AHEAD, HeaderValue::from_str(&questions).ok()?))
    }
}

impl Session {
    fn on(server: &Server) -> Json<Self> {
        let connections = server.connections.all();
        Json(Self {
            version: env!("CARGO_PKG_VERSION"),
            live: server.live,
            sandbox: connections.iter().any(|it| it.sandbox),
            connections: connections.iter().map(|it| it.answer()).collect(),
        })
    }
}

/// `POST`: opens a session for the key of the link, or renews the one that there is, and answers as `GET`; the page's
/// half of it is in the header [`PAGE`].
pub async fn open(
    State(server): State<Arc<Server>>,
    Query(towards): Query<Towards>,
    request: Request,
) -> Result<Response, ApiError> {
    let headers = request.headers().clone();
    let opening: Opening = json(request, MAX_REQUEST).await?;
    let opened = server.guard.sessions.open(&opening.key, &headers)?;
    server.journal.keep_sessions(opened.notes).await?;
    let halves = AppendHeaders([(SET_COOKIE, opened.cookie), (PAGE, opened.page)]);
    let ahead = AppendHeaders(towards.ahead(&server));
    Ok((halves, ahead, Session::on(&server)).into_response())
}

/// `GET`: that there is one, what kind of server this is, and its connections.
pub async fn show(
    State(server): State<Arc<Server>>,
    Query(towards): Query<Towards>,
) -> impl IntoResponse {
    (AppendHeaders(towards.ahead(&server)), Session::on(&server))
}

/// `DELETE`: signs out.
pub async fn close(
    State(server): State<Arc<Server>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (cookie, notes) = server.guard.sessions.close(&uri, &headers);
    server.journal.keep_sessions(notes).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}

/// What `rolecall link` asks with.
#[derive(Serialize, Deserialize)]
pub struct KeyRequest {
    /// The secret that the server left in its data folder.
    pub control: String,
}

/// A key for a link.
#[derive(Serialize, Deserialize)]
pub struct KeyAnswer {
    /// What belongs behind `/#key=`.
    pub key: String,
}

/// `POST /api/keys`: a key for another link, for a process of the same user.
pub async fn key(
    State(server): State<Arc<Server>>,
    request: Request,
) -> Result<Json<KeyAnswer>, ApiError> {
    let asked: KeyRequest = json(request, MAX_REQUEST).await?;
    let key = server.guard.sessions.key_for(&asked.control)?;
    Ok(Json(KeyAnswer { key }))
}
