//! The router, called without a socket; services behind it are small listeners of the test's own.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it failed"
)]

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
use rolecall::connections::environment::Surroundings;
use rolecall::connections::sources::{Offer, SourceArgs, find};
use rolecall::guard::{Guard, PublicUrl};
use rolecall::journal::Journal;
use rolecall::sending::{Patience, Sender};
use rolecall::{Parts, Server};
use rolecall_core::ahead::Ahead;
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
        let key = console.server.guard.new_key();
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
        Self { cookie, ..console }
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

#[tokio::test]
async fn passes_a_read_on_with_the_token_and_nothing_else() {
    let (base, arrived) = service(|| {
        let headers = [
            ("x-request-id", "r-1"),
            ("retry-after", "7"),
            ("set-cookie", "theirs=1"),
            ("access-control-allow-origin", "*"),
            ("content-type", "application/json"),
        ];
        (StatusCode::IM_A_TEAPOT, headers, "{\"a\":1}").into_response()
    })
    .await;
    let console = Console::before(&base).await;
    let request = console
        .request(
            "GET",
            "/api/c/astro/organizations/c1/users?offset=0&limit=9",
        )
        .header("authorization", "Bearer of-the-page")
        .header("x-forwarded-for", "1.2.3.4")
        .body(Body::empty())
        .unwrap();
    let reply = console.send(request).await;

    assert_eq!(reply.status, 418);
    assert_eq!(reply.body, b"{\"a\":1}");
    assert_eq!(reply.failure(), "");
    for (name, value) in [
        ("x-request-id", "r-1"),
        ("retry-after", "7"),
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(reply.headers[name], value);
    }
    assert!(!reply.headers.contains_key("set-cookie"));
    assert!(!reply.headers.contains_key("access-control-allow-origin"));

    assert_eq!(
        lines(&arrived),
        ["GET /v1/organizations/c1/users?offset=0&limit=9&sorts=createdAt%3Aasc"]
    );
    let arrived = arrived.lock().unwrap();
    let mut names: Vec<&str> = arrived[0].1.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "accept-encoding",
            "authorization",
            "host",
            "user-agent"
        ]
    );
    assert_eq!(arrived[0].1["authorization"], format!("Bearer {TOKEN}"));
}

#[tokio::test]
async fn keeps_the_invite_id_that_is_told_once() {
    let (base, arrived) = service(|| {
        let body = json!({
            "inviteId": "i1", "organizationId": "c1", "expiresAt": "2027-01-01T00:00:00Z",
            "invitee": { "id": "u1", "username": "pete@example.com" }, "inviter": { "id": "u0" },
        });
        ([("content-type", "application/json")], body.to_string()).into_response()
    })
    .await;
    let console = Console::before(&base).await;
    let request = console
        .request("POST", "/api/c/astro/organizations/c1/invites")
        .body(Body::from(INVITE))
        .unwrap();
    assert_eq!(console.send(request).await.status, 200);
    assert_eq!(arrived.lock().unwrap()[0].2, INVITE);
    assert_eq!(
        arrived.lock().unwrap()[0].1["content-type"],
        "application/json"
    );

    let known = console.get("/api/invites/astro/c1").await.json();
    let invite = json!({ "invite": "i1", "user": "u1", "email": "pete@example.com" });
    assert_eq!(known, json!({ "invites": [invite] }));
    let other = console.get("/api/invites/astro/c2").await.json();
    assert_eq!(other, json!({ "invites": [] }));
}

