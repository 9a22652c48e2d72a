//! Many addresses in one pass, with numbers for answers: for hosts to which an object for each
//! address would cost more than the check.

use crate::chars::part;
use crate::domain;
use crate::invitable::{self, Outline};
use crate::kind::EmailErrorKind::DomainNeedsIdna;
use crate::plain::{BLOCK, Block, Reader};
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
/// A line ends with LF or CRLF; the last one also without. Gives the number of lines, and hands to
/// `wrong` each that is no valid address, in order: which one it is, itself, and what is wrong.
/// Nothing is allocated.
///
/// # Example
///
/// ```
/// use rolecall_email::{EmailErrorKind, check_lines};
///
/// let mut found = Vec::new();
/// let count = check_lines(b"a@b.example\r\nc\n", |index, line, outcome| {
///     found.push((index, line, outcome.code));
/// });
/// assert_eq!(count, 2);
/// assert_eq!(found, [(1, &b"c"[..], EmailErrorKind::MissingAt.code())]);
/// ```
#[inline(always)]
pub fn check_lines<'t>(text: &'t [u8], mut wrong: impl FnMut(usize, &'t [u8], Outcome)) -> usize {
    let (mut start, mut count) = (0, 0);
    while start < text.len() {
        let rest = part(text, start, text.len());
        let end = rest.iter().position(|&o| o == b'\n');
        let end = start + end.unwrap_or(rest.len());
        judge(text, start, end, count, &mut wrong);
        start = end + 1;
        count += 1;
    }
    count
}

/// [`check_lines`] with a look at many octets at a time, for targets with vectors.
///
/// The text is the first `len` of the octets. There have to be [`PADDING`] more at least, which are
/// written to.
#[inline(always)]
pub fn check_lines_by_blocks(
    octets: &mut [u8],
    len: usize,
    mut wrong: impl FnMut(usize, &[u8], Outcome),
) -> usize {
    // the last line ends with the text; behind it nothing is doubtful
    let ended = len == 0 || octets.get(len - 1) == Some(&b'\n');
    let end = len + usize::from(!ended);
    let whole = end.next_multiple_of(BLOCK);
    if let Some(behind) = octets.get_mut(len..whole) {
        behind.fill(b'a');
        if let (false, Some(octet)) = (ended, behind.first_mut()) {
            *octet = b'\n';
        }
    }
    let (blocks, _) = octets.as_chunks::<BLOCK>();
    let text = part(octets, 0, len);
    let mut reader = Reader::new();
    // lines that ended before a block, and octets of the next one
    let (mut count, mut before) = (0, 0);
    // whether that is already known not to be plain
    let mut known = 0;
    for (at, block) in blocks.iter().take(whole / BLOCK).enumerate() {
        let Block {
            line_end,
            mut doubtful,
        } = reader.read(block, before);
        doubtful |= known;
        known = 0;
        while doubtful != 0 {
            let first = doubtful.trailing_zeros();
            let ends = line_end >> first;
            if ends == 0 {
                known = 1;
                break;
            }
            let end = first + ends.trailing_zeros();
            let lines = line_end & !(!0 << first);
            let place = at * BLOCK;
            let start = match lines {
                0 => place - before,
                _ => place + BLOCK - lines.leading_zeros() as usize,
            };
            let index = count + lines.count_ones() as usize;
            judge(text, start, place + end as usize, index, &mut wrong);
            doubtful &= !0 << end << 1;
        }
        before = match line_end {
            0 => before + BLOCK,
            _ => line_end.leading_zeros() as usize,
        };
        count += line_end.count_ones() as usize;
    }
    count
}

/// Octets behind a text that [`check_lines_by_blocks`] needs.
pub const PADDING: usize = BLOCK;

