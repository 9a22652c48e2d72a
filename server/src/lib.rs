//! The gateway: serves the console, keeps tokens out of the browser, sends every change through one
//! place, and carries the sandbox.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, get, post};

use crate::assets::Assets;
use crate::connections::Connections;
use crate::error::ApiError;
use crate::gateway::Invites;
use crate::guard::Guard;
use crate::sending::Sender;

pub mod assets;
pub mod clock;
pub mod config;
pub mod connections;
pub mod data_folder;
pub mod error;
pub mod gateway;
pub mod guard;
pub mod journal;
pub mod logs;
pub mod sandbox;
pub mod sending;
pub mod serve;
pub mod session;
pub mod start;

/// All that requests share.
pub struct Server {
    /// Decides who gets in.
    pub guard: Guard,
    /// The console.
    pub assets: Assets,
    /// Where requests may go.
    pub connections: Connections,
    /// The way out.
    pub sender: Sender,
    /// Invitations that can be withdrawn.
    pub invites: Invites,
    /// Whether real services are open.
    pub live: bool,
}

/// Every address of the server.
pub fn router(server: Arc<Server>) -> Router {
    let session = get(session::show)
        .post(session::open)
        .delete(session::close);
    Router::new()
        .route("/api/session", session)
        .route("/api/keys", post(session::key))
        .route("/api/connections", get(connections::list))
        .route("/api/c/{connection}/{*path}", any(gateway::forward))
        .route(
            "/api/invites/{connection}/{organization}",
            get(gateway::invites),
        )
        .route("/api/{*path}", any(nothing_here))
        .method_not_allowed_fallback(wrong_method)
        .fallback(console)
        .layer(from_fn_with_state(Arc::clone(&server), guard::guard))
        .with_state(server)
}

async fn console(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    server.assets.serve(method, uri, headers).await
}

async fn nothing_here() -> ApiError {
    ApiError::NotFound
}

async fn wrong_method() -> ApiError {
    ApiError::Method
}