#[tokio::test]
async fn forgets_an_invite_that_was_withdrawn() {
    let told = Arc::new(Mutex::new(true));
    let (base, _) = service(move || {
        let body = r#"{"inviteId":"i1","organizationId":"c1","invitee":{"id":"u1"},"inviter":{"id":"u0"}}"#;
        match std::mem::take(&mut *told.lock().unwrap()) {
            true => body.into_response(),
            false => StatusCode::NO_CONTENT.into_response(),
        }
    })
    .await;
    let console = Console::before(&base).await;
    for (method, path) in [
        ("POST", "/api/c/astro/organizations/c1/invites"),
        ("DELETE", "/api/c/astro/organizations/c1/invites/i1"),
    ] {
        let request = console
            .request(method, path)
            .body(Body::from(INVITE))
            .unwrap();
        assert!(console.send(request).await.status.is_success());
    }
    let known = console.get("/api/invites/astro/c1").await.json();
    assert_eq!(known, json!({ "invites": [] }));
}

#[tokio::test]
async fn forwards_no_path_that_is_not_an_operation() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    for (method, path) in [
        ("GET", "/api/c/astro/organizations/c1/audit-logs"),
        ("DELETE", "/api/c/astro/organizations/c1/users/u1"),
        ("GET", "/api/c/astro/organizations/../organizations"),
        ("GET", "/api/c/astro/organizations/%2e%2e/users"),
        ("GET", "/api/c/astro/organizations/c1%2Fusers"),
        ("GET", "/api/c/astro//organizations"),
        ("GET", "/api/c/astro/organizations/"),
        ("GET", "/api/c/astro/organizations?evil=1"),
        ("GET", "/api/c/astro/organizations/c1%0d%0aX-Evil:1/users"),
        ("GET", "/api/c/astra/clientIdSecrets"),
        ("POST", "/api/c/astra/organizations/users"),
        ("GET", "/api/c/nobody/organizations"),
        ("GET", "/api/c/as%74ro/organizations"),
        ("TRACE", "/api/c/astro/organizations"),
        ("GET", "/api/c/astro"),
        ("GET", "/api/c/"),
        ("GET", "/api/unknown"),
        ("GET", "/api/session/../connections"),
    ] {
        let request = console.request(method, path).body(Body::empty()).unwrap();
        let reply = console.send(request).await;
        assert_eq!(reply.status, 404, "{method} {path}");
        assert_eq!(reply.failure(), "refused", "{method} {path}");
    }
    let request = console
        .request("PUT", "/api/connections")
        .body(Body::empty());
    assert_eq!(console.send(request.unwrap()).await.status, 405);
    assert!(lines(&arrived).is_empty());
}

#[tokio::test]
async fn a_header_cannot_be_smuggled_through_a_query_or_a_body() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    let path = "/api/c/astro/organizations?limit=1%0d%0aX-Evil:%201";
    assert_eq!(console.get(path).await.status, 400);
    let body =
        r#"{"inviteeEmail":"pete@example.com","role":"ORGANIZATION_MEMBER","x":"\r\nX-Evil: 1"}"#;
    let request = console.request("POST", INVITES).body(Body::from(body));
    assert_eq!(console.send(request.unwrap()).await.status, 200);
    let arrived = arrived.lock().unwrap();
    assert_eq!(arrived.len(), 1);
    assert!(!arrived[0].1.contains_key("x-evil"));
    assert_eq!(
        arrived[0].2, INVITE,
        "what the operation does not have is left out"
    );
}

#[tokio::test]
async fn a_body_that_the_operation_does_not_take_is_not_sent() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    for body in [
        "",
        "{}",
        "null",
        "[",
        r#"{"inviteeEmail":7,"role":"ORGANIZATION_MEMBER"}"#,
    ] {
        let request = console.request("POST", INVITES).body(Body::from(body));
        let reply = console.send(request.unwrap()).await;
        assert_eq!(
            (reply.status.as_u16(), reply.failure()),
            (400, "refused"),
            "{body}"
        );
    }
    assert!(lines(&arrived).is_empty());
}

