//! What was seen last of each organization.

use rusqlite::{OptionalExtension as _, params};

use super::{Journal, JournalError};

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

impl Journal {
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
        self.write_alone(move |transaction| {
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
}
