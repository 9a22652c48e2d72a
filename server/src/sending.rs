//! The one way out: every request to a service leaves through here.

mod again;
mod place;
mod record;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Method, Response, StatusCode};
use hyper::body::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use rolecall_core::endpoint::{RetryAfter, Site, Token};
use rolecall_core::plan::{Change, Failure};
use rolecall_core::service::Call;
use serde_json::Value;
use tokio::time::Instant;

use self::again::Asked;
use self::place::Place;
use self::record::{Record, answered, news};
use crate::clock::World;
use crate::connection::Connection;
use crate::error::ApiError;
use crate::journal::{Journal, Kept, Sent};

/// Longest answer of a service that is taken, in bytes: 32 MiB.
pub const MAX_ANSWER: usize = 32 << 20;

/// Most bytes of answers that are held at once, in bytes: 256 MiB.
const MAX_HELD: usize = 256 << 20;

/// Headers of an answer that are passed on.
const PASSED: [&str; 5] = [
    "content-type",
    "retry-after",
    REQUEST_IDS[0],
    REQUEST_IDS[1],
    REQUEST_IDS[2],
];

/// Headers under which services give the id of a request.
const REQUEST_IDS: [&str; 3] = ["x-request-id", "x-correlation-id", "request-id"];

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the answer is whole.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
        }
    }
}

/// What the journal wants to know of a change besides the call.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The session that asked.
    pub who: String,
    /// The organization.
    pub organization: String,
    /// The run and its step, if it is part of one.
    pub row: Option<(i64, usize)>,
    /// Whose address it is about, where that is known.
    pub subject: Option<String>,
    /// How it stood, where that is known.
    pub before: Option<Value>,
}

/// What came of a change.
#[derive(Debug)]
pub struct Changed {
    /// The service's answer as it stands.
    pub response: Result<Response<Vec<u8>>, SendError>,
    /// What it means.
    pub answer: Result<Change, Failure>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Nothing was sent.
    #[error("{0}")]
    Unreachable(String),
    /// It was sent, or may have been, and no whole answer came back.
    #[error("{message}")]
    Unanswered {
        /// What happened, as a sentence.
        message: String,
        /// Whether it was the time that ran out.
        timed_out: bool,
    },
    /// It was sent, and its answer is larger than [`MAX_ANSWER`].
    #[error("{0}")]
    TooLarge(String),
}

impl From<SendError> for ApiError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Unreachable(message) => Self::Unreachable(message),
            SendError::Unanswered { message, timed_out } => Self::Unanswered { message, timed_out },
            SendError::TooLarge(message) => Self::Unanswered {
                message,
                timed_out: false,
            },
        }
    }
}

impl From<&SendError> for Failure {
    fn from(error: &SendError) -> Self {
        match error {
            SendError::Unreachable(message) => Self::Unreachable {
                message: message.clone(),
            },
            SendError::Unanswered { message, .. } | SendError::TooLarge(message) => {
                Self::Unanswered {
                    message: message.clone(),
                }
            }
        }
    }
}

