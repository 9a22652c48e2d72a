//! What is shown, to take along: as CSV, as JSON, and as the vendor's `users.txt`.
//!
//! What goes out comes back in: read as a list of recipients again, an export names the same people
//! with the same roles, and plans nothing.
//!
//! - **CSV** follows RFC 4180, in UTF-8 without a byte order mark. Several roles of one person stand
//!   in one cell with [`ROLE_SEPARATOR`] between them. A cell that a spreadsheet could run as a
//!   formula has an apostrophe in front. A line end inside a cell becomes a blank, so that every
//!   line is one person.
//! - **JSON** is the list of [`User`]s, nothing left out, one a line.
//! - **`users.txt`** has a line for each user with exactly one role in the organization: the address,
//!   a blank, the role's key. The vendor's loop over it would take the address for the role where
//!   none stands, and there is no way to write several; so whoever has none or several is left out,
//!   and [`left_out`] counts them.

mod report;
mod words;

use serde::Serialize;

use crate::directory::{Directory, Row, User};
use crate::email::is_edge;
use crate::json::{FromJson, ToJson};
#[cfg(doc)]
use crate::recipients::ROLE_SEPARATOR;
use crate::recipients::guarded;

pub use report::{Outcome, ReportRow, report, report_csv, report_json};
pub(crate) use words::NONE;
use words::Words;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Form {
    /// Comma-separated values with a header.
    Csv,
    /// The users as JSON.
    Json,
    /// A line for each user: address, blank, role.
    UsersFile,
}

impl Form {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::UsersFile];

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::UsersFile => "users.txt",
        }
    }

    /// What stands behind the dot of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::UsersFile => "txt",
        }
    }

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::UsersFile => "text/plain; charset=utf-8",
        }
    }
}

/// The users at these indices, in this order.
///
/// # Panics
/// If an index is not below the directory's length.
pub fn export(directory: &Directory, rows: &[u32], form: Form) -> String {
    let words = Words::new(directory);
    let users = rows.iter().map(|&index| index as usize);
    match form {
        Form::Csv => {
            let header = ["email", "name", "role", "status", "since", "id"];
            let cells = users.map(|index| {
                let row = directory.row(index);
                [
                    row.email,
                    row.name,
                    words.cell(index),
                    row.status.as_str(),
                    row.created,
                    row.id,
                ]
            });
            csv(&header, cells)
        }
        Form::Json => json(users.map(|index| named(directory, directory.row(index)))),
        Form::UsersFile => {
            let lines = users.filter_map(|index| words.line(index));
            lines.fold(String::new(), |mut text, (email, role)| {
                text.extend([email, " ", role, "\n"]);
                text
            })
        }
    }
}

/// How many of these users the form cannot hold.
pub fn left_out(directory: &Directory, rows: &[u32], form: Form) -> usize {
    match form {
        Form::Csv | Form::Json => 0,
        Form::UsersFile => {
            let words = Words::new(directory);
            let held = rows.iter().map(|&index| words.line(index as usize));
            held.filter(Option::is_none).count()
        }
    }
}

/// A user with the names of its roles.
fn named(directory: &Directory, row: Row<'_>) -> User {
    let mut user = row.to_user();
    for held in &mut user.roles {
        if let Some(role) = directory.role(&held.id) {
            held.name.clone_from(&role.key);
        }
    }
    user
}

/// A table by RFC 4180 in which no spreadsheet finds a formula, a line for each row.
pub(crate) fn csv<const N: usize, C: AsRef<str>>(
    header: &[&str; N],
    rows: impl Iterator<Item = [C; N]>,
) -> String {
    let mut text = header.join(",");
    text.push_str("\r\n");
    for row in rows {
        for (i, cell) in row.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            push_cell(&mut text, &guarded(&words::one_line(cell.as_ref())));
        }
        text.push_str("\r\n");
    }
    text
}

/// Crate `csv` reads here but does not write: its writer asks of each cell whether it is a number, and
/// brings the tables for that into the console.
fn push_cell(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\r', '\n']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

/// A list as JSON, an item a line.
fn json<T: Serialize>(items: impl Iterator<Item = T>) -> String {
    let mut text = String::from("[");
    for item in items {
        text.push_str(if text.len() == 1 { "\n" } else { ",\n" });
        let item = serde_json::to_string(&item);
        text.push_str(&item.expect("what is exported has text for keys"));
    }
    text.push_str(if text.len() == 1 { "]\n" } else { "\n]\n" });
    text
}

/// Whether an address can stand in a line of `users.txt`.
fn fits_a_line(email: &str) -> bool {
    let other_form = |c: char| is_edge(c) || c.is_control() || words::OTHER_FORM.contains(&c);
    email.contains('@') && !email.contains(other_form)
}

#[cfg(test)]
mod tests;
