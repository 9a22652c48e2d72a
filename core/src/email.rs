//! E-mail addresses: what can be invited, what is wrong with the rest, and where.

mod html_input;
mod mapping;
mod rules;

use std::fmt;
use std::str::FromStr;

use rolecall_email::{self as octets, MAX_ADDRESS, MAX_LOCAL};
use serde::{Deserialize, Serialize};

use crate::json::{FromJson, Json, Misfits, ToJson};

pub use html_input::{html_input_value, html_input_values};
pub use mapping::{CompiledIn, Mapping, MappingError, NoMapping};
pub use rolecall_email::{EmailErrorKind, Outcome, check_lines, is_edge};
pub use rules::{Checked, Notice, Policy, Rules};

/// An e-mail address to which both services can send an invitation: the `Invitable` policy.
///
/// It holds the normalized form: nothing around it, the domain in lower case and as A-labels, the
/// local part exactly as given. Two addresses are equal when mail to them goes to the same mailbox
/// as far as anybody but its host can tell.
///
/// # Example
///
/// ```
/// use rolecall_core::email::{Email, EmailErrorKind};
///
/// let email: Email = " Ann@Example.COM".parse()?;
/// assert_eq!(email.as_str(), "Ann@example.com");
/// assert_eq!((email.local(), email.domain()), ("Ann", "example.com"));
///
/// let error = "ann@example,com".parse::<Email>().unwrap_err();
/// assert_eq!((error.kind, error.at), (EmailErrorKind::Separator, 11));
/// # Ok::<(), rolecall_core::email::InvalidEmail>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToJson)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Octets of the longest address (RFC 5321 4.5.3.1.3: a path of 256 less its angle brackets).
    pub const MAX_OCTETS: usize = MAX_ADDRESS;
    /// Octets of the longest local part (RFC 5321 4.5.3.1.1).
    pub const MAX_LOCAL_OCTETS: usize = MAX_LOCAL;

    /// Reads an address; `mapping` turns a non-ASCII domain into A-labels.
    ///
    /// `text.parse()` is the same with the mapping that was compiled in: the crate `idna` with the
    /// feature of that name, else none.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and where.
    pub fn read(text: &str, mapping: &impl Mapping) -> Result<Self, InvalidEmail> {
        let invalid = |(kind, at)| InvalidEmail::new(text, kind, at);
        let outline = octets::scan_invitable(text.as_bytes(), false).map_err(invalid)?;
        let (local, domain) = (
            &text[outline.start..=outline.at],
            &text[outline.at + 1..outline.end],
        );
        if !outline.foreign {
            let mut normalized = String::with_capacity(outline.end - outline.start);
            normalized.push_str(local);
            normalized.push_str(domain);
            if outline.upper {
                normalized[local.len()..].make_ascii_lowercase();
            }
            return Ok(Self(normalized));
        }
        let in_domain = |kind| invalid((kind, outline.at + 1));
        let mapped = mapping::map(domain, mapping).map_err(in_domain)?;
        octets::check_mapped(mapped.as_bytes(), local.len()).map_err(in_domain)?;
        Ok(Self(format!("{local}{mapped}")))
    }

    /// The normalized address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`, in the letter case given.
    pub fn local(&self) -> &str {
        &self.0[..self.at()]
    }

    /// What stands after the `@`: lower case, ASCII.
    pub fn domain(&self) -> &str {
        &self.0[self.at() + 1..]
    }

    /// What to compare addresses by: the domain without regard to case, the local part exactly.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// Where the `@` is: the local part of an invitable address is never quoted, so the first one.
    fn at(&self) -> usize {
        self.0.find('@').expect("an Email holds an @")
    }
}

