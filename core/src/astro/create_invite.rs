//! `POST /organizations/{organizationId}/invites`
//!
//! Invites one person into the organization.

use http::Method;
use serde::Serialize;

use super::{Error, InviteId, OrganizationId, OrganizationRole, Subject, UserId};
use crate::endpoint::{Endpoint, InvalidRequest, Payload, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Invites one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct CreateInvite {
    /// Into which organization.
    pub organization: OrganizationId,
    /// Whom, and as what.
    pub body: NewInvite,
}

/// Body of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct NewInvite {
    /// E-mail address.
    pub invitee_email: String,
    /// Role in the organization.
    pub role: OrganizationRole,
}

/// An invitation. It does not repeat the role, and its id is told only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// Id of the invitation, needed to withdraw it.
    pub invite_id: InviteId,
    /// Into which organization.
    pub organization_id: OrganizationId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<String>,
    /// Id of the person invited; the same as the invitee's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// RFC 3339, UTC.
    #[serde(default)]
    pub expires_at: String,
    /// The person invited; a pending user from now on.
    pub invitee: Subject,
    /// Who invited.
    pub inviter: Subject,
}

payload!(NewInvite, Invite; Json);

impl Endpoint for CreateInvite {
    type Response = Invite;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::POST,
        path: "/organizations/{organizationId}/invites",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str()]
    }

    fn body(&self) -> Option<Vec<u8>> {
        Some(self.body.encode())
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            body: received.body()?,
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

    fn call() -> CreateInvite {
        let body = NewInvite {
            invitee_email: "pete@example.com".to_owned(),
            role: OrganizationRole::Member,
        };
        CreateInvite {
            organization: "c1".into(),
            body,
        }
    }

    #[test]
    fn sends_address_and_role() {
        let (method, address, body) = sent(&call().to_http(&SITE));
        assert_eq!(method, Method::POST);
        assert_eq!(
            address,
            "https://api.astronomer.io/v1/organizations/c1/invites"
        );
        assert_eq!(
            body,
            r#"{"inviteeEmail":"pete@example.com","role":"ORGANIZATION_MEMBER"}"#
        );
        assert_eq!(received(&call(), BASE), call());
    }

    #[test]
    fn reads_the_ids_that_are_told_once() {
        let invite = CreateInvite::read(&answer(200, r#"{"inviteId":"i1","organizationId":"c1","userId":"u1",
            "expiresAt":"2024-06-17T07:15:00Z","invitee":{"id":"u1","subjectType":"USER","username":"pete@example.com"},
            "inviter":{"id":"k1","subjectType":"SERVICEKEY","apiTokenName":"ci"}}"#)).unwrap();
        assert_eq!(invite.invite_id.as_str(), "i1");
        assert_eq!(invite.invitee.id, "u1");
    }

    #[test]
    fn a_member_of_the_organization_is_refused_in_the_services_words() {
        let body = r#"{"message":"Invalid request: Invitee has existing role in organization c1","requestId":"r1","statusCode":400}"#;
        let error = CreateInvite::read(&answer(400, body)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Invalid request: Invitee has existing role in organization c1 (status 400), request r1"
        );
    }
}
