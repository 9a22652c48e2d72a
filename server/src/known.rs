//! The users that were seen last of each organization: what the console shows when the service
//! cannot be reached; and which organization came first, so that its page can ask for it at once.
//!
//! Lists that pass through the gateway are put together page by page, beside the request. What waits for
//! that is the answer itself, which counts as held until it is read; of one at a time there is a copy.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use hyper::body::Bytes;
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

/// A page of organizations or users that passed by.
struct Page {
    connection: Arc<Connection>,
    organization: String,
    call: Call,
    answer: http::Response<Bytes>,
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

    /// Looks at an answer that passes by.
    pub fn watch(&self, connection: &Arc<Connection>, call: Call, answer: &http::Response<Bytes>) {
        if !answer.status().is_success() {
            return;
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
        let of_users = !organization.is_empty() && path(&call) == path(&list);
        if of_users || call == connection.service.list_organizations(0) {
            self.pass(Page {
                connection: Arc::clone(connection),
                organization,
                call,
                answer: answer.clone(),
            });
        }
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
        connection,
        organization,
        call,
        answer,
    }) = passed.recv().await
    {
        let work = tokio::task::spawn_blocking(move || {
            let place = (connection.id.clone(), organization);
            let whole = match call.read(answer.map(Vec::from)) {
                Ok(Change::Organizations { organizations, .. }) => {
                    connection.saw_first(organizations.first().map(|it| it.id.to_string()));
                    None
                }
                Ok(page) => reading.put_together(&place, page),
                Err(_) => None,
            };
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
    use rolecall_core::endpoint::Token;
    use rolecall_core::service::Service;
    use serde_json::json;

    use super::*;
    use crate::clock::World;
    use crate::connections::sources::Offer;

    fn connection() -> Arc<Connection> {
        let offer = Offer {
            id: "c".to_owned(),
            service: Service::Astro,
            name: "c".to_owned(),
            base: "http://127.0.0.1:1/v1".to_owned(),
            source: "sandbox".to_owned(),
            token: Token::new("token"),
            named: true,
            renewal: None,
        };
        Arc::new(Connection::to_sandbox(offer, None, false))
    }

    fn page(organization: &str, offset: u32, total: u32) -> Page {
        let user =
            json!({ "id": format!("u{offset}"), "username": "a@b.example", "status": "ACTIVE" });
        let body = json!({ "users": [user], "offset": offset, "limit": 1, "totalCount": total });
        let answer = http::Response::new(body.to_string().into());
        Page {
            connection: connection(),
            organization: organization.to_owned(),
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

    #[tokio::test]
    async fn what_waits_to_be_kept_is_no_copy() {
        let journal = Journal::in_memory(World::real()).unwrap();
        let known = Known::new(journal);
        let (pages, mut passed) = unbounded_channel();
        known.pages.set(pages).unwrap();
        let (connection, astro) = (connection(), Service::Astro);
        let organization = OrganizationId::from("o");
        for (call, status, waits) in [
            (astro.list_users(&organization, 0), 200, true),
            (astro.list_organizations(0), 200, true),
            (astro.list_organizations(1_000), 200, false),
            (astro.list_permissions(&organization), 200, false),
            (astro.list_users(&organization, 0), 403, false),
            (astro.list_organizations(0), 403, false),
        ] {
            let mut answer = http::Response::new(Bytes::from(vec![b' '; 1_000]));
            *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
            known.watch(&connection, call.clone(), &answer);
            let waiting = passed.try_recv().ok().map(|it| it.answer.body().as_ptr());
            let same = waits.then(|| answer.body().as_ptr());
            assert_eq!(waiting, same, "{call:?}, {status}");
        }
    }

    #[test]
    fn a_page_behind_one_that_never_came_ends_the_reading() {
        let mut reading = Reading::default();
        let place = ("c".to_owned(), "o".to_owned());
        let mut put = |offset| {
            let Page { call, answer, .. } = page("o", offset, 2);
            let page = call.read(answer.map(Vec::from)).unwrap();
            reading.put_together(&place, page)
        };
        assert_eq!(put(1), None);
        assert_eq!(put(0), None);
        assert!(put(1).is_some());
    }
}
