//! Text as a search compares it: without letter case and accents.
//!
//! Covers the Latin letters of Latin-1, Latin Extended-A and Latin Extended Additional (which has the
//! Vietnamese ones) by their base letter; other scripts by letter case alone. A full decomposition would
//! ship tables of a hundred kilobytes for the same answers on people's names.

use crate::letters::lower;

/// Base letters of U+00C0–U+017F; `*` stands for "not one letter", `.` for "as it is".
const LATIN: &str = "AAAAAA*CEEEEIIIIDNOOOOO.OUUUUY**aaaaaa*ceeeeiiiidnooooo.ouuuuy*y\
AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNn***OoOoOo**RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/// Base letters of U+1E00–U+1EFF.
const LATIN_ADDITIONAL: &str = "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOo\
OoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyas..*.\
AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy......";

/// Folds a text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Folds a text onto the end of another.
pub fn fold_into(text: &str, folded: &mut String) {
    if text.is_ascii() {
        folded.extend(text.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in text.chars() {
        fold_char(c, folded);
    }
}

fn fold_char(c: char, folded: &mut String) {
    let base = match c {
        '\0'..='\u{7f}' => c,
        '\u{c0}'..='\u{17f}' => char::from(LATIN.as_bytes()[c as usize - 0xc0]),
        '\u{1e00}'..='\u{1eff}' => char::from(LATIN_ADDITIONAL.as_bytes()[c as usize - 0x1e00]),
        // combining marks: what an accent is when it is written apart
        '\u{300}'..='\u{36f}' => return,
        // the two small sigmas are one letter
        'ς' => 'σ',
        _ => '.',
    };
    match base {
        '*' if c != '*' => folded.push_str(match c {
            'Æ' | 'æ' => "ae",
            'Þ' | 'þ' => "th",
            'ß' | 'ẞ' => "ss",
            'Ĳ' | 'ĳ' => "ij",
            'Œ' | 'œ' => "oe",
            _ => "n",
        }),
        '.' if c != '.' => folded.push(lower(c)),
        _ => folded.push(base.to_ascii_lowercase()),
    }
}

/// Finds a folded word in a text as people see it: the span in bytes of the text itself.
pub fn find_folded(text: &str, word: &str) -> Option<std::ops::Range<usize>> {
    if word.is_empty() {
        return None;
    }
    let mut folded = String::with_capacity(text.len());
    // for each byte of the folded text, the character of the text it came from
    let mut origin = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        fold_char(c, &mut folded);
        origin.resize(folded.len(), at);
    }
    let start = folded.find(word)?;
    let last = origin[start + word.len() - 1];
    let mut end = last + text[last..].chars().next().map_or(0, char::len_utf8);
    // accents that are written apart belong to the letter before them
    let is_mark = |c: &char| matches!(c, '\u{300}'..='\u{36f}');
    while let Some(mark) = text[end..].chars().next().filter(is_mark) {
        end += mark.len_utf8();
    }
    Some(origin[start]..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_an_entry_for_each_letter() {
        assert_eq!(LATIN.len(), 0x180 - 0xc0);
        assert_eq!(LATIN_ADDITIONAL.len(), 0x100);
    }

    #[test]
    fn folds_names_of_many_languages() {
        for (name, folded) in [
            ("Björn Müller", "bjorn muller"),
            ("Emre Yıldız", "emre yildiz"),
            ("Łukasz Żółć", "lukasz zolc"),
            ("Nguyễn Thị Hằng", "nguyen thi hang"),
            ("Þórður Æ. Ægisson", "thordur ae. aegisson"),
            ("STRAẞE groß", "strasse gross"),
            ("Dvořák Šťastný ŽIŽKOV", "dvorak stastny zizkov"),
            ("Ibáñez Çelik Ōta Ştefănescu", "ibanez celik ota stefanescu"),
            ("Zoe\u{308} cafe\u{301} a*b", "zoe cafe a*b"),
            ("ΓΙΏΡΓΟΣ γιώργος Иван 陈伟", "γιώργοσ γιώργοσ иван 陈伟"),
            ("İstanbul", "istanbul"),
        ] {
            assert_eq!(fold(name), folded);
        }
    }

    #[test]
    fn finds_the_place_in_the_text_itself() {
        let name = "Björn Mu\u{308}ller";
        assert_eq!(&name[find_folded(name, "muller").unwrap()], "Mu\u{308}ller");
        assert_eq!(&name[find_folded(name, "or").unwrap()], "ör");
        assert_eq!(&"Ægir"[find_folded("Ægir", "aeg").unwrap()], "Æg");
        assert_eq!(find_folded("abc", "x"), None);
    }
}
