//! `/api/journal`: what was sent and what came of it, to read and to take along.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use rolecall_core::recipients::guarded;
use serde::{Deserialize, Serialize};

use crate::Server;
use crate::error::ApiError;
use crate::journal::{self, Entry, Journal, JournalError, NOTE};

/// Most entries of one answer.
const PAGE: u32 = 500;

/// Which entries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    connection: Option<String>,
    organization: Option<String>,
    run: Option<i64>,
    search: Option<String>,
    person: Option<String>,
    before: Option<i64>,
    limit: Option<u32>,
}

impl Filter {
    fn query(self) -> journal::Query {
        let words = self
            .search
            .as_deref()
            .unwrap_or_default()
            .split_whitespace();
        journal::Query {
            connection: self.connection,
            organization: self.organization,
            run: self.run,
            words: words.map(str::to_owned).collect(),
            person: self.person,
            before: self.before,
            limit: self.limit.unwrap_or(100).clamp(1, PAGE),
        }
    }
}

/// Entries, newest first.
#[derive(Serialize)]
pub struct Page {
    note: &'static str,
    entries: Vec<Entry>,
    /// Value of `before` for the next page; none at the end.
    next: Option<i64>,
}

/// `GET /api/journal?connection=&organization=&run=&search=&person=&before=&limit=`; a person is an address.
pub async fn entries(
    State(server): State<Arc<Server>>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page>, ApiError> {
    let query = filter.query();
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let entries = server.journal.entries(query).await?;
    let next = entries.last().filter(|_| entries.len() == limit);
    Ok(Json(Page {
        note: NOTE,
        next: next.map(|entry| entry.id),
        entries,
    }))
}

/// `GET /api/journal.jsonl`: one entry a line, newest first, to the end.
pub async fn json_lines(
    State(server): State<Arc<Server>>,
    Query(filter): Query<Filter>,
) -> Response {
    let line = |entry: &Entry| {
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        line
    };
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"rolecall-journal.jsonl\"",
        ),
    ];
    let body = export(server.journal.clone(), filter, Vec::new(), line);
    (headers, body).into_response()
}

/// `GET /api/journal.csv`: the same as a table.
pub async fn csv(State(server): State<Arc<Server>>, Query(filter): Query<Filter>) -> Response {
    let head = row(COLUMNS.map(str::to_owned));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"rolecall-journal.csv\"",
        ),
    ];
    let body = export(server.journal.clone(), filter, head, |entry| {
        row(cells(entry))
    });
    (headers, body).into_response()
}

/// All entries, a page at a time, so that memory stays bounded.
fn export(
    journal: Journal,
    filter: Filter,
    head: Vec<u8>,
    write: impl Fn(&Entry) -> Vec<u8> + Send + Sync + 'static,
) -> Body {
    let query = journal::Query {
        limit: PAGE,
        ..filter.query()
    };
    let write = Arc::new(write);
    let pages = stream::try_unfold(Some((query, head)), move |state| {
        let (journal, write) = (journal.clone(), Arc::clone(&write));
        async move {
            let Some((query, mut bytes)) = state else {
                return Ok::<_, JournalError>(None);
            };
            let entries = journal.entries(query.clone()).await?;
            bytes.extend(entries.iter().flat_map(|entry| write(entry)));
            let next = entries.last().map(|entry| journal::Query {
                before: Some(entry.id),
                ..query
            });
            Ok(Some((bytes, next.map(|query| (query, Vec::new())))))
        }
    });
    Body::from_stream(pages)
}

const COLUMNS: [&str; 17] = [
    "id",
    "at",
    "who",
    "connection",
    "service",
    "organization",
    "run",
    "row",
    "method",
    "path",
    "subject",
    "what",
    "before",
    "outcome",
    "status",
    "request_id",
    "message",
];

fn cells(entry: &Entry) -> [String; 17] {
    let number = |it: Option<i64>| it.map(|it| it.to_string()).unwrap_or_default();
    let answer = entry.answer.as_ref();
    let word = |outcome| serde_json::to_value(outcome).ok();
    let outcome = answer.and_then(|it| word(it.outcome)?.as_str().map(str::to_owned));
    let text = |it: Option<&String>| it.cloned().unwrap_or_default();
    [
        entry.id.to_string(),
        entry.at.clone(),
        entry.who.clone(),
        entry.connection.clone(),
        entry.service.clone(),
        entry.organization.clone(),
        number(entry.run),
        number(entry.row),
        entry.method.clone(),
        entry.path.clone(),
        text(entry.subject.as_ref()),
        entry.what.to_string(),
        entry
            .before
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        outcome.unwrap_or_default(),
        number(answer.and_then(|it| it.status).map(i64::from)),
        text(answer.and_then(|it| it.request_id.as_ref())),
        text(answer.and_then(|it| it.message.as_ref())),
    ]
}

/// A line of CSV (RFC 4180), in which no spreadsheet finds a formula.
fn row(cells: [String; 17]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_record(cells.each_ref().map(|cell| guarded(cell).into_owned()));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let mut cells = [const { String::new() }; 17];
        cells[0] = "=1+1".to_owned();
        cells[1] = "a,\"b\"".to_owned();
        cells[2] = "@x".to_owned();
        cells[3] = " ＝1".to_owned();
        let line = String::from_utf8(row(cells)).unwrap();
        assert!(
            line.starts_with("'=1+1,\"a,\"\"b\"\"\",'@x,' ＝1,"),
            "{line}"
        );
        assert!(line.ends_with(",\r\n"));
    }
}
