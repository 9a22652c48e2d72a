//! Tables: CSV and its relatives, with a header in any order or none; which texts are one.

use std::borrow::Cow;
use std::ops::Range;

use super::cells::{Cell, Rows, align, starts};
use super::columns::{Column, find_header, names_someone};
use super::formula::unguarded;
use super::item::parts;
use super::{Decoded, Delimiter, Reader, named_roles, trim_edges};
use crate::email::Mapping;
use crate::role::{self, Role};

/// How many rows are looked at to find out whether a text is a table.
const SAMPLE: usize = 64;

/// How many rows that are alike make up for one that is not.
const MOSTLY: usize = 4;

/// How many rows of one without a header are looked at to find out what the columns are.
const LOOKED_AT: usize = 256;

/// A spreadsheet's first line that names the delimiter, and where the line ends.
fn directive(text: &str) -> Option<(Delimiter, usize)> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let octets = text.as_bytes();
    if !octets.get(..4)?.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    let delimiter = Delimiter::SIGNS
        .into_iter()
        .find(|delimiter| Some(&delimiter.octet()) == octets.get(4))?;
    match &octets[5..] {
        [] | [b'\n' | b'\r', ..] => Some((delimiter, 5)),
        _ => None,
    }
}

/// The delimiter, if the text is a table: by its header, or because all rows have one address, in
/// one column, and the same number of cells.
pub(super) fn detect(text: &str, roles: &[Role]) -> Option<Delimiter> {
    if let Some((delimiter, _)) = directive(text) {
        return Some(delimiter);
    }
    let has_header = |delimiter: &Delimiter| {
        find_header(&mut Rows::new(text, *delimiter), &mut Vec::new()).is_some()
    };
    let signs = Delimiter::SIGNS.into_iter();
    let mut with_blanks = signs.clone().chain([Delimiter::Blanks]);
    with_blanks
        .find(has_header)
        .or_else(|| signs.into_iter().find(|d| is_even(text, *d, roles)))
}

/// Whether the rows of a text without a header are those of a table: most have one address, in one column, and as many
/// cells as the others. What is wrong with a few, or stands above as titles that nobody knows, is theirs alone.
fn is_even(text: &str, delimiter: Delimiter, roles: &[Role]) -> bool {
    if !text.as_bytes().contains(&delimiter.octet()) {
        return false;
    }
    let mut rows = Rows::new(text, delimiter);
    let mut cells = Vec::new();
    // cells, and where the address stands, by row
    let mut shapes: Vec<(usize, Option<usize>)> = Vec::new();
    let mut named = false;
    while shapes.len() < SAMPLE && rows.next(&mut cells).is_some() {
        let contents = || cells.iter().map(|cell| &text[cell.inner.clone()]);
        // an id beside an address is the same person's
        let addressed = contents().any(|cell| cell.contains('@'));
        let mut someone = contents().enumerate().filter(|(_, cell)| match addressed {
            true => cell.contains('@'),
            false => names_someone(cell),
        });
        let column = match (someone.next(), someone.next()) {
            (Some((_, address)), _) if address.contains('<') => return false,
            (Some((column, address)), None) if !trim_edges(address).1.contains(' ') => Some(column),
            (None, _) => None,
            // several, or words behind it: whatever this row is, it is none of a table
            _ => {
                shapes.push((0, None));
                continue;
            }
        };
        shapes.push((cells.len(), column));
        named |= column.is_some() && contents().any(|cell| role::find(cell, roles).is_ok());
    }
    let like = |shape: &(usize, Option<usize>)| shapes.iter().filter(|it| *it == shape).count();
    let regular = shapes
        .iter()
        .filter(|(cells, column)| *cells > 1 && column.is_some());
    let Some(shape) = regular.max_by_key(|shape| like(shape)) else {
        return false;
    };
    let alike = like(shape);
    let nobody = like(&(shape.0, None));
    let others = shapes.len() - alike - nobody;
    // one row alone could be a list: its other cells have to be known
    (alike > 1 || named) && alike >= nobody && alike >= MOSTLY * others
}

