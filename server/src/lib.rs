//! The gateway: serves the console, keeps tokens out of the browser, sends every change through one
//! place, and carries the sandbox.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, delete, get, post};
use rolecall_core::plan::run::Policy;
use tokio::sync::watch;

use crate::assets::Assets;
use crate::clock::World;
use crate::connections::Connections;
use crate::error::ApiError;
use crate::guard::Guard;
use crate::journal::Journal;
use crate::known::Known;
use crate::runs::{Runs, api as run_api};
use crate::sending::{Patience, Sender};

pub mod activity;
pub mod assets;
pub mod body;
pub mod clock;
pub mod config;
pub mod connection;
pub mod connections;
pub mod data_folder;
pub mod doctor;
pub mod error;
pub mod gateway;
pub mod guard;
pub mod journal;
pub mod known;
pub mod limiter;
pub mod link;
pub mod logs;
pub mod people;
pub mod runs;
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
    pub connections: Arc<Connections>,
    /// The way out.
    pub sender: Arc<Sender>,
    /// What was sent, and what came of it.
    pub journal: Journal,
    /// What was seen last.
    pub known: Known,
    /// Plans under way.
    pub runs: Arc<Runs>,
    /// Whether real services are open.
    pub live: bool,
    /// Becomes true when the server is to end.
    pub stop: watch::Receiver<bool>,
}

/// What a server is put together from.
pub struct Parts {
    /// Time and chance.
    pub world: World,
    /// Decides who gets in.
    pub guard: Guard,
    /// The console.
    pub assets: Assets,
    /// Where requests may go.
    pub connections: Connections,
    /// The way out.
    pub sender: Sender,
    /// What was sent, and what came of it.
    pub journal: Journal,
    /// How long the sender waits: a run looks into the list only after that.
    pub patience: Patience,
    /// Whether real services are open.
    pub live: bool,
    /// Becomes true when the server is to end.
    pub stop: watch::Receiver<bool>,
}

impl Parts {
    /// Puts them together.
    pub fn into_server(self) -> Server {
        let (connections, sender) = (Arc::new(self.connections), Arc::new(self.sender));
        let whole = u64::try_from(self.patience.whole.as_millis()).unwrap_or(u64::MAX);
        let policy = Policy {
            settle: whole.saturating_add(whole / 4),
            ..Policy::default()
        };
        let runs = Runs::new(
            self.world,
            self.journal.clone(),
            Arc::clone(&sender),
            Arc::clone(&connections),
            policy,
        );
        Server {
            guard: self.guard,
            assets: self.assets,
            connections,
            sender,
            known: Known::new(self.journal.clone()),
            journal: self.journal,
            runs: Arc::new(runs),
            live: self.live,
            stop: self.stop,
        }
    }
}

/// Every address of the server.
pub fn router(server: Arc<Server>) -> Router {
    let session = get(session::show)
        .post(session::open)
        .delete(session::close);
    Router::new()
        .route("/api/session", session)
        .route("/api/keys", post(session::key))
        .route(
            "/api/connections",
            get(connections::list).post(connections::open),
        )
        .route("/api/connections/{id}", delete(connections::close))
        .route("/api/c/{connection}/{*path}", any(gateway::forward))
        .route(
            "/api/invites/{connection}/{organization}",
            get(gateway::invites),
        )
        .route("/api/known/{connection}/{organization}", get(known::known))
        .route("/api/people", get(people::people))
        .route("/api/journal", get(activity::entries))
        .route("/api/journal.csv", get(activity::csv))
        .route("/api/journal.jsonl", get(activity::json_lines))
        .route("/api/runs", get(run_api::list).post(run_api::begin))
        .route("/api/runs/{id}", get(run_api::show))
        .route("/api/runs/{id}/events", get(run_api::watch))
        .route("/api/runs/{id}/plan", get(run_api::plan))
        .route("/api/runs/{id}/pause", post(run_api::pause))
        .route("/api/runs/{id}/resume", post(run_api::resume))
        .route("/api/runs/{id}/stop", post(run_api::stop))
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
