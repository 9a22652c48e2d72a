//! The fast path of a batch: addresses that are nothing special, told with a few operations on bit
//! masks.
//!
//! An address is *plain* when it is valid, at most 56 octets long, with nothing around it, a domain
//! in lower case without an A-label at the end, only letters, digits and `._+-'` before the `@`, and
//! no two of the signs `.@-` next to one another. Nearly all are. What is not plain is not wrong: the
//! full check decides.

use crate::chars::part;

/// Octets that are classified in one go.
const CHUNK: usize = 4096;
/// Octets of the longest line that is looked at: of 64 bits read at an octet so many are left behind
/// the first.
const LONGEST: usize = 56;

/// One bit for each octet of a chunk, the first the lowest; then one line end more, and room to read
/// 64 bits behind it.
type Bits = [[u8; 2]; CHUNK / 16 + 5];

/// What the octets of a chunk are.
pub(crate) struct Marks {
    /// How many there are.
    len: usize,
    /// A line feed.
    line_end: Bits,
    /// `@`
    at: Bits,
    /// All but `a` to `z`.
    no_letter: Bits,
    /// What may stand in a local part and not in a plain domain: `A` to `Z` and `_+'`.
    local_only: Bits,
    /// What is never plain, and the second of two signs next to one another.
    never: Bits,
}

/// What is known of a line.
pub(crate) enum Line {
    /// It has so many octets, its line end so many, and it is a valid address or may be one.
    Ends(usize, usize, bool),
    /// Nothing: it is too long.
    Long,
    /// Nothing, but more can be told when the chunk starts with it.
    Cut,
}

impl Marks {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        let none = [[0; 2]; _];
        Self {
            len: 0,
            line_end: none,
            at: none,
            no_letter: none,
            local_only: none,
            never: none,
        }
    }

    /// How many octets were read.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Classifies the beginning of a text, which is the beginning of a line.
    #[inline(always)]
    pub(crate) fn read(&mut self, text: &[u8]) {
        let chunk = part(text, 0, text.len().min(CHUNK));
        self.len = chunk.len();
        let (sixteens, rest) = chunk.as_chunks::<16>();
        // the last line ends with the text, but not with the chunk
        let end = if chunk.len() == text.len() { b'\n' } else { 0 };
        let mut last = [end; 16];
        for (octet, given) in last.iter_mut().zip(rest) {
            *octet = *given;
        }
        // as if a line end stood before
        let mut sign_before = 1;
        let places = self.line_end.iter_mut().zip(&mut self.at);
        let places = places.zip(&mut self.no_letter).zip(&mut self.local_only);
        let places = places.zip(&mut self.never);
        for (sixteen, places) in sixteens.iter().chain([&last]).zip(places) {
            let it = lanes::classify(sixteen);
            let sign = u32::from(it.sign);
            let beside = sign & (sign << 1 | sign_before);
            sign_before = sign >> 15;
            let ((((line_end, at), no_letter), local_only), never) = places;
            *line_end = it.line_end.to_le_bytes();
            *at = it.at.to_le_bytes();
            *no_letter = it.no_letter.to_le_bytes();
            *local_only = it.local_only.to_le_bytes();
            *never = (it.never | beside as u16).to_le_bytes();
        }
    }

    /// Looks at the line which starts at `start`. `text` is what was read.
    #[inline(always)]
    pub(crate) fn line(&self, text: &[u8], start: usize) -> Line {
        let bits = |bits: &Bits| -> u64 {
            let octets = bits.as_flattened().get(start / 8..);
            match octets.and_then(|octets| octets.first_chunk()) {
                Some(octets) => u64::from_le_bytes(*octets) >> (start % 8),
                None => 0,
            }
        };
        let len = bits(&self.line_end).trailing_zeros() as usize;
        if len > LONGEST {
            return match start > 0 && start + LONGEST >= self.len {
                true => Line::Cut,
                false => Line::Long,
            };
        }
        let octet = |place: usize| text.get(start + place).copied().unwrap_or(0);
        // where the text ends there is no line end, and what stands there belongs to the line
        let ended = start + len < self.len;
        let returned = usize::from(ended && len > 0 && octet(len - 1) == b'\r');
        let address = len - returned;
        let all = (1_u64 << address) - 1;
        let at = bits(&self.at) & all;
        let before = at.wrapping_sub(1);
        let wrong = (bits(&self.never) | (bits(&self.local_only) & !before)) & all;
        // one `@`; then a dot, two letters or more and nothing else
        let last = 63 - (bits(&self.no_letter) & all | 1).leading_zeros() as usize;
        let ends = octet(last) == b'.' && address > last + 2;
        let plain = at != 0 && at & before == 0 && wrong == 0 && ends;
        Line::Ends(address, returned + 1, plain)
    }
}

/// The classes of sixteen octets.
struct Sixteen {
    line_end: u16,
    at: u16,
    no_letter: u16,
    local_only: u16,
    /// `.`, `@`, `-` and a line feed.
    sign: u16,
    never: u16,
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{
        i8x16_lt, i8x16_splat, u8x16, u8x16_bitmask, u8x16_eq, u8x16_splat, u8x16_sub, v128,
        v128_or,
    };

    use super::Sixteen;

