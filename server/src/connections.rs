//! Where requests may go: the connections that are open, and those that could be.
//!
//! The only file of this package that names both services.

pub mod args;
pub mod astrarc;
pub mod astro_config;
pub mod environment;
pub mod sources;

use std::sync::{Arc, PoisonError, RwLock};

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use rolecall_core::directory::OrganizationId;
use rolecall_core::endpoint::Token;
use rolecall_core::plan::{Change, Failure};
use rolecall_core::service::{Call, Service};
use rolecall_sandbox::Inventory;
use serde::{Deserialize, Serialize};

use crate::Server;
use crate::body::{MAX_REQUEST, json};
use crate::connection::{Connection, ConnectionAnswer, Identity};
use crate::error::ApiError;
use crate::sending::Sender;

use args::BaseArg;
use environment::AstraEnvironment;
use sources::{Found, Offer};

/// Asks the service whose token a connection has, with calls that change nothing.
///
/// # Errors
/// If the service does not take the token, or does not answer.
pub async fn check(connection: &Connection, sender: &Sender) -> Result<Identity, Failure> {
    let service = connection.service;
    let ask = async |call: Call| {
        let answer = sender.read(connection, &call).await;
        let answer = answer.map_err(|error| Failure::from(&error))?;
        call.read(answer)
    };
    let (mut name, mut organization) = (None, None);
    let seen = ask(service.list_organizations(0)).await?;
    if let Change::Organizations { organizations, .. } = seen
        && let [only] = &organizations[..]
    {
        name = Some(only.name.clone());
        if service == Service::Astra {
            organization = Some(only.id.to_string());
            // Its name is told with the users, which not every token may list.
            let users = ask(service.list_users(&OrganizationId::from(only.id.as_str()), 0));
            if let Ok(Change::Users {
                organization: Some(organization),
                ..
            }) = users.await
            {
                name = Some(organization.name);
            }
        }
    }
    Ok(connection.learn(name.filter(|it| !it.is_empty()), organization))
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
                let connection = |id, name: &str| {
                    let offer = Offer {
                        id,
                        service,
                        name: name.to_owned(),
                        base: base.to_owned(),
                        source: "sandbox".to_owned(),
                        token: Token::new(&token.token),
                        named: true,
                        renewal: None,
                    };
                    let organization = match service {
                        Service::Astro => None,
                        Service::Astra => Some(organization.id.clone()),
                    };
                    Connection::to_sandbox(offer, organization, limited)
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

/// All connections there are, and those that could be opened.
#[derive(Debug, Default)]
pub struct Connections {
    open: RwLock<Vec<Arc<Connection>>>,
    available: Vec<Offer>,
    problems: Vec<String>,
    live: bool,
}

impl Connections {
    /// The connections of a list, in its order, and no others.
    pub fn new(list: Vec<Connection>) -> Self {
        Self {
            open: RwLock::new(list.into_iter().map(Arc::new).collect()),
            ..Self::default()
        }
    }

    /// Besides those of `list` what was found for real services. If they are open (`live`), those
    /// that were named are so at once, before the others.
    pub fn with_found(list: Vec<Connection>, found: Found, live: bool) -> Self {
        let (mut open, mut available) = (Vec::new(), Vec::new());
        for offer in found.offers {
            match live && offer.named {
                true => open.push(Connection::new(offer)),
                false => available.push(offer),
            }
        }
        open.extend(list);
        Self {
            available,
            problems: found.problems,
            live,
            ..Self::new(open)
        }
    }

    /// The connection with an id.
    pub fn get(&self, id: &str) -> Option<Arc<Connection>> {
        let list = self.open.read().unwrap_or_else(PoisonError::into_inner);
        list.iter().find(|it| it.id == id).cloned()
    }

    /// All that are open, in the order in which they are shown.
    pub fn all(&self) -> Vec<Arc<Connection>> {
        let list = self.open.read().unwrap_or_else(PoisonError::into_inner);
        list.clone()
    }

    /// Those that could be opened, and are not.
    pub fn available(&self) -> Vec<&Offer> {
        let closed = |it: &&Offer| self.get(&it.id).is_none();
        self.available.iter().filter(closed).collect()
    }

    /// What is wrong with files and variables, as sentences.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Puts one before the others. One whose name is taken gets the next one that is free, if it may; else the other
    /// stays.
    fn add(&self, mut connection: Connection, may_be_named: bool) -> Arc<Connection> {
        let mut list = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let taken = |id: &str| list.iter().find(|it| it.id == id);
        if may_be_named {
            let stem = connection.id.clone();
            let mut names = (1..).map(|n| format!("{stem}-{n}"));
            let free = names.find(|id| taken(id).is_none());
            connection.id = free.unwrap_or(stem);
        } else if let Some(other) = taken(&connection.id) {
            return Arc::clone(other);
        }
        let connection = Arc::new(connection);
        list.insert(0, Arc::clone(&connection));
        connection
    }

    /// Forgets one, unless it is the sandbox.
    fn close(&self, id: &str) -> bool {
        let mut list = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let at = list.iter().position(|it| it.id == id && !it.sandbox);
        if let Some(at) = at {
            list.remove(at).close();
        }
        at.is_some()
    }
}

/// Answer of `GET /api/connections`.
#[derive(Serialize)]
pub struct ConnectionsAnswer {
    connections: Vec<ConnectionAnswer>,
    /// Found, and opened by a click once real services are open.
    available: Vec<AvailableAnswer>,
    /// What is wrong with files and variables.
    problems: Vec<String>,
}

#[derive(Serialize)]
struct AvailableAnswer {
    id: String,
    service: Service,
    name: String,
    base: String,
    source: String,
}

/// `GET /api/connections`: all of them, without their tokens.
pub async fn list(State(server): State<Arc<Server>>) -> Json<ConnectionsAnswer> {
    let all = &server.connections;
    let available = all.available().into_iter().cloned();
    let available = available.map(|it| AvailableAnswer {
        id: it.id,
        service: it.service,
        name: it.name,
        base: it.base,
        source: it.source,
    });
    Json(ConnectionsAnswer {
        connections: all.all().iter().map(|it| it.answer()).collect(),
        available: available.collect(),
        problems: all.problems.clone(),
    })
}

/// Body of `POST /api/connections`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Opening {
    /// One of those that are available.
    Open(String),
    /// A token from the clipboard; it is kept in memory only.
    Paste(Pasted),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pasted {
    service: Service,
    token: String,
    #[serde(default)]
    name: String,
    /// Address of the API, if not the service's own.
    #[serde(default)]
    url: Option<String>,
    /// Where an Astra token is valid: prod, dev, test.
    #[serde(default)]
    environment: Option<String>,
}

/// `POST /api/connections`: opens a connection, if the service takes its token.
pub async fn open(
    State(server): State<Arc<Server>>,
    request: Request,
) -> Result<Json<ConnectionAnswer>, ApiError> {
    let opening: Opening = json(request, MAX_REQUEST).await?;
    let all = &server.connections;
    if !all.live {
        let message = "real services are closed; start rolecall with --live to open them";
        return Err(ApiError::Conflict(message.to_owned()));
    }
    let is_pasted = matches!(opening, Opening::Paste(_));
    let offer = match opening {
        Opening::Open(id) => {
            let offer = all.available.iter().find(|it| it.id == id);
            offer.cloned().ok_or(ApiError::NoConnection)?
        }
        Opening::Paste(pasted) => pasted.offer()?,
    };
    let connection = Connection::new(offer);
    let checked = check(&connection, &server.sender).await;
    checked.map_err(|failure| {
        let advice = connection
            .advice()
            .filter(|_| failure.status() == Some(401));
        let advice = advice.map(|it| format!("; {it}")).unwrap_or_default();
        ApiError::Conflict(format!("it was not opened: {failure}{advice}"))
    })?;
    let connection = all.add(connection, is_pasted);
    server.runs.opened(&connection.id);
    tracing::info!(connection = connection.id, "opened");
    Ok(Json(connection.answer()))
}

impl Pasted {
    /// As an offer, whose id is the beginning of one.
    fn offer(self) -> Result<Offer, ApiError> {
        let invalid = |text: String| ApiError::Invalid(text);
        let (token, base) = match self.service {
            Service::Astro => (Token::new(&self.token), Some(self.service.base())),
            Service::Astra => {
                let token = astrarc::token_of(&self.token);
                let token =
                    token.map_err(|why| invalid(format!("this is no Astra token: {why}")))?;
                let environment = self.environment.as_deref().unwrap_or("prod");
                let environment: AstraEnvironment = environment
                    .parse()
                    .map_err(|_| invalid(format!("there is no environment `{environment}`")))?;
                (token, environment.base())
            }
        };
        if token.expose().is_empty() || token.header().is_none() {
            return Err(invalid("this is no token".to_owned()));
        }
        let base = match (&self.url, base) {
            (Some(url), _) => {
                let base: BaseArg = url.parse().map_err(|error| invalid(format!("{error}")))?;
                base.as_str().to_owned()
            }
            (None, Some(base)) => base.to_owned(),
            (None, None) => return Err(invalid("name the address of the API".to_owned())),
        };
        let service = self.service.name().to_ascii_lowercase();
        let name = match self.name.trim() {
            "" => format!("{} (pasted)", self.service.name()),
            name => name.chars().take(100).collect(),
        };
        Ok(Offer {
            id: format!("{service}-pasted"),
            service: self.service,
            name,
            base,
            source: "pasted; kept in memory only".to_owned(),
            token,
            named: true,
            renewal: None,
        })
    }
}

/// `DELETE /api/connections/{id}`: forgets a connection and its token.
pub async fn close(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if !server.connections.close(&id) {
        return Err(ApiError::NoConnection);
    }
    server.runs.closed(&id);
    Ok(StatusCode::NO_CONTENT)
}
