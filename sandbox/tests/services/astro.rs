//! Astro's operations.

use rolecall_core::astro::create_invite::NewInvite;
use rolecall_core::astro::update_user_roles::RoleSet;
use rolecall_core::astro::{
    CreateInvite, DeleteInvite, DeploymentRole, GetOrganization, GetUser, ListUserTeams, ListUsers,
    ListWorkspaces, OrganizationRole, Paging, Status, UpdateUserRoles, User, WorkspaceRole,
};
use rolecall_core::service::Service;
use serde_json::json;

use crate::client::{Client, refusal};

const OWNER: &str = "owner";
const MEMBER: &str = "member";

struct Astro {
    client: Client,
    organization: String,
    owner: String,
    member: String,
}

impl Astro {
    /// In the `n`-th organization: large, middle, nearly empty.
    fn new(n: usize) -> Self {
        let client = Client::new();
        Self {
            organization: client.organization(Service::Astro, n),
            owner: client.token(Service::Astro, n, OWNER),
            member: client.token(Service::Astro, n, MEMBER),
            client,
        }
    }

    fn invite_call(&self, email: &str, role: OrganizationRole) -> CreateInvite {
        CreateInvite {
            organization: self.organization.as_str().into(),
            body: NewInvite {
                invitee_email: email.to_owned(),
                role,
            },
        }
    }

    fn users(&mut self) -> Vec<User> {
        let list = ListUsers {
            organization: self.organization.as_str().into(),
            paging: Paging::default(),
        };
        self.client.call(&self.owner, &list).unwrap().users
    }

    fn user(&mut self, id: &str) -> User {
        let get = GetUser {
            organization: self.organization.as_str().into(),
            user: id.into(),
        };
        self.client.call(&self.owner, &get).unwrap()
    }

    fn named(&mut self, username: &str) -> Option<User> {
        self.users().into_iter().find(|it| it.username == username)
    }

    fn re_role_call(&self, user: &User, body: RoleSet) -> UpdateUserRoles {
        UpdateUserRoles {
            organization: self.organization.as_str().into(),
            user: user.id.clone(),
            body,
        }
    }

    fn get(&mut self, tail: &str) -> crate::client::Answer {
        let line = format!("GET /v1/organizations/{}{tail}", self.organization);
        self.client.ask(&self.owner.clone(), &line, "")
    }

    fn post(&mut self, tail: &str, body: &str) -> crate::client::Answer {
        let line = format!("POST /v1/organizations/{}{tail}", self.organization);
        self.client.ask(&self.owner.clone(), &line, body)
    }
}

fn to(role: OrganizationRole) -> RoleSet {
    RoleSet {
        organization_role: Some(role),
        ..RoleSet::default()
    }
}

#[test]
fn pages_are_20_long_unless_asked_otherwise() {
    let mut astro = Astro::new(0);
    let page = astro.get("/users").body;
    assert_eq!(page["users"].as_array().unwrap().len(), 20);
    assert_eq!(
        (&page["limit"], &page["offset"], &page["totalCount"]),
        (&json!(20), &json!(0), &json!(250))
    );
    let page = astro.get("/users?limit=1000&offset=240").body;
    assert_eq!(page["users"].as_array().unwrap().len(), 10);
    assert_eq!(
        (&page["limit"], &page["offset"]),
        (&json!(1000), &json!(240))
    );
    let past = astro.get("/users?limit=100&offset=250").body;
    assert_eq!(
        past,
        json!({"users": [], "limit": 100, "offset": 250, "totalCount": 250})
    );
    let none = astro.get("/users?limit=0").body;
    assert_eq!(
        none,
        json!({"users": [], "limit": 0, "offset": 0, "totalCount": 250})
    );
}

#[test]
fn pages_cover_a_list_exactly() {
    let mut astro = Astro::new(0);
    for sorts in [
        "",
        "&sorts=createdAt%3Aasc",
        "&sorts=fullName:desc",
        "&sorts=updatedAt:desc",
    ] {
        let mut seen = std::collections::HashSet::new();
        for offset in (0..250).step_by(40) {
            let page = astro.get(&format!("/users?limit=40&offset={offset}{sorts}"));
            for user in page.body["users"].as_array().unwrap() {
                assert!(seen.insert(user["id"].as_str().unwrap().to_owned()));
            }
        }
        assert_eq!(seen.len(), 250, "{sorts}");
    }
}

