//! What the tests of each operation share.

use http::{Method, Request, Response};

use crate::endpoint::{Endpoint, Received, Site};

/// Method, address and body of a request, as text.
pub(crate) fn sent(request: &Request<Vec<u8>>) -> (Method, String, String) {
    let body = String::from_utf8(request.body().clone()).unwrap();
    (request.method().clone(), request.uri().to_string(), body)
}

/// An answer.
pub(crate) fn answer(status: u16, body: &str) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .body(body.as_bytes().to_vec())
        .unwrap()
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
pub(crate) fn user(id: &str, email: &str) -> crate::directory::User {
    crate::directory::User {
        id: id.into(),
        email: email.to_owned(),
        name: String::new(),
        status: crate::directory::Status::Active,
        roles: Vec::new(),
        scoped: Vec::new(),
        created: String::new(),
    }
}
