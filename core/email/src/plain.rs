//! The fast path of a batch: addresses that are nothing special, told 64 octets at a time with a few
//! operations on bit masks.
//!
//! An address is *plain* when it is valid, at most 64 octets long, with nothing around it, a domain
//! in lower case without an A-label at the end, only letters, digits and `._+-'` before the `@`, and
//! no two of the signs `.@-` next to one another. Nearly all are. What is not plain is not wrong: the
//! full check decides.
//!
//! No line is looked at by itself. Each rule marks the octets that break it in all 64 at once, so
//! that a block without a mark is only a number of line ends to count. Sums and differences carry
//! over all that lies between two octets, as in simdjson.

/// Octets that are looked at in one go.
pub(crate) const BLOCK: usize = 64;

/// What the octets of a block are; one bit for each, the first the lowest.
struct Marks {
    /// A line feed.
    line_end: u64,
    /// `@`
    at: u64,
    /// `.`
    dot: u64,
    /// `.`, `@`, `-` and a line feed.
    sign: u64,
    /// `a` to `z`, and a carriage return in front of a line feed.
    letter: u64,
    /// What makes its line doubtful by itself.
    never: u64,
}

/// What is known of a block.
pub(crate) struct Block {
    /// The line feeds.
    pub(crate) line_end: u64,
    /// Something in every line that is not plain, or else its line end.
    pub(crate) doubtful: u64,
}

/// Reads a text block by block.
pub(crate) struct Reader {
    lanes: lanes::Lanes,
    /// Of the last block.
    dot: u64,
    sign: u64,
    /// 1 where the last block ended behind the `@` of a line.
    inside: u64,
    /// 1 where it ended with letters behind a dot.
    label: u64,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            lanes: lanes::Lanes::new(),
            dot: 0,
            // as if a line end stood before
            sign: 1 << 63,
            inside: 0,
            label: 0,
        }
    }

    /// Reads the next octets of the text, of which `before` belong to the line that is not at its end.
    #[inline(always)]
    pub(crate) fn read(&mut self, octets: &[u8; BLOCK], before: usize) -> Block {
        let Marks {
            line_end,
            at,
            dot,
            sign,
            letter,
            never,
        } = match self.lanes.common(octets) {
            Some(marks) => marks,
            None => any(octets, self.inside),
        };

        let inside = inside(line_end, at, self.inside);
        // The octets behind letters that follow a dot: a sum carries over them.
        let ends = letter.wrapping_add((dot << 1 | self.dot >> 63) & letter | self.label);

        let mut doubtful = never
            | (sign & (sign << 1 | self.sign >> 63))
            // a second `@` in the line, and a line without one
            | ((at ^ inside) & (at | line_end))
            // the last label has two letters or more and nothing else
            | (line_end & (!ends | dot << 2 | self.dot >> 62));
        if before + line_end.trailing_zeros() as usize > BLOCK {
            doubtful |= 1;
        }
        // What a line with several `@` leaves behind may be wrong; it is doubtful up to its end, where
        // both begin anew.
        self.inside = u64::from(at.wrapping_add(self.inside) > line_end);
        self.label = u64::from(ends < letter);
        self.dot = dot;
        self.sign = sign;
        Block { line_end, doubtful }
    }
}

/// What lies between each `@` and the next line end: a difference borrows as far.
#[inline(always)]
fn inside(line_end: u64, at: u64, before: u64) -> u64 {
    line_end.wrapping_sub(at).wrapping_sub(before)
}

