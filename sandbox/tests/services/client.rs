//! A client of a small sandbox.

use http::Request;
use rolecall_core::endpoint::{self, Endpoint, Incoming, ReadError, Site, Token};
use rolecall_core::service::{Call, Service};
use rolecall_sandbox::{Delivery, Inventory, Reply, Sandbox, Settings};
use rusqlite::Connection;
use serde_json::Value;

/// 2026-11-02 09:00 UTC, in milliseconds.
pub(crate) const NOW: u64 = 1_793_610_000_000;

pub(crate) struct Client {
    pub(crate) sandbox: Sandbox,
    pub(crate) inventory: Inventory,
    pub(crate) now: u64,
}

/// An answer with its body as JSON (`null` when there is none).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: http::HeaderMap,
}

impl Client {
    pub(crate) fn new() -> Self {
        Self::with(Settings {
            users: 250,
            ..Settings::default()
        })
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let sandbox = Sandbox::open(Connection::open_in_memory().unwrap(), settings).unwrap();
        let inventory = sandbox.inventory().unwrap();
        Self {
            sandbox,
            inventory,
            now: NOW,
        }
    }

    /// Id of the `n`-th organization of a service.
    pub(crate) fn organization(&self, service: Service, n: usize) -> String {
        let mut all = self.inventory.organizations.iter();
        let found = all.by_ref().filter(|it| it.service == service).nth(n);
        found.unwrap().id.clone()
    }

    /// Token of a role in the `n`-th organization of a service.
    pub(crate) fn token(&self, service: Service, n: usize, role: &str) -> String {
        let organization = self.organization(service, n);
        let mut tokens = self.inventory.tokens.iter();
        let found = tokens.find(|it| it.organization == organization && it.role == role);
        found.unwrap().token.clone()
    }

    pub(crate) fn handle(&mut self, request: &Request<Vec<u8>>) -> Reply {
        let reply = self.sandbox.handle(request, self.now);
        assert!(reply.broken.is_none(), "{:?}", reply.broken);
        assert_eq!((reply.delivery, reply.delay_ms), (Delivery::Whole, 0));
        reply
    }

    /// Sends a request as any client would write it.
    pub(crate) fn ask(&mut self, token: &str, line: &str, body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .body(body.as_bytes().to_vec())
            .unwrap();
        let response = self.handle(&request).response;
        let body = match response.body().as_slice() {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).unwrap(),
        };
        Answer {
            status: response.status().as_u16(),
            body,
            headers: response.headers().clone(),
        }
    }

    /// Sends an operation and reads its answer: whole, as the sandbox wrote it, and as clients do.
    pub(crate) fn call<E: Endpoint>(
        &mut self,
        token: &str,
        operation: &E,
    ) -> Result<E::Response, ReadError> {
        let (service, root) = match std::any::type_name::<E>().contains("::astro::") {
            true => (Service::Astro, "/v1"),
            false => (Service::Astra, "/v2"),
        };
        let base = &["http://127.0.0.1:1", root].concat();
        let token = Token::new(token);
        let site = Site {
            base,
            token: Some(&token),
        };
        let request = operation.to_http(&site);
        let answer = endpoint::Answer::from(&self.handle(&request).response);
        let path = request.uri().path().strip_prefix(root);
        let incoming = Incoming {
            method: request.method(),
            path: path.expect("the address begins with the base"),
            query: request.uri().query().unwrap_or_default(),
            body: request.body(),
        };
        let call = Call::receive(service, &incoming).expect("an operation");
        let call = call.expect("its own request");
        let whole = E::read(&answer);
        assert_eq!(
            call.read_answer(&answer).map(drop).is_ok(),
            whole.is_ok(),
            "clients read what the sandbox writes: {call:?}"
        );
        whole
    }
}

/// Status and sentence of a refusal.
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, ReadError>) -> (u16, String) {
    match outcome.unwrap_err() {
        ReadError::Refused(refusal) => (refusal.status, refusal.message.unwrap()),
        other => panic!("{other}"),
    }
}
