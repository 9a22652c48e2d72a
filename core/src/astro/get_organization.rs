//! `GET /organizations/{organizationId}`
//!
//! One organization.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads one organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct GetOrganization {
    /// Which one.
    pub organization: OrganizationId,
}

/// An organization, with what this program shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Id of the organization.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// `HOSTED` or `HYBRID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// `ACTIVE`, `INACTIVE`, `SUSPENDED`, or news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether an identity provider keeps its teams (SCIM).
    #[serde(default)]
    pub is_scim_enabled: bool,
    /// RFC 3339, UTC.
    #[serde(default)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[serde(default)]
    pub updated_at: String,
    /// All that the service says besides; the sandbox writes here what the description requires.
    #[serde(flatten)]
    pub rest: crate::json::Rest,
}

payload!(Organization; Json);

impl Endpoint for GetOrganization {
    type Response = Organization;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{organizationId}",
        query: &["isLookUpOnly"],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str()]
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
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
    fn asks_for_it_by_id() {
        let call = GetOrganization {
            organization: "c1".into(),
        };
        assert_eq!(
            sent(&call.to_http(&SITE)).1,
            "https://api.astronomer.io/v1/organizations/c1"
        );
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn a_refusal_keeps_the_words_and_the_request_id() {
        let error = GetOrganization::read(&answer(
            404,
            r#"{"message":"Organization not found","requestId":"r-9","statusCode":404}"#,
        ))
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "Organization not found (status 404), request r-9"
        );
    }
}
