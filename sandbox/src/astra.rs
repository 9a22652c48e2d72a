//! Astra's side: who asks, what is asked, and the words of a refusal.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderName, Request, Response, StatusCode};
use rolecall_core::astra::get_current_org::CurrentOrg;
use rolecall_core::astra::list_roles::Role;
use rolecall_core::astra::list_users::Users;
use rolecall_core::astra::{
    Call, Error, Errors, GetCurrentOrg, GetRole, GetUser, InviteUser, ListRoles, ListUsers,
    RemoveUser, RoleId, RoleRef, Status, UpdateUserRoles, User, UserId,
};
use rolecall_core::endpoint::{
    Accepted, Endpoint, InvalidRequest, NoContent, Payload, Received, encode_json,
};
use rusqlite::Connection;

use self::store::{Caller, Member, Store};
use crate::limiter::PerSecond;
use crate::visit::Visit;
use crate::{Broken, Outcome, address, ids};

pub(crate) mod seed;
mod store;

/// The token that the vendor's CLI uses for a local service; its last part is no hexadecimal number.
pub(crate) const CLI_TOKEN: &str = "AstraCS:fakefakefakefakefakefake:\
     fakefakefakefakefakefakefakefakefakefakefakefakefakefakefakefake";

/// Permission to read the users of an organization.
const READ: &str = "org-user-read";

/// Permission to invite, re-role and remove.
const WRITE: &str = "org-user-write";

/// Id of the role Organization Administrator.
const ADMINISTRATOR: &str = "ad0566b5-2a67-49de-89e8-92258c2f2c98";

/// No limits are published: a cautious guess.
const LIMIT: PerSecond = PerSecond(5);

/// Roles that each organization has.
static BUILT_IN: LazyLock<Vec<Role>> = LazyLock::new(|| {
    let mut roles: Vec<Role> = Payload::decode(include_bytes!("astra/roles.json"))
        .expect("the file of built-in roles is a list of roles");
    for role in &mut roles {
        // What the service writes for a role that nobody has changed.
        "0001-01-01T00:00:00Z".clone_into(&mut role.last_update_date_time);
    }
    roles
});

