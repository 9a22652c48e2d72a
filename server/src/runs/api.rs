//! `/api/runs` as it is asked and told.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::StatusCode;
use rolecall_core::plan::run::{Pause, Progress, Tally};
use rolecall_core::plan::{Act, Acts, Plan, Run};
use rolecall_core::role::RoleId;
use serde::{Deserialize, Serialize};

use super::{Going, Wish, events};
use crate::Server;
use crate::body::json;
use crate::clock::rfc3339;
use crate::error::ApiError;
use crate::guard::Who;
use crate::journal::{RunState, Summary, Undone};

/// Longest plan, in bytes: 64 MiB, some 150,000 steps.
const MAX_PLAN: usize = 64 << 20;

/// Runs in a list.
const LATEST: u32 = 50;

/// Body of `POST /api/runs`.
#[derive(Deserialize)]
pub(super) struct Beginning {
    connection: String,
    pub(super) plan: Plan,
    /// The run that this one undoes.
    #[serde(default)]
    pub(super) undoes: Option<i64>,
    /// Any text of at most [`MAX_KEY`](super::MAX_KEY) octets: a second request with the same one begins nothing.
    #[serde(default)]
    pub(super) key: Option<String>,
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
    pub(super) fn going(going: &Going, now: u64) -> Self {
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
    pub(super) fn of(
        run: &Run,
        state: RunState,
        now: u64,
        steps: impl IntoIterator<Item = usize>,
    ) -> Self {
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