/// A table that is being read.
pub(super) struct Table<'t> {
    rows: Rows<'t>,
    cells: Vec<Cell>,
    places: [Option<usize>; 6],
    /// The names of the columns, if the first line gives them.
    pub(super) titles: Option<Vec<String>>,
    /// At which characters the columns start, where their cells stand below their titles.
    aligned: Option<Vec<usize>>,
}

impl<'t> Table<'t> {
    /// Finds out what the columns are.
    pub(super) fn new(text: &'t str, delimiter: Delimiter, roles: &[Role]) -> Self {
        let mut rows = Rows::new(text, delimiter);
        if text.starts_with('\u{FEFF}') {
            rows.at = '\u{FEFF}'.len_utf8();
        }
        if let Some((_, end)) = directive(text) {
            rows.at += end;
        }
        let body = rows.at;
        let mut cells = Vec::new();
        let names = find_header(&mut rows, &mut cells);
        let titles = names.as_ref().map(|_| {
            cells
                .iter()
                .map(|cell| trim_edges(&cell.decoded(text)).1.to_owned())
                .collect()
        });
        let is_aligned = delimiter == Delimiter::Blanks;
        let header = names.as_ref().filter(|_| is_aligned);
        let aligned = header.map(|(row, _)| starts(text, *row, &cells));
        let columns = match names {
            Some((_, mut columns)) => {
                if aligned.is_none() && !columns.contains(&Some(Column::Role)) {
                    let seen = look(text, delimiter, rows.at, roles);
                    // whatever it is called: roles and nothing else
                    let is = |(column, seen): (&Option<Column>, &[usize; 5])| {
                        column.is_none() && seen[2] > 0 && seen[2] == seen[3]
                    };
                    if let Some(role) = columns.iter().zip(&seen).position(is) {
                        columns[role] = Some(Column::Role);
                    }
                }
                columns
            }
            None => {
                let columns = guess(text, delimiter, body, roles);
                (rows.at, rows.quotes) = (body, true);
                columns
            }
        };
        let place = |wanted| columns.iter().position(|column| *column == Some(wanted));
        let places = [
            Column::Address,
            Column::Id,
            Column::Role,
            Column::Name,
            Column::FirstName,
            Column::LastName,
        ]
        .map(place);
        Self {
            rows,
            cells,
            places,
            titles,
            aligned,
        }
    }

    /// Reads one row; tells whether there was one.
    pub(super) fn read_row<M: Mapping>(&mut self, reader: &mut Reader<'t, M>) -> bool {
        let Some(span) = self.rows.next(&mut self.cells) else {
            return false;
        };
        if let Some(titles) = &self.aligned {
            align(reader.text, span.start, &mut self.cells, titles);
        }
        if self.rows.delimiter == Delimiter::Semicolon {
            self.gather_roles(reader.roles);
        }
        let titled = self.titles.is_some();
        row(reader, &span, &self.cells, self.places, titled);
        true
    }

    /// Takes the roles that stand behind the one of a row for its own, where no column is: a semicolon is what stands
    /// between two roles, too.
    fn gather_roles(&mut self, roles: &[Role]) {
        let [_, _, Some(role), ..] = self.places else {
            return;
        };
        let titles = self.titles.as_ref().map_or(role + 1, Vec::len);
        if role + 1 != titles || self.cells.len() <= titles {
            return;
        }
        let text = self.rows.text;
        let is_role = |cell: &&Cell| named_roles(&text[cell.inner.clone()], roles).is_ok();
        let end = self.cells[titles..].iter().take_while(is_role).last();
        if let Some(end) = end.map(|cell| cell.inner.end) {
            self.cells[role].inner.end = end;
        }
    }
}

