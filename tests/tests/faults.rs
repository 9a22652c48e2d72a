//! The sandbox's failures as they come over the wire, byte for byte.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rolecall_tests::{Client, Ended, Rolecall};
use serde_json::{Value, json};

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{pointer} in {value}"))
}

/// Invites somebody on Astro and gives all bytes that come back before the connection closes.
fn invite(line: &Value, email: &str, fault: &str) -> String {
    let url = text(line, "/astro/url");
    let host = url.strip_prefix("http://").unwrap();
    let host = host.strip_suffix("/v1").unwrap();
    let body = json!({"inviteeEmail": email, "role": "ORGANIZATION_MEMBER"}).to_string();
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    write!(
        stream,
        "POST /v1/organizations/{}/invites HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Authorization: Bearer {}\r\nx-sandbox-fault: {fault}\r\nContent-Length: {}\r\n\r\n{body}",
        text(line, "/organizations/0/id"),
        text(line, "/tokens/0/token"),
        body.len()
    )
    .unwrap();
    let mut bytes = Vec::new();
    // A connection that is reset has said all it will say.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn is_invited(line: &Value, email: &str) -> bool {
    let client = Client::new(
        text(line, "/astro/url"),
        Some(text(line, "/tokens/0/token")),
    );
    let organization = text(line, "/organizations/0/id");
    let users = client.get(&format!("/organizations/{organization}/users?limit=1000"));
    assert_eq!(users.status, 200);
    users.text.contains(&format!("\"{email}\""))
}

#[test]
fn each_delivery_looks_like_what_it_is() {
    let rolecall = Rolecall::sandbox(10);
    let line = rolecall.line();

    assert_eq!(invite(line, "before@example.com", "drop-before"), "");
    assert!(!is_invited(line, "before@example.com"));

    assert_eq!(invite(line, "after@example.com", "drop-after"), "");
    assert!(is_invited(line, "after@example.com"));

    let cut = invite(line, "cut@example.com", "truncated");
    let (head, body) = cut.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let announced = head.lines().find_map(|it| {
        it.to_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    let announced: usize = announced.unwrap_or_else(|| panic!("{cut:?}"));
    assert!(!body.is_empty() && body.len() < announced, "{body}");
    assert!(is_invited(line, "cut@example.com"));

    let proxy = invite(line, "proxy@example.com", "503");
    assert!(proxy.starts_with("HTTP/1.1 503"), "{proxy}");
    assert!(proxy.contains("upstream connect error"), "{proxy}");
    assert!(!is_invited(line, "proxy@example.com"));
}

#[test]
fn shares_are_taken_from_the_command_line() {
    let arguments = ["--seed-users", "10", "--faults", "429=100%,latency=1ms"];
    let rolecall = Rolecall::run("sandbox", &arguments);
    let line = rolecall.line();
    let client = Client::new(
        text(line, "/astra/url"),
        Some(text(line, "/tokens/6/token")),
    );
    assert_eq!(client.get("/currentOrg").status, 429);
}

#[test]
fn a_wrong_fault_is_named_with_those_that_there_are() {
    let ended = Ended::of(["sandbox", "--faults", "drop-after=5%,explode"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("`explode` is not a fault"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("drop-before"), "{ended:?}");
}
