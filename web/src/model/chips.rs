//! The conditions of a search as people read them: each a chip that can be taken out.

use rolecall_core::directory::Directory;
use rolecall_core::directory::query::{Ask, Query, Term, When};

use super::words;

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chip {
    /// What it says.
    pub(crate) label: String,
    /// Whether nobody can meet it, because it names a role which the organization does not have.
    pub(crate) unknown: bool,
    /// The condition.
    pub(crate) term: Term,
}

/// The conditions of a search, in the order in which they were typed.
pub(crate) fn chips(query: &Query, directory: &Directory) -> Vec<Chip> {
    let chip = |term: &Term| {
        let (label, unknown) = in_words(&term.ask, directory);
        let not = if term.not { "not " } else { "" };
        Chip {
            label: format!("{not}{label}"),
            unknown,
            term: term.clone(),
        }
    };
    query.conditions().into_iter().map(chip).collect()
}

fn in_words(ask: &Ask, directory: &Directory) -> (String, bool) {
    let label = match ask {
        Ask::Role(word) => {
            let named = directory.role_named(word);
            let name = named.map_or(word.as_str(), |role| role.label.as_str());
            return (format!("role {name}"), named.is_none());
        }
        Ask::Word(word) => format!("“{word}”"),
        Ask::Status(status) => format!("status {status}"),
        Ask::Domain(domain) => format!("domain {domain}"),
        Ask::Scope(scope) => words::scope_asked(scope).to_owned(),
        Ask::Created(When::Before, date) => format!("came before {date}"),
        Ask::Created(When::Since, date) => format!("came since {date}"),
        Ask::Created(When::On, date) => format!("came in {}", words::period(date)),
    };
    (label, false)
}

#[cfg(test)]
mod tests {
    use rolecall_core::service::Service;

    use super::*;

    #[test]
    fn conditions_are_read_aloud_as_people_say_them() {
        let directory = Directory::new(Service::Astro.known_roles());
        let query = Query::parse(
            "ada role:billingadmin -role:ownr -status:pending scope:any created:2024-05 created:>2025 -x",
        );
        let chips = chips(&query, &directory);
        let said: Vec<&str> = chips.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(
            said,
            [
                "role Billing admin",
                "not role ownr",
                "not status pending",
                "with a role in a part",
                "came in May 2024",
                "came since 2025",
                "not “x”",
            ]
        );
        let unknown: Vec<bool> = chips.iter().map(|it| it.unknown).collect();
        assert_eq!(unknown.iter().filter(|it| **it).count(), 1);
        assert!(unknown[1]);
    }
}
