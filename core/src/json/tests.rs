use serde_json::{Map, Value};

use super::{FromJson, IfKnown, Json, ToJson, from_slice, to_text};

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
    rest: Map<String, Value>,
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
    To { x: f64 },
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
    assert_eq!(
        Value::Object(person.rest).to_string(),
        r#"{"news":{"a":[1,-2,0.5]}}"#
    );
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
        Move::To { x: 1.0 }
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
    assert!(from_slice::<Cat>(b"{\"lives\":").unwrap_err().is_eof());
    assert!(from_slice::<Cat>(b"<html>").unwrap_err().is_syntax());
    assert!(from_slice::<Cat>(b"{}").unwrap_err().is_data());
    let deep = "[".repeat(100_000);
    assert!(from_slice::<Value>(deep.as_bytes()).is_err());
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
    let tree: Json<'_> = serde_json::from_str(r#"{"a":"b\n","c":"d"}"#).unwrap();
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
    for it in [Move::StandStill, Move::By(-3), Move::To { x: 1.5 }] {
        written(&it);
    }
    written(&[0, 9, 10, u64::MAX]);
    written(&[0, -1, i64::MIN, i64::MAX]);
    written(&(0.1, f64::NAN));
    written(&[None, Some('"')]);
    let all: String = (0..=0x80_u8).map(char::from).collect();
    written(&all);
}

#[test]
fn a_tree_is_written_as_it_was_read() {
    let text = r#"{"b":[null,true,1,-1,0.5,"x\n"],"a":{},"a":[]}"#;
    assert_eq!(to_text(&Json::parse(text.as_bytes()).unwrap()), text);
}
