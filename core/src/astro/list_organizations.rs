//! `GET /organizations`
//!
//! Organizations which the token sees, a page of them.

use http::Method;
use serde::Serialize;

use super::get_organization::Organization;
use super::{Error, Paging, Position};
use crate::endpoint::{Endpoint, InvalidRequest, Received, Route, payload};
use crate::json::{FromJson, ToJson};

/// Reads a page of organizations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct ListOrganizations {
    /// Which part of the list.
    #[serde(flatten)]
    pub paging: Paging,
}

/// A page of organizations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Organizations {
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// Where the page stands.
    #[serde(flatten)]
    pub position: Position,
}

payload!(Organizations; Json);

impl Endpoint for ListOrganizations {
    type Response = Organizations;
    type ErrorBody = Error;
    const ROUTE: Route = Route {
        method: Method::GET,
        path: "/organizations",
        query: &[
            "offset",
            "limit",
            "sorts",
            "product",
            "productPlan",
            "astronomerProduct",
        ],
    };

    fn ids(&self) -> Vec<&str> {
        Vec::new()
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = self.paging.query();
        query.push(("sorts", "name:asc".to_owned()));
        query
    }

    fn receive(received: &Received<'_>) -> Result<Self, InvalidRequest> {
        Ok(Self {
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

    #[test]
    fn asks_for_a_page() {
        let sent = sent(&ListOrganizations::default().to_http(&SITE));
        assert_eq!(
            sent.1,
            "https://api.astronomer.io/v1/organizations?offset=0&limit=1000&sorts=name%3Aasc"
        );
        assert_eq!((sent.0, sent.2.as_str()), (Method::GET, ""));
    }

    #[test]
    fn the_service_reads_what_was_sent() {
        let call = ListOrganizations {
            paging: Paging {
                offset: 20,
                limit: 10,
            },
        };
        assert_eq!(received(&call, BASE), call);
    }

    #[test]
    fn reads_a_page_with_news_in_it() {
        let page = ListOrganizations::read(&answer(
            200,
            r#"{"organizations":[{"id":"c1","name":"Cosmic Energy",
            "status":"FROZEN","news":[1]}],"limit":20,"offset":0,"totalCount":1}"#,
        ))
        .unwrap();
        assert_eq!(page.organizations[0].name, "Cosmic Energy");
        assert_eq!(page.organizations[0].status.as_deref(), Some("FROZEN"));
        assert_eq!(page.position.total_count, 1);
    }
}
