//! Plans that several tests send.

use rolecall_core::directory::Directory;
use rolecall_core::endpoint::Answer;
use rolecall_core::plan::{Change, Context, Intent, RoleChange, plan};
use rolecall_core::service::Service;
use serde_json::Value;

use crate::program::Console;

/// The organization that the built-in sandbox's Astro names first.
pub(crate) async fn first_organization(console: &Console) -> String {
    let all = console.get("/api/c/sandbox-astro/organizations").await;
    all["organizations"][0]["id"].as_str().unwrap().to_owned()
}

/// A plan to invite so many new people.
pub(crate) fn invitations(service: Service, organization: &str, how_many: usize) -> Value {
    let context = Context {
        service,
        organization: organization.into(),
        me: None,
    };
    let intents = (0..how_many).map(|i| Intent::Invite {
        email: format!("new{i}@example.com").parse().unwrap(),
        roles: service.default_roles(),
        resend: false,
    });
    let intents: Vec<Intent> = intents.collect();
    let plan = plan(&intents, &Directory::new(service.known_roles()), &context);
    serde_json::to_value(plan).unwrap()
}

/// A plan to give each of these users, as the list has them, this role.
pub(crate) fn re_roles(organization: &str, users: &[Value], role: &str) -> Value {
    let service = Service::Astro;
    let mut directory = Directory::new(service.known_roles());
    let page = serde_json::json!({ "users": users, "totalCount": users.len(), "offset": 0, "limit": 1000 });
    let call = service.list_users(&organization.into(), 0);
    let answer = Answer::new(200, &|_| None, page.to_string().into_bytes());
    let change: Change = call.read_answer(&answer).unwrap();
    directory.apply(&change);
    let context = Context {
        service,
        organization: organization.into(),
        me: None,
    };
    let intent = |user: &Value| Intent::ReRole {
        user: user["id"].as_str().unwrap().into(),
        change: RoleChange::Replace(vec![role.into()]),
    };
    let intents: Vec<Intent> = users.iter().map(intent).collect();
    serde_json::to_value(plan(&intents, &directory, &context)).unwrap()
}
