//! The journal: every change this server sends, before and after, in SQLite on a thread of its own.
//!
//! Nothing is answered before it is on the disk (`synchronous=FULL`); what waits while one
//! transaction is written goes into the next one together.
//!
//! It is this server's own record. The service's audit log is another thing, and knows of changes
//! that others made.

mod runs;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rolecall_core::plan::KnownInvite;
use rolecall_core::service::Service;
use rusqlite::{
    Connection as Database, ErrorCode, OpenFlags, OptionalExtension as _, Row, Transaction, params,
};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::clock::World;
use crate::data_folder::private;
use crate::guard::{Hash, SessionNotes};

pub use runs::{Kept, KeptRun, NewRun, RunState, Summary};

/// Version of the tables; a file of a higher one is not touched.
const VERSION: i64 = 1;

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

/// A change that is about to go out.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The session that asked.
    pub who: String,
    /// Id of the connection.
    pub connection: String,
    /// Its service.
    pub service: Service,
    /// Id of the organization, or empty where the path does not say it.
    pub organization: String,
    /// The run and its step, if it is part of one.
    pub row: Option<(i64, usize)>,
    /// Whose address it is about, where that is known.
    pub subject: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path below the connection's base address.
    pub path: String,
    /// What is asked of the service.
    pub what: Value,
    /// How it stood, where that is known.
    pub before: Option<Value>,
}

/// What an answer told that is kept beside it.
#[derive(Clone, Debug)]
pub enum News {
    /// Nothing.
    None,
    /// Somebody was invited, and the invitation has an id.
    Invited {
        /// Id of the connection.
        connection: String,
        /// Id of the organization.
        organization: String,
        /// The invitation.
        invite: KnownInvite,
    },
    /// An invitation was withdrawn.
    Withdrawn {
        /// Id of the connection.
        connection: String,
        /// Id of the invitation.
        invite: String,
    },
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// In one word.
    pub outcome: Outcome,
    /// HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The service's words, or ours where it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What came of a change, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The service did it.
    Done,
    /// The service said no.
    Refused,
    /// It went out, and nothing that came back says whether it was done.
    Unknown,
    /// It did not go out.
    Unsent,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Done, Self::Refused, Self::Unknown, Self::Unsent];

    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Unsent => "unsent",
        }
    }
}

/// A change and what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Rises with each change.
    pub id: i64,
    /// RFC 3339, UTC.
    pub at: String,
    /// The session that asked.
    pub who: String,
    /// Id of the connection.
    pub connection: String,
    /// Its service.
    pub service: String,
    /// Id of the organization.
    pub organization: String,
    /// The run it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<i64>,
    /// Its step of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<i64>,
    /// Whose address it is about, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path below the connection's base address.
    pub path: String,
    /// What was asked of the service.
    pub what: Value,
    /// How it stood, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What came of it; `None` where the server ended in between.
    pub answer: Option<Answered>,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
}

/// What was seen last of an organization.
#[derive(Debug)]
pub struct KnownRow {
    /// The connection.
    pub connection: String,
    /// The organization.
    pub organization: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Its users, JSON.
    pub users: String,
}

/// Which entries to read, newest first.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only those of a connection.
    pub connection: Option<String>,
    /// Only those of an organization.
    pub organization: Option<String>,
    /// Only those of a run.
    pub run: Option<i64>,
    /// Only those that hold each of these words somewhere.
    pub words: Vec<String>,
    /// Only those about the person with this address, letter case aside.
    pub person: Option<String>,
    /// Only those before this id.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// One write: gives who is to be told, and why it failed if it did.
