//! A client of Astro.

use rolecall_tests::{Answer, Client};
use serde_json::{Value, json};

use crate::Service;

/// 25 characters, a `c` first, then lower-case letters and digits: by this the vendor's CLI knows an id.
fn is_cuid(value: &Value) -> bool {
    value.as_str().is_some_and(|id| {
        id.len() == 25
            && id.starts_with('c')
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// The three fields that every refusal of Astro has.
#[track_caller]
fn refusal(answer: &Answer, status: u16) -> String {
    let body = answer.json(status);
    assert_eq!(body["statusCode"], status, "{body}");
    assert!(
        body["requestId"].as_str().is_some_and(|id| !id.is_empty()),
        "{body}"
    );
    let message = body["message"].as_str().unwrap();
    assert!(!message.is_empty());
    message.to_owned()
}

/// Every page of a list of Astro, 1,000 a page at most.
#[track_caller]
fn pages(client: &Client, path: &str, list: &str, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let page = client
            .get(&format!(
                "{path}?limit={limit}&offset={}&sorts=createdAt%3Aasc",
                all.len()
            ))
            .json(200);
        assert_eq!(
            (&page["limit"], &page["offset"]),
            (&json!(limit), &json!(all.len()))
        );
        let rows = page[list].as_array().unwrap();
        assert!(rows.len() <= limit);
        all.extend(rows.iter().cloned());
        if rows.is_empty() || all.len() as u64 >= page["totalCount"].as_u64().unwrap() {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
    }
}

#[test]
fn lists_organizations_and_every_page_of_users() {
    let service = Service::astro(2_345);
    let organization = service.organizations().remove(0);
    let client = service.with("owner", &organization);

    let organizations = pages(&client, "/organizations", "organizations", 100);
    assert_eq!(organizations.len(), 3);
    for one in &organizations {
        assert!(is_cuid(&one["id"]) && one["name"].is_string(), "{one}");
        for field in [
            "createdAt",
            "createdBy",
            "updatedAt",
            "updatedBy",
            "isScimEnabled",
            "productPlans",
            "product",
        ] {
            assert!(!one[field].is_null(), "{field} of {one}");
        }
    }

    let path = format!("/organizations/{organization}/users");
    let users = pages(&client, &path, "users", 1_000);
    assert_eq!(users.len(), 2_345);
    let mut ids: Vec<&str> = users
        .iter()
        .map(|user| user["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2_345, "no user on two pages");
    assert!(users.is_sorted_by_key(|user| user["createdAt"].as_str().unwrap()));
    for user in &users {
        assert!(is_cuid(&user["id"]), "{user}");
        for field in [
            "username",
            "fullName",
            "avatarUrl",
            "status",
            "createdAt",
            "updatedAt",
        ] {
            assert!(user[field].is_string(), "{field} of {user}");
        }
    }
    let first = client.get(&path).json(200);
    assert_eq!(
        (
            first["limit"].as_u64(),
            first["users"].as_array().unwrap().len()
        ),
        (Some(20), 20)
    );
    let past = client
        .get(&format!("{path}?offset=5000&limit=10"))
        .json(200);
    assert_eq!(
        (&past["users"], &past["totalCount"]),
        (&json!([]), &json!(2_345))
    );
}

#[test]
fn invites_and_withdraws() {
    let service = Service::astro(150);
    let organization = service.organizations().remove(0);
    let client = service.with("owner", &organization);
    let users = format!("/organizations/{organization}/users");
    let invites = format!("/organizations/{organization}/invites");

    let wish =
        json!({"inviteeEmail": "new.person@example.com", "role": "ORGANIZATION_BILLING_ADMIN"});
    let invite = client.post(&invites, &wish).json(200);
    assert!(is_cuid(&invite["inviteId"]), "{invite}");
    assert_eq!(invite["organizationId"], organization.as_str());
    assert!(
        invite["expiresAt"].is_string() && invite["inviter"]["id"].is_string(),
        "{invite}"
    );

    let id = invite["invitee"]["id"].as_str().unwrap();
    let user = client.get(&format!("{users}/{id}")).json(200);
    assert_eq!(user["status"], "PENDING");
    assert_eq!(user["username"], "new.person@example.com");
    assert_eq!(user["organizationRole"], "ORGANIZATION_BILLING_ADMIN");
    assert_eq!(pages(&client, &users, "users", 1_000).len(), 151);

    let withdraw = format!("{invites}/{}", invite["inviteId"].as_str().unwrap());
    client.delete(&withdraw).no_content();
    refusal(&client.get(&format!("{users}/{id}")), 404);
    refusal(&client.delete(&withdraw), 404);
    assert_eq!(pages(&client, &users, "users", 1_000).len(), 150);
}

#[test]
fn inviting_somebody_who_is_there_is_refused_in_the_known_words() {
    let service = Service::astro(150);
    let organization = service.organizations().remove(0);
    let client = service.with("owner", &organization);
    let users = pages(
        &client,
        &format!("/organizations/{organization}/users"),
        "users",
        100,
    );
    let active = users
        .iter()
        .find(|user| user["status"] == "ACTIVE" && user["organizationRole"].is_string())
        .unwrap();
    let wish = json!({"inviteeEmail": active["username"], "role": "ORGANIZATION_MEMBER"});
    let message = refusal(
        &client.post(&format!("/organizations/{organization}/invites"), &wish),
        400,
    );
    assert!(
        message.starts_with("Invalid request: Invitee has existing role in organization"),
        "{message}"
    );
}

#[test]
fn re_roles_and_leaves_the_other_scopes_alone() {
    let service = Service::astro(300);
    let organization = service.organizations().remove(0);
    let client = service.with("owner", &organization);
    let users = pages(
        &client,
        &format!("/organizations/{organization}/users"),
        "users",
        1_000,
    );
    let scoped = |user: &&Value| {
        user["workspaceRoles"]
            .as_array()
            .is_some_and(|roles| !roles.is_empty())
    };
    let user = users
        .iter()
        .filter(scoped)
        .find(|user| user["organizationRole"] == "ORGANIZATION_MEMBER")
        .unwrap();
    let path = format!(
        "/organizations/{organization}/users/{}",
        user["id"].as_str().unwrap()
    );

    let roles = client
        .post(
            &format!("{path}/roles"),
            &json!({"organizationRole": "ORGANIZATION_BILLING_ADMIN"}),
        )
        .json(200);
    assert_eq!(roles["organizationRole"], "ORGANIZATION_BILLING_ADMIN");
    let after = client.get(&path).json(200);
    assert_eq!(after["organizationRole"], "ORGANIZATION_BILLING_ADMIN");
    assert_eq!(after["workspaceRoles"], user["workspaceRoles"]);

    let without = json!({"workspaceRoles": []});
    refusal(&client.post(&format!("{path}/roles"), &without), 400);
    let emptied = json!({"organizationRole": "ORGANIZATION_MEMBER", "workspaceRoles": []});
    client.post(&format!("{path}/roles"), &emptied).json(200);
    let after = client.get(&path).json(200);
    assert!(
        after["workspaceRoles"].as_array().is_none_or(Vec::is_empty),
        "{after}"
    );
}

/// The calls of `astro organization switch`, in its order.
#[test]
fn switches_as_the_cli_does() {
    let service = Service::astro(150);
    let organizations = service.organizations();
    let client = service.with("owner", &organizations[0]);
    for organization in &organizations {
        assert_eq!(
            client
                .get(&format!("/organizations/{organization}"))
                .json(200)["id"],
            organization.as_str()
        );
        let me = client.get("/users/self?createIfNotExist=true").json(200);
        assert!(is_cuid(&me["id"]) && me["username"].is_string(), "{me}");
        let path = format!("/organizations/{organization}/workspaces?limit=1000&sorts=name%3Aasc");
        let workspaces = client.get(&path).json(200);
        assert!(
            workspaces["workspaces"].is_array() && workspaces["totalCount"].is_number(),
            "{workspaces}"
        );
        let users = pages(
            &client,
            &format!("/organizations/{organization}/users"),
            "users",
            100,
        );
        let own = users
            .iter()
            .find(|user| user["username"] == me["username"])
            .unwrap();
        let teams = format!(
            "/organizations/{organization}/users/{}/teams",
            own["id"].as_str().unwrap()
        );
        assert!(client.get(&teams).json(200)["teams"].is_array());
    }
    let nowhere = "c000000000000000000000000";
    let status = client.get(&format!("/organizations/{nowhere}")).status;
    assert!([403, 404].contains(&status), "{status}");
}

/// `astro organization role list` crashes on a default role without a description.
#[test]
fn lists_roles_in_the_form_that_the_cli_survives() {
    let service = Service::astro(150);
    let organization = service.organizations().remove(0);
    let client = service.with("owner", &organization);
    let path = format!("/organizations/{organization}/roles?limit=100&offset=0");
    let roles = client
        .get(&format!("{path}&includeDefaultRoles=true"))
        .json(200);
    let default = roles["defaultRoles"].as_array().unwrap();
    assert!(default.len() >= 5, "{roles}");
    assert!(
        default
            .iter()
            .all(|role| role["name"].is_string() && role["description"].is_string()),
        "{roles}"
    );
    assert_eq!(
        roles["totalCount"],
        roles["roles"].as_array().unwrap().len(),
        "custom roles only are counted"
    );
    assert!(client.get(&path).json(200).get("defaultRoles").is_none());
}

#[test]
fn tokens_decide() {
    let service = Service::astro(150);
    let organization = service.organizations().remove(0);
    let users = format!("/organizations/{organization}/users");
    for token in [
        None,
        Some("not-a-token"),
        Some("eyJhbGciOiJub25lIn0.e30.c2ln"),
    ] {
        refusal(&service.client(token).get(&users), 401);
    }
    let member = service.with("member", &organization);
    let listed = pages(&member, &users, "users", 1_000);
    let wish = json!({"inviteeEmail": "new.person@example.com", "role": "ORGANIZATION_MEMBER"});
    refusal(
        &member.post(&format!("/organizations/{organization}/invites"), &wish),
        403,
    );
    let somebody = listed[5]["id"].as_str().unwrap();
    let promote = json!({"organizationRole": "ORGANIZATION_OWNER"});
    refusal(
        &member.post(&format!("{users}/{somebody}/roles"), &promote),
        403,
    );
    assert_eq!(
        pages(&member, &users, "users", 100),
        listed,
        "nothing changed"
    );
}
