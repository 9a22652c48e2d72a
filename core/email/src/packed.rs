//! Many addresses in one pass, with numbers for answers: for hosts to which an object for each
//! address would cost more than the check.

use crate::chars::part;
use crate::domain;
use crate::invitable::{self, Outline};
use crate::kind::EmailErrorKind::DomainNeedsIdna;
use crate::plain::{BLOCK, Marks};
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
#[inline]
pub fn check_lines<'t>(text: &'t [u8], mut line: impl FnMut(&'t [u8], Outcome)) {
    let mut rest = text;
    while !rest.is_empty() {
        let (address, after) = if cfg!(target_feature = "simd128") {
            // the last line may be shorter than what is looked at
            let mut last = [b'\n'; BLOCK];
            let block = match rest.first_chunk::<BLOCK>() {
                Some(block) => block,
                None => {
                    for (to, from) in last.iter_mut().zip(rest) {
                        *to = *from;
                    }
                    &last
                }
            };
            let marks = Marks::of_line(block);
            if marks.line_end != 0 {
                let end = marks.line_end.trailing_zeros() as usize;
                let address = without_return(part(rest, 0, end.min(rest.len())));
                let after = rest.get(end + 1..).unwrap_or_default();
                if marks.plain(address.len()).is_some() {
                    line(address, Outcome { code: 0, at: 0 });
                    rest = after;
                    continue;
                }
                (address, after)
            } else {
                next_line(rest)
            }
        } else {
            next_line(rest)
        };
        line(address, outcome(address));
        rest = after;
    }
}

/// The first line without its end, and what follows.
fn next_line(text: &[u8]) -> (&[u8], &[u8]) {
    match text.iter().position(|&o| o == b'\n') {
        Some(end) => (
            without_return(part(text, 0, end)),
            part(text, end + 1, text.len()),
        ),
        None => (text, &[]),
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

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

/// Checks one address of at most 63 octets, which stands at the start of a block; what follows it
/// there does not matter. Nothing when only [`check_octets`] can decide.
#[inline]
pub fn check_block(block: &[u8; BLOCK], len: usize) -> Option<Accepted> {
    let at = Marks::of(block, len).plain(len)?;
    let domain = part(block, at + 1, len);
    Some(Accepted {
        start: 0,
        at,
        end: len,
        upper: false,
        reserved: domain::is_reserved(domain::last_label(domain)),
        suggestion: suggestion::meant_domain(domain).is_some(),
        foreign: false,
        foreign_local: false,
    })
}

/// Checks one address under the default policy, up to the mapping of a non-ASCII domain.
///
/// `allow_non_ascii_local` is the option of the same name of the rules.
///
/// # Errors
///
/// What is wrong, and at which octet.
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
    let normal = !upper && !foreign;
    Ok(Accepted {
        start,
        at,
        end,
        upper,
        reserved: normal && domain::is_reserved(domain::last_label(domain)),
        suggestion: normal && suggestion::meant_domain(domain).is_some(),
        foreign,
        foreign_local,
    })
}

/// Checks a domain that a host mapped to A-labels. `before` counts the octets of the local part
/// and the `@`. Gives the code of what is wrong, 0 for nothing.
pub fn check_mapped_octets(mapped: &[u8], before: usize) -> u8 {
    match invitable::check_mapped(mapped, before) {
        Ok(()) => 0,
        Err(kind) => kind.code(),
    }
}

/// UTF-16 units in the first `at` octets of a text in UTF-8.
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
        let mut found = Vec::new();
        check_lines(text.as_bytes(), |line, outcome| {
            found.push((String::from_utf8(line.to_vec()).unwrap(), outcome));
        });
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
                if line.len() < BLOCK {
                    let mut block = [0xFF; BLOCK];
                    block[..line.len()].copy_from_slice(line.as_bytes());
                    if let Some(accepted) = check_block(&block, line.len()) {
                        prop_assert_eq!(single, Ok(accepted));
                    }
                }
            }
        }
    }
}
