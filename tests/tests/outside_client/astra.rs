//! A client of Astra.

use serde_json::{Value, json};

use crate::Service;

const BILLING_ADMIN: &str = "c5fabb3c-1ae1-4648-898f-d3b98167d62e";
const UI_VIEW_ONLY: &str = "a25baf86-1bde-43d2-86ac-647e3d884bac";

fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(|id| {
        let groups: Vec<usize> = id.split('-').map(str::len).collect();
        groups == [8, 4, 4, 4, 12]
            && id
                .bytes()
                .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
    })
}

fn user<'a>(list: &'a Value, email: &str) -> Option<&'a Value> {
    list["Users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["Email"] == email)
}

fn role_ids(user: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> = user["Roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["ID"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn lists_the_users_of_the_tokens_organization_whole() {
    let service = Service::astra();
    for organization in service.organizations() {
        let client = service.with("owner", &organization);
        assert_eq!(
            client.get("/currentOrg").json(200),
            json!({"id": organization})
        );
        let list = client.get("/organizations/users").json(200);
        assert_eq!(list["OrgID"], organization.as_str());
        assert!(
            list["OrgName"]
                .as_str()
                .is_some_and(|name| !name.is_empty())
        );
        for user in list["Users"].as_array().unwrap() {
            assert!(
                is_uuid(&user["UserID"]) && user["Email"].is_string(),
                "{user}"
            );
            assert!(
                ["active", "invited"].contains(&user["Status"].as_str().unwrap()),
                "{user}"
            );
            assert!(
                user["Roles"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|role| is_uuid(&role["ID"]) && role["Name"].is_string())
            );
            let id = user["UserID"].as_str().unwrap();
            assert_eq!(
                &client.get(&format!("/organizations/users/{id}")).json(200),
                user
            );
        }
    }
}

#[test]
fn roles_are_a_bare_list_with_the_built_in_ones_in_it() {
    let service = Service::astra();
    let client = service.with("owner", &service.organizations()[0]);
    let roles = client.get("/organizations/roles").json(200);
    let roles = roles.as_array().unwrap();
    assert!(roles.len() >= 16);
    for role in roles {
        assert!(
            is_uuid(&role["id"])
                && role["name"].is_string()
                && role["policy"]["actions"].is_array(),
            "{role}"
        );
    }
    let billing = roles
        .iter()
        .find(|role| role["name"] == "Billing Admin")
        .unwrap();
    assert_eq!(billing["id"], BILLING_ADMIN);
    assert_eq!(
        &client
            .get(&format!("/organizations/roles/{BILLING_ADMIN}"))
            .json(200),
        billing
    );
}

#[test]
fn invites_sends_again_re_roles_and_removes() {
    let service = Service::astra();
    let organization = service.organizations().remove(0);
    let client = service.with("owner", &organization);
    let list = || client.get("/organizations/users").json(200);
    let before = list()["Users"].as_array().unwrap().len();
    assert!(user(&list(), "new.person@example.com").is_none());

    // The documents' spelling of the key, then the CLI's.
    for (key, role) in [("orgID", BILLING_ADMIN), ("OrgID", UI_VIEW_ONLY)] {
        let wish = json!({"email": "new.person@example.com", key: organization, "roles": [role]});
        assert_eq!(client.put("/organizations/users", &wish).status, 200);
        let now = list();
        let invited = user(&now, "new.person@example.com").unwrap();
        assert_eq!(
            (&invited["Status"], role_ids(invited)),
            (&json!("invited"), vec![role])
        );
        assert_eq!(
            now["Users"].as_array().unwrap().len(),
            before + 1,
            "sent again, not twice there"
        );
    }

    let id = user(&list(), "new.person@example.com").unwrap()["UserID"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/organizations/users/{id}");
    let both = json!({"roles": [BILLING_ADMIN, UI_VIEW_ONLY]});
    client.put(&format!("{path}/roles"), &both).no_content();
    let mut wanted = vec![BILLING_ADMIN, UI_VIEW_ONLY];
    wanted.sort_unstable();
    assert_eq!(
        role_ids(user(&list(), "new.person@example.com").unwrap()),
        wanted
    );
    client
        .put(&format!("{path}/roles"), &json!({"roles": [UI_VIEW_ONLY]}))
        .no_content();
    assert_eq!(
        role_ids(user(&list(), "new.person@example.com").unwrap()),
        [UI_VIEW_ONLY],
        "the set is replaced"
    );

    client.delete(&path).no_content();
    assert!(user(&list(), "new.person@example.com").is_none());
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.delete(&path).status, 404);
}

#[test]
fn a_token_is_one_organization_and_decides() {
    let service = Service::astra();
    let organizations = service.organizations();
    for one in service.rolecall.line()["tokens"].as_array().unwrap() {
        if one["service"] == "astra" {
            let token = one["token"].as_str().unwrap();
            assert_eq!(token.len(), 97);
            let parts: Vec<usize> = token.split(':').map(str::len).collect();
            assert_eq!(parts, ["AstraCS".len(), 24, 64]);
        }
    }
    let stranger =
        json!({"email": "a@example.com", "orgID": organizations[1], "roles": [UI_VIEW_ONLY]});
    let owner = service.with("owner", &organizations[0]);
    assert_eq!(
        owner.put("/organizations/users", &stranger).status,
        403,
        "another organization's id"
    );

    let member = service.with("member", &organizations[0]);
    let wish =
        json!({"email": "a@example.com", "orgID": organizations[0], "roles": [UI_VIEW_ONLY]});
    assert_eq!(member.put("/organizations/users", &wish).status, 403);
    assert_eq!(
        member.get("/currentOrg").status,
        200,
        "the token is good, the permission is missing"
    );
    for token in [None, Some("AstraCS:short")] {
        let status = service.client(token).get("/currentOrg").status;
        assert!([401, 403].contains(&status), "{status}");
    }
}
