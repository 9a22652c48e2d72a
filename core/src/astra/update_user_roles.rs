//! `PUT /organizations/users/{userID}/roles`
//!
//! Replaces the whole role set of a user.

use http::Method;
use serde::Serialize;

use super::{Errors, RoleId, UserId};
use crate::endpoint::{Endpoint, InvalidRequest, NoContent, Payload, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Replaces the roles of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct UpdateUserRoles {
    /// Which user.
    pub user: UserId,
    /// The roles.
    pub body: RoleSet,
}

/// All roles that the user has afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct RoleSet {
    /// Ids of the roles; at least one.
    pub roles: Vec<RoleId>,
}

payload!(RoleSet; AnySpelling);

impl Endpoint for UpdateUserRoles {
    type Response = NoContent;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::PUT,
        path: "/organizations/users/{userID}/roles",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.user.as_str()]
    }

    fn body(&self) -> Option<Vec<u8>> {
        Some(self.body.encode())
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            user: received.id(0),
            body: received.body()?,
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
    fn sends_all_roles() {
        let call = UpdateUserRoles {
            user: "u1".into(),
            body: RoleSet {
                roles: vec!["r1".into(), "r2".into()],
            },
        };
        let (method, address, body) = sent(&call.to_http(&SITE));
        assert_eq!(method, Method::PUT);
        assert_eq!(
            address,
            "https://api.astra.datastax.com/v2/organizations/users/u1/roles"
        );
        assert_eq!(body, r#"{"roles":["r1","r2"]}"#);
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn success_is_204_alone() {
        assert!(UpdateUserRoles::read(&answer(204, "")).is_ok());
        let error = UpdateUserRoles::read(&answer(
            403,
            r#"{"errors":[{"ID":999403,"message":"forbidden: missing permission org-user-write"}]}"#,
        ));
        assert_eq!(
            error.unwrap_err().to_string(),
            "forbidden: missing permission org-user-write (status 403)"
        );
        assert!(UpdateUserRoles::read(&answer(200, "")).is_err());
    }
}
