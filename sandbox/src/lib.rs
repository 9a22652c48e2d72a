//! The services' side of Rolecall's wire structs: Astro and Astra as they answer over HTTP, with
//! organizations, users and tokens of their own, in a SQLite database that is handed in.
//!
//! Nothing here opens a socket or reads a clock: a request comes as a value, with the moment at which
//! it arrives, and the answer goes as a value. The same seed gives the same ids and tokens.
//!
//! ```
//! use rolecall_sandbox::{Sandbox, Settings};
//!
//! let settings = Settings { users: 50, ..Settings::default() };
//! let mut sandbox = Sandbox::open(rusqlite::Connection::open_in_memory()?, settings)?;
//! let token = sandbox.inventory()?.tokens[0].token.clone();
//! let request = http::Request::get("/v1/organizations")
//!     .header("authorization", format!("Bearer {token}"))
//!     .body(Vec::new())?;
//! let reply = sandbox.handle(&request, 1_790_000_000_000);
//! assert_eq!(reply.response.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is answered where the services' documentation says nothing stands in this crate's README.

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use rolecall_core::service::Service;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use crate::dice::Dice;
use crate::limiter::Limiter;
use crate::people::People;
use crate::visit::Visit;

mod address;
mod astra;
mod astro;
mod control;
mod dice;
mod faults;
mod ids;
mod limiter;
mod people;
mod rest;
mod visit;

pub use faults::{FAULT_HEADER, Fault, Faults, InvalidFaults};

/// Changes whenever the tables or the seed do: a database of another version is filled anew.
const VERSION: u32 = 2;

const SCHEMA: &str = "
    CREATE TABLE sandbox (
        version INTEGER NOT NULL,
        settings TEXT NOT NULL,
        changes INTEGER NOT NULL
    );
    CREATE TABLE mail (
        key INTEGER PRIMARY KEY,
        service TEXT NOT NULL,
        organization TEXT NOT NULL,
        email TEXT NOT NULL,
        sent_at TEXT NOT NULL
    );";

/// Name of the header under which each answer carries the id of its request.
const REQUEST_ID: &str = "x-request-id";

/// What a sandbox holds and how it behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Users of the large Astro organization; at least its two people with tokens.
    pub users: u32,
    /// Small Astro organizations beside the three.
    pub organizations: u32,
    /// Whether requests are counted.
    pub rate: Rate,
    /// Where ids, tokens, names and faults come from.
    pub seed: u64,
    /// How often requests fail, and how.
    pub faults: Faults,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            users: 10_000,
            organizations: 0,
            rate: Rate::Off,
            seed: 1,
            faults: Faults::default(),
        }
    }
}

/// Whether requests are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rate {
    /// As the services do: Astro `GET` 25, `POST` 10 and `DELETE` 5 a second for each token; Astra 5.
    Real,
    /// Not at all.
    #[default]
    Off,
}

/// Both services.
#[derive(Debug)]
pub struct Sandbox {
    db: Connection,
    settings: Settings,
    limiter: Limiter,
    requests: u64,
}

/// Why a sandbox cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox's database cannot be used: {0}")]
pub struct OpenError(#[from] rusqlite::Error);

/// What went wrong inside the sandbox; the client saw a 500.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// The database failed.
    #[error("the sandbox's database failed: {0}")]
    Store(#[source] rusqlite::Error),
}

/// An answer and how it is to arrive.
#[derive(Debug)]
pub struct Reply {
    /// The answer.
    pub response: Response<Vec<u8>>,
    /// How much of it to send.
    pub delivery: Delivery,
    /// Milliseconds to wait before sending.
    pub delay_ms: u64,
    /// Why it is a 500 that nobody asked for: for the log, never for the client.
    pub broken: Option<Broken>,
}

impl Reply {
    fn whole(response: Response<Vec<u8>>) -> Self {
        Self {
            response,
            delivery: Delivery::Whole,
            delay_ms: 0,
            broken: None,
        }
    }
}

/// How much of an answer reaches the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    Whole,
    /// The head, announcing the whole body, and only so many bytes of it; then the connection closes.
    Truncated {
        /// Bytes of the body that are sent.
        bytes: usize,
    },
    /// Nothing, the connection closes; the change has not been made.
    DroppedBefore,
    /// Nothing, the connection closes; the change has been made.
    DroppedAfter,
}

