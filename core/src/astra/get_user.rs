//! `GET /organizations/users/{userID}`
//!
//! One user; by id only, there is no look-up by address.

use http::Method;
use serde::Serialize;

use super::{Errors, User, UserId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route};
use crate::json::{FromJson, ToJson};

/// Reads one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct GetUser {
    /// Which user.
    pub user: UserId,
}

impl Endpoint for GetUser {
    type Response = User;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/users/{userID}",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.user.as_str()]
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            user: received.id(0),
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
        let call = GetUser { user: "u1".into() };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astra.datastax.com/v2/organizations/users/u1"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_roles() {
        let user = GetUser::read(&answer(200, r#"{"UserID":"u1","Email":"bob@example.com","Status":"invited","Roles":[{"ID":"r1","Name":"R/W User","Policy":{}}]}"#)).unwrap();
        assert_eq!(user.roles[0].name, "R/W User");
        assert_eq!(user.status, super::super::Status::Invited);
    }
}
