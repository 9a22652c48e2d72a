//! Finding a person in all organizations: among the users that were seen last of each.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use rolecall_core::directory::User;
use rolecall_core::directory::fold::fold;
use rolecall_core::json;
use serde::{Deserialize, Serialize};

use crate::Server;
use crate::error::ApiError;

/// Most people of one answer.
const MOST: usize = 50;

/// Whom to look for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    search: String,
}

/// Who was found, and where was looked.
#[derive(Debug, Default, Serialize)]
pub struct Found {
    people: Vec<Person>,
    /// Whether there are more.
    more: bool,
    /// Organizations whose users are known.
    known: Vec<Place>,
}

/// An organization behind a connection.
#[derive(Clone, Debug, Serialize)]
struct Place {
    connection: String,
    organization: String,
    /// When its users were seen, RFC 3339 UTC.
    at: String,
}

/// Somebody in an organization.
#[derive(Debug, Serialize)]
struct Person {
    connection: String,
    organization: String,
    id: String,
    email: String,
    name: String,
}

/// `GET /api/people?search=`: people in whose name or address all words occur, letter case and accents
/// aside; without words nobody, only where would be looked.
pub async fn people(
    State(server): State<Arc<Server>>,
    Query(Search { search }): Query<Search>,
) -> Result<Json<Found>, ApiError> {
    let words: Vec<String> = search.split_whitespace().map(fold).collect();
    // what a connection showed is not shown any more after it was closed
    let open = server.connections.all();
    let connections: Vec<String> = open.iter().map(|it| it.id.clone()).collect();
    let found = server
        .journal
        .each_known(Found::default(), move |found, row| {
            if !connections.contains(&row.connection) {
                return;
            }
            found.known.push(Place {
                connection: row.connection.clone(),
                organization: row.organization.clone(),
                at: crate::clock::rfc3339(row.at.unsigned_abs()),
            });
            let users: Vec<User> = json::from_slice(row.users.as_bytes()).unwrap_or_default();
            for user in users.into_iter().filter(|user| matches(user, &words)) {
                found.more |= found.people.len() == MOST;
                if found.more {
                    return;
                }
                found.people.push(Person {
                    connection: row.connection.clone(),
                    organization: row.organization.clone(),
                    id: user.id.to_string(),
                    email: user.email,
                    name: user.name,
                });
            }
        })
        .await?;
    Ok(Json(found))
}

fn matches(user: &User, words: &[String]) -> bool {
    if words.is_empty() {
        return false;
    }
    let text = fold(&format!("{} {}", user.name, user.email));
    words.iter().all(|word| text.contains(word.as_str()))
}
