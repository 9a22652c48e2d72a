//! `GET /organizations/{organizationId}/users/{userId}`
//!
//! One user of an organization.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId, User, UserId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route};
use crate::json::{FromJson, ToJson};

/// Reads one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct GetUser {
    /// In which organization.
    pub organization: OrganizationId,
    /// Which user.
    pub user: UserId,
}

impl Endpoint for GetUser {
    type Response = User;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{organizationId}/users/{userId}",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str(), self.user.as_str()]
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            user: received.id(1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astro::BASE;
    use crate::endpoint::Site;
    use crate::testing::{answer, received, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_for_one_by_id() {
        let call = GetUser {
            organization: "c1".into(),
            user: "c2".into(),
        };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astronomer.io/v1/organizations/c1/users/c2"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_a_pending_user() {
        let user = GetUser::read(&answer(200, r#"{"id":"c2","username":"pete@example.com","fullName":"","avatarUrl":"",
            "status":"PENDING","createdAt":"2024-06-10T07:15:00Z","updatedAt":"2024-06-10T07:15:00Z"}"#)).unwrap();
        assert_eq!(user.status, crate::astro::Status::Pending);
    }
}
