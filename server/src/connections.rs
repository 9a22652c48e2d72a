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
use rolecall_core::astro;
use rolecall_core::endpoint::{Endpoint as _, Token};
use rolecall_core::service::Service;
use rolecall_sandbox::Inventory;
use serde::Serialize;

use crate::Server;

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
    /// What opens it.
    #[serde(skip)]
    pub token: Token,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({} at {})", self.id, self.base)
    }
}

/// An invitation whose id passed by: the service tells it only once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownInvite {
    /// Id of the invitation.
    pub invite: String,
    /// Id of the person invited.
    pub user: String,
    /// Their address.
    pub email: String,
}

impl Connection {
    /// What an answer tells about an invitation, and the organization it is for.
    pub fn invite_in(
        &self,
        method: &http::Method,
        path: &str,
        response: &http::Response<Vec<u8>>,
    ) -> Option<(String, KnownInvite)> {
        match self.service {
            Service::Astro if *method == astro::CreateInvite::ROUTE.method => {
                astro::CreateInvite::ROUTE.ids(path)?;
                let invite = astro::CreateInvite::read(response).ok()?;
                let known = KnownInvite {
                    invite: invite.invite_id.to_string(),
                    user: invite.invitee.id,
                    email: invite.invitee.username.unwrap_or_default(),
                };
                Some((invite.organization_id.to_string(), known))
            }
            _ => None,
        }
    }

    /// The invitation that an answered request withdrew.
    pub fn withdrawn_in<'p>(
        &self,
        method: &http::Method,
        path: &'p str,
        response: &http::Response<Vec<u8>>,
    ) -> Option<&'p str> {
        let route = astro::DeleteInvite::ROUTE;
        if self.service != Service::Astro || *method != route.method {
            return None;
        }
        let id = route.ids(path)?.get(1).copied()?;
        astro::DeleteInvite::read(response).ok().map(|_| id)
    }
}

/// The connections of a sandbox at these addresses: for each an owner's token and a plain member's.
///
/// One Astro token sees all its owner's organizations; an Astra token is one organization.
pub fn of_sandbox(inventory: &Inventory, astro: &str, astra: &str) -> Vec<Connection> {
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
                    token: Token::new(&token.token),
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
