//! The form that invites one person, before it is sent.

use rolecall_core::email::{Email, InvalidEmail};
use rolecall_core::id::looks_like;
use rolecall_core::plan::Intent;
use rolecall_core::role::RoleId;

use super::words;
use crate::host::Browser;

/// What is in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InviteDraft {
    /// The text as typed.
    pub(crate) email: String,
    /// The roles chosen.
    pub(crate) roles: Vec<RoleId>,
}

impl InviteDraft {
    /// What is wrong with the address, as a sentence that says where.
    pub(crate) fn email_error(&self) -> Option<String> {
        if let Some(kind) = looks_like(self.email.trim()) {
            return Some(format!(
                "This is {kind}; an invitation needs an email address."
            ));
        }
        let error = Email::read(&self.email, &Browser).err()?;
        Some(words::sentence(&format!("{error}{}", self.place(&error))))
    }

    /// Where an error is, unless it is plain: an empty field, or something missing at the end.
    fn place(&self, error: &InvalidEmail) -> String {
        if error.at >= self.email.trim_end().len() {
            return String::new();
        }
        let before = self.email.get(..error.at).unwrap_or_default();
        format!(" (character {})", before.chars().count() + 1)
    }

    /// What is wanted, if the address is one.
    pub(crate) fn intent(&self) -> Option<Intent> {
        let email = Email::read(&self.email, &Browser).ok()?;
        Some(Intent::Invite {
            email,
            roles: self.roles.clone(),
            resend: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(email: &str) -> Option<String> {
        InviteDraft {
            email: email.to_owned(),
            ..InviteDraft::default()
        }
        .email_error()
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert_eq!(error("ada@example.org"), None);
        let comma = error("priya@cosmic,org").unwrap();
        assert!(comma.ends_with("(character 13)."), "{comma}");
        for text in ["", "ada", "ada@", "@example.org", "a b@example.org"] {
            let sentence = error(text).unwrap();
            assert!(
                sentence.ends_with('.') && sentence.len() > 10,
                "{text}: {sentence}"
            );
        }
        assert!(
            error("clm8qv74h000008mlf08scq7k")
                .unwrap()
                .contains("an Astro id")
        );
    }

    #[test]
    fn an_address_that_is_none_becomes_no_intent() {
        let draft = InviteDraft {
            email: "ada@".to_owned(),
            roles: vec!["r".into()],
        };
        assert_eq!(draft.intent(), None);
    }
}
