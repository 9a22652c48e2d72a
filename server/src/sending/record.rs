//! What came of a change, in the journal's words, and how it gets there.

use std::time::Duration;

use http::Response;
use rolecall_core::plan::{Change, Failure, KnownInvite};

use super::{REQUEST_IDS, SendError};
use crate::connection::Connection;
use crate::journal::{Answered, Journal, JournalError, Kept, News, Outcome};

/// How long an answer that could not be written waits at first, and at the most.
const FIRST_TRY: Duration = Duration::from_millis(200);
const LAST_TRY: Duration = Duration::from_secs(30);

/// How often it is tried again where it is not known that the cause passes.
const ODD_TRIES: u32 = 10;

/// What came of a change, as it is written.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) id: i64,
    pub(super) answered: Answered,
    pub(super) news: News,
    pub(super) kept: Option<Kept>,
}

impl Record {
    pub(super) async fn write(self, journal: &Journal) -> Result<(), JournalError> {
        let Self {
            id,
            answered,
            news,
            kept,
        } = self;
        journal.answered(id, answered, news, kept).await
    }

    /// Writes it as soon as that can be done; the process may end before.
    pub(super) async fn write_at_last(self, journal: &Journal) {
        let (mut wait, mut odd) = (FIRST_TRY, 0);
        while odd < ODD_TRIES {
            tokio::time::sleep(wait).await;
            match self.clone().write(journal).await {
                Ok(()) => {
                    return tracing::info!(entry = self.id, "the answer is in the journal now");
                }
                // these pass
                Err(JournalError::Full | JournalError::Locked) => {}
                Err(_) => odd += 1,
            }
            wait = (wait * 2).min(LAST_TRY);
        }
        tracing::error!(
            entry = self.id,
            "an answer could not be written into the journal"
        );
    }
}

/// What an answer is in the journal's words.
pub(super) fn answered(
    response: &Result<Response<Vec<u8>>, SendError>,
    answer: &Result<Change, Failure>,
) -> Answered {
    let (outcome, message) = match answer {
        Ok(_) => (Outcome::Done, None),
        Err(failure) => {
            let outcome = match failure {
                Failure::Refused(_) if !failure.leaves_open() => Outcome::Refused,
                _ if failure.leaves_open() => Outcome::Unknown,
                _ => Outcome::Unsent,
            };
            (outcome, Some(failure.to_string()))
        }
    };
    let response = response.as_ref().ok();
    let request_id = response.and_then(|response| {
        let id = REQUEST_IDS
            .iter()
            .find_map(|name| response.headers().get(*name))?;
        Some(id.to_str().ok()?.chars().take(100).collect())
    });
    Answered {
        outcome,
        status: response.map(|response| response.status().as_u16()),
        request_id,
        message,
    }
}

/// What an answer tells that is told only once.
pub(super) fn news(
    connection: &Connection,
    organization: &str,
    answer: &Result<Change, Failure>,
) -> News {
    let connection = connection.id.clone();
    match answer {
        Ok(Change::Invited {
            email,
            user: Some(user),
            invite: Some(invite),
            ..
        }) => News::Invited {
            connection,
            organization: organization.to_owned(),
            invite: KnownInvite {
                invite: invite.clone(),
                user: user.id.clone(),
                email: email.clone(),
            },
        },
        Ok(Change::Withdrawn { invite }) => News::Withdrawn {
            connection,
            invite: invite.to_string(),
        },
        _ => News::None,
    }
}
