//! Changes as the journal keeps them: what went out, and what came back.

use rolecall_core::plan::KnownInvite;
use rolecall_core::service::Service;
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::Value;

use super::runs::{self, Kept};
use super::{Journal, JournalError};

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

impl Journal {
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
