//! The face of the e-mail check in JavaScript says what the rules say.

use std::fs;
use std::path::Path;

use rolecall_core::email::EmailErrorKind;

/// `npm/js/email/<name>`.
fn face(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../npm/js/email")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn kinds_have_the_same_numbers_names_and_sentences() {
    let text = face("kinds.js");
    let rows: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','))
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let expected: Vec<_> = [(String::new(), String::new())]
        .into_iter()
        .chain(
            EmailErrorKind::ALL
                .iter()
                .map(|kind| (kind.name().to_owned(), kind.message().to_owned())),
        )
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn invisible_characters_have_the_same_names() {
    let text = face("kinds.js");
    let (_, names) = text.split_once("CHARACTER_NAMES = {").expect("a table");
    let mut count = 0;
    for line in names.lines().filter(|line| line.contains(": \"")) {
        let (point, name) = line.trim().split_once(": ").expect("a row");
        let point = u32::from_str_radix(point.trim_start_matches("0x"), 16).expect("a number");
        let character = char::from_u32(point).expect("a character");
        let error = format!("a{character}b@c.co")
            .parse::<rolecall_core::email::Email>()
            .expect_err("refused");
        let name = name.trim_end_matches(',').trim_matches('"');
        assert!(error.to_string().contains(&format!("({name})")), "{error}");
        count += 1;
    }
    assert_eq!(count, 25);
}
