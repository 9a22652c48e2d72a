//! Many addresses in one pass, with numbers for answers: for hosts to which an object for each
//! address would cost more than the check.

use crate::chars::part;
use crate::domain;
use crate::invitable::{self, Outline};
use crate::kind::EmailErrorKind::DomainNeedsIdna;
use crate::plain::{Line, Marks};
use crate::suggestion;

/// The answer for one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// 0 for a valid address, else the [code](crate::EmailErrorKind::code) of what is wrong.
    pub code: u8,
    /// Where, in octets from the start of the address; 0 for a valid one.
    pub at: usize,
}

/// Checks the lines of a text under the default policy, without a mapping for non-ASCII domains:
/// those come back as `DomainNeedsIdna`.
///
/// A line ends with LF or CRLF; the last one also without. Each line is given with its outcome, in
/// order. Nothing is allocated.
///
/// # Example
///
/// ```
/// use rolecall_email::{EmailErrorKind, check_lines};
///
/// let mut codes = Vec::new();
/// check_lines(b"a@b.example\r\nc\n", |_, outcome| codes.push(outcome.code));
/// assert_eq!(codes, [0, EmailErrorKind::MissingAt.code()]);
/// ```
#[inline(always)]
pub fn check_lines<'t>(text: &'t [u8], line: impl FnMut(&'t [u8], Outcome)) {
    match cfg!(target_feature = "simd128") {
        true => check_lines_by_chunks(text, line),
        // without vectors the full check is as fast
        false => check_lines_one_by_one(text, line),
    }
}

fn check_lines_one_by_one<'t>(text: &'t [u8], mut line: impl FnMut(&'t [u8], Outcome)) {
    let mut start = 0;
    while start < text.len() {
        let (address, after) = next_line(part(text, start, text.len()));
        line(address, outcome(address));
        start += after;
    }
}

/// [`check_lines`] with a look at thousands of octets at a time, for targets with vectors.
#[inline(always)]
pub fn check_lines_by_chunks<'t>(text: &'t [u8], mut line: impl FnMut(&'t [u8], Outcome)) {
    let mut marks = Marks::new();
    let mut start = 0;
    while start < text.len() {
        let rest = part(text, start, text.len());
        marks.read(rest);
        let mut at = 0;
        while at < marks.len() {
            let (address, after, plain) = match marks.line(rest, at) {
                Line::Ends(len, end, plain) => (part(rest, at, at + len), len + end, plain),
                Line::Cut => break,
                Line::Long => {
                    let (address, after) = next_line(part(rest, at, rest.len()));
                    (address, after, false)
                }
            };
            let outcome = match plain {
                true => Outcome { code: 0, at: 0 },
                false => outcome(address),
            };
            line(address, outcome);
            at += after;
        }
        start += at;
    }
}

/// The first line without its end, and where the next one starts.
#[inline(never)]
fn next_line(text: &[u8]) -> (&[u8], usize) {
    let end = text.iter().position(|&o| o == b'\n').unwrap_or(text.len());
    let line = part(text, 0, end);
    match line {
        [line @ .., b'\r'] if end < text.len() => (line, end + 1),
        _ => (line, end + 1),
    }
}

/// The answer of the full check.
#[inline(never)]
fn outcome(address: &[u8]) -> Outcome {
    match invitable::scan(address, false) {
        Ok(outline) if outline.foreign => Outcome {
            code: DomainNeedsIdna.code(),
            at: outline.at + 1,
        },
        Ok(_) => Outcome { code: 0, at: 0 },
        Err((kind, at)) => Outcome {
            code: kind.code(),
            at,
        },
    }
}

/// What is worth knowing about an address that passed [`check_octets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Where it starts, after what was trimmed; octets of the text.
    pub start: usize,
    /// Where its `@` is.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether the domain is not in lower case yet. What follows is then not looked at.
    pub upper: bool,
    /// Whether no mail to the domain arrives over the public Internet.
    pub reserved: bool,
    /// Whether [`suggest_into`](crate::suggest_into) has another domain to propose.
    pub suggestion: bool,
    /// Whether the domain holds non-ASCII characters: nothing is decided until it is mapped and
    /// [`check_mapped_octets`] passed.
    pub foreign: bool,
    /// Whether the local part holds non-ASCII characters: it is to be normalized and counted.
    pub foreign_local: bool,
}

/// Whether a domain in lower case is reserved, and whether it looks like a slip.
#[inline(never)]
fn about_domain(domain: &[u8]) -> (bool, bool) {
    (
        domain::is_reserved(domain::last_label(domain)),
        suggestion::meant_domain(domain).is_some(),
    )
}

