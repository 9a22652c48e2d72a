//! `GET /organizations/{organizationId}/users`
//!
//! Users of an organization, pending ones included, a page of them.

use http::Method;
use serde::Serialize;

use super::{Error, OrganizationId, Paging, User};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads a page of users, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct ListUsers {
    /// Whose users.
    pub organization: OrganizationId,
    /// Which part of the list.
    #[serde(flatten)]
    pub paging: Paging,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Users {
    /// The users.
    pub users: Vec<User>,
    /// Entries at the most, as asked.
    pub limit: u32,
    /// Entries skipped.
    pub offset: u32,
    /// Users of the whole organization.
    pub total_count: u32,
}

payload!(Users; Json);

impl Endpoint for ListUsers {
    type Response = Users;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/{organizationId}/users",
        query: &[
            "offset",
            "limit",
            "sorts",
            "workspaceId",
            "deploymentId",
            "dagId",
            "dagTags",
        ],
    };

    fn ids(&self) -> Vec<&str> {
        vec![self.organization.as_str()]
    }

    /// The order is sent explicitly: the default is not documented, and a changing one skips rows.
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = self.paging.query();
        query.push(("sorts", "createdAt:asc".to_owned()));
        query
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            organization: received.id(0),
            paging: Paging::receive(received)?,
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

    const PAGE: &str = r#"{"users":[{"id":"clm9sq6s0000208kz7uvl7yz2","username":"mina@example.com","fullName":"Mina Member",
        "avatarUrl":"","status":"ACTIVE","createdAt":"2024-01-15T10:00:00Z","updatedAt":"2024-06-01T08:00:00Z",
        "organizationRole":"ORGANIZATION_MEMBER","workspaceRoles":[{"workspaceId":"w1","role":"WORKSPACE_OPERATOR"}],
        "dagRoles":[{"deploymentId":"d1","role":"DAG_VIEWER","dagTag":"daily"}],"news":{"a":1}},
        {"id":"c3","username":"new@example.com","status":"ASLEEP"}],"limit":1000,"offset":2000,"totalCount":2002}"#;

    #[test]
    fn sends_order_and_size_explicitly() {
        let call = ListUsers {
            organization: "c1".into(),
            paging: Paging {
                offset: 2000,
                limit: 1000,
            },
        };
        let (method, address, body) = sent(&call.to_http(&SITE));
        assert_eq!(method, Method::GET);
        assert_eq!(
            address,
            "https://api.astronomer.io/v1/organizations/c1/users?offset=2000&limit=1000&sorts=createdAt%3Aasc"
        );
        assert_eq!(body, "");
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_users_with_scoped_roles_and_news() {
        let page = ListUsers::read(&answer(200, PAGE)).unwrap();
        assert_eq!(page.users[0].workspace_roles[0].role, "WORKSPACE_OPERATOR");
        assert_eq!(page.users[0].dag_roles[0].dag_tag.as_deref(), Some("daily"));
        assert_eq!(page.users[1].status.as_str(), "ASLEEP");
        assert_eq!(page.users[1].organization_role, None);
    }

    #[test]
    fn says_what_is_wrong_with_an_answer() {
        let said = |status, body: &str| {
            ListUsers::read(&answer(status, body))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(said(200, "<html>"), "the service's answer is not JSON");
        assert_eq!(
            said(200, ""),
            "the service answered with an empty body (status 200)"
        );
        assert_eq!(
            said(200, &PAGE[..300]),
            "the service's answer stops in the middle"
        );
        assert_eq!(
            said(201, PAGE),
            "the service answered with status 201, which this operation does not have"
        );
        assert_eq!(
            said(503, "<html>"),
            "the service has a fault of its own (status 503)"
        );
        assert!(said(200, "[]").starts_with("the service's answer has an unknown shape"));
    }
}
