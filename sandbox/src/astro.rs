//! Astro's side: who asks, what is asked, and the words of a refusal.

use http::header::ALLOW;
use http::{Method, Request, Response, StatusCode};
use rolecall_core::astro::{
    Call, CreateInvite, DeleteInvite, Error, FieldError, GetOrganization, GetSelfUser, GetUser,
    InviteId, ListOrganizations, ListRoles, ListUserTeams, ListUsers, ListWorkspaces,
    OrganizationId, OrganizationRole, PAGE, Paging, Position, UpdateUserRoles, UserId,
};
use rolecall_core::endpoint::{Endpoint, InvalidRequest, Received, decode_json, encode_json};
use rusqlite::Connection;

use self::store::{Caller, Organization, Store};
use crate::limiter::PerSecond;
use crate::visit::Visit;
use crate::{Broken, Outcome};

mod invites;
mod organizations;
mod roles;
pub(crate) mod seed;
mod store;
mod users;

/// What the service counts, as its documentation says.
fn limit(method: &Method) -> PerSecond {
    match *method {
        Method::GET => PerSecond(25),
        Method::DELETE => PerSecond(5),
        _ => PerSecond(10),
    }
}

/// Answers a request.
pub(crate) fn answer(visit: &mut Visit<'_>) -> Outcome {
    let refused = match Desk::open(visit).and_then(|desk| desk.serve()) {
        Ok(response) => return Outcome::Done(response),
        Err(refused) => refused,
    };
    match refused {
        Refused::Said {
            status,
            error,
            allow,
        } => {
            let mut response = refusal(status, error);
            if let Some(methods) = allow.and_then(|it| it.parse().ok()) {
                response.headers_mut().insert(ALLOW, methods);
            }
            Outcome::Refused(response)
        }
        Refused::Broken(cause) => Outcome::Broken(Broken::Store(cause)),
    }
}

/// The address of the person whom a change is about, and whether it is an invitation.
pub(crate) fn whom(
    db: &Connection,
    request: &Request<Vec<u8>>,
    path: &str,
) -> Option<(String, bool)> {
    if let Some(received) = crate::visit::on::<CreateInvite>(request, path) {
        let call = CreateInvite::receive(&received).ok()?;
        return Some((call.body.invitee_email, true));
    }
    let store = Store(db);
    let address = if let Some(received) = crate::visit::on::<UpdateUserRoles>(request, path) {
        store.address_of_user(received.id::<UserId>(1).as_str())
    } else {
        let received = crate::visit::on::<DeleteInvite>(request, path)?;
        store.address_of_invite(received.id::<InviteId>(1).as_str())
    };
    Some((address.ok()??, false))
}

/// Lets a person join wherever there is an invitation; in how many places.
pub(crate) fn accept(db: &Connection, username_key: &str, now: &str) -> rusqlite::Result<usize> {
    Store(db).accept(username_key, now)
}

/// A refusal in this service's words for a status.
pub(crate) fn refused_with(status: StatusCode) -> Response<Vec<u8>> {
    let message = match status {
        StatusCode::BAD_REQUEST => "Invalid request",
        StatusCode::UNAUTHORIZED => "Unauthorized",
        StatusCode::FORBIDDEN => "Forbidden",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        _ => "Internal server error",
    };
    refusal(status, error(message))
}

/// Writes the id of a request into a refusal's body, where this service has it.
pub(crate) fn sign(response: &mut Response<Vec<u8>>, request_id: &str) {
    if let Ok(mut error) = decode_json::<Error>(response.body()) {
        error.request_id = request_id.to_owned();
        *response.body_mut() = encode_json(&error);
    }
}

fn refusal(status: StatusCode, mut error: Error) -> Response<Vec<u8>> {
    error.status_code = status.as_u16();
    crate::json(status, encode_json(&error))
}

fn error(message: impl Into<String>) -> Error {
    Error {
        message: message.into(),
        request_id: String::new(),
        status_code: 0,
        field_errors: Vec::new(),
    }
}

/// Why a request is refused.
enum Refused {
    /// A no in the service's words.
    Said {
        status: StatusCode,
        error: Error,
        /// Methods that the path does have.
        allow: Option<String>,
    },
    /// The state could not be read or written.
    Broken(rusqlite::Error),
}

impl Refused {
    fn said(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Said {
            status,
            error: error(message),
            allow: None,
        }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::said(StatusCode::BAD_REQUEST, message)
    }

    fn not_found(what: &str) -> Self {
        Self::said(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    fn field(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        let mut error = error("Invalid request");
        error.field_errors.push(FieldError {
            code: code.to_owned(),
            field: field.into(),
            message: message.into(),
        });
        Self::Said {
            status: StatusCode::BAD_REQUEST,
            error,
            allow: None,
        }
    }

    fn one_of(field: impl Into<String>) -> Self {
        let field = field.into();
        let message = format!("{field} must be one of the allowed values");
        Self::field(field, "oneof", message)
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Broken(cause)
    }
}

impl From<InvalidRequest> for Refused {
    fn from(invalid: InvalidRequest) -> Self {
        match invalid {
            InvalidRequest::Query { name } => Self::field(
                name,
                "number",
                format!("{name} must be a number that is not negative"),
            ),
            InvalidRequest::Body(cause) => Self::field("body", "json", cause.to_string()),
        }
    }
}

/// One request of a known person.
struct Desk<'v> {
    visit: &'v Visit<'v>,
    store: Store<'v>,
    caller: Caller,
}

/// An organization as the person who asks stands in it.
struct Place {
    organization: Organization,
    role: OrganizationRole,
}

impl<'v> Desk<'v> {
    /// Looks who asks, and whether they ask too often.
    fn open(visit: &'v mut Visit<'_>) -> Result<Self, Refused> {
        let store = Store(visit.db);
        let token = visit.bearer().unwrap_or_default();
        let Some(caller) = store.caller(token)? else {
            return Err(Refused::said(StatusCode::UNAUTHORIZED, "Unauthorized"));
        };
        if visit.count(token, limit(visit.method())).is_err() {
            return Err(Refused::said(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many requests",
            ));
        }
        Ok(Self {
            visit,
            store,
            caller,
        })
    }