/// What is there, for those who want to ask for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Organizations of both services.
    pub organizations: Vec<Organization>,
    /// Tokens of both services: two for each organization.
    pub tokens: Vec<Token>,
}

/// An organization of an [`Inventory`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organization {
    /// Whose it is.
    pub service: Service,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many users it has now.
    pub users: u32,
}

/// A token of an [`Inventory`]. Tokens open nothing but this sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Where it is valid.
    pub service: Service,
    /// Id of its organization. An Astro token sees the others too.
    pub organization: String,
    /// `owner` or `member`.
    pub role: String,
    /// The token.
    pub token: String,
}

/// An invitation's mail, which nobody gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Who would have sent it.
    pub service: Service,
    /// Id of the organization.
    pub organization: String,
    /// To whom, as the request had it.
    pub email: String,
    /// When, RFC 3339 UTC.
    pub sent_at: String,
}

/// How a service took a request.
pub(crate) enum Outcome {
    /// Done, and to be kept.
    Done(Response<Vec<u8>>),
    /// Refused: nothing of it may stay in the state.
    Refused(Response<Vec<u8>>),
    /// Not even refused.
    Broken(Broken),
}

impl Sandbox {
    /// Opens a sandbox on a database, filling it unless it holds the same settings' state already.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn open(db: Connection, settings: Settings) -> Result<Self, OpenError> {
        // Surviving a loss of power is not asked of a sandbox; surviving the process is.
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "OFF")?;
        db.set_prepared_statement_cache_capacity(64);
        let mut sandbox = Self {
            db,
            settings,
            limiter: Limiter::default(),
            requests: 0,
        };
        if !sandbox.is_filled()? {
            sandbox.reset()?;
        }
        Ok(sandbox)
    }

    /// Forgets all changes.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn reset(&mut self) -> Result<(), OpenError> {
        let Settings {
            users,
            organizations,
            seed,
            ..
        } = self.settings;
        let of = self.filling();
        let people = People::new();
        let change = self.db.transaction()?;
        drop_tables(&change)?;
        change.execute_batch(SCHEMA)?;
        change.execute_batch(include_str!("astro/schema.sql"))?;
        change.execute_batch(include_str!("astra/schema.sql"))?;
        astro::seed::fill(&change, &people, seed, users, organizations)?;
        astra::seed::fill(&change, &people, seed)?;
        change.execute("INSERT INTO sandbox VALUES (?1, ?2, 0)", (VERSION, of))?;
        change.commit()?;
        self.limiter = Limiter::default();
        self.requests = 0;
        Ok(())
    }

    /// Answers a request that arrives at `now_ms`, in milliseconds since 1970-01-01 UTC.
    ///
    /// Paths begin with `/v1` (Astro), `/v2` (Astra) or `/sandbox` (what only a sandbox has). The header [`FAULT_HEADER`] asks for a fault.
    pub fn handle(&mut self, request: &Request<Vec<u8>>, now_ms: u64) -> Reply {
        let number = self.requests;
        self.requests += 1;
        if let Some(path) = below(request.uri().path(), "/sandbox") {
            return self.control(request, path, now_ms);
        }
        let Some((service, path)) = door(request.uri().path()) else {
            return Reply::whole(nowhere());
        };
        let struck = match self.fault(request, service, path, number) {
            Ok(struck) => struck,
            Err(invalid) => return Reply::whole(no_such_fault(&invalid)),
        };
        let mut reply = match struck {
            Some(fault) => self.fail(request, service, path, now_ms, fault),
            None => self.serve(request, service, path, now_ms),
        };
        reply.delay_ms += self.settings.faults.latency_ms();
        let dice = Dice::new(self.settings.seed, &format!("request {number} at {now_ms}"));
        let request_id = ids::uuid(&dice);
        let response = &mut reply.response;
        if service == Service::Astro && !response.status().is_success() {
            astro::sign(response, &request_id);
        }
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        reply
    }

    /// Which fault strikes a request: the one it asks for, or the one that chance has for it.
    fn fault(
        &self,
        request: &Request<Vec<u8>>,
        service: Service,
        path: &str,
        number: u64,
    ) -> Result<Option<Fault>, InvalidFaults> {
        if let Some(value) = request.headers().get(FAULT_HEADER) {
            return value.to_str().unwrap_or_default().parse().map(Some);
        }
        let whom = match service {
            Service::Astro => astro::whom(&self.db, request, path),
            Service::Astra => astra::whom(&self.db, request, path),
        };
        let asked = whom.and_then(|(address, invited)| faults::asked_by(&address, invited));
        let Settings { faults, seed, .. } = &self.settings;
        Ok(asked.or_else(|| faults.strike(request, *seed, number)))
    }

    /// Answers as a fault has it.
    fn fail(
        &mut self,
        request: &Request<Vec<u8>>,
        service: Service,
        path: &str,
        now_ms: u64,
        fault: Fault,
    ) -> Reply {
        let mut reply = if !fault.lets_through() {
            Reply::whole(Response::new(Vec::new()))
        } else if let Some((uri, gone)) = faults::other_page(fault, request.uri()) {
            let mut other = request.clone();
            *other.uri_mut() = uri;
            let mut reply = self.serve(&other, service, path, now_ms);
            faults::disguise(&mut reply.response, request.uri(), gone);
            reply
        } else {
            self.serve(request, service, path, now_ms)
        };
        reply.delay_ms += fault.delay_ms();
        if let Some(status) = fault.status() {
            reply.response = match status {
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT => page_of_a_proxy(status),
                _ => refused_with(service, status),
            };
        }
        if let Some(seconds) = fault.retry_after() {
            let headers = reply.response.headers_mut();
            headers.insert(RETRY_AFTER, seconds.into());
        }
        let response = &mut reply.response;
        match fault {
            Fault::DropBefore => reply.delivery = Delivery::DroppedBefore,
            Fault::DropAfter => reply.delivery = Delivery::DroppedAfter,
            Fault::Truncated => {
                reply.delivery = match response.body().len() / 2 {
                    0 => Delivery::DroppedAfter,
                    bytes => Delivery::Truncated { bytes },
                };
            }
            Fault::NotJson => *response = page_of_a_proxy(StatusCode::OK),
            Fault::Empty => *response = Response::new(Vec::new()),
            Fault::Created if response.status().is_success() => {
                *response.status_mut() = StatusCode::CREATED;
            }
            _ => {}
        }
        reply
    }

    /// Lets a service answer, and keeps what it changed unless it refused.
    fn serve(
        &mut self,
        request: &Request<Vec<u8>>,
        service: Service,
        path: &str,
        now_ms: u64,
    ) -> Reply {
        match self.answer(request, service, path, now_ms) {
            Outcome::Done(response) | Outcome::Refused(response) => Reply::whole(response),
            Outcome::Broken(broken) => Reply {
                broken: Some(broken),
                ..Reply::whole(refused_with(service, StatusCode::INTERNAL_SERVER_ERROR))
            },
        }
    }

    fn answer(
        &mut self,
        request: &Request<Vec<u8>>,
        service: Service,
        path: &str,
        now_ms: u64,
    ) -> Outcome {
        let counted = self.settings.rate == Rate::Real;
        let change = match self.db.transaction() {
            Ok(change) => change,
            Err(cause) => return Outcome::Broken(Broken::Store(cause)),
        };
        let mut visit = Visit {
            db: &change,
            request,
            service,
            path,
            now_ms,
            seed: self.settings.seed,
            limiter: counted.then_some(&mut self.limiter),
        };
        let outcome = match service {
            Service::Astro => astro::answer(&mut visit),
            Service::Astra => astra::answer(&mut visit),
        };
        if let Outcome::Done(_) = outcome
            && let Err(cause) = change.commit()
        {
            return Outcome::Broken(Broken::Store(cause));
        }
        outcome
    }

    /// Organizations and tokens, as they are now.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn inventory(&self) -> Result<Inventory, OpenError> {
        let mut inventory = Inventory {
            organizations: Vec::new(),
            tokens: Vec::new(),
        };
        for (service, organizations, tokens) in [
            (
                Service::Astro,
                "SELECT id, name, (SELECT count(*) FROM astro_user WHERE organization = o.key)
                 FROM astro_organization o ORDER BY key",
                "SELECT o.id, t.role, t.token FROM astro_token t
                 JOIN astro_organization o ON o.key = t.organization
                 ORDER BY o.key, t.role DESC",
            ),
            (
                Service::Astra,
                "SELECT id, name, (SELECT count(*) FROM astra_user WHERE organization = o.key)
                 FROM astra_organization o ORDER BY key",
                "SELECT o.id, t.role, t.token FROM astra_token t
                 JOIN astra_organization o ON o.key = t.organization
                 WHERE t.listed ORDER BY o.key, t.role DESC",
            ),
        ] {
            let mut rows = self.db.prepare(organizations)?;
            for row in rows.query_map([], |row| {
                Ok(Organization {
                    service,
                    id: row.get(0)?,
                    name: row.get(1)?,
                    users: row.get(2)?,
                })
            })? {
                inventory.organizations.push(row?);
            }
            let mut rows = self.db.prepare(tokens)?;
            for row in rows.query_map([], |row| {
                Ok(Token {
                    service,
                    organization: row.get(0)?,
                    role: row.get(1)?,
                    token: row.get(2)?,
                })
            })? {
                inventory.tokens.push(row?);
            }
        }
        Ok(inventory)
    }

    /// Lets a person accept all pending invitations; how many there were.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn accept(&mut self, email: &str, now_ms: u64) -> Result<usize, OpenError> {
        let change = self.db.transaction()?;
        let key = email.trim().to_lowercase();
        let accepted =
            astro::accept(&change, &key, &ids::moment(now_ms))? + astra::accept(&change, &key)?;
        change.commit()?;
        Ok(accepted)
    }

    /// Whether a token is one of this sandbox's.
    fn knows(&self, token: &str) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached(
                "SELECT 1 FROM astro_token WHERE token = ?1
                 UNION ALL SELECT 1 FROM astra_token WHERE token = ?1",
            )?
            .exists([token])
    }

    /// Mails which the services would have sent, in order: one for each invitation made or sent again.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn mails(&self) -> Result<Vec<Mail>, OpenError> {
        let mut mails = self
            .db
            .prepare("SELECT service, organization, email, sent_at FROM mail ORDER BY key")?;
        let mails = mails.query_map([], |row| {
            let astra = row.get_ref(0)?.as_str()? == Service::Astra.name();
            Ok(Mail {
                service: if astra {
                    Service::Astra
                } else {
                    Service::Astro
                },
                organization: row.get(1)?,
                email: row.get(2)?,
                sent_at: row.get(3)?,
            })
        })?;
        Ok(mails.collect::<rusqlite::Result<_>>()?)
    }

    /// What decides the state before any change.
    fn filling(&self) -> String {
        let Settings {
            users,
            organizations,
            seed,
            ..
        } = self.settings;
        format!("users {users}, organizations {organizations}, seed {seed}")
    }

    fn is_filled(&self) -> rusqlite::Result<bool> {
        if !self.db.table_exists(None, "sandbox")? {
            return Ok(false);
        }
        let found: Option<(u32, String)> = self
            .db
            .query_row("SELECT version, settings FROM sandbox", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(found == Some((VERSION, self.filling())))
    }
}