#[test]
fn a_page_is_at_most_1000_long() {
    let mut astro = Astro::new(0);
    for list in ["/users", "/workspaces", "/roles"] {
        let answer = astro.get(&format!("{list}?limit=1001"));
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["message"], "Invalid request");
        assert_eq!(
            answer.body["fieldErrors"],
            json!([{"field": "limit", "code": "max", "message": "limit must be 1000 or less"}])
        );
    }
    for (query, field) in [
        ("limit=x", "limit"),
        ("limit=-1", "limit"),
        ("offset=1.5", "offset"),
        ("sorts=shoeSize:asc", "sorts"),
        ("sorts=createdAt:up", "sorts"),
        ("sorts=createdAt", "sorts"),
    ] {
        let answer = astro.get(&format!("/users?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.body["fieldErrors"][0]["field"], field, "{query}");
    }
}

#[test]
fn lists_are_sorted_as_asked() {
    let mut astro = Astro::new(0);
    let column = |astro: &mut Astro, sorts: &str, field: &str| -> Vec<String> {
        let page = astro.get(&format!("/users?limit=1000&sorts={sorts}")).body;
        let users = page["users"].as_array().unwrap().clone();
        users
            .iter()
            .map(|user| user[field].as_str().unwrap().to_lowercase())
            .collect()
    };
    for field in ["id", "username", "createdAt", "updatedAt"] {
        let up = column(&mut astro, &format!("{field}%3Aasc"), field);
        assert!(up.is_sorted(), "{field}");
        let mut down = column(&mut astro, &format!("{field}:desc"), field);
        down.reverse();
        assert_eq!(up, down, "{field}");
    }
    let default = column(&mut astro, "createdAt:asc", "id");
    let page = astro.get("/users?limit=1000").body;
    let ids: Vec<&str> = page["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, default);
    // two sorts: the second decides among equals
    let twice = astro.get("/users?limit=1000&sorts=fullName:asc&sorts=username:desc");
    let pending: Vec<String> = twice.body["users"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|user| user["fullName"] == "")
        .map(|user| user["username"].as_str().unwrap().to_lowercase())
        .collect();
    assert!(pending.len() > 1 && pending.is_sorted_by(|a, b| a >= b));
}

#[test]
fn lists_are_filtered_by_scope() {
    let mut astro = Astro::new(0);
    let users = astro.users();
    let workspace = &users
        .iter()
        .find_map(|it| it.workspace_roles.first())
        .unwrap()
        .workspace_id;
    let deployment = &users
        .iter()
        .find_map(|it| it.deployment_roles.first())
        .unwrap()
        .deployment_id;
    let expected = users
        .iter()
        .filter(|it| {
            it.workspace_roles
                .iter()
                .any(|role| role.workspace_id == *workspace)
        })
        .count();
    let page = astro
        .get(&format!("/users?limit=1000&workspaceId={workspace}"))
        .body;
    assert_eq!(page["totalCount"], expected);
    assert_eq!(page["users"].as_array().unwrap().len(), expected);
    assert!(expected < 250);
    let page = astro
        .get(&format!(
            "/users?workspaceId={workspace}&deploymentId={deployment}"
        ))
        .body;
    let both = users
        .iter()
        .filter(|it| {
            it.workspace_roles
                .iter()
                .any(|role| role.workspace_id == *workspace)
                && it
                    .deployment_roles
                    .iter()
                    .any(|role| role.deployment_id == *deployment)
        })
        .count();
    assert_eq!(page["totalCount"], both);
    let tagged = users
        .iter()
        .filter(|it| {
            it.dag_roles
                .iter()
                .any(|role| role.dag_tag.as_deref() == Some("nightly"))
        })
        .count();
    assert_eq!(
        astro.get("/users?dagTags=nightly&dagTags=x").body["totalCount"],
        tagged
    );
}

#[test]
fn an_invited_person_is_a_pending_user_at_once() {
    let mut astro = Astro::new(2);
    let call = astro.invite_call("Pete.Pending@example.com", OrganizationRole::BillingAdmin);
    let invite = astro.client.call(&astro.owner, &call).unwrap();
    assert_eq!(invite.organization_id.as_str(), astro.organization);
    assert_eq!(invite.organization_name.as_deref(), Some("Example Labs"));
    assert_eq!(invite.expires_at, "2026-11-09T09:00:00Z");
    assert_eq!(invite.user_id.as_ref().unwrap().as_str(), invite.invitee.id);
    assert_eq!(
        invite.inviter.username.as_deref(),
        Some("olive.owner@cosmicenergy.example")
    );

    let user = astro.user(&invite.invitee.id);
    assert_eq!(user.username, "Pete.Pending@example.com");
    assert_eq!(user.status, Status::Pending);
    assert_eq!(user.organization_role, Some(OrganizationRole::BillingAdmin));
    assert_eq!(
        (user.full_name.as_str(), user.avatar_url.as_str()),
        ("", "")
    );
    assert_eq!(user.created_at, "2026-11-02T09:00:00Z");
    assert_eq!(astro.users().len(), 3);
}

#[test]
fn whoever_is_there_already_cannot_be_invited() {
    let mut astro = Astro::new(1);
    let users = astro.users();
    for status in [
        Status::Active,
        Status::Inactive,
        Status::Pending,
        Status::Banned,
    ] {
        let user = users.iter().find(|it| it.status == status).unwrap();
        let call = astro.invite_call(&user.username.to_uppercase(), OrganizationRole::Member);
        assert_eq!(
            refusal(astro.client.call(&astro.owner, &call)),
            (
                400,
                format!(
                    "Invalid request: Invitee has existing role in organization {}",
                    astro.organization
                )
            ),
            "{status:?}"
        );
    }
    assert_eq!(astro.users(), users);
}

#[test]
fn a_person_keeps_the_id_in_another_organization() {
    let mut astro = Astro::new(2);
    let first = astro.client.organization(Service::Astro, 0);
    let known = astro
        .client
        .call(
            &astro.owner,
            &ListUsers {
                organization: first.as_str().into(),
                paging: Paging {
                    offset: 9,
                    limit: 1,
                },
            },
        )
        .unwrap()
        .users
        .remove(0);
    let call = astro.invite_call(&known.username, OrganizationRole::Member);
    let invite = astro.client.call(&astro.owner, &call).unwrap();
    assert_eq!(invite.invitee.id, known.id.as_str());
}

#[test]
fn malformed_invites_are_refused_and_say_why() {
    let mut astro = Astro::new(2);
    let call = astro.invite_call("not-an-email", OrganizationRole::Member);
    assert_eq!(
        refusal(astro.client.call(&astro.owner, &call)),
        (
            400,
            "Invalid email address. Please check the address and try again".to_owned()
        )
    );
    for (body, field, code) in [
        (
            r#"{"inviteeEmail":"a@example.com","role":"ORGANIZATION_KING"}"#,
            "role",
            "oneof",
        ),
        (
            r#"{"inviteeEmail":"a@example.com","role":"organization_member"}"#,
            "role",
            "oneof",
        ),
        (r#"{"inviteeEmail":"a@example.com"}"#, "body", "json"),
        (r#"{"role":"ORGANIZATION_MEMBER"}"#, "body", "json"),
        ("", "body", "json"),
        ("[]", "body", "json"),
        ("{", "body", "json"),
    ] {
        let answer = astro.post("/invites", body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.body["fieldErrors"][0]["field"], field, "{body}");
        assert_eq!(answer.body["fieldErrors"][0]["code"], code, "{body}");
    }
    assert_eq!(astro.users().len(), 2);
}

#[test]
fn a_withdrawn_invitation_takes_its_user_along() {
    let mut astro = Astro::new(2);
    let call = astro.invite_call("pete@example.com", OrganizationRole::Member);
    let invite = astro.client.call(&astro.owner, &call).unwrap();
    let withdraw = DeleteInvite {
        organization: astro.organization.as_str().into(),
        invite: invite.invite_id,
    };
    astro.client.call(&astro.owner, &withdraw).unwrap();
    assert_eq!(astro.named("pete@example.com"), None);
    assert_eq!(
        refusal(astro.client.call(&astro.owner, &withdraw)),
        (404, "Invite not found".to_owned())
    );
    // the address is free again
    astro.client.call(&astro.owner, &call).unwrap();
}

#[test]
fn an_invitation_belongs_to_its_organization() {
    let mut astro = Astro::new(2);
    let call = astro.invite_call("pete@example.com", OrganizationRole::Member);
    let invite = astro.client.call(&astro.owner, &call).unwrap();
    let elsewhere = DeleteInvite {
        organization: astro.client.organization(Service::Astro, 0).into(),
        invite: invite.invite_id,
    };
    assert_eq!(refusal(astro.client.call(&astro.owner, &elsewhere)).0, 404);
    assert!(astro.named("pete@example.com").is_some());
}

#[test]
fn a_plain_member_reads_and_changes_nothing() {
    let mut astro = Astro::new(1);
    let before = astro.users();
    let list = ListUsers {
        organization: astro.organization.as_str().into(),
        paging: Paging::default(),
    };
    let seen = astro.client.call(&astro.member, &list).unwrap();
    assert_eq!(seen.users, before);

    let invite = astro.invite_call("new@example.com", OrganizationRole::Member);
    assert_eq!(
        refusal(astro.client.call(&astro.member, &invite)),
        (403, "Forbidden".to_owned())
    );
    let re_role = astro.re_role_call(&before[5], to(OrganizationRole::Owner));
    assert_eq!(
        refusal(astro.client.call(&astro.member, &re_role)),
        (
            403,
            format!(
                "Not authorized to edit user roles for organization {}",
                astro.organization
            )
        )
    );
    let withdraw = DeleteInvite {
        organization: astro.organization.as_str().into(),
        invite: "i1".into(),
    };
    assert_eq!(
        refusal(astro.client.call(&astro.member, &withdraw)),
        (403, "Forbidden".to_owned())
    );
    assert_eq!(astro.users(), before);
}

#[test]
fn a_token_may_what_its_person_may_now() {
    let mut astro = Astro::new(2);
    let mina = astro.named("mina.member@cosmicenergy.example").unwrap();
    let call = astro.re_role_call(&mina, to(OrganizationRole::Owner));
    astro.client.call(&astro.owner, &call).unwrap();
    let invite = astro.invite_call("new@example.com", OrganizationRole::Member);
    astro.client.call(&astro.member, &invite).unwrap();
}

#[test]
fn a_new_role_leaves_all_scoped_roles() {
    let mut astro = Astro::new(0);
    let users = astro.users();
    let user = users
        .iter()
        .find(|it| !it.dag_roles.is_empty())
        .unwrap()
        .clone();
    let call = astro.re_role_call(&user, to(OrganizationRole::BillingAdmin));
    let roles = astro.client.call(&astro.owner, &call).unwrap();
    assert_eq!(
        roles.organization_role,
        Some(OrganizationRole::BillingAdmin)
    );
    assert_eq!(roles.workspace_roles.as_ref(), Some(&user.workspace_roles));
    assert_eq!(
        roles.deployment_roles.as_ref(),
        Some(&user.deployment_roles)
    );
    assert_eq!(roles.dag_roles.as_ref(), Some(&user.dag_roles));
    let after = astro.user(user.id.as_str());
    assert_eq!(
        after,
        User {
            organization_role: Some(OrganizationRole::BillingAdmin),
            updated_at: "2026-11-02T09:00:00Z".to_owned(),
            ..user
        }
    );
}

#[test]
fn a_given_list_replaces_its_scope_alone() {
    let mut astro = Astro::new(0);
    let user = astro
        .users()
        .into_iter()
        .find(|it| it.workspace_roles.len() > 1 && it.deployment_roles.is_empty())
        .unwrap();
    let kept = WorkspaceRole {
        role: "WORKSPACE_OPERATOR".to_owned(),
        ..user.workspace_roles[1].clone()
    };
    let mut body = to(OrganizationRole::Member);
    body.workspace_roles = Some(vec![kept.clone()]);
    let call = astro.re_role_call(&user, body.clone());
    let roles = astro.client.call(&astro.owner, &call).unwrap();
    assert_eq!(roles.workspace_roles, Some(vec![kept]));
    body.workspace_roles = Some(Vec::new());
    let call = astro.re_role_call(&user, body);
    let roles = astro.client.call(&astro.owner, &call).unwrap();
    assert_eq!(roles.workspace_roles, None);
    assert!(astro.user(user.id.as_str()).workspace_roles.is_empty());
}

#[test]
fn a_role_in_a_deployment_opens_its_workspace() {
    let mut astro = Astro::new(0);
    let users = astro.users();
    let deployment = users
        .iter()
        .find_map(|it| it.deployment_roles.first())
        .unwrap()
        .deployment_id
        .clone();
    let user = users
        .iter()
        .find(|it| it.workspace_roles.is_empty() && it.status == Status::Active)
        .unwrap();
    let mut body = to(OrganizationRole::Member);
    body.deployment_roles = Some(vec![DeploymentRole {
        deployment_id: deployment,
        role: "DEPLOYMENT_ADMIN".to_owned(),
    }]);
    let call = astro.re_role_call(user, body);
    let roles = astro.client.call(&astro.owner, &call).unwrap();
    let given = roles.workspace_roles.unwrap();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].role, "WORKSPACE_ACCESSOR");
}

#[test]
fn scoped_lists_are_checked() {
    let mut astro = Astro::new(0);
    let users = astro.users();
    let user = users
        .iter()
        .find(|it| it.deployment_roles.is_empty())
        .unwrap();
    let workspace = users
        .iter()
        .find_map(|it| it.workspace_roles.first())
        .unwrap()
        .workspace_id
        .clone();
    let deployment = users
        .iter()
        .find_map(|it| it.deployment_roles.first())
        .unwrap()
        .deployment_id
        .clone();
    let role = r#""organizationRole":"ORGANIZATION_MEMBER""#;
    for (body, field) in [
        (r#"{"workspaceRoles":[]}"#.to_owned(), "organizationRole"),
        (r#"{"deploymentRoles":[]}"#.to_owned(), "organizationRole"),
        (r#"{"dagRoles":[]}"#.to_owned(), "organizationRole"),
        (
            r#"{"organizationRole":"ORGANIZATION_KING"}"#.to_owned(),
            "organizationRole",
        ),
        (r#"{"organizationRole":""}"#.to_owned(), "organizationRole"),
        (
            format!(
                r#"{{{role},"workspaceRoles":[{{"workspaceId":"w0","role":"WORKSPACE_OWNER"}}]}}"#
            ),
            "workspaceRoles[0].workspaceId",
        ),
        (
            format!(
                r#"{{{role},"workspaceRoles":[{{"workspaceId":"{workspace}","role":"KING"}}]}}"#
            ),
            "workspaceRoles[0].role",
        ),
        (
            format!(
                r#"{{{role},"workspaceRoles":[{{"workspaceId":"{workspace}","role":"WORKSPACE_OWNER"}},
                    {{"workspaceId":"{workspace}","role":"WORKSPACE_MEMBER"}}]}}"#
            ),
            "workspaceRoles[1].workspaceId",
        ),
        (
            format!(
                r#"{{{role},"deploymentRoles":[{{"deploymentId":"d0","role":"DEPLOYMENT_ADMIN"}}]}}"#
            ),
            "deploymentRoles[0].deploymentId",
        ),
        (
            format!(
                r#"{{{role},"deploymentRoles":[{{"deploymentId":"{deployment}","role":"KING"}}]}}"#
            ),
            "deploymentRoles[0].role",
        ),
        (
            format!(
                r#"{{{role},"dagRoles":[{{"deploymentId":"{deployment}","dagId":"d","role":"DAG_VIEWER"}}]}}"#
            ),
            "dagRoles[0].deploymentId",
        ),
        (
            format!(
                r#"{{{role},"deploymentRoles":[{{"deploymentId":"{deployment}","role":"Deployment_Viewer"}}],
                    "dagRoles":[{{"deploymentId":"{deployment}","role":"DAG_VIEWER"}}]}}"#
            ),
            "dagRoles[0].dagId",
        ),
    ] {
        let answer = astro.post(&format!("/users/{}/roles", user.id), &body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.body["fieldErrors"][0]["field"], field, "{body}");
    }
    assert_eq!(astro.user(user.id.as_str()), *user);
}

#[test]
fn an_empty_update_changes_no_role() {
    let mut astro = Astro::new(0);
    let user = astro.users().remove(1);
    let answer = astro.post(&format!("/users/{}/roles", user.id), "{}");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({"organizationRole": "ORGANIZATION_MEMBER"})
    );
}

