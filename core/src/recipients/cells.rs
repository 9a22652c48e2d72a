//! The cells of a table, row by row.
//!
//! They are cut here and not by the crate `csv`, because every entry keeps where it stands in
//! the text, which that crate does not tell. A property test compares the two.

use std::borrow::Cow;
use std::ops::Range;

use super::{Delimiter, trim_edges};

/// One cell of a row.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// What is in it: octets of the text, without the quotes around.
    pub(super) inner: Range<usize>,
    /// Whether quotes inside are doubled.
    pub(super) doubled: bool,
}

impl Cell {
    pub(super) fn decoded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let inner = &text[self.inner.clone()];
        match self.doubled {
            true => Cow::Owned(undoubled(inner)),
            false => Cow::Borrowed(inner),
        }
    }
}

/// A text with one quote for each two.
fn undoubled(text: &str) -> String {
    let mut before = false;
    let is_kept = |c: &char| {
        let is_second = *c == '"' && before;
        before = *c == '"' && !is_second;
        !is_second
    };
    text.chars().filter(is_kept).collect()
}

/// Reads rows of cells, from the start of the text on.
pub(super) struct Rows<'t> {
    pub(super) text: &'t str,
    pub(super) delimiter: Delimiter,
    pub(super) at: usize,
    /// Whether a quote at the start of a cell can still have a counterpart.
    pub(super) quotes: bool,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, delimiter: Delimiter) -> Self {
        Self {
            text,
            delimiter,
            at: 0,
            quotes: true,
        }
    }

    /// Fills `cells` with the next row that is not empty and gives its octets.
    pub(super) fn next(&mut self, cells: &mut Vec<Cell>) -> Option<Range<usize>> {
        let octets = self.text.as_bytes();
        loop {
            let start = self.at;
            if start >= octets.len() {
                return None;
            }
            cells.clear();
            loop {
                let (cell, end) = self.cell();
                cells.push(cell);
                self.at = end;
                match (self.delimiter, octets.get(end)) {
                    (_, None | Some(b'\n' | b'\r')) => break,
                    // the cell took the blanks behind it
                    (Delimiter::Blanks, _) => {}
                    _ => self.at += 1,
                }
            }
            let end = self.at;
            self.at += match &octets[end..] {
                [b'\r', b'\n', ..] => 2,
                [] => 0,
                _ => 1,
            };
            let ruled = self.delimiter == Delimiter::Bar;
            let rule = |c| ruled && matches!(c, '-' | '+' | '=' | ':' | ' ');
            let empty = |cell: &Cell| {
                let inner = trim_edges(&self.text[cell.inner.clone()]).1;
                inner.trim_start_matches(rule).is_empty()
            };
            if !cells.iter().all(empty) {
                return Some(start..end);
            }
        }
    }

    /// The cell which starts here, and where it ends.
    fn cell(&mut self) -> (Cell, usize) {
        let octets = self.text.as_bytes();
        if self.delimiter == Delimiter::Blanks {
            return self.cell_before_blanks();
        }
        if self.quotes
            && octets.get(self.at) == Some(&b'"')
            && let Some(quoted) = self.quoted()
        {
            return quoted;
        }
        let end = octets[self.at..]
            .iter()
            .position(|&o| o == self.delimiter.octet() || o == b'\n' || o == b'\r')
            .map_or(octets.len(), |len| self.at + len);
        let cell = Cell {
            inner: self.at..end,
            doubled: false,
        };
        (cell, end)
    }

    /// The cell behind the blanks that stand here, up to two of them, and where the next one starts or the line ends.
    fn cell_before_blanks(&self) -> (Cell, usize) {
        let octets = self.text.as_bytes();
        let past_blanks = |at: usize| {
            let rest = octets[at..].iter();
            at + rest.take_while(|&&o| o == b' ').count()
        };
        let start = past_blanks(self.at);
        let is_end = |at: &usize| match octets[*at..] {
            [] | [b'\n' | b'\r', ..] | [b' ', b' ', ..] => true,
            [..] => false,
        };
        let end = (start..).find(is_end).unwrap_or(octets.len());
        let cell = Cell {
            inner: start..end,
            doubled: false,
        };
        (cell, past_blanks(end))
    }

    /// A cell in quotes. A quote that has no counterpart before the end of a cell, or only one
    /// behind rows that hold addresses, is an ordinary character: it must not swallow them.
    fn quoted(&mut self) -> Option<(Cell, usize)> {
        let octets = self.text.as_bytes();
        let start = self.at + 1;
        let mut i = start;
        let mut doubled = false;
        loop {
            let Some(quote) = octets[i..].iter().position(|&o| o == b'"') else {
                self.quotes = false;
                return None;
            };
            i += quote + 1;
            match octets.get(i) {
                Some(b'"') => {
                    doubled = true;
                    i += 1;
                }
                None | Some(b'\n' | b'\r') => break,
                Some(&octet) if octet == self.delimiter.octet() => break,
                Some(_) => return None,
            }
        }
        let inner = start..i - 1;
        let content = &octets[inner.clone()];
        let several_lines = content.contains(&b'\n') || content.contains(&b'\r');
        if several_lines && content.contains(&b'@') {
            return None;
        }
        Some((Cell { inner, doubled }, i))
    }
}

/// At which characters of their row cells start.
pub(super) fn starts(text: &str, row: usize, cells: &[Cell]) -> Vec<usize> {
    let (mut at, mut characters) = (row, 0);
    let start = |cell: &Cell| {
        characters += text[at..cell.inner.start].chars().count();
        at = cell.inner.start;
        characters
    };
    cells.iter().map(start).collect()
}

/// Puts the cells of a row below their titles, which start at these characters: where a cell is empty, nothing
/// but blanks tells of it.
pub(super) fn align(text: &str, row: usize, cells: &mut Vec<Cell>, titles: &[usize]) {
    if cells.len() == titles.len() {
        return;
    }
    let starts = starts(text, row, cells);
    let mut placed: Vec<Cell> = Vec::with_capacity(titles.len());
    let mut column = 0;
    for (cell, start) in cells.drain(..).zip(starts) {
        while titles.get(column + 1).is_some_and(|next| *next <= start) {
            column += 1;
        }
        if column < placed.len() {
            // two blanks within a cell
            placed[column].inner.end = cell.inner.end;
        } else {
            let empty = Cell {
                inner: cell.inner.start..cell.inner.start,
                doubled: false,
            };
            placed.resize(column, empty);
            placed.push(cell);
        }
    }
    *cells = placed;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What the crate `csv` writes is read the same here and there.
        #[test]
        fn cells_are_those_of_the_csv_crate(
            rows in prop::collection::vec(prop::collection::vec("[a\", ;\nü']{0,6}", 2..4), 1..6),
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut cells = Vec::new();
            let mut reader = Rows::new(&text, Delimiter::Comma);
            let mut found = Vec::new();
            while reader.next(&mut cells).is_some() {
                found.push(cells.iter().map(|cell| cell.decoded(&text).into_owned()).collect::<Vec<_>>());
            }
            let blank = |cell: &String| trim_edges(cell).1.is_empty();
            let expected: Vec<_> = rows.into_iter().filter(|row| !row.iter().all(blank)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
