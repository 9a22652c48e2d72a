//! `GET /currentOrg`
//!
//! The organization of the token: its id only; the name comes with the list of users.

use http::Method;
use serde::Serialize;

use super::{Errors, OrganizationId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads which organization the token belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct GetCurrentOrg {}

/// The organization of the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct CurrentOrg {
    /// Its id.
    pub id: OrganizationId,
}

payload!(CurrentOrg; AnySpelling);

impl Endpoint for GetCurrentOrg {
    type Response = CurrentOrg;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/currentOrg",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        Vec::new()
    }

    fn receive(_: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astra::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_and_reads_the_id() {
        assert_eq!(
            sent(&GetCurrentOrg {}.to_http(&SITE)).1,
            "https://api.astra.datastax.com/v2/currentOrg"
        );
        for body in [r#"{"id":"o1"}"#, r#"{"ID":"o1","news":1}"#] {
            assert_eq!(
                GetCurrentOrg::read(&answer(200, body)).unwrap().id.as_str(),
                "o1"
            );
        }
    }
}
