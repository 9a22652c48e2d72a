//! `/api/session`: the key of the link becomes a cookie.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{HeaderMap, SET_COOKIE};
use serde::{Deserialize, Serialize};

use crate::Server;
use crate::body::{MAX_REQUEST, json};
use crate::connection::ConnectionAnswer;
use crate::error::ApiError;

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

/// `POST`: opens a session for the key of the link, and answers as `GET`.
pub async fn open(
    State(server): State<Arc<Server>>,
    request: Request,
) -> Result<Response, ApiError> {
    let opening: Opening = json(request, MAX_REQUEST).await?;
    let (cookie, notes) = server.guard.open_session(&opening.key)?;
    server.journal.keep_sessions(notes).await?;
    Ok(([(SET_COOKIE, cookie)], Session::on(&server)).into_response())
}

/// `GET`: that there is one, what kind of server this is, and its connections.
pub async fn show(State(server): State<Arc<Server>>) -> Json<Session> {
    Session::on(&server)
}

/// `DELETE`: signs out.
pub async fn close(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (cookie, notes) = server.guard.close_session(&headers);
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
    let key = server.guard.key_for(&asked.control)?;
    Ok(Json(KeyAnswer { key }))
}
