//! The "valid e-mail address" of the WHATWG HTML standard.
//!
//! Source: <https://html.spec.whatwg.org/multipage/input.html#email-state-(type=email)>.

use crate::chars::{ATEXT, LDH, UPPER, is};
use crate::domain;
use crate::invitable::{Outline, scan_other};
use crate::kind::EmailErrorKind::{self, DomainEmpty, Empty, ExtraAt, LocalEmpty, MissingAt};

/// Checks the text exactly as given.
///
/// # Errors
///
/// What the grammar stumbles over first, in the words of the default policy.
pub fn scan(text: &[u8]) -> Result<Outline, (EmailErrorKind, usize)> {
    if text.is_empty() {
        return Err((Empty, 0));
    }
    let Some(at) = text.iter().position(|&o| o == b'@') else {
        return Err((MissingAt, text.len()));
    };
    if at == 0 {
        return Err((LocalEmpty, 0));
    }
    if let Some(i) = text[..at].iter().position(|&o| o != b'.' && !is(o, ATEXT)) {
        return Err((scan_other(&text[i..], true), i));
    }
    let name = &text[at + 1..];
    if name.is_empty() {
        return Err((DomainEmpty, text.len()));
    }
    if let Some(i) = name.iter().position(|&o| o != b'.' && !is(o, LDH)) {
        let kind = match name[i] {
            b'@' => ExtraAt,
            _ => scan_other(&name[i..], false),
        };
        return Err((kind, at + 1 + i));
    }
    domain::check_labels(name).map_err(|(kind, offset)| (kind, at + 1 + offset))?;
    Ok(Outline {
        start: 0,
        at,
        end: text.len(),
        upper: name.iter().any(|&o| is(o, UPPER)),
        foreign: false,
        foreign_local: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn accepts_what_the_grammar_accepts() {
        for text in [
            "a@b",
            ".@b",
            "a..b.@b.c",
            "a@127.0.0.1",
            "!#$%&'*+-/=?^_`{|}~@b",
            "a@B-c.1",
        ] {
            assert!(scan(text.as_bytes()).is_ok(), "{text}");
        }
        let long = format!("{}@{}.b", "a".repeat(500), "c".repeat(63));
        assert!(scan(long.as_bytes()).is_ok());
    }

    #[test]
    fn names_what_it_refuses() {
        use EmailErrorKind::*;
        for (text, kind, at) in [
            ("", Empty, 0),
            ("a", MissingAt, 1),
            ("@b", LocalEmpty, 0),
            (" a@b", WhitespaceInside, 0),
            ("a(@b", Comment, 1),
            ("é@b", LocalNonAscii, 0),
            ("\"a\"@b", LocalInvalidChar, 0),
            ("a@", DomainEmpty, 2),
            ("a@b@c", ExtraAt, 3),
            ("a@b_c", DomainInvalidChar, 3),
            ("a@bé", DomainNeedsIdna, 3),
            ("a@b.", DomainTrailingDot, 3),
            ("a@-b", LabelHyphenStart, 2),
            ("a@b-.c", LabelHyphenEnd, 3),
        ] {
            assert_eq!(scan(text.as_bytes()), Err((kind, at)), "{text}");
        }
    }
}
