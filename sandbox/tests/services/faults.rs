//! Failures on demand.

use http::{Request, Response};
use rolecall_core::service::Service;
use rolecall_sandbox::{Delivery, FAULT_HEADER, Fault, Reply, Sandbox, Settings};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::client::NOW;

struct Faulty {
    sandbox: Sandbox,
    organization: String,
    astro: String,
    astra_organization: String,
    astra: String,
}

impl Faulty {
    fn new(faults: &str) -> Self {
        let settings = Settings {
            users: 60,
            faults: faults.parse().unwrap(),
            ..Settings::default()
        };
        let sandbox = Sandbox::open(Connection::open_in_memory().unwrap(), settings).unwrap();
        let inventory = sandbox.inventory().unwrap();
        let of = |service| {
            let found = inventory.tokens.iter().find(|it| it.service == service);
            let found = found.unwrap();
            (found.organization.clone(), found.token.clone())
        };
        let (organization, astro) = of(Service::Astro);
        let (astra_organization, astra) = of(Service::Astra);
        Self {
            sandbox,
            organization,
            astro,
            astra_organization,
            astra,
        }
    }

    fn send(&mut self, method: &str, path: &str, body: &str, fault: &str) -> Reply {
        let token = if path.starts_with("/v1") {
            &self.astro
        } else {
            &self.astra
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        if !fault.is_empty() {
            request = request.header(FAULT_HEADER, fault);
        }
        let request = request.body(body.as_bytes().to_vec()).unwrap();
        self.sandbox.handle(&request, NOW)
    }

    fn invite(&mut self, email: &str, fault: &str) -> Reply {
        let path = format!("/v1/organizations/{}/invites", self.organization);
        let body = json!({"inviteeEmail": email, "role": "ORGANIZATION_MEMBER"});
        self.send("POST", &path, &body.to_string(), fault)
    }

    fn users(&mut self, query: &str, fault: &str) -> Reply {
        let path = format!("/v1/organizations/{}/users{query}", self.organization);
        self.send("GET", &path, "", fault)
    }

    fn user_at(&mut self, email: &str) -> Option<Value> {
        let page = body(&self.users("?limit=1000", "").response);
        let users = page["users"].as_array().unwrap();
        users.iter().find(|it| it["username"] == email).cloned()
    }
}

fn body(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn each_fault_answers_as_it_says_and_changes_what_it_says() {
    let mut faulty = Faulty::new("");
    for (n, (name, status, changed, delivery)) in [
        ("429", 429, false, Delivery::Whole),
        ("429-bare", 429, false, Delivery::Whole),
        ("500", 500, false, Delivery::Whole),
        ("502", 502, false, Delivery::Whole),
        ("503", 503, false, Delivery::Whole),
        ("403", 403, false, Delivery::Whole),
        ("500-after", 500, true, Delivery::Whole),
        ("drop-before", 200, false, Delivery::DroppedBefore),
        ("drop-after", 200, true, Delivery::DroppedAfter),
        ("not-json", 200, true, Delivery::Whole),
        ("empty", 200, true, Delivery::Whole),
        ("201", 201, true, Delivery::Whole),
        ("slow", 200, true, Delivery::Whole),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("new{n}@example.com");
        let reply = faulty.invite(&email, name);
        assert_eq!(reply.response.status().as_u16(), status, "{name}");
        assert_eq!(reply.delivery, delivery, "{name}");
        assert_eq!(faulty.user_at(&email).is_some(), changed, "{name}");
    }
}

#[test]
fn a_truncated_answer_stops_in_the_middle() {
    let mut faulty = Faulty::new("");
    let reply = faulty.invite("new@example.com", "truncated");
    let Delivery::Truncated { bytes } = reply.delivery else {
        panic!("{:?}", reply.delivery);
    };
    assert_eq!(bytes, reply.response.body().len() / 2);
    assert!(serde_json::from_slice::<Value>(&reply.response.body()[..bytes]).is_err());
    assert!(faulty.user_at("new@example.com").is_some());
    // an answer without a body cannot stop in its middle
    let astra = json!({"email": "new@example.com", "orgID": faulty.astra_organization,
        "roles": ["d2cfcd63-055c-4a58-b957-8916d4a007a5"]});
    let reply = faulty.send(
        "PUT",
        "/v2/organizations/users",
        &astra.to_string(),
        "truncated",
    );
    assert_eq!(reply.delivery, Delivery::DroppedAfter);
}

#[test]
fn refusals_are_in_the_services_words_or_in_a_proxys() {
    let mut faulty = Faulty::new("");
    let reply = faulty.users("", "429");
    assert_eq!(reply.response.headers()["retry-after"], "1");
    let refused = body(&reply.response);
    assert_eq!(refused["message"], "Too many requests");
    assert_eq!(refused["statusCode"], 429);
    assert_eq!(
        refused["requestId"],
        reply.response.headers()["x-request-id"].to_str().unwrap()
    );
    let reply = faulty.users("", "429-bare");
    assert!(!reply.response.headers().contains_key("retry-after"));
    let reply = faulty.send("GET", "/v2/currentOrg", "", "500");
    assert_eq!(body(&reply.response)["errors"][0]["ID"], 999_500);
    for proxy in ["502", "503", "504", "not-json"] {
        let reply = faulty.send("GET", "/v2/currentOrg", "", proxy);
        assert_eq!(reply.response.headers()["content-type"], "text/html");
        assert!(serde_json::from_slice::<Value>(reply.response.body()).is_err());
    }
}

#[test]
fn what_is_refused_anyway_stays_refused() {
    let mut faulty = Faulty::new("");
    let reply = faulty.invite("not-an-address", "201");
    assert_eq!(reply.response.status(), 400);
}

#[test]
fn pages_repeat_or_move_up() {
    let mut faulty = Faulty::new("");
    let ids = |reply: Reply| -> (Vec<String>, Value) {
        let page = body(&reply.response);
        let users = page["users"].as_array().unwrap();
        let ids = users.iter().map(|it| it["id"].as_str().unwrap().to_owned());
        (
            ids.collect(),
            json!([page["offset"], page["limit"], page["totalCount"]]),
        )
    };
    let all = ids(faulty.users("?limit=60", "")).0;
    let query = "?limit=20&offset=20";
    assert_eq!(
        ids(faulty.users(query, "duplicate-page")),
        (all[..20].to_vec(), json!([20, 20, 60]))
    );
    assert_eq!(
        ids(faulty.users(query, "shrinking-list")),
        (all[21..41].to_vec(), json!([20, 20, 59]))
    );
    // a first page has nothing before it
    assert_eq!(
        ids(faulty.users("?limit=20", "shrinking-list")).0,
        all[..20].to_vec()
    );
}

#[test]
fn latency_and_slowness_add_up() {
    let mut faulty = Faulty::new("latency=200ms");
    assert_eq!(faulty.users("", "").delay_ms, 200);
    assert_eq!(faulty.users("", "slow").delay_ms, 2200);
    assert_eq!(faulty.users("", "").response.status(), 200);
}

#[test]
fn an_unknown_fault_is_named() {
    let mut faulty = Faulty::new("");
    let reply = faulty.users("", "explode");
    assert_eq!(reply.response.status(), 400);
    let message = body(&reply.response)["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(message.starts_with("`explode` is not a fault"), "{message}");
}

#[test]
fn shares_strike_as_often_as_they_say() {
    let mut faulty = Faulty::new("20%");
    let failed = (0..1000)
        .filter(|_| {
            let reply = faulty.send("GET", "/v2/currentOrg", "", "");
            let whole = reply.delivery == Delivery::Whole && reply.delay_ms == 0;
            let right = reply.response.status() == 200
                && serde_json::from_slice::<Value>(reply.response.body()).is_ok();
            !(whole && right)
        })
        .count();
    assert!((160..240).contains(&failed), "{failed}");
}

#[test]
fn addresses_fail_by_hand_on_both_services() {
    let mut faulty = Faulty::new("");
    let reply = faulty.invite("fails.503@example.com", "");
    assert_eq!(reply.response.status(), 503);
    assert_eq!(faulty.user_at("fails.503@example.com"), None);
    let reply = faulty.invite("Fails.drop-after@example.com", "");
    assert_eq!(reply.delivery, Delivery::DroppedAfter);

    let invite = body(&faulty.invite("then-fails.500@example.com", "").response);
    let organization = faulty.organization.clone();
    let user = invite["userId"].as_str().unwrap();
    let roles = format!("/v1/organizations/{organization}/users/{user}/roles");
    let re_role = json!({"organizationRole": "ORGANIZATION_OWNER"}).to_string();
    let reply = faulty.send("POST", &roles, &re_role, "");
    assert_eq!(reply.response.status(), 500);
    let user = faulty.user_at("then-fails.500@example.com").unwrap();
    assert_eq!(user["organizationRole"], "ORGANIZATION_MEMBER");
    let withdraw = format!(
        "/v1/organizations/{organization}/invites/{}",
        invite["inviteId"].as_str().unwrap()
    );
    let reply = faulty.send("DELETE", &withdraw, "", "");
    assert_eq!(reply.response.status(), 500);

    for (email, status) in [
        ("fails.429@example.com", 429),
        ("then-fails.403@example.com", 200),
    ] {
        let body = json!({"email": email, "orgID": faulty.astra_organization,
            "roles": ["d2cfcd63-055c-4a58-b957-8916d4a007a5"]});
        let reply = faulty.send("PUT", "/v2/organizations/users", &body.to_string(), "");
        assert_eq!(reply.response.status(), status);
    }
    let users = body(
        &faulty
            .send("GET", "/v2/organizations/users", "", "")
            .response,
    );
    let listed = users["Users"].as_array().unwrap();
    let user = listed
        .iter()
        .find(|it| it["Email"] == "then-fails.403@example.com")
        .unwrap();
    let path = format!(
        "/v2/organizations/users/{}",
        user["UserID"].as_str().unwrap()
    );
    assert_eq!(faulty.send("DELETE", &path, "", "").response.status(), 403);
}

#[test]
fn each_named_fault_can_be_asked_for() {
    let mut faulty = Faulty::new("");
    for fault in Fault::ALL {
        let reply = faulty.users("?limit=20&offset=20", &fault.to_string());
        assert!(reply.broken.is_none(), "{fault}");
    }
}
