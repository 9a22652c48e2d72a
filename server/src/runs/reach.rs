//! Whether a connection leads to the organization of a run.
//!
//! A run goes by the name of a connection, and what has that name may be another one by now: another token in the same
//! variable, or the first one that was pasted after a start. On Astra no call names its organization. So before a run
//! goes on through a connection that it did not begin with in this process, the service is asked.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rolecall_core::directory::OrganizationId;
use rolecall_core::plan::run::Pause;
use rolecall_core::plan::{Change, Failure, Plan};
use rolecall_core::service::Service;
use tokio::time::sleep;

use super::check::check;
use super::{Going, Runs, driver};
use crate::connection::Connection;
use crate::error::ApiError;
use crate::sending::Sender;

impl Going {
    /// Takes a connection as the one that leads to its organization.
    pub(super) fn take_way(&self, connection: Option<Arc<Connection>>) {
        *self.way.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    /// The connection that is known to lead to its organization.
    pub(super) fn way(&self) -> Option<Arc<Connection>> {
        let way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        way.clone()
    }

    /// Whether it waits for nothing but a way to its service.
    fn waits_for_way(&self) -> bool {
        matches!(
            self.run().paused(),
            Some(Pause::Interrupted | Pause::Connection { .. } | Pause::Elsewhere { .. })
        )
    }
}

impl Runs {
    /// Goes on with a run that was interrupted, as soon as its service says that the way leads there; or notes what it
    /// waits for.
    pub(super) fn go_on(self: &Arc<Self>, going: &Arc<Going>) {
        let (runs, going) = (Arc::clone(self), Arc::clone(going));
        tokio::spawn(async move {
            let mut times = 0;
            let way = loop {
                let way = runs.way_of(&going).await;
                let unreached = matches!(way, Err(Pause::Service { .. }));
                if !unreached || times == runs.policy.patience {
                    break way;
                }
                let wait = runs.policy.backoff.wait(times, runs.world.number());
                sleep(Duration::from_millis(wait)).await;
                times += 1;
            };
            {
                let mut run = going.run();
                // somebody may have paused or stopped it meanwhile
                if !matches!(
                    run.paused(),
                    Some(Pause::Interrupted | Pause::Connection { .. } | Pause::Elsewhere { .. })
                ) {
                    return;
                }
                match &way {
                    Ok(way) => {
                        going.take_way(Some(Arc::clone(way)));
                        run.resume();
                    }
                    Err(why) => run.pause(why.clone()),
                }
            }
            match way {
                Ok(way) => {
                    tracing::info!(run = going.id, "a run that was interrupted goes on");
                    driver::drive(&runs, &going, Some(way));
                }
                Err(why) => {
                    tracing::info!(run = going.id, %why, "a run that was interrupted waits");
                    if let Err(error) = runs.note(&going).await {
                        tracing::error!(%error, run = going.id, "where a run stands could not be kept");
                    }
                }
            }
            going.tell([]);
        });
    }

    /// Goes on with the runs that waited for this connection.
    pub fn opened(self: &Arc<Self>, connection: &str) {
        let waits = |going: &&Arc<Going>| going.connection == connection && going.waits_for_way();
        let waiting: Vec<_> = self.all().values().filter(waits).cloned().collect();
        for going in waiting {
            self.go_on(&going);
        }
    }

    /// Sends nothing more through this connection: its runs wait until it is opened again.
    pub fn closed(self: &Arc<Self>, connection: &str) {
        let through = |going: &&Arc<Going>| going.connection == connection;
        let through: Vec<_> = self.all().values().filter(through).cloned().collect();
        for going in through {
            going.take_way(None);
            let mut run = going.run();
            // what somebody paused stays so
            if run.paused().is_none() {
                let connection = connection.to_owned();
                run.pause(Pause::Connection { connection });
            }
            drop(run);
            going.wake.notify_one();
            going.tell([]);
        }
    }

    /// A connection that leads to the organization of a run; or what it has to wait for.
    pub(super) async fn way_of(&self, going: &Going) -> Result<Arc<Connection>, Pause> {
        let name = || going.connection.clone();
        let Some(connection) = self.connections.get(&going.connection) else {
            return Err(Pause::Connection { connection: name() });
        };
        if going.way().is_some_and(|it| Arc::ptr_eq(&it, &connection)) {
            return Ok(connection);
        }
        let elsewhere = Err(Pause::Elsewhere { connection: name() });
        let base = going.base.as_ref().filter(|_| !connection.sandbox);
        if base.is_some_and(|base| *base != connection.base) {
            return elsewhere;
        }
        let organization = {
            let run = going.run();
            if check(&connection, run.plan()).is_err() {
                return elsewhere;
            }
            run.plan().organization.clone()
        };
        match leads_to(&self.sender, &connection, &organization).await {
            Ok(true) => Ok(connection),
            Ok(false) => elsewhere,
            Err(failure) if matches!(failure.status(), Some(401 | 403)) => {
                Err(Pause::Token { failure })
            }
            Err(failure) => Err(Pause::Service { failure }),
        }
    }

    /// Whether a plan that begins is for the organization to which its connection leads, where that is the token's and
    /// not the call's to say.
    pub(super) async fn check_way(
        &self,
        connection: &Connection,
        plan: &Plan,
    ) -> Result<(), ApiError> {
        let call = connection.service.get_organization(&plan.organization);
        if call.organization().is_some() {
            return Ok(());
        }
        let leads = match connection.organization() {
            Some(organization) => Ok(organization == plan.organization.as_str()),
            None => leads_to(&self.sender, connection, &plan.organization).await,
        };
        match leads {
            Ok(true) => Ok(()),
            Ok(false) => Err(ApiError::Invalid(
                "the plan is for another organization".to_owned(),
            )),
            Err(failure) => Err(ApiError::Conflict(format!("nothing was begun: {failure}"))),
        }
    }
}

/// Asks the service whether a connection leads to an organization.
async fn leads_to(
    sender: &Sender,
    connection: &Connection,
    organization: &OrganizationId,
) -> Result<bool, Failure> {
    let call = connection.service.get_organization(organization);
    let answer = sender.read(connection, &call).await;
    let answer = answer.map_err(|error| Failure::from(&error))?;
    match call.read(answer) {
        Ok(Change::Organization { organization: it }) => Ok(it.id == *organization),
        Ok(Change::Organizations { organizations, .. }) => {
            Ok(organizations.iter().any(|it| it.id == *organization))
        }
        Ok(_) => Ok(false),
        // so says a service of an organization that the token does not see
        Err(failure) if failure.status() == Some(404) => Ok(false),
        Err(failure) if failure.status() == Some(403) && call.organization().is_some() => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Why a run cannot be resumed, and what to do.
pub(super) fn no_way(service: Service, why: &Pause) -> ApiError {
    let name = service.name();
    ApiError::Conflict(match why {
        Pause::Connection { connection } => {
            format!("the connection {connection} is not open; open it and resume then")
        }
        Pause::Elsewhere { connection } => format!(
            "the connection {connection} does not lead to this organization now; open the one with which the run began, and resume then"
        ),
        Pause::Token { failure } => {
            format!("{name} does not take the token: {failure}; renew it, and resume then")
        }
        Pause::Service { failure } => {
            format!("{name} does not answer as it should: {failure}; resume when it does")
        }
        other => other.to_string(),
    })
}