#[tokio::test]
async fn without_a_session_nothing_is_told_or_sent() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    for cookie in [
        "",
        "rolecall_8787=",
        "rolecall_8787=x",
        &console.cookie.replace("8787", "8788"),
        &format!("{}x", console.cookie),
    ] {
        for (method, path) in [
            ("GET", "/api/session"),
            ("GET", "/api/connections"),
            ("GET", "/api/unknown"),
            ("GET", "/api/c/astro/organizations"),
            ("POST", "/api/c/astro/organizations/c1/invites"),
            ("GET", "/api/invites/astro/c1"),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("host", HOST)
                .header("origin", format!("http://{HOST}"))
                .header("cookie", cookie)
                .body(Body::empty())
                .unwrap();
            let reply = console.send(request).await;
            assert_eq!(reply.status, 401, "{cookie} {path}");
            assert_eq!(reply.failure(), "unauthorized");
        }
    }
    assert!(lines(&arrived).is_empty());
}

#[tokio::test]
async fn a_key_opens_sessions_and_a_wrong_one_none() {
    let console = Console::closed("http://127.0.0.1:1", None);
    let key = console.server.guard.new_key();
    let open = |key: &str, mime: &str| {
        console
            .request("POST", "/api/session")
            .header("content-type", mime.to_owned())
            .body(Body::from(json!({ "key": key }).to_string()))
            .unwrap()
    };
    for wrong in ["", "x", &key[1..], &key.to_uppercase()] {
        let reply = console.send(open(wrong, "application/json")).await;
        assert_eq!(
            (reply.status, reply.failure()),
            (StatusCode::UNAUTHORIZED, "unauthorized")
        );
        assert!(!reply.headers.contains_key("set-cookie"));
    }
    assert_eq!(console.send(open(&key, "text/plain")).await.status, 400);
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let reply = console
            .send(open(&key, "application/json; charset=utf-8"))
            .await;
        assert_eq!(reply.status, 200);
        let cookie = reply.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("rolecall_8787="));
        assert!(cookie.contains("; HttpOnly; SameSite=Strict; Path=/"));
        assert!(!cookie.contains(&key));
        cookies.push(cookie);
    }
    assert_ne!(cookies[0], cookies[1]);
}

