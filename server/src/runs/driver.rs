//! Who carries a run out: asks core's machine what is next, and does it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rolecall_core::directory::{Directory, OrganizationId};
use rolecall_core::plan::run::{Next, Pause, Standing};
use rolecall_core::plan::{Change, Failure};
use tokio::time::{sleep, timeout};

use super::{Going, Runs};
use crate::connection::Connection;
use crate::sending::About;

/// A wait that is longer is told to whoever watches, again each time that it has passed.
const NAMED: Duration = Duration::from_secs(1);

/// How long it waits at first, and at the most, until it is tried again to keep that a run is over.
const FIRST_TRY: Duration = Duration::from_millis(500);
const LAST_TRY: Duration = Duration::from_secs(30);

/// Drives a run until it pauses or ends, unless somebody does so already; through this connection from now on, which
/// leads to its organization, if there is one.
pub(super) fn drive(runs: &Arc<Runs>, going: &Arc<Going>, way: Option<Arc<Connection>>) {
    if let Some(way) = way {
        going.take_way(Some(Arc::clone(&way)));
        // it may have been closed since it was found: whoever does both later takes notice
        if way.is_closed() {
            runs.closed(&going.connection);
        }
    }
    let mut driven = going.driven.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::replace(&mut *driven, true) {
        going.wake.notify_one();
        return;
    }
    drop(driven);
    let (runs, going) = (Arc::clone(runs), Arc::clone(going));
    tokio::spawn(async move {
        Driver { runs, going }.go().await;
    });
}

struct Driver {
    runs: Arc<Runs>,
    going: Arc<Going>,
}

impl Driver {
    async fn go(self) {
        self.note().await;
        loop {
            let now = self.runs.world.steady_ms();
            let next = {
                let mut run = self.going.run();
                let next = run.next(now);
                if matches!(next, Next::Send(_)) {
                    self.going.under_way.fetch_add(1, Ordering::AcqRel);
                }
                next
            };
            match next {
                Next::Send(step) => match self.going.way() {
                    Some(way) => self.send(step, way),
                    None => self.lost_way(step),
                },
                Next::Idle => self.going.wake.notified().await,
                Next::Wait(until) => {
                    let wait = Duration::from_millis(until.saturating_sub(now).max(1));
                    if wait > NAMED {
                        self.going.tell([]);
                    }
                    let wait = wait.min(NAMED);
                    // Either will do.
                    let _ = timeout(wait, self.going.wake.notified()).await;
                }
                Next::Read => match self.going.way() {
                    Some(way) => self.settle(&way).await,
                    None => self.unread(),
                },
                // The last answers are still being written.
                Next::Paused if self.going.under_way.load(Ordering::Acquire) > 0 => {
                    self.going.tell([]);
                    self.going.wake.notified().await;
                }
                Next::Paused => {
                    self.tell_token_from_permission().await;
                    if self.rest() {
                        self.note().await;
                        return;
                    }
                }
                // The last answers are still being written.
                Next::Finished if self.going.under_way.load(Ordering::Acquire) > 0 => {
                    self.going.wake.notified().await;
                }
                Next::Finished => {
                    self.note_the_end().await;
                    let tally = self.going.run().tally();
                    tracing::info!(run = self.going.id, ?tally, "a run is over");
                    return;
                }
            }
        }
    }

    /// Sends one step's call, beside the others.
    fn send(&self, step: usize, connection: Arc<Connection>) {
        let (going, runs) = (Arc::clone(&self.going), Arc::clone(&self.runs));
        let sender = Arc::clone(&runs.sender);
        let world = runs.world.clone();
        let (call, about) = {
            let run = going.run();
            let it = run.step(step);
            let about = About {
                who: going.who.clone(),
                organization: run.plan().organization.to_string(),
                row: Some((going.id, step)),
                subject: Some(it.email.clone()),
                before: serde_json::to_value(&it.before).ok(),
            };
            (it.call.clone(), about)
        };
        going.tell([step]);
        tokio::spawn(async move {
            if !looked(&runs, &going, &connection, step).await {
                // what cannot be kept now is kept before the run is over
                let changed: Vec<usize> = going.run().row_from(step).collect();
                let _ = runs.keep(&going, changed.iter().copied()).await;
                return arrived(&going, changed);
            }
            let noted = Arc::clone(&going);
            let changed = sender.change(connection, call, about, move |answer| {
                let answer = answer.clone();
                let answer = answer.map_err(|failure| failure.as_of(world.now_ms()));
                let mut run = noted.run();
                run.record(step, answer, world.steady_ms(), world.number());
                Some(noted.kept(&run, step))
            });
            let answer = changed.await.answer;
            // It was told, unless something failed in the middle.
            let untold = {
                let mut run = going.run();
                let is_sent = run.progress()[step].standing == Standing::Sent;
                if is_sent {
                    run.record(step, answer, runs.world.steady_ms(), runs.world.number());
                }
                is_sent
            };
            if untold {
                // what cannot be kept now is kept before the run is over
                let _ = runs.keep(&going, [step]).await;
            }
            let changed = going.run().row_from(step).collect();
            arrived(&going, changed);
        });
    }

    /// Takes a step back that has no way to go: its connection was closed this very moment.
    fn lost_way(&self, step: usize) {
        let failure = self.no_way();
        let now = self.runs.world.steady_ms();
        let number = self.runs.world.number();
        self.going.run().record(step, Err(failure), now, number);
        self.going.under_way.fetch_sub(1, Ordering::AcqRel);
        self.pause_for_way();
    }

    /// Does not read the list, for the same reason.
    fn unread(&self) {
        let failure = self.no_way();
        let now = self.runs.world.steady_ms();
        let number = self.runs.world.number();
        self.going.run().could_not_read(failure, now, number);
        self.pause_for_way();
    }