    /// Vectors are only compared and joined, and the rest is left to numbers: the compiler would
    /// widen other operations by shifts, which processors do not have for octets.
    #[inline(always)]
    pub(super) fn classify(octets: &[u8; 16]) -> Sixteen {
        // reads as one load
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *octets;
        let all = u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
        let is = |octet: u8| u8x16_eq(all, u8x16_splat(octet));
        // processors compare signed numbers at once
        let within = |first: u8, count: u8, of: v128| -> v128 {
            let moved = u8x16_sub(of, u8x16_splat(first.wrapping_add(128)));
            i8x16_lt(moved, i8x16_splat(count.wrapping_add(128) as i8))
        };
        let (at, line_end) = (is(b'@'), is(b'\n'));
        let sign = v128_or(v128_or(at, line_end), v128_or(is(b'.'), is(b'-')));
        let any_letter = within(b'a', 26, v128_or(all, u8x16_splat(0x20)));
        let marks = v128_or(v128_or(is(b'_'), is(b'+')), is(b'\''));
        let word = v128_or(any_letter, marks);
        let allowed = v128_or(v128_or(sign, within(b'0', 10, all)), word);
        let no_letter = !u8x16_bitmask(within(b'a', 26, all));
        Sixteen {
            line_end: u8x16_bitmask(line_end),
            at: u8x16_bitmask(at),
            no_letter,
            local_only: u8x16_bitmask(word) & no_letter,
            sign: u8x16_bitmask(sign),
            never: !u8x16_bitmask(allowed),
        }
    }
}

/// The same one octet after the other, to test the masks where there are no vectors.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use super::Sixteen;

    pub(super) fn classify(octets: &[u8; 16]) -> Sixteen {
        let bits = |class: fn(u8) -> bool| {
            let bit = |bits, octet: &u8| bits << 1 | u16::from(class(*octet));
            octets.iter().rev().fold(0, bit)
        };
        Sixteen {
            line_end: bits(|o| o == b'\n'),
            at: bits(|o| o == b'@'),
            no_letter: bits(|o| !o.is_ascii_lowercase()),
            local_only: bits(|o| o.is_ascii_uppercase() || b"_+'".contains(&o)),
            sign: bits(|o| b".@-\n".contains(&o)),
            never: bits(|o| !o.is_ascii_alphanumeric() && !b".@-\n_+'".contains(&o)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use proptest::prelude::*;

    use super::*;
    use crate::invitable;

    fn plain(text: &[u8]) -> Option<(usize, usize)> {
        let mut marks = Marks::new();
        marks.read(text);
        match marks.line(text, 0) {
            Line::Ends(len, end, plain) => plain.then_some((len, end)),
            Line::Long => None,
            Line::Cut => panic!("cut at the start"),
        }
    }

    #[test]
    fn nearly_all_addresses_are_plain() {
        for text in ["a@b.co", "a.b-c_d+e'F@g-h.i1.museum", "1@2.xyz"] {
            for (end, len) in [("", 1), ("\n", 1), ("\r\n", 2), ("\nx", 1)] {
                let line = format!("{text}{end}");
                assert_eq!(plain(line.as_bytes()), Some((text.len(), len)), "{line:?}");
            }
        }
        for len in 50..60 {
            let text = format!("{}@{}.com", "a".repeat(len - 13), "b".repeat(8));
            let longest = (len <= LONGEST).then_some((len, 1));
            assert_eq!((text.len(), plain(text.as_bytes())), (len, longest));
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_full_check() {
        for text in [
            "",
            "@",
            "a",
            "a@b",
            "@b.co",
            "a@",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "a@.b.co",
            "a@b..co",
            "a@b.co.",
            "a@-b.co",
            "a@b-.co",
            "a@b.-co",
            "a@b.co-",
            "a@b.c",
            "a@b.c1",
            "a@b@c.co",
            "a.b@c@d",
            "a@b,co",
            "a b@c.co",
            "a@B.co",
            "a!@b.co",
            "a@b_c.co",
            "a@b.xn--p1ai",
            "a@b.co ",
            "-@-.co",
            "é@b.co",
            "a@b.cé",
            "a\r@b.co",
            "\r",
            "a@b.co\r\r",
        ] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
            assert_eq!(plain(format!("{text}\r\n").as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_full_check_agrees(text in "[aB1._+@ -]{0,12}@[aB1.@-]{0,12}\\.[az1-]{0,4}") {
            let outline = invitable::scan(text.as_bytes(), false);
            if let Some((len, _)) = plain(text.as_bytes()) {
                let outline = outline.expect("plain is valid");
                prop_assert_eq!((outline.start, outline.end), (0, len));
                prop_assert!(!outline.upper && !outline.foreign);
            } else if let Ok(outline) = outline {
                // what is valid and not plain has a reason
                let signs = text.contains("--") || text.contains("-.") || text.contains(".-");
                let edges = text.starts_with('-') || text.contains("-@");
                let trimmed = outline.end - outline.start < text.len();
                prop_assert!(outline.upper || trimmed || signs || edges, "{}", text);
            }
        }

        #[test]
        fn octets_of_any_kind_do_no_harm(octets in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some((len, _)) = plain(&octets) {
                prop_assert!(invitable::scan(&octets[..len], false).is_ok());
            }
        }
    }
}
