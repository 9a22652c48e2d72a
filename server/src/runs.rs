//! `/api/runs`: plans that this server carries out while the console watches and steers.
//!
//! What to do next is core's [`Run`]; here is only who does it, and that it is kept.

mod driver;
mod events;
mod reach;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::StatusCode;
use rolecall_core::endpoint::{Incoming, Site};
use rolecall_core::plan::run::{Pause, Policy, Progress, Tally};
use rolecall_core::plan::{Act, Acts, Plan, Run};
use rolecall_core::role::RoleId;
use rolecall_core::service::Call;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use crate::Server;
use crate::body::json;
use crate::clock::{World, rfc3339};
use crate::connection::Connection;
use crate::connections::Connections;
use crate::error::ApiError;
use crate::guard::Who;
use crate::journal::{
    Begun, Journal, JournalError, Kept, KeptRun, NewRun, RunState, Summary, Undone,
};
use crate::sending::Sender;

use reach::no_way;

/// Longest plan, in bytes: 64 MiB, some 150,000 steps.
const MAX_PLAN: usize = 64 << 20;

/// Longest key of a request, in bytes.
const MAX_KEY: usize = 100;

/// Runs in a list.
const LATEST: u32 = 50;

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
        let way = match wish {
            // what is not known to lead there is not resumed
            Wish::Resume => Some(self.way_of(&going).await.map_err(|why| no_way(&why))?),
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
                    let error = no_way(&why);
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

/// Whether a plan is one for this connection.
fn check(connection: &Connection, plan: &Plan) -> Result<(), ApiError> {
    let own = |organization: &str| organization == plan.organization.as_str();
    if plan.service != connection.service {
        let name = connection.service.name();
        return Err(ApiError::Invalid(format!(
            "this connection is to {name}, the plan is not"
        )));
    }
    if connection.organization().is_some_and(|it| !own(&it)) {
        return Err(ApiError::Invalid(
            "the plan is for another organization".to_owned(),
        ));
    }
    for step in &plan.steps {
        let organization = step.call.organization();
        if !may_be_sent(&step.call) {
            return Err(ApiError::Invalid(format!(
                "the step for {} is no call that its service has",
                step.email
            )));
        }
        if step.call.service() != plan.service
            || !step.call.changes()
            || organization.is_some_and(|it| !own(it.as_str()))
        {
            return Err(ApiError::Invalid(format!(
                "the step for {} is not one of this plan’s service and organization",
                step.email
            )));
        }
    }
    Ok(())
}

/// Whether the request of a call is read back as the same call: ids in a plan are any text, and not all texts are ids.
fn may_be_sent(call: &Call) -> bool {
    let request = call.outgoing(&Site {
        base: "",
        token: None,
    });
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let incoming = Incoming {
        method: &request.method,
        path,
        query,
        body: request.body.as_deref().unwrap_or_default(),
    };
    Call::receive(call.service(), &incoming).is_some_and(|it| it.is_ok_and(|it| it == *call))
}

/// What somebody wants of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Pause,
    Resume,
    Stop,
}

/// Body of `POST /api/runs`.
#[derive(Deserialize)]
struct Beginning {
    connection: String,
    plan: Plan,
    /// The run that this one undoes.
    #[serde(default)]
    undoes: Option<i64>,
    /// Any text of at most [`MAX_KEY`] octets: a second request with the same one begins nothing.
    #[serde(default)]
    key: Option<String>,
}

/// Answer of `POST /api/runs`.
#[derive(Serialize)]
struct BegunAnswer {
    run: i64,
}

/// `POST /api/runs`: carries out a plan, whether or not anybody watches.
pub async fn begin(
    State(server): State<Arc<Server>>,
    Extension(Who(who)): Extension<Who>,
    request: Request,
) -> Result<Response, ApiError> {
    let beginning: Beginning = json(request, MAX_PLAN).await?;
    let connection = server.connections.get(&beginning.connection);
    let connection = connection.ok_or(ApiError::NoConnection)?;
    let runs = Arc::clone(&server.runs);
    // who asked may be gone before it is begun
    let run = to_its_end(runs.begin(who, connection, beginning)).await?;
    Ok((StatusCode::CREATED, Json(BegunAnswer { run })).into_response())
}

/// Answer of `GET /api/runs`.
#[derive(Serialize)]
pub struct RunsAnswer {
    runs: Vec<Summary>,
}

/// `GET /api/runs`: the latest, newest first.
pub async fn list(State(server): State<Arc<Server>>) -> Result<Json<RunsAnswer>, ApiError> {
    let mut runs = server.journal.latest_runs(LATEST).await?;
    for summary in &mut runs {
        if let Some(going) = server.runs.going(summary.id) {
            let run = going.run();
            going.state(&run).word().clone_into(&mut summary.state);
            summary.tally = serde_json::to_value(run.tally()).ok();
        }
    }
    Ok(Json(RunsAnswer { runs }))
}

/// A run in full.
#[derive(Serialize)]
pub struct Whole {
    id: i64,
    at: String,
    who: String,
    connection: String,
    organization: String,
    /// How many of its steps do what.
    acts: Acts,
    /// The run that it undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<i64>,
    /// What undid it.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone: Option<Undone>,
    #[serde(flatten)]
    standing: RunStanding,
}

