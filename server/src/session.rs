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
use crate::error::ApiError;

#[derive(Deserialize)]
struct Opening {
    key: String,
}

/// What the page knows of the server it is on.
#[derive(Serialize)]
pub struct Session {
    version: &'static str,
    live: bool,
    sandbox: bool,
}

/// `POST`: opens a session for the key of the link.
pub async fn open(
    State(server): State<Arc<Server>>,
    request: Request,
) -> Result<Response, ApiError> {
    let opening: Opening = json(request, MAX_REQUEST).await?;
    let (cookie, notes) = server.guard.open_session(&opening.key)?;
    server.journal.keep_sessions(notes).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}

/// `GET`: that there is one, and what kind of server this is.
pub async fn show(State(server): State<Arc<Server>>) -> Json<Session> {
    Json(Session {
        version: env!("CARGO_PKG_VERSION"),
        live: server.live,
        sandbox: server.connections.all().iter().any(|it| it.sandbox),
    })
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
