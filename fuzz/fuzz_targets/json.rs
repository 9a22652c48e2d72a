//! JSON as services and browsers send it: no panic, and what serde_json reads is read alike.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_core::json::Json;
use serde_json::Value;

fn alike(ours: &Json<'_>, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Json::Whole(ours), Value::Number(theirs)) => theirs.as_u64() == Some(*ours),
        (Json::Negative(ours), Value::Number(theirs)) => theirs.as_i64() == Some(*ours),
        (Json::Number(ours), Value::Number(theirs)) => {
            // it reads floats fast, not to the last digit
            let (ours, theirs) = (ours.parse::<f64>(), theirs.as_f64().unwrap_or(f64::NAN));
            ours.is_ok_and(|ours| (ours - theirs).abs() <= (ours.abs() * 1e-14).max(1e-290))
        }
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| alike(ours, theirs))
        }
        (Json::Object(ours), Value::Object(theirs)) => {
            // of names that come twice, the last one counts there
            let last = |name: &str| ours.iter().rev().find(|it| it.0 == name).map(|it| &it.1);
            ours.iter().all(|it| theirs.contains_key(it.0.as_ref()))
                && theirs
                    .iter()
                    .all(|(name, theirs)| last(name).is_some_and(|ours| alike(ours, theirs)))
        }
        _ => false,
    }
}

fuzz_target!(|text: &[u8]| {
    let ours = Json::parse(text);
    // numbers that no float holds are refused there, and kept here as they are written
    if let Ok(theirs) = serde_json::from_slice::<Value>(text) {
        let ours = ours.expect("serde_json reads it");
        assert!(alike(&ours, &theirs), "{ours:?} is not {theirs}");
    }
});