/// The marks of any block.
#[cold]
#[inline(never)]
fn any(octets: &[u8; BLOCK], before: u64) -> Marks {
    let within = |first, count| lanes::within(octets, first, count);
    let is = |octet| within(octet, 1);
    let (line_end, at, dot) = (is(b'\n'), is(b'@'), is(b'.'));
    let sign = line_end | at | dot | is(b'-');
    let letter = within(b'a', 26);
    let returns = is(b'\r');
    // what may stand in a local part only
    let local = within(b'A', 26) | is(b'_') | is(b'+') | is(b'\'');
    let known = sign | letter | within(b'0', 10) | returns | local;
    // a return is no part of a label and the line ends behind it; what other blocks have to say about
    // that is not known here
    let edges = 1 << 63 | 0b11;
    let never = !known
        | (local & inside(line_end, at, before))
        | (returns & (edges | dot << 2 | !(line_end >> 1)));
    Marks {
        line_end,
        at,
        dot,
        sign,
        letter: letter | returns,
        never,
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{
        i8x16_lt, i8x16_splat, u8x16, u8x16_all_true, u8x16_bitmask, u8x16_min, u8x16_splat,
        u8x16_sub, u8x16_swizzle, u16x8_shl, u16x8_shr, v128, v128_and,
    };

    use super::{BLOCK, Marks};

    /// What all blocks are looked at with.
    #[derive(Clone, Copy)]
    pub(super) struct Lanes {
        /// Classes as bits, by the lower half of an octet and by the upper one; an octet is of those
        /// that both have.
        lower: v128,
        upper: v128,
        /// The lower half of each octet.
        half: v128,
        /// The bits of the classes that have a name.
        known: v128,
    }

    /// Lower halves, as bits, and upper ones of each class. The first two are right only about octets
    /// that are of one of the others.
    const CLASSES: [(u16, u16); 8] = [
        // line feed, `@`, `.`, `-`
        (0xFFFF, 1 << 0 | 1 << 2 | 1 << 4),
        // `@`, `-` and digits
        (0x23FF, 1 << 2 | 1 << 3 | 1 << 4),
        // line feed
        (1 << 0xA, 1 << 0),
        // `@`
        (1 << 0x0, 1 << 4),
        // digits
        (0x03FF, 1 << 3),
        // letters
        (0xFFFE, 1 << 6),
        (0x07FF, 1 << 7),
        // `.` and `-`
        (1 << 0xD | 1 << 0xE, 1 << 2),
    ];
    /// The bits of the others.
    const KNOWN: u8 = !3;

    #[inline(always)]
    const fn vector(octets: [u8; 16]) -> v128 {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = octets;
        u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    }

    const LANES: Lanes = {
        let (mut lower, mut upper) = ([0; 16], [0; 16]);
        let mut at = 0;
        while at < 8 * 16 {
            let (class, half) = (at / 16, at % 16);
            lower[half] |= ((CLASSES[class].0 >> half & 1) as u8) << class;
            upper[half] |= ((CLASSES[class].1 >> half & 1) as u8) << class;
            at += 1;
        }
        Lanes {
            lower: vector(lower),
            upper: vector(upper),
            half: vector([0x0F; 16]),
            known: vector([KNOWN; 16]),
        }
    };

    #[inline(always)]
    fn load(octets: &[u8; BLOCK]) -> [v128; 4] {
        let (sixteens, _) = octets.as_chunks::<16>();
        // reads as one load each
        match *sixteens {
            [a, b, c, d] => [vector(a), vector(b), vector(c), vector(d)],
            _ => [u8x16_splat(0); 4],
        }
    }

    /// The highest bit of each of 64 lanes.
    #[inline(always)]
    fn bits([a, b, c, d]: [v128; 4]) -> u64 {
        let bits = |lanes| u64::from(u8x16_bitmask(lanes));
        (bits(a) | bits(b) << 16) | (bits(c) | bits(d) << 16) << 32
    }

    impl Lanes {
        /// Engines make a constant anew wherever it is used, in several steps; these are no constants
        /// to the compiler.
        pub(super) fn new() -> Self {
            core::hint::black_box(LANES)
        }

        #[inline(always)]
        fn classes(&self, octets: v128) -> v128 {
            v128_and(
                u8x16_swizzle(self.lower, v128_and(octets, self.half)),
                u8x16_swizzle(self.upper, v128_and(u16x8_shr(octets, 4), self.half)),
            )
        }

        /// The marks of a block with nothing else but letters in lower case, digits, `.@-` and line
        /// feeds.
        #[inline(always)]
        pub(super) fn common(&self, octets: &[u8; BLOCK]) -> Option<Marks> {
            let [a, b, c, d] = load(octets).map(|octets| self.classes(octets));
            let least = u8x16_min(u8x16_min(a, b), u8x16_min(c, d));
            u8x16_all_true(v128_and(least, self.known)).then(|| marks([a, b, c, d]))
        }
    }

    /// The marks of a block by the classes of its octets.
    #[inline(always)]
    fn marks([a, b, c, d]: [v128; 4]) -> Marks {
        // vectors have no shift for octets; what comes from the octet below is no highest bit
        let sign = bits([
            u16x8_shl(a, 7),
            u16x8_shl(b, 7),
            u16x8_shl(c, 7),
            u16x8_shl(d, 7),
        ]);
        let other = bits([
            u16x8_shl(a, 6),
            u16x8_shl(b, 6),
            u16x8_shl(c, 6),
            u16x8_shl(d, 6),
        ]);
        let inner = bits([a, b, c, d]);
        let hyphen = inner & other;
        let at = sign & other ^ hyphen;
        Marks {
            line_end: sign ^ inner ^ at,
            at,
            dot: inner ^ hyphen,
            sign,
            letter: !(sign | other),
            never: 0,
        }
    }

    /// Where one of `count` octets from `first` on stands.
    #[inline(never)]
    pub(super) fn within(octets: &[u8; BLOCK], first: u8, count: u8) -> u64 {
        let [a, b, c, d] = load(octets);
        // processors compare signed numbers at once
        let first = u8x16_splat(first.wrapping_add(128));
        let count = i8x16_splat(count.wrapping_add(128) as i8);
        let found = |lanes| i8x16_lt(u8x16_sub(lanes, first), count);
        bits([found(a), found(b), found(c), found(d)])
    }
}

/// The same one octet after the other, to test the marks where there are no vectors.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use super::{BLOCK, Marks};

    pub(super) struct Lanes;

    impl Lanes {
        pub(super) fn new() -> Self {
            Self
        }

        pub(super) fn common(&self, octets: &[u8; BLOCK]) -> Option<Marks> {
            let is_common = |o| matches!(o, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'@' | b'-' | b'\n');
            let common = octets.iter().copied().all(is_common);
            common.then(|| super::any(octets, 0))
        }
    }

    pub(super) fn within(octets: &[u8; BLOCK], first: u8, count: u8) -> u64 {
        let bit = |bits, octet: &u8| bits << 1 | u64::from(octet.wrapping_sub(first) < count);
        octets.iter().rev().fold(0, bit)
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use proptest::prelude::*;

    use super::*;
    use crate::invitable;

    /// Whether nothing in the lines of a text is doubtful. The last one has its line end.
    fn plain(text: &[u8]) -> bool {
        let mut reader = Reader::new();
        let (mut doubtful, mut before) = (0, 0);
        for block in text.chunks(BLOCK) {
            let mut octets = [b'\n'; BLOCK];
            octets[..block.len()].copy_from_slice(block);
            let given = !0 >> (BLOCK - block.len());
            let block = reader.read(&octets, before);
            doubtful |= block.doubtful & given;
            before = match block.line_end {
                0 => before + BLOCK,
                line_end => line_end.leading_zeros() as usize,
            };
        }
        doubtful == 0
    }

    /// The line behind as much as lets it start at any place in a block.
    fn plain_anywhere(line: &str) -> bool {
        let alone = plain(line.as_bytes());
        // lines of more than 64 octets before it are doubtful themselves
        for place in 0..BLOCK {
            let before = match place {
                0..7 => "b@c.co\n".repeat(place),
                _ => format!("{}@b.co\n", "a".repeat(place - 6)),
            };
            let text = format!("{before}{line}");
            // a return at the edge of a block is left to the full check
            let edge = |at: usize| matches!(at % BLOCK, 0 | 1 | 63);
            let at_edge = text.match_indices('\r').any(|(at, _)| edge(at));
            let expected = alone && !at_edge;
            assert_eq!(plain(text.as_bytes()), expected, "{line:?} behind {place}");
        }
        alone
    }

    #[test]
    fn nearly_all_addresses_are_plain() {
        for text in ["a@b.co", "a.b-c_d+e'F@g-h.i1.museum", "1@2.xyz"] {
            for line in [format!("{text}\n"), format!("{text}\r\n")] {
                assert!(plain_anywhere(&line), "{line:?}");
            }
        }
        for len in 50..130 {
            let text = format!("{}@{}.com\n", "a".repeat(len - 13), "b".repeat(8));
            assert_eq!(plain_anywhere(&text), len <= 64, "{len}");
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
            "a.b@co",
            "a@b,co",
            "a b@c.co",
            "a@B.co",
            "a@b.cO",
            "a!@b.co",
            "a@b_c.co",
            "a@b.xn--p1ai",
            "a@b.co ",
            "-@-.co",
            "é@b.co",
            "a@b.cé",
            "a\r@b.co",
            "a@\rb.co",
            "a@b.\rco",
            "\r",
            "a@b.co\r\r",
        ] {
            assert!(!plain_anywhere(&format!("{text}\n")), "{text}");
            assert!(!plain_anywhere(&format!("{text}\r\n")), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_full_check_agrees(text in "[aB1._+@ -]{0,12}@[aB1.@-]{0,12}\\.[az1-]{0,4}") {
            let outline = invitable::scan(text.as_bytes(), false);
            if plain(format!("{text}\n").as_bytes()) {
                let outline = outline.expect("plain is valid");
                prop_assert_eq!((outline.start, outline.end), (0, text.len()));
                prop_assert!(!outline.upper && !outline.foreign);
            } else if let Ok(outline) = outline {
                // what is valid and not plain has a reason
                let signs = text.contains("--") || text.contains("-.") || text.contains(".-");
                let edges = text.starts_with('-') || text.contains("-@");
                let trimmed = outline.end - outline.start < text.len();
                prop_assert!(outline.upper || trimmed || signs || edges, "{}", text);
            }
        }
    }
}
