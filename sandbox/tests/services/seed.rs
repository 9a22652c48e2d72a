//! What is there before anybody has changed anything.

use std::collections::{BTreeMap, HashSet};

use rolecall_core::astra::{self, Status as AstraStatus};
use rolecall_core::astro::{self, OrganizationRole, Paging, Status, User};
use rolecall_core::id::{LooksLike, looks_like};
use rolecall_core::service::Service;
use rolecall_sandbox::{Sandbox, Settings};
use rusqlite::Connection;

use crate::client::{Client, NOW};

fn all_users(client: &mut Client, organization: &str) -> Vec<User> {
    let token = client.token(Service::Astro, 0, "owner");
    let mut users = Vec::new();
    loop {
        let page = astro::ListUsers {
            organization: organization.into(),
            paging: Paging {
                offset: users.len() as u32,
                limit: 1000,
            },
        };
        let page = client.call(&token, &page).unwrap();
        let total = page.total_count as usize;
        users.extend(page.users);
        if users.len() >= total {
            return users;
        }
    }
}

#[test]
fn three_astro_and_two_astra_organizations() {
    let client = Client::new();
    let sizes: Vec<(Service, &str, u32)> = client
        .inventory
        .organizations
        .iter()
        .map(|it| (it.service, it.name.as_str(), it.users))
        .collect();
    assert_eq!(
        sizes,
        [
            (Service::Astro, "Cosmic Energy", 250),
            (Service::Astro, "Cosmic Energy Staging", 120),
            (Service::Astro, "Example Labs", 2),
            (Service::Astra, "Stellar Data", 300),
            (Service::Astra, "olive.owner@cosmicenergy.example", 1),
        ]
    );
    assert_eq!(client.inventory.tokens.len(), 10);
    let distinct: HashSet<&str> = client
        .inventory
        .tokens
        .iter()
        .map(|it| it.token.as_str())
        .collect();
    assert_eq!(distinct.len(), 10);
}

#[test]
fn the_inventory_has_the_names_that_scripts_read() {
    let client = Client::new();
    let json = serde_json::to_value(&client.inventory).unwrap();
    let keys = |value: &serde_json::Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&json), ["organizations", "tokens"]);
    assert_eq!(
        keys(&json["organizations"][0]),
        ["id", "name", "service", "users"]
    );
    assert_eq!(
        keys(&json["tokens"][0]),
        ["organization", "role", "service", "token"]
    );
    assert_eq!(json["tokens"][0]["service"], "astro");
    assert_eq!(json["tokens"][0]["role"], "owner");
    assert_eq!(json["tokens"][1]["role"], "member");
    assert_eq!(json["organizations"][3]["service"], "astra");
}

#[test]
fn ids_and_tokens_have_the_forms_of_the_services() {
    let mut client = Client::new();
    for it in &client.inventory.organizations {
        let form = match it.service {
            Service::Astro => LooksLike::Cuid,
            Service::Astra => LooksLike::Uuid,
        };
        assert_eq!(looks_like(&it.id), Some(form), "{it:?}");
    }
    for it in &client.inventory.tokens {
        match it.service {
            Service::Astro => {
                let parts: Vec<&str> = it.token.split('.').collect();
                assert_eq!(parts.len(), 3);
                let payload = decoded(parts[1]);
                let permission = format!("organizationId:{}", it.organization);
                assert_eq!(payload["permissions"], serde_json::json!([permission]));
            }
            Service::Astra => {
                assert_eq!(it.token.len(), 97);
                let parts: Vec<&str> = it.token.split(':').collect();
                assert_eq!(parts[0], "AstraCS");
                assert!(parts[1].len() == 24 && parts[1].bytes().all(|b| b.is_ascii_alphabetic()));
                assert!(
                    parts[2].len() == 64
                        && parts[2].bytes().all(|b| b"0123456789abcdef".contains(&b))
                );
            }
        }
    }
    let organization = client.organization(Service::Astro, 0);
    for user in all_users(&mut client, &organization) {
        assert_eq!(looks_like(user.id.as_str()), Some(LooksLike::Cuid));
    }
}

