//! `rolecall start` and `rolecall sandbox` as another program meets them: one line of JSON, exit statuses, plain words.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::net::TcpListener;

use rolecall_tests::{Client, Ended, Rolecall};
use serde_json::Value;
use tempfile::TempDir;

/// A console that is only a page, since what is tested is how it is served.
fn page() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("index.html"),
        "<!doctype html><title>Rolecall</title>",
    )
    .unwrap();
    folder
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{pointer} in {value}"))
}

#[test]
fn start_prints_the_link_and_the_sandbox_once_it_listens() {
    let page = page();
    let rolecall = Rolecall::run(
        "start",
        &[
            "--seed-users",
            "30",
            "--assets",
            page.path().to_str().unwrap(),
        ],
    );
    let line = rolecall.line();
    let (origin, key) = text(line, "/link")
        .split_once("/#key=")
        .expect("the key is in the fragment");
    assert!(origin.starts_with("http://127.0.0.1:"), "{origin}");
    assert!(key.len() >= 32, "a key that cannot be guessed: {key}");
    let answer = Client::new(origin, None).get("/");
    assert_eq!(answer.status, 200);
    assert!(
        answer.content_type.starts_with("text/html"),
        "{}",
        answer.content_type
    );
    assert!(answer.text.contains("<title>Rolecall</title>"));
    assert!(!answer.text.contains(key), "the page holds no key");
    let astro = text(line, "/sandbox/astro/url");
    let token = text(line, "/sandbox/tokens/0/token");
    assert_eq!(Client::new(astro, None).get("/organizations").status, 401);
    assert_eq!(
        Client::new(astro, Some(token)).get("/organizations").status,
        200
    );
}

#[test]
fn the_sandbox_says_where_it_is_and_who_may_do_what() {
    let rolecall = Rolecall::sandbox(40);
    let line = rolecall.line();
    let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["astra", "astro", "organizations", "tokens"]);
    assert!(text(line, "/astro/url").ends_with("/v1"));
    assert!(text(line, "/astra/url").ends_with("/v2"));
    let organizations = line["organizations"].as_array().unwrap();
    for (service, wanted) in [("astro", 3), ("astra", 2)] {
        let count = organizations
            .iter()
            .filter(|one| one["service"] == service)
            .count();
        assert_eq!(count, wanted, "{service}");
    }
    assert!(
        organizations.iter().any(|one| one["users"] == 40),
        "{organizations:?}"
    );
    for organization in organizations {
        for role in ["owner", "member"] {
            let token = line["tokens"].as_array().unwrap().iter().find(|token| {
                token["service"] == organization["service"]
                    && token["organization"] == organization["id"]
                    && token["role"] == role
            });
            assert!(token.is_some(), "{role} of {organization}");
        }
    }
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let page = page();
    let assets = page.path().to_str().unwrap();
    for arguments in [
        vec![
            "start",
            "--listen",
            &address,
            "--seed-users",
            "10",
            "--assets",
            assets,
        ],
        vec!["sandbox", "--listen", &address, "--seed-users", "10"],
    ] {
        let ended = Ended::of(&arguments);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains(&address), "{ended:?}");
        assert!(!ended.stderr.contains("panicked"), "{ended:?}");
        assert_eq!(ended.stdout, "", "{arguments:?}");
    }
}

#[test]
fn wrong_use_ends_with_2_and_names_the_word() {
    for (arguments, named) in [
        (vec!["strat"], "strat"),
        (vec!["start", "--no-such-flag"], "--no-such-flag"),
        (vec!["start", "--listen", "here"], "here"),
        (vec!["sandbox", "--rate", "sometimes"], "sometimes"),
        (vec!["sandbox", "--seed-users", "many"], "many"),
    ] {
        let ended = Ended::of(&arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.contains(named), "{arguments:?}: {ended:?}");
    }
}