impl Whole {
    /// A run that is not over.
    fn going(going: &Going, now: u64) -> Self {
        let run = going.run();
        Self {
            id: going.id,
            at: rfc3339(going.at),
            who: going.who.clone(),
            connection: going.connection.clone(),
            organization: run.plan().organization.to_string(),
            acts: Acts::of(&run.plan().steps),
            undoes: going.undoes,
            undone: None,
            standing: RunStanding::of(&run, going.state(&run), now, 0..run.progress().len()),
        }
    }
}

/// Where a run stands, and steps of it.
#[derive(Serialize)]
pub struct RunStanding {
    state: &'static str,
    /// Why it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pause: Option<PauseAnswer>,
    /// Why nothing is sent for now, though it is not paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitAnswer>,
    tally: Tally,
    steps: Vec<StepAnswer>,
}

/// Why a run is paused, as data and as a sentence.
#[derive(Serialize)]
struct PauseAnswer {
    #[serde(flatten)]
    pause: Pause,
    message: String,
}

/// How long a run sends nothing, and why, in words.
#[derive(Serialize)]
struct WaitAnswer {
    seconds: u64,
    message: String,
}

/// A step of a run.
#[derive(Serialize)]
struct StepAnswer {
    step: usize,
    row: usize,
    email: String,
    act: Act,
    /// Roles before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<RoleId>,
    /// Roles after.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<RoleId>,
    #[serde(flatten)]
    progress: Progress,
    /// What came instead of success, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl RunStanding {
    fn of(run: &Run, state: RunState, now: u64, steps: impl IntoIterator<Item = usize>) -> Self {
        let steps = steps.into_iter().map(|index| {
            let (step, progress) = (run.step(index), run.progress()[index].clone());
            StepAnswer {
                step: index,
                row: step.row,
                email: step.email.clone(),
                act: step.act,
                before: step.before.clone(),
                after: step.after.clone(),
                message: progress.standing.failure().map(ToString::to_string),
                progress,
            }
        });
        Self {
            state: state.word(),
            pause: run.paused().map(|pause| PauseAnswer {
                message: pause.to_string(),
                pause: pause.clone(),
            }),
            wait: run.waits(now).map(|(until, wait)| WaitAnswer {
                seconds: (until - now).div_ceil(1_000),
                message: run.wait_in_words(wait),
            }),
            tally: run.tally(),
            steps: steps.collect(),
        }
    }
}

/// `GET /api/runs/{id}`: where it stands, with all its steps.
pub async fn show(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
) -> Result<Json<Whole>, ApiError> {
    let now = server.runs.world.steady_ms();
    if let Some(going) = server.runs.going(id) {
        return Ok(Json(Whole::going(&going, now)));
    }
    let kept = server.journal.run(id).await?.ok_or(ApiError::NotFound)?;
    let undone = server.journal.undone(id).await?;
    let run = server.runs.read(&kept);
    let mut run = run.ok_or_else(|| ApiError::internal("a run that cannot be read"))?;
    if kept.state == RunState::Stopped {
        run.stop();
    }
    Ok(Json(Whole {
        id,
        at: rfc3339(kept.at),
        who: kept.new.who,
        connection: kept.new.connection,
        organization: kept.new.organization,
        acts: Acts::of(&run.plan().steps),
        undoes: kept.new.undoes,
        undone,
        standing: RunStanding::of(&run, kept.state, now, 0..run.progress().len()),
    }))
}

/// `GET /api/runs/{id}/plan`: what the run was asked to do, for its report and its undoing.
pub async fn plan(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
) -> Result<Response, ApiError> {
    let kept = server.journal.run(id).await?.ok_or(ApiError::NotFound)?;
    let kind = [(http::header::CONTENT_TYPE, "application/json")];
    Ok((kind, kept.new.plan).into_response())
}

/// `GET /api/runs/{id}/events`: the same, and then what changes, as a stream of events.
pub async fn watch(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
) -> Result<Response, ApiError> {
    match server.runs.going(id) {
        Some(going) => Ok(events::follow(
            going,
            server.runs.world.clone(),
            server.stop.clone(),
        )),
        None => {
            let whole = show(State(server), Path(id)).await?;
            Ok(events::once(&whole.0))
        }
    }
}

/// `POST /api/runs/{id}/pause`
pub async fn pause(server: State<Arc<Server>>, id: Path<i64>) -> Result<StatusCode, ApiError> {
    steer(server, id, Wish::Pause).await
}

/// `POST /api/runs/{id}/resume`
pub async fn resume(server: State<Arc<Server>>, id: Path<i64>) -> Result<StatusCode, ApiError> {
    steer(server, id, Wish::Resume).await
}

/// `POST /api/runs/{id}/stop`
pub async fn stop(server: State<Arc<Server>>, id: Path<i64>) -> Result<StatusCode, ApiError> {
    steer(server, id, Wish::Stop).await
}

async fn steer(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    wish: Wish,
) -> Result<StatusCode, ApiError> {
    to_its_end(Arc::clone(&server.runs).steer(id, wish)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Does something to its end, whether or not anybody still waits for it: a request ends where its browser goes away.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::spawn(work).await.map_err(ApiError::internal)?
}
