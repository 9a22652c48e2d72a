//! Plans that this server carries out while the console watches and steers.
//!
//! What to do next is core's [`Run`]; here is only who does it, and that it is kept.

pub mod api;
mod check;
mod driver;
mod events;
mod reach;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall_core::plan::run::{Pause, Policy, Progress};
use rolecall_core::plan::{Acts, Plan, Run};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use crate::clock::World;
use crate::connection::Connection;
use crate::connections::Connections;
use crate::error::ApiError;
use crate::journal::{Begun, Journal, JournalError, Kept, KeptRun, NewRun, RunState};
use crate::sending::Sender;

use api::Beginning;
use check::check;
use reach::no_way;

/// Longest key of a request, in bytes.
const MAX_KEY: usize = 100;

/// How long calls that are under way may take at the end of the process.
const AT_THE_END: Duration = Duration::from_secs(5);

/// All runs that are not over.
pub struct Runs {
    world: World,
    journal: Journal,
    sender: Arc<Sender>,
    connections: Arc<Connections>,
    policy: Policy,
    going: Mutex<BTreeMap<i64, Arc<Going>>>,
}

/// A run that is not over.
struct Going {
    id: i64,
    at: u64,
    who: String,
    connection: String,
    /// Address of the service, if it is known and not the sandbox.
    base: Option<String>,
    undoes: Option<i64>,
    run: Mutex<Run>,
    /// The connection that is known to lead to its organization.
    way: Mutex<Option<Arc<Connection>>>,
    /// Whether somebody drives it.
    driven: Mutex<bool>,
    /// Something came back, or somebody steers.
    wake: Notify,
    /// Steps that could not be kept as they stand.
    unkept: Mutex<BTreeSet<usize>>,
    /// Steps in the order in which they changed; grows with the run.
    changed: Mutex<Vec<usize>>,
    /// Rises with each change.
    version: watch::Sender<u64>,
    /// Calls that are not in the journal to their end yet.
    under_way: AtomicUsize,
    /// Whether it is in the journal that it is over.
    over: AtomicBool,
}

impl Going {
    fn new(id: i64, at: u64, new: &NewRun, run: Run) -> Arc<Self> {
        Arc::new(Self {
            id,
            at,
            who: new.who.clone(),
            connection: new.connection.clone(),
            base: new.base.clone(),
            undoes: new.undoes,
            run: Mutex::new(run),
            way: Mutex::default(),
            driven: Mutex::new(false),
            wake: Notify::new(),
            unkept: Mutex::default(),
            changed: Mutex::default(),
            version: watch::Sender::new(0),
            under_way: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        })
    }

    fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where `run` stands, as far as the journal knows: it is over when that is on the disk.
    fn state(&self, run: &Run) -> RunState {
        match state_of(run) {
            RunState::Done if !self.over.load(Ordering::Acquire) => RunState::Running,
            RunState::Stopped if !self.over.load(Ordering::Acquire) => RunState::Stopping,
            state => state,
        }
    }

    /// Tells whoever watches that these steps, or where the run stands, are not as before.
    fn tell(&self, steps: impl IntoIterator<Item = usize>) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.extend(steps);
        drop(changed);
        self.version.send_modify(|version| *version += 1);
    }

    /// How a step stands, to be kept.
    fn kept(&self, run: &Run, step: usize) -> Kept {
        let state = serde_json::to_string(&run.progress()[step]);
        Kept {
            run: self.id,
            step,
            state: state.unwrap_or_default(),
        }
    }
}

/// Where a run stands.
fn state_of(run: &Run) -> RunState {
    match (run.is_finished(), run.is_stopped(), run.paused()) {
        (true, false, _) => RunState::Done,
        (true, true, _) => RunState::Stopped,
        (false, _, Some(_)) => RunState::Paused,
        (false, true, None) => RunState::Stopping,
        (false, false, None) => RunState::Running,
    }
}

/// Where a run stands for the next process: what only the end of this one interrupts goes on there.
fn state_to_keep(run: &Run) -> RunState {
    match (state_of(run), run.paused()) {
        // what somebody stopped sends nothing more, whatever it waits for
        (RunState::Paused, _) if run.is_stopped() => RunState::Stopping,
        (
            RunState::Paused,
            Some(Pause::Interrupted | Pause::Connection { .. } | Pause::Elsewhere { .. }),
        ) => RunState::Running,
        (state, _) => state,
    }
}

