//! Cells that a spreadsheet would run: how an export makes them text, and how a reader takes that
//! back.
//!
//! An apostrophe in front is what spreadsheets themselves use to say "text". Which cells need one
//! follows OWASP's "CSV Injection": those that begin with `=`, `+`, `-`, `@`, a tab or a line end,
//! the full-width forms of the signs included, also behind blanks, quotes and apostrophes, which
//! some programs drop.

use std::borrow::Cow;

use crate::email::is_edge;

/// Whether a spreadsheet could take the cell for a formula.
fn is_formula(cell: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let mut characters = cell
        .chars()
        .skip_while(|c| !signs.contains(c) && (matches!(c, '\'' | '"') || is_edge(*c)));
    characters
        .next()
        .is_some_and(|first| signs.contains(&first))
}

/// The cell with an apostrophe in front if a spreadsheet could take it for a formula. Reading a
/// list takes it away again.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    match is_formula(cell) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

/// The cell without the apostrophe that [`guarded`] put there.
pub(super) fn unguarded(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => match cell {
            Cow::Borrowed(cell) => Cow::Borrowed(&cell[1..]),
            Cow::Owned(cell) => Cow::Owned(cell[1..].to_owned()),
        },
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn guards_what_could_run_and_nothing_else() {
        for cell in [
            "=1+1",
            "+1 555 0100",
            "-x@b.example",
            "@SUM(A1)",
            "\t=1",
            "\r",
            " =1",
            "\"=1\"",
            "'=1",
            "\u{200F}=1",
            "＝1",
            "\u{FEFF}'\" ＠x",
        ] {
            assert_eq!(guarded(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in [
            "",
            "a@b.example",
            "O'Neil",
            "'x",
            "a=b",
            "1-2",
            " ",
            "\"a\"",
        ] {
            assert_eq!(guarded(cell), cell, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(cell in "['\"=+@ \t\r\n\u{200F}＝a-]{0,8}") {
            let guarded = guarded(&cell);
            prop_assert!(!is_formula(&guarded) || guarded.starts_with('\''));
            prop_assert_eq!(unguarded(Cow::Borrowed(&guarded)), cell.as_str());
        }
    }
}