#[tokio::test]
async fn a_session_ends_when_it_is_closed() {
    let console = Console::before("http://127.0.0.1:1").await;
    let session = console.get("/api/session").await.json();
    assert_eq!(session["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (&session["live"], &session["sandbox"]),
        (&json!(false), &json!(true))
    );
    let connections = &console.get("/api/connections").await.json()["connections"];
    assert_eq!(session["connections"], *connections);
    let close = console
        .request("DELETE", "/api/session")
        .body(Body::empty());
    assert_eq!(console.send(close.unwrap()).await.status, 204);
    assert_eq!(console.get("/api/session").await.status, 401);
}

#[tokio::test]
async fn answers_under_its_own_names_only() {
    let console = Console::before("http://127.0.0.1:1").await;
    let send = async |host: &str, path: &str| {
        let request = Request::get(path)
            .header("host", host)
            .header("cookie", &console.cookie)
            .body(Body::empty())
            .unwrap();
        console.send(request).await.status
    };
    for host in [
        "127.0.0.1:8787",
        "localhost:8787",
        "LOCALHOST:8787",
        "[::1]:8787",
    ] {
        assert_eq!(send(host, "/api/session").await, 200, "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:8787",
        "127.0.0.1",
        "127.0.0.1:8788",
        "127.0.0.1:8787.evil.example",
        "127.0.0.2:8787",
        "",
    ] {
        for path in ["/", "/api/session", "/nothing"] {
            assert_eq!(send(host, path).await, 421, "{host} {path}");
        }
    }
    assert_eq!(send(HOST, "http://evil.example/api/session").await, 421);
    let twice = console.request("GET", "/").header("host", "evil.example");
    let twice = twice.body(Body::empty()).unwrap();
    assert_eq!(console.send(twice).await.status, 421);
    let none = Request::get("/").body(Body::empty()).unwrap();
    assert_eq!(console.send(none).await.status, 421);
}

#[tokio::test]
async fn a_public_address_is_one_more_name() {
    let public = "https://roles.example".parse().unwrap();
    let console = Console::closed("http://127.0.0.1:1", Some(&public));
    let key = console.server.guard.new_key();
    let open = |host: &str, origin: &str| {
        Request::post("/api/session")
            .header("host", host)
            .header("origin", origin)
            .header("content-type", "application/json")
            .body(Body::from(json!({ "key": key }).to_string()))
            .unwrap()
    };
    let reply = console
        .send(open("roles.example", "https://roles.example"))
        .await;
    assert_eq!(reply.status, 200);
    assert!(
        reply.headers["set-cookie"]
            .to_str()
            .unwrap()
            .ends_with("; Secure")
    );
    let plain = console
        .send(open("roles.example", "http://roles.example"))
        .await;
    assert_eq!(plain.status, 403);
}

#[tokio::test]
async fn a_change_from_another_site_is_refused() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    let path = "/api/c/astro/organizations/c1/invites";
    let send = async |method: &str, origin: Option<&str>, site: Option<&str>| {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST)
            .header("cookie", &console.cookie);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let reply = console
            .send(request.body(Body::from(INVITE)).unwrap())
            .await;
        (reply.status, reply.failure().to_owned())
    };
    let refused = (StatusCode::FORBIDDEN, "refused".to_owned());
    for origin in [
        "http://evil.example",
        "http://127.0.0.1:3000",
        "https://127.0.0.1:8787",
        "http://127.0.0.1",
        "null",
        "",
    ] {
        assert_eq!(send("POST", Some(origin), None).await, refused, "{origin}");
    }
    assert_eq!(send("POST", None, Some("cross-site")).await, refused);
    assert_eq!(send("POST", None, Some("same-origin")).await, refused);
    // another port of this machine is the same site and another origin
    assert_eq!(send("GET", None, Some("same-site")).await, refused);
    assert!(lines(&arrived).is_empty());

    let own = format!("http://{HOST}");
    assert_eq!(send("POST", Some(&own), Some("same-origin")).await.0, 200);
    assert_eq!(lines(&arrived).len(), 1);
}

#[tokio::test]
async fn a_request_has_at_most_64_kib() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    for (bytes, status) in [(64 << 10, 200), ((64 << 10) + 1, 413)] {
        let request = console
            .request("POST", "/api/c/astro/organizations/c1/invites")
            .body(Body::from(
                INVITE.to_owned() + &" ".repeat(bytes - INVITE.len()),
            ))
            .unwrap();
        assert_eq!(console.send(request).await.status, status);
    }
    assert_eq!(lines(&arrived).len(), 1);
}

#[tokio::test]
async fn an_answer_has_at_most_32_mib() {
    let (base, _) = service(|| vec![b' '; (32 << 20) + 1].into_response()).await;
    let console = Console::before(&base).await;
    let reply = console.get("/api/c/astro/organizations").await;
    assert_eq!(
        (reply.status, reply.failure()),
        (StatusCode::BAD_GATEWAY, "unanswered")
    );
    assert!(reply.message().contains("32 MiB"));
}

#[tokio::test]
async fn what_cannot_be_journaled_is_not_sent() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    let file = console.folder.path().join("journal.sqlite");
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let request = console.request("POST", INVITES).body(Body::from(INVITE));
    let reply = console.send(request.unwrap()).await;
    assert_eq!(
        (reply.status.as_u16(), reply.failure()),
        (502, "unreachable")
    );
    assert!(
        reply
            .message()
            .contains("another program; close that program; nothing was sent")
    );
    assert!(lines(&arrived).is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    let request = console.request("POST", INVITES).body(Body::from(INVITE));
    assert_eq!(console.send(request.unwrap()).await.status, 200);
    assert_eq!(lines(&arrived).len(), 1);
}

