//! What a page asks of a service before the code that reads the answers is there.

use serde::Serialize;

use crate::endpoint::Site;
use crate::service::{Call, Service};

/// The first questions on the way to a list of users, for somebody who can send them and follow a path
/// through JSON, and knows no service: a short script at the head of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ahead {
    /// Path and query of the first page of organizations.
    pub organizations: String,
    /// Names and places that lead through that answer to the id of the first one.
    pub id: &'static [&'static str],
    /// Path and query of an organization's first page of users; [`Ahead::ORGANIZATION`] stands for its id.
    pub users: String,
}

impl Ahead {
    /// Stands for the id of an organization. It is made of nothing that a path would escape.
    pub const ORGANIZATION: &str = "ORGANIZATION";

    /// What comes first at a service: the very requests that [`Service::list_organizations`] and
    /// [`Service::first_users`] build.
    pub fn of(service: Service) -> Self {
        let path = |call: &Call| {
            let below = Site {
                base: "",
                token: None,
            };
            call.outgoing(&below).url
        };
        Self {
            organizations: path(&service.list_organizations(0)),
            id: service.first_organization(),
            users: path(&service.first_users(&Self::ORGANIZATION.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Ahead;
    use crate::endpoint::{Answer, Site};
    use crate::json::to_text;
    use crate::plan::Change;
    use crate::service::Service;

    /// Answers as the services give them, with the id of the first organization.
    const LISTED: [(Service, &str, &str); 2] = [
        (
            Service::Astro,
            r#"{"organizations":[{"id":"clm1","name":"One"},{"id":"clm2","name":"Two"}],"totalCount":2,"limit":1000,"offset":0}"#,
            "clm1",
        ),
        (
            Service::Astra,
            r#"{"id":"5b70892f-e01a-4595-98e6-19ecc9985d50","name":"Mine"}"#,
            "5b70892f-e01a-4595-98e6-19ecc9985d50",
        ),
    ];

    #[test]
    fn the_way_leads_to_the_organization_that_is_read_first() {
        for (service, body, id) in LISTED {
            let whole: Value = serde_json::from_str(body).unwrap();
            let found =
                Ahead::of(service)
                    .id
                    .iter()
                    .fold(&whole, |at, step| match step.parse::<usize>() {
                        Ok(place) => &at[place],
                        Err(_) => &at[*step],
                    });
            assert_eq!(found, id, "{}", to_text(&service));
            let answer = Answer::new(200, &|_| None, body.as_bytes().to_vec());
            let Ok(Change::Organizations { organizations, .. }) =
                service.list_organizations(0).read_listing(&answer)
            else {
                panic!("{body}");
            };
            assert_eq!(organizations[0].id.as_str(), id);
        }
    }

    #[test]
    fn an_id_in_its_place_makes_the_request_for_its_users() {
        let below = Site {
            base: "",
            token: None,
        };
        for (service, _, id) in LISTED {
            let asked = Ahead::of(service).users.replace(Ahead::ORGANIZATION, id);
            assert_eq!(asked, service.first_users(&id.into()).outgoing(&below).url);
        }
    }
}
