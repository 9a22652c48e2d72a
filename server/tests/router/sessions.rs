//! Who is let in, under which names, and what every answer says to browsers.

use axum::body::Body;
use axum::extract::Request;
use http::StatusCode;
use serde_json::json;

use super::{Console, HOST, INVITE, lines, silent};

#[tokio::test]
async fn without_a_session_nothing_is_told_or_sent() {
    let (base, arrived) = silent().await;
    let console = Console::before(&base).await;
    let other = Console::before(&base).await;
    let (cookie, page) = (console.cookie.as_str(), console.page.as_str());
    let value = cookie.split_once('=').unwrap().1;
    for (cookie, page) in [
        ("", page),
        ("rolecall_8787=", page),
        ("rolecall_8787=x", page),
        (&cookie.replace("8787", "8788"), page),
        (&format!("{cookie}x"), page),
        // whoever serves another port of this machine sees the cookie, and a script in the page the other half
        (cookie, ""),
        (cookie, "x"),
        (cookie, value),
        (cookie, &other.page),
        (&format!("{cookie}:{page}"), ""),
        (&format!("rolecall_8787={page}"), value),
    ] {
        for (method, path) in [
            ("GET", "/api/session"),
            ("GET", "/api/connections"),
            ("GET", "/api/unknown"),
            ("GET", "/api/c/astro/organizations"),
            ("POST", "/api/c/astro/organizations/c1/invites"),
            ("GET", "/api/invites/astro/c1"),
            ("GET", "/api/runs/1/events"),
            ("DELETE", "/api/session"),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("host", HOST)
                .header("origin", format!("http://{HOST}"))
                .header("cookie", cookie)
                .header("rolecall-page", page)
                .body(Body::empty())
                .unwrap();
            let reply = console.send(request).await;
            assert_eq!(reply.status, 401, "{cookie} {page} {path}");
            assert_eq!(reply.failure(), "unauthorized");
        }
    }
    assert!(lines(&arrived).is_empty());
    assert_eq!(console.get("/api/session").await.status, 200);
}

#[tokio::test]
async fn only_a_stream_of_events_has_half_of_its_session_in_its_address() {
    let console = Console::before("http://127.0.0.1:1").await;
    let send = async |path: &str| {
        let request = Request::get(format!("{path}?page={}", console.page))
            .header("host", HOST)
            .header("cookie", &console.cookie)
            .body(Body::empty())
            .unwrap();
        console.send(request).await.status
    };
    assert_eq!(send("/api/runs/1/events").await, 404);
    for path in ["/api/session", "/api/runs", "/api/runs/1"] {
        assert_eq!(send(path).await, 401, "{path}");
    }
}

#[tokio::test]
async fn a_key_opens_sessions_and_a_wrong_one_none() {
    let console = Console::closed("http://127.0.0.1:1", None);
    let key = console.server.guard.sessions.new_key();
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
async fn a_link_that_is_opened_again_leaves_other_tabs_their_session() {
    let console = Console::before("http://127.0.0.1:1").await;
    let open = async |page: &str| {
        let key = console.server.guard.sessions.new_key();
        let request = Request::post("/api/session")
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("cookie", &console.cookie)
            .header("rolecall-page", page)
            .header("content-type", "application/json");
        let body = Body::from(json!({ "key": key }).to_string());
        let reply = console.send(request.body(body).unwrap()).await;
        ["set-cookie", "rolecall-page"]
            .map(|half| reply.headers[half].to_str().unwrap().to_owned())
            .into()
    };
    let (cookie, page) = open(&console.page).await;
    assert!(
        cookie.starts_with(&format!("{};", console.cookie)),
        "{cookie}"
    );
    assert_eq!(page, console.page);
    // with the cookie alone it is another's
    let (cookie, page) = open("").await;
    assert!(!cookie.starts_with(&format!("{};", console.cookie)));
    assert_ne!(page, console.page);
    assert_eq!(console.get("/api/session").await.status, 200);
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
            .header("rolecall-page", &console.page)
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
    let key = console.server.guard.sessions.new_key();
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
            .header("cookie", &console.cookie)
            .header("rolecall-page", &console.page);
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
async fn head_answers_the_headers_of_get_and_no_body() {
    let console = Console::before("http://127.0.0.1:1").await;
    for path in ["/", "/users", "/app.js", "/icon.svg", "/nothing"] {
        for accept in ["*/*", "text/html"] {
            let send = async |method: &str| {
                let request = console.request(method, path).header("accept", accept);
                let request = request.header("accept-encoding", "br, gzip");
                console.send(request.body(Body::empty()).unwrap()).await
            };
            let (get, head) = (send("GET").await, send("HEAD").await);
            assert_eq!(head.status, get.status, "{path}");
            assert_eq!(head.headers, get.headers, "{path}");
            let length = head.headers["content-length"].to_str().unwrap();
            assert_eq!(length, get.body.len().to_string(), "{path}");
            assert!(head.body.is_empty() && !get.body.is_empty(), "{path}");
        }
    }
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
