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
#[derive(Clone, Copy)]
struct Marks {
    /// A line feed.
    line_end: u64,
    /// `@`
    at: u64,
    /// `.`
    dot: u64,
    /// `.`, `@`, `-` and a line feed.
    sign: u64,
    /// `a` to `z`
    letter: u64,
    /// Whether there is anything else but digits.
    others: bool,
}

/// What else there is in a block; few have any.
#[derive(Clone, Copy, Default)]
struct Others {
    /// A carriage return.
    returns: u64,
    /// What may stand in a local part only: `A` to `Z` and `_+'`.
    local: u64,
    /// What is never plain.
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
    /// Of the last block.
    dot: u64,
    sign: u64,
    returns: u64,
    /// Whether the last block ended behind the `@` of a line.
    inside: bool,
    /// Whether it ended with letters behind a dot.
    label: bool,
    /// Octets of the line with which it ended.
    line: u32,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self {
            dot: 0,
            // as if a line end stood before
            sign: 1 << 63,
            returns: 0,
            inside: false,
            label: false,
            line: 0,
        }
    }

    /// Reads the next octets of the text.
    #[inline(always)]
    pub(crate) fn read(&mut self, octets: &[u8; BLOCK]) -> Block {
        let Marks {
            line_end,
            at,
            dot,
            sign,
            letter,
            others,
        } = lanes::classify(octets);
        let Others {
            returns,
            local,
            never,
        } = match others {
            true => lanes::others(octets),
            false => Others::default(),
        };
        let carriage = returns << 1 | self.returns >> 63;

        // From each `@` up to the next line end: a difference borrows as far.
        let (inside, borrowed) = line_end.overflowing_sub(at);
        let (inside, again) = inside.overflowing_sub(u64::from(self.inside));
        // The octets behind letters that follow a dot: a sum carries as far.
        let run = letter | returns;
        let (ends, carried) = run.overflowing_add((dot << 1 | self.dot >> 63) & letter);
        let (ends, over) = ends.overflowing_add(u64::from(self.label));
        let ends = ends & !run;

        let mut doubtful = never
            | (sign & (sign << 1 | self.sign >> 63))
            // a second `@` in the line, and a line without one
            | (at & !inside)
            | (line_end & inside)
            | (local & inside)
            // the last label has two letters or more and nothing else
            | (line_end & !ends)
            | ((dot << 2 | self.dot >> 62) & (line_end | returns))
            | (carriage & !line_end);
        let first = line_end.trailing_zeros();
        if self.line + first > BLOCK as u32 {
            doubtful |= 1;
        }
        self.line = match line_end {
            0 => (self.line + first).min(2 * BLOCK as u32),
            _ => line_end.leading_zeros(),
        };
        self.dot = dot;
        self.sign = sign;
        self.returns = returns;
        self.inside = borrowed | again;
        self.label = carried | over;
        Block { line_end, doubtful }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{
        i8x16_lt, i8x16_splat, u8x16, u8x16_all_true, u8x16_bitmask, u8x16_eq, u8x16_splat,
        u8x16_sub, v128, v128_and, v128_or,
    };

    use super::{BLOCK, Marks, Others};

    #[inline(always)]
    fn load(octets: &[u8; BLOCK]) -> [v128; 4] {
        let (sixteens, _) = octets.as_chunks::<16>();
        core::array::from_fn(|i| {
            // reads as one load
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] =
                sixteens.get(i).copied().unwrap_or_default();
            u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
        })
    }

    /// One bit for each of 64 lanes.
    #[inline(always)]
    fn bits(lanes: [v128; 4]) -> u64 {
        let [a, b, c, d] = lanes.map(|lanes| u64::from(u8x16_bitmask(lanes)));
        (a | b << 16) | (c | d << 16) << 32
    }

    #[inline(always)]
    fn is(lanes: v128, octet: u8) -> v128 {
        u8x16_eq(lanes, u8x16_splat(octet))
    }

    /// Processors compare signed numbers at once.
    #[inline(always)]
    fn within(lanes: v128, first: u8, count: u8) -> v128 {
        let moved = u8x16_sub(lanes, u8x16_splat(first.wrapping_add(128)));
        i8x16_lt(moved, i8x16_splat(count.wrapping_add(128) as i8))
    }

    #[inline(always)]
    fn or(a: [v128; 4], b: [v128; 4]) -> [v128; 4] {
        core::array::from_fn(|i| v128_or(a[i], b[i]))
    }

    /// Vectors are only compared and joined, and the rest is left to numbers: the compiler would
    /// widen other operations by shifts, which processors do not have for octets.
    #[inline(always)]
    pub(super) fn classify(octets: &[u8; BLOCK]) -> Marks {
        let all = load(octets);
        let line_end = all.map(|it| is(it, b'\n'));
        let at = all.map(|it| is(it, b'@'));
        let dot = all.map(|it| is(it, b'.'));
        let sign = or(or(line_end, at), or(dot, all.map(|it| is(it, b'-'))));
        let letter = all.map(|it| within(it, b'a', 26));
        let digit = all.map(|it| within(it, b'0', 10));
        let [a, b, c, d] = or(or(letter, digit), sign);
        Marks {
            line_end: bits(line_end),
            at: bits(at),
            dot: bits(dot),
            sign: bits(sign),
            letter: bits(letter),
            others: !u8x16_all_true(v128_and(v128_and(a, b), v128_and(c, d))),
        }
    }

    #[inline(always)]
    pub(super) fn others(octets: &[u8; BLOCK]) -> Others {
        let all = load(octets);
        let line_end = all.map(|it| is(it, b'\n'));
        let returns = all.map(|it| is(it, b'\r'));
        let inside = all.map(|it| v128_or(is(it, b'-'), is(it, b'.')));
        let at = all.map(|it| is(it, b'@'));
        let marks = all.map(|it| v128_or(v128_or(is(it, b'_'), is(it, b'+')), is(it, b'\'')));
        let local = or(marks, all.map(|it| within(it, b'A', 26)));
        let lower = all.map(|it| v128_or(within(it, b'a', 26), within(it, b'0', 10)));
        let known = or(or(or(line_end, returns), or(inside, at)), or(local, lower));
        Others {
            returns: bits(returns),
            local: bits(local),
            never: !bits(known),
        }
    }
}

