//! One request on its way through the sandbox.

use http::{Method, Request};
use rolecall_core::endpoint::{Endpoint, Received};
use rolecall_core::service::Service;
use rusqlite::Connection;

use crate::dice::Dice;
use crate::ids;
use crate::limiter::{Limiter, PerSecond};

/// A request with what the services need to answer it.
pub(crate) struct Visit<'v> {
    /// The state; a transaction is open.
    pub(crate) db: &'v Connection,
    pub(crate) request: &'v Request<Vec<u8>>,
    pub(crate) service: Service,
    /// What follows the service's base address.
    pub(crate) path: &'v str,
    /// Milliseconds since 1970-01-01 UTC.
    pub(crate) now_ms: u64,
    pub(crate) seed: u64,
    /// Buckets, if requests are counted.
    pub(crate) limiter: Option<&'v mut Limiter>,
}

impl<'v> Visit<'v> {
    pub(crate) fn method(&self) -> &'v Method {
        self.request.method()
    }

    /// The token, if the request carries one.
    pub(crate) fn bearer(&self) -> Option<&'v str> {
        bearer(self.request)
    }

    /// The request, if it is this operation.
    pub(crate) fn on<E: Endpoint>(&self) -> Option<Received<'v>> {
        on::<E>(self.request, self.path)
    }

    /// Takes one request out of a token's bucket.
    ///
    /// # Errors
    /// The milliseconds after which there is one again.
    pub(crate) fn count(&mut self, token: &str, limit: PerSecond) -> Result<(), u64> {
        match &mut self.limiter {
            Some(limiter) => limiter.take(token, limit, self.now_ms),
            None => Ok(()),
        }
    }

    /// Notes the mail that goes out with an invitation.
    pub(crate) fn mail(&self, organization: &str, email: &str) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO mail (service, organization, email, sent_at) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute([
                self.service.name(),
                organization,
                email,
                &ids::moment(self.now_ms),
            ])?;
        Ok(())
    }

    /// Numbers for new ids: the same for the same seed and the same changes before.
    pub(crate) fn fresh(&self) -> rusqlite::Result<Dice> {
        let changes: i64 = self.db.query_row(
            "UPDATE sandbox SET changes = changes + 1 RETURNING changes",
            [],
            |row| row.get(0),
        )?;
        Ok(Dice::new(self.seed, &format!("change {changes}")))
    }
}

/// A request, if it is this operation; `path` is what follows the service's base address.
pub(crate) fn on<'v, E: Endpoint>(
    request: &'v Request<Vec<u8>>,
    path: &'v str,
) -> Option<Received<'v>> {
    Received::on(
        &E::ROUTE,
        request.method(),
        path,
        request.uri().query().unwrap_or_default(),
        request.body(),
    )
}

/// The token, if a request carries one.
pub(crate) fn bearer(request: &Request<Vec<u8>>) -> Option<&str> {
    let value = request.headers().get(http::header::AUTHORIZATION)?;
    let (word, token) = value.to_str().ok()?.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
