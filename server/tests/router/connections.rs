//! Ways to the services: what is told of them, and tokens that are renewed.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::IntoResponse;
use http::StatusCode;
use rolecall::connection::Connection;
use rolecall::connections::args::SourceArgs;
use rolecall::connections::environment::Surroundings;
use rolecall::connections::sources::find;
use rolecall_core::ahead::Ahead;
use rolecall_core::service::Service;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Arrived, Console, TOKEN, lines, service};

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
        })
    );
    assert!(!String::from_utf8(reply.body).unwrap().contains(TOKEN));
    assert!(!format!("{:?}", console.server.connections).contains(TOKEN));
}

#[tokio::test]
async fn what_was_seen_last_is_told_of_open_connections_only() {
    let console = Console::before("http://127.0.0.1:1/v1").await;
    let users = r#"[{"id":"u1","name":"Pat","email":"pat@example.com"}]"#;
    for connection in ["astro", "astro-pasted-1"] {
        let (connection, organization) = (connection.to_owned(), "c1".to_owned());
        let journal = &console.server.journal;
        let kept = journal.keep_known(connection, organization, users.to_owned());
        kept.await.unwrap();
    }
    let open = console.get("/api/known/astro/c1").await;
    assert_eq!(open.json()["users"][0]["name"], "Pat");
    let closed = console.get("/api/known/astro-pasted-1/c1").await;
    assert_eq!((closed.status.as_u16(), closed.failure()), (404, "refused"));
    assert!(!String::from_utf8(closed.body).unwrap().contains("Pat"));
}

/// What the page asks ahead where its address has this query.
async fn ahead(console: &Console, query: &str) -> Value {
    let answer = console.get(&format!("/api/session{query}")).await;
    assert_eq!(answer.status, 200);
    let questions = answer.headers.get("rolecall-ahead");
    questions.map_or(Value::Null, |it| {
        serde_json::from_slice(it.as_bytes()).unwrap()
    })
}

#[tokio::test]
async fn what_to_ask_first_is_told_with_the_session() {
    let console = Console::before("http://127.0.0.1:1/v1").await;
    let astro = json!({
        "below": "/api/c/astro",
        "organizations": "/organizations?offset=0&limit=1000&sorts=name%3Aasc",
        "id": ["organizations", "0", "id"],
        "users": "/organizations/ORGANIZATION/users?offset=0&limit=100&sorts=createdAt%3Aasc",
    });
    assert_eq!(ahead(&console, "").await, astro);
    assert_eq!(ahead(&console, "?connection=astro").await, astro);
    let below = &ahead(&console, "?connection=astra").await["below"];
    assert_eq!(below, "/api/c/astra");
    assert_eq!(ahead(&console, "?connection=none").await, Value::Null);
}

#[tokio::test]
async fn the_organization_that_came_first_is_told_with_the_session() {
    let (base, _) = service(|| {
        let body = json!({
            "organizations": [{ "id": "c1", "name": "One" }, { "id": "c2", "name": "Two" }],
            "totalCount": 2, "offset": 0, "limit": 1000,
        });
        ([("content-type", "application/json")], body.to_string()).into_response()
    })
    .await;
    let console = Console::before(&base).await;
    let first = async || ahead(&console, "").await["first"].clone();
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
