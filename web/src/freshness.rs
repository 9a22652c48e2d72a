//! Whether the list of users is as it is now: what is planned goes by it, and others change it meanwhile, in another
//! tab too.

use std::rc::Rc;
use std::time::Duration;

use leptos::task::spawn_local;
use rolecall_core::json::FromJson;
use rolecall_core::plan::Failure;

use crate::console::Console;
use crate::host;
use crate::model::words;
use crate::paths::journal_of;
use crate::reactive::State;
use crate::roster::{Reading, Roster};
use crate::transport;

/// A list that is older is read again before a plan is made by it, in milliseconds.
const OLD: f64 = 15_000.0;

/// One that takes long to read may be as many times older than that takes: else whoever decides about a large
/// organization would wait longer than look.
const TIMES: f64 = 3.0;

/// But no older, in milliseconds: a computer may have slept while it read.
const OLDEST: f64 = 180_000.0;

/// How long is waited between two looks at a reading that goes on.
const LOOK: Duration = Duration::from_millis(40);

/// How long is waited between two looks at a run: at first, and at the most.
const FIRST_LOOK: Duration = Duration::from_secs(2);
const LAST_LOOK: Duration = Duration::from_secs(20);

/// Looks at runs that may fail in a row before nobody looks any more.
const LOOKS: u32 = 20;

/// The last change that was sent from here.
#[derive(FromJson)]
struct Latest {
    entries: Vec<Stamp>,
}

#[derive(FromJson)]
#[serde(rename_all = "camelCase")]
struct Stamp {
    at: String,
    #[serde(default)]
    answered_at: Option<String>,
}

#[derive(FromJson)]
struct Runs {
    runs: Vec<Summary>,
}

#[derive(FromJson)]
struct Summary {
    id: i64,
    state: String,
}

impl Roster {
    /// Whether something was changed from here, by whichever tab, since the list began to be read: of the person with
    /// this address, or of anybody.
    pub(crate) async fn is_behind(self, person: Option<&str>) -> bool {
        let path = self.place.with_untracked(|place| {
            let place = place.as_ref()?;
            let (connection, organization) = (&place.connection.id, place.organization.id.as_str());
            let path = match person {
                Some(person) => journal_of(connection, organization, person),
                None => format!("/api/journal?connection={connection}&organization={organization}"),
            };
            Some(format!("{path}&limit=1"))
        });
        let begun = host::rfc3339(self.begun.get_value());
        let latest = match path {
            Some(path) => transport::get::<Latest>(&path).await,
            None => return false,
        };
        let changed = |it: &Stamp| *it.answered_at.as_ref().unwrap_or(&it.at) >= begun;
        latest.is_ok_and(|latest| latest.entries.first().is_some_and(changed))
    }

    /// Reads the list again if something was changed from here since.
    pub(crate) fn catch_up_now(self) {
        spawn_local(async move {
            let rests = move || self.reading.with_untracked(|it| *it == Reading::Done);
            if rests() && self.is_behind(None).await && rests() {
                self.refresh();
            }
        });
    }

    /// Reads the list again if it may not be as it is now, and waits until it is; tells whether the same organization
    /// is open then.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) async fn freshen(self) -> Result<bool, Failure> {
        let Some(place) = self.place.get_untracked() else {
            return Err(Failure::SignedOut);
        };
        let stays = || self.is_open(&place) && !self.is_opening();
        // one that is on its way may have begun before
        let failed = self.until_read().await.is_err();
        let age = host::now() - self.begun.get_value();
        let old = OLD.max(TIMES * self.took.get_value()).min(OLDEST);
        let again = failed || age > old || self.is_behind(None).await;
        if again && stays() {
            self.open(place.clone(), Rc::new(|| ())).await?;
            self.until_read().await?;
        }
        Ok(stays())
    }

    async fn until_read(self) -> Result<(), Failure> {
        while self.reading.with_untracked(|it| *it == Reading::Running) {
            host::pause(LOOK).await;
        }
        match self.reading.get_untracked() {
            Reading::Failed(failure) => Err(failure),
            _ => Ok(()),
        }
    }
}

/// Does what goes by the list once that is as it is now
/// and whoever follows it has `settled`; if it cannot be read,
/// says why, and does nothing. Nor does it if another organization is open by then.
pub(crate) fn when_fresh(
    console: Console,
    waiting: State<bool>,
    settled: impl Fn() -> bool + 'static,
    then: impl FnOnce() + 'static,
) {
    if waiting.get_untracked() {
        return;
    }
    waiting.set(true);
    spawn_local(async move {
        let fresh = console.roster.freshen().await;
        loop {
            // who follows the list does so in a task of its own
            host::pause(Duration::ZERO).await;
            if waiting.try_get_untracked().is_none() {
                return;
            }
            if settled() {
                break;
            }
        }
        waiting.set(false);
        match fresh {
            Ok(true) => then(),
            Ok(false) => {}
            Err(failure) => console.toaster.say(words::not_fresh(&failure)),
        }
    });
}

/// Reads the list again when a run is over, wherever somebody is by then.
pub(crate) fn after_run(console: Console, run: i64) {
    spawn_local(async move {
        let (mut wait, mut failures) = (FIRST_LOOK, 0);
        while failures < LOOKS {
            host::pause(wait).await;
            wait = (wait * 2).min(LAST_LOOK);
            let Ok(Runs { runs }) = transport::get("/api/runs").await else {
                failures += 1;
                continue;
            };
            failures = 0;
            // one that is paused goes on from its page, which reads the list itself
            let goes_on = |it: &Summary| it.id == run && it.state.ends_with("ing");
            if !runs.iter().any(goes_on) {
                return console.roster.catch_up_now();
            }
        }
    });
}
