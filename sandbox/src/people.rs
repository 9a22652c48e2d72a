//! Invented people, with names in the scripts of the world and addresses to go with them.

use std::collections::HashSet;

use crate::dice::Dice;

const NAMES: &str = include_str!("people/names.txt");
const CURIOSITIES: &str = include_str!("people/curiosities.txt");

/// Where most people of an organization have their addresses besides its own domain.
const GUESTS: [&str; 5] = [
    "example.com",
    "example.net",
    "partner.example.org",
    "contractors.example",
    "xn--bcher-kva.example",
];

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A name's text and what stands for it in an address.
type Part = (String, &'static str);

#[derive(Debug)]
struct Culture {
    weight: u64,
    family_first: bool,
    joint: &'static str,
    given: Vec<Part>,
    family: Vec<Part>,
}

/// Everybody who can be invented.
#[derive(Debug)]
pub(crate) struct People(Vec<Culture>);

impl People {
    /// Reads the lists.
    pub(crate) fn new() -> Self {
        let mut cultures = Vec::new();
        for line in NAMES.lines() {
            if let Some(head) = line.strip_prefix('[') {
                let mut words = head.trim_end_matches(']').split(' ').skip(1);
                let order = words.next().unwrap_or_default();
                cultures.push(Culture {
                    weight: words.next().and_then(|it| it.parse().ok()).unwrap_or(1),
                    family_first: order.starts_with("family-first"),
                    joint: if order.ends_with("joined") { "" } else { " " },
                    given: Vec::new(),
                    family: Vec::new(),
                });
            } else if let Some(culture) = cultures.last_mut() {
                if let Some(parts) = line.strip_prefix("given ") {
                    culture.given = read(parts);
                } else if let Some(parts) = line.strip_prefix("family ") {
                    culture.family = read(parts);
                }
            }
        }
        Self(cultures)
    }

    /// One person after the other at a domain, no address twice.
    pub(crate) fn of<'p>(&'p self, domain: &'p str, dice: &'p Dice) -> Crowd<'p> {
        Crowd {
            people: self,
            domain,
            dice,
            taken: HashSet::new(),
        }
    }
}

fn read(parts: &'static str) -> Vec<Part> {
    parts
        .split(' ')
        .map(|part| {
            let (name, latin) = part.split_once('=').unwrap_or((part, part));
            (name.replace('_', " "), latin)
        })
        .collect()
}

/// People of one organization.
#[derive(Debug)]
pub(crate) struct Crowd<'p> {
    people: &'p People,
    domain: &'p str,
    dice: &'p Dice,
    taken: HashSet<String>,
}

impl Crowd<'_> {
    /// A person with this local part at the organization's own domain.
    pub(crate) fn named(&mut self, local: &str, name: &str) -> Person {
        let email = format!("{local}@{}", self.domain);
        self.taken.insert(email.to_lowercase());
        Person {
            name: name.to_owned(),
            email,
        }
    }

    /// People whose names are hard to store, sort, show and export.
    pub(crate) fn curiosities(&mut self) -> Vec<Person> {
        CURIOSITIES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(' '))
            .map(|(local, name)| self.named(local, name))
            .collect()
    }

    /// Somebody new.
    pub(crate) fn next(&mut self) -> Person {
        let dice = self.dice;
        let cultures = &self.people.0;
        let culture = &cultures[dice.weighted(cultures.iter().map(|it| it.weight))];
        let (given, given_latin) = dice.pick(&culture.given);
        let (family, family_latin) = dice.pick(&culture.family);
        let name = if culture.family_first {
            format!("{family}{}{given}", culture.joint)
        } else {
            format!("{given}{}{family}", culture.joint)
        };
        let given = given_latin.to_lowercase();
        let family = family_latin.to_lowercase();
        let local = match dice.below(20) {
            0 => format!("{}.{family}", &given[..1]),
            1 => format!("{}{family}", &given[..1]),
            2 => format!("{given}_{family}"),
            3 => format!("{family}.{given}"),
            4 => format!("{given}+{family}"),
            _ => format!("{given}.{family}"),
        };
        let domain = if dice.per_mille(120) {
            *dice.pick(&GUESTS)
        } else {
            self.domain
        };
        let mut email = format!("{local}@{domain}");
        let mut number = 2_u32;
        while !self.taken.insert(email.clone()) {
            email = format!("{local}{number}@{domain}");
            number += 1;
        }
        if dice.per_mille(25) {
            email = capitalized(&email);
        }
        Person { name, email }
    }
}

/// An address as some people write theirs: `Casey.Upper@Example.com`.
fn capitalized(email: &str) -> String {
    let mut starts = true;
    email
        .chars()
        .map(|ch| {
            let shown = if starts { ch.to_ascii_uppercase() } else { ch };
            starts = matches!(ch, '.' | '@' | '_');
            shown
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_whole() {
        let people = People::new();
        assert_eq!(people.0.len(), NAMES.matches("\n[").count());
        for culture in &people.0 {
            assert!(culture.given.len() >= 4 && culture.family.len() >= 4);
            for (name, latin) in culture.given.iter().chain(&culture.family) {
                assert!(!name.is_empty());
                assert!(
                    latin.is_ascii() && !latin.is_empty() && !latin.contains(['_', ' ']),
                    "{name}={latin}"
                );
            }
        }
    }

    #[test]
    fn no_address_comes_twice() {
        let people = People::new();
        let dice = Dice::new(1, "people");
        let mut crowd = people.of("cosmicenergy.example", &dice);
        let mut seen = HashSet::new();
        for person in crowd.curiosities() {
            assert!(seen.insert(person.email.to_lowercase()), "{person:?}");
        }
        for _ in 0..20_000 {
            let person = crowd.next();
            assert!(seen.insert(person.email.to_lowercase()), "{person:?}");
        }
    }

    #[test]
    fn many_scripts_and_both_directions_occur() {
        let people = People::new();
        let dice = Dice::new(1, "people");
        let mut crowd = people.of("cosmicenergy.example", &dice);
        let names: Vec<String> = (0..1000).map(|_| crowd.next().name).collect();
        for range in [
            'à'..='ž',
            'а'..='я',
            'א'..='ת',
            'ا'..='ي',
            'अ'..='ह',
            '一'..='龥',
            'あ'..='ん',
            '가'..='힣',
        ] {
            assert!(
                names
                    .iter()
                    .any(|name| name.chars().any(|ch| range.contains(&ch))),
                "{range:?}"
            );
        }
    }
}
