//! Getting in: the key of the link is posted once and leaves the address bar.

use rolecall_core::json::{self, FromJson, ToJson};
use rolecall_core::plan::Failure;
use rolecall_core::service::Service;

use crate::transport::Ask;
use crate::{early, transport};

/// What the gateway says of itself.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub(crate) struct Session {
    /// Whether real services are open.
    pub(crate) live: bool,
    /// Whether the sandbox runs.
    pub(crate) sandbox: bool,
}

/// A way to a service: the gateway holds the token.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub(crate) struct Connection {
    /// Name in addresses.
    pub(crate) id: String,
    /// Which service.
    pub(crate) service: Service,
    /// Name for people.
    pub(crate) name: String,
    /// Whether it leads to the sandbox.
    pub(crate) sandbox: bool,
    /// Whether the gateway holds its calls to the service's limits.
    #[serde(default)]
    pub(crate) limited: bool,
}

impl Connection {
    /// Calls a second that change something, and whether the service publishes that limit; nothing
    /// where calls go as fast as they are answered.
    pub(crate) fn pace(&self) -> Option<(u32, bool)> {
        let rates = self.service.rates();
        self.limited.then_some((rates.write, rates.published))
    }
}

#[derive(FromJson)]
struct Connections {
    connections: Vec<Connection>,
}

#[derive(ToJson)]
struct Key<'k> {
    key: &'k str,
}

/// Opens the session: with the key of the link if there is one, else with the cookie.
pub(crate) async fn open() -> Result<(Session, Vec<Connection>), Failure> {
    let early = early::answers().await;
    let key = take_key();
    if let Some(opened) = early.and_then(|(session, connections)| read(&session, &connections)) {
        return Ok(opened);
    }
    if let Some(key) = key {
        let body = json::to_text(&Key { key: &key }).into_bytes();
        let answer = transport::exchange(Ask::post("/api/session", Some(body))).await?;
        // A key that was used before is no harm while the cookie holds.
        if let Some(failure) = Failure::of_gateway(&answer).filter(|it| *it != Failure::SignedOut) {
            return Err(failure);
        }
    }
    let session = transport::get("/api/session").await?;
    let Connections { connections } = transport::get("/api/connections").await?;
    Ok((session, connections))
}

/// Reads what was asked before this code was there.
fn read(session: &str, connections: &str) -> Option<(Session, Vec<Connection>)> {
    let session = json::from_slice(session.as_bytes()).ok()?;
    let Connections { connections } = json::from_slice(connections.as_bytes()).ok()?;
    Some((session, connections))
}

/// Takes the key out of the address, so that it is in no history and no screenshot.
fn take_key() -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let key = location.hash().ok()?.strip_prefix("#key=")?.to_owned();
    let bare = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    let replaced = window.history().ok()?.replace_state_with_url(
        &wasm_bindgen::JsValue::NULL,
        "",
        Some(&bare),
    );
    replaced.ok().map(|()| key)
}
