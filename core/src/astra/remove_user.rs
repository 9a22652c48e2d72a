//! `DELETE /organizations/users/{userID}`
//!
//! Removes a member, or withdraws an invitation; the person's own account stays.

use http::Method;
use serde::Serialize;

use super::{Errors, UserId};
use crate::endpoint::{Endpoint, InvalidRequest, NoContent, Received, Route};
use crate::json::{FromJson, ToJson};

/// Removes a member or withdraws an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct RemoveUser {
    /// Which user.
    pub user: UserId,
}

impl Endpoint for RemoveUser {
    type Response = NoContent;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::DELETE,
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
    fn sends_no_body() {
        let call = RemoveUser { user: "u1".into() };
        let (method, address, body) = sent(&call.to_http(&SITE));
        assert_eq!((method, body.as_str()), (Method::DELETE, ""));
        assert_eq!(
            address,
            "https://api.astra.datastax.com/v2/organizations/users/u1"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn gone_already_is_a_refusal() {
        assert!(RemoveUser::read(&answer(204, "")).is_ok());
        let error = RemoveUser::read(&answer(
            404,
            r#"{"errors":[{"ID":999404,"message":"Resource not found: user"}]}"#,
        ));
        assert_eq!(
            error.unwrap_err().to_string(),
            "Resource not found: user (status 404)"
        );
    }
}
