use super::super::tests::{put, user};
use super::super::{Directory, Scope, ScopedRole, Status, User};
use super::*;
use crate::service::Service;

fn directory() -> Directory {
    let mut directory = Directory::new(Service::Astro.known_roles());
    let asleep = || Status::Other("ASLEEP".to_owned());
    let people = [
        (
            "Björn Müller",
            "ORGANIZATION_OWNER",
            Status::Active,
            "bjorn@cosmic.example",
        ),
        (
            "Ada Okafor",
            "ORGANIZATION_MEMBER",
            Status::Active,
            "ada@Cosmic.example",
        ),
        (
            "",
            "ORGANIZATION_MEMBER",
            Status::Pending,
            "casey@partner.example",
        ),
        (
            "Łucja Nowak",
            "ORGANIZATION_BILLING_ADMIN",
            asleep(),
            "lucja@eu.cosmic.example",
        ),
    ];
    for ((name, role, status, email), n) in people.into_iter().zip(1..) {
        put(
            &mut directory,
            User {
                status,
                email: email.to_owned(),
                ..user(n, name, role)
            },
        );
    }
    let scoped = ScopedRole {
        scope: Scope::Workspace,
        of: "w".to_owned(),
        role: "X".to_owned(),
    };
    put(
        &mut directory,
        User {
            scoped: vec![scoped],
            ..user(20, "Zoë", "ORGANIZATION_MEMBER")
        },
    );
    directory
}

fn found(text: &str) -> Vec<u32> {
    directory().find_all(&Query::parse(text), None).rows
}

const NOBODY: [u32; 0] = [];

#[test]
fn words_are_found_in_name_and_address_without_case_and_accents() {
    assert_eq!(found("muller"), [0]);
    assert_eq!(found("MÜLLER bjo"), [0]);
    assert_eq!(found("lucja nowak"), [3]);
    assert_eq!(found("cosmic"), [0, 1, 3]);
    assert_eq!(found("\"ada ok\""), [1]);
    assert_eq!(found("cosmic -muller"), [1, 3]);
    assert_eq!(found("cosmic -\"ada ok\""), [0, 3]);
    assert_eq!(found("exampleada"), NOBODY, "a match never crosses rows");
    assert_eq!(found(""), [0, 1, 2, 3, 4]);
}

#[test]
fn conditions() {
    assert_eq!(found("role:owner"), [0]);
    assert_eq!(found("role:owner role:billing-admin"), [0, 3]);
    assert_eq!(found("role:\"Billing admin\" role:owner"), [0, 3]);
    assert_eq!(found("-role:\"member\""), [0, 3]);
    assert_eq!(found("role:\"Billing admin"), found("role:billing admin"));
    assert_eq!(found("role:ORGANIZATION_MEMBER"), [1, 2, 4]);
    assert_eq!(found("-role:member"), [0, 3]);
    assert_eq!(found("status:pending"), [2]);
    assert_eq!(found("status:asleep"), [3]);
    assert_eq!(found("domain:cosmic.example"), [0, 1, 3]);
    assert_eq!(found("domain:smic.example"), NOBODY);
    assert_eq!(
        found("domain:cosmic.example -domain:eu.cosmic.example"),
        [0, 1]
    );
    assert_eq!(found("created:<2025-01-04"), [0, 1]);
    assert_eq!(found("created:>2025-01-05"), [3, 4]);
    assert_eq!(found("created:2025-01-21"), [4]);
    assert_eq!(found("scope:workspace"), [4]);
    assert_eq!(found("-scope:any"), [0, 1, 2, 3]);
}

#[test]
fn a_query_is_text_there_and_back() {
    for text in [
        "role:owner müller",
        "-status:pending \"a b\" created:<2025-01-01",
        "domain:x.example scope:dag",
        "role:",
        "a:b",
        "-a:b",
        "-\"a b\" -\"-c\"",
    ] {
        let query = Query::parse(text);
        assert_eq!(Query::parse(&query.to_string()), query, "{text}");
    }
}

#[test]
fn a_condition_comes_and_goes_and_the_rest_stays_as_typed() {
    let owner = Ask::role("Owner");
    assert_eq!(Query::toggled("Müller", &owner), "Müller role:owner");
    assert_eq!(Query::toggled("role:OWNER \"A b\"", &owner), "\"A b\"");
    assert_eq!(
        Query::toggled("", &Ask::Status("pending".to_owned())),
        "status:pending"
    );
}

#[test]
fn facets_leave_their_own_kind_out() {
    let directory = directory();
    let facets = |text: &str| directory.facets(&directory.find_all(&Query::parse(text), None));
    let counted = facets("role:owner status:active");
    let role = |key: &str| {
        counted
            .roles
            .iter()
            .find(|(id, _)| id.as_str() == key)
            .unwrap()
            .1
    };
    assert_eq!(
        (role("ORGANIZATION_OWNER"), role("ORGANIZATION_MEMBER")),
        (1, 2)
    );
    assert_eq!(counted.statuses[0], ("active".to_owned(), 1));
    let domains = facets("").domains;
    assert!(domains.contains(&("cosmic.example".to_owned(), 2)));
}

#[test]
fn sorts_by_several_columns() {
    let directory = directory();
    let by = |column, descending| SortKey { column, descending };
    assert_eq!(directory.order(&[by(Column::User, false)]), [1, 0, 2, 3, 4]);
    let keys = [by(Column::Role, false), by(Column::User, true)];
    assert_eq!(directory.order(&keys), [0, 3, 4, 2, 1]);
    let order = directory.order(&[by(Column::Created, true)]);
    assert_eq!(
        directory
            .find_all(&Query::parse("role:member"), Some(&order))
            .rows,
        [4, 2, 1]
    );
}

#[test]
fn conditions_are_listed_once_and_taken_out_one_by_one() {
    let text = "müller role:owner -smith  created:<2025-01-01 ROLE:Owner";
    let query = Query::parse(text);
    let listed: Vec<String> = query.conditions().iter().map(ToString::to_string).collect();
    assert_eq!(listed, ["role:owner", "-smith", "created:<2025-01-01"]);
    let without = |at: usize| Query::without(text, query.conditions()[at]);
    assert_eq!(without(0), "müller -smith created:<2025-01-01");
    assert_eq!(
        without(1),
        "müller role:owner created:<2025-01-01 ROLE:Owner"
    );
}

#[test]
fn months_are_counted_with_all_conditions_but_dates() {
    let mut directory = directory();
    let came = |n: u32, created: &str| User {
        created: created.to_owned(),
        ..user(n, "Late", "ORGANIZATION_MEMBER")
    };
    put(&mut directory, came(30, "2026-03-01T08:00:00Z"));
    put(&mut directory, came(31, "2024-12-31T08:00:00Z"));
    put(&mut directory, came(32, ""));
    put(&mut directory, came(33, "in March"));
    let months = |text: &str| {
        let found = directory.find_all(&Query::parse(text), None);
        directory.facets(&found).months
    };
    let count = |all: &[(&str, usize)]| -> Vec<(String, usize)> {
        all.iter()
            .map(|(month, n)| ((*month).to_owned(), *n))
            .collect()
    };
    let all = count(&[("2024-12", 1), ("2025-01", 5), ("2026-03", 1)]);
    assert_eq!(months(""), all);
    assert_eq!(
        months("created:2026"),
        all,
        "its own kind does not narrow it"
    );
    assert_eq!(months("late"), count(&[("2024-12", 1), ("2026-03", 1)]));
}
