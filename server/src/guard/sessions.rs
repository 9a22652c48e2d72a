//! Keys of links, and the sessions that they open.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::Uri;
use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest as _, Sha256};

use crate::clock::World;
use crate::error::ApiError;

/// How long a session lasts, in milliseconds: 30 days.
pub const SESSION_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Header with the page's half of a session, see [`Opened::page`].
pub const PAGE: HeaderName = HeaderName::from_static("rolecall-page");

/// Most keys and sessions that are kept; the oldest go first.
const MOST: usize = 100;

/// SHA-256 of a secret: what is kept instead of it.
pub type Hash = [u8; 32];

/// Who asks, as the journal names them: the beginning of the session's hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who(pub String);

/// What is to be kept of sessions: until when each lasts, or that it is gone.
pub type SessionNotes = Vec<(Hash, Option<u64>)>;

/// A session that was opened.
///
/// It has two halves, and only the hash of both together is kept. A browser sends a cookie to every port of a host, so
/// also to what somebody else serves on this machine; what a page stores is for its own port alone, but any script in
/// it can read it. Neither half is good for anything without the other.
#[derive(Debug)]
pub struct Opened {
    /// The cookie's half: the value of the `Set-Cookie` header.
    pub cookie: HeaderValue,
    /// The page's half: the value of the header [`PAGE`], here and with each request.
    pub page: HeaderValue,
    /// What is to be kept.
    pub notes: SessionNotes,
}

/// Keys that were handed out, and sessions that they opened.
pub struct Sessions {
    world: World,
    keys: Mutex<Vec<Hash>>,
    /// Until when each lasts.
    open: Mutex<HashMap<Hash, u64>>,
    control: Option<Hash>,
    /// Name of the cookie.
    cookie: String,
    /// Whether the cookie is for https alone.
    secure: bool,
}

impl Sessions {
    /// None yet.
    pub(super) fn new(world: World, cookie: String, secure: bool) -> Self {
        Self {
            world,
            keys: Mutex::default(),
            open: Mutex::default(),
            control: None,
            cookie,
            secure,
        }
    }

    /// Takes sessions of an earlier process over.
    pub(super) fn go_on_with(&mut self, known: impl IntoIterator<Item = (Hash, u64)>) {
        self.open = Mutex::new(known.into_iter().collect());
    }

    /// Gives keys to whoever knows `secret`.
    pub(super) fn obey(&mut self, secret: &str) {
        self.control = Some(hash(secret));
    }

    /// Makes a key for a process that knows the control secret.
    ///
    /// # Errors
    /// If it is not the secret.
    pub fn key_for(&self, secret: &str) -> Result<String, ApiError> {
        match self.control == Some(hash(secret)) {
            true => Ok(self.new_key()),
            false => Err(ApiError::Unauthorized),
        }
    }

    /// Makes a key that opens sessions until this process ends.
    pub fn new_key(&self) -> String {
        let key = self.world.secret();
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() == MOST {
            keys.remove(0);
        }
        keys.push(hash(&key));
        key
    }

    /// Opens a session for a key, or lets the one that the request belongs to last longer: what other tabs of the
    /// same browser go on with stays good.
    ///
    /// # Errors
    /// If no such key was handed out by this process.
    pub fn open(&self, key: &str, headers: &HeaderMap) -> Result<Opened, ApiError> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if !keys.contains(&hash(key)) {
            return Err(ApiError::Unauthorized);
        }
        drop(keys);
        let now = self.world.now_ms();
        let mut sessions = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let page = in_header(headers).unwrap_or_default();
        let lasts = |cookie: &&str| sessions.get(&hash_of_both(cookie, page)) > Some(&now);
        let (session, page) = match self.cookies(headers).find(lasts) {
            Some(session) => (session.to_owned(), page.to_owned()),
            None => (self.world.secret(), self.world.secret()),
        };
        let (hash, until) = (hash_of_both(&session, &page), now + SESSION_MS);
        let mut notes = vec![(hash, Some(until))];
        sessions.insert(hash, until);
        while sessions.len() > MOST {
            let oldest = sessions.iter().min_by_key(|(_, until)| **until);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else {
                break;
            };
            sessions.remove(&oldest);
            notes.push((oldest, None));
        }
        drop(sessions);
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!(
            "{}={session}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}{secure}",
            self.cookie,
            SESSION_MS / 1_000
        );
        let mut cookie = HeaderValue::from_str(&cookie).expect("a session is letters and digits");
        let mut page = HeaderValue::from_str(&page).expect("so is its other half");
        cookie.set_sensitive(true);
        page.set_sensitive(true);
        Ok(Opened {
            cookie,
            page,
            notes,
        })
    }

    /// Ends the session of a request: the value of the `Set-Cookie` header, and what is to be kept.
    pub fn close(&self, uri: &Uri, headers: &HeaderMap) -> (HeaderValue, SessionNotes) {
        let mut sessions = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = self.named(uri, headers);
        let ended = ended.filter(|hash| sessions.remove(hash).is_some());
        let notes = ended.map(|hash| (hash, None)).collect();
        let cookie = format!(
            "{}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0",
            self.cookie
        );
        let cookie = HeaderValue::from_str(&cookie).expect("the name is letters and digits");
        (cookie, notes)
    }

    fn cookies<'h>(&'h self, headers: &'h HeaderMap) -> impl Iterator<Item = &'h str> {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value)
    }

    /// What a request names as its session, whether there is one or not.
    fn named<'h>(&'h self, uri: &'h Uri, headers: &'h HeaderMap) -> impl Iterator<Item = Hash> {
        let page = page_half(uri, headers).unwrap_or_default();
        let cookies = self.cookies(headers);
        cookies.map(move |cookie| hash_of_both(cookie, page))
    }

    /// The session that a request belongs to.
    pub fn of(&self, uri: &Uri, headers: &HeaderMap) -> Option<Who> {
        let sessions = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.world.now_ms();
        self.named(uri, headers)
            .find(|hash| sessions.get(hash).is_some_and(|until| *until > now))
            .map(|[a, b, c, d, ..]| Who(format!("session {a:02x}{b:02x}{c:02x}{d:02x}")))
    }
}

/// SHA-256 of a secret.
fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// What is kept of a session: both halves, with a sign between them that is in neither.
fn hash_of_both(cookie: &str, page: &str) -> Hash {
    hash(&format!("{cookie}:{page}"))
}

/// The page's half of a session in a request. A stream of events takes it in its address: browsers send no headers of
/// a page's own for one.
fn page_half<'h>(uri: &'h Uri, headers: &'h HeaderMap) -> Option<&'h str> {
    let in_address = || {
        let query = uri.path().ends_with("/events").then(|| uri.query())??;
        query.strip_prefix("page=")
    };
    in_header(headers).or_else(in_address)
}

fn in_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(PAGE).and_then(|value| value.to_str().ok())
}
