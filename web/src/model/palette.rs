//! What the palette offers for what is typed.

use rolecall_core::directory::Directory;
use rolecall_core::directory::fold::fold;
use rolecall_core::directory::query::Query;

use crate::paths::Page;
use crate::roster::Place;

/// What the palette is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Choosing an organization.
    Organizations,
    /// Anything.
    All,
    /// Choosing whose role to change.
    ChangeRole,
    /// Finding a person in all organizations.
    Everywhere,
}

impl Mode {
    /// Heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Organizations => "Switch organization",
            Self::All => "Go to, find or do",
            Self::ChangeRole => "Change role of…",
            Self::Everywhere => "Find a person everywhere",
        }
    }

    /// What the field asks for.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Organizations => "Find an organization",
            Self::All => "Find an organization, a person or an action",
            Self::ChangeRole | Self::Everywhere => "Find a person",
        }
    }

    /// What the list holds.
    pub(crate) fn list(self) -> &'static str {
        match self {
            Self::Organizations => "Organizations",
            Self::All => "Results",
            Self::ChangeRole | Self::Everywhere => "People",
        }
    }
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Invite one person.
    Invite,
    /// Choose whose role to change.
    ChangeRole,
    /// Find a person in all organizations.
    Everywhere,
    /// Take along what is shown.
    Export,
    /// Read the list again.
    Refresh,
    /// Go to a page.
    Go(Page),
    /// Colors.
    Theme(&'static str),
    /// Lower or higher rows.
    Density,
    /// The list of keys.
    Shortcuts,
}

/// All that can be done, in the order in which it is offered.
pub(crate) const ACTIONS: [(Action, &str); 15] = [
    (Action::Invite, "Invite…"),
    (Action::ChangeRole, "Change role of…"),
    (Action::Everywhere, "Find a person everywhere…"),
    (Action::Export, "Export…"),
    (Action::Refresh, "Read the list again"),
    (Action::Go(Page::Users), "Go to Users"),
    (Action::Go(Page::Invite), "Go to Invite"),
    (Action::Go(Page::Roster), "Go to Roster"),
    (Action::Go(Page::Activity), "Go to Activity"),
    (Action::Go(Page::Connections), "Go to Connections"),
    (Action::Theme("light"), "Theme: light"),
    (Action::Theme("dark"), "Theme: dark"),
    (Action::Theme("auto"), "Theme: as the system has it"),
    (Action::Density, "Density: lower or higher rows"),
    (Action::Shortcuts, "Shortcuts and settings…"),
];

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// An organization.
    Place(Place),
    /// Somebody in the open organization.
    Person {
        /// Id.
        id: String,
        /// Name, or address where there is none.
        title: String,
        /// Address.
        email: String,
    },
    /// Somebody in any organization.
    Elsewhere {
        /// Which.
        place: Place,
        /// Id.
        id: String,
        /// Name, or address where there is none.
        title: String,
        /// Address.
        email: String,
    },
    /// Something to do.
    Action(Action, &'static str),
}

/// Folded words of what is typed.
fn words(typed: &str) -> Vec<String> {
    typed.split_whitespace().map(fold).collect()
}

fn holds(text: &str, words: &[String]) -> bool {
    let text = fold(text);
    words.iter().all(|word| text.contains(word))
}

/// Name of an organization among those opened last.
pub(crate) fn name_of(place: &Place) -> String {
    format!("{}/{}", place.connection.id, place.organization.id)
}

/// How well a name answers what was typed, the least the best: how much of that is not in it (the words are those
/// of the service or connection), whether it begins so, has such a word, or is not meant at all, and how many of its
/// words nobody typed.
fn fit(name: &str, typed: &[String]) -> (usize, u8, usize) {
    let name = fold(name);
    let others = typed
        .iter()
        .filter(|it| !name.contains(it.as_str()))
        .count();
    let meant = |word: &&str| typed.iter().any(|it| word.starts_with(it.as_str()));
    let (all, found) = (
        name.split(' ').count(),
        name.split(' ').filter(meant).count(),
    );
    let begins = typed
        .first()
        .is_some_and(|it| name.starts_with(it.as_str()));
    match (found, begins) {
        (0, _) => (others, 2, 0),
        (_, true) => (others, 0, all - found),
        (_, false) => (others, 1, all - found),
    }
}

