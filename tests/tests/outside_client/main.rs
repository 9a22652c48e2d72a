//! Clients written for the real services, by their documentation alone, work against `rolecall sandbox`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod astra;
mod astro;

use rolecall_tests::{Client, Rolecall};
use serde_json::Value;

/// A sandbox, and clients of it.
struct Service {
    rolecall: Rolecall,
    name: &'static str,
}

impl Service {
    fn astro(users: u32) -> Self {
        Self {
            rolecall: Rolecall::sandbox(users),
            name: "astro",
        }
    }

    fn astra() -> Self {
        Self {
            rolecall: Rolecall::sandbox(50),
            name: "astra",
        }
    }

    /// The ids of its organizations, the one with the most users first.
    fn organizations(&self) -> Vec<String> {
        let all = self.rolecall.line()["organizations"].as_array().unwrap();
        let mut own: Vec<&Value> = all
            .iter()
            .filter(|one| one["service"] == self.name)
            .collect();
        own.sort_by_key(|one| std::cmp::Reverse(one["users"].as_u64()));
        own.iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    }

    fn client(&self, token: Option<&str>) -> Client {
        Client::new(
            self.rolecall.line()[self.name]["url"].as_str().unwrap(),
            token,
        )
    }

    /// A client with the token that has this role in this organization.
    fn with(&self, role: &str, organization: &str) -> Client {
        let tokens = self.rolecall.line()["tokens"].as_array().unwrap();
        let token = tokens
            .iter()
            .find(|token| token["organization"] == organization && token["role"] == role);
        self.client(token.unwrap()["token"].as_str())
    }
}
