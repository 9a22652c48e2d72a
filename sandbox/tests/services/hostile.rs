//! Whatever is sent, the sandbox answers in whole and stays sound.

use std::collections::HashSet;

use http::Request;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use rolecall_core::service::Service;
use rolecall_sandbox::{FAULT_HEADER, Fault, Sandbox, Settings};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::client::{Client, NOW};

const ASTRO_ROLES: [&str; 5] = [
    "ORGANIZATION_OWNER",
    "ORGANIZATION_BILLING_ADMIN",
    "ORGANIZATION_OBSERVE_ADMIN",
    "ORGANIZATION_OBSERVE_MEMBER",
    "ORGANIZATION_MEMBER",
];

const ASTRA_ROLES: [&str; 3] = [
    "ad0566b5-2a67-49de-89e8-92258c2f2c98",
    "b73e44b2-b9e9-43b8-a7c1-c6a2fe2dab50",
    "d2cfcd63-055c-4a58-b957-8916d4a007a5",
];

/// Bodies that are nearly right, and bytes that are not.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let near = (
        select(&["inviteeEmail", "email", "EMAIL", "roles", "role"][..]),
        "\\PC{0,40}",
        any::<u32>(),
    )
        .prop_map(|(name, text, number)| {
            json!({name: text, "orgID": number, "roles": [text], "role": null,
                "organizationRole": text, "workspaceRoles": [{"workspaceId": text, "role": number}]})
            .to_string()
            .into_bytes()
        });
    prop_oneof![vec(any::<u8>(), 0..200), near]
}

fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        select(
            &[
                "v1",
                "v2",
                "organizations",
                "users",
                "self",
                "roles",
                "invites",
                "teams",
                "workspaces",
                "currentOrg",
                "{o}",
                "..",
                "%2F",
                "%00",
            ][..]
        )
        .prop_map(str::to_owned),
        "[a-zA-Z0-9%._~-]{0,30}",
    ];
    let query = vec(
        (
            select(&["offset", "limit", "sorts", "workspaceId", "dagTags"][..]),
            prop_oneof!["[0-9]{0,12}", "[a-zA-Z:%0-9+-]{0,20}"],
        ),
        0..4,
    );
    let base = select(
        &[
            "/v1",
            "/v2",
            "/v1/organizations/{o}",
            "/v2/organizations",
            "",
        ][..],
    );
    (base, vec(segment, 0..5), query).prop_map(|(base, segments, query)| {
        let mut path = base.to_owned();
        for segment in segments {
            path.push('/');
            path.push_str(&segment);
        }
        for (at, (name, value)) in query.into_iter().enumerate() {
            path.push(if at == 0 { '?' } else { '&' });
            path.push_str(&format!("{name}={value}"));
        }
        path
    })
}

