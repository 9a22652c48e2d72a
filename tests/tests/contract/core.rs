//! Core's side: each request it builds is the recorded one, each documented answer is read.

use std::collections::BTreeSet;

use rolecall_core::endpoint::{Answer, Endpoint, Incoming, ReadError, Received, Route, Site};
use rolecall_core::service::{Call, Service};
use rolecall_core::{astra, astro};
use serde_json::{Map, Value};

use crate::exchange::{Exchange, exchanges, operations};

#[test]
fn operations_are_those_of_the_descriptions() {
    for (service, routes) in [
        (Service::Astro, &astro::Call::ROUTES[..]),
        (Service::Astra, &astra::Call::ROUTES[..]),
    ] {
        let described: BTreeSet<(String, String, BTreeSet<String>)> = operations(service)
            .into_iter()
            .map(|it| (it.method, it.path, it.query.into_iter().collect()))
            .collect();
        let built: BTreeSet<(String, String, BTreeSet<String>)> = routes
            .iter()
            .map(
                |Route {
                     method,
                     path,
                     query,
                 }| {
                    let query = query.iter().map(|&name| name.to_owned()).collect();
                    (method.to_string(), (*path).to_owned(), query)
                },
            )
            .collect();
        assert_eq!(built, described);
    }
}

#[test]
fn each_operation_has_a_recorded_success() {
    for service in Service::ALL {
        let exchanges = exchanges(service);
        for it in operations(service) {
            let name = kebab(&it.operation);
            assert!(
                exchanges
                    .iter()
                    .any(|x| x.operation() == name && x.response.status == it.success),
                "{}",
                it.operation
            );
        }
    }
}

#[test]
fn the_built_in_roles_are_known() {
    let exchanges = exchanges(Service::Astra);
    let recorded = exchanges.iter().find(|x| x.name == "list-roles.200");
    let recorded = recorded.unwrap().response.body.as_ref().unwrap();
    let known = Service::Astra.known_roles();
    assert_eq!(known.len(), 16);
    for role in &recorded.as_array().unwrap()[..16] {
        let known = known.iter().find(|it| role["id"] == it.id.as_str());
        let known = known.unwrap_or_else(|| panic!("{} is not known", role["name"]));
        assert_eq!(role["name"], known.key);
        let actions = role["policy"]["actions"].as_array().unwrap();
        let writes = actions.iter().any(|it| it == "org-user-write");
        assert_eq!(writes, known.manages_users, "{}", known.key);
    }
}

/// `ListUsers` as the files write it: `list-users`.
fn kebab(name: &str) -> String {
    let mut words = String::new();
    for (at, ch) in name.char_indices() {
        if at > 0 && ch.is_uppercase() {
            words.push('-');
        }
        words.push(ch.to_ascii_lowercase());
    }
    words
}

#[test]
fn astro_exchanges_are_sent_and_read() {
    for exchange in exchanges(Service::Astro) {
        let held = [
            hold::<astro::ListOrganizations>,
            hold::<astro::GetOrganization>,
            hold::<astro::GetSelfUser>,
            hold::<astro::ListUsers>,
            hold::<astro::GetUser>,
            hold::<astro::ListUserTeams>,
            hold::<astro::ListWorkspaces>,
            hold::<astro::ListRoles>,
            hold::<astro::CreateInvite>,
            hold::<astro::DeleteInvite>,
            hold::<astro::UpdateUserRoles>,
        ]
        .into_iter()
        .filter(|hold| hold(Service::Astro, &exchange))
        .count();
        assert_eq!(held, 1, "{} is one operation", exchange.name);
    }
}

#[test]
fn astra_exchanges_are_sent_and_read() {
    for exchange in exchanges(Service::Astra) {
        let held = [
            hold::<astra::GetCurrentOrg>,
            hold::<astra::ListUsers>,
            hold::<astra::GetUser>,
            hold::<astra::ListRoles>,
            hold::<astra::GetRole>,
            hold::<astra::InviteUser>,
            hold::<astra::UpdateUserRoles>,
            hold::<astra::RemoveUser>,
        ]
        .into_iter()
        .filter(|hold| hold(Service::Astra, &exchange))
        .count();
        assert_eq!(held, 1, "{} is one operation", exchange.name);
    }
}