/// Adds one row; whether it is `titled`, its columns have names.
fn row<M: Mapping>(
    reader: &mut Reader<'_, M>,
    span: &Range<usize>,
    cells: &[Cell],
    places: [Option<usize>; 6],
    titled: bool,
) {
    let text = reader.text;
    let [address, id, role, name, first, last] =
        places.map(|place| place.and_then(|place| cells.get(place)));
    let full = |cell: &&Cell| !trim_edges(&text[cell.inner.clone()]).1.is_empty();
    let content = |cell: &Cell| unguarded(cell.decoded(text));
    let beside = name.filter(full).map(content).or_else(|| {
        let names: Vec<_> = [first, last]
            .into_iter()
            .flatten()
            .filter(full)
            .map(|cell| trim_edges(&content(cell)).1.to_owned())
            .collect();
        (!names.is_empty()).then(|| Cow::Owned(names.join(" ")))
    });
    let role = role.filter(full).map(content);
    let address_in = |cell: &&Cell| text[cell.inner.clone()].contains('@');
    if !titled && cells.iter().filter(address_in).count() > 1 {
        // which of them is meant nothing says, and nobody is passed over in silence
        reader.push(span.clone(), span.clone(), None, beside, role);
        return;
    }
    let Some(cell) = address.filter(full).or_else(|| id.filter(full)) else {
        let start = address.map_or(span.start, |cell| cell.inner.start);
        reader.push(span.clone(), start..start, None, beside, role);
        return;
    };
    let written = content(cell);
    let inner = &text[cell.inner.clone()];
    if *written == *inner {
        let parts = parts(inner);
        let start = cell.inner.start;
        let address = start + parts.address.start..start + parts.address.end;
        reader.push(span.clone(), address, None, parts.name.or(beside), role);
    } else {
        let parts = parts(&written);
        let address = &written[parts.address.clone()];
        let name = parts.name.map(|name| Cow::Owned(name.into_owned()));
        let guard = cell.decoded(text).len() - written.len();
        let decoded = Decoded {
            address,
            from: parts.address.start,
            skipped: guard,
            doubled: cell.doubled,
        };
        reader.push(
            span.clone(),
            cell.inner.clone(),
            Some(decoded),
            name.or(beside),
            role,
        );
    }
}

/// What stands in each column: how many cells that name somebody, that could be a role, that are a role that there is,
/// that are anything, and that name somebody by address.
fn look(text: &str, delimiter: Delimiter, from: usize, roles: &[Role]) -> Vec<[usize; 5]> {
    let mut rows = Rows::new(text, delimiter);
    rows.at = from;
    let mut cells = Vec::new();
    let mut seen: Vec<[usize; 5]> = Vec::new();
    let mut count = 0;
    while count < LOOKED_AT && rows.next(&mut cells).is_some() {
        count += 1;
        seen.resize(seen.len().max(cells.len()), [0; 5]);
        for (cell, seen) in cells.iter().zip(&mut seen) {
            let cell = cell.decoded(text);
            let cell = cell.trim();
            let (could_be, is) = like_a_role(cell, roles);
            seen[0] += usize::from(names_someone(cell));
            seen[1] += usize::from(could_be);
            seen[2] += usize::from(is);
            seen[3] += usize::from(!cell.is_empty());
            seen[4] += usize::from(cell.contains('@'));
        }
    }
    seen
}

/// What the columns of a table without a header hold.
fn guess(text: &str, delimiter: Delimiter, body: usize, roles: &[Role]) -> Vec<Option<Column>> {
    let seen = look(text, delimiter, body, roles);
    let most = |what: usize| {
        let best = seen.iter().map(|seen| seen[what]).max().unwrap_or(0);
        seen.iter().position(|seen| best > 0 && seen[what] == best)
    };
    let address = most(4).or_else(|| most(0)).unwrap_or(0);
    // one role that there is says what the column is, and what else stands in it is to be mended
    let role = most(2)
        .filter(|&role| role != address)
        .or_else(|| most(1).filter(|&role| role != address && seen[role][1] * 2 > seen[role][3]))
        // what stands further down in a column without anything may be a role
        .or_else(|| {
            seen.iter()
                .position(|seen| seen[3] == 0 && !roles.is_empty())
        });
    (0..seen.len())
        .map(|i| match i {
            _ if i == address => Some(Column::Address),
            _ if Some(i) == role => Some(Column::Role),
            _ => None,
        })
        .collect()
}

/// Whether a cell could name a role, and whether it does; without roles to compare, whether it is written as keys are.
fn like_a_role(cell: &str, roles: &[Role]) -> (bool, bool) {
    if roles.is_empty() {
        let is_key =
            cell.contains('_') && cell.bytes().all(|o| o.is_ascii_uppercase() || o == b'_');
        return (is_key, false);
    }
    match named_roles(cell, roles) {
        Ok(_) => (true, true),
        Err(error) => (error.nearest.is_some(), false),
    }
}

#[cfg(test)]
mod tests;
