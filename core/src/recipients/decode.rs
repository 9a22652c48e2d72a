//! Octets of a file as text.

use std::borrow::Cow;

/// How a file's text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, the low octet first, as spreadsheets write "Unicode text".
    Utf16Le,
    /// UTF-16, the high octet first.
    Utf16Be,
    /// What Western Windows programs write by default.
    Windows1252,
}

/// The text of a file: by its byte order mark; else UTF-16 when every other octet of the start is
/// null; else UTF-8 when it is that; else windows-1252, of which every file is one.
///
/// # Example
///
/// ```
/// use rolecall_core::recipients::{Encoding, decode};
///
/// let (text, encoding) = decode(b"J\xFCrgen <j@b.example>");
/// assert_eq!((&*text, encoding), ("Jürgen <j@b.example>", Encoding::Windows1252));
/// ```
pub fn decode(octets: &[u8]) -> (Cow<'_, str>, Encoding) {
    match octets {
        [0xEF, 0xBB, 0xBF, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
            Err(_) => (String::from_utf8_lossy(rest), Encoding::Utf8),
        },
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes), Encoding::Utf16Le),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes), Encoding::Utf16Be),
        [_, 0, _, 0, ..] => (utf16(octets, u16::from_le_bytes), Encoding::Utf16Le),
        [0, _, 0, _, ..] => (utf16(octets, u16::from_be_bytes), Encoding::Utf16Be),
        _ => match std::str::from_utf8(octets) {
            Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
            Err(_) => (
                Cow::Owned(octets.iter().copied().map(windows_1252).collect()),
                Encoding::Windows1252,
            ),
        },
    }
}

/// An unpaired surrogate or an odd octet at the end becomes U+FFFD, which no address contains.
fn utf16(octets: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'static, str> {
    let (pairs, rest) = octets.as_chunks::<2>();
    let mut text: String = char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Cow::Owned(text)
}

/// As the WHATWG Encoding standard has it: the five unused octets are controls.
fn windows_1252(octet: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    match octet {
        0x80..0xA0 => HIGH[usize::from(octet - 0x80)],
        _ => char::from(octet),
    }
}

/// How files begin that hold no text: workbooks and other archives, older workbooks, documents, pictures.
const NO_TEXT: [&[u8]; 5] = [
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
];

/// Whether a file holds text at all; `decoded` is what [`decode`] makes of it.
pub fn is_text(octets: &[u8], decoded: &str) -> bool {
    !NO_TEXT.iter().any(|start| octets.starts_with(start)) && !decoded.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Jürgen €, 😀 <j@b.example>\r\n";

    #[test]
    fn reads_what_programs_write() {
        let le: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], text: &[u8]| [mark, text].concat();
        for (octets, encoding) in [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (marked(b"\xEF\xBB\xBF", TEXT.as_bytes()), Encoding::Utf8),
            (marked(b"\xFF\xFE", &le), Encoding::Utf16Le),
            (marked(b"\xFE\xFF", &be), Encoding::Utf16Be),
        ] {
            assert_eq!(decode(&octets), (Cow::Borrowed(TEXT), encoding));
        }
        let ascii: Vec<u8> = "a@b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&ascii).0, "a@b");
        assert_eq!(decode(b"\x80uro \x9F \xE9").0, "€uro Ÿ é");
    }

    #[test]
    fn broken_text_is_marked() {
        assert_eq!(decode(b"\xFF\xFEa\0\0\xD8b\0c").0, "a\u{FFFD}b\u{FFFD}");
        assert_eq!(decode(b"\xEF\xBB\xBFa\xFFb").0, "a\u{FFFD}b");
        assert_eq!(decode(b"").0, "");
    }
}
