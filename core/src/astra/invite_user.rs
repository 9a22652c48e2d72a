//! `PUT /organizations/users`
//!
//! Invites one person, or sends a pending invitation again with new details. The answer carries nothing: read the list to see the result.

use http::Method;
use serde::Serialize;

use super::{Errors, OrganizationId, RoleId};
use crate::endpoint::{Accepted, Endpoint, InvalidRequest, Payload, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Invites one person, or sends the invitation again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct InviteUser {
    /// Whom, where and as what.
    pub body: NewInvite,
}

/// Body of the request. Written as the description has it (`orgID`); read in the CLI's spelling too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct NewInvite {
    /// E-mail address.
    pub email: String,
    /// The token's organization.
    #[serde(rename(serialize = "orgID", deserialize = "orgid"), alias = "orgID")]
    pub organization: OrganizationId,
    /// Ids of the roles; at least one.
    pub roles: Vec<RoleId>,
}

payload!(NewInvite; AnySpelling);

impl Endpoint for InviteUser {
    type Response = Accepted;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::PUT,
        path: "/organizations/users",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        Vec::new()
    }

    fn body(&self) -> Option<Vec<u8>> {
        Some(self.body.encode())
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
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

    fn call() -> InviteUser {
        let body = NewInvite {
            email: "dave@example.com".to_owned(),
            organization: "o1".into(),
            roles: vec!["r1".into()],
        };
        InviteUser { body }
    }

    #[test]
    fn sends_role_ids_and_the_organization() {
        let (method, address, body) = sent(&call().to_http(&SITE));
        assert_eq!(method, Method::PUT);
        assert_eq!(
            address,
            "https://api.astra.datastax.com/v2/organizations/users"
        );
        assert_eq!(
            body,
            r#"{"email":"dave@example.com","orgID":"o1","roles":["r1"]}"#
        );
        assert_eq!(received(&call(), BASE), call());
    }

    #[test]
    fn the_service_reads_the_clis_spelling() {
        let body =
            NewInvite::decode(br#"{"OrgID":"o1","email":"dave@example.com","roles":["r1"]}"#)
                .unwrap();
        assert_eq!(body, call().body);
    }

    #[test]
    fn a_call_survives_being_stored() {
        let text = serde_json::to_string(&call()).unwrap();
        assert_eq!(serde_json::from_str::<InviteUser>(&text).unwrap(), call());
    }

    #[test]
    fn success_may_carry_anything() {
        for body in ["", "{}", "null", "ok"] {
            assert!(InviteUser::read(&answer(200, body)).is_ok(), "{body}");
        }
        // the vendor's own client takes this for success
        assert!(
            InviteUser::read(&answer(
                404,
                r#"{"errors":[{"ID":1,"message":"Resource not found: role"}]}"#
            ))
            .is_err()
        );
    }
}