    /// Answers whichever operation it is.
    fn serve(&self) -> Result<Response<Vec<u8>>, Refused> {
        self.on::<ListOrganizations>(Self::list_organizations)
            .or_else(|| self.on::<GetOrganization>(Self::get_organization))
            .or_else(|| self.on::<GetSelfUser>(Self::get_self_user))
            .or_else(|| self.on::<ListUsers>(Self::list_users))
            .or_else(|| self.on::<GetUser>(Self::get_user))
            .or_else(|| self.on::<ListUserTeams>(Self::list_user_teams))
            .or_else(|| self.on::<ListWorkspaces>(Self::list_workspaces))
            .or_else(|| self.on::<ListRoles>(Self::list_roles))
            .or_else(|| self.on::<CreateInvite>(Self::create_invite))
            .or_else(|| self.on::<DeleteInvite>(Self::delete_invite))
            .or_else(|| self.on::<UpdateUserRoles>(Self::update_user_roles))
            .unwrap_or_else(|| Err(self.nothing_here()))
    }

    fn on<E: Endpoint>(
        &self,
        serve: fn(&Self, &Received<'_>) -> Result<E::Response, Refused>,
    ) -> Option<Result<Response<Vec<u8>>, Refused>> {
        let received = self.visit.on::<E>()?;
        Some(serve(self, &received).map(|success| E::reply(&success)))
    }

    fn nothing_here(&self) -> Refused {
        let routes = Call::ROUTES;
        let methods: Vec<&str> = routes
            .iter()
            .filter(|route| route.ids(self.visit.path).is_some())
            .map(|route| route.method.as_str())
            .collect();
        if methods.is_empty() {
            return Refused::not_found("Path");
        }
        Refused::Said {
            status: StatusCode::METHOD_NOT_ALLOWED,
            error: error("Method not allowed"),
            allow: Some(methods.join(", ")),
        }
    }

    /// The organization on the path. One that exists and one that does not look the same from
    /// outside.
    fn place(&self, received: &Received<'_>) -> Result<Place, Refused> {
        let id: OrganizationId = received.id(0);
        let found = self.store.organization(&self.caller.user, id.as_str())?;
        let (organization, role) = found.ok_or_else(|| Refused::not_found("Organization"))?;
        Ok(Place { organization, role })
    }

    /// The organization on the path, for a change that only its owners may make.
    fn owned_place(&self, received: &Received<'_>) -> Result<Place, Refused> {
        let place = self.place(received)?;
        match place.role {
            OrganizationRole::Owner => Ok(place),
            _ => Err(Refused::said(StatusCode::FORBIDDEN, "Forbidden")),
        }
    }

    fn now(&self) -> String {
        crate::ids::moment(self.visit.now_ms)
    }
}

/// Refuses a page that is larger than the service gives.
fn checked(paging: Paging) -> Result<Paging, Refused> {
    if paging.limit > PAGE {
        return Err(Refused::field(
            "limit",
            "max",
            format!("limit must be {PAGE} or less"),
        ));
    }
    Ok(paging)
}

/// One page of a short list.
fn page<T>(items: Vec<T>, paging: Paging) -> (Vec<T>, Position) {
    let position = position(paging, u32::try_from(items.len()).unwrap_or(u32::MAX));
    let items = items
        .into_iter()
        .skip(paging.offset as usize)
        .take(paging.limit as usize)
        .collect();
    (items, position)
}

fn position(paging: Paging, total_count: u32) -> Position {
    Position {
        limit: paging.limit,
        offset: paging.offset,
        total_count,
    }
}

/// An `ORDER BY` from the query's `sorts`; `columns` pairs the names of the wire with columns.
///
/// Ends with `last`, which is unique, in the direction of what comes before it.
fn order(
    received: &Received<'_>,
    columns: &[(&str, &str)],
    default: &str,
    last: &str,
) -> Result<String, Refused> {
    let mut terms = Vec::new();
    let mut direction = "ASC";
    for sort in received.values("sorts") {
        let (name, towards) = sort.split_once(':').unwrap_or((sort, ""));
        let column = columns.iter().find(|(known, _)| *known == name);
        let (Some((_, column)), "asc" | "desc") = (column, towards) else {
            return Err(Refused::one_of("sorts"));
        };
        direction = if towards == "asc" { "ASC" } else { "DESC" };
        terms.push(format!("{column} {direction}"));
    }
    if terms.is_empty() {
        terms.push(default.to_owned());
    }
    Ok(format!("{}, {last} {direction}", terms.join(", ")))
}
