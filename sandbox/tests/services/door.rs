//! Tokens, paths, limits and request ids: what holds before any operation.

use http::Request;
use rolecall_core::service::Service;
use rolecall_sandbox::{Rate, Settings};
use serde_json::json;

use crate::client::Client;

fn status_of(client: &mut Client, path: &str, authorization: Option<&str>) -> (u16, String) {
    let mut request = Request::get(path);
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    let response = client.handle(&request.body(Vec::new()).unwrap()).response;
    let body = String::from_utf8(response.body().clone()).unwrap();
    (response.status().as_u16(), body)
}

#[test]
fn astro_asks_each_request_for_a_token() {
    let mut client = Client::new();
    let good = client.token(Service::Astro, 0, "owner");
    let astra = client.token(Service::Astra, 0, "owner");
    for path in ["/v1/organizations", "/v1/users/self", "/v1/nothing/here"] {
        for authorization in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer nonsense"),
            Some(&*format!("Basic {good}")),
            Some(&*format!("Bearer {astra}")),
        ] {
            let (status, body) = status_of(&mut client, path, authorization);
            assert_eq!(status, 401, "{path} {authorization:?}");
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["message"], "Unauthorized");
            assert_eq!(body["statusCode"], 401);
        }
    }
    let lower = format!("bearer {good}");
    assert_eq!(
        status_of(&mut client, "/v1/organizations", Some(&lower)).0,
        200
    );
}

#[test]
fn astra_tells_missing_malformed_and_unknown_tokens_apart() {
    let mut client = Client::new();
    let unknown = format!("Bearer AstraCS:{}:{}", "S".repeat(24), "0".repeat(64));
    for (authorization, status, id) in [
        (None, 401, "340012"),
        (Some("Bearer nonsense"), 403, "340017"),
        (Some("Bearer AstraCS:short:00"), 403, "340017"),
        (Some(unknown.as_str()), 401, "340018"),
    ] {
        for path in ["/v2/currentOrg", "/v2/organizations/users", "/v2/nothing"] {
            let (found, body) = status_of(&mut client, path, authorization);
            assert_eq!(found, status, "{path} {authorization:?}");
            assert!(body.contains(id), "{body}");
        }
    }
}

#[test]
fn the_vendors_local_token_opens_the_first_astra_organization() {
    let mut client = Client::new();
    let token = format!("AstraCS:{}:{}", "fake".repeat(6), "fake".repeat(16));
    let answer = client.ask(&token, "GET /v2/currentOrg", "");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["id"], client.organization(Service::Astra, 0));
    assert!(
        client
            .inventory
            .tokens
            .iter()
            .all(|listed| listed.token != token)
    );
}

#[test]
fn other_paths_and_methods_are_refused_in_the_services_words() {
    let mut client = Client::new();
    let organization = client.organization(Service::Astro, 0);
    let astro = client.token(Service::Astro, 0, "owner");
    let astra = client.token(Service::Astra, 0, "owner");

    let answer = client.ask(&astro, "GET /v1/nothing", "");
    assert_eq!(
        (answer.status, &answer.body["statusCode"]),
        (404, &json!(404))
    );
    let answer = client.ask(&astra, "GET /v2/clientIdSecrets", "");
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.body["errors"][0]["message"],
        "Resource not found: path"
    );

    let line = format!("DELETE /v1/organizations/{organization}/users/u1");
    let answer = client.ask(&astro, &line, "");
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers["allow"], "GET");
    let answer = client.ask(&astra, "POST /v2/organizations/users", "");
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers["allow"], "GET, PUT");

    for path in ["/", "/v1", "/v3/x", "/v1x/organizations"] {
        assert_eq!(status_of(&mut client, path, None).0, 404, "{path}");
    }
    for id in ["..", "a%2Fb", "a%00b"] {
        let line = format!("GET /v1/organizations/{id}/users");
        assert_eq!(client.ask(&astro, &line, "").status, 404, "{id}");
    }
}

#[test]
fn each_answer_names_its_request() {
    let mut client = Client::new();
    let token = client.token(Service::Astro, 0, "owner");
    let first = client.ask(&token, "GET /v1/users/self", "");
    let second = client.ask(&token, "GET /v1/nothing", "");
    assert_ne!(
        first.headers["x-request-id"],
        second.headers["x-request-id"]
    );
    assert_eq!(
        second.body["requestId"],
        second.headers["x-request-id"].to_str().unwrap()
    );
    assert_eq!(
        first.headers["content-type"],
        "application/json; charset=UTF-8"
    );
}

#[test]
fn real_limits_are_those_of_the_sheets() {
    let mut client = Client::with(Settings {
        users: 5,
        rate: Rate::Real,
        ..Settings::default()
    });
    let organization = client.organization(Service::Astro, 0);
    let owner = client.token(Service::Astro, 0, "owner");
    let member = client.token(Service::Astro, 0, "member");
    let passed = |client: &mut Client, token: &str, line: &str| {
        let statuses = (0..40).map(|_| client.ask(token, line, "").status);
        statuses.filter(|status| *status != 429).count()
    };
    let get = "GET /v1/users/self";
    let post = format!("POST /v1/organizations/{organization}/invites");
    let delete = format!("DELETE /v1/organizations/{organization}/invites/i1");
    assert_eq!(passed(&mut client, &owner, get), 25);
    assert_eq!(passed(&mut client, &owner, &post), 10);
    assert_eq!(passed(&mut client, &owner, &delete), 5);
    assert_eq!(passed(&mut client, &member, get), 25);
    let refused = client.ask(&owner, get, "");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["message"], "Too many requests");
    assert!(!refused.headers.contains_key("retry-after"));
    client.now += 1000;
    assert_eq!(passed(&mut client, &owner, get), 25);

    let astra = client.token(Service::Astra, 0, "owner");
    assert_eq!(passed(&mut client, &astra, "GET /v2/currentOrg"), 5);
    let refused = client.ask(&astra, "GET /v2/currentOrg", "");
    assert_eq!(refused.headers["retry-after"], "1");
}

#[test]
fn without_limits_nothing_is_counted() {
    let mut client = Client::new();
    let token = client.token(Service::Astra, 1, "owner");
    for _ in 0..100 {
        assert_eq!(client.ask(&token, "GET /v2/currentOrg", "").status, 200);
    }
}