/// The same one octet after the other, to test the marks where there are no vectors.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use super::{BLOCK, Marks, Others};

    fn bits(octets: &[u8; BLOCK], class: fn(u8) -> bool) -> u64 {
        let bit = |bits, octet: &u8| bits << 1 | u64::from(class(*octet));
        octets.iter().rev().fold(0, bit)
    }

    fn is_common(octet: u8) -> bool {
        matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'@' | b'-' | b'\n')
    }

    fn is_local(octet: u8) -> bool {
        matches!(octet, b'A'..=b'Z' | b'_' | b'+' | b'\'')
    }

    pub(super) fn classify(octets: &[u8; BLOCK]) -> Marks {
        Marks {
            line_end: bits(octets, |o| o == b'\n'),
            at: bits(octets, |o| o == b'@'),
            dot: bits(octets, |o| o == b'.'),
            sign: bits(octets, |o| b".@-\n".contains(&o)),
            letter: bits(octets, |o| o.is_ascii_lowercase()),
            others: !octets.iter().copied().all(is_common),
        }
    }

    pub(super) fn others(octets: &[u8; BLOCK]) -> Others {
        Others {
            returns: bits(octets, |o| o == b'\r'),
            local: bits(octets, is_local),
            never: bits(octets, |o| !is_common(o) && !is_local(o) && o != b'\r'),
        }
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
        let mut doubtful = 0;
        for block in text.chunks(BLOCK) {
            let mut octets = [b'\n'; BLOCK];
            octets[..block.len()].copy_from_slice(block);
            let given = !0 >> (BLOCK - block.len());
            doubtful |= reader.read(&octets).doubtful & given;
        }
        doubtful == 0
    }

    /// The line behind as much as lets it start at any place in a block.
    fn plain_anywhere(line: &str) -> bool {
        let everywhere: std::vec::Vec<_> = (0..BLOCK + 4)
            .map(|before| match before {
                0..7 => "b@c.co\n".repeat(before),
                _ => format!("{}@b.co\n", "a".repeat(before - 6)),
            })
            .map(|before| plain(format!("{before}{line}").as_bytes()))
            .collect();
        let first = everywhere[0];
        // lines of more than 64 octets before it are doubtful themselves
        for (place, it) in everywhere[..BLOCK].iter().enumerate() {
            assert_eq!(*it, first, "{line:?} behind {place}");
        }
        first
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
