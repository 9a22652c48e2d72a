//! The fast path: addresses that are nothing special, told with a few operations on bit masks.
//!
//! An address is *plain* when it is valid, at most 63 octets long, with nothing around it, a domain
//! in lower case without an A-label at the end, and only letters, digits and `._+-'` before the
//! `@`. Nearly all are. What is not plain is not wrong: the full check decides.

/// Octets that are classified at a time.
pub const BLOCK: usize = 64;

/// For each octet of a block one bit, the first octet the lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Marks {
    /// `@`
    at: u64,
    /// `.`
    dot: u64,
    /// `-`
    hyphen: u64,
    /// A line feed.
    line_end: u64,
    /// `a` to `z`
    lower: u64,
    /// What may stand in a label: `a` to `z`, digits, hyphen.
    label: u64,
    /// What may stand in a local part besides the dot.
    local: u64,
}

impl Marks {
    /// Classifies a block; the second half only if no line ends in the first.
    #[inline(always)]
    fn of_line(block: &[u8; BLOCK]) -> Self {
        let mut marks = Self::default();
        marks.add::<0>(block);
        marks.add::<1>(block);
        if marks.line_end == 0 {
            marks.add::<2>(block);
            marks.add::<3>(block);
        }
        marks
    }

    #[inline(always)]
    fn add<const SIXTEENTH: usize>(&mut self, block: &[u8; BLOCK]) {
        let (sixteens, _) = block.as_chunks::<16>();
        let Some(sixteen) = sixteens.get(SIXTEENTH).map(lanes::classify) else {
            return;
        };
        let shift = 16 * SIXTEENTH;
        let put = |mask: &mut u64, bits: u16| *mask |= u64::from(bits) << shift;
        put(&mut self.at, sixteen.at);
        put(&mut self.dot, sixteen.dot);
        put(&mut self.hyphen, sixteen.hyphen);
        put(&mut self.line_end, sixteen.line_end);
        put(&mut self.lower, sixteen.lower);
        put(&mut self.label, sixteen.label);
        put(&mut self.local, sixteen.local);
    }

    /// Whether the first `len` octets, at most 63, are a plain address: where its `@` is, the first
    /// dot behind it, and the last.
    #[inline(always)]
    fn plain(&self, len: usize) -> Option<[u32; 3]> {
        let all = (1_u64 << len) - 1;
        let at = self.at & all;
        // exactly one, and something on both sides follows from the dots and labels below
        if at == 0 || at & (at - 1) != 0 {
            return None;
        }
        let before = at - 1;
        let after = all & !before & !at;
        let allowed = (self.local & before) | (self.label & after) | self.dot | at;
        // no dot or `@` first, last, or next to another
        let signs = (self.dot & all) | at;
        let ends = 1 | 1_u64 << len >> 1;
        let beside = signs & (signs << 1 | ends);
        // no hyphen first or last in a label
        let hyphens = self.hyphen & after;
        let edges = (hyphens & signs << 1) | ((hyphens << 1) & (signs | 1_u64 << len));
        // two letters or more behind the last dot, and nothing else
        let dots = self.dot & after;
        if dots == 0 || all & !allowed != 0 || beside | edges != 0 {
            return None;
        }
        let last = 63 - dots.leading_zeros() as usize;
        let ending = all & !((2_u64 << last) - 1);
        if ending & !self.lower != 0 || len - last < 3 || at > 1_u64 << 63 {
            return None;
        }
        Some([
            at.trailing_zeros(),
            dots.trailing_zeros(),
            63 - dots.leading_zeros(),
        ])
    }
}

/// Looks at the line which starts a block.
///
/// Gives 0 when it does not end there.
#[inline(always)]
pub fn plain_line(block: &[u8; BLOCK]) -> Line {
    let marks = Marks::of_line(block);
    if marks.line_end == 0 {
        return Line(0);
    }
    let end = marks.line_end.trailing_zeros();
    let returned = end > 0 && block.get(end as usize - 1) == Some(&b'\r');
    let len = end - u32::from(returned);
    let places = marks.plain(len as usize).map_or(0, |[at, first, last]| {
        (at + 1) | (first << 6) | (last << 12)
    });
    Line((end + 1) | (u32::from(returned) << 7) | (places << 8))
}

/// What [`plain_line`] found, packed: a number goes through a call in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line(u32);

impl Line {
    /// A line of which nothing is known.
    pub const UNKNOWN: Self = Self(0);

    /// Its octets without the line end, and with it; nothing when it does not end in the block.
    #[inline(always)]
    pub fn ends(self) -> Option<(usize, usize)> {
        let end = self.0 & 127;
        (end > 0).then(|| ((end - 1 - (self.0 >> 7 & 1)) as usize, end as usize))
    }