/// The browser goes away in the middle; the change and its entry come to their end.
#[tokio::test]
async fn a_change_comes_to_its_end_without_anybody_waiting() {
    let (base, arrived) = service(|| {
        std::thread::sleep(Duration::from_millis(100));
        StatusCode::BAD_REQUEST.into_response()
    })
    .await;
    let console = Console::before(&base).await;
    let request = console.request("POST", INVITES).body(Body::from(INVITE));
    let sending = console.send(request.unwrap());
    assert!(
        tokio::time::timeout(Duration::from_millis(30), sending)
            .await
            .is_err()
    );
    let begun = std::time::Instant::now();
    loop {
        let entries = console.get("/api/journal").await.json()["entries"].clone();
        if entries[0]["answer"]["outcome"] == "refused" {
            assert_eq!(entries[0]["subject"], "pete@example.com");
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{entries}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(lines(&arrived).len(), 1);
}

#[tokio::test]
async fn follows_no_redirect() {
    let (elsewhere, arrived) = silent().await;
    let (base, _) = service(move || {
        (
            StatusCode::TEMPORARY_REDIRECT,
            [("location", elsewhere.clone())],
        )
            .into_response()
    })
    .await;
    let console = Console::before(&base).await;
    let reply = console.get("/api/c/astro/organizations").await;
    assert_eq!(reply.status, 307);
    assert!(!reply.headers.contains_key("location"));
    assert!(lines(&arrived).is_empty());
}

#[tokio::test]
async fn says_whether_a_request_went_out() {
    // nobody listens there
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let console = Console::before(&format!("http://{address}/v1")).await;
    let reply = console.get("/api/c/astro/organizations").await;
    assert_eq!(
        (reply.status, reply.failure()),
        (StatusCode::BAD_GATEWAY, "unreachable")
    );
    assert!(
        reply.message().contains(&address.to_string()),
        "{}",
        reply.message()
    );

    // takes the request and says nothing
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = listener.local_addr().unwrap();
    let console = Console::before(&format!("http://{silent}/v1")).await;
    let reply = console.get("/api/c/astro/organizations").await;
    assert_eq!(
        (reply.status, reply.failure()),
        (StatusCode::GATEWAY_TIMEOUT, "unanswered")
    );

    // breaks off in the middle of the answer
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 1_024]).await.unwrap() > 0);
        let part = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345";
        stream.write_all(part.as_bytes()).await.unwrap();
    });
    let console = Console::before(&format!("http://{broken}/v1")).await;
    let reply = console.get("/api/c/astro/organizations").await;
    assert_eq!(
        (reply.status, reply.failure()),
        (StatusCode::BAD_GATEWAY, "unanswered")
    );
}

#[tokio::test]
async fn real_services_are_closed_and_their_names_not_looked_up() {
    let console = Console::before("https://api.astronomer.io/v1").await;
    let reply = console.get("/api/c/astro/organizations").await;
    assert_eq!(
        (reply.status, reply.failure()),
        (StatusCode::BAD_GATEWAY, "unreachable")
    );
    assert!(reply.message().contains("--live"), "{}", reply.message());
}

/// A service that takes one token only.
async fn service_for(token: &'static str) -> (String, Arrived) {
    let arrived = Arrived::default();
    let router = Router::new()
        .fallback(
            move |State(arrived): State<Arrived>, request: Request| async move {
                let (parts, _) = request.into_parts();
                let known = parts.headers["authorization"] == format!("Bearer {token}");
                let line = format!("{} {}", parts.method, parts.uri);
                arrived
                    .lock()
                    .unwrap()
                    .push((line, parts.headers, Bytes::new()));
                match known {
                    true => StatusCode::NO_CONTENT,
                    false => StatusCode::UNAUTHORIZED,
                }
            },
        )
        .with_state(Arc::clone(&arrived));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, arrived)
}

