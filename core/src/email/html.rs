//! The "valid e-mail address" of the WHATWG HTML standard, and what browsers do to a field first.
//!
//! Source: <https://html.spec.whatwg.org/multipage/input.html#email-state-(type=email)>.

use std::borrow::Cow;

use super::chars::{ATEXT, LDH, UPPER, is};
use super::domain;
use super::invitable::{Outline, scan_other};
use super::kind::EmailErrorKind::{self, DomainEmpty, Empty, ExtraAt, LocalEmpty, MissingAt};

/// Checks the text exactly as given.
///
/// # Errors
///
/// What the grammar stumbles over first, in the words of the default policy.
pub(super) fn scan(text: &[u8]) -> Result<Outline, (EmailErrorKind, usize)> {
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

/// What a browser makes of the text typed into `<input type=email>` before it checks it: line
/// breaks removed anywhere, ASCII white space stripped at the ends.
///
/// # Example
///
/// ```
/// use rolecall_core::email::html_input_value;
///
/// assert_eq!(html_input_value(" a@b.\nexample "), "a@b.example");
/// ```
pub fn html_input_value(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        let joined = text.replace(['\n', '\r'], "");
        return Cow::Owned(strip(&joined).to_owned());
    }
    Cow::Borrowed(strip(text))
}

/// The addresses a browser sees in `<input type=email multiple>`: split at commas, each stripped of
/// ASCII white space. An empty field has none.
///
/// # Example
///
/// ```
/// use rolecall_core::email::html_input_values;
///
/// let values: Vec<_> = html_input_values("a@b.example , c@d.example").collect();
/// assert_eq!(values, ["a@b.example", "c@d.example"]);
/// assert_eq!(html_input_values("").count(), 0);
/// ```
pub fn html_input_values(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(strip)
        .filter(move |_| !strip(text).is_empty())
}

/// ASCII white space as the Infra standard has it: no U+000B.
fn strip(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\u{C}', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

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