/// Hands the line over that ends before `end` unless it is a valid address.
#[inline(always)]
fn judge<'t>(
    text: &'t [u8],
    start: usize,
    end: usize,
    index: usize,
    wrong: &mut impl FnMut(usize, &'t [u8], Outcome),
) {
    let line = match part(text, start, end) {
        [line @ .., b'\r'] if end < text.len() => line,
        line => line,
    };
    let outcome = outcome(line);
    if outcome.code != 0 {
        wrong(index, line, outcome);
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
    /// Where its parts are. A domain with non-ASCII characters decides nothing until it is mapped and
    /// [`check_mapped_octets`] passed; a local part with any is to be normalized and counted.
    pub outline: Outline,
    /// Whether no mail to the domain arrives over the public Internet. Not looked at while the domain
    /// is not in its normalized form.
    pub reserved: bool,
    /// Whether [`suggest_into`](crate::suggest_into) has another domain to propose; likewise.
    pub suggestion: bool,
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
    let outline = invitable::scan(text, allow_non_ascii_local).map_err(|(kind, at)| Outcome {
        code: kind.code(),
        at,
    })?;
    let domain = part(text, outline.at + 1, outline.end);
    // what is said about a domain is said about its normalized form
    let normalized = !outline.upper && !outline.foreign;
    Ok(Accepted {
        outline,
        reserved: normalized && domain::is_reserved(domain::last_label(domain)),
        suggestion: normalized && suggestion::meant_domain(domain).is_some(),
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

    type Wrong = (usize, Vec<u8>, Outcome);

    /// How many lines there are, and which are wrong, found in both ways.
    fn wrong(text: &[u8]) -> (usize, Vec<Wrong>) {
        let (mut found, mut by_blocks) = (Vec::new(), Vec::new());
        let count = check_lines(text, |index, line, outcome| {
            found.push((index, line.to_vec(), outcome));
        });
        let mut octets = text.to_vec();
        octets.resize(text.len() + PADDING, b'@');
        let again = check_lines_by_blocks(&mut octets, text.len(), |index, line, outcome| {
            by_blocks.push((index, line.to_vec(), outcome));
        });
        assert_eq!((count, &found), (again, &by_blocks), "{text:?}");
        (count, found)
    }

    #[test]
    fn lines_end_with_lf_or_crlf() {
        let (count, found) = wrong(b"a@\r\n\nc\n\rx\r");
        let lines: Vec<_> = found
            .iter()
            .map(|(index, line, _)| (*index, &line[..]))
            .collect();
        assert_eq!(count, 4);
        assert_eq!(lines, [(0, &b"a@"[..]), (1, b""), (2, b"c"), (3, b"\rx\r")]);
        assert_eq!(wrong(b"").0, 0);
        assert_eq!(wrong(b"\n").0, 1);
        assert_eq!(wrong(b"a").0, 1);
        assert_eq!(wrong(b"a@b.co\r"), (1, Vec::new()));
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
    fn lines_are_told_the_same_way_wherever_a_block_ends() {
        let lines = [
            "a.b@c-d.example",
            "x",
            "é@b.co",
            "a.b@c..example",
            "longer.name@b.co\r",
            "",
        ];
        for len in 0..200 {
            let mut text = "u@b.co\n".repeat(len / 7);
            text.push_str(&"v".repeat(len % 7));
            for line in lines {
                let text = [&text, line, "\n", line, "\n", line].concat();
                let (count, _) = wrong(text.as_bytes());
                assert_eq!(count, len / 7 + 3 - usize::from(line.is_empty()));
            }
            // lines longer than a block
            let text = ["a".repeat(len).as_str(), "@b.co\nb@c.co\nb@c"].concat();
            let (count, found) = wrong(text.as_bytes());
            let long = usize::from(len == 0 || len > 64);
            assert_eq!((count, found.len()), (3, 1 + long));
        }
    }

    proptest! {
        /// One by one and all together, the answers are the same.
        #[test]
        fn a_pass_gives_what_single_checks_give(
            lines in prop::collection::vec("[aZ1._@ é-]{0,9}@?[aB1.é\u{202E}-]{0,70}(\\.com)?", 0..9),
        ) {
            let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            let (count, found) = wrong(text.as_bytes());
            prop_assert_eq!(count, lines.len());
            let mut found = found.into_iter();
            for (index, line) in lines.iter().enumerate() {
                let expected = match check_octets(line.as_bytes(), false) {
                    Ok(accepted) if accepted.outline.foreign => Outcome {
                        code: EmailErrorKind::DomainNeedsIdna.code(),
                        at: accepted.outline.at + 1,
                    },
                    Ok(_) => continue,
                    Err(error) => error,
                };
                prop_assert_eq!(found.next(), Some((index, line.as_bytes().to_vec(), expected)));
            }
            prop_assert_eq!(found.next(), None);
        }

        #[test]
        fn octets_of_any_kind_are_judged_alike(
            octets in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b'\r'), Just(b'@'), Just(b'.'), Just(b'a')], 0..200),
        ) {
            let (count, _) = wrong(&octets);
            prop_assert_eq!(count, octets.split_inclusive(|&o| o == b'\n').count());
        }

        #[test]
        fn lists_of_addresses_are_judged_alike(text in "([ab1.+]{1,3}@[ab1.]{1,4}\\.[ab1]{1,3}(\r?\n)?){0,20}") {
            wrong(text.as_bytes());
        }
    }
}