#[tokio::test]
async fn a_login_that_expired_is_read_again_from_its_file() {
    let (base, arrived) = service_for("newer").await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".astro/config.yaml");
    std::fs::create_dir(home.path().join(".astro")).unwrap();
    let log_in = |token: &str| {
        let text = format!(
            "local:\n  core: {base}\ncontexts:\n  localhost:\n    domain: localhost\n    token: Bearer {token}\n"
        );
        std::fs::write(&file, text).unwrap();
    };
    log_in("older");
    let around = Surroundings::new([("HOME".to_owned(), home.path().display().to_string())]);
    let found = find(&SourceArgs::default(), &around, 0).unwrap();
    let connection = Arc::new(Connection::new(found.offers[0].clone()));
    let console = Console::closed(&base, None);
    let call = Service::Astro.list_organizations(0);
    let sender = &console.server.sender;
    let status = async || sender.read(&connection, &call).await.unwrap().status();
    assert_eq!(status().await, 401);
    assert_eq!(
        lines(&arrived).len(),
        1,
        "the file holds the same token: not asked again"
    );
    log_in("newer");
    assert_eq!(status().await, 204);
    assert_eq!(status().await, 204);
    assert_eq!(
        lines(&arrived).len(),
        4,
        "once with the older one, then with the newer"
    );
}

#[tokio::test]
async fn connections_are_told_without_tokens() {
    let console = Console::before("http://127.0.0.1:1/v1").await;
    let reply = console.get("/api/connections").await;
    assert_eq!(
        reply.json()["connections"][0],
        json!({
            "id": "astro", "service": "astro", "name": "astro", "limited": false, "sandbox": true,
            "base": "http://127.0.0.1:1/v1", "source": "sandbox",
            "ahead": {
                "organizations": "/organizations?offset=0&limit=1000&sorts=name%3Aasc",
                "id": ["organizations", "0", "id"],
                "users": "/organizations/ORGANIZATION/users?offset=0&limit=100&sorts=createdAt%3Aasc",
            },
        })
    );
    assert!(!String::from_utf8(reply.body).unwrap().contains(TOKEN));
    assert!(!format!("{:?}", console.server.connections).contains(TOKEN));
}

#[tokio::test]
async fn the_organization_that_came_first_is_told_with_the_connection() {
    let (base, _) = service(|| {
        let body = json!({
            "organizations": [{ "id": "c1", "name": "One" }, { "id": "c2", "name": "Two" }],
            "totalCount": 2, "offset": 0, "limit": 1000,
        });
        ([("content-type", "application/json")], body.to_string()).into_response()
    })
    .await;
    let console = Console::before(&base).await;
    let first =
        async || console.get("/api/session").await.json()["connections"][0]["first"].clone();
    assert_eq!(first().await, Value::Null, "nobody has listed them yet");
    let path = format!("/api/c/astro{}", Ahead::of(Service::Astro).organizations);
    assert_eq!(console.get(&path).await.status, 200);
    // it is looked at beside the answer
    for _ in 0..500 {
        if first().await == "c1" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{}", first().await);
}

#[tokio::test]
async fn every_answer_keeps_other_pages_out() {
    let console = Console::before("http://127.0.0.1:1").await;
    for path in ["/", "/users", "/nothing", "/api/session", "/api/nothing"] {
        let headers = console.get(path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
    }
    let headers = console.get("/").await.headers;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-MeZS89WlF0u+o0hCvHTBt4q1WHU+U+sJKgbdRUc36mY='; style-src 'self'"));
    // a script or a drawing obeys the policies of its page, and nothing runs where it is opened by itself
    for part in ["/app.js", "/icon.svg"] {
        let headers = console.get(part).await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert_eq!(
            policy, "default-src 'none'; frame-ancestors 'none'; sandbox",
            "{part}"
        );
        assert!(!headers.contains_key("permissions-policy"));
    }
    let headers = console.get("/api/session").await.headers;
    assert_eq!(headers["cache-control"], "no-store");
    // what a service answers is data, whatever it says it is
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert_eq!(
        policy,
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    );
}
