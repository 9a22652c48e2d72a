//! What came of a run, a row for each thing that was wanted.
//!
//! As CSV it is a list again: fed back in, it wants exactly what it wanted before, so rows that were
//! done plan nothing, and the others plan what they did not reach. Where a row leaves nobody behind,
//! [`NONE`] stands for the role, so that nobody who was removed is invited by a report.

use serde::Serialize;

use super::words::{joined, words};
use super::{NONE, csv, json};
use crate::directory::Directory;
use crate::json::{FromJson, ToJson};
use crate::plan::run::{Progress, Standing};
use crate::plan::{Act, Failure, Plan};

/// What came of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// Address of the person, or the id where no address is known.
    pub email: String,
    /// What was to be done; `None` if it was not planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// Roles before, as keys.
    pub before: Vec<String>,
    /// Roles after, as keys.
    pub after: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it was not done, in one sentence; empty if it was.
    #[serde(default)]
    pub message: String,
    /// The service's id of the request, if it told one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What came of a row, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Outcome {
    /// Done.
    Done,
    /// There was nothing left to do.
    AlreadySo,
    /// The service said no.
    Refused,
    /// It may have been done, and nothing can show it.
    Unknown,
    /// It was planned and never sent.
    NotSent,
    /// It was not planned.
    NotPlanned,
    /// The run has not come to it, or its answer has not come.
    Unfinished,
}

impl Outcome {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadySo => "already so",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::NotSent => "not sent",
            Self::NotPlanned => "not planned",
            Self::Unfinished => "unfinished",
        }
    }
}

impl Act {
    /// For people, in one word.
    fn as_str(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Resend => "resend",
            Self::ReRole => "re-role",
            Self::Withdraw => "withdraw",
            Self::Remove => "remove",
        }
    }
}

/// What came of a plan, in the order in which it was wanted; `progress` belongs to its steps, and may
/// be shorter than they are if it is still to begin.
pub fn report(plan: &Plan, progress: &[Progress], directory: &Directory) -> Vec<ReportRow> {
    let steps = plan.steps.iter().enumerate().map(|(index, step)| {
        let standing = progress.get(index).map(|it| &it.standing);
        let (outcome, message, failure) = told(standing);
        let row = ReportRow {
            email: step.email.clone(),
            act: Some(step.act),
            before: words(directory, &step.before),
            after: words(directory, &step.after),
            outcome,
            message,
            request_id: failure.and_then(Failure::request_id).map(str::to_owned),
        };
        (step.row, row)
    });
    let refused = plan.refused.iter().map(|refused| {
        let row = ReportRow {
            email: refused.who.clone(),
            act: None,
            before: Vec::new(),
            after: Vec::new(),
            outcome: Outcome::NotPlanned,
            message: refused.why.to_string(),
            request_id: None,
        };
        (refused.row, row)
    });
    let mut rows: Vec<(usize, ReportRow)> = steps.chain(refused).collect();
    rows.sort_by_key(|(row, _)| *row);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Outcome, sentence and cause of a standing.
fn told(standing: Option<&Standing>) -> (Outcome, String, Option<&Failure>) {
    let (outcome, failure) = match standing {
        None | Some(Standing::Waiting | Standing::Sent) => (Outcome::Unfinished, None),
        Some(Standing::Open { failure }) => (Outcome::Unfinished, Some(failure)),
        Some(Standing::Done { seen: false, .. }) => (Outcome::Done, None),
        Some(Standing::Done { seen: true, .. }) => {
            let message = "no answer came; the list shows that it was done".to_owned();
            return (Outcome::Done, message, None);
        }
        Some(Standing::AlreadySo) => (Outcome::AlreadySo, None),
        Some(Standing::Refused { failure }) => (Outcome::Refused, Some(failure)),
        Some(Standing::Unknown { failure }) => (Outcome::Unknown, Some(failure)),
        Some(Standing::NotSent) => (Outcome::NotSent, None),
    };
    let message = failure.map(ToString::to_string).unwrap_or_default();
    (outcome, message, failure)
}

/// The report as CSV; the column `role` holds the roles after.
pub fn report_csv(rows: &[ReportRow]) -> String {
    let header = [
        "email",
        "act",
        "before",
        "role",
        "outcome",
        "message",
        "request_id",
    ];
    let cells = rows.iter().map(|row| {
        let after = match row.after.is_empty() {
            true => NONE.to_owned(),
            false => joined(&row.after),
        };
        [
            row.email.clone(),
            row.act.map_or("", Act::as_str).to_owned(),
            joined(&row.before),
            after,
            row.outcome.as_str().to_owned(),
            row.message.clone(),
            row.request_id.clone().unwrap_or_default(),
        ]
    });
    csv(&header, cells)
}

/// The report as JSON.
pub fn report_json(rows: &[ReportRow]) -> String {
    json(rows.iter())
}