/// Why real services cannot be spoken to safely.
#[derive(Debug, thiserror::Error)]
#[error(
    "this machine’s certificate authorities cannot be read, so no service can be trusted; install them (Debian: apt-get install ca-certificates)"
)]
pub struct NoTrust(#[from] reqwest::Error);

/// Sends requests, and holds what all of them share.
pub struct Sender {
    near: reqwest::Client,
    far: reqwest::Client,
    held: Arc<AtomicUsize>,
    /// Changes that are on their way, or not in the journal to their end.
    changes: Arc<AtomicUsize>,
    journal: Journal,
    world: World,
}

impl Sender {
    /// A sender. Unless it is `live`, it resolves no name but this machine's own.
    ///
    /// # Errors
    /// If it is live, and this machine knows no certificate authority.
    pub fn new(
        live: bool,
        patience: Patience,
        journal: Journal,
        world: World,
    ) -> Result<Self, NoTrust> {
        // Another one that is installed already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || {
            reqwest::Client::builder()
                .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(patience.connect)
                .timeout(patience.whole)
                .tcp_nodelay(true)
        };
        let near = client().no_proxy().dns_resolver(Arc::new(OwnNames));
        let (near, far) = match live {
            true => (near.build()?, client().build()?),
            false => {
                // The sandbox speaks no TLS: nobody needs to be trusted, nor looked for on the disk.
                let near = near.tls_certs_only([]).build()?;
                (near.clone(), near)
            }
        };
        Ok(Self {
            near,
            far,
            held: Arc::default(),
            changes: Arc::default(),
            journal,
            world,
        })
    }

    /// Sends a call that changes nothing, and sends it again where that may help.
    ///
    /// # Errors
    /// If no whole answer comes back.
    pub async fn read(
        &self,
        connection: &Connection,
        call: &Call,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let begun = Instant::now();
        let mut repeated = 0;
        loop {
            let answer = self.read_once(connection, call).await;
            let asked = Asked {
                repeated,
                ago: begun.elapsed(),
                turn: connection.pace.wait(&Method::GET),
            };
            let Some(wait) = asked.again(&answer, self.world.now_ms(), self.world.number()) else {
                return answer;
            };
            drop(answer);
            tracing::debug!(connection = connection.id, ?wait, "a reading is repeated");
            tokio::time::sleep(wait).await;
            repeated += 1;
        }
    }

    async fn read_once(
        &self,
        connection: &Connection,
        call: &Call,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let get = Method::GET;
        connection.pace.turn(&get).await;
        let answer = self.send(connection, call).await?;
        self.heed(connection, &get, &answer);
        Ok(answer)
    }

    fn heed(&self, connection: &Connection, method: &Method, answer: &Response<Vec<u8>>) {
        let wait = RetryAfter::of(answer.headers()).map(|it| it.wait(self.world.now_ms()));
        connection.pace.heed(method, answer.status().as_u16(), wait);
    }

    /// Sends a change: journal, limiter, send, journal. Every change goes through here, whoever
    /// asks for it, and to its end, even if nobody waits any more.
    ///
    /// `note` is told what came of it and may give back how its step of a run stands now; that is
    /// written together with the answer.
    pub async fn change(
        self: Arc<Self>,
        connection: Arc<Connection>,
        call: Call,
        about: About,
        note: impl FnOnce(&Result<Change, Failure>) -> Option<Kept> + Send + 'static,
    ) -> Changed {
        let under_way = UnderWay::one_of(&self.changes);
        let work = tokio::spawn(async move {
            let changed = self.change_to_its_end(&connection, &call, about, note, under_way);
            changed.await
        });
        work.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a change ended early");
            let message = "the server failed in the middle of it".to_owned();
            let timed_out = false;
            let error = SendError::Unanswered { message, timed_out };
            Changed {
                answer: Err(Failure::from(&error)),
                response: Err(error),
            }
        })
    }

    /// How many changes are on their way, or not in the journal to their end.
    pub fn changes(&self) -> usize {
        self.changes.load(Ordering::Acquire)
    }

    async fn change_to_its_end(
        &self,
        connection: &Connection,
        call: &Call,
        about: About,
        note: impl FnOnce(&Result<Change, Failure>) -> Option<Kept>,
        under_way: UnderWay,
    ) -> Changed {
        let request = call.to_http(&Site {
            base: "",
            token: None,
        });
        connection.pace.turn(request.method()).await;
        let sent = Sent {
            who: about.who,
            connection: connection.id.clone(),
            service: connection.service,
            organization: about.organization.clone(),
            row: about.row,
            subject: about.subject.clone(),
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            what: serde_json::to_value(call).unwrap_or_default(),
            before: about.before,
        };
        let id = match self.journal.sent(sent).await {
            Ok(id) => id,
            Err(error) => {
                let error = SendError::Unreachable(format!("{error}; nothing was sent"));
                let answer = Err(Failure::from(&error));
                // It is not in the journal, so neither is how its step stands.
                note(&answer);
                return Changed {
                    response: Err(error),
                    answer,
                };
            }
        };
        let response = self.send(connection, call).await;
        let answer = match &response {
            Ok(response) => call.read(response),
            Err(error) => Err(Failure::from(error)),
        };
        if let Ok(response) = &response {
            self.heed(connection, request.method(), response);
        }
        let news = news(connection, &about.organization, &answer);
        let record = Record {
            id,
            answered: answered(&response, &answer),
            news,
            kept: note(&answer),
        };
        if let Err(error) = record.clone().write(&self.journal).await {
            tracing::error!(%error, entry = id, "an answer could not be written into the journal; it is tried again");
            let journal = self.journal.clone();
            let again = async move {
                record.write_at_last(&journal).await;
                drop(under_way);
            };
            // A run is not over before all its answers are written; a person need not wait for a disk that is full.
            match about.row {
                Some(_) => again.await,
                None => drop(tokio::spawn(again)),
            }
        }
        Changed { response, answer }
    }

    async fn send(
        &self,
        connection: &Connection,
        call: &Call,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let token = connection.token();
        let answer = self.send_with(connection, &token, call).await?;
        // 401 means that nothing was done; the user may have logged in anew meanwhile.
        if answer.status() == StatusCode::UNAUTHORIZED && connection.renew(&token) {
            tracing::info!(connection = connection.id, "took up a newer login");
            return self.send_with(connection, &connection.token(), call).await;
        }
        Ok(answer)
    }

    async fn send_with(
        &self,
        connection: &Connection,
        token: &Token,
        call: &Call,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let place = Place::of(&connection.base)?;
        if connection.is_closed() {
            return Err(SendError::Unreachable(format!(
                "the connection {} was closed; nothing was sent",
                connection.id
            )));
        }
        if token.header().is_none() {
            return Err(SendError::Unreachable(format!(
                "the token of {} holds characters that no token has",
                connection.name()
            )));
        }
        let request = call.to_http(&Site {
            base: &connection.base,
            token: Some(token),
        });
        let client = if place.near { &self.near } else { &self.far };
        let request = reqwest::Request::try_from(request)
            .map_err(|error| SendError::Unreachable(format!("no such address: {error}")))?;
        let response = client
            .execute(request)
            .await
            .map_err(|error| place.explain(&error))?;
        self.whole(&place, response, call.changes()).await
    }

    /// Takes an answer to its end, within bounds. What came of a change is told only once, so for that there
    /// is always room.
    async fn whole(
        &self,
        place: &Place,
        mut response: reqwest::Response,
        changed: bool,
    ) -> Result<Response<Vec<u8>>, SendError> {
        let too_large = || {
            SendError::TooLarge(format!(
                "the answer of {} is larger than 32 MiB",
                place.host
            ))
        };
        let told = response.content_length().unwrap_or(0);
        if told > MAX_ANSWER as u64 {
            return Err(too_large());
        }
        let mut hold = Hold {
            held: Arc::clone(&self.held),
            bytes: 0,
        };
        let mut body = Vec::with_capacity(usize::try_from(told).unwrap_or(0).min(1 << 20));
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| place.explain(&error))?
        {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(too_large());
            }
            if !hold.take(chunk.len()) && !changed {
                return Err(SendError::Unanswered {
                    message: "too many large answers are on their way at once; try again"
                        .to_owned(),
                    timed_out: false,
                });
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        answer.extensions_mut().insert(Arc::new(hold));
        for name in PASSED {
            if let Some(value) = response.headers().get(name) {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        Ok(answer)
    }
}

/// One change more on its way, as long as this is there.
struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    fn one_of(all: &Arc<AtomicUsize>) -> Self {
        all.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(all))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Bytes of one answer within the bytes of all, until the answer itself is gone.
#[derive(Debug)]
struct Hold {
    held: Arc<AtomicUsize>,
    bytes: usize,
}

impl Hold {
    fn take(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= MAX_HELD
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The body of an answer on its way to the browser; it counts as held until it is written.
struct OnItsWay {
    body: Vec<u8>,
    _hold: Option<Arc<Hold>>,
}

impl AsRef<[u8]> for OnItsWay {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

/// An answer of a service as an answer of this server.
pub fn pass_on(answer: Response<Vec<u8>>) -> Response<Bytes> {
    let (mut parts, body) = answer.into_parts();
    let _hold = parts.extensions.remove::<Arc<Hold>>();
    Response::from_parts(parts, Bytes::from_owner(OnItsWay { body, _hold }))
}

/// Knows this machine by name, and nobody else: no question leaves for any other name.
struct OwnNames;

impl Resolve for OwnNames {
    fn resolve(&self, name: Name) -> Resolving {
        let own = name.as_str().eq_ignore_ascii_case("localhost");
        Box::pin(std::future::ready(if own {
            let addresses = [
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            ];
            Ok(Box::new(addresses.into_iter()) as Addrs)
        } else {
            Err(Box::new(io::Error::other(
                "real services are closed; start with --live to open them",
            )) as Box<dyn std::error::Error + Send + Sync>)
        }))
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::endpoint::Incoming;
    use rolecall_core::service::Service;

    use super::*;
    use crate::connections::sources::Offer;

    #[test]
    fn tells_this_machine_from_others() {
        for (base, near) in [
            ("http://127.0.0.1:1/v1", true),
            ("http://[::1]:1/v1", true),
            ("http://localhost/v1", true),
            ("https://api.astronomer.io/v1", false),
            ("https://localhost.example/v1", false),
        ] {
            assert_eq!(Place::of(base).unwrap().near, near, "{base}");
        }
    }

    #[test]
    fn no_token_goes_to_an_address_that_is_not_safe_for_it() {
        for base in [
            "/v1",
            "",
            "localhost:8888",
            "api.example",
            "ftp://127.0.0.1/v1",
            "http://api.example/v1",
            "http://localhost.example/v1",
        ] {
            let refused = matches!(Place::of(base), Err(SendError::Unreachable(_)));
            assert!(refused, "{base}");
        }
    }

    #[tokio::test]
    async fn there_is_always_room_for_what_came_of_a_change() {
        let answer = r#"{"inviteId":"i1","organizationId":"c1","invitee":{"id":"u1"},"inviter":{"id":"u0"}}"#;
        let router = axum::Router::new().fallback(async move || answer);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let journal = Journal::open(&path, World::real()).unwrap();
        let (world, patience) = (World::real(), Patience::default());
        let sender = Sender::new(false, patience, journal.clone(), world).unwrap();
        let sender = Arc::new(sender);
        let offer = Offer {
            id: "astro".to_owned(),
            service: Service::Astro,
            name: "astro".to_owned(),
            base,
            source: "sandbox".to_owned(),
            token: Token::new("token"),
            named: true,
            renewal: None,
        };
        let connection = Arc::new(Connection::to_sandbox(offer, None, false));
        sender.held.store(MAX_HELD, Ordering::Relaxed);

        let list = Service::Astro.list_organizations(0);
        let reading = sender.read_once(&connection, &list).await;
        let Err(SendError::Unanswered { message, .. }) = reading else {
            panic!("there was room for it");
        };
        assert!(message.contains("too many large answers"), "{message}");

        let incoming = Incoming {
            method: &Method::POST,
            path: "/organizations/c1/invites",
            query: "",
            body: br#"{"inviteeEmail":"pete@example.com","role":"ORGANIZATION_MEMBER"}"#,
        };
        let invite = Call::receive(Service::Astro, &incoming).unwrap().unwrap();
        let about = About {
            organization: "c1".to_owned(),
            ..About::default()
        };
        let changed = Arc::clone(&sender).change(connection, invite, about, |_| None);
        let changed = changed.await;
        assert!(
            matches!(changed.answer, Ok(Change::Invited { .. })),
            "{:?}",
            changed.answer
        );
        let held = MAX_HELD + answer.len();
        assert_eq!(sender.held.load(Ordering::Relaxed), held, "it counts");
        drop(changed);
        assert_eq!(sender.held.load(Ordering::Relaxed), MAX_HELD);
        let known = journal.invites("astro".to_owned(), "c1".to_owned());
        assert_eq!(known.await.unwrap()[0].invite.as_str(), "i1");
    }

    #[test]
    fn answers_are_held_within_one_bound() {
        let held = Arc::new(AtomicUsize::new(0));
        let hold = || Hold {
            held: Arc::clone(&held),
            bytes: 0,
        };
        let (mut one, mut two) = (hold(), hold());
        assert!(one.take(MAX_HELD));
        assert!(!two.take(1));
        let mut answer = Response::new(vec![0; 8]);
        answer.extensions_mut().insert(Arc::new(one));
        let answer = pass_on(answer);
        drop(two);
        assert_eq!(
            held.load(Ordering::Relaxed),
            MAX_HELD,
            "it is still on its way"
        );
        drop(answer);
        assert_eq!(held.load(Ordering::Relaxed), 0);
    }
}