/// Answers a request.
pub(crate) fn answer(visit: &mut Visit<'_>) -> Outcome {
    let refused = match Desk::open(visit).and_then(|desk| desk.serve()) {
        Ok(response) => return Outcome::Done(response),
        Err(refused) => refused,
    };
    match refused {
        Refused::Said {
            status,
            id,
            message,
            header,
        } => {
            let mut response = refusal(status, id, message);
            if let Some((name, value)) = header
                && let Ok(value) = value.parse()
            {
                response.headers_mut().insert(name, value);
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
    if let Some(received) = crate::visit::on::<InviteUser>(request, path) {
        let call = InviteUser::receive(&received).ok()?;
        return Some((call.body.email, true));
    }
    let received = crate::visit::on::<UpdateUserRoles>(request, path)
        .or_else(|| crate::visit::on::<RemoveUser>(request, path))?;
    let id: UserId = received.id(0);
    Some((Store(db).address_of(id.as_str()).ok()??, false))
}

/// Lets a person join wherever there is an invitation; in how many places.
pub(crate) fn accept(db: &Connection, email_key: &str) -> rusqlite::Result<usize> {
    Store(db).accept(email_key)
}

/// A refusal in this service's words for a status.
pub(crate) fn refused_with(status: StatusCode) -> Response<Vec<u8>> {
    let message = match status {
        StatusCode::BAD_REQUEST => "invalid request",
        StatusCode::UNAUTHORIZED => "invalid token format",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "Resource not found",
        StatusCode::TOO_MANY_REQUESTS => "too many requests",
        _ => "internal server error",
    };
    refusal(status, number(status), message)
}

/// The service's own numbers are not known; these say at once that they are made up.
fn number(status: StatusCode) -> i64 {
    999_000 + i64::from(status.as_u16())
}

fn refusal(status: StatusCode, id: i64, message: impl Into<String>) -> Response<Vec<u8>> {
    let errors = Errors {
        errors: vec![Error {
            id,
            message: message.into(),
        }],
    };
    crate::json(status, encode_json(&errors))
}

/// Why a request is refused.
enum Refused {
    /// A no in the service's words.
    Said {
        status: StatusCode,
        id: i64,
        message: String,
        header: Option<(HeaderName, String)>,
    },
    /// The state could not be read or written.
    Broken(rusqlite::Error),
}

impl Refused {
    fn said(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Said {
            status,
            id: number(status),
            message: message.into(),
            header: None,
        }
    }

    fn invalid(what: &str) -> Self {
        Self::said(StatusCode::BAD_REQUEST, format!("invalid request: {what}"))
    }

    fn not_found(what: &str) -> Self {
        Self::said(StatusCode::NOT_FOUND, format!("Resource not found: {what}"))
    }

    fn token(status: StatusCode, id: i64, message: &str) -> Self {
        Self::Said {
            status,
            id,
            message: message.to_owned(),
            header: None,
        }
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Broken(cause)
    }
}

impl From<InvalidRequest> for Refused {
    fn from(invalid: InvalidRequest) -> Self {
        Self::invalid(&invalid.to_string())
    }
}

/// One request with a known token.
struct Desk<'v> {
    visit: &'v Visit<'v>,
    store: Store<'v>,
    caller: Caller,
    /// Built-in roles, then those that the organization made.
    roles: Vec<Role>,
}

impl<'v> Desk<'v> {
    /// Looks which organization asks, and whether it asks too often.
    fn open(visit: &'v mut Visit<'_>) -> Result<Self, Refused> {
        let store = Store(visit.db);
        let Some(token) = visit.bearer() else {
            return Err(Refused::token(
                StatusCode::UNAUTHORIZED,
                340_012,
                "invalid token format",
            ));
        };
        let Some(caller) = store.caller(token)? else {
            return Err(if is_token(token) {
                Refused::token(
                    StatusCode::UNAUTHORIZED,
                    340_018,
                    "Resource not found: token with identifier: \
                     auth-manager returned 404 for call %s/v2/admin/tokens?%s",
                )
            } else {
                Refused::token(
                    StatusCode::FORBIDDEN,
                    340_017,
                    "Resource, token, was malformed. Error: \
                     auth-manager returned 403 for call %s/v2/admin/tokens",
                )
            });
        };
        if let Err(wait_ms) = visit.count(token, LIMIT) {
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Err(Refused::Said {
                status,
                id: number(status),
                message: "too many requests".to_owned(),
                header: Some((RETRY_AFTER, wait_ms.div_ceil(1000).max(1).to_string())),
            });
        }
        let mut roles = BUILT_IN.clone();
        roles.extend(store.custom_roles(caller.organization.key)?);
        Ok(Self {
            visit,
            store,
            caller,
            roles,
        })
    }

    /// Answers whichever operation it is.
    fn serve(&self) -> Result<Response<Vec<u8>>, Refused> {
        self.on::<GetCurrentOrg>(Self::get_current_org)
            .or_else(|| self.on::<ListUsers>(Self::list_users))
            .or_else(|| self.on::<GetUser>(Self::get_user))
            .or_else(|| self.on::<ListRoles>(Self::list_roles))
            .or_else(|| self.on::<GetRole>(Self::get_role))
            .or_else(|| self.on::<InviteUser>(Self::invite_user))
            .or_else(|| self.on::<UpdateUserRoles>(Self::update_user_roles))
            .or_else(|| self.on::<RemoveUser>(Self::remove_user))
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
            return Refused::not_found("path");
        }
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Refused::Said {
            status,
            id: number(status),
            message: "method not allowed".to_owned(),
            header: Some((ALLOW, methods.join(", "))),
        }
    }

    fn get_current_org(&self, _: &Received<'_>) -> Result<CurrentOrg, Refused> {
        Ok(CurrentOrg {
            id: self.caller.organization.id.clone().into(),
        })
    }

    fn list_users(&self, _: &Received<'_>) -> Result<Users, Refused> {
        self.permit(READ)?;
        let names = self.names();
        let organization = &self.caller.organization;
        let members = self.store.members(organization.key)?;
        Ok(Users {
            organization: organization.id.clone().into(),
            name: organization.name.clone(),
            users: members
                .into_iter()
                .map(|member| described(member, &names))
                .collect(),
        })
    }

    fn get_user(&self, received: &Received<'_>) -> Result<User, Refused> {
        self.permit(READ)?;
        let member = self.member(&GetUser::receive(received)?.user)?;
        Ok(described(member, &self.names()))
    }

    fn list_roles(&self, _: &Received<'_>) -> Result<Vec<Role>, Refused> {
        Ok(self.roles.clone())
    }

    fn get_role(&self, received: &Received<'_>) -> Result<Role, Refused> {
        let id = GetRole::receive(received)?.role;
        self.roles
            .iter()
            .find(|role| role.id == id)
            .cloned()
            .ok_or_else(|| Refused::not_found("role"))
    }

    fn invite_user(&self, received: &Received<'_>) -> Result<Accepted, Refused> {
        self.permit(WRITE)?;
        let body = InviteUser::receive(received)?.body;
        let email = body.email.trim();
        if !address::is_plausible(email) || body.roles.is_empty() {
            return Err(Refused::invalid("email and at least one role are required"));
        }
        let organization = &self.caller.organization;
        if body.organization.as_str() != organization.id {
            return Err(Refused::said(
                StatusCode::FORBIDDEN,
                "forbidden: the token belongs to another organization",
            ));
        }
        let roles = self.known(body.roles)?;
        let key = email.to_lowercase();
        match self.store.member_at(organization.key, &key)? {
            Some(member) if member.status == Status::Invited => {
                self.store.set_roles(organization.key, &member.id, &roles)?;
            }
            Some(_) => {
                return Err(Refused::invalid("the user is already in the organization"));
            }
            None => {
                let member = Member {
                    id: ids::uuid(&self.visit.fresh()?),
                    email: email.to_owned(),
                    status: Status::Invited,
                    roles,
                };
                self.store.add_member(organization.key, &member)?;
            }
        }
        self.visit.mail(&organization.id, email)?;
        Ok(Accepted)
    }

    fn update_user_roles(&self, received: &Received<'_>) -> Result<NoContent, Refused> {
        self.permit(WRITE)?;
        let UpdateUserRoles { user, body } = UpdateUserRoles::receive(received)?;
        if body.roles.is_empty() {
            return Err(Refused::invalid("at least one role is required"));
        }
        let member = self.member(&user)?;
        let roles = self.known(body.roles)?;
        self.keep_an_administrator(&member, &roles)?;
        self.store
            .set_roles(self.caller.organization.key, &member.id, &roles)?;
        Ok(NoContent)
    }

    fn remove_user(&self, received: &Received<'_>) -> Result<NoContent, Refused> {
        self.permit(WRITE)?;
        let member = self.member(&RemoveUser::receive(received)?.user)?;
        self.keep_an_administrator(&member, &[])?;
        self.store
            .remove(self.caller.organization.key, &member.id)?;
        Ok(NoContent)
    }

    /// Refuses what none of the token's roles permits.
    fn permit(&self, action: &str) -> Result<(), Refused> {
        let permitted = self
            .roles
            .iter()
            .filter(|role| self.caller.roles.contains(&role.id))
            .filter_map(Role::policy)
            .any(|policy| policy.actions.iter().any(|it| it == action));
        if permitted {
            Ok(())
        } else {
            Err(Refused::said(
                StatusCode::FORBIDDEN,
                format!("forbidden: missing permission {action}"),
            ))
        }
    }

    fn member(&self, id: &UserId) -> Result<Member, Refused> {
        self.store
            .member(self.caller.organization.key, id.as_str())?
            .ok_or_else(|| Refused::not_found("user"))
    }

    /// Roles that exist here, each once, in the order in which they were given.
    fn known(&self, given: Vec<RoleId>) -> Result<Vec<RoleId>, Refused> {
        let mut seen = HashSet::new();
        let mut roles = Vec::with_capacity(given.len());
        for id in given {
            if !self.roles.iter().any(|role| role.id == id) {
                return Err(Refused::not_found("role"));
            }
            if seen.insert(id.clone()) {
                roles.push(id);
            }
        }
        Ok(roles)
    }

    /// Refuses to leave the organization without an administrator who has joined.
    fn keep_an_administrator(&self, member: &Member, after: &[RoleId]) -> Result<(), Refused> {
        let leads = |roles: &[RoleId]| roles.iter().any(|it| it.as_str() == ADMINISTRATOR);
        let last = member.status == Status::Active
            && leads(&member.roles)
            && !leads(after)
            && self
                .store
                .joined_with(self.caller.organization.key, ADMINISTRATOR)?
                <= 1;
        if last {
            return Err(Refused::invalid(
                "an organization must have at least one Organization Administrator",
            ));
        }
        Ok(())
    }

    fn names(&self) -> HashMap<&str, &str> {
        self.roles
            .iter()
            .map(|role| (role.id.as_str(), role.name.as_str()))
            .collect()
    }
}

fn described(member: Member, names: &HashMap<&str, &str>) -> User {
    let role = |id: RoleId| RoleRef {
        name: names
            .get(id.as_str())
            .copied()
            .unwrap_or_default()
            .to_owned(),
        id,
    };
    User {
        id: member.id.into(),
        email: member.email,
        status: member.status,
        roles: member.roles.into_iter().map(role).collect(),
    }
}

/// Whether a text has the form of a token: `AstraCS:`, 24 letters, `:`, 64 hexadecimal digits.
fn is_token(text: &str) -> bool {
    let Some((client, secret)) = text
        .strip_prefix("AstraCS:")
        .and_then(|rest| rest.split_once(':'))
    else {
        return false;
    };
    client.len() == 24
        && client.bytes().all(|b| b.is_ascii_alphabetic())
        && secret.len() == 64
        && secret
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