#[test]
fn the_last_owner_stays_one() {
    let mut astro = Astro::new(2);
    let olive = astro.named("olive.owner@cosmicenergy.example").unwrap();
    let demote = astro.re_role_call(&olive, to(OrganizationRole::Member));
    let last = (
        400,
        "An organization must have at least one owner".to_owned(),
    );
    assert_eq!(refusal(astro.client.call(&astro.owner, &demote)), last);
    // an invited owner has not joined and does not count
    let invite = astro.invite_call("new@example.com", OrganizationRole::Owner);
    astro.client.call(&astro.owner, &invite).unwrap();
    assert_eq!(refusal(astro.client.call(&astro.owner, &demote)), last);

    let mina = astro.named("mina.member@cosmicenergy.example").unwrap();
    let promote = astro.re_role_call(&mina, to(OrganizationRole::Owner));
    astro.client.call(&astro.owner, &promote).unwrap();
    astro.client.call(&astro.owner, &demote).unwrap();
    // and from now on Olive may not
    assert_eq!(refusal(astro.client.call(&astro.owner, &demote)).0, 403);
}

#[test]
fn a_pending_users_role_can_be_changed() {
    let mut astro = Astro::new(2);
    let call = astro.invite_call("pete@example.com", OrganizationRole::Member);
    astro.client.call(&astro.owner, &call).unwrap();
    let pete = astro.named("pete@example.com").unwrap();
    let call = astro.re_role_call(&pete, to(OrganizationRole::ObserveAdmin));
    astro.client.call(&astro.owner, &call).unwrap();
    let pete = astro.named("pete@example.com").unwrap();
    assert_eq!(
        (pete.status, pete.organization_role),
        (Status::Pending, Some(OrganizationRole::ObserveAdmin))
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut astro = Astro::new(2);
    for (tail, message) in [
        ("/users/cxxxxxxxxxxxxxxxxxxxxxxxx", "User not found"),
        ("/users/u1/teams", "User not found"),
    ] {
        let answer = astro.get(tail);
        assert_eq!(
            (answer.status, &answer.body["message"]),
            (404, &json!(message))
        );
    }
    let answer = astro.post(
        "/users/u1/roles",
        r#"{"organizationRole":"ORGANIZATION_OWNER"}"#,
    );
    assert_eq!(answer.body["message"], "User not found");
    for tail in [
        "",
        "/users",
        "/users/u1",
        "/workspaces",
        "/roles",
        "/users/u1/teams",
    ] {
        let token = astro.owner.clone();
        let line = format!("GET /v1/organizations/cnothing{tail}");
        let answer = astro.client.ask(&token, &line, "");
        assert_eq!(answer.status, 404, "{tail}");
        assert_eq!(answer.body["message"], "Organization not found", "{tail}");
    }
}

#[test]
fn json_is_read_under_any_content_type() {
    let mut astro = Astro::new(2);
    for (n, kind) in ["text/plain", "application/octet-stream", "nonsense"]
        .iter()
        .enumerate()
    {
        let body = format!(r#"{{"inviteeEmail":"n{n}@example.com","role":"ORGANIZATION_MEMBER"}}"#);
        let request =
            http::Request::post(format!("/v1/organizations/{}/invites", astro.organization))
                .header("authorization", format!("Bearer {}", astro.owner))
                .header("content-type", *kind)
                .body(body.into_bytes())
                .unwrap();
        assert_eq!(astro.client.handle(&request).response.status(), 200);
    }
}

#[test]
fn an_organization_has_all_that_the_description_requires() {
    let mut astro = Astro::new(0);
    let call = GetOrganization {
        organization: astro.organization.as_str().into(),
    };
    let organization = astro.client.call(&astro.member, &call).unwrap();
    assert_eq!(organization.product.as_deref(), Some("HOSTED"));
    for field in [
        "createdBy",
        "updatedBy",
        "productPlans",
        "allowEnhancedSupportAccess",
        "hasAllowedIpAddressRanges",
        "isBlockedEnableAiFeatures",
        "shouldEnforceDedicatedClusters",
    ] {
        assert!(organization.rest.get(field).is_some(), "{field}");
    }
}

#[test]
fn workspaces_are_listed_sorted_and_filtered() {
    let mut astro = Astro::new(1);
    let call = ListWorkspaces {
        organization: astro.organization.as_str().into(),
        paging: Paging::default(),
    };
    let page = astro.client.call(&astro.member, &call).unwrap();
    let names: Vec<&str> = page.workspaces.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Analytics", "Billing Pipelines", "Platform"]);
    let one = astro.get("/workspaces?names=Platform&names=Nowhere").body;
    assert_eq!(one["totalCount"], 1);
    let id = one["workspaces"][0]["id"].as_str().unwrap();
    let same = astro.get(&format!("/workspaces?workspaceIds={id}")).body;
    assert_eq!(same["workspaces"][0]["name"], "Platform");
    let second = astro
        .get("/workspaces?sorts=name:desc&limit=1&offset=1")
        .body;
    assert_eq!(second["workspaces"][0]["name"], "Billing Pipelines");
    assert_eq!(second["totalCount"], 3);
}

#[test]
fn roles_come_with_the_built_in_ones_on_request() {
    let mut astro = Astro::new(0);
    let own = astro.get("/roles?limit=100").body;
    assert_eq!(own["totalCount"], 3);
    assert!(own.get("defaultRoles").is_none());
    let all = astro.get("/roles?limit=100&includeDefaultRoles=true").body;
    assert_eq!(all["totalCount"], 3, "custom roles only are counted");
    let defaults = all["defaultRoles"].as_array().unwrap();
    for role in defaults {
        assert!(
            role["description"]
                .as_str()
                .is_some_and(|it| !it.is_empty())
        );
        assert!(role.get("id").is_none());
    }
    for role in OrganizationRole::KNOWN {
        assert!(defaults.iter().any(|it| it["name"] == role.as_str()));
    }
    let second = astro.get("/roles?limit=100&offset=100").body;
    assert_eq!(second["roles"], json!([]));
    let dag = astro
        .get("/roles?includeDefaultRoles=true&scopeTypes=DAG")
        .body;
    assert_eq!(dag["totalCount"], 1);
    assert_eq!(dag["defaultRoles"].as_array().unwrap().len(), 2);
}

#[test]
fn teams_of_a_user_are_listed() {
    let mut astro = Astro::new(0);
    let users = astro.users();
    let mut in_teams = 0;
    for user in &users {
        let call = ListUserTeams {
            organization: astro.organization.as_str().into(),
            user: user.id.clone(),
            paging: Paging::default(),
        };
        let page = astro.client.call(&astro.member, &call).unwrap();
        assert_eq!(page.position.total_count as usize, page.teams.len());
        in_teams += page.teams.len();
    }
    assert!((10..100).contains(&in_teams), "{in_teams}");
}

#[test]
fn the_tokens_own_person_is_told() {
    let mut astro = Astro::new(1);
    let token = astro.member.clone();
    let answer = astro
        .client
        .ask(&token, "GET /v1/users/self?createIfNotExist=true", "");
    assert_eq!(answer.body["username"], "mina.member@cosmicenergy.example");
    assert_eq!(answer.body["organizationId"], astro.organization);
    assert_eq!(answer.body["roles"].as_array().unwrap().len(), 3);
}
