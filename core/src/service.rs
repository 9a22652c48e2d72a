//! The two services side by side: the only file of this crate, besides `lib.rs`, that names both.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::endpoint::Route;
use crate::{astra, astro};

/// A service whose users are administered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Astronomer's Astro.
    Astro,
    /// DataStax's Astra.
    Astra,
}

/// What a gateway may know of a request which it forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Whether the operation changes something.
    pub changes: bool,
}

impl Service {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Astro, Self::Astra];

    /// Name as the vendor writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Astro => "Astro",
            Self::Astra => "Astra",
        }
    }

    /// Whether a request is one of this service's operations as described in this crate.
    ///
    /// `path` is what follows the base address, without the query.
    pub fn forward(self, method: &Method, path: &str, query: &str) -> Option<Forward> {
        let on = |routes: &[Route]| {
            routes
                .iter()
                .find(|it| it.method == *method && it.ids(path).is_some() && it.takes_query(query))
                .map(|it| Forward {
                    changes: it.changes(),
                })
        };
        match self {
            Self::Astro => on(&astro::Call::ROUTES),
            Self::Astra => on(&astra::Call::ROUTES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwards_what_an_operation_describes() {
        let changes = |service: Service, method, path, query| {
            service.forward(&method, path, query).map(|it| it.changes)
        };
        assert_eq!(
            changes(
                Service::Astro,
                Method::GET,
                "/organizations/c1/users",
                "offset=0&limit=9"
            ),
            Some(false)
        );
        assert_eq!(
            changes(Service::Astro, Method::GET, "/users/self", ""),
            Some(false)
        );
        assert_eq!(
            changes(
                Service::Astro,
                Method::POST,
                "/organizations/c1/invites",
                ""
            ),
            Some(true)
        );
        assert_eq!(
            changes(Service::Astra, Method::PUT, "/organizations/users", ""),
            Some(true)
        );
        assert_eq!(
            changes(
                Service::Astra,
                Method::DELETE,
                "/organizations/users/u1",
                ""
            ),
            Some(true)
        );
    }

    #[test]
    fn forwards_nothing_else() {
        for (service, method, path, query) in [
            (
                Service::Astro,
                Method::GET,
                "/organizations/c1/audit-logs",
                "",
            ),
            (
                Service::Astro,
                Method::DELETE,
                "/organizations/c1/users/u1",
                "",
            ),
            (
                Service::Astro,
                Method::GET,
                "/organizations/c1/users",
                "token=x",
            ),
            (Service::Astro, Method::GET, "/organizations/../users", ""),
            (Service::Astra, Method::GET, "/clientIdSecrets", ""),
            (Service::Astra, Method::POST, "/organizations/users", ""),
            (
                Service::Astra,
                Method::GET,
                "/organizations/users/a%2Fb",
                "",
            ),
        ] {
            assert_eq!(
                service.forward(&method, path, query),
                None,
                "{method} {path}"
            );
        }
    }
}
