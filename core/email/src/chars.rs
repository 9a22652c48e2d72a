//! What a single octet or character is to an address.
//!
//! Everything works on UTF-8 octets, so that the small web module needs no decoder. Octets that are
//! not UTF-8 never panic; they are simply no edge character.

/// Allowed in an unquoted local part besides the dot: `atext` of RFC 5322 3.2.3.
pub(crate) const ATEXT: u8 = 1;
/// A letter, a digit or a hyphen.
pub(crate) const LDH: u8 = 2;
/// An upper-case letter.
pub(crate) const UPPER: u8 = 4;

/// The bits above for each octet.
pub(crate) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 128 {
        let octet = i as u8;
        if octet.is_ascii_alphanumeric() {
            table[i] = ATEXT | LDH;
        }
        if octet.is_ascii_uppercase() {
            table[i] |= UPPER;
        }
        i += 1;
    }
    let signs = b"!#$%&'*+-/=?^_`{|}~";
    let mut i = 0;
    while i < signs.len() {
        table[signs[i] as usize] = ATEXT;
        i += 1;
    }
    table[b'-' as usize] |= LDH;
    table
}

/// Whether all bits of `class` are set for the octet.
#[inline]
pub(crate) fn is(octet: u8, class: u8) -> bool {
    CLASS[octet as usize] & class != 0
}

/// A part of a text; nothing where the text has no such part.
///
/// Ranges are right by construction. Written so, the compiler need not see it to leave out what
/// would report a panic, which is more than the whole check.
#[inline]
pub(crate) fn part(text: &[u8], from: usize, to: usize) -> &[u8] {
    text.get(from..to).unwrap_or_default()
}

/// The octet at `at`; 0 where there is none.
#[inline(never)]
pub(crate) fn octet(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Where the octet stands first; the length of the text where it does not.
#[inline(never)]
pub(crate) fn find(text: &[u8], octet: u8) -> usize {
    text.iter().position(|&o| o == octet).unwrap_or(text.len())
}

/// How often the octet stands in the text.
#[inline(never)]
pub(crate) fn count(text: &[u8], octet: u8) -> usize {
    text.iter().filter(|&&o| o == octet).count()
}

/// The parts of a text between all octets that are `by`: one kind of iterator for the whole module.
pub(crate) fn split(text: &[u8], by: u8) -> impl Iterator<Item = &[u8]> {
    text.split(move |octet| *octet == by)
}

/// The character at the start of `text`, if it is one of U+0080 to U+07FF or U+1000 to U+FFFF; 0 for
/// others, which nobody asks for.
#[inline(never)]
pub(crate) fn foreign_char(text: &[u8]) -> u32 {
    match *text {
        [a @ 0xC2..=0xDF, b @ 0x80..0xC0, ..] => u32::from(a & 0x1F) << 6 | u32::from(b & 0x3F),
        [a @ 0xE1..=0xEF, b @ 0x80..0xC0, c @ 0x80..0xC0, ..] => {
            u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F)
        }
        _ => 0,
    }
}

/// The word among those of a text, which are parted by single spaces.
#[inline(never)]
pub(crate) fn word<'t>(text: &'t [u8], wanted: &[u8]) -> Option<&'t [u8]> {
    split(text, b' ').find(|word| *word == wanted)
}

/// Octets of the edge character at the start of `text`, 0 when there is none.
///
/// Edge characters come along when people paste from spreadsheets, PDF and mail clients: Unicode
/// `White_Space`, the zero-width space and joiner, the byte order mark and the bidi controls.
#[inline(never)]
pub(crate) fn edge_len(text: &[u8]) -> usize {
    let Some(&first) = text.first() else {
        return 0;
    };
    if first < 0x80 {
        return usize::from(matches!(first, b'\t'..=b'\r' | b' '));
    }
    match foreign_char(text) {
        0x85
        | 0xA0
        | 0x1680
        | 0x2000..=0x200B
        | 0x200E
        | 0x200F
        | 0x2028..=0x202F
        | 0x205F
        | 0x2060
        | 0x2066..=0x2069
        | 0x3000
        | 0xFEFF => utf8_len(first),
        _ => 0,
    }
}

/// Octets of the edge character at the end of `text`, 0 when there is none.
#[inline]
fn edge_len_back(text: &[u8]) -> usize {
    let last = floor_boundary(text, text.len().wrapping_sub(1));
    let len = text.len() - last;
    match edge_len(part(text, last, text.len())) == len {
        true => len,
        false => 0,
    }
}

/// The range of `text` that is left when edge characters at both ends are dropped.
#[inline]
pub(crate) fn trim(text: &[u8]) -> (usize, usize) {
    let (mut start, mut end) = (0, text.len());
    // mostly there are none
    if let [0x21..0x7F, .., 0x21..0x7F] = text {
        return (start, end);
    }
    loop {
        match edge_len(part(text, start, end)) {
            0 => break,
            len => start += len,
        }
    }
    loop {
        match edge_len_back(part(text, start, end)) {
            0 => break,
            len => end -= len,
        }
    }
    (start, end)
}

/// Whether the character is dropped at the ends of an address and refused inside.
pub fn is_edge(character: char) -> bool {
    let mut buffer = [0; 4];
    edge_len(character.encode_utf8(&mut buffer).as_bytes()) == character.len_utf8()
}

/// Whether the octet is a control of ASCII: U+0000–001F or U+007F.
#[inline]
pub(crate) fn is_control(octet: u8) -> bool {
    octet < 0x20 || octet == 0x7F
}

/// Octets of the character which starts with `first`; 1 for what no character starts with.
#[inline]
pub(crate) fn utf8_len(first: u8) -> usize {
    match first {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// The greatest offset that is at most `at` and does not split a character.
#[inline]
pub fn floor_boundary(text: &[u8], mut at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    while text.get(at).is_some_and(|octet| octet & 0xC0 == 0x80) && at > 0 {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn edge_characters_are_exactly_the_listed_ones() {
        for character in '\0'..=char::MAX {
            let listed = character.is_whitespace()
                || matches!(
                    character,
                    '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}'
                        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
                );
            assert_eq!(is_edge(character), listed, "{:?}", character);
            let text = format!("x{character}");
            let back = edge_len_back(text.as_bytes());
            assert_eq!(back, if listed { character.len_utf8() } else { 0 });
        }
    }

    #[test]
    fn atext_is_that_of_the_specification() {
        let atext = "!#$%&'*+-/=?^_`{|}~";
        for octet in 0..=255_u8 {
            let expected = octet.is_ascii_alphanumeric() || atext.as_bytes().contains(&octet);
            assert_eq!(is(octet, ATEXT), expected, "{octet:#x}");
            assert_eq!(
                is(octet, LDH),
                octet.is_ascii_alphanumeric() || octet == b'-'
            );
        }
    }

    #[test]
    fn octets_that_are_not_utf8_do_not_panic() {
        for text in [
            &[0x80_u8][..],
            &[0xE2],
            &[0xE2, 0x80],
            &[0xFF; 7],
            // a space, if one did not look at every octet, and in more octets than it takes
            &[0xE2, 0x00, 0x80],
            &[0xE0, 0x82, 0xA0],
            &[0xC0, 0xA0],
        ] {
            assert_eq!(trim(text), (0, text.len()));
        }
    }
}