fn decoded(part: &str) -> serde_json::Value {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_state_and_another_seed_another() {
    let [first, again, other] = [1, 1, 2].map(|seed| {
        let mut client = Client::with(Settings {
            users: 60,
            seed,
            ..Settings::default()
        });
        let organization = client.organization(Service::Astro, 0);
        let users = all_users(&mut client, &organization);
        (client.inventory, users)
    });
    assert_eq!(first, again);
    assert_ne!(first.1, other.1);
    assert_ne!(first.0.tokens[0].token, other.0.tokens[0].token);
}

#[test]
fn the_tokens_people_see_all_astro_organizations() {
    let mut client = Client::with(Settings {
        users: 5,
        organizations: 30,
        ..Settings::default()
    });
    for (n, role) in [(0, "owner"), (2, "owner"), (0, "member"), (32, "member")] {
        let token = client.token(Service::Astro, n, role);
        let list = astro::ListOrganizations::default();
        let page = client.call(&token, &list).unwrap();
        assert_eq!(page.position.total_count, 33);
        assert_eq!(page.organizations.len(), 33);
        let names: Vec<&String> = page.organizations.iter().map(|it| &it.name).collect();
        assert!(names.is_sorted(), "core asks for them by name");
        let person = client.call(&token, &astro::GetSelfUser {}).unwrap();
        let expected = match role {
            "owner" => OrganizationRole::Owner,
            _ => OrganizationRole::Member,
        };
        for organization in &page.organizations {
            assert_eq!(person.role_in(&organization.id), Some(expected.clone()));
        }
    }
}

#[test]
fn a_large_organization_looks_like_one() {
    let mut client = Client::with(Settings {
        users: 4000,
        ..Settings::default()
    });
    let organization = client.organization(Service::Astro, 0);
    let users = all_users(&mut client, &organization);
    assert_eq!(users.len(), 4000);

    let mut roles: BTreeMap<String, usize> = BTreeMap::new();
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    for user in &users {
        let role = user.organization_role.as_ref();
        *roles
            .entry(role.map_or("none", |it| it.as_str()).to_owned())
            .or_default() += 1;
        *statuses.entry(user.status.as_str().to_owned()).or_default() += 1;
        if user.status == Status::Pending {
            assert_eq!(
                (user.full_name.as_str(), user.avatar_url.as_str()),
                ("", "")
            );
        }
    }
    assert_eq!(roles.len(), 6, "five roles and none: {roles:?}");
    assert!((3..20).contains(&roles["ORGANIZATION_OWNER"]), "{roles:?}");
    assert!(roles["ORGANIZATION_MEMBER"] > 3600, "{roles:?}");
    assert_eq!(statuses.len(), 4, "{statuses:?}");
    assert!(statuses["ACTIVE"] > 3400, "{statuses:?}");

    let scoped = |has: fn(&User) -> bool| users.iter().filter(|user| has(user)).count();
    assert!(scoped(|it| !it.workspace_roles.is_empty()) > 1000);
    assert!(scoped(|it| !it.deployment_roles.is_empty()) > 200);
    assert!(scoped(|it| it.dag_roles.iter().any(|role| role.dag_id.is_some())) > 20);
    assert!(scoped(|it| it.dag_roles.iter().any(|role| role.dag_tag.is_some())) > 10);
    assert!(scoped(|it| it.username.chars().any(char::is_uppercase)) > 40);
    assert!(scoped(|it| it.full_name.chars().count() > 60) > 0);
    assert!(scoped(|it| it.full_name.chars().any(|ch| ('א'..='ת').contains(&ch))) > 50);
    assert!(scoped(|it| it.full_name.starts_with('=')) > 0);

    let moments: Vec<&str> = users.iter().map(|user| user.created_at.as_str()).collect();
    assert!(moments.is_sorted());
    let distinct: HashSet<&&str> = moments.iter().collect();
    assert!(distinct.len() > 3990, "the order by date is nearly total");
    assert!(moments[0].starts_with("2019") && moments[3999].starts_with("2026"));
    assert!(
        users.iter().all(|user| user.updated_at >= user.created_at),
        "nothing is changed before it is made"
    );
    let addresses: HashSet<String> = users.iter().map(|it| it.username.to_lowercase()).collect();
    assert_eq!(addresses.len(), 4000);
}

#[test]
fn one_address_is_one_person_in_all_organizations() {
    let mut client = Client::new();
    let mut ids: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    for n in 0..3 {
        let organization = client.organization(Service::Astro, n);
        for user in all_users(&mut client, &organization) {
            ids.entry(user.username.to_lowercase())
                .or_default()
                .insert(user.id.to_string());
        }
    }
    assert!(ids.values().all(|it| it.len() == 1));
}

#[test]
fn astra_users_have_one_or_more_roles_of_both_kinds() {
    let mut client = Client::new();
    let token = client.token(Service::Astra, 0, "owner");
    let roles = client.call(&token, &astra::ListRoles {}).unwrap();
    assert_eq!(roles.len(), 19);
    let built_in = roles
        .iter()
        .filter(|role| role.last_update_user_id.is_empty())
        .count();
    assert_eq!(built_in, 16);
    assert!(roles.iter().all(|role| role.policy().is_some()));

    let users = client.call(&token, &astra::ListUsers {}).unwrap().users;
    let known: BTreeMap<&str, &str> = roles
        .iter()
        .map(|role| (role.id.as_str(), role.name.as_str()))
        .collect();
    for user in &users {
        assert!(!user.roles.is_empty());
        for role in &user.roles {
            assert_eq!(known[role.id.as_str()], role.name);
        }
    }
    let with = |count| users.iter().filter(|it| it.roles.len() == count).count();
    assert!(with(1) > 150 && with(2) > 20 && with(3) > 3);
    assert!(users.iter().any(|it| it.status == AstraStatus::Invited));
    let custom = &roles[16].id;
    assert!(
        users
            .iter()
            .any(|it| it.roles.iter().any(|role| role.id == *custom))
    );
}

#[test]
fn a_file_keeps_its_state_until_the_settings_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite3");
    let open = |users| {
        let settings = Settings {
            users,
            ..Settings::default()
        };
        Sandbox::open(Connection::open(&path).unwrap(), settings).unwrap()
    };
    let mut sandbox = open(20);
    let fresh = sandbox.inventory().unwrap();
    let token = fresh.tokens[0].token.clone();
    let path = format!("/v1/organizations/{}/invites", fresh.organizations[0].id);
    let request = http::Request::post(path)
        .header("authorization", format!("Bearer {token}"))
        .body(br#"{"inviteeEmail":"new@example.com","role":"ORGANIZATION_MEMBER"}"#.to_vec())
        .unwrap();
    assert_eq!(sandbox.handle(&request, NOW).response.status(), 200);
    drop(sandbox);

    let mut sandbox = open(20);
    assert_eq!(sandbox.inventory().unwrap().organizations[0].users, 21);
    assert_eq!(sandbox.handle(&request, NOW).response.status(), 400);
    sandbox.reset().unwrap();
    assert_eq!(sandbox.inventory().unwrap(), fresh);
    drop(sandbox);

    assert_eq!(open(30).inventory().unwrap().organizations[0].users, 30);
}

#[test]
fn each_invitation_leaves_one_mail() {
    let mut client = Client::new();
    let astro = client.token(Service::Astro, 2, "owner");
    let astra = client.token(Service::Astra, 1, "owner");
    let labs = client.organization(Service::Astro, 2);
    let personal = client.organization(Service::Astra, 1);
    assert_eq!(client.sandbox.mails().unwrap(), []);
    let line = format!("POST /v1/organizations/{labs}/invites");
    let body = r#"{"inviteeEmail":"New@example.com","role":"ORGANIZATION_MEMBER"}"#;
    let statuses = [0, 1].map(|_| client.ask(&astro, &line, body).status);
    assert_eq!(statuses, [200, 400]);
    let body = format!(
        r#"{{"email":"new@example.com","orgID":"{personal}","roles":["d2cfcd63-055c-4a58-b957-8916d4a007a5"]}}"#
    );
    let line = "PUT /v2/organizations/users";
    let statuses = [0, 1].map(|_| client.ask(&astra, line, &body).status);
    assert_eq!(statuses, [200, 200]);
    let mails = client.sandbox.mails().unwrap();
    let sent: Vec<(&str, &str)> = mails
        .iter()
        .map(|it| (it.organization.as_str(), it.email.as_str()))
        .collect();
    assert_eq!(
        sent,
        [
            (labs.as_str(), "New@example.com"),
            (&personal, "new@example.com"),
            (&personal, "new@example.com"),
        ]
    );
    assert_eq!(mails[0].sent_at, "2026-11-02T09:00:00Z");
}