    /// Where its `@` is, the first dot behind it, and the last; nothing when it is not plain.
    #[inline(always)]
    pub fn plain(self) -> Option<[usize; 3]> {
        let places = self.0 >> 8;
        (places > 0).then(|| {
            [
                (places & 63) as usize - 1,
                (places >> 6 & 63) as usize,
                (places >> 12) as usize,
            ]
        })
    }
}

/// The classes of sixteen octets.
struct Sixteen {
    at: u16,
    dot: u16,
    hyphen: u16,
    line_end: u16,
    lower: u16,
    label: u16,
    local: u16,
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{
        u8x16, u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u8x16_sub, v128, v128_or,
    };

    use super::Sixteen;

    #[inline(always)]
    pub(crate) fn classify(octets: &[u8; 16]) -> Sixteen {
        // reads as one load
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *octets;
        let all = u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
        let is = |octet: u8| u8x16_eq(all, u8x16_splat(octet));
        let within = |first: u8, count: u8| -> v128 {
            u8x16_lt(u8x16_sub(all, u8x16_splat(first)), u8x16_splat(count))
        };
        let (hyphen, lower) = (is(b'-'), within(b'a', 26));
        let label = v128_or(v128_or(lower, within(b'0', 10)), hyphen);
        let signs = v128_or(v128_or(is(b'_'), is(b'+')), is(b'\''));
        let local = v128_or(v128_or(label, within(b'A', 26)), signs);
        Sixteen {
            at: u8x16_bitmask(is(b'@')),
            dot: u8x16_bitmask(is(b'.')),
            hyphen: u8x16_bitmask(hyphen),
            line_end: u8x16_bitmask(is(b'\n')),
            lower: u8x16_bitmask(lower),
            label: u8x16_bitmask(label),
            local: u8x16_bitmask(local),
        }
    }
}

/// The same one octet after the other: for targets without vectors, and to test the masks.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use super::Sixteen;

    pub(crate) fn classify(octets: &[u8; 16]) -> Sixteen {
        let bits = |class: fn(u8) -> bool| {
            octets
                .iter()
                .rev()
                .fold(0, |bits, &octet| bits << 1 | u16::from(class(octet)))
        };
        let label: fn(u8) -> bool = |o| o.is_ascii_lowercase() || o.is_ascii_digit() || o == b'-';
        Sixteen {
            at: bits(|o| o == b'@'),
            dot: bits(|o| o == b'.'),
            hyphen: bits(|o| o == b'-'),
            line_end: bits(|o| o == b'\n'),
            lower: bits(|o| o.is_ascii_lowercase()),
            label: bits(label),
            local: bits(|o| o.is_ascii_alphanumeric() || b"-_+'".contains(&o)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use proptest::prelude::*;

    use super::*;
    use crate::invitable;

    fn block(text: &[u8]) -> [u8; BLOCK] {
        let mut block = [b'\n'; BLOCK];
        block[..text.len()].copy_from_slice(text);
        block
    }

    fn plain(text: &str) -> Option<usize> {
        let block = block(text.as_bytes());
        let line = plain_line(&block);
        assert_eq!(line.ends(), Some((text.len(), text.len() + 1)));
        line.plain().map(|[at, first, last]| {
            assert_eq!(text[at..].find('.'), Some(first - at));
            assert_eq!(text.rfind('.'), Some(last));
            at
        })
    }

    #[test]
    fn nearly_all_addresses_are_plain() {
        for text in ["a@b.co", "a.b-c_d+e'f@g-h.i1.museum", "1@2.xyz"] {
            assert_eq!(plain(text), text.find('@'), "{text}");
        }
        let longest = format!("{}@{}.com", "a".repeat(50), "b".repeat(8));
        assert_eq!((longest.len(), plain(&longest)), (63, Some(50)));
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
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_full_check_agrees(text in "[aB1._+@ -]{0,12}@[aB1.@-]{0,12}\\.[az1-]{0,4}") {
            if let Some(at) = plain(&text) {
                let outline = invitable::scan(text.as_bytes(), false).expect("plain is valid");
                prop_assert_eq!((outline.start, outline.at, outline.end), (0, at, text.len()));
                prop_assert!(!outline.upper && !outline.foreign);
            } else if let Ok(outline) = invitable::scan(text.as_bytes(), false) {
                // what is valid and not plain has a reason
                let domain = &text[outline.at + 1..outline.end];
                let reason = outline.upper || outline.end - outline.start < text.len();
                prop_assert!(reason || domain.contains("xn--"), "{}", text);
            }
        }

        #[test]
        fn octets_of_any_kind_do_no_harm(octets in prop::collection::vec(any::<u8>(), 0..63)) {
            let line = plain_line(&block(&octets));
            if let (Some((len, _)), Some(_)) = (line.ends(), line.plain()) {
                prop_assert!(invitable::scan(&octets[..len], false).is_ok());
            }
        }
    }
}
