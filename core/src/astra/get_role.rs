//! `GET /organizations/roles/{roleID}`
//!
//! One role.

use http::Method;
use serde::Serialize;

use super::{Errors, RoleId, list_roles::Role};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route};
use crate::json::{FromJson, ToJson};

/// Reads one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct GetRole {
    /// Which role.
    pub role: RoleId,
}

impl Endpoint for GetRole {
    type Response = Role;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/roles/{roleID}",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.role.as_str()]
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            role: received.id(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astra::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, received, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_by_id() {
        let call = GetRole { role: "r1".into() };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astra.datastax.com/v2/organizations/roles/r1"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn a_refusal_may_be_a_bare_string() {
        let error = GetRole::read(&answer(404, "\"role not found\"")).unwrap_err();
        assert_eq!(error.to_string(), "role not found (status 404)");
    }
}
