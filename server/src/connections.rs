//! Where requests may go: a service, its address, and a token that never leaves this process.
//!
//! The only file of this package that names both services.

pub mod astrarc;
pub mod astro_config;
pub mod environment;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Json;
use axum::extract::State;
use rolecall_core::endpoint::Token;
use rolecall_core::service::{Call, Service};
use rolecall_sandbox::Inventory;
use serde::Serialize;

use crate::Server;
use crate::limiter::Pace;

/// One service, at one address, with one token.
#[derive(Serialize)]
pub struct Connection {
    /// Short name in addresses.
    pub id: String,
    /// Which service.
    pub service: Service,
    /// Name for people.
    pub name: String,
    /// Whether it is the built-in sandbox.
    pub sandbox: bool,
    /// Address before an operation's path, without a slash at its end.
    pub base: String,
    /// Where it was found.
    pub source: String,
    /// The organization, where the token is of one alone and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// What opens it.
    #[serde(skip)]
    pub token: Token,
    /// How fast it may be used.
    #[serde(skip)]
    pub pace: Pace,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({} at {})", self.id, self.base)
    }
}

impl Connection {
    /// The organization that a call is for; empty where nobody knows.
    pub fn organization_of(&self, call: &Call) -> String {
        match call.organization() {
            Some(organization) => organization.to_string(),
            None => self.organization.clone().unwrap_or_default(),
        }
    }
}

/// The connections of a sandbox at these addresses: for each an owner's token and a plain member's.
///
/// One Astro token sees all its owner's organizations; an Astra token is one organization. `limited`
/// is whether the sandbox has the services' limits.
pub fn of_sandbox(
    inventory: &Inventory,
    astro: &str,
    astra: &str,
    limited: bool,
) -> Vec<Connection> {
    const MEMBER: &str = "Sandbox, as a plain member";
    let mut owners = Vec::new();
    let mut members = Vec::new();
    for (service, base) in [(Service::Astro, astro), (Service::Astra, astra)] {
        let organizations = inventory
            .organizations
            .iter()
            .filter(|it| it.service == service);
        for (i, organization) in organizations.enumerate() {
            let (id, name) = match service {
                Service::Astro if i > 0 => break,
                Service::Astro => ("sandbox-astro".to_owned(), "Sandbox"),
                Service::Astra => (format!("sandbox-astra-{}", i + 1), &*organization.name),
            };
            let tokens = inventory
                .tokens
                .iter()
                .filter(|it| it.service == service && it.organization == organization.id);
            for token in tokens {
                let connection = |id, name: &str| Connection {
                    id,
                    service,
                    name: name.to_owned(),
                    sandbox: true,
                    base: base.to_owned(),
                    source: "sandbox".to_owned(),
                    organization: match service {
                        Service::Astro => None,
                        Service::Astra => Some(organization.id.clone()),
                    },
                    token: Token::new(&token.token),
                    pace: Pace::new(limited.then(|| service.rates())),
                };
                match token.role.as_str() {
                    "owner" => owners.push(connection(id.clone(), name)),
                    // One plain member of each service is enough to see what it may not do.
                    _ if i == 0 => members.push(connection(format!("{id}-member"), MEMBER)),
                    _ => {}
                }
            }
        }
    }
    owners.append(&mut members);
    owners
}

/// All connections there are.
#[derive(Debug, Default)]
pub struct Connections {
    list: RwLock<Vec<Arc<Connection>>>,
}

impl Connections {
    /// The connections of a list, in its order.
    pub fn new(list: Vec<Connection>) -> Self {
        Self {
            list: RwLock::new(list.into_iter().map(Arc::new).collect()),
        }
    }

    /// The connection with an id.
    pub fn get(&self, id: &str) -> Option<Arc<Connection>> {
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        list.iter().find(|it| it.id == id).cloned()
    }

    /// All of them, in the order in which they are shown.
    pub fn all(&self) -> Vec<Arc<Connection>> {
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        list.clone()
    }
}

/// Answer of `GET /api/connections`.
#[derive(Serialize)]
pub struct ConnectionsAnswer {
    connections: Vec<Arc<Connection>>,
}

/// All connections, without their tokens.
pub async fn list(State(server): State<Arc<Server>>) -> Json<ConnectionsAnswer> {
    let connections = server.connections.all();
    Json(ConnectionsAnswer { connections })
}
