//! `DELETE /organizations/{organizationId}/invites/{inviteId}`
//!
//! Withdraws an invitation; the pending user disappears with it.

use http::Method;
use serde::Serialize;

use super::{Error, InviteId, OrganizationId};
use crate::endpoint::{Endpoint, InvalidRequest, NoContent, Received, Route};
use crate::json::{FromJson, ToJson};

/// Withdraws an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct DeleteInvite {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which invitation.
    pub invite: InviteId,
}

impl Endpoint for DeleteInvite {
    type Response = NoContent;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::DELETE,
        path: "/organizations/{organizationId}/invites/{inviteId}",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str(), self.invite.as_str()]
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            invite: received.id(1),
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
    fn sends_no_body() {
        let call = DeleteInvite {
            organization: "c1".into(),
            invite: "i1".into(),
        };
        let (method, address, body) = sent(&call.to_http(&SITE));
        assert_eq!(method, Method::DELETE);
        assert_eq!(
            address,
            "https://api.astronomer.io/v1/organizations/c1/invites/i1"
        );
        assert_eq!(body, "");
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn success_is_204_alone() {
        assert!(DeleteInvite::read(&answer(204, "")).is_ok());
        assert!(DeleteInvite::read(&answer(200, "{}")).is_err());
        let gone = DeleteInvite::read(&answer(
            404,
            r#"{"message":"Invite not found","requestId":"r","statusCode":404}"#,
        ));
        assert_eq!(
            gone.unwrap_err().to_string(),
            "Invite not found (status 404), request r"
        );
    }
}
