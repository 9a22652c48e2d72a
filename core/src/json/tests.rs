use proptest::prelude::*;
use serde_json::Value;

use super::{FromJson, IfKnown, Json, Rest, ToJson, from_slice, to_text};

#[derive(Debug, PartialEq, serde::Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
struct Person {
    full_name: String,
    #[serde(default)]
    age: u8,
    nick: Option<String>,
    #[serde(default = "one")]
    visits: u32,
    #[serde(rename(serialize = "ID", deserialize = "id"), alias = "Id")]
    id: String,
    #[serde(default)]
    friends: Vec<Pet>,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Debug, PartialEq, serde::Serialize, ToJson, FromJson)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Pet {
    SmallDog { full_name: String },
    Cat(Cat),
    Fish,
}

#[derive(Debug, PartialEq, serde::Serialize, ToJson, FromJson)]
struct Cat {
    lives: u8,
}

#[derive(Debug, PartialEq, serde::Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
enum Move {
    StandStill,
    By(i32),
    To { x: u8 },
}

fn one() -> u32 {
    1
}

fn said<T: FromJson + std::fmt::Debug>(text: &str) -> String {
    from_slice::<T>(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_struct_is_read_by_the_names_of_serde() {
    let text = r#"{"fullName":"Ada \"A\"","nick":null,"Id":"7","news":{"a":[1,-2,0.5]},
        "friends":[{"type":"smallDog","full_name":"Rex"},{"lives":9,"type":"cat"},{"type":"fish","size":1}]}"#;
    let person: Person = from_slice(text.as_bytes()).unwrap();
    assert_eq!(person.full_name, "Ada \"A\"");
    assert_eq!((person.age, person.nick, person.visits), (0, None, 1));
    assert_eq!(person.id, "7");
    let rex = "Rex".to_owned();
    assert_eq!(
        person.friends,
        [
            Pet::SmallDog { full_name: rex },
            Pet::Cat(Cat { lives: 9 }),
            Pet::Fish
        ]
    );
    assert_eq!(to_text(&person.rest), r#"{"news":{"a":[1,-2,0.5]}}"#);
}

#[test]
fn serde_reads_the_same() {
    let value = serde_json::json!({"fullName": "Ada", "id": "7", "visits": 3});
    let person: Person = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(person, from_slice(value.to_string().as_bytes()).unwrap());
    assert_eq!(person.visits, 3);
}

#[test]
fn a_variant_is_a_word_or_the_name_of_a_field() {
    assert_eq!(
        from_slice::<Move>(br#""standStill""#).unwrap(),
        Move::StandStill
    );
    assert_eq!(from_slice::<Move>(br#"{"by":-3}"#).unwrap(), Move::By(-3));
    assert_eq!(
        from_slice::<Move>(br#"{"to":{"x":1}}"#).unwrap(),
        Move::To { x: 1 }
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    assert_eq!(said::<Person>("[]"), "expected an object, found a list");
    assert_eq!(said::<Person>(r#"{"id":"7"}"#), "missing field `fullName`");
    assert_eq!(
        said::<Person>(
            r#"{"fullName":"A","id":"7","friends":[{"type":"fish"},{"type":"cat","lives":300}]}"#
        ),
        "friends[1].lives: expected a smaller number, found a number"
    );
    assert_eq!(
        said::<Person>(r#"{"fullName":"A","id":"7","friends":[{"type":"cow"}]}"#),
        "friends[0].type: unknown word `cow`"
    );
    assert_eq!(
        said::<Vec<Vec<bool>>>("[[true,1]]"),
        "[0][1]: expected a yes or no, found a number"
    );
    assert_eq!(said::<Move>("\"stand still\""), "unknown word `…`");
}

#[test]
fn text_that_is_no_json_stays_the_parsers_matter() {
    assert!(from_slice::<Cat>(b"{\"lives\":").unwrap_err().is_end());
    let html = from_slice::<Cat>(b"<html>").unwrap_err();
    assert!(!html.is_end() && !html.is_misfit());
    assert_eq!(html.to_string(), "no JSON from octet 0 on");
    assert!(from_slice::<Cat>(b"{}").unwrap_err().is_misfit());
}

#[test]
fn half_a_character_takes_nothing_else_away() {
    let lost = char::REPLACEMENT_CHARACTER;
    for (text, read) in [
        (r#""Ann \ud83d""#, format!("Ann {lost}")),
        (r#""\ud83dn\u0041""#, format!("{lost}nA")),
        (r#""\ud83d\u0041""#, format!("{lost}A")),
        (r#""\ud83d\ud83d\ude00""#, format!("{lost}😀")),
        (r#""\ude00\ud83d""#, format!("{lost}{lost}")),
    ] {
        assert_eq!(
            from_slice::<String>(text.as_bytes()).unwrap(),
            read,
            "{text}"
        );
    }
    assert!(from_slice::<String>(br#""\ud83d\u00""#).is_err());
}

#[test]
fn the_last_of_two_fields_counts_as_in_browsers() {
    assert_eq!(
        from_slice::<Cat>(br#"{"lives":1,"lives":2}"#)
            .unwrap()
            .lives,
        2
    );
}

#[test]
fn news_is_none_and_no_error() {
    let read = |text: &str| from_slice::<IfKnown<Cat>>(text.as_bytes()).unwrap().0;
    assert_eq!(read(r#"{"lives":9}"#), Some(Cat { lives: 9 }));
    assert_eq!(read(r#"{"lives":"many"}"#), None);
}

#[test]
fn plain_text_is_borrowed() {
    let tree = Json::parse(br#"{"a":"b\n","c":"d"}"#).unwrap();
    let borrowed = |name| match tree.get(name) {
        Some(Json::Text(text)) => matches!(text, std::borrow::Cow::Borrowed(_)),
        _ => panic!("{name} is no text"),
    };
    assert!(borrowed("c") && !borrowed("a"));
}

/// Written both ways, it is the same text.
fn written<T: ToJson + serde::Serialize>(value: &T) -> String {
    let text = to_text(value);
    assert_eq!(text, serde_json::to_string(value).unwrap());
    text
}

#[test]
fn what_is_written_is_what_serde_writes() {
    let text = r#"{"fullName":"Ada \"A\" é😀","age":7,"id":"7",
        "nick":"a","news":{"a":[1,-2,0.5,true,null,{}],"b":{}},
        "friends":[{"type":"smallDog","full_name":"Rex"},{"lives":9,"type":"cat"},{"type":"fish"}]}"#;
    let person: Person = from_slice(text.as_bytes()).unwrap();
    let again: Value = serde_json::from_str(&written(&person)).unwrap();
    assert_eq!(again["ID"], "7");
    for it in [Move::StandStill, Move::By(-3), Move::To { x: 1 }] {
        written(&it);
    }
    written(&[0, 9, 10, u64::MAX]);
    written(&[0, -1, i64::MIN, i64::MAX]);
    written(&[None, Some('"')]);
    let all: String = (0..=0x80_u8).map(char::from).collect();
    written(&all);
}

#[test]
fn a_tree_is_written_as_it_was_read() {
    let text = r#"{"b":[null,true,1,-1,0.5,"x\n"],"a":{},"a":[]}"#;
    assert_eq!(to_text(&Json::parse(text.as_bytes()).unwrap()), text);
}

/// What serde_json says of a text, and what is said here.
fn verdicts(text: &[u8]) -> (Result<Value, bool>, Result<Value, bool>) {
    let here = Json::parse(text).map(|tree| serde_json::to_value(&tree).unwrap());
    (
        serde_json::from_slice(text).map_err(|error| error.is_eof()),
        here.map_err(|error| error.is_end()),
    )
}

#[test]
fn texts_are_read_as_serde_json_reads_them() {
    for text in [
        "",
        " ",
        "nul",
        "nulL",
        "null",
        "true",
        "fals",
        "false ",
        "null null",
        "tru ",
        "0",
        "-0",
        "00",
        "01",
        "-",
        "-a",
        "1.",
        "1.5",
        "1.e1",
        "1e",
        "1e+",
        "1E-7",
        "1.5e3",
        ".5",
        "+1",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "\"",
        "\"a",
        "\"a\"",
        "\"a\\",
        "\"\\x\"",
        "\"\\u12",
        "\"\\u00e9\\n\\\"\\/\"",
        "\"\u{1}\"",
        "\"\\ud83d\\ude00\"",
        "[",
        "[]",
        "[ ]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "[[],[[]]]",
        "{",
        "{}",
        "{ }",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" : [ {} ] }",
        "{1:2}",
        "\u{feff}1",
        "1 x",
        "'a'",
        "// a",
        "NaN",
    ] {
        let (serde, here) = verdicts(text.as_bytes());
        assert_eq!(serde, here, "{text:?}");
    }
    for depth in [127, 128, 129, 100_000] {
        let text = ["[".repeat(depth), "]".repeat(depth)].concat();
        assert_eq!(verdicts(text.as_bytes()).1.is_ok(), depth <= 128);
    }
    assert!(Json::parse(b"\"\xff\"").is_err_and(|error| !error.is_end()));
    assert!(Json::parse(b"\"a\xc3").is_err_and(|error| error.is_end()));
}

#[test]
fn numbers_that_do_not_fit_stay_as_they_are_written() {
    let text = "[1.50,-0,1e400,123456789012345678901234567890]";
    assert_eq!(to_text(&Json::parse(text.as_bytes()).unwrap()), text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_judged_as_serde_json_judges_it(
        text in r#"([\[\]{},: "\\]|"a"|\\u[dD][89c-f]3d|-?[01][.e]?|null|true|[a-z\PC]){0,24}"#,
    ) {
        let (serde, here) = verdicts(text.as_bytes());
        // half a character is an error there
        let may_differ = here.is_ok() && text.to_ascii_lowercase().contains("\\ud");
        prop_assert!(serde.is_ok() == here.is_ok() || may_differ);
        if serde.is_ok() {
            prop_assert_eq!(serde, here);
        }
    }

    #[test]
    fn octets_of_any_kind_do_no_harm(octets in prop::collection::vec(any::<u8>(), 0..40)) {
        let serde = serde_json::from_slice::<Value>(&octets).is_ok();
        prop_assert_eq!(Json::parse(&octets).is_ok(), serde);
    }

    #[test]
    fn what_is_cut_off_is_told_from_what_is_wrong(cut in 0_usize..100) {
        let text = br#"{"a":[1.5,-2,true,null,"x\u00e9\n"],"b":{"c":{}},"d":"\ud83d\ude00"}"#;
        if let Some(text) = text.get(..cut.min(text.len() - 1)) {
            prop_assert!(Json::parse(text).is_err_and(|error| error.is_end()));
        }
    }
}