impl FromJson for Email {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        json.word(misfits).parse().unwrap_or_else(|error| {
            misfits.because(&error, json);
            // nobody sees it: what is noted as a misfit is dropped
            Self(String::new())
        })
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        Self::read(text, &mapping::CompiledIn)
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl TryFrom<&str> for Email {
    type Error = InvalidEmail;

    fn try_from(text: &str) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The address that was probably meant, or nothing.
///
/// What it returns passes the `Invitable` policy and differs from the text in more than blanks
/// around it and the case of the domain. The local part of a valid address is never changed.
///
/// # Example
///
/// ```
/// use rolecall_core::email::suggest;
///
/// assert_eq!(suggest("ann@gmial.com").as_deref(), Some("ann@gmail.com"));
/// assert_eq!(suggest("Ann <ann@company,com>").as_deref(), Some("ann@company.com"));
/// assert_eq!(suggest("ann@ymail.com"), None);
/// ```
pub fn suggest(text: &str) -> Option<String> {
    let mut out = [0; MAX_ADDRESS];
    let len = octets::suggest_into(text.as_bytes(), &mut out);
    // repairs remove and insert whole characters, so what was UTF-8 still is
    let meant = std::str::from_utf8(&out[..len]).ok()?;
    (len > 0).then(|| meant.to_owned())
}

/// Why a text is not an [`Email`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct InvalidEmail {
    /// What is wrong.
    pub kind: EmailErrorKind,
    /// Where: offset in octets from the start of the text as it was given, always on a character
    /// boundary, at most the length of the text.
    pub at: usize,
    /// The character that is wrong, for the kinds that are about one.
    pub found: Option<char>,
}

impl InvalidEmail {
    fn new(text: &str, kind: EmailErrorKind, at: usize) -> Self {
        let found = text[at..].chars().next().filter(|_| kind.names_character());
        Self { kind, at, found }
    }
}

impl fmt::Display for InvalidEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.message())?;
        match self.found {
            None => Ok(()),
            Some(found) => match name_of(found) {
                Some(name) => write!(f, ": U+{:04X} ({name})", u32::from(found)),
                None if is_edge(found) || found.is_control() => {
                    write!(f, ": U+{:04X}", u32::from(found))
                }
                None => write!(f, ": `{found}`"),
            },
        }
    }
}

