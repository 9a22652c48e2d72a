//! `GET /organizations/users`
//!
//! All users of the organization, invited ones included, in one answer.

use http::Method;
use serde::Serialize;

use super::{Errors, OrganizationId, User};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads all users of the token's organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct ListUsers {}

/// The organization with its users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Users {
    /// Id of the organization.
    #[serde(rename(serialize = "OrgID", deserialize = "orgid"))]
    pub organization: OrganizationId,
    /// Its name; a personal organization is named after its owner's address.
    #[serde(rename(serialize = "OrgName", deserialize = "orgname"), default)]
    pub name: String,
    /// The users.
    #[serde(rename(serialize = "Users", deserialize = "users"))]
    pub users: Vec<User>,
}

payload!(Users; AnySpelling);

impl Endpoint for ListUsers {
    type Response = Users;
    type ErrorBody = Errors;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations/users",
        query: &[],
    };

    fn ids(&self) -> Vec<&str> {
        Vec::new()
    }

    fn receive(_: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::astra::BASE;
    use crate::endpoint::Answer;
    use crate::endpoint::Site;
    use crate::testing::{answer, sent};

    const SITE: Site<'_> = Site {
        base: BASE,
        token: None,
    };

    #[test]
    fn asks_without_paging() {
        assert_eq!(
            sent(&ListUsers {}.to_http(&SITE)).1,
            "https://api.astra.datastax.com/v2/organizations/users"
        );
    }

    #[test]
    fn reads_either_spelling() {
        let recorded = r#"{"OrgID":"o1","OrgName":"Acme","Users":[{"UserID":"u1","Email":"alice@example.com","Status":"active",
            "Roles":[{"ID":"r1","Name":"R/W User"}]},{"UserID":"u2","Email":"bob@example.com","Status":"asleep"}]}"#;
        let described = r#"{"orgID":"o1","orgName":"Acme","users":[{"userID":"u1","email":"alice@example.com","status":"active",
            "roles":[{"id":"r1","name":"R/W User"}]},{"userID":"u2","email":"bob@example.com","status":"asleep"}],"news":{}}"#;
        let users = ListUsers::read(&answer(200, recorded)).unwrap();
        assert_eq!(users, ListUsers::read(&answer(200, described)).unwrap());
        assert_eq!(users.users[1].status.as_str(), "asleep");
    }

    #[test]
    fn the_service_writes_the_recorded_spelling() {
        let users = Users {
            organization: "o1".into(),
            name: "Acme".to_owned(),
            users: vec![User {
                id: "u1".into(),
                email: "a@example.com".to_owned(),
                status: Default::default(),
                roles: Vec::new(),
            }],
        };
        let reply = ListUsers::reply(&users);
        assert_eq!(reply.body(), br#"{"OrgID":"o1","OrgName":"Acme","Users":[{"UserID":"u1","Email":"a@example.com","Status":"active","Roles":[]}]}"#);
        assert_eq!(ListUsers::read(&Answer::from(&reply)).unwrap(), users);
    }
}
