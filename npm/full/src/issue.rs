//! What is wrong, in the one shape that JavaScript sees: a code, what belongs in the sentence, the
//! sentence.

use rolecall_core::email::InvalidEmail;
use rolecall_core::json::{Json, ToJson, Writer, Written, to_text};
use rolecall_core::plan::Reason;
use rolecall_core::role::InvalidRole;

/// Something that a person can set right.
#[derive(Clone, Debug, PartialEq, ToJson)]
pub struct Issue {
    /// Name of the kind, `MissingAt`: what other languages go by.
    pub code: String,
    /// What the sentence names: the fields of an object.
    pub params: Written,
    /// The sentence: lower case, no full stop.
    pub message: String,
    /// Where in the text: UTF-16 units, the end exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[usize; 2]>,
}

impl Issue {
    pub(crate) fn new(code: &str, params: Params, message: String) -> Self {
        Self {
            code: code.to_owned(),
            params: params.written(),
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

/// What a sentence names, one after the other.
pub(crate) struct Params(Writer);

impl Params {
    pub(crate) fn none() -> Self {
        let mut to = Writer::default();
        to.open('{');
        Self(to)
    }

    pub(crate) fn with<T: ToJson + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.0.field(name, value);
        self
    }

    pub(crate) fn written(mut self) -> Written {
        self.0.close('}');
        Written(self.0.into_text())
    }
}

/// An object without its first field, which is its tag, and that tag.
pub(crate) fn untagged(tagged: &impl ToJson) -> (String, Params) {
    let text = to_text(tagged);
    let mut tag = String::new();
    let mut params = Params::none();
    if let Ok(Json::Object(pairs)) = Json::parse(text.as_bytes()) {
        for (name, value) in &pairs {
            match value {
                Json::Text(word) if tag.is_empty() => tag.push_str(word),
                value => params = params.with(name, value),
            }
        }
    }
    (tag, params)
}

/// What is wrong with an address, by the number of the kind: the face has the words.
#[derive(Clone, Debug, PartialEq, ToJson)]
pub(crate) struct AddressIssue {
    code: u8,
    /// Where in the text: UTF-16 units, the end exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[usize; 2]>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, ToJson)]
#[serde(untagged)]
pub(crate) enum Wrong {
    Address(AddressIssue),
    Other(Issue),
}

impl Wrong {
    /// What is wrong with the address in `range` of a list, or with one alone.
    pub(crate) fn address(invalid: &InvalidEmail, range: Option<[usize; 2]>) -> Self {
        let code = invalid.kind.code();
        Self::Address(AddressIssue { code, range })
    }
}

impl<T: Into<Issue>> From<T> for Wrong {
    fn from(other: T) -> Self {
        Self::Other(other.into())
    }
}

impl From<&InvalidRole> for Issue {
    fn from(invalid: &InvalidRole) -> Self {
        let mut params = Params::none().with("text", &invalid.text);
        if let Some(nearest) = &invalid.nearest {
            let of = Params::none().with("id", &nearest.id);
            params = params.with("nearest", &of.with("label", &nearest.label).written());
        }
        Self::new(invalid.kind.name(), params, invalid.to_string())
    }
}

impl From<&Reason> for Issue {
    fn from(reason: &Reason) -> Self {
        let (mut code, params) = untagged(reason);
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
    fn an_address_has_a_number_and_another_row_words() {
        let invalid = "a@b".parse::<Email>().unwrap_err();
        let code = invalid.kind.code();
        assert_eq!(
            to_text(&Wrong::address(&invalid, Some([2, 3]))),
            format!(r#"{{"code":{code},"range":[2,3]}}"#)
        );
        assert_eq!(
            to_text(&Wrong::from(&Reason::NoRole)),
            r#"{"code":"NoRole","params":{},"message":"choose a role"}"#
        );
    }

    #[test]
    fn a_reason_is_named_as_the_other_kinds_are() {
        let issue = Issue::from(&Reason::HasOtherRole {
            held: "Member".to_owned(),
        });
        assert_eq!(issue.code, "HasOtherRole");
        assert_eq!(issue.params, Written(r#"{"held":"Member"}"#.to_owned()));
        assert!(issue.message.contains("as Member"), "{}", issue.message);
    }
}