impl Runs {
    /// No run yet; [`restore`](Self::restore) takes up those of earlier processes.
    pub fn new(
        world: World,
        journal: Journal,
        sender: Arc<Sender>,
        connections: Arc<Connections>,
        policy: Policy,
    ) -> Self {
        Self {
            world,
            journal,
            sender,
            connections,
            policy,
            going: Mutex::default(),
        }
    }

    /// Takes up the runs that an earlier process did not end: those that were under way go on by
    /// themselves, as soon as their connection is open; those that somebody paused stay paused.
    ///
    /// # Errors
    /// If the journal does not answer.
    pub async fn restore(self: &Arc<Self>) -> Result<(), JournalError> {
        for id in self.journal.open_runs().await? {
            let Some(kept) = self.journal.run(id).await? else {
                continue;
            };
            let lost = kept.lost.clone();
            let Some(mut run) = self.read(&kept) else {
                tracing::error!(run = id, "a run of an earlier version cannot be read");
                continue;
            };
            match kept.state {
                RunState::Paused => run.pause(Pause::Asked),
                RunState::Stopping => {
                    run.stop();
                    run.pause(Pause::Interrupted);
                }
                _ => {}
            }
            let going = Going::new(id, kept.at, &kept.new, run);
            let found = {
                let run = going.run();
                let of = |(step, upto): &(usize, i64)| (going.kept(&run, *step), Some(*upto));
                lost.iter().map(of).collect()
            };
            self.journal.keep_steps(found).await?;
            self.all().insert(id, Arc::clone(&going));
            if going.run().is_finished() {
                self.note(&going).await?;
            } else if kept.state != RunState::Paused {
                self.go_on(&going);
            }
        }
        Ok(())
    }

