//! Plans that several tests send.

use rolecall_core::directory::Directory;
use rolecall_core::plan::{Context, Intent, plan};
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
