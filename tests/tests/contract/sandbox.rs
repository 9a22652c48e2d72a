//! The sandbox's side: its answers have the recorded shapes, its refusals the recorded words.

use http::Request;
use rolecall_core::service::Service;
use rolecall_sandbox::{FAULT_HEADER, Sandbox, Settings};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::exchange::{Exchange, exchanges};
use crate::shape::Shape;

/// 2026-11-02 09:00 UTC, in milliseconds.
const NOW: u64 = 1_793_610_000_000;

const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";
const READ_ONLY: &str = "d2cfcd63-055c-4a58-b957-8916d4a007a5";

struct Answer {
    status: u16,
    content_type: Option<String>,
    /// `null` where there is none, or none of JSON.
    body: Value,
}

/// A small sandbox and the names in it.
struct World {
    sandbox: Sandbox,
    owner: String,
    member: String,
    organization: String,
    /// Somebody who has joined, and is no owner.
    user: String,
    address: String,
    /// An invitation that is pending.
    invite: String,
}

impl World {
    fn new(service: Service) -> Self {
        let settings = Settings {
            users: 200,
            ..Settings::default()
        };
        let sandbox = Sandbox::open(Connection::open_in_memory().unwrap(), settings).unwrap();
        let inventory = sandbox.inventory().unwrap();
        let mut tokens = inventory
            .tokens
            .into_iter()
            .filter(|it| it.service == service);
        let owner = tokens.next().unwrap();
        let member = tokens.next().unwrap();
        let mut world = Self {
            sandbox,
            owner: owner.token,
            member: member.token,
            organization: owner.organization,
            user: String::new(),
            address: String::new(),
            invite: String::new(),
        };
        match service {
            Service::Astro => {
                let path = world.below("/users?limit=1000&sorts=createdAt:asc");
                let users = world.owner_asks("GET", &path, None).body;
                let users = users["users"].as_array().unwrap();
                let scoped = users.iter().find(|it| it.get("dagRoles").is_some());
                let user = scoped.unwrap();
                world.user = text(&user["id"]);
                world.address = text(&user["username"]);
                let body =
                    json!({"inviteeEmail": "new@example.com", "role": "ORGANIZATION_MEMBER"});
                let path = world.below("/invites");
                let invite = world.owner_asks("POST", &path, Some(&body)).body;
                world.invite = text(&invite["inviteId"]);
            }
            Service::Astra => {
                let users = world.owner_asks("GET", "/v2/organizations/users", None);
                let user = &users.body["Users"][5];
                world.user = text(&user["UserID"]);
                world.address = text(&user["Email"]);
            }
        }
        world
    }

