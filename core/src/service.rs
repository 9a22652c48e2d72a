//! The two services side by side: the only file of this crate, besides `lib.rs`, that names both.

use http::Method;
use serde::{Deserialize, Serialize};

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
    pub fn forward(self, _method: &Method, _path: &str, _query: &str) -> Option<Forward> {
        None
    }
}
