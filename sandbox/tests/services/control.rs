//! What only a sandbox has.

use rolecall_core::service::Service;
use serde_json::json;

use crate::client::Client;

#[test]
fn a_reset_forgets_all_changes() {
    let mut client = Client::new();
    let token = client.token(Service::Astro, 2, "owner");
    let labs = client.organization(Service::Astro, 2);
    let invite = format!("POST /v1/organizations/{labs}/invites");
    let body = r#"{"inviteeEmail":"new@example.com","role":"ORGANIZATION_MEMBER"}"#;
    assert_eq!(client.ask(&token, &invite, body).status, 200);
    assert_eq!(client.ask(&token, "POST /sandbox/reset", "").status, 204);
    assert_eq!(client.sandbox.inventory().unwrap(), client.inventory);
    assert_eq!(
        client.ask(&token, "GET /sandbox/mails", "").body,
        json!({"mails": []})
    );
    assert_eq!(client.ask(&token, &invite, body).status, 200);
}

#[test]
fn an_accepted_invitation_makes_a_member() {
    let mut client = Client::new();
    let astro = client.token(Service::Astro, 2, "owner");
    let astra = client.token(Service::Astra, 1, "owner");
    let labs = client.organization(Service::Astro, 2);
    let personal = client.organization(Service::Astra, 1);
    let line = format!("POST /v1/organizations/{labs}/invites");
    let body = r#"{"inviteeEmail":"Pete.Pending@example.com","role":"ORGANIZATION_OWNER"}"#;
    let invite = client.ask(&astro, &line, body).body;
    let body = json!({"email": "pete.pending@example.com", "orgID": personal,
        "roles": ["d2cfcd63-055c-4a58-b957-8916d4a007a5"]});
    let line = "PUT /v2/organizations/users";
    assert_eq!(client.ask(&astra, line, &body.to_string()).status, 200);

    client.now += 1000;
    let accept = r#"{"email":"pete.pending@Example.com"}"#;
    let line = "POST /sandbox/accept";
    assert_eq!(client.ask(&astra, line, accept).status, 204);
    assert_eq!(client.ask(&astra, line, accept).status, 404);

    let user = invite["userId"].as_str().unwrap();
    let line = format!("GET /v1/organizations/{labs}/users/{user}");
    let user = client.ask(&astro, &line, "").body;
    assert_eq!(user["status"], "ACTIVE");
    assert_eq!(user["fullName"], "Pete Pending");
    assert_eq!(user["updatedAt"], "2026-11-02T09:00:01Z");
    let line = format!(
        "DELETE /v1/organizations/{labs}/invites/{}",
        invite["inviteId"].as_str().unwrap()
    );
    assert_eq!(client.ask(&astro, &line, "").status, 404, "spent");
    let users = client.ask(&astra, "GET /v2/organizations/users", "").body;
    assert_eq!(users["Users"][1]["Status"], "active");
}

#[test]
fn a_token_is_needed_and_wrong_use_is_named() {
    let mut client = Client::new();
    let token = client.token(Service::Astro, 0, "member");
    for line in ["POST /sandbox/reset", "GET /sandbox/mails"] {
        for nobody in ["", "nonsense"] {
            assert_eq!(client.ask(nobody, line, "").status, 401, "{line}");
        }
    }
    assert_eq!(client.ask(&token, "GET /sandbox/mails", "").status, 200);
    for (line, body, status) in [
        ("GET /sandbox/reset", "", 404),
        ("POST /sandbox/else", "", 404),
        ("POST /sandbox/accept", "{}", 400),
        ("POST /sandbox/accept", "", 400),
        ("POST /sandbox/accept", r#"{"email":"x@example.com"}"#, 404),
    ] {
        let answer = client.ask(&token, line, body);
        assert_eq!(answer.status, status, "{line} {body}");
        assert!(answer.body["message"].is_string());
    }
}
