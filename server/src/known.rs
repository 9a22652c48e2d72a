//! The users that were seen last of each organization: what the console shows when the service
//! cannot be reached; and which organization came first, so that its page can ask for it at once.
//!
//! Lists that pass through the gateway are put together page by page, beside the request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use rolecall_core::directory::User;
use rolecall_core::endpoint::Site;
use rolecall_core::plan::Change;
use rolecall_core::service::Call;

use crate::Server;
use crate::connection::Connection;
use crate::error::ApiError;
use crate::journal::Journal;

/// Most users of one organization that are put together.
const MOST: usize = 200_000;

type Place = (String, String);

/// Lists under way, by connection and organization.
#[derive(Clone)]
pub struct Known {
    journal: Journal,
    reading: Arc<Mutex<HashMap<Place, Vec<User>>>>,
}

impl Known {
    /// Nothing is under way; whole lists go into the journal's file.
    pub fn new(journal: Journal) -> Self {
        Self {
            journal,
            reading: Arc::default(),
        }
    }

    /// Looks at an answer that passes by, and gives it back as it is.
    pub fn watch(
        &self,
        connection: &Arc<Connection>,
        call: Call,
        answer: http::Response<Vec<u8>>,
    ) -> http::Response<Vec<u8>> {
        if call == connection.service.list_organizations(0) {
            see_first(connection, call, &answer);
            return answer;
        }
        let organization = connection.organization_of(&call);
        let path = |call: &Call| {
            let site = Site {
                base: "",
                token: None,
            };
            call.to_http(&site).uri().path().to_owned()
        };
        let list = connection
            .service
            .list_users(&organization.as_str().into(), 0);
        if organization.is_empty() || !answer.status().is_success() || path(&call) != path(&list) {
            return answer;
        }
        let (known, connection, seen) = (self.clone(), connection.id.clone(), answer.clone());
        tokio::spawn(async move {
            let place = (connection, organization);
            let work = tokio::task::spawn_blocking(move || {
                let page = call.read(seen).ok()?;
                let users = known.put_together(&place, page)?;
                Some((known.journal, place, users))
            });
            let Ok(Some((journal, (connection, organization), users))) = work.await else {
                return;
            };
            if let Err(error) = journal.keep_known(connection, organization, users).await {
                tracing::warn!(%error, "what was seen last could not be kept");
            }
        });
        answer
    }

    /// Adds a page; the whole list as JSON, if this was its last one.
    fn put_together(&self, place: &Place, page: Change) -> Option<String> {
        let Change::Users {
            users,
            offset,
            total: Some(total),
            ..
        } = page
        else {
            return None;
        };
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = reading.entry(place.clone()).or_default();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        if offset > so_far.len() || offset + users.len() > MOST {
            reading.remove(place);
            return None;
        }
        so_far.truncate(offset);
        so_far.extend(users);
        if so_far.len() < usize::try_from(total).unwrap_or(usize::MAX) {
            return None;
        }
        let whole = reading.remove(place)?;
        drop(reading);
        serde_json::to_string(&whole).ok()
    }
}

/// Remembers which organization a list begins with.
fn see_first(connection: &Arc<Connection>, call: Call, answer: &http::Response<Vec<u8>>) {
    if !answer.status().is_success() {
        return;
    }
    let (connection, seen) = (Arc::clone(connection), answer.clone());
    tokio::task::spawn_blocking(move || {
        if let Ok(Change::Organizations { organizations, .. }) = call.read(seen) {
            connection.saw_first(organizations.first().map(|it| it.id.to_string()));
        }
    });
}

/// `GET /api/known/{connection}/{organization}`: `{"at": …, "users": […]}`, users as core's `User`.
pub async fn known(
    State(server): State<Arc<Server>>,
    Path((connection, organization)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    match server.journal.known(connection, organization).await? {
        Some((at, users)) => {
            let at = crate::clock::rfc3339(at.unsigned_abs());
            let body = format!(r#"{{"at":"{at}","users":{users}}}"#);
            Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
        }
        None => Ok(Json(serde_json::json!({ "at": null, "users": [] })).into_response()),
    }
}
