//! What the tests of each operation share.

use http::{Method, Request};

use crate::directory::{Directory, HeldRole, Status, User, UserId};
use crate::endpoint::{Answer, Endpoint, Received, Site};
use crate::plan::{Act, Change, Step};
use crate::role::RoleId;

/// Method, address and body of a request, as text.
pub(crate) fn sent(request: &Request<Vec<u8>>) -> (Method, String, String) {
    let body = String::from_utf8(request.body().clone()).unwrap();
    (request.method().clone(), request.uri().to_string(), body)
}

/// An answer.
pub(crate) fn answer(status: u16, body: &str) -> Answer {
    Answer::new(status, &|_| None, body.as_bytes().to_vec())
}

/// Sends an operation to the service's side and reads it there.
pub(crate) fn received<E: Endpoint>(operation: &E, base: &str) -> E {
    let request = operation.to_http(&Site { base, token: None });
    let path = request.uri().path().to_owned();
    let prefix = base.parse::<http::Uri>().unwrap().path().to_owned();
    let received = Received::on(
        &E::ROUTE,
        request.method(),
        path.strip_prefix(&prefix).unwrap(),
        request.uri().query().unwrap_or(""),
        request.body(),
    )
    .expect("an operation's request is on its route");
    E::receive(&received).unwrap()
}

/// An active user without roles.
pub(crate) fn user(id: &str, email: &str) -> User {
    User {
        id: id.into(),
        email: email.to_owned(),
        name: String::new(),
        status: Status::Active,
        roles: Vec::new(),
        scoped: Vec::new(),
        created: String::new(),
    }
}

/// Roles as a user holds them.
pub(crate) fn held(roles: &[RoleId]) -> Vec<HeldRole> {
    let held = |id: &RoleId| HeldRole {
        id: id.clone(),
        name: String::new(),
    };
    roles.iter().map(held).collect()
}

/// What a service tells that does what a step asks.
pub(crate) fn done(step: &Step, directory: &Directory) -> Change {
    let known = match &step.user {
        Some(user) => directory.find(user.as_str()),
        None => directory.find_email(&step.email),
    };
    let id = match known {
        Some(index) => directory.row(index).id.to_owned(),
        None => format!("new-{}", step.email),
    };
    let gone = UserId::from(id.as_str());
    match step.act {
        Act::Invite | Act::Resend => Change::Invited {
            email: step.email.clone(),
            user: Some(User {
                roles: held(&step.after),
                status: Status::Pending,
                ..user(&id, &step.email)
            }),
            invite: Some(format!("i-{id}").into()),
            expires: String::new(),
        },
        Act::ReRole => Change::RolesSet {
            user: gone,
            roles: step.after.clone(),
        },
        Act::Withdraw => match directory.invite_of(&id) {
            Some(invite) => Change::Withdrawn {
                invite: invite.clone(),
            },
            None => Change::Removed { user: gone },
        },
        Act::Remove => Change::Removed { user: gone },
    }
}