/// What people call a character which cannot be seen.
fn name_of(character: char) -> Option<&'static str> {
    Some(match character {
        '\0' => "null",
        '\t' => "tab",
        '\n' => "line break",
        '\r' => "carriage return",
        ' ' => "space",
        '\u{7F}' => "delete",
        '\u{A0}' => "no-break space",
        '\u{200B}' => "zero-width space",
        '\u{200E}' => "left-to-right mark",
        '\u{200F}' => "right-to-left mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202A}' => "left-to-right embedding",
        '\u{202B}' => "right-to-left embedding",
        '\u{202C}' => "pop directional formatting",
        '\u{202D}' => "left-to-right override",
        '\u{202E}' => "right-to-left override",
        '\u{202F}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{3000}' => "ideographic space",
        '\u{FEFF}' => "byte order mark",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use EmailErrorKind::*;

    fn error(text: &str) -> (EmailErrorKind, usize) {
        let error = text.parse::<Email>().expect_err(text);
        (error.kind, error.at)
    }

    /// The examples of the rules' table, `^` before the character at fault.
    #[test]
    fn names_kind_and_position_in_order_of_precedence() {
        for (marked, kind) in [
            ("^", Empty),
            ("^mailto:a@b.com", MailtoPrefix),
            ("a.b.com^", MissingAt),
            ("a＠b.com^", MissingAt),
            ("Ann ^<a@b.com>", DisplayName),
            ("^@b.com", LocalEmpty),
            ("^\"a b\"@c.com", LocalQuoted),
            ("^.a@b.com", LocalLeadingDot),
            ("a.^.b@c.com", LocalConsecutiveDots),
            ("a^.@b.com", LocalTrailingDot),
            ("a^(x)@b.com", Comment),
            ("a^ b@c.com", WhitespaceInside),
            ("a^\u{1}b@c.com", ControlChar),
            ("a^,b@c.com", Separator),
            ("jos^é@b.com", LocalNonAscii),
            ("a^:b@c.com", LocalInvalidChar),
            ("a@^", DomainEmpty),
            ("a@^[127.0.0.1]", AddressLiteral),
            ("a@b^@c.com", ExtraAt),
            ("a@b^,com", Separator),
            ("a@b^_c.com", DomainInvalidChar),
            ("a@^127.0.0.1", DomainIsIpAddress),
            ("a@b.com^.", DomainTrailingDot),
            ("a@^.com", DomainEmptyLabel),
            ("a@b.^.com", DomainEmptyLabel),
            ("a@^.", DomainEmptyLabel),
            ("a@^-b.com", LabelHyphenStart),
            ("a@b^-.com", LabelHyphenEnd),
            ("a@localhost^", DomainSingleLabel),
            ("a@b.^c0m", TldInvalid),
            // the earlier of two wins
            ("^mailto:ann", MailtoPrefix),
            ("a@b^@c_d", ExtraAt),
            (" \u{FEFF}^mailto: a", MailtoPrefix),
            ("a.^.@b", LocalConsecutiveDots),
        ] {
            let at = marked.find('^').expect("marked");
            let text = marked.replacen('^', "", 1);
            assert_eq!(error(&text), (kind, at), "{marked}");
        }
    }

    #[test]
    fn limits_are_inclusive() {
        let local = "a".repeat(64);
        assert!(format!("{local}@b.com").parse::<Email>().is_ok());
        assert_eq!(error(&format!("{local}a@b.com")), (LocalTooLong, 64));
        assert_eq!(error(&format!(" {local}a@b.com")), (LocalTooLong, 65));
        let label = "b".repeat(63);
        // 64 + 1 + 189 = 254
        let fits = format!("{local}@{label}.{label}.{}.com", "c".repeat(57));
        assert_eq!(fits.len(), 254);
        assert!(fits.parse::<Email>().is_ok());
        let over = format!("{local}@{label}.{label}.{}.com", "c".repeat(58));
        assert_eq!(error(&over), (TooLong, 254));
        let domain = format!("{label}.{label}.{label}.{}.com", "c".repeat(58));
        assert_eq!(domain.len(), 254);
        assert_eq!(error(&format!("a@{domain}")), (DomainTooLong, 2 + 253));
    }

    #[test]
    fn keeps_the_local_part_and_normalizes_the_domain() {
        let email: Email = "\u{200B} Ann.O'Neil@EXAMPLE.Com\u{A0}".parse().unwrap();
        assert_eq!(email.as_str(), "Ann.O'Neil@example.com");
        assert_eq!(email.local(), "Ann.O'Neil");
        assert_eq!(email.domain(), "example.com");
        let other: Email = "ann.O'Neil@example.com".parse().unwrap();
        assert_ne!(email.key(), other.key());
    }

    #[test]
    fn errors_name_what_cannot_be_seen() {
        let text = |address: &str| address.parse::<Email>().unwrap_err().to_string();
        assert_eq!(
            text("a\u{202E}b@c.com"),
            "remove the blank or invisible character inside the address: U+202E (right-to-left override)"
        );
        assert_eq!(
            text("a\0@c.com"),
            "remove the control character: U+0000 (null)"
        );
        assert_eq!(
            text("a\u{1b}@c.com"),
            "remove the control character: U+001B"
        );
        assert_eq!(
            text("a:@c.com"),
            "this character cannot stand before the `@`: `:`"
        );
        assert_eq!(text("a@c"), "the domain needs an ending such as `.com`");
    }

    #[test]
    fn serde_goes_through_the_check() {
        let email: Email = serde_json::from_str("\"a@B.com\"").unwrap();
        assert_eq!(serde_json::to_string(&email).unwrap(), "\"a@b.com\"");
        let error = serde_json::from_str::<Email>("\"a@b\"").unwrap_err();
        assert!(error.to_string().contains("needs an ending"), "{error}");
    }

    #[test]
    fn a_host_can_answer_anything() {
        struct Host(&'static str);
        impl Mapping for Host {
            fn domain_to_ascii(&self, domain: &str) -> Result<String, MappingError> {
                assert!(!domain.is_ascii());
                Ok(self.0.to_owned())
            }
        }
        for (answer, kind) in [
            ("", IdnaInvalid),
            ("a%20b.com", IdnaInvalid),
            ("bücher.de", IdnaInvalid),
            ("127.0.0.1", DomainIsIpAddress),
            ("b", DomainSingleLabel),
            ("b.com.", DomainTrailingDot),
        ] {
            let error = Email::read("a@bücher.de", &Host(answer)).unwrap_err();
            assert_eq!((error.kind, error.at), (kind, 2), "{answer}");
        }
        let email = Email::read("A@bücher.de", &Host("XN--bcher-kva.de")).unwrap();
        assert_eq!(email.as_str(), "A@xn--bcher-kva.de");
        let error = Email::read("a@bücher.de", &NoMapping).unwrap_err();
        assert_eq!((error.kind, error.at), (DomainNeedsIdna, 2));
    }

    #[test]
    fn hostile_lengths_take_linear_time() {
        for piece in [
            "@", "\"", ",", ".", "<", ">", "\u{202E}", "ü", "a@", "a.", "<>",
        ] {
            let text = piece.repeat(1_000_000);
            assert!(text.parse::<Email>().is_err());
            assert!(format!("a@{text}").parse::<Email>().is_err());
            assert!(format!("a@{text}.com").parse::<Email>().is_err());
        }
    }
}
