//! `/api/c/{connection}/…`: forwards what an operation of the service describes, with the token added.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::Server;
use crate::connections::KnownInvite;
use crate::error::ApiError;
use crate::sending::Outgoing;

/// Longest body of a request, in bytes: 64 KiB.
pub const MAX_REQUEST: usize = 64 << 10;

/// Sends one request on and passes the answer back.
pub async fn forward(
    State(server): State<Arc<Server>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let (id, path) = split(parts.uri.path()).ok_or(ApiError::NotForwarded)?;
    let connection = server.connections.get(id).ok_or(ApiError::NoConnection)?;
    let query = parts.uri.query().unwrap_or_default();
    let forward = connection
        .service
        .forward(&parts.method, path, query)
        .ok_or(ApiError::NotForwarded)?;
    let body = read_body(body).await?;
    let outgoing = Outgoing {
        method: parts.method,
        path: path.to_owned(),
        query: query.to_owned(),
        body: if forward.changes { body } else { Vec::new() },
    };
    let answer = if forward.changes {
        let answer = server.sender.change(&connection, &outgoing).await?;
        server.invites.learn(&connection, &outgoing, &answer);
        answer
    } else {
        server.sender.read(&connection, &outgoing).await?
    };
    Ok(answer.map(Body::from).into_response())
}

/// Connection and path of `/api/c/{connection}/{path…}`, as they stand on the wire.
fn split(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/api/c/")?;
    rest.split_at_checked(rest.find('/')?)
}

/// The whole body, within bounds.
pub(crate) async fn read_body(body: Body) -> Result<Vec<u8>, ApiError> {
    use http_body_util::{BodyExt as _, LengthLimitError, Limited};
    match Limited::new(body, MAX_REQUEST).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(ApiError::TooLarge { limit: MAX_REQUEST })
        }
        Err(_) => Err(ApiError::Invalid("the request broke off".to_owned())),
    }
}

/// Ids of invitations that passed by, by connection and organization.
#[derive(Debug, Default)]
pub struct Invites {
    known: Mutex<HashMap<(String, String), Vec<KnownInvite>>>,
}

impl Invites {
    fn learn(
        &self,
        connection: &crate::connections::Connection,
        outgoing: &Outgoing,
        answer: &http::Response<Vec<u8>>,
    ) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (method, path) = (&outgoing.method, &outgoing.path);
        if let Some((organization, invite)) = connection.invite_in(method, path, answer) {
            let list = known
                .entry((connection.id.clone(), organization))
                .or_default();
            list.retain(|it| it.user != invite.user);
            list.push(invite);
        } else if let Some(id) = connection.withdrawn_in(method, path, answer) {
            for list in known.values_mut() {
                list.retain(|it| it.invite != id);
            }
        }
    }

    fn of(&self, connection: &str, organization: &str) -> Vec<KnownInvite> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(connection.to_owned(), organization.to_owned()))
            .cloned()
            .unwrap_or_default()
    }
}

/// Answer of `GET /api/invites/{connection}/{organization}`.
#[derive(Serialize)]
pub struct InvitesAnswer {
    invites: Vec<KnownInvite>,
}

/// The invitations of an organization whose ids are known, so that they can be withdrawn.
pub async fn invites(
    State(server): State<Arc<Server>>,
    Path((connection, organization)): Path<(String, String)>,
) -> Result<Json<InvitesAnswer>, ApiError> {
    server
        .connections
        .get(&connection)
        .ok_or(ApiError::NoConnection)?;
    let invites = server.invites.of(&connection, &organization);
    Ok(Json(InvitesAnswer { invites }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_as_it_stands() {
        assert_eq!(split("/api/c/a/b/c"), Some(("a", "/b/c")));
        assert_eq!(split("/api/c/a//b"), Some(("a", "//b")));
        assert_eq!(split("/api/c/a%2Fb/c"), Some(("a%2Fb", "/c")));
        assert_eq!(split("/api/c/a"), None);
    }
}