fn small() -> (Sandbox, String, Vec<String>) {
    let settings = Settings {
        users: 12,
        ..Settings::default()
    };
    let sandbox = Sandbox::open(Connection::open_in_memory().unwrap(), settings).unwrap();
    let inventory = sandbox.inventory().unwrap();
    let tokens = inventory.tokens.into_iter().map(|it| it.token).collect();
    (sandbox, inventory.organizations[0].id.clone(), tokens)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_request_gets_an_answer(
        requests in vec((
            select(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"][..]),
            path(),
            body(),
            any::<u64>(),
            proptest::option::of(select(&Fault::ALL[..])),
            0_usize..12,
        ), 1..40)
    ) {
        let (mut sandbox, organization, tokens) = small();
        for (method, path, body, now, fault, token) in requests {
            let path = path.replace("{o}", &organization);
            let token = tokens.get(token).map_or("nonsense", String::as_str);
            let mut request = Request::builder()
                .method(method)
                .uri(&path)
                .header("authorization", format!("Bearer {token}"));
            if let Some(fault) = fault {
                request = request.header(FAULT_HEADER, fault.to_string());
            }
            // What is no address at all never gets as far as here.
            let Ok(request) = request.body(body) else { continue };
            let reply = sandbox.handle(&request, now);
            assert!(reply.broken.is_none(), "{method} {path}: {:?}", reply.broken);
            assert!(
                fault.is_some() || reply.response.status() != 500,
                "{method} {path}"
            );
        }
        assert_eq!(sandbox.inventory().unwrap().organizations.len(), 5);
    }

    #[test]
    fn whatever_is_done_the_organizations_stay_sound(
        acts in vec((0_u8..5, any::<u16>(), any::<u16>()), 1..80)
    ) {
        let mut client = Client::with(Settings { users: 12, ..Settings::default() });
        let organization = client.organization(Service::Astro, 2);
        let astro = client.token(Service::Astro, 2, "owner");
        let astra = client.token(Service::Astra, 1, "owner");
        let personal = client.organization(Service::Astra, 1);
        let below = format!("/v1/organizations/{organization}");
        let mut invites: Vec<String> = Vec::new();
        for (act, which, how) in acts {
            let which = usize::from(which);
            let how = usize::from(how);
            let astro_users = users(&mut client, &astro, &format!("GET {below}/users?limit=1000"), "users");
            let astra_users = users(&mut client, &astra, "GET /v2/organizations/users", "Users");
            let email = format!("Person{}@example.com", which % 20);
            let some = |all: &[Value], id: &str| all[which % all.len()][id].as_str().unwrap().to_owned();
            let answer = match act {
                0 => {
                    let body = json!({"inviteeEmail": email, "role": ASTRO_ROLES[how % 5]});
                    let answer = client.ask(&astro, &format!("POST {below}/invites"), &body.to_string());
                    invites.extend(answer.body["inviteId"].as_str().map(str::to_owned));
                    answer
                }
                1 => {
                    let user = some(&astro_users, "id");
                    let body = json!({"organizationRole": ASTRO_ROLES[how % 5]});
                    client.ask(&astro, &format!("POST {below}/users/{user}/roles"), &body.to_string())
                }
                2 => {
                    let invite = invites.get(how % 30).map_or("none", String::as_str);
                    client.ask(&astro, &format!("DELETE {below}/invites/{invite}"), "")
                }
                3 => {
                    let body = json!({"email": email, "orgID": personal, "roles": [ASTRA_ROLES[how % 3]]});
                    client.ask(&astra, "PUT /v2/organizations/users", &body.to_string())
                }
                _ => {
                    let user = some(&astra_users, "UserID");
                    if how % 2 == 0 {
                        client.ask(&astra, &format!("DELETE /v2/organizations/users/{user}"), "")
                    } else {
                        let line = format!("PUT /v2/organizations/users/{user}/roles");
                        client.ask(&astra, &line, &json!({"roles": [ASTRA_ROLES[how % 3]]}).to_string())
                    }
                }
            };
            assert!([200, 204, 400, 403, 404].contains(&answer.status), "{answer:?}");
            let reader = client.token(Service::Astro, 2, "member");
            let astro_users = users(&mut client, &reader, &format!("GET {below}/users?limit=1000"), "users");
            let astra_users = users(&mut client, &astra, "GET /v2/organizations/users", "Users");
            assert_sound(&astro_users, "username", "status", "ACTIVE", |user| {
                user["organizationRole"] == ASTRO_ROLES[0]
            });
            assert_sound(&astra_users, "Email", "Status", "active", |user| {
                user["Roles"].as_array().unwrap().iter().any(|it| it["ID"] == ASTRA_ROLES[0])
            });
        }
    }
}

fn users(client: &mut Client, token: &str, line: &str, key: &str) -> Vec<Value> {
    let answer = client.ask(token, line, "");
    assert_eq!((client.now, answer.status), (NOW, 200));
    answer.body[key].as_array().unwrap().clone()
}

/// Somebody who has joined leads, and no address is there twice.
fn assert_sound(
    users: &[Value],
    address: &str,
    status: &str,
    joined: &str,
    leads: fn(&Value) -> bool,
) {
    assert!(users.iter().any(|it| it[status] == joined && leads(it)));
    let addresses: HashSet<String> = users
        .iter()
        .map(|it| it[address].as_str().unwrap().to_lowercase())
        .collect();
    assert_eq!(addresses.len(), users.len());
}