    fn ask(
        &mut self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
        fault: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        if let Some(fault) = fault {
            request = request.header(FAULT_HEADER, fault);
        }
        let body = body.map(|it| it.to_string().into_bytes());
        let request = request.body(body.unwrap_or_default()).unwrap();
        let response = self.sandbox.handle(&request, NOW).response;
        let content_type = response.headers().get("content-type");
        Answer {
            status: response.status().as_u16(),
            content_type: content_type.map(|it| it.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    fn owner_asks(&mut self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let token = self.owner.clone();
        self.ask(&token, method, path, body, None)
    }

    /// A path below the Astro organization.
    fn below(&self, tail: &str) -> String {
        format!("/v1/organizations/{}{tail}", self.organization)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Shape of an operation's recorded successes.
fn recorded(all: &[Exchange], operation: &str) -> Shape {
    Shape::of(
        all.iter()
            .filter(|it| it.operation() == operation && it.is_success() && !it.variant)
            .filter_map(|it| it.response.body.as_ref()),
    )
}

/// Asks the sandbox and holds the answers against what is recorded of the operation.
fn assert_fits(world: &mut World, all: &[Exchange], operation: &str, asks: &[(&str, String)]) {
    let mut answers = Vec::new();
    for (method, path) in asks {
        let answer = world.owner_asks(method, path, None);
        assert_eq!(answer.status, 200, "{method} {path}");
        assert_eq!(
            answer.content_type.as_deref(),
            Some("application/json; charset=UTF-8")
        );
        answers.push(answer.body);
    }
    assert_eq!(
        Shape::of(&answers).misfits(&recorded(all, operation)),
        [],
        "{operation}"
    );
}

#[test]
fn astro_lists_and_objects_have_the_recorded_shapes() {
    let all = exchanges(Service::Astro);
    let mut world = World::new(Service::Astro);
    let user = format!("/users/{}", world.user);
    for (operation, tails) in [
        ("get-organization", vec![String::new()]),
        ("get-user", vec![user.clone()]),
        (
            "list-users",
            vec![
                "/users?limit=1000".to_owned(),
                "/users?offset=100".to_owned(),
                "/users?offset=9000".to_owned(),
            ],
        ),
        ("list-workspaces", vec!["/workspaces?limit=1000".to_owned()]),
        (
            "list-roles",
            vec![
                "/roles?limit=100&includeDefaultRoles=true".to_owned(),
                "/roles?limit=100".to_owned(),
            ],
        ),
    ] {
        let asks: Vec<(&str, String)> = tails.iter().map(|it| ("GET", world.below(it))).collect();
        assert_fits(&mut world, &all, operation, &asks);
    }
    let asks = [("GET", "/v1/organizations?limit=100".to_owned())];
    assert_fits(&mut world, &all, "list-organizations", &asks);
    let asks = [("GET", "/v1/users/self".to_owned())];
    assert_fits(&mut world, &all, "get-self-user", &asks);

    let path = world.below("/users?limit=1000");
    let users = world.owner_asks("GET", &path, None).body;
    let asks: Vec<(&str, String)> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                "GET",
                world.below(&format!("/users/{}/teams", text(&it["id"]))),
            )
        })
        .collect();
    assert_fits(&mut world, &all, "list-user-teams", &asks);
}

#[test]
fn astro_changes_have_the_recorded_shapes() {
    let all = exchanges(Service::Astro);
    let mut world = World::new(Service::Astro);
    let body = json!({"inviteeEmail": "pete@example.com", "role": "ORGANIZATION_OWNER"});
    let path = world.below("/invites");
    let invite = world.owner_asks("POST", &path, Some(&body));
    assert_eq!(invite.status, 200);
    assert_eq!(
        Shape::of([&invite.body]).misfits(&recorded(&all, "create-invite")),
        []
    );
    let path = world.below(&format!("/users/{}", world.user));
    let before = world.owner_asks("GET", &path, None).body;
    let path = world.below(&format!("/users/{}/roles", world.user));
    let mut answers = Vec::new();
    for body in [
        json!({"organizationRole": "ORGANIZATION_BILLING_ADMIN", "dagRoles": []}),
        json!({"organizationRole": "ORGANIZATION_MEMBER",
            "workspaceRoles": before["workspaceRoles"]}),
    ] {
        let answer = world.owner_asks("POST", &path, Some(&body));
        assert_eq!(answer.status, 200);
        answers.push(answer.body);
    }
    assert_eq!(
        Shape::of(&answers).misfits(&recorded(&all, "update-user-roles")),
        []
    );
    let path = world.below(&format!("/invites/{}", world.invite));
    let gone = world.owner_asks("DELETE", &path, None);
    assert_eq!((gone.status, gone.content_type), (204, None));
}

#[test]
fn astra_answers_have_the_recorded_shapes() {
    let all = exchanges(Service::Astra);
    let mut world = World::new(Service::Astra);
    let get = |path: &str| vec![("GET", format!("/v2{path}"))];
    assert_fits(&mut world, &all, "get-current-org", &get("/currentOrg"));
    assert_fits(&mut world, &all, "list-users", &get("/organizations/users"));
    let path = format!("/organizations/users/{}", world.user);
    assert_fits(&mut world, &all, "get-user", &get(&path));
    assert_fits(&mut world, &all, "list-roles", &get("/organizations/roles"));
    let path = format!("/organizations/roles/{READ_ONLY}");
    assert_fits(&mut world, &all, "get-role", &get(&path));

    let invite =
        json!({"email": "pete@example.com", "orgID": world.organization, "roles": [READ_ONLY]});
    let answer = world.owner_asks("PUT", "/v2/organizations/users", Some(&invite));
    assert_eq!((answer.status, answer.content_type), (200, None));
    let user = format!("/v2/organizations/users/{}", world.user);
    let roles = json!({"roles": [READ_ONLY]});
    let answer = world.owner_asks("PUT", &format!("{user}/roles"), Some(&roles));
    assert_eq!((answer.status, answer.content_type), (204, None));
    let answer = world.owner_asks("DELETE", &user, None);
    assert_eq!((answer.status, answer.content_type), (204, None));
}

#[test]
fn the_built_in_roles_are_the_recorded_ones() {
    let all = exchanges(Service::Astra);
    let recorded = all.iter().find(|it| it.name == "list-roles.200").unwrap();
    let mut world = World::new(Service::Astra);
    let answer = world.owner_asks("GET", "/v2/organizations/roles", None);
    let recorded = recorded.response.body.as_ref().unwrap().as_array().unwrap();
    assert_eq!(answer.body.as_array().unwrap()[..16], recorded[..16]);
}

#[test]
fn astro_refusals_have_the_recorded_words() {
    let mut seen = 0;
    for exchange in exchanges(Service::Astro) {
        if exchange.is_success() {
            continue;
        }
        let mut world = World::new(Service::Astro);
        let (owner, member) = (world.owner.clone(), world.member.clone());
        let users = world.below("/users?limit=1000");
        let invites = world.below("/invites");
        let roles = world.below(&format!("/users/{}/roles", world.user));
        let invite = |email: &str, role: &str| Some(json!({"inviteeEmail": email, "role": role}));
        let re_role = Some(json!({"organizationRole": "ORGANIZATION_MEMBER"}));
        let fresh = invite("a@example.com", "ORGANIZATION_MEMBER");
        let (token, method, path, body, fault) = match exchange.name.as_str() {
            "create-invite.400.existing-role" => {
                let again = invite(&world.address, "ORGANIZATION_MEMBER");
                (owner, "POST", invites, again, None)
            }
            "create-invite.400.field-errors" => {
                let king = invite("a@example.com", "ORGANIZATION_KING");
                (owner, "POST", invites, king, None)
            }
            "create-invite.400.bad-email" => {
                let bad = invite("not-an-email", "ORGANIZATION_MEMBER");
                (owner, "POST", invites, bad, None)
            }
            "create-invite.403" => (member, "POST", invites, fresh, None),
            "create-invite.429" => (owner, "POST", invites, fresh, Some("429")),
            "list-users.400.bad-limit" => {
                let path = world.below("/users?limit=1001");
                (owner, "GET", path, None, None)
            }
            "list-users.401" => ("nonsense".to_owned(), "GET", users, None, None),
            "list-users.500" => (owner, "GET", users, None, Some("500")),
            "update-user-roles.400.last-owner" => {
                // Olive is the only owner of the third organization.
                let third = world.sandbox.inventory().unwrap().organizations[2]
                    .id
                    .clone();
                let me = world.owner_asks("GET", "/v1/users/self", None).body;
                let path = format!("/v1/organizations/{third}/users/{}/roles", text(&me["id"]));
                (owner, "POST", path, re_role, None)
            }
            "update-user-roles.403" => (member, "POST", roles, re_role, None),
            "update-user-roles.404" => {
                (owner, "POST", world.below("/users/u1/roles"), re_role, None)
            }
            "get-organization.404" => {
                let path = "/v1/organizations/cnothing".to_owned();
                (owner, "GET", path, None, None)
            }
            "delete-invite.404" => {
                let path = world.below("/invites/i1");
                (owner, "DELETE", path, None, None)
            }
            other => panic!("{other} is recorded and not provoked"),
        };
        let answer = world.ask(&token, method, &path, body.as_ref(), fault);
        assert_eq!(answer.status, exchange.response.status, "{}", exchange.name);
        let organization = exchange.request.path.split('/').nth(3).unwrap();
        let organization = organization.split('?').next().unwrap();
        let mut expected = exchange.response.body.clone().unwrap();
        let message = text(&expected["message"]).replace(organization, &world.organization);
        expected["message"] = message.into();
        assert!(!text(&answer.body["requestId"]).is_empty());
        expected["requestId"] = answer.body["requestId"].clone();
        assert_eq!(answer.body, expected, "{}", exchange.name);
        seen += 1;
    }
    assert_eq!(seen, 13);
}

#[test]
fn astra_refusals_have_the_recorded_words() {
    let mut seen = 0;
    for exchange in exchanges(Service::Astra) {
        if exchange.is_success() || exchange.variant {
            continue;
        }
        let mut world = World::new(Service::Astra);
        let (owner, member) = (world.owner.clone(), world.member.clone());
        let users = "/v2/organizations/users".to_owned();
        let user = format!("{users}/{}", world.user);
        let nobody = format!("{users}/{NOWHERE}");
        let organization = world.organization.clone();
        let invite = |email: &str, roles: &[&str]| {
            Some(json!({"email": email, "orgID": organization, "roles": roles}))
        };
        let fresh = invite("a@example.com", &[READ_ONLY]);
        let roles = |roles: &[&str]| Some(json!({ "roles": roles }));
        let unknown = format!("AstraCS:{}:{}", "S".repeat(24), "0".repeat(64));
        let (token, method, path, body, fault) = match exchange.name.as_str() {
            "get-current-org.401.invalid-token-format" => {
                let answer = world.sandbox.handle(
                    &Request::get("/v2/currentOrg").body(Vec::new()).unwrap(),
                    NOW,
                );
                let body: Value = serde_json::from_slice(answer.response.body()).unwrap();
                assert_eq!(answer.response.status(), 401);
                assert_eq!(Some(body), exchange.response.body);
                seen += 1;
                continue;
            }
            "list-users.401.token-not-found" => (unknown, "GET", users, None, None),
            "list-users.403.token-malformed" => ("AstraCS:x".to_owned(), "GET", users, None, None),
            "list-users.429" => (owner, "GET", users, None, Some("429")),
            "list-users.503.html" => (owner, "GET", users, None, Some("503")),
            "get-role.404.errors-object" => {
                let path = format!("/v2/organizations/roles/{NOWHERE}");
                (owner, "GET", path, None, None)
            }
            "get-user.404" => (owner, "GET", nobody, None, None),
            "invite-user.400" => (owner, "PUT", users, invite("not-an-address", &[]), None),
            "invite-user.403" => (member, "PUT", users, fresh, None),
            "invite-user.404" => {
                let body = invite("a@example.com", &[NOWHERE]);
                (owner, "PUT", users, body, None)
            }
            "invite-user.500" => (owner, "PUT", users, fresh, Some("500")),
            "remove-user.403" => (member, "DELETE", user, None, None),
            "remove-user.404" => (owner, "DELETE", nobody, None, None),
            "update-user-roles.400" => (owner, "PUT", user + "/roles", roles(&[]), None),
            "update-user-roles.403" => (member, "PUT", user + "/roles", roles(&[READ_ONLY]), None),
            "update-user-roles.404" => {
                let path = format!("{nobody}/roles");
                (owner, "PUT", path, roles(&[READ_ONLY]), None)
            }
            other => panic!("{other} is recorded and not provoked"),
        };
        let answer = world.ask(&token, method, &path, body.as_ref(), fault);
        assert_eq!(answer.status, exchange.response.status, "{}", exchange.name);
        assert_eq!(
            answer.content_type, exchange.response.content_type,
            "{}",
            exchange.name
        );
        if exchange.response.content_type.as_deref() != Some("text/html") {
            assert_eq!(
                Some(answer.body),
                exchange.response.body,
                "{}",
                exchange.name
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 16);
}
