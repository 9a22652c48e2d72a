//! The filters that stand above the table, each with how many users it would show.

use rolecall_core::directory::query::{Ask, Facets, Query};
use rolecall_core::directory::{Directory, Status};

use super::words;

/// Most domains that are offered.
const DOMAINS: usize = 8;

/// A filter as a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What it says.
    pub(crate) label: String,
    /// Class of its color.
    pub(crate) class: &'static str,
    /// Users whom it shows, with all other filters.
    pub(crate) count: usize,
    /// Whether it is part of the search.
    pub(crate) pressed: bool,
    /// What it asks for.
    pub(crate) ask: Ask,
}

/// All of them, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filters {
    /// By role, the mightiest first.
    pub(crate) roles: Vec<Choice>,
    /// By standing; the ordinary one only where it is asked for.
    pub(crate) statuses: Vec<Choice>,
    /// By domain of the address, the most frequent first.
    pub(crate) domains: Vec<Choice>,
    /// By kind of part of the organization.
    pub(crate) scopes: Vec<Choice>,
    /// Whether there is something to choose by domain, part or date.
    pub(crate) has_more: bool,
    /// Id of the organization.
    organization: String,
}

impl Filters {
    /// What is offered for what is found.
    pub(crate) fn of(
        organization: &str,
        directory: &Directory,
        facets: &Facets,
        query: &Query,
    ) -> Self {
        let choice = |label: String, class, count, ask: Ask| {
            let pressed = query.has(&ask);
            // what is pressed stays, so that it can be released
            (count > 0 || pressed).then_some(Choice {
                label,
                class,
                count,
                pressed,
                ask,
            })
        };
        let roles = facets.roles.iter().filter_map(|(id, n)| {
            let role = directory.role(id)?;
            let class = words::tier(role.tier);
            choice(role.label.clone(), class, *n, Ask::role(&role.label))
        });
        let statuses = facets.statuses.iter().filter_map(|(word, n)| {
            let status = Status::from(word.clone());
            let ask = Ask::Status(rolecall_core::letters::lower_text(word));
            let class = match status {
                Status::Active => "ok",
                Status::Pending => "wait",
                Status::Banned => "bad",
                Status::Inactive | Status::Other(_) => "off",
            };
            choice(words::status(&status), class, *n, ask)
                .filter(|it| status != Status::Active || it.pressed)
        });
        let mut domains: Vec<Choice> = facets
            .domains
            .iter()
            .filter(|(domain, _)| !domain.is_empty())
            .filter_map(|(domain, n)| choice(domain.clone(), "", *n, Ask::Domain(domain.clone())))
            .collect();
        let mut places = DOMAINS;
        domains.retain(|it| {
            places = places.saturating_sub(1);
            places > 0 || it.pressed
        });
        let scopes = facets.scopes.iter().filter_map(|(scope, n)| {
            let ask = Ask::Scope(scope.as_str().to_owned());
            choice(words::with_role_in(*scope).to_owned(), "", *n, ask)
        });
        let scopes: Vec<Choice> = scopes.collect();
        Self {
            roles: roles.collect(),
            statuses: statuses.collect(),
            has_more: domains.len() > 1 || !scopes.is_empty() || facets.months.len() > 1,
            domains,
            scopes,
            organization: organization.to_owned(),
        }
    }

    /// With what was offered before and would show nobody now: who types does not want the page to move.
    pub(crate) fn beside(mut self, before: &Self) -> Self {
        if self.organization == before.organization {
            keep(&mut self.roles, &before.roles);
            keep(&mut self.statuses, &before.statuses);
            keep(&mut self.scopes, &before.scopes);
            self.has_more |= before.has_more;
        }
        self
    }

    /// Roles and how many hold them, as a sentence.
    pub(crate) fn roles_in_words(&self) -> String {
        let held = self.roles.iter().filter(|it| it.count > 0);
        let parts = held.map(|it| format!("{} {}", words::number(it.count), it.label));
        format!("Roles: {}", parts.collect::<Vec<_>>().join(", "))
    }

    /// How much of each role there is.
    pub(crate) fn bar(&self) -> Vec<(&'static str, usize)> {
        let held = self.roles.iter().filter(|it| it.count > 0);
        held.map(|it| (it.class, it.count)).collect()
    }
}

/// Puts what is not there any more where it was, behind what was before it.
fn keep(now: &mut Vec<Choice>, before: &[Choice]) {
    let mut place = 0;
    for choice in before {
        place = match now.iter().position(|it| it.ask == choice.ask) {
            Some(there) => there + 1,
            None => {
                let none = Choice {
                    count: 0,
                    pressed: false,
                    ..choice.clone()
                };
                now.insert(place, none);
                place + 1
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::directory::{HeldRole, User};
    use rolecall_core::plan::Change;
    use rolecall_core::service::Service;

    use super::*;

    fn directory() -> Directory {
        let mut directory = Directory::new(Service::Astro.known_roles());
        for n in 0..12 {
            let user = User {
                id: format!("u{n}").as_str().into(),
                email: format!("p@d{n}.example"),
                name: String::new(),
                status: Status::Active,
                roles: vec![HeldRole {
                    id: "ORGANIZATION_MEMBER".into(),
                    name: String::new(),
                }],
                scoped: Vec::new(),
                created: String::new(),
            };
            directory.apply(&Change::User { user });
        }
        directory
    }

    fn filters(text: &str) -> Filters {
        let (directory, query) = (directory(), Query::parse(text));
        let found = directory.find_all(&query, None);
        Filters::of("o1", &directory, &directory.facets(&found), &query)
    }

    #[test]
    fn what_was_offered_stays_where_it_was_as_long_as_the_organization_does() {
        let labels = |it: &Filters| {
            let all = it.roles.iter().map(|it| (it.label.clone(), it.count));
            all.collect::<Vec<_>>()
        };
        let before = filters("");
        assert_eq!(labels(&before), [("Member".to_owned(), 12)]);
        let nobody = filters("nobody").beside(&before);
        assert_eq!(labels(&nobody), [("Member".to_owned(), 0)]);
        assert!(nobody.bar().is_empty() && nobody.has_more);
        let pressed = filters("nobody role:owner").beside(&before);
        assert_eq!(labels(&pressed).len(), 2);
        let other = Filters {
            organization: "o2".to_owned(),
            ..filters("nobody")
        };
        assert!(labels(&other.beside(&before)).is_empty());
    }

    #[test]
    fn what_nobody_has_is_not_offered_and_what_is_pressed_stays() {
        let all = filters("");
        assert_eq!(
            (all.roles.len(), all.statuses.len(), all.scopes.len()),
            (1, 0, 0)
        );
        let asked = filters("role:owner status:active scope:dag");
        assert!(asked.roles.iter().any(|it| it.pressed && it.count == 0));
        assert!(asked.statuses.iter().all(|it| it.pressed));
        assert_eq!(asked.scopes.len(), 1);
    }

    #[test]
    fn the_most_frequent_domains_and_the_one_asked_for() {
        assert!(filters("").domains.len() < 12);
        let asked = filters("domain:d9.example").domains;
        assert!(
            asked
                .iter()
                .any(|it| it.pressed && it.label == "d9.example")
        );
    }
}
