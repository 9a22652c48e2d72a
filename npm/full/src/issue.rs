//! What is wrong, in the one shape that JavaScript sees: a code, what belongs in the sentence, the
//! sentence.

use rolecall_core::email::InvalidEmail;
use rolecall_core::json::{ToJson, Writer, Written};
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

/// What is wrong with an address, by the number of the kind: the face has the words.
#[derive(Clone, Debug, PartialEq, ToJson)]
pub(crate) struct AddressIssue {
    code: u8,
    /// Where in the text: UTF-16 units, the end exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[usize; 2]>,
}

/// Why the planner refuses something, as core writes it: the face makes code and parameters of it.
#[derive(Clone, Debug, PartialEq, ToJson)]
pub(crate) struct PlanIssue {
    why: Reason,
    message: String,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, ToJson)]
#[serde(untagged)]
pub(crate) enum Wrong {
    Address(AddressIssue),
    Plan(PlanIssue),
    Other(Issue),
}

impl Wrong {
    /// What is wrong with the address in `range` of a list, or with one alone.
    pub(crate) fn address(invalid: &InvalidEmail, range: Option<[usize; 2]>) -> Self {
        let code = invalid.kind.code();
        Self::Address(AddressIssue { code, range })
    }
}

impl From<Issue> for Wrong {
    fn from(other: Issue) -> Self {
        Self::Other(other)
    }
}

impl From<&InvalidRole> for Wrong {
    fn from(invalid: &InvalidRole) -> Self {
        Self::Other(invalid.into())
    }
}

impl From<Reason> for Wrong {
    fn from(why: Reason) -> Self {
        let message = why.to_string();
        Self::Plan(PlanIssue { why, message })
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

#[cfg(test)]
mod tests {
    use rolecall_core::email::Email;
    use rolecall_core::json::to_text;

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
            to_text(&Wrong::from(Reason::NoRole)),
            r#"{"why":{"reason":"noRole"},"message":"choose a role"}"#
        );
    }
}
