//! Where requests go: an address of a service, and a token that never leaves this process.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use rolecall_core::ahead::Ahead;
use rolecall_core::endpoint::Token;
use rolecall_core::service::{Call, Service};
use serde::Serialize;

use crate::connections::sources::{Offer, Renewal};
use crate::limiter::Pace;

/// One service, at one address, with one token.
pub struct Connection {
    /// Short name in addresses.
    pub id: String,
    /// Which service.
    pub service: Service,
    /// Whether it is the built-in sandbox.
    pub sandbox: bool,
    /// Address before an operation's path, without a slash at its end.
    pub base: String,
    /// Where it was found.
    pub source: String,
    /// How fast it may be used.
    pub pace: Pace,
    /// Whether there is a limit to that from the start.
    limited: bool,
    identity: RwLock<Identity>,
    /// The organization that came first when they were listed last.
    first: RwLock<Option<String>>,
    token: RwLock<Token>,
    renewal: Option<Renewal>,
    /// Whether nothing is to go out any more.
    closed: AtomicBool,
}

/// What a service tells of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Name for people.
    pub name: String,
    /// The organization, where the token is of one alone.
    pub organization: Option<String>,
}

/// A connection as it is told: without its token.
#[derive(Debug, Serialize)]
pub struct ConnectionAnswer {
    id: String,
    service: Service,
    name: String,
    sandbox: bool,
    base: String,
    source: String,
    /// Whether calls are held to the service's limits; else they go as fast as the answers come.
    limited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// What to do when the token is not valid any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    renew: Option<&'static str>,
}

/// What the page asks of a connection before its code is there.
#[derive(Debug, Serialize)]
pub struct Questions {
    /// Beginning of the paths.
    below: String,
    #[serde(flatten)]
    ahead: Ahead,
    /// The organization that is listed first, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({} at {})", self.id, self.base)
    }
}

impl Connection {
    /// A connection to a real service, within the limits that it publishes.
    pub fn new(offer: Offer) -> Self {
        Self::paced(offer, true, None, false)
    }

    /// A connection to a sandbox, which may have no limits.
    pub fn to_sandbox(offer: Offer, organization: Option<String>, limited: bool) -> Self {
        Self::paced(offer, limited, organization, true)
    }

    fn paced(offer: Offer, limited: bool, organization: Option<String>, sandbox: bool) -> Self {
        let pace = Pace::new(limited.then(|| offer.service.rates()));
        let name = offer.name;
        Self {
            id: offer.id,
            service: offer.service,
            sandbox,
            base: offer.base,
            source: offer.source,
            pace,
            limited,
            identity: RwLock::new(Identity { name, organization }),
            first: RwLock::default(),
            token: RwLock::new(offer.token),
            renewal: offer.renewal,
            closed: AtomicBool::new(false),
        }
    }

    /// Has nothing go out any more, whoever still holds it.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether nothing is to go out any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn identity(&self) -> Identity {
        let identity = self.identity.read().unwrap_or_else(PoisonError::into_inner);
        identity.clone()
    }

    /// Name for people.
    pub fn name(&self) -> String {
        self.identity().name
    }

    /// The organization, where the token is of one alone and it is known.
    pub fn organization(&self) -> Option<String> {
        self.identity().organization
    }

    /// The organization that a call is for; empty where nobody knows.
    pub fn organization_of(&self, call: &Call) -> String {
        match call.organization() {
            Some(organization) => organization.to_string(),
            None => self.organization().unwrap_or_default(),
        }
    }

    /// What opens it, for the one place that sends.
    pub(crate) fn token(&self) -> Token {
        let token = self.token.read().unwrap_or_else(PoisonError::into_inner);
        token.clone()
    }

    /// Looks for a newer token than `old`, which the service does not take any more: whether there
    /// is one.
    pub(crate) fn renew(&self, old: &Token) -> bool {
        let Some(newer) = self.renewal.as_ref().and_then(Renewal::read) else {
            return false;
        };
        let mut token = self.token.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have found it already.
        let found = newer != *old;
        *token = newer;
        found
    }

    /// As it is told.
    pub fn answer(&self) -> ConnectionAnswer {
        let Identity { name, organization } = self.identity();
        ConnectionAnswer {
            id: self.id.clone(),
            service: self.service,
            name,
            sandbox: self.sandbox,
            base: self.base.clone(),
            source: self.source.clone(),
            limited: self.limited,
            organization,
            renew: self.renewal.as_ref().map(Renewal::advice),
        }
    }

    /// What the page asks before its code is there.
    pub fn questions(&self) -> Questions {
        let first = self.first.read().unwrap_or_else(PoisonError::into_inner);
        Questions {
            below: format!("/api/c/{}", self.id),
            ahead: Ahead::of(self.service),
            first: first.clone().or_else(|| self.identity().organization),
        }
    }

    /// Takes what came first when the organizations were listed.
    pub(crate) fn saw_first(&self, organization: Option<String>) {
        *self.first.write().unwrap_or_else(PoisonError::into_inner) = organization;
    }

    /// What is to be done where its token is not valid any more, if that is known.
    pub fn advice(&self) -> Option<&'static str> {
        self.renewal.as_ref().map(Renewal::advice)
    }

    /// Takes what the service told of the token. A name that stands in somebody's own file stays.
    pub(crate) fn learn(&self, name: Option<String>, organization: Option<String>) -> Identity {
        let mut identity = self
            .identity
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = name.filter(|_| self.renewal.is_none()) {
            identity.name = name;
        }
        if organization.is_some() {
            identity.organization = organization;
        }
        identity.clone()
    }
}