type Job = Box<dyn FnOnce(&Transaction<'_>) -> (Done, Option<JournalError>) + Send>;
type Done = Box<dyn FnOnce(Result<(), JournalError>) + Send>;

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
        if version == 0 {
            let tables = format!(
                "BEGIN IMMEDIATE; {} PRAGMA user_version = {VERSION}; COMMIT;",
                include_str!("journal/schema.sql")
            );
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
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let written = in_savepoint(transaction, write);
            let written = written.map_err(|error| JournalError::of(&error));
            let failed = written.as_ref().err().cloned();
            let done: Done = Box::new(move |committed| {
                // Nobody waits any more where a browser went away.
                let _ = answer.send(committed.and(written));
            });
            (done, failed)
        });
        let gone = || JournalError::Other("its thread has ended".to_owned());
        self.line.send(job).map_err(|_| gone())?;
        wait.await.map_err(|_| gone())?
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

    /// Notes that a change is about to go out, and gives the entry's id.
    ///
    /// # Errors
    /// If it is not on the disk; the change must not go out then.
    pub async fn sent(&self, sent: Sent) -> Result<i64, JournalError> {
        let at = self.now();
        self.write(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO sent (at, who, connection, service, organization, run, row, method, path, subject, what, before)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                )?
                .execute(params![
                    at,
                    sent.who,
                    sent.connection,
                    word(sent.service),
                    sent.organization,
                    sent.row.map(|(run, _)| run),
                    sent.row.map(|(_, row)| i64::try_from(row).unwrap_or(i64::MAX)),
                    sent.method,
                    sent.path,
                    sent.subject,
                    sent.what.to_string(),
                    sent.before.map(|it| it.to_string()),
                ])?;
            Ok(transaction.last_insert_rowid())
        })
        .await
    }

    /// Notes what came of a change, and all that follows from it, together.
    ///
    /// # Errors
    /// If it is not on the disk.
    pub async fn answered(
        &self,
        id: i64,
        answered: Answered,
        news: News,
        kept: Option<Kept>,
    ) -> Result<(), JournalError> {
        let at = self.now();
        self.write(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO answered (sent, at, outcome, status, request_id, message)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    id,
                    at,
                    answered.outcome.word(),
                    answered.status,
                    answered.request_id,
                    answered.message,
                ])?;
            match news {
                News::None => {}
                News::Invited {
                    connection,
                    organization,
                    invite,
                } => {
                    let (user, email) = (invite.user.as_str(), invite.email);
                    let invite = invite.invite.as_str();
                    transaction
                        .prepare_cached(
                            "INSERT INTO invites (connection, organization, user, invite, email) VALUES (?1, ?2, ?3, ?4, ?5)
                             ON CONFLICT DO UPDATE SET invite = excluded.invite, email = excluded.email",
                        )?
                        .execute(params![connection, organization, user, invite, email])?;
                }
                News::Withdrawn { connection, invite } => {
                    transaction
                        .prepare_cached("DELETE FROM invites WHERE connection = ?1 AND invite = ?2")?
                        .execute(params![connection, invite])?;
                }
            }
            if let Some(kept) = kept {
                runs::keep(transaction, &kept, Some(id))?;
            }
            Ok(())
        })
        .await
    }

    /// How many changes there are.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn count(&self) -> Result<i64, JournalError> {
        self.read(|database| database.query_row("SELECT count(*) FROM sent", [], |row| row.get(0)))
            .await
    }

    /// Entries, newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn entries(&self, query: Query) -> Result<Vec<Entry>, JournalError> {
        self.read(move |database| {
            let mut statement = database.prepare_cached(
                "SELECT sent.id, sent.at, who, connection, service, organization, run, row, method, path,
                        what, before, answered.at, outcome, status, request_id, message, subject
                 FROM sent LEFT JOIN answered ON answered.sent = sent.id
                 WHERE (?1 IS NULL OR connection = ?1) AND (?2 IS NULL OR organization = ?2)
                   AND (?3 IS NULL OR run = ?3) AND sent.id < ?4
                   AND NOT EXISTS (SELECT 1 FROM json_each(?6) WHERE instr(
                       lower(concat_ws(' ', subject, what, sent.path, who, service, connection, organization,
                                       outcome, status, message, request_id)),
                       lower(value)) = 0)
                   AND (?7 IS NULL OR subject = ?7 COLLATE NOCASE)
                 ORDER BY sent.id DESC LIMIT ?5",
            )?;
            let words = Value::from(query.words).to_string();
            let before = query.before.unwrap_or(i64::MAX);
            let rows = statement.query_map(
                params![
                    query.connection,
                    query.organization,
                    query.run,
                    before,
                    query.limit,
                    words,
                    query.person
                ],
                entry,
            )?;
            rows.collect()
        })
        .await
    }

    /// Invitations of an organization that can be withdrawn.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn invites(
        &self,
        connection: String,
        organization: String,
    ) -> Result<Vec<KnownInvite>, JournalError> {
        self.read(move |database| {
            let mut statement = database.prepare_cached(
                "SELECT invite, user, email FROM invites WHERE connection = ?1 AND organization = ?2 ORDER BY rowid",
            )?;
            let rows = statement.query_map(params![connection, organization], |row| {
                Ok(KnownInvite {
                    invite: row.get::<_, String>(0)?.into(),
                    user: row.get::<_, String>(1)?.into(),
                    email: row.get(2)?,
                })
            })?;
            rows.collect()
        })
        .await
    }

    /// Keeps what was seen last of an organization; `users` is JSON as the console sent it.
    ///
    /// # Errors
    /// If it is not on the disk.
    pub async fn keep_known(
        &self,
        connection: String,
        organization: String,
        users: String,
    ) -> Result<(), JournalError> {
        let at = self.now();
        self.write(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO known (connection, organization, at, users) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET at = excluded.at, users = excluded.users",
                )?
                .execute(params![connection, organization, at, users])?;
            Ok(())
        })
        .await
    }

    /// What was seen last of an organization: JSON, and when (milliseconds since 1970-01-01 UTC).
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn known(
        &self,
        connection: String,
        organization: String,
    ) -> Result<Option<(i64, String)>, JournalError> {
        self.read(move |database| {
            database
                .prepare_cached(
                    "SELECT at, users FROM known WHERE connection = ?1 AND organization = ?2",
                )?
                .query_row(params![connection, organization], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
        })
        .await
    }

    /// Goes through what was seen last of each organization, in the order of their ids, and gives what
    /// `visit` made of it; one organization at a time is in memory.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn each_known<T: Send + 'static>(
        &self,
        start: T,
        mut visit: impl FnMut(&mut T, &KnownRow) + Send + 'static,
    ) -> Result<T, JournalError> {
        self.read(move |database| {
            let mut statement = database.prepare_cached(
                "SELECT connection, organization, at, users FROM known ORDER BY connection, organization",
            )?;
            let mut rows = statement.query([])?;
            let mut made = start;
            while let Some(row) = rows.next()? {
                let row = KnownRow {
                    connection: row.get(0)?,
                    organization: row.get(1)?,
                    at: row.get(2)?,
                    users: row.get(3)?,
                };
                visit(&mut made, &row);
            }
            Ok(made)
        })
        .await
    }

    /// Notes new sessions and such as are gone.
    ///
    /// # Errors
    /// If it is not on the disk.
    pub async fn keep_sessions(&self, notes: SessionNotes) -> Result<(), JournalError> {
        self.write(move |transaction| {
            for (hash, until) in notes {
                match until.map(|it| i64::try_from(it).unwrap_or(i64::MAX)) {
                    Some(until) => transaction.execute(
                        "INSERT OR REPLACE INTO sessions (hash, until) VALUES (?1, ?2)",
                        params![hash, until],
                    ),
                    None => transaction.execute("DELETE FROM sessions WHERE hash = ?1", [hash]),
                }?;
            }
            Ok(())
        })
        .await
    }

    /// Sessions that are still good, with their ends.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn sessions(&self) -> Result<Vec<(Hash, u64)>, JournalError> {
        let now = self.now();
        self.read(move |database| {
            let mut statement =
                database.prepare("SELECT hash, until FROM sessions WHERE until > ?1")?;
            let rows = statement.query_map([now], |row| {
                let until: i64 = row.get(1)?;
                Ok((row.get(0)?, until.unsigned_abs()))
            })?;
            rows.collect()
        })
        .await
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
        let mut jobs = VecDeque::from([first]);
        jobs.extend(waiting.try_iter().take(TOGETHER - 1));
        let mut done = Vec::with_capacity(jobs.len());
        let mut failed = None;
        let committed = (|| {
            let transaction = database.transaction()?;
            for job in jobs {
                let (tell, failure) = job(&transaction);
                done.push(tell);
                failed = failed.take().or(failure);
            }
            transaction.commit()
        })();
        // A full disk takes the whole transaction back, and the commit finds none.
        let committed = committed
            .map_err(|error: rusqlite::Error| failed.unwrap_or_else(|| JournalError::of(&error)));
        for done in done {
            done(committed.clone());
        }
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

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let json = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    let time = |ms: i64| crate::clock::rfc3339(ms.unsigned_abs());
    let outcome: Option<String> = row.get(13)?;
    let outcome = outcome.and_then(|word| Outcome::ALL.into_iter().find(|it| it.word() == word));
    let answer = match outcome {
        None => None,
        Some(outcome) => Some(Answered {
            outcome,
            status: row.get(14)?,
            request_id: row.get(15)?,
            message: row.get(16)?,
        }),
    };
    Ok(Entry {
        id: row.get(0)?,
        at: time(row.get(1)?),
        who: row.get(2)?,
        connection: row.get(3)?,
        service: row.get(4)?,
        organization: row.get(5)?,
        run: row.get(6)?,
        row: row.get(7)?,
        subject: row.get(17)?,
        method: row.get(8)?,
        path: row.get(9)?,
        what: json(row.get(10)?),
        before: row.get::<_, Option<String>>(11)?.map(json),
        answer,
        answered_at: row.get::<_, Option<i64>>(12)?.map(time),
    })
}

