//! Astra's operations.

use rolecall_core::astra::invite_user::NewInvite;
use rolecall_core::astra::update_user_roles::RoleSet;
use rolecall_core::astra::{
    GetCurrentOrg, GetRole, GetUser, InviteUser, ListRoles, ListUsers, RemoveUser, RoleId, Status,
    UpdateUserRoles, User,
};
use rolecall_core::service::Service;
use serde_json::json;

use crate::client::{Answer, Client, refusal};

const ADMINISTRATOR: &str = "ad0566b5-2a67-49de-89e8-92258c2f2c98";
const READ_WRITE: &str = "b73e44b2-b9e9-43b8-a7c1-c6a2fe2dab50";
const READ_ONLY: &str = "d2cfcd63-055c-4a58-b957-8916d4a007a5";
const NOWHERE: &str = "11111111-2222-4333-8444-555555555555";

struct Astra {
    client: Client,
    organization: String,
    owner: String,
    member: String,
}

impl Astra {
    /// In the `n`-th organization: middle, nearly empty.
    fn new(n: usize) -> Self {
        let client = Client::new();
        Self {
            organization: client.organization(Service::Astra, n),
            owner: client.token(Service::Astra, n, "owner"),
            member: client.token(Service::Astra, n, "member"),
            client,
        }
    }

    fn users(&mut self) -> Vec<User> {
        self.client.call(&self.owner, &ListUsers {}).unwrap().users
    }

    fn at(&mut self, email: &str) -> Option<User> {
        self.users().into_iter().find(|it| it.email == email)
    }

    fn invite_call(&self, email: &str, roles: &[&str]) -> InviteUser {
        InviteUser {
            body: NewInvite {
                email: email.to_owned(),
                organization: self.organization.as_str().into(),
                roles: ids(roles),
            },
        }
    }

    fn put(&mut self, path: &str, body: &str) -> Answer {
        let token = self.owner.clone();
        self.client.ask(&token, &format!("PUT /v2{path}"), body)
    }
}

fn ids(roles: &[&str]) -> Vec<RoleId> {
    roles.iter().map(|&id| id.into()).collect()
}

fn held(user: &User) -> Vec<&str> {
    user.roles.iter().map(|it| it.id.as_str()).collect()
}

#[test]
fn a_token_is_one_organization() {
    for n in 0..2 {
        let mut astra = Astra::new(n);
        for token in [astra.owner.clone(), astra.member.clone()] {
            let current = astra.client.call(&token, &GetCurrentOrg {}).unwrap();
            assert_eq!(current.id.as_str(), astra.organization);
            let users = astra.client.call(&token, &ListUsers {}).unwrap();
            assert_eq!(users.organization.as_str(), astra.organization);
        }
    }
}

#[test]
fn an_invited_person_is_listed_at_once() {
    let mut astra = Astra::new(1);
    let call = astra.invite_call("Dave@example.com", &[READ_WRITE, READ_ONLY, READ_WRITE]);
    astra.client.call(&astra.owner, &call).unwrap();
    let dave = astra.at("Dave@example.com").unwrap();
    assert_eq!(dave.status, Status::Invited);
    assert_eq!(held(&dave), [READ_WRITE, READ_ONLY]);
    assert_eq!(dave.roles[0].name, "R/W User");
    let get = GetUser {
        user: dave.id.clone(),
    };
    assert_eq!(astra.client.call(&astra.member, &get).unwrap(), dave);
}

#[test]
fn an_invitation_answers_200_without_a_body() {
    let mut astra = Astra::new(1);
    for (n, key) in ["orgID", "OrgID", "orgid"].into_iter().enumerate() {
        let body = json!({"email": format!("new{n}@example.com"), key: astra.organization, "roles": [READ_ONLY]});
        let answer = astra.put("/organizations/users", &body.to_string());
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, serde_json::Value::Null);
        assert!(!answer.headers.contains_key("content-type"));
    }
    assert_eq!(astra.users().len(), 4);
}

#[test]
fn inviting_again_replaces_the_roles() {
    let mut astra = Astra::new(1);
    for (email, role) in [
        ("dave@example.com", READ_WRITE),
        ("DAVE@example.com", READ_ONLY),
    ] {
        let call = astra.invite_call(email, &[role]);
        astra.client.call(&astra.owner, &call).unwrap();
    }
    assert_eq!(astra.users().len(), 2);
    let dave = astra.at("dave@example.com").unwrap();
    assert_eq!(held(&dave), [READ_ONLY]);
}

#[test]
fn whoever_has_joined_cannot_be_invited() {
    let mut astra = Astra::new(0);
    let users = astra.users();
    let call = astra.invite_call("ALICE@stellardata.example", &[READ_ONLY]);
    assert_eq!(
        refusal(astra.client.call(&astra.owner, &call)),
        (
            400,
            "invalid request: the user is already in the organization".to_owned()
        )
    );
    assert_eq!(astra.users(), users);
}

