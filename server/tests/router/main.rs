//! The router, called without a socket; services behind it are small listeners of the test's own.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it failed"
)]

mod connections;
mod forwarding;
mod sessions;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use rolecall::assets::Assets;
use rolecall::clock::World;
use rolecall::connection::Connection;
use rolecall::connections::Connections;
use rolecall::connections::sources::Offer;
use rolecall::guard::{Guard, PublicUrl};
use rolecall::journal::Journal;
use rolecall::sending::{Patience, Sender};
use rolecall::{Parts, Server};
use rolecall_core::endpoint::{GATEWAY_FAILURE, Token};
use rolecall_core::service::Service;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

const TOKEN: &str = "a-token-that-nobody-may-see";
const HOST: &str = "127.0.0.1:8787";
const INVITES: &str = "/api/c/astro/organizations/c1/invites";
const INVITE: &str = r#"{"inviteeEmail":"pete@example.com","role":"ORGANIZATION_MEMBER"}"#;

/// A console with a session, in front of one service.
struct Console {
    router: Router,
    server: Arc<Server>,
    cookie: String,
    /// The page's half of the session.
    page: String,
    /// Goes with the last one who uses it.
    folder: Arc<TempDir>,
}

/// What a request came back with.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    fn failure(&self) -> &str {
        self.headers
            .get(&GATEWAY_FAILURE)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }
}

impl Console {
    async fn before(base: &str) -> Self {
        let console = Self::closed(base, None);
        let key = console.server.guard.sessions.new_key();
        let request = Request::post("/api/session")
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("content-type", "application/json")
            .body(Body::from(json!({ "key": key }).to_string()))
            .unwrap();
        let reply = console.send(request).await;
        assert_eq!(reply.status, 200);
        let cookie = reply.headers["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let page = reply.headers["rolecall-page"].to_str().unwrap().to_owned();
        Self {
            cookie,
            page,
            ..console
        }
    }

    fn closed(base: &str, public: Option<&PublicUrl>) -> Self {
        let index = "<html><script type=module>boot()</script></html>";
        let script = Bytes::from_static(b"export {};");
        let drawing = Bytes::from_static(b"<svg/>");
        let assets = Assets::new([
            ("index.html".to_owned(), Bytes::from(index)),
            ("app.js".to_owned(), script),
            ("icon.svg".to_owned(), drawing),
        ]);
        let address: SocketAddr = HOST.parse().unwrap();
        let patience = Patience {
            connect: Duration::from_secs(2),
            whole: Duration::from_millis(500),
        };
        let connections = [("astro", Service::Astro), ("astra", Service::Astra)]
            .map(|(id, service)| {
                let offer = Offer {
                    id: id.to_owned(),
                    service,
                    name: id.to_owned(),
                    base: base.to_owned(),
                    source: "sandbox".to_owned(),
                    token: Token::new(TOKEN),
                    named: true,
                    renewal: None,
                };
                Connection::to_sandbox(offer, None, false)
            })
            .into();
        let world = World::real();
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.sqlite"), world.clone()).unwrap();
        let parts = Parts {
            guard: Guard::new(world.clone(), address, public, &assets.inline_scripts()),
            assets,
            connections: Connections::new(connections),
            sender: Sender::new(false, patience, journal.clone(), world.clone()).unwrap(),
            journal,
            patience,
            live: false,
            stop: tokio::sync::watch::channel(false).1,
            world,
        };
        let server = Arc::new(parts.into_server());
        Self {
            router: rolecall::router(Arc::clone(&server)),
            server,
            cookie: String::new(),
            page: String::new(),
            folder: Arc::new(folder),
        }
    }

    async fn send(&self, request: Request) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: body.into(),
        }
    }

    /// A request as the console's own page makes it.
    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("cookie", &self.cookie)
            .header("rolecall-page", &self.page)
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path).body(Body::empty()).unwrap())
            .await
    }
}

/// What arrived at the service.
type Arrived = Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>;

/// A service that answers all requests in one way, and keeps them.
async fn service(
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (String, Arrived) {
    let arrived = Arrived::default();
    let router = Router::new()
        .fallback(
            move |State(arrived): State<Arrived>, request: Request| async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let line = format!("{} {}", parts.method, parts.uri);
                arrived.lock().unwrap().push((line, parts.headers, body));
                answer()
            },
        )
        .with_state(Arc::clone(&arrived));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, arrived)
}

fn lines(arrived: &Arrived) -> Vec<String> {
    let arrived = arrived.lock().unwrap();
    arrived.iter().map(|(line, ..)| line.clone()).collect()
}

/// A service that must not be asked.
async fn silent() -> (String, Arrived) {
    service(|| "asked".into_response()).await
}