fn word(service: Service) -> String {
    service.name().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(path: &str) -> Sent {
        Sent {
            who: "session 1".to_owned(),
            connection: "sandbox-astro".to_owned(),
            service: Service::ALL[0],
            organization: "c1".to_owned(),
            row: None,
            subject: None,
            method: "POST".to_owned(),
            path: path.to_owned(),
            what: json!({ "role": "ORGANIZATION_MEMBER" }),
            before: Some(json!(null)),
        }
    }

    fn all() -> Query {
        Query {
            limit: 100,
            ..Query::default()
        }
    }

    #[tokio::test]
    async fn a_change_is_there_before_its_answer_and_after_a_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let journal = Journal::open(&path, World::real()).unwrap();
        let one = journal.sent(sent("/one")).await.unwrap();
        let two = journal.sent(sent("/two")).await.unwrap();
        let answer = Answered {
            outcome: Outcome::Refused,
            status: Some(400),
            request_id: Some("r-1".to_owned()),
            message: Some("no".to_owned()),
        };
        journal
            .answered(one, answer, News::None, None)
            .await
            .unwrap();
        drop(journal);

        let journal = Journal::open(&path, World::real()).unwrap();
        let entries = journal.entries(all()).await.unwrap();
        assert_eq!(
            entries.iter().map(|it| it.id).collect::<Vec<_>>(),
            [two, one]
        );
        assert!(entries[0].answer.is_none());
        let answer = entries[1].answer.as_ref().unwrap();
        assert_eq!(
            (answer.outcome, answer.status),
            (Outcome::Refused, Some(400))
        );
        assert_eq!(answer.request_id.as_deref(), Some("r-1"));

        let with = |words: &str| Query {
            words: words.split_whitespace().map(str::to_owned).collect(),
            ..all()
        };
        for (words, found) in [
            ("/ONE", vec![one]),
            ("organization_member", vec![two, one]),
            ("member refused R-1", vec![one]),
            ("member nowhere", vec![]),
            ("100% _", vec![]),
        ] {
            let entries = journal.entries(with(words)).await.unwrap();
            let ids: Vec<_> = entries.iter().map(|it| it.id).collect();
            assert_eq!(ids, found, "{words}");
        }

        let other = Query {
            organization: Some("c2".to_owned()),
            ..all()
        };
        assert!(journal.entries(other).await.unwrap().is_empty());
        let earlier = Query {
            before: Some(two),
            ..all()
        };
        assert_eq!(journal.entries(earlier).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_persons_history_is_found_by_address_whatever_its_case() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
        for (path, subject) in [("/one", "Ada@Example.org"), ("/two", "grace@example.org")] {
            let about = Sent {
                subject: Some(subject.to_owned()),
                ..sent(path)
            };
            journal.sent(about).await.unwrap();
        }
        let of = |person: &str| Query {
            person: Some(person.to_owned()),
            ..all()
        };
        let found = journal.entries(of("ada@example.org")).await.unwrap();
        assert_eq!(
            found.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(),
            ["/one"]
        );
        assert!(journal.entries(of("a")).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn nothing_in_it_can_be_changed_or_answered_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let journal = Journal::open(&path, World::real()).unwrap();
        let id = journal.sent(sent("/one")).await.unwrap();
        let answer = || Answered {
            outcome: Outcome::Done,
            status: Some(200),
            request_id: None,
            message: None,
        };
        journal
            .answered(id, answer(), News::None, None)
            .await
            .unwrap();
        journal
            .answered(id, answer(), News::None, None)
            .await
            .unwrap_err();
        for sql in [
            "UPDATE sent SET who = 'x'",
            "DELETE FROM sent",
            "DELETE FROM answered",
            "UPDATE answered SET status = 1",
        ] {
            let error = journal
                .write(move |it| it.execute(sql, []))
                .await
                .unwrap_err();
            assert!(error.to_string().contains("append-only"), "{error}");
        }
        assert_eq!(journal.entries(all()).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn many_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
        let mut tasks = Vec::new();
        for i in 0..300 {
            let journal = journal.clone();
            tasks.push(tokio::spawn(async move {
                journal.sent(sent(&format!("/{i}"))).await
            }));
        }
        let mut ids = Vec::new();
        for task in tasks {
            ids.push(task.await.unwrap().unwrap());
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 300);
    }

    #[tokio::test]
    async fn a_full_disk_is_said_so_and_leaves_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
        journal.sent(sent("/one")).await.unwrap();
        let pages = journal.write(|it| {
            let pages: i64 = it.pragma_query_value(None, "page_count", |row| row.get(0))?;
            it.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))
        });
        pages.await.unwrap();
        let mut large = sent("/two");
        large.what = Value::String("x".repeat(100_000));
        let error = journal.sent(large).await.unwrap_err();
        assert!(matches!(error, JournalError::Full), "{error}");
        assert_eq!(journal.entries(all()).await.unwrap().len(), 1);
    }

    #[test]
    fn a_newer_or_foreign_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        drop(Journal::open(&path, World::real()).unwrap());
        let database = Database::open(&path).unwrap();
        database
            .pragma_update(None, "user_version", VERSION + 1)
            .unwrap();
        drop(database);
        let error = Journal::open(&path, World::real()).err().unwrap();
        assert!(error.to_string().contains("newer version"), "{error}");

        let text = folder.path().join("text.sqlite");
        std::fs::write(
            &text,
            "this is not a database at all, whatever its name may say",
        )
        .unwrap();
        let error = Journal::open(&text, World::real()).err().unwrap();
        assert!(error.to_string().contains("no journal"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
        journal.sent(sent("/one")).await.unwrap();
        let mut files = 0;
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
            files += 1;
        }
        assert!(files >= 2, "the journal and its write-ahead log");
    }
}
