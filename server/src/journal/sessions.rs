//! Sessions of browsers, as hashes, so that they outlive the process.

use rusqlite::params;

use super::{Journal, JournalError};
use crate::guard::{Hash, SessionNotes};

impl Journal {
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
}
