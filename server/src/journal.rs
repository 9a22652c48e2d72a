//! The journal: every change this server sends, before and after, in SQLite on a thread of its own.
//!
//! Nothing is answered before it is on the disk (`synchronous=FULL`); what waits while one
//! transaction is written goes into the next one together.
//!
//! It is this server's own record. The service's audit log is another thing, and knows of changes
//! that others made.

pub mod check;
mod entries;
mod known;
mod runs;
mod sessions;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rusqlite::{Connection as Database, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use crate::clock::World;
use crate::data_folder::private;

pub use entries::{Answered, Entry, News, Outcome, Query, Sent};
pub use known::KnownRow;
pub use runs::{Begun, Kept, KeptRun, NewRun, RunState, Summary, Undone};

/// Version of the tables; a file of a higher one is not touched.
const VERSION: i64 = 3;

/// What takes the tables of a version to the next one, from version 1 on.
const STEPS: [&str; 2] = [
    "ALTER TABLE runs ADD COLUMN acts TEXT; ALTER TABLE runs ADD COLUMN undoes INTEGER;",
    "ALTER TABLE runs ADD COLUMN base TEXT; ALTER TABLE runs ADD COLUMN settle INTEGER;
     ALTER TABLE runs ADD COLUMN key TEXT;
     CREATE UNIQUE INDEX runs_by_key ON runs (key) WHERE key IS NOT NULL;
     DROP INDEX sent_by_run; CREATE INDEX sent_by_run ON sent (run, row) WHERE run IS NOT NULL;",
];

/// Most writes in one transaction.
const TOGETHER: usize = 256;

/// Said wherever entries are shown.
pub const NOTE: &str =
    "This is Rolecall's own record of the changes it sent, not the service's audit log.";

/// Why the journal does not answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It was written by a later version of this program.
    #[error(
        "the journal {0} was written by a newer version of rolecall; update rolecall, or name another folder with --data-dir"
    )]
    Newer(String),
    /// The file is something else, or broken.
    #[error(
        "the journal {0} is damaged or no journal; move it away, or name another folder with --data-dir"
    )]
    Damaged(String),
    /// Another program writes into it.
    #[error("the journal is held by another program; close that program")]
    Locked,
    /// Its thread is gone.
    #[error("the journal cannot be used: its thread has ended")]
    Ended,
    /// No room.
    #[error("the journal cannot be written: the disk is full")]
    Full,
    /// Any other cause.
    #[error("the journal cannot be used: {0}")]
    Other(String),
}

impl JournalError {
    fn of(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged("in use".to_owned()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// One write within a transaction, or why there is none: gives who is to be told, and why it failed if it did.
type Work =
    Box<dyn FnOnce(Result<&Transaction<'_>, JournalError>) -> (Done, Option<JournalError>) + Send>;
type Done = Box<dyn FnOnce(Result<(), JournalError>) + Send>;

struct Job {
    work: Work,
    /// Whether it is in a transaction of its own, after those that are not: what can be done without must not take
    /// anything else with it when there is no room.
    alone: bool,
}

/// The journal. Clones write into the same one.
#[derive(Clone)]
pub struct Journal {
    line: mpsc::Sender<Job>,
    path: PathBuf,
    world: World,
}

impl Journal {
    /// Opens a journal, making it where there is none.
    ///
    /// # Errors
    /// If the file cannot be used; the error says what to do.
    pub fn open(path: &Path, world: World) -> Result<Self, JournalError> {
        let name = || path.display().to_string();
        let io = |error: std::io::Error| JournalError::Other(format!("{}: {error}", name()));
        private(path.to_owned()).map_err(io)?;
        let explain = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                JournalError::Damaged(name())
            }
            _ => JournalError::of(&error),
        };
        let database = Database::open(path).map_err(explain)?;
        prepare(&database).map_err(explain)?;
        let version: i64 = database
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(explain)?;
        if version > VERSION {
            return Err(JournalError::Newer(name()));
        }
        if version < VERSION {
            let steps = match usize::try_from(version - 1) {
                Ok(done) => STEPS[done..].concat(),
                Err(_) => include_str!("journal/schema.sql").to_owned(),
            };
            let tables =
                format!("BEGIN IMMEDIATE; {steps} PRAGMA user_version = {VERSION}; COMMIT;");
            database.execute_batch(&tables).map_err(explain)?;
        }
        let (line, waiting) = mpsc::channel();
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || work(database, &waiting))
            .map_err(io)?;
        Ok(Self {
            line,
            path: path.to_owned(),
            world,
        })
    }

    /// A journal that is gone with the process.
    ///
    /// # Errors
    /// If SQLite gives no memory.
    pub fn in_memory(world: World) -> Result<Self, JournalError> {
        let other = |error: std::io::Error| JournalError::Other(error.to_string());
        let database = Database::open_in_memory().map_err(|error| JournalError::of(&error))?;
        database
            .execute_batch(include_str!("journal/schema.sql"))
            .map_err(|error| JournalError::of(&error))?;
        let (line, waiting) = mpsc::channel();
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || work(database, &waiting))
            .map_err(other)?;
        let path = PathBuf::new();
        Ok(Self { line, path, world })
    }

