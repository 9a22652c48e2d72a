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
    delimiter: u8,
    pub(super) at: usize,
    /// Whether a quote at the start of a cell can still have a counterpart.
    pub(super) quotes: bool,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, delimiter: Delimiter) -> Self {
        Self {
            text,
            delimiter: delimiter.octet(),
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
                if octets.get(end) != Some(&self.delimiter) {
                    break;
                }
                self.at += 1;
            }
            let end = self.at;
            self.at += match &octets[end..] {
                [b'\r', b'\n', ..] => 2,
                [] => 0,
                _ => 1,
            };
            let empty = |cell: &Cell| trim_edges(&self.text[cell.inner.clone()]).1.is_empty();
            if !cells.iter().all(empty) {
                return Some(start..end);
            }
        }
    }

    /// The cell which starts here, and where it ends.
    fn cell(&mut self) -> (Cell, usize) {
        let octets = self.text.as_bytes();
        if self.quotes
            && octets.get(self.at) == Some(&b'"')
            && let Some(quoted) = self.quoted()
        {
            return quoted;
        }
        let end = octets[self.at..]
            .iter()
            .position(|&o| o == self.delimiter || o == b'\n' || o == b'\r')
            .map_or(octets.len(), |len| self.at + len);
        let cell = Cell {
            inner: self.at..end,
            doubled: false,
        };
        (cell, end)
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
                Some(&octet) if octet == self.delimiter => break,
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
