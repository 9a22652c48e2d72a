//! The users that were seen last of each organization: what the console shows when the service
//! cannot be reached; and which organization came first, so that its page can ask for it at once.
//!
//! Lists that pass through the gateway are put together page by page, beside the request.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use rolecall_core::directory::User;
use rolecall_core::endpoint::Site;
use rolecall_core::plan::Change;
use rolecall_core::service::Call;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::Server;
use crate::connection::Connection;
use crate::error::ApiError;
use crate::journal::Journal;

/// Most users of one organization that are put together.
const MOST: usize = 200_000;

type Place = (String, String);

/// A page of users that passed by.
struct Page {
    place: Place,
    call: Call,
    answer: http::Response<Vec<u8>>,
}

/// Keeps whole lists in the journal's file.
#[derive(Clone)]
pub struct Known {
    journal: Journal,
    /// To who puts pages together: in the order in which they passed, as each page goes behind the one before.
    pages: Arc<OnceLock<UnboundedSender<Page>>>,
}

impl Known {
    /// No list is under way.
    pub fn new(journal: Journal) -> Self {
        Self {
            journal,
            pages: Arc::default(),
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
        self.pass(Page {
            place: (connection.id.clone(), organization),
            call,
            answer: answer.clone(),
        });
        answer
    }

    fn pass(&self, page: Page) {
        let pages = self.pages.get_or_init(|| {
            let (pages, passed) = unbounded_channel();
            tokio::spawn(keep(self.journal.clone(), passed));
            pages
        });
        if pages.send(page).is_err() {
            tracing::warn!("what was seen last is not kept any more");
        }
    }
}

/// Puts pages together, one after the other, and keeps each whole list.
async fn keep(journal: Journal, mut passed: UnboundedReceiver<Page>) {
    let mut reading = Reading::default();
    while let Some(Page {
        place,
        call,
        answer,
    }) = passed.recv().await
    {
        let work = tokio::task::spawn_blocking(move || {
            let whole = call.read(answer).ok();
            let whole = whole.and_then(|page| reading.put_together(&place, page));
            (reading, place, whole)
        });
        let Ok((again, (connection, organization), whole)) = work.await else {
            return;
        };
        reading = again;
        if let Some(users) = whole
            && let Err(error) = journal.keep_known(connection, organization, users).await
        {
            tracing::warn!(%error, "what was seen last could not be kept");
        }
    }
}

/// Lists under way, by connection and organization.
#[derive(Default)]
struct Reading(HashMap<Place, Vec<User>>);

impl Reading {
    /// Adds a page; the whole list as JSON, if this was its last one.
    fn put_together(&mut self, place: &Place, page: Change) -> Option<String> {
        let Change::Users {
            users,
            offset,
            total: Some(total),
            ..
        } = page
        else {
            return None;
        };
        let so_far = self.0.entry(place.clone()).or_default();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        if offset > so_far.len() || offset + users.len() > MOST {
            self.0.remove(place);
            return None;
        }
        so_far.truncate(offset);
        so_far.extend(users);
        if so_far.len() < usize::try_from(total).unwrap_or(usize::MAX) {
            return None;
        }
        let whole = self.0.remove(place)?;
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

/// `GET /api/known/{connection}/{organization}`: `{"at": …, "users": […]}`, users as core's `User`. What a
/// connection showed is not shown any more after it was closed.
pub async fn known(
    State(server): State<Arc<Server>>,
    Path((connection, organization)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let open = server.connections.get(&connection);
    open.ok_or(ApiError::NoConnection)?;
    match server.journal.known(connection, organization).await? {
        Some((at, users)) => {
            let at = crate::clock::rfc3339(at.unsigned_abs());
            let body = format!(r#"{{"at":"{at}","users":{users}}}"#);
            Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
        }
        None => Ok(Json(serde_json::json!({ "at": null, "users": [] })).into_response()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rolecall_core::directory::OrganizationId;
    use rolecall_core::service::Service;
    use serde_json::json;

    use super::*;
    use crate::clock::World;

    fn page(organization: &str, offset: u32, total: u32) -> Page {
        let user =
            json!({ "id": format!("u{offset}"), "username": "a@b.example", "status": "ACTIVE" });
        let body = json!({ "users": [user], "offset": offset, "limit": 1, "totalCount": total });
        let answer = http::Response::new(body.to_string().into_bytes());
        Page {
            place: ("c".to_owned(), organization.to_owned()),
            call: Service::Astro.list_users(&OrganizationId::from(organization), offset),
            answer,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn pages_are_put_together_in_the_order_in_which_they_pass() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let journal = Journal::open(&path, World::real()).unwrap();
        let known = Known::new(journal.clone());
        let organizations: Vec<String> = (0..100).map(|n| format!("o{n}")).collect();
        for organization in &organizations {
            for offset in 0..5 {
                known.pass(page(organization, offset, 5));
            }
        }
        for organization in organizations {
            let kept = async {
                loop {
                    let kept = journal.known("c".to_owned(), organization.clone()).await;
                    if let Some((_, users)) = kept.unwrap() {
                        return users;
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            let users = tokio::time::timeout(Duration::from_secs(20), kept).await;
            let users: Vec<User> = serde_json::from_str(&users.unwrap()).unwrap();
            let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
            assert_eq!(ids, ["u0", "u1", "u2", "u3", "u4"], "{organization}");
        }
    }

    #[test]
    fn a_page_behind_one_that_never_came_ends_the_reading() {
        let mut reading = Reading::default();
        let place = ("c".to_owned(), "o".to_owned());
        let mut put = |offset| {
            let Page { call, answer, .. } = page("o", offset, 2);
            reading.put_together(&place, call.read(answer).unwrap())
        };
        assert_eq!(put(1), None);
        assert_eq!(put(0), None);
        assert!(put(1).is_some());
    }
}