    /// Runs `write` in a transaction and waits until it is on the disk.
    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.put(false, write).await
    }

    /// Does the same in a transaction of its own.
    async fn write_alone<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.put(true, write).await
    }

    async fn put<T: Send + 'static>(
        &self,
        alone: bool,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (answer, wait) = oneshot::channel();
        let work: Work = Box::new(move |transaction| {
            let written = transaction.and_then(|transaction| {
                let written = in_savepoint(transaction, write);
                written.map_err(|error| JournalError::of(&error))
            });
            let failed = written.as_ref().err().cloned();
            let done: Done = Box::new(move |committed| {
                // Nobody waits any more where a browser went away.
                let _ = answer.send(committed.and(written));
            });
            (done, failed)
        });
        let sent = self.line.send(Job { work, alone });
        sent.map_err(|_| JournalError::Ended)?;
        wait.await.map_err(|_| JournalError::Ended)?
    }

    /// Runs `read` beside the writer.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Database) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let path = self.path.clone();
        let work = tokio::task::spawn_blocking(move || {
            let database = Database::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            read(&database)
        });
        match work.await {
            Ok(read) => read.map_err(|error| JournalError::of(&error)),
            Err(error) => Err(JournalError::Other(error.to_string())),
        }
    }

    fn now(&self) -> i64 {
        i64::try_from(self.world.now_ms()).unwrap_or(i64::MAX)
    }
}

fn prepare(database: &Database) -> rusqlite::Result<()> {
    database.busy_timeout(std::time::Duration::from_secs(5))?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.pragma_update(None, "foreign_keys", "ON")
}

/// Writes what comes, as much together as waits, until the last handle is gone.
fn work(mut database: Database, waiting: &mpsc::Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        jobs.extend(waiting.try_iter().take(TOGETHER - 1));
        let (alone, together): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.alone);
        let mut together: VecDeque<Job> = together.into();
        while !together.is_empty() {
            write_together(&mut database, &mut together);
        }
        for job in alone {
            write_together(&mut database, &mut VecDeque::from([job]));
        }
    }
}

/// Writes jobs in one transaction: all of them, or as many as SQLite takes before it takes everything back, which it
/// does by itself when the disk is full. What comes after must not be told the same, so it is left in the line.
fn write_together(database: &mut Database, jobs: &mut VecDeque<Job>) {
    let mut done = Vec::with_capacity(jobs.len());
    let mut taken_back = None;
    let committed = (|| {
        // One wait for another program that writes, and not one for each job.
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        while let Some(job) = jobs.pop_front() {
            let (tell, failure) = (job.work)(Ok(&transaction));
            done.push(tell);
            if transaction.is_autocommit() {
                taken_back = failure;
                break;
            }
        }
        // Where everything was taken back, it finds nothing to commit.
        transaction.commit()
    })();
    let committed = committed
        .map_err(|error: rusqlite::Error| taken_back.unwrap_or_else(|| JournalError::of(&error)));
    if done.is_empty()
        && let Err(error) = &committed
    {
        let untold = jobs.drain(..).map(|job| (job.work)(Err(error.clone())).0);
        done.extend(untold);
    }
    for done in done {
        done(committed.clone());
    }
}

/// One write among others: if it fails, it leaves nothing behind.
fn in_savepoint<T>(
    transaction: &Transaction<'_>,
    write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    transaction.execute_batch("SAVEPOINT one")?;
    let written = write(transaction);
    match &written {
        Ok(_) => transaction.execute_batch("RELEASE one")?,
        // The cause is worth more than that there is nothing to go back to.
        Err(_) => transaction
            .execute_batch("ROLLBACK TO one; RELEASE one")
            .unwrap_or_default(),
    }
    written
}

#[cfg(test)]
mod tests;
