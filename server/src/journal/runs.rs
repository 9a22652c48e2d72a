//! Runs as the journal keeps them: the plan, where the run stands, and how each step stands.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;
use serde_json::Value;

use super::{Journal, JournalError};

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Under way.
    Running,
    /// Waiting for somebody.
    Paused,
    /// Stopped, and looking for what is open.
    Stopping,
    /// All steps have their outcome.
    Done,
    /// Stopped, and all steps have their outcome.
    Stopped,
}

impl RunState {
    const ALL: [Self; 5] = [
        Self::Running,
        Self::Paused,
        Self::Stopping,
        Self::Done,
        Self::Stopped,
    ];

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopping => "stopping",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }

    /// Whether nothing will change any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Stopped)
    }
}

/// A run that begins.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The session that asked.
    pub who: String,
    /// Id of the connection.
    pub connection: String,
    /// Id of the organization.
    pub organization: String,
    /// The plan, as JSON.
    pub plan: String,
    /// How many of its steps do what, as JSON.
    pub acts: String,
    /// The run that it undoes, if that is what it is for: of the same organization.
    pub undoes: Option<i64>,
    /// Address of the service, if it is not the sandbox, which has another one each time.
    pub base: Option<String>,
    /// Milliseconds that a request may be on its way.
    pub settle: Option<u64>,
    /// What whoever began it named it by: who asks twice for the same gets the same.
    pub key: Option<String>,
}

/// A run that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Now.
    Now(i64),
    /// Before, under the same key.
    Before(i64),
}

/// How a step of a run stands.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The run.
    pub run: i64,
    /// Index of the step in the plan.
    pub step: usize,
    /// How it stands, as JSON.
    pub state: String,
}

/// What undid a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// The run that did.
    pub run: i64,
    /// How many of its steps are done.
    pub done: u64,
}

/// A run in short.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Its id.
    pub id: i64,
    /// When it began: RFC 3339, UTC.
    pub at: String,
    /// The session that asked.
    pub who: String,
    /// Id of the connection.
    pub connection: String,
    /// Id of the organization.
    pub organization: String,
    /// Where it stands, in one word.
    pub state: String,
    /// How many steps stand how, when it was noted last.
    pub tally: Option<Value>,
    /// How many steps do what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts: Option<Value>,
    /// The run that it undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<i64>,
}

/// A run as it was kept.
#[derive(Clone, Debug)]
pub struct KeptRun {
    /// Its id.
    pub id: i64,
    /// When it began: milliseconds since 1970-01-01 UTC.
    pub at: u64,
    /// What it began with.
    pub new: NewRun,
    /// Where it stands.
    pub state: RunState,
    /// How its steps stand, as JSON; steps never touched are not here.
    pub steps: Vec<(usize, String)>,
    /// Steps that were sent without anything noted after, and their last `sent` entry.
    pub lost: Vec<(usize, i64)>,
}

/// Writes how a step stands; `upto` is the last `sent` entry that it takes into account, if not all that there are. What
/// is written late takes nothing back that was written in between.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    kept: &Kept,
    upto: Option<i64>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO run_rows (run, row, state, upto) VALUES (?1, ?2, ?3,
                coalesce(?4, (SELECT max(id) FROM sent WHERE run = ?1 AND row = ?2), 0))
             ON CONFLICT DO UPDATE SET state = excluded.state, upto = excluded.upto
             WHERE ?4 IS NULL OR ?4 > run_rows.upto",
        )?
        .execute(params![kept.run, number(kept.step), kept.state, upto])?;
    Ok(())
}

fn number(step: usize) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

