//! `rolecall doctor`: which connections are found where, and whether each answers; no secret.

use std::path::Path;

use rolecall_core::service::Service;
use serde::Serialize;

use crate::clock::World;
use crate::config::DoctorArgs;
use crate::connection::Connection;
use crate::connections::check;
use crate::connections::environment::Surroundings;
use crate::connections::sources::{SourceError, find};
use crate::data_folder::{DataFolder, DataFolderError};
use crate::journal::check::{Condition, check as check_journal};
use crate::journal::{Journal, JournalError};
use crate::sending::{NoTrust, Patience, Sender};

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    version: &'static str,
    data_folder: String,
    journal: Finding,
    server: Option<String>,
    connections: Vec<Patient>,
    problems: Vec<String>,
}

/// A connection and how it is.
#[derive(Debug, Serialize)]
struct Patient {
    id: String,
    service: Service,
    name: String,
    base: String,
    source: String,
    answer: Finding,
}

/// How something is.
#[derive(Debug, Serialize)]
#[serde(tag = "is", content = "says", rename_all = "camelCase")]
enum Finding {
    /// Well, and what it says.
    Well(String),
    /// Not well, and why.
    Ill(String),
    /// Not asked, and why.
    NotAsked(String),
}

impl Finding {
    fn text(&self) -> String {
        match self {
            Self::Well(text) => format!("ok: {text}"),
            Self::Ill(text) => format!("FAILED: {text}"),
            Self::NotAsked(text) => format!("not asked: {text}"),
        }
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// A token that a flag names cannot be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is no data folder to look into.
    #[error(transparent)]
    Data(#[from] DataFolderError),
    /// Nobody can be trusted.
    #[error(transparent)]
    Trust(#[from] NoTrust),
    /// A journal of its own cannot be made.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Looks everywhere; asks the real services only with `--live`.
///
/// # Errors
/// If something that a flag names cannot be had.
pub async fn examine(
    args: &DoctorArgs,
    around: &Surroundings,
    world: &World,
) -> Result<Report, DoctorError> {
    let found = find(&args.sources, around, world.now_ms())?;
    let folder = DataFolder::choose(args.data_dir.as_deref())?;
    let file = folder.join("journal.sqlite");
    let journal = look_at(&file);
    let live = args.sources.live;
    // Nothing is sent that would be journaled; a sender needs a journal all the same.
    let unused = Journal::in_memory(world.clone())?;
    let sender = Sender::new(live, Patience::default(), unused, world.clone())?;
    let mut connections = Vec::new();
    for offer in found.offers {
        let connection = Connection::new(offer);
        let answer = match live {
            false => Finding::NotAsked("add --live to ask the real service".to_owned()),
            true => match check(&connection, &sender).await {
                Ok(identity) => Finding::Well(identity.name),
                Err(failure) => Finding::Ill(failure.to_string()),
            },
        };
        connections.push(Patient {
            id: connection.id.clone(),
            service: connection.service,
            name: connection.name(),
            base: connection.base.clone(),
            source: connection.source.clone(),
            answer,
        });
    }
    Ok(Report {
        version: env!("CARGO_PKG_VERSION"),
        data_folder: folder.display().to_string(),
        journal,
        server: DataFolder::announced(&folder).ok().map(|it| it.url),
        connections,
        problems: found.problems,
    })
}

/// Looks at a journal without touching it.
fn look_at(file: &Path) -> Finding {
    let count = |changes| match changes {
        1 => "1 change".to_owned(),
        changes => format!("{changes} changes"),
    };
    match check_journal(file) {
        Ok(Condition::Absent) => Finding::NotAsked("there is none yet".to_owned()),
        Ok(Condition::Fine { changes }) => Finding::Well(count(changes)),
        Ok(Condition::Older { changes }) => Finding::Well(format!(
            "{}; it is of an older version, and the next start takes it up",
            count(changes)
        )),
        Ok(Condition::Unfinished) => Finding::Well(
            "its last changes are still beside it, and the next start takes them up".to_owned(),
        ),
        Err(error) => Finding::Ill(error.to_string()),
    }
}

impl Report {
    /// Whether there is nothing to be done.
    pub fn is_well(&self) -> bool {
        let ill = |it: &Finding| matches!(it, Finding::Ill(_));
        !ill(&self.journal) && !self.connections.iter().any(|it| ill(&it.answer))
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("rolecall {}\n\n", self.version);
        text.push_str(&format!("Data folder  {}\n", self.data_folder));
        text.push_str(&format!("Journal      {}\n", self.journal.text()));
        let server = self.server.as_deref().unwrap_or("none runs on this folder");
        text.push_str(&format!("Server       {server}\n"));
        if self.connections.is_empty() {
            text.push_str("\nNo connection to a real service is found.\n");
        }
        for it in &self.connections {
            text.push_str(&format!(
                "\n{} · {}\n  from    {}\n  address {}\n  {}\n",
                it.service.name(),
                it.name,
                it.source,
                it.base,
                it.answer.text()
            ));
        }
        for problem in &self.problems {
            text.push_str(&format!("\nNote: {problem}\n"));
        }
        text
    }
}
