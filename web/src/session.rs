//! Getting in. The key of the link is posted by the page's script, and leaves the address bar there.

use rolecall_core::json::{self, FromJson};
use rolecall_core::plan::{Acts, Failure};
use rolecall_core::service::Service;

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
    /// Calls a second that do this, and whether the service publishes that limit; nothing
    /// where calls go as fast as they are answered.
    pub(crate) fn pace(&self, acts: &Acts) -> Option<(u32, bool)> {
        let rates = self.service.rates();
        self.limited.then(|| (acts.rate(rates), rates.published))
    }
}

/// The gateway's word on itself, and the ways from it.
#[derive(FromJson)]
struct Opened {
    #[serde(flatten)]
    session: Session,
    connections: Vec<Connection>,
}

/// Opens the session, which the page's script has done if it could.
pub(crate) async fn open() -> Result<(Session, Vec<Connection>), Failure> {
    let early = early::session().await;
    let early = early.and_then(|text| json::from_slice(text.as_bytes()).ok());
    let Opened {
        session,
        connections,
    } = match early {
        Some(opened) => opened,
        None => transport::get("/api/session").await?,
    };
    Ok((session, connections))
}