    fn no_way(&self) -> Failure {
        Failure::Unreachable {
            message: format!("the connection {} is not open", self.going.connection),
        }
    }

    fn pause_for_way(&self) {
        let connection = self.going.connection.clone();
        let mut run = self.going.run();
        if run.paused().is_none() {
            run.pause(Pause::Connection { connection });
        }
    }

    /// Reads the whole list once, and lets it decide what no answer did.
    async fn settle(&self, connection: &Connection) {
        let organization = self.going.run().plan().organization.clone();
        let world = &self.runs.world;
        let read = self.read_all(connection, &organization).await;
        let read = read.map_err(|failure| failure.as_of(world.now_ms()));
        let now = world.steady_ms();
        let before = self.going.run().progress().to_vec();
        let changed: Vec<usize> = {
            let mut run = self.going.run();
            match read {
                Ok(users) => run.settle(&users, now),
                Err(failure) => {
                    tracing::warn!(run = self.going.id, %failure, "the list of users could not be read");
                    run.could_not_read(failure, now, self.runs.world.number());
                }
            }
            let differs = |step: &usize| run.progress()[*step] != before[*step];
            (0..before.len()).filter(differs).collect()
        };
        // What the list showed must be on the disk before anything is sent again because of it.
        if let Err(error) = self.runs.keep(&self.going, changed.iter().copied()).await {
            let message = error.to_string();
            let failure = Failure::Unreachable { message };
            self.going.run().pause(Pause::Service { failure });
        }
        self.going.tell(changed);
    }

    /// All users of the organization: only a list that did not change while it was read counts,
    /// since a person who moved from one page to another would seem to be absent.
    async fn read_all(
        &self,
        connection: &Connection,
        organization: &OrganizationId,
    ) -> Result<Directory, Failure> {
        let service = connection.service;
        let mut users = Directory::new(service.known_roles());
        let mut call = service.list_users(organization, 0);
        let mut expected = None;
        loop {
            let answer = self.runs.sender.read(connection, &call).await;
            let answer = answer.map_err(|error| Failure::from(&error))?;
            let page = call.read(answer)?;
            let Change::Users { total, .. } = &page else {
                return Err(unsteady("it is no list of users"));
            };
            if expected.is_some() && expected != Some(*total) {
                return Err(unsteady("it changed while it was read"));
            }
            expected = Some(*total);
            users.apply(&page);
            match service.next_page(organization, &page) {
                Some(next) => call = next,
                None => break,
            }
        }
        match expected.flatten() {
            Some(total) if users.len() != usize::try_from(total).unwrap_or(usize::MAX) => {
                Err(unsteady("it holds other users than it says"))
            }
            _ => Ok(users),
        }
    }

    /// Some services answer 403 to a bad token too: a call that any token may make tells.
    async fn tell_token_from_permission(&self) {
        let failure = match self.going.run().paused() {
            Some(Pause::Token { failure } | Pause::Permission { failure }) => failure.clone(),
            _ => return,
        };
        let Some(connection) = self.going.way() else {
            return;
        };
        let organization = self.going.run().plan().organization.clone();
        let call = connection.service.get_organization(&organization);
        let answer = self.runs.sender.read(&connection, &call).await;
        let read = answer.map_err(|error| Failure::from(&error));
        let why = match read.and_then(|answer| call.read(answer)) {
            Ok(_) => Pause::Permission { failure },
            Err(other) if matches!(other.status(), Some(401 | 403)) => Pause::Token { failure },
            Err(_) => return,
        };
        let mut run = self.going.run();
        if run.paused().is_some() {
            run.pause(why);
        }
    }

    /// Stops driving a run that is paused; not, if somebody resumed it meanwhile.
    fn rest(&self) -> bool {
        let mut driven = self
            .going
            .driven
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let paused = self.going.run().paused().is_some();
        *driven = !paused;
        paused
    }

    /// Keeps that the run is over, as soon as that can be done.
    async fn note_the_end(&self) {
        let mut wait = FIRST_TRY;
        loop {
            self.note().await;
            if !self.runs.all().contains_key(&self.going.id) {
                return;
            }
            sleep(wait).await;
            wait = (wait * 2).min(LAST_TRY);
        }
    }

    /// Keeps where the run stands, and tells it.
    async fn note(&self) {
        if let Err(error) = self.runs.note(&self.going).await {
            tracing::error!(%error, run = self.going.id, "where a run stands could not be kept");
            // Whoever watches need not wait for a disk that is full.
            let finished = self.going.run().is_finished();
            self.going.over.store(finished, Ordering::Release);
        }
        self.going.tell([]);
    }
}

/// Reads the person whom a step would overwrite, if it would; tells whether it is to be sent.
async fn looked(runs: &Runs, going: &Going, connection: &Connection, step: usize) -> bool {
    let call = {
        let run = going.run();
        let Some(user) = run.looks_at(step) else {
            return true;
        };
        connection.service.get_user(&run.plan().organization, user)
    };
    let answer = runs.sender.read(connection, &call).await;
    let read = answer.map_err(|error| Failure::from(&error));
    let person = read.and_then(|answer| call.read(answer));
    let person = person.map_err(|failure| failure.as_of(runs.world.now_ms()));
    let (now, number) = (runs.world.steady_ms(), runs.world.number());
    going.run().looked(step, person, now, number)
}

/// What was under way for a step came to its end.
fn arrived(going: &Going, changed: Vec<usize>) {
    going.under_way.fetch_sub(1, Ordering::AcqRel);
    going.tell(changed);
    going.wake.notify_one();
}

fn unsteady(why: &str) -> Failure {
    Failure::Unanswered {
        message: format!("the list of users cannot be relied on: {why}"),
    }
}