/// Organizations that match: the best answers first, and among equal ones those opened last.
pub(crate) fn organizations(places: &[Place], recent: &[String], typed: &str) -> Vec<Item> {
    let words = words(typed);
    let matches = |place: &&Place| {
        let text = format!(
            "{} {} {}",
            place.name(),
            place.connection.service.name(),
            place.connection.name
        );
        holds(&text, &words)
    };
    let mut found: Vec<(_, &Place)> = places
        .iter()
        .filter(matches)
        .map(|place| {
            let name = name_of(place);
            let at = recent.iter().position(|it| *it == name);
            ((fit(place.name(), &words), at.unwrap_or(usize::MAX)), place)
        })
        .collect();
    found.sort_by_key(|(order, _)| *order);
    found
        .into_iter()
        .map(|(_, place)| Item::Place(place.clone()))
        .collect()
}

/// Actions that match.
pub(crate) fn actions(typed: &str) -> Vec<Item> {
    let words = words(typed);
    ACTIONS
        .into_iter()
        .filter(|(_, label)| holds(label, &words))
        .map(|(action, label)| Item::Action(action, label))
        .collect()
}

/// Whether what is typed begins an action's name: then actions come first.
pub(crate) fn begins_an_action(typed: &str) -> bool {
    let typed = fold(typed.trim());
    !typed.is_empty()
        && ACTIONS
            .iter()
            .any(|(_, label)| fold(label).starts_with(&typed))
}

/// People of the open organization who match, at most so many.
pub(crate) fn people(directory: &Directory, typed: &str, most: usize) -> Vec<Item> {
    let found = directory.find_all(&Query::parse(typed), None);
    let person = |index: &u32| {
        let row = directory.row(*index as usize);
        Item::Person {
            id: row.id.to_owned(),
            title: row.title().to_owned(),
            email: row.email.to_owned(),
        }
    };
    found.rows.iter().take(most).map(person).collect()
}

#[cfg(test)]
mod tests {
    use rolecall_core::directory::Organization;
    use rolecall_core::service::Service;

    use super::*;
    use crate::session::Connection;

    fn place(connection: &str, id: &str, name: &str) -> Place {
        Place {
            connection: Connection {
                id: connection.to_owned(),
                service: Service::Astro,
                name: "The Connection".to_owned(),
                sandbox: true,
                limited: false,
            },
            organization: Organization {
                id: id.into(),
                name: name.to_owned(),
            },
        }
    }

    #[test]
    fn organizations_opened_last_come_first() {
        let places = [
            place("a", "1", "Cosmic Energy"),
            place("a", "2", "Example Labs"),
            place("a", "2+", "Example Labs Staging"),
            place("b", "3", "Müller & Söhne"),
        ];
        let names = |typed: &str, recent: &[&str]| {
            let recent: Vec<String> = recent.iter().map(|it| (*it).to_owned()).collect();
            let name = |item: Item| match item {
                Item::Place(place) => place.name().to_owned(),
                _ => unreachable!("only organizations"),
            };
            let found = organizations(&places, &recent, typed);
            found.into_iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(
            names("", &["b/3", "a/2", "x/9"]),
            [
                "Müller & Söhne",
                "Example Labs",
                "Cosmic Energy",
                "Example Labs Staging"
            ]
        );
        assert_eq!(names("muller", &[]), ["Müller & Söhne"]);
        assert_eq!(names("connection cosmic astro", &[]), ["Cosmic Energy"]);
        assert_eq!(
            names("e", &["b/3"]),
            [
                "Example Labs",
                "Example Labs Staging",
                "Cosmic Energy",
                "Müller & Söhne"
            ],
            "what is typed decides"
        );
        assert_eq!(
            names("example labs astro", &["a/2+"]),
            ["Example Labs", "Example Labs Staging"],
            "a whole name is what was meant"
        );
        assert_eq!(
            names("labs st", &["a/2"])[0],
            "Example Labs Staging",
            "of what the service is called, too, a part may be typed"
        );
        assert_eq!(
            names("the", &["b/3"]),
            [
                "Müller & Söhne",
                "Cosmic Energy",
                "Example Labs",
                "Example Labs Staging"
            ],
            "then what was opened last"
        );
    }

    #[test]
    fn actions_are_found_by_any_of_their_words() {
        let labels = |typed: &str| {
            let found = actions(typed);
            found
                .into_iter()
                .filter_map(|item| match item {
                    Item::Action(_, label) => Some(label),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(labels("role change"), ["Change role of…"]);
        assert_eq!(labels("THEME d"), ["Theme: dark"]);
        assert_eq!(labels("").len(), ACTIONS.len());
        assert!(begins_an_action("chan") && !begins_an_action("role") && !begins_an_action(" "));
    }
}