/// Holds core against an exchange, if it is of this operation.
fn hold<E: Endpoint>(service: Service, exchange: &Exchange) -> bool {
    let (path, query) = exchange.target(service);
    let body = exchange.body();
    let received = Received::on(&E::ROUTE, &exchange.method(), path, query, &body);
    let Some(received) = received else {
        return false;
    };
    sends::<E>(exchange, &received);
    let incoming = Incoming {
        method: &exchange.method(),
        path,
        query,
        body: &body,
    };
    let call = Call::receive(service, &incoming).unwrap().unwrap();
    let told = call.read_answer(&Answer::from(&exchange.response()));
    assert_eq!(
        told.is_ok(),
        exchange.is_success(),
        "{}: {told:?}",
        exchange.name
    );
    if exchange.is_success() {
        reads::<E>(service, exchange);
    } else {
        reads_refusal::<E>(exchange);
    }
    true
}

fn sends<E: Endpoint>(exchange: &Exchange, received: &Received<'_>) {
    let name = &exchange.name;
    let call = E::receive(received).unwrap_or_else(|error| panic!("{name}: {error}"));
    let base = &exchange.request.path[..3];
    let request = call.to_http(&Site { base, token: None });
    assert_eq!(*request.method(), exchange.method(), "{name}");
    let sent: Option<Value> =
        (!request.body().is_empty()).then(|| serde_json::from_slice(request.body()).unwrap());
    if exchange.by.is_none() {
        assert_eq!(request.uri().to_string(), exchange.request.path, "{name}");
        assert_eq!(sent, exchange.request.body, "{name}");
    } else {
        let path = exchange.request.path.split('?').next().unwrap();
        assert_eq!(request.uri().path(), path, "{name}");
        assert_eq!(
            sent.map(lowercase),
            exchange.request.body.clone().map(lowercase),
            "{name}"
        );
    }
    assert_eq!(request.headers()["accept"], "application/json", "{name}");
    assert_eq!(
        request.headers().contains_key("content-type"),
        exchange.request.body.is_some(),
        "{name}"
    );
}

/// What core reads over, in answers of a form which no service is known to send any more.
const READ_OVER: [&str; 2] = ["type", "policy"];

fn reads<E: Endpoint>(service: Service, exchange: &Exchange) {
    let name = &exchange.name;
    let read = E::read(&Answer::from(&exchange.response()))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let Some(recorded) = exchange.response.body.clone() else {
        return;
    };
    let written = serde_json::from_slice(E::reply(&read).body()).unwrap();
    let (recorded, written): (Value, Value) = match service {
        Service::Astro => (recorded, written),
        Service::Astra => (lowercase(recorded), lowercase(written)),
    };
    let mut lost = Vec::new();
    compare(&recorded, &written, "", &mut lost);
    if exchange.variant {
        lost.retain(|place| !READ_OVER.iter().any(|it| place.ends_with(it)));
    }
    assert_eq!(lost, Vec::<String>::new(), "{name}");
}

fn reads_refusal<E: Endpoint>(exchange: &Exchange) {
    let name = &exchange.name;
    let refusal = match E::read(&Answer::from(&exchange.response())).map(|_| ()) {
        Err(ReadError::Refused(refusal)) => refusal,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(refusal.status, exchange.response.status, "{name}");
    assert_eq!(
        refusal.retry_after.is_some(),
        exchange.response.retry_after.is_some(),
        "{name}"
    );
    let html = exchange.response.content_type.as_deref() == Some("text/html");
    let body = exchange.response.body.as_ref().unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let words = match body {
        Value::String(_) if html => None,
        Value::Object(fields) if fields.contains_key("errors") => {
            assert_eq!(refusal.code, body["errors"][0]["ID"].as_i64(), "{name}");
            text(&body["errors"][0]["message"])
        }
        Value::Object(_) => text(&body["message"]),
        other => text(other),
    };
    assert_eq!(refusal.message, words, "{name}");
    assert_eq!(refusal.request_id, text(&body["requestId"]), "{name}");
    let fields = body["fieldErrors"].as_array().cloned().unwrap_or_default();
    assert_eq!(refusal.fields.len(), fields.len(), "{name}");
    for (read, recorded) in refusal.fields.iter().zip(fields) {
        assert_eq!(read.field, recorded["field"], "{name}");
        assert_eq!(read.message, recorded["message"], "{name}");
    }
}

/// Places where something that was recorded is gone or has become something else.
fn compare(recorded: &Value, written: &Value, place: &str, lost: &mut Vec<String>) {
    match (recorded, written) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let place = format!("{place}/{key}");
                match b.get(key) {
                    Some(other) => compare(value, other, &place, lost),
                    None => lost.push(place),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, &format!("{place}/{at}"), lost);
            }
        }
        (a, b) if a == b => {}
        _ => lost.push(place.to_owned()),
    }
}

/// The same with all field names in lower case.
fn lowercase(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| (key.to_lowercase(), lowercase(value)))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => items.into_iter().map(lowercase).collect(),
        other => other,
    }
}