#[test]
fn malformed_invitations_are_refused_and_say_why() {
    let mut astra = Astra::new(1);
    let organization = astra.organization.clone();
    let other = astra.client.organization(Service::Astra, 0);
    for (email, organization, roles, status) in [
        (
            "not-an-address",
            organization.as_str(),
            json!([READ_ONLY]),
            400,
        ),
        ("a@example.com", &organization, json!([]), 400),
        ("a@example.com", &other, json!([READ_ONLY]), 403),
        ("a@example.com", NOWHERE, json!([READ_ONLY]), 403),
        ("a@example.com", &organization, json!([NOWHERE]), 404),
        ("a@example.com", &organization, json!(["RO User"]), 404),
        (
            "a@example.com",
            &organization,
            json!([READ_ONLY, NOWHERE]),
            404,
        ),
        ("a@example.com", &organization, json!("RO User"), 400),
    ] {
        let body = json!({"email": email, "orgID": organization, "roles": roles});
        let answer = astra.put("/organizations/users", &body.to_string());
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(answer.body["errors"][0]["ID"], 999_000 + i64::from(status));
    }
    for body in ["", "[]", "null", "{", r#"{"email":"a@example.com"}"#] {
        let answer = astra.put("/organizations/users", body);
        assert_eq!(answer.status, 400, "{body}");
    }
    assert_eq!(astra.users().len(), 1);
}

