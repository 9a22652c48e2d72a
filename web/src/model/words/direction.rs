//! Names in scripts that run from right to left, inside sentences that run from left to right.

use std::borrow::Cow;

/// A name that is put into a sentence. One from right to left is isolated, so that what stands beside
/// it keeps its place: U+2068 FIRST STRONG ISOLATE and U+2069 (Unicode Standard Annex 9). Where there is
/// an element of its own for the name, `<bdi>` does the same.
pub(crate) fn isolated(name: &str) -> Cow<'_, str> {
    match name.chars().any(runs_left) {
        true => format!("\u{2068}{name}\u{2069}").into(),
        false => name.into(),
    }
}

/// Whether a character is of a block whose scripts run from right to left.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_from_right_to_left_are_isolated() {
        assert_eq!(isolated("Ada Лысенко 李"), "Ada Лысенко 李");
        for name in ["יעל", "محمد", "Dr. محمد"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }
}