    fn read(&self, kept: &KeptRun) -> Option<Run> {
        let plan: Plan = serde_json::from_str(&kept.new.plan).ok()?;
        let steps = plan.steps.len();
        let mut progress = Vec::with_capacity(kept.steps.len());
        for (step, state) in &kept.steps {
            progress.push((*step, serde_json::from_str::<Progress>(state).ok()?));
        }
        let lost = kept.lost.iter().map(|(step, _)| *step);
        let lost = lost.filter(|step| *step < steps);
        // what an earlier process sent may be on its way for as long as that one had patience
        let settle = kept.new.settle.unwrap_or(0).max(self.policy.settle);
        let policy = Policy {
            settle,
            ..self.policy
        };
        Some(Run::restore(
            plan,
            policy,
            progress,
            lost,
            self.world.steady_ms(),
        ))
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<i64, Arc<Going>>> {
        self.going.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn going(&self, id: i64) -> Option<Arc<Going>> {
        self.all().get(&id).cloned()
    }

    /// Interrupts all runs, and lets all that is under way come to its end, for as long as that takes
    /// some seconds: another process goes on with them.
    pub async fn rest(&self) {
        let all: Vec<Arc<Going>> = self.all().values().cloned().collect();
        for going in &all {
            let mut run = going.run();
            // what somebody paused stays so in the next process
            if run.paused().is_none() {
                run.pause(Pause::Interrupted);
            }
            drop(run);
            going.wake.notify_one();
        }
        let under_way = || {
            let of = |it: &Arc<Going>| it.under_way.load(Ordering::Acquire) > 0;
            self.sender.changes() > 0 || all.iter().any(of)
        };
        let begun = Instant::now();
        while under_way() && begun.elapsed() < AT_THE_END {
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn begin(
        self: Arc<Self>,
        who: String,
        connection: Arc<Connection>,
        Beginning {
            plan, undoes, key, ..
        }: Beginning,
    ) -> Result<i64, ApiError> {
        if key
            .as_ref()
            .is_some_and(|it| it.is_empty() || it.len() > MAX_KEY)
        {
            let message = format!("`key` is a text of 1 to {MAX_KEY} bytes");
            return Err(ApiError::Invalid(message));
        }
        let at = Arc::clone(&connection);
        // a large plan takes a second
        let checked = tokio::task::spawn_blocking(move || {
            let json = serde_json::to_string(&plan);
            (check(&at, &plan), json, plan)
        });
        let (checked, json, plan) = checked.await.map_err(ApiError::internal)?;
        let json = json.map_err(ApiError::internal)?;
        // the answer was lost, and somebody asks again, whatever stands in the way of another run now
        if let Some(key) = &key
            && let Some((before, its_plan)) = self.journal.run_of_key(key.clone()).await?
        {
            return match its_plan == json {
                true => Ok(before),
                false => Err(ApiError::Conflict(
                    "another plan was begun under this key".to_owned(),
                )),
            };
        }
        checked?;
        self.check_way(&connection, &plan).await?;
        let new = NewRun {
            who,
            connection: connection.id.clone(),
            organization: plan.organization.to_string(),
            plan: json,
            acts: serde_json::to_string(&Acts::of(&plan.steps)).map_err(ApiError::internal)?,
            undoes,
            base: (!connection.sandbox).then(|| connection.base.clone()),
            settle: Some(self.policy.settle),
            key,
        };
        let id = match self.journal.begin_run(new.clone()).await? {
            Begun::Now(id) => id,
            Begun::Before(id) => return Ok(id),
        };
        let run = Run::new(plan, self.policy);
        let going = Going::new(id, self.world.now_ms(), &new, run);
        self.all().insert(id, Arc::clone(&going));
        driver::drive(&self, &going, Some(connection));
        Ok(id)
    }

    async fn steer(self: Arc<Self>, id: i64, wish: Wish) -> Result<(), ApiError> {
        let going = self.going(id).ok_or(ApiError::NotFound)?;
        let service = going.run().plan().service;
        let way = match wish {
            // what is not known to lead there is not resumed
            Wish::Resume => Some(
                self.way_of(&going)
                    .await
                    .map_err(|why| no_way(service, &why))?,
            ),
            Wish::Pause | Wish::Stop => None,
        };
        let before = going.run().progress().to_vec();
        match wish {
            Wish::Pause => going.run().pause(Pause::Asked),
            Wish::Resume => {
                going.take_way(way.clone());
                going.run().resume();
            }
            Wish::Stop => going.run().stop(),
        }
        going.wake.notify_one();
        let changed: Vec<usize> = {
            let run = going.run();
            let differs = |step: &usize| run.progress()[*step] != before[*step];
            (0..before.len()).filter(differs).collect()
        };
        // what cannot be kept now is kept before the run is over: whatever it is, somebody has to drive the run
        let kept = self.keep(&going, changed.iter().copied()).await;
        let noted = self.note(&going).await;
        going.tell(changed);
        let open = wish == Wish::Stop && !going.run().is_finished();
        match way {
            Some(way) => driver::drive(&self, &going, Some(way)),
            // what is open is looked for in the list
            None if open => match self.way_of(&going).await {
                Ok(way) => driver::drive(&self, &going, Some(way)),
                Err(why) => {
                    let error = no_way(service, &why);
                    going.run().pause(why);
                    going.tell([]);
                    return Err(error);
                }
            },
            None if wish == Wish::Stop && !going.over.load(Ordering::Acquire) => {
                driver::drive(&self, &going, None);
            }
            None => {}
        }
        kept?;
        noted?;
        Ok(())
    }

    /// Keeps how steps stand now, and those that could not be kept before.
    async fn keep(
        &self,
        going: &Going,
        steps: impl IntoIterator<Item = usize>,
    ) -> Result<(), JournalError> {
        let unkept = || going.unkept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = std::mem::take(&mut *unkept());
        all.extend(steps);
        if all.is_empty() {
            return Ok(());
        }
        let kept = {
            let run = going.run();
            let kept = all.iter().map(|step| (going.kept(&run, *step), None));
            kept.collect()
        };
        let written = self.journal.keep_steps(kept).await;
        if let Err(error) = &written {
            tracing::error!(%error, run = going.id, "how steps stand could not be kept");
            unkept().extend(all);
        }
        written
    }

    /// Keeps where a run stands.
    async fn note(&self, going: &Going) -> Result<(), JournalError> {
        let (mut state, tally) = {
            let run = going.run();
            (state_to_keep(&run), run.tally())
        };
        if state.is_over() && going.under_way.load(Ordering::Acquire) > 0 {
            state = RunState::Stopping;
        }
        if state.is_over() {
            self.keep(going, []).await?;
        }
        let tally = serde_json::to_string(&tally).unwrap_or_default();
        self.journal.run_stands(going.id, state, tally).await?;
        if state.is_over() {
            going.over.store(true, Ordering::Release);
            self.all().remove(&going.id);
        }
        Ok(())
    }
}

/// What somebody wants of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Pause,
    Resume,
    Stop,
}
