//! What the columns of a table hold, by their names.

use super::cells::{Cell, Rows};
use super::trim_edges;
use crate::directory::fold::fold;
use crate::id;
use crate::letters::is_letter;

/// How many rows may stand above a header: titles, dates, notes.
pub(super) const ABOVE: usize = 8;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Address,
    Id,
    Role,
    Name,
    FirstName,
    LastName,
}

impl Column {
    /// By the name in the header.
    pub(super) fn named(name: &str) -> Option<Self> {
        let folded = letters(name);
        Some(match folded.as_str() {
            "email" | "emailaddress" | "emails" | "mail" | "mailaddress" | "useremail"
            | "inviteeemail" | "invitee" | "emailadresse" | "adresseemail" | "correo"
            | "correoelectronico" | "courriel" | "emailvalue" | "emailid" | "upn"
            | "userprincipalname" => Self::Address,
            "id" | "user" | "userid" => Self::Id,
            "role" | "roles" | "rolename" | "userrole" | "orgrole" | "organizationrole"
            | "rolle" | "rol" => Self::Role,
            "name" | "fullname" | "displayname" | "username" | "nom" | "nombre" => Self::Name,
            "firstname" | "givenname" | "vorname" | "prenom" => Self::FirstName,
            "lastname" | "surname" | "familyname" | "nachname" => Self::LastName,
            _ => return None,
        })
    }

    /// By the end of the name in the header, where no column has a name that says it: `Work email`, `Current role`.
    fn like(name: &str) -> Option<Self> {
        let folded = letters(name);
        match folded.as_str() {
            it if it.ends_with("email") || it.ends_with("emailaddress") => Some(Self::Address),
            it if it.ends_with("role") => Some(Self::Role),
            _ => None,
        }
    }
}

/// The letters of a name, without case, accents and what stands in brackets behind it: `Prénom` is written without its
/// accent, too, and `Email [Required]` is an address.
fn letters(name: &str) -> String {
    let name = fold(name.split(['[', '(']).next().unwrap_or_default());
    let is_letter = |c: &char| is_letter(*c) && !c.is_ascii_digit();
    name.chars().filter(is_letter).collect()
}

/// Whether a text is the name of a column that says who is meant, and nobody who is: `ann@acme.email` ends like one.
pub(super) fn names_people(name: &str) -> bool {
    let column = Column::named(name).or_else(|| Column::like(name));
    !name.contains('@') && matches!(column, Some(Column::Address | Column::Id))
}

/// The columns named by a header; nothing when the row is none. Below other rows, names that are only like those of
/// columns do not count: what is written there may be prose.
fn header(cells: &[Cell], text: &str, is_first: bool) -> Option<Vec<Option<Column>>> {
    if cells
        .iter()
        .any(|cell| text[cell.inner.clone()].contains('@'))
    {
        return None;
    }
    let by_name = |name: fn(&str) -> Option<Column>| -> Vec<Option<Column>> {
        let names = cells.iter().map(|cell| cell.decoded(text));
        names.map(|cell| name(trim_edges(&cell).1)).collect()
    };
    let mut columns = by_name(Column::named);
    let who = |column: &Option<Column>| matches!(column, Some(Column::Address | Column::Id));
    if !is_first && !columns.iter().any(who) {
        return None;
    }
    let (named, like) = (columns.clone(), by_name(Column::like));
    for (column, like) in columns.iter_mut().zip(like) {
        // beside `Email`, `Private email` is another thing
        if column.is_none() && !named.contains(&like) {
            *column = like;
        }
    }
    // beside `New role`, `Role` and `Current role` are what is so far
    let is_new = |cell: &Cell| letters(&cell.decoded(text)) == "newrole";
    if let Some(new) = cells.iter().position(is_new) {
        let roles = columns.iter_mut().filter(|it| **it == Some(Column::Role));
        roles.for_each(|column| *column = None);
        columns[new] = Some(Column::Role);
    }
    (cells.len() > 1 && columns.iter().any(who)).then_some(columns)
}

/// The columns named by the first row that is a header, up to which the rows are read, and where it starts; above it may
/// be others, as long as they name nobody.
pub(super) fn find_header(
    rows: &mut Rows<'_>,
    cells: &mut Vec<Cell>,
) -> Option<(usize, Vec<Option<Column>>)> {
    for above in 0..=ABOVE {
        let row = rows.next(cells)?;
        if let Some(columns) = header(cells, rows.text, above == 0) {
            return Some((row.start, columns));
        }
        let mut contents = cells.iter().map(|cell| &rows.text[cell.inner.clone()]);
        if contents.any(names_someone) {
            break;
        }
    }
    None
}

/// Whether a cell names somebody.
pub(super) fn names_someone(cell: &str) -> bool {
    cell.contains('@') || id::looks_like(cell.trim()).is_some()
}