/// Checks one address under the default policy, up to the mapping of a non-ASCII domain.
///
/// `allow_non_ascii_local` is the option of the same name of the rules.
///
/// # Errors
///
/// What is wrong, and at which octet.
#[inline(never)]
pub fn check_octets(text: &[u8], allow_non_ascii_local: bool) -> Result<Accepted, Outcome> {
    let Outline {
        start,
        at,
        end,
        upper,
        foreign,
        foreign_local,
    } = invitable::scan(text, allow_non_ascii_local).map_err(|(kind, at)| Outcome {
        code: kind.code(),
        at,
    })?;
    let domain = part(text, at + 1, end);
    // what is said about a domain is said about its normalized form
    let (reserved, suggestion) = match upper || foreign {
        true => (false, false),
        false => about_domain(domain),
    };
    Ok(Accepted {
        start,
        at,
        end,
        upper,
        reserved,
        suggestion,
        foreign,
        foreign_local,
    })
}

/// Checks a domain that a host mapped to A-labels. `before` counts the octets of the local part
/// and the `@`. Gives the code of what is wrong, 0 for nothing.
#[inline(never)]
pub fn check_mapped_octets(mapped: &[u8], before: usize) -> u8 {
    match invitable::check_mapped(mapped, before) {
        Ok(()) => 0,
        Err(kind) => kind.code(),
    }
}

/// UTF-16 units in the first `at` octets of a text in UTF-8.
#[inline(never)]
pub fn utf16_len(text: &[u8], at: usize) -> usize {
    part(text, 0, at)
        .iter()
        .map(|octet| match octet {
            // octets that continue a character
            0x80..0xC0 => 0,
            0xF0.. => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::EmailErrorKind;

    fn outcomes(text: &str) -> Vec<(String, Outcome)> {
        let (mut found, mut by_chunks) = (Vec::new(), Vec::new());
        check_lines(text.as_bytes(), |line, outcome| {
            found.push((String::from_utf8(line.to_vec()).unwrap(), outcome));
        });
        check_lines_by_chunks(text.as_bytes(), |line, outcome| {
            by_chunks.push((String::from_utf8(line.to_vec()).unwrap(), outcome));
        });
        assert_eq!(found, by_chunks);
        found
    }

    #[test]
    fn lines_end_with_lf_or_crlf() {
        let lines: Vec<_> = outcomes("a@b.co\r\n\nc\n")
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, ["a@b.co", "", "c"]);
        assert_eq!(outcomes("").len(), 0);
        assert_eq!(outcomes("\n").len(), 1);
        assert_eq!(outcomes("a").len(), 1);
    }

    #[test]
    fn positions_in_utf16_count_surrogates() {
        let text = "aé😀b";
        for (at, _) in text.char_indices() {
            assert_eq!(
                utf16_len(text.as_bytes(), at),
                text[..at].encode_utf16().count()
            );
        }
    }

    #[test]
    fn lines_are_told_the_same_way_wherever_a_chunk_ends() {
        let lines = [
            "a.b@c-d.example",
            "x",
            "é@b.co",
            "a.b@c..example",
            "longer.name@b.co\r",
            "",
        ];
        for len in (0..40).chain(4050..4100) {
            let mut text = "u@b.co\n".repeat(len / 7);
            text.push_str(&"v".repeat(len % 7));
            for line in lines {
                let outcomes = outcomes(&[&text, line, "\n", line, "\n", line].concat());
                assert_eq!(outcomes.len(), len / 7 + 3 - usize::from(line.is_empty()));
            }
        }
        // lines as long as a chunk, and longer
        for len in 4080..4110 {
            assert_eq!(
                outcomes(&["a".repeat(len).as_str(), "@b.co\nb@c.co"].concat()).len(),
                2
            );
        }
    }

    proptest! {
        /// One by one and all together, the answers are the same.
        #[test]
        fn a_pass_gives_what_single_checks_give(
            lines in prop::collection::vec("[aZ1._@ é-]{0,9}@?[aB1.é\u{202E}-]{0,70}(\\.com)?", 0..9),
        ) {
            let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            let found = outcomes(&text);
            prop_assert_eq!(found.len(), lines.len());
            for ((line, outcome), given) in found.iter().zip(&lines) {
                prop_assert_eq!(line, given);
                let single = check_octets(line.as_bytes(), false);
                match single {
                    Ok(accepted) if accepted.foreign => {
                        prop_assert_eq!(outcome.code, EmailErrorKind::DomainNeedsIdna.code());
                    }
                    Ok(_) => prop_assert_eq!(outcome.code, 0),
                    Err(error) => prop_assert_eq!(*outcome, error),
                }
            }
        }
    }
}