#[test]
fn new_roles_replace_all_roles() {
    let mut astra = Astra::new(0);
    let user = astra
        .users()
        .into_iter()
        .find(|it| it.roles.len() > 1 && it.status == Status::Active)
        .unwrap();
    for roles in [&[READ_ONLY][..], &[READ_WRITE, READ_ONLY]] {
        let call = UpdateUserRoles {
            user: user.id.clone(),
            body: RoleSet { roles: ids(roles) },
        };
        astra.client.call(&astra.owner, &call).unwrap();
        assert_eq!(held(&astra.at(&user.email).unwrap()), roles);
    }
    let path = format!("/organizations/users/{}/roles", user.id);
    for (body, status) in [
        (r#"{"roles":[]}"#.to_owned(), 400),
        ("{}".to_owned(), 400),
        (json!({"roles": [NOWHERE]}).to_string(), 404),
    ] {
        assert_eq!(astra.put(&path, &body).status, status, "{body}");
    }
    assert_eq!(
        astra
            .put(
                &format!("/organizations/users/{NOWHERE}/roles"),
                &json!({"roles": [READ_ONLY]}).to_string()
            )
            .body["errors"][0]["message"],
        "Resource not found: user"
    );
}

#[test]
fn an_invited_persons_roles_can_be_changed() {
    let mut astra = Astra::new(1);
    let call = astra.invite_call("dave@example.com", &[READ_ONLY]);
    astra.client.call(&astra.owner, &call).unwrap();
    let dave = astra.at("dave@example.com").unwrap();
    let call = UpdateUserRoles {
        user: dave.id,
        body: RoleSet {
            roles: ids(&[READ_WRITE]),
        },
    };
    astra.client.call(&astra.owner, &call).unwrap();
    let dave = astra.at("dave@example.com").unwrap();
    assert_eq!(
        (dave.status.clone(), held(&dave)),
        (Status::Invited, vec![READ_WRITE])
    );
}

#[test]
fn members_and_invited_people_are_removed_alike() {
    let mut astra = Astra::new(0);
    let users = astra.users();
    for status in [Status::Active, Status::Invited] {
        let user = users.iter().rfind(|it| it.status == status).unwrap();
        let call = RemoveUser {
            user: user.id.clone(),
        };
        astra.client.call(&astra.owner, &call).unwrap();
        assert_eq!(astra.at(&user.email), None);
        assert_eq!(
            refusal(astra.client.call(&astra.owner, &call)),
            (404, "Resource not found: user".to_owned())
        );
    }
    assert_eq!(astra.users().len(), users.len() - 2);
}

#[test]
fn the_last_administrator_stays_one() {
    let mut astra = Astra::new(1);
    let admin = astra.users().remove(0);
    let demote = UpdateUserRoles {
        user: admin.id.clone(),
        body: RoleSet {
            roles: ids(&[READ_ONLY]),
        },
    };
    let remove = RemoveUser {
        user: admin.id.clone(),
    };
    let last = (
        400,
        "invalid request: an organization must have at least one Organization Administrator"
            .to_owned(),
    );
    assert_eq!(refusal(astra.client.call(&astra.owner, &demote)), last);
    assert_eq!(refusal(astra.client.call(&astra.owner, &remove)), last);
    // an invited administrator has not joined and does not count
    let invite = astra.invite_call("new@example.com", &[ADMINISTRATOR]);
    astra.client.call(&astra.owner, &invite).unwrap();
    assert_eq!(refusal(astra.client.call(&astra.owner, &remove)), last);
    // more roles beside it are no loss
    let more = UpdateUserRoles {
        user: admin.id,
        body: RoleSet {
            roles: ids(&[READ_ONLY, ADMINISTRATOR]),
        },
    };
    astra.client.call(&astra.owner, &more).unwrap();
}

#[test]
fn one_of_two_administrators_can_go() {
    let mut astra = Astra::new(0);
    let bob = astra.at("Bob.Admin@stellardata.example").unwrap();
    assert!(held(&bob).contains(&ADMINISTRATOR));
    let remove = RemoveUser { user: bob.id };
    astra.client.call(&astra.owner, &remove).unwrap();
}

#[test]
fn a_plain_member_reads_and_changes_nothing() {
    let mut astra = Astra::new(0);
    let before = astra.users();
    let seen = astra.client.call(&astra.member, &ListUsers {}).unwrap();
    assert_eq!(seen.users, before);
    astra.client.call(&astra.member, &ListRoles {}).unwrap();

    let missing = (
        403,
        "forbidden: missing permission org-user-write".to_owned(),
    );
    let invite = astra.invite_call("new@example.com", &[READ_ONLY]);
    assert_eq!(refusal(astra.client.call(&astra.member, &invite)), missing);
    let re_role = UpdateUserRoles {
        user: before[9].id.clone(),
        body: RoleSet {
            roles: ids(&[ADMINISTRATOR]),
        },
    };
    assert_eq!(refusal(astra.client.call(&astra.member, &re_role)), missing);
    let remove = RemoveUser {
        user: before[9].id.clone(),
    };
    assert_eq!(refusal(astra.client.call(&astra.member, &remove)), missing);
    assert_eq!(astra.users(), before);
}

#[test]
fn roles_are_read_one_by_one_too() {
    let mut astra = Astra::new(0);
    let roles = astra.client.call(&astra.member, &ListRoles {}).unwrap();
    for role in &roles {
        let get = GetRole {
            role: role.id.clone(),
        };
        assert_eq!(astra.client.call(&astra.member, &get).unwrap(), *role);
    }
    let get = GetRole {
        role: NOWHERE.into(),
    };
    assert_eq!(
        refusal(astra.client.call(&astra.owner, &get)),
        (404, "Resource not found: role".to_owned())
    );
    // built-in roles name the organization by a placeholder, custom ones by its id
    let resources = |n: usize| roles[n].policy().unwrap().resources[0].clone();
    assert_eq!(resources(0), "drn:astra:org:__ORG_ID__");
    assert_eq!(
        resources(16),
        format!("drn:astra:org:{}", astra.organization)
    );
}

#[test]
fn custom_roles_belong_to_their_organization() {
    let mut astra = Astra::new(0);
    let custom = astra.client.call(&astra.owner, &ListRoles {}).unwrap()[16]
        .id
        .clone();
    let mut other = Astra::new(1);
    let call = other.invite_call("dave@example.com", &[custom.as_str()]);
    assert_eq!(refusal(other.client.call(&other.owner, &call)).0, 404);
    let call = astra.invite_call("dave@example.com", &[custom.as_str()]);
    astra.client.call(&astra.owner, &call).unwrap();
}

#[test]
fn field_names_have_the_recorded_spelling() {
    let mut astra = Astra::new(1);
    let token = astra.owner.clone();
    let users = astra.client.ask(&token, "GET /v2/organizations/users", "");
    assert_eq!(users.body["OrgID"], astra.organization);
    assert_eq!(users.body["OrgName"], "olive.owner@cosmicenergy.example");
    assert_eq!(users.body["Users"][0]["Status"], "active");
    assert_eq!(users.body["Users"][0]["Roles"][0]["ID"], ADMINISTRATOR);
    let roles = astra.client.ask(&token, "GET /v2/organizations/roles", "");
    assert_eq!(roles.body.as_array().unwrap().len(), 16);
    assert_eq!(
        roles.body[0]["last_update_date_time"],
        "0001-01-01T00:00:00Z"
    );
    assert_eq!(roles.body[0]["policy"]["effect"], "allow");
}

#[test]
fn json_is_read_under_any_content_type() {
    let mut astra = Astra::new(1);
    let body =
        json!({"email": "dave@example.com", "orgID": astra.organization, "roles": [READ_ONLY]});
    let request = http::Request::put("/v2/organizations/users")
        .header("authorization", format!("Bearer {}", astra.owner))
        .header("content-type", "text/html")
        .body(body.to_string().into_bytes())
        .unwrap();
    assert_eq!(astra.client.handle(&request).response.status(), 200);
}
