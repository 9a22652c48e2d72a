//! What is wrong, in the one shape that JavaScript sees: a code, what belongs in the sentence, the
//! sentence.

use rolecall_core::email::InvalidEmail;
use rolecall_core::plan::Reason;
use rolecall_core::role::InvalidRole;
use serde::Serialize;
use serde_json::{Value, json};

/// Something that a person can set right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Issue {
    /// Name of the kind, `MissingAt`: what other languages go by.
    pub code: String,
    /// What the sentence names.
    pub params: Value,
    /// The sentence: lower case, no full stop.
    pub message: String,
    /// Where in the text: UTF-16 units, the end exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[usize; 2]>,
}

impl Issue {
    fn new(code: &str, params: Value, message: String) -> Self {
        Self {
            code: code.to_owned(),
            params,
            message,
            range: None,
        }
    }

    pub(crate) fn at(self, start: usize, end: usize) -> Self {
        Self {
            range: Some([start, end]),
            ..self
        }
    }
}

impl From<&InvalidEmail> for Issue {
    fn from(invalid: &InvalidEmail) -> Self {
        let params = match invalid.found {
            Some(character) => json!({ "character": character }),
            None => json!({}),
        };
        Self::new(invalid.kind.name(), params, invalid.to_string())
    }
}

impl From<&InvalidRole> for Issue {
    fn from(invalid: &InvalidRole) -> Self {
        let mut params = json!({ "text": invalid.text });
        if let Some(nearest) = &invalid.nearest {
            params["nearest"] = json!({ "id": nearest.id, "label": nearest.label });
        }
        Self::new(invalid.kind.name(), params, invalid.to_string())
    }
}

impl From<&Reason> for Issue {
    fn from(reason: &Reason) -> Self {
        let mut params =
            serde_json::to_value(reason).expect("a reason is an object of plain values");
        let name = params
            .as_object_mut()
            .and_then(|object| object.remove("reason"));
        let name = name.as_ref().and_then(Value::as_str).unwrap_or_default();
        let mut code = name.to_owned();
        if let Some(first) = code.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self::new(&code, params, reason.to_string())
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::email::Email;

    use super::*;

    #[test]
    fn an_address_names_its_character() {
        let invalid = "a:b@c.example".parse::<Email>().unwrap_err();
        let issue = Issue::from(&invalid);
        assert_eq!(issue.code, "LocalInvalidChar");
        assert_eq!(issue.params, json!({ "character": ":" }));
        let invalid = "a@b".parse::<Email>().unwrap_err();
        assert_eq!(Issue::from(&invalid).params, json!({}));
    }

    #[test]
    fn a_reason_is_named_as_the_other_kinds_are() {
        let issue = Issue::from(&Reason::HasOtherRole {
            held: "Member".to_owned(),
        });
        assert_eq!(issue.code, "HasOtherRole");
        assert_eq!(issue.params, json!({ "held": "Member" }));
        assert!(issue.message.contains("as Member"), "{}", issue.message);
    }
}
