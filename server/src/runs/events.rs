//! A run as a stream of events: `run` with all of it, then `progress` with what changed.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::sleep;

use super::Going;
use super::api::{RunStanding, Whole};
use crate::clock::World;

/// Shortest time between two events: what changes within goes together.
const TOGETHER: Duration = Duration::from_millis(100);

/// Where a watcher stands.
struct Watcher {
    world: World,
    going: Arc<Going>,
    version: watch::Receiver<u64>,
    /// Becomes true when the server is to end.
    stop: watch::Receiver<bool>,
    /// How many changes have been told.
    told: usize,
    stage: Stage,
}

#[derive(PartialEq, Eq)]
enum Stage {
    First,
    Following,
    Over,
}

impl Watcher {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let event = match self.stage {
            Stage::Over => return None,
            Stage::First => {
                self.told = self.changes();
                let whole = Whole::going(&self.going, self.world.steady_ms());
                self.stage = Stage::Following;
                event("run", &whole)
            }
            Stage::Following => {
                sleep(TOGETHER).await;
                // It cannot be gone: this watcher holds the run itself.
                tokio::select! {
                    changed = self.version.changed() => changed.ok()?,
                    _ = self.stop.wait_for(|stop| *stop) => return None,
                }
                let changed = self
                    .going
                    .changed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                let steps: BTreeSet<usize> = changed[self.told.min(changed.len())..]
                    .iter()
                    .copied()
                    .collect();
                self.told = changed.len();
                drop(changed);
                let run = self.going.run();
                let now = self.world.steady_ms();
                let standing = RunStanding::of(&run, self.going.state(&run), now, steps);
                event("progress", &standing)
            }
        };
        if self.is_over() && self.told == self.changes() {
            self.stage = Stage::Over;
        }
        Some((Ok(event), self))
    }

    fn is_over(&self) -> bool {
        let run = self.going.run();
        self.going.state(&run).is_over()
    }

    fn changes(&self) -> usize {
        let changed = self
            .going
            .changed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        changed.len()
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    let event = Event::default().event(name);
    event.json_data(data).unwrap_or_default()
}

/// A run that is not over, from here on.
pub(super) fn follow(going: Arc<Going>, world: World, stop: watch::Receiver<bool>) -> Response {
    let watcher = Watcher {
        world,
        version: going.version.subscribe(),
        going,
        stop,
        told: 0,
        stage: Stage::First,
    };
    let events = stream::unfold(watcher, Watcher::next);
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// A run that is over.
pub(super) fn once(whole: &Whole) -> Response {
    let event = Ok::<_, Infallible>(event("run", whole));
    Sse::new(stream::iter([event])).into_response()
}
