//! What is sent on to a service and what comes back.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse;
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;

use super::{Console, INVITE, INVITES, TOKEN, lines, service, silent};

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
async fn a_request_has_thirty_seconds_to_be_whole_and_a_plan_five_minutes() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    tokio::time::pause();
    for (path, seconds) in [
        ("/api/session", 30),
        ("/api/keys", 30),
        ("/api/connections", 30),
        (INVITES, 30),
        ("/api/runs", 300),
    ] {
        let begun =
            Body::from_stream(futures_util::stream::pending::<Result<String, Infallible>>());
        let request = console
            .request("POST", path)
            .header("content-type", "application/json")
            .body(begun)
            .unwrap();
        let since = tokio::time::Instant::now();
        let reply = console.send(request).await;
        assert_eq!(since.elapsed().as_secs(), seconds, "{path}");
        assert_eq!((reply.status.as_u16(), reply.failure()), (408, "refused"));
        assert_eq!(reply.headers["connection"], "close");
        let said = reply.message();
        assert!(
            said.contains(&format!("within {seconds} seconds")),
            "{said}"
        );
    }
    assert!(lines(&arrived).is_empty());
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

/// A service that has `trouble` for so many requests, and then answers.
async fn troubled(times: usize, trouble: StatusCode) -> (String, super::Arrived) {
    let left = Arc::new(Mutex::new(times));
    service(move || {
        let mut left = left.lock().unwrap();
        if *left == 0 {
            return "{}".into_response();
        }
        *left -= 1;
        trouble.into_response()
    })
    .await
}

#[tokio::test]
async fn a_reading_is_repeated_where_that_may_help() {
    for (times, trouble, status, asked) in [
        (1, StatusCode::TOO_MANY_REQUESTS, 200, 2),
        (2, StatusCode::BAD_GATEWAY, 200, 3),
        (9, StatusCode::SERVICE_UNAVAILABLE, 503, 3),
        (1, StatusCode::FORBIDDEN, 403, 1),
    ] {
        let (base, arrived) = troubled(times, trouble).await;
        let console = Console::before(&base).await;
        let reply = console.get("/api/c/astro/organizations").await;
        assert_eq!(
            (reply.status.as_u16(), lines(&arrived).len()),
            (status, asked),
            "{trouble}"
        );
    }
}

#[tokio::test]
async fn a_reading_is_repeated_when_the_service_says() {
    for (seconds, asked) in [("1", 3), ("60", 1)] {
        let busy = (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds)]);
        let (base, arrived) = service(move || busy.into_response()).await;
        let console = Console::before(&base).await;
        let begun = std::time::Instant::now();
        let reply = console.get("/api/c/astro/organizations").await;
        let waited = begun.elapsed() >= Duration::from_secs(2);
        assert_eq!(
            (reply.status.as_u16(), lines(&arrived).len(), waited),
            (429, asked, asked > 1),
            "{seconds}"
        );
        assert_eq!(reply.headers["retry-after"], seconds);
    }
}

#[tokio::test]
async fn a_change_is_never_repeated() {
    let (base, arrived) = troubled(1, StatusCode::SERVICE_UNAVAILABLE).await;
    let console = Console::before(&base).await;
    let request = console.request("POST", INVITES).body(Body::from(INVITE));
    assert_eq!(console.send(request.unwrap()).await.status, 503);
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
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut [0; 1_024]).await.unwrap() > 0);
            let part = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345";
            stream.write_all(part.as_bytes()).await.unwrap();
        }
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