fn index(row: &Row<'_>, column: usize) -> rusqlite::Result<usize> {
    let number: i64 = row.get(column)?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

impl Journal {
    /// Notes a run before its first call goes out, unless there is one with its key already.
    ///
    /// # Errors
    /// If it is not on the disk.
    pub async fn begin_run(&self, new: NewRun) -> Result<Begun, JournalError> {
        let at = self.now();
        self.write(move |transaction| {
            let before = transaction
                .prepare_cached("SELECT id FROM runs WHERE key = ?1")?
                .query_row([&new.key], |row| row.get(0))
                .optional()?;
            if let Some(before) = before {
                return Ok(Begun::Before(before));
            }
            transaction.execute(
                "INSERT INTO runs (at, who, connection, organization, plan, state, acts, undoes, base, settle, key)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
                    (SELECT id FROM runs WHERE id = ?8 AND connection = ?3 AND organization = ?4),
                    ?9, ?10, ?11)",
                params![
                    at,
                    new.who,
                    new.connection,
                    new.organization,
                    new.plan,
                    RunState::Running.word(),
                    new.acts,
                    new.undoes,
                    new.base,
                    new.settle.map(|it| i64::try_from(it).unwrap_or(i64::MAX)),
                    new.key,
                ],
            )?;
            Ok(Begun::Now(transaction.last_insert_rowid()))
        })
        .await
    }

    /// Notes where a run stands, and how many of its steps stand how (JSON).
    ///
    /// # Errors
    /// If it is not on the disk.
    pub async fn run_stands(
        &self,
        run: i64,
        state: RunState,
        tally: String,
    ) -> Result<(), JournalError> {
        self.write(move |transaction| {
            transaction.execute(
                "UPDATE runs SET state = ?2, tally = ?3 WHERE id = ?1",
                params![run, state.word(), tally],
            )?;
            Ok(())
        })
        .await
    }

    /// Notes how steps stand, together. With each the last `sent` entry that it takes into account,
    /// if that is not noted yet.
    ///
    /// # Errors
    /// If it is not on the disk.
    pub async fn keep_steps(&self, steps: Vec<(Kept, Option<i64>)>) -> Result<(), JournalError> {
        self.write(move |transaction| {
            steps
                .iter()
                .try_for_each(|(kept, upto)| keep(transaction, kept, *upto))
        })
        .await
    }

    /// The run that was begun under a key, and its plan (JSON).
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn run_of_key(&self, key: String) -> Result<Option<(i64, String)>, JournalError> {
        self.read(move |database| {
            database
                .prepare("SELECT id, plan FROM runs WHERE key = ?1")?
                .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .await
    }

    /// The latest runs, newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn latest_runs(&self, limit: u32) -> Result<Vec<Summary>, JournalError> {
        self.read(move |database| {
            let mut statement = database.prepare(
                "SELECT id, at, who, connection, organization, state, tally, acts, undoes
                 FROM runs ORDER BY id DESC LIMIT ?1",
            )?;
            let json = |text: Option<String>| serde_json::from_str(&text?).ok();
            let runs = statement.query_map([limit], |row| {
                let at: i64 = row.get(1)?;
                Ok(Summary {
                    id: row.get(0)?,
                    at: crate::clock::rfc3339(at.unsigned_abs()),
                    who: row.get(2)?,
                    connection: row.get(3)?,
                    organization: row.get(4)?,
                    state: row.get(5)?,
                    tally: json(row.get(6)?),
                    acts: json(row.get(7)?),
                    undoes: row.get(8)?,
                })
            })?;
            runs.collect()
        })
        .await
    }

    /// What undid a run, if something did: the last that did anything, or is about to.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn undone(&self, run: i64) -> Result<Option<Undone>, JournalError> {
        self.read(move |database| {
            database
                .prepare(
                    "SELECT id, coalesce(tally ->> 'done', 0) + coalesce(tally ->> 'alreadySo', 0) AS done
                     FROM runs WHERE undoes = ?1 AND (done > 0 OR state NOT IN ('done', 'stopped'))
                     ORDER BY id DESC LIMIT 1",
                )?
                .query_row([run], |row| {
                    let done: i64 = row.get(1)?;
                    Ok(Undone {
                        run: row.get(0)?,
                        done: done.unsigned_abs(),
                    })
                })
                .optional()
        })
        .await
    }

    /// Ids of the runs that are not over, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn open_runs(&self) -> Result<Vec<i64>, JournalError> {
        self.read(|database| {
            let mut statement = database.prepare(
                "SELECT id FROM runs WHERE state NOT IN ('done', 'stopped') ORDER BY id",
            )?;
            let ids = statement.query_map([], |row| row.get(0))?;
            ids.collect()
        })
        .await
    }

    /// A run as it was kept.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn run(&self, id: i64) -> Result<Option<KeptRun>, JournalError> {
        self.read(move |database| {
            let found = database
                .prepare("SELECT at, who, connection, organization, plan, state, acts, undoes, base, settle, key FROM runs WHERE id = ?1")?
                .query_row([id], |row| {
                    let at: i64 = row.get(0)?;
                    let word: String = row.get(5)?;
                    let state = RunState::ALL.into_iter().find(|it| it.word() == word);
                    Ok(KeptRun {
                        id,
                        at: at.unsigned_abs(),
                        new: NewRun {
                            who: row.get(1)?,
                            connection: row.get(2)?,
                            organization: row.get(3)?,
                            plan: row.get(4)?,
                            acts: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
                            undoes: row.get(7)?,
                            base: row.get(8)?,
                            settle: row.get::<_, Option<i64>>(9)?.map(i64::unsigned_abs),
                            key: row.get(10)?,
                        },
                        state: state.unwrap_or(RunState::Paused),
                        steps: Vec::new(),
                        lost: Vec::new(),
                    })
                })
                .optional()?;
            let Some(mut run) = found else {
                return Ok(None);
            };
            run.steps = database
                .prepare("SELECT row, state FROM run_rows WHERE run = ?1")?
                .query_map([id], |row| Ok((index(row, 0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            run.lost = database
                .prepare(
                    "SELECT sent.row, max(sent.id) FROM sent
                     LEFT JOIN run_rows ON run_rows.run = sent.run AND run_rows.row = sent.row
                     WHERE sent.run = ?1 GROUP BY sent.row HAVING max(sent.id) > coalesce(max(upto), 0)",
                )?
                .query_map([id], |row| Ok((index(row, 0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some(run))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::World;
    use crate::journal::{Answered, News, Outcome, Sent};

    fn sent(run: i64, step: usize) -> Sent {
        Sent {
            who: "session 1".to_owned(),
            connection: "sandbox-astro".to_owned(),
            service: rolecall_core::service::Service::ALL[0],
            organization: "c1".to_owned(),
            row: Some((run, step)),
            subject: Some("a@example.com".to_owned()),
            method: "POST".to_owned(),
            path: "/invites".to_owned(),
            what: json!({}),
            before: None,
        }
    }

    fn kept(run: i64, step: usize, state: &str) -> Kept {
        let state = state.to_owned();
        Kept { run, step, state }
    }

    const DONE: Answered = Answered {
        outcome: Outcome::Done,
        status: Some(200),
        request_id: None,
        message: None,
    };

    #[tokio::test]
    async fn a_step_without_an_answer_is_found_until_somebody_has_taken_it_into_account() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
        let new = NewRun {
            who: "session 1".to_owned(),
            connection: "sandbox-astro".to_owned(),
            organization: "c1".to_owned(),
            plan: "{}".to_owned(),
            acts: r#"{"invite":2}"#.to_owned(),
            undoes: None,
            base: Some("https://astro.example/v1".to_owned()),
            settle: Some(40_000),
            key: Some("k1".to_owned()),
        };
        let begin = async |new: NewRun| match journal.begin_run(new).await.unwrap() {
            Begun::Now(run) => run,
            Begun::Before(run) => panic!("{run} is there already"),
        };
        let run = begin(new.clone()).await;
        let again = journal.begin_run(new.clone()).await.unwrap();
        assert_eq!(again, Begun::Before(run), "who asks twice gets one run");
        let kept_new = journal.run(run).await.unwrap().unwrap().new;
        assert_eq!(
            (kept_new.base, kept_new.settle),
            (new.base.clone(), new.settle)
        );
        let answered = journal.sent(sent(run, 0)).await.unwrap();
        let lost = journal.sent(sent(run, 1)).await.unwrap();
        let state = Some(kept(run, 0, "done"));
        journal
            .answered(answered, DONE, News::None, state)
            .await
            .unwrap();

        let found = journal.run(run).await.unwrap().unwrap();
        assert_eq!(found.state, RunState::Running);
        assert_eq!(found.steps, [(0, "done".to_owned())]);
        assert_eq!(found.lost, [(1, lost)]);
        assert_eq!(journal.open_runs().await.unwrap(), [run]);

        journal
            .keep_steps(vec![(kept(run, 1, "open"), Some(lost))])
            .await
            .unwrap();
        assert_eq!(journal.run(run).await.unwrap().unwrap().lost, []);

        // the list showed that it was not done, and it was sent again
        journal
            .keep_steps(vec![(kept(run, 1, "waiting"), None)])
            .await
            .unwrap();
        let again = journal.sent(sent(run, 1)).await.unwrap();
        assert_eq!(journal.run(run).await.unwrap().unwrap().lost, [(1, again)]);

        // what is written late of the first sending takes nothing back
        journal
            .keep_steps(vec![(kept(run, 1, "done"), None)])
            .await
            .unwrap();
        let late = Some(kept(run, 1, "open"));
        journal
            .answered(lost, DONE, News::None, late)
            .await
            .unwrap();
        let found = journal.run(run).await.unwrap().unwrap();
        assert_eq!((found.steps[1].1.as_str(), found.lost), ("done", vec![]));

        journal
            .run_stands(run, RunState::Done, "{}".to_owned())
            .await
            .unwrap();
        assert!(journal.open_runs().await.unwrap().is_empty());
        let latest = journal.latest_runs(10).await.unwrap();
        assert_eq!((latest[0].id, latest[0].state.as_str()), (run, "done"));
        assert_eq!(latest[0].acts, Some(json!({ "invite": 2 })));
        assert!(journal.run(run + 1).await.unwrap().is_none());

        // what undoes it is known, but for a run of another organization
        assert_eq!(journal.undone(run).await.unwrap(), None);
        let undoes = Some(run);
        let key = None;
        let back = NewRun { undoes, key, ..new };
        let organization = "c2".to_owned();
        let elsewhere = NewRun {
            organization,
            ..back.clone()
        };
        let back = begin(back).await;
        let elsewhere = begin(elsewhere).await;
        let undone = |done| Some(Undone { run: back, done });
        assert_eq!(journal.undone(run).await.unwrap(), undone(0));
        let tally = r#"{"done":1,"alreadySo":1}"#.to_owned();
        journal
            .run_stands(back, RunState::Done, tally)
            .await
            .unwrap();
        assert_eq!(journal.undone(run).await.unwrap(), undone(2));
        let kept = journal.run(elsewhere).await.unwrap().unwrap();
        assert_eq!(kept.new.undoes, None);
    }
}