/// Drops whatever an earlier version left, the newest table first: it may refer to older ones.
fn drop_tables(db: &Connection) -> rusqlite::Result<()> {
    let names: Vec<String> = db
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY rowid DESC",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for name in names {
        db.execute_batch(&format!("DROP TABLE \"{name}\""))?;
    }
    Ok(())
}

/// The service at whose door a path knocks, and what follows its base address.
fn door(path: &str) -> Option<(Service, &str)> {
    [(Service::Astro, "/v1"), (Service::Astra, "/v2")]
        .into_iter()
        .find_map(|(service, base)| Some((service, below(path, base)?)))
}

/// What follows a base on a path.
fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(base)?;
    rest.starts_with('/').then_some(rest)
}

fn nowhere() -> Response<Vec<u8>> {
    let body = br#"{"message":"the sandbox serves Astro under /v1 and Astra under /v2"}"#;
    json(StatusCode::NOT_FOUND, body.to_vec())
}

fn no_such_fault(invalid: &InvalidFaults) -> Response<Vec<u8>> {
    let body = serde_json::json!({ "message": invalid.to_string() });
    json(StatusCode::BAD_REQUEST, body.to_string().into_bytes())
}

/// What a proxy says that stands before a service.
fn page_of_a_proxy(status: StatusCode) -> Response<Vec<u8>> {
    let page = format!("<html><body><h1>{status}</h1>upstream connect error</body></html>");
    let mut response = Response::new(page.into_bytes());
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}

/// A refusal in a service's words for a status.
fn refused_with(service: Service, status: StatusCode) -> Response<Vec<u8>> {
    match service {
        Service::Astro => astro::refused_with(status),
        Service::Astra => astra::refused_with(status),
    }
}

/// A response with a body of JSON.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=UTF-8"),
    );
    response
}
