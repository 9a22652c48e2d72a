//! Tables: CSV and its relatives, with a header in any order or none.

use std::borrow::Cow;
use std::ops::Range;

use super::cells::{Cell, Rows, align, starts};
use super::formula::unguarded;
use super::item::parts;
use super::{Decoded, Delimiter, Reader, named_roles, trim_edges};
use crate::directory::fold::fold;
use crate::email::Mapping;
use crate::id;
use crate::letters::is_letter;
use crate::role::{self, Role};

/// How many rows are looked at to find out whether a text is a table.
const SAMPLE: usize = 64;

/// How many rows that are alike make up for one that is not.
const MOSTLY: usize = 4;

/// How many rows may stand above a header: titles, dates, notes.
const ABOVE: usize = 8;

/// How many rows of one without a header are looked at to find out what the columns are.
const LOOKED_AT: usize = 256;

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
fn find_header(rows: &mut Rows<'_>, cells: &mut Vec<Cell>) -> Option<(usize, Vec<Option<Column>>)> {
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
fn names_someone(cell: &str) -> bool {
    cell.contains('@') || id::looks_like(cell.trim()).is_some()
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
mod tests {
    use super::super::tests::names;
    use super::super::{Format, InvalidEntry, Options, Recipients, Who, read};
    use super::*;
    use crate::email::{EmailErrorKind, NoMapping};
    use crate::service::Service;

    fn table(text: &str) -> Recipients {
        let roles = Service::Astro.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        read(text, &options, &NoMapping)
    }

    /// Each entry as `line:address=name/role`.
    fn told(text: &str) -> Vec<String> {
        table(text)
            .entries
            .iter()
            .map(|entry| match &entry.recipient {
                Ok(recipient) => {
                    let who = match &recipient.who {
                        Who::Email(email) => email.as_str(),
                        Who::User { id, .. } => id,
                    };
                    let role = names(recipient).join("+");
                    let name = recipient.name.as_deref().unwrap_or_default();
                    format!("{}:{who}={name}/{role}", entry.line)
                }
                Err(InvalidEntry::Email(error)) => format!("{}!{}", entry.line, error.kind.name()),
                Err(InvalidEntry::Role(error)) => format!("{}!{}", entry.line, error.kind.name()),
            })
            .collect()
    }

    const OWNER: &str = "ORGANIZATION_OWNER";
    const MEMBER: &str = "ORGANIZATION_MEMBER";

    #[test]
    fn a_header_names_the_columns_in_any_order() {
        for delimiter in [",", ";", "\t", "|"] {
            let text = "\u{FEFF}Role,Full name,E-Mail\r\nowner,\"Lee; Ann, \"\"A\"\" | \tx\",a@b.co\r\n\r\n,Bob,c@d.co"
                .replace(',', delimiter);
            let list = table(&text);
            assert_eq!(
                list.header.as_deref(),
                Some(&["Role", "Full name", "E-Mail"].map(str::to_owned)[..])
            );
            let name = "Lee; Ann, \"A\" | \tx".replace(',', delimiter);
            assert_eq!(
                told(&text),
                [
                    format!("2:a@b.co={name}/{OWNER}"),
                    "4:c@d.co=Bob/".to_owned()
                ]
            );
        }
        assert_eq!(
            told("First name,Last name,Email\nAnn,Lee,a@b.co\n,Bo,\n"),
            ["2:a@b.co=Ann Lee/", "3!Empty"]
        );
        assert_eq!(
            told("sep=;\nemail;role\na@b.co;member"),
            [format!("3:a@b.co=/{MEMBER}")]
        );
    }

    #[test]
    fn without_a_header_the_columns_tell_themselves() {
        assert_eq!(
            told("Lee,a@b.co,owner\nBo,c@d.co,membr\nCy,e@f.co,\nDi,nobody@,member"),
            [
                format!("1:a@b.co=/{OWNER}"),
                "2!UnknownRole".to_owned(),
                "3:e@f.co=/".to_owned(),
                "4!DomainEmpty".to_owned()
            ]
        );
        assert_eq!(told("a@b.co,owner"), [format!("1:a@b.co=/{OWNER}")]);
        assert_eq!(
            told("a@b.co\tx\tMember\nc@d.co\ty\tOwner"),
            [format!("1:a@b.co=/{MEMBER}"), format!("2:c@d.co=/{OWNER}")]
        );
    }

    #[test]
    fn a_column_with_a_role_that_there_is_loses_none_that_there_is_not() {
        assert_eq!(
            told("jo@b.co,Besitzer\nkim@b.co,Owner"),
            ["1!UnknownRole".to_owned(), format!("2:kim@b.co=/{OWNER}")]
        );
        let few = (0..100)
            .map(|i| format!("p{i}@b.co,\n"))
            .collect::<String>();
        let told = told(&format!("{few}boss@b.co,Owner\n"));
        assert_eq!(told[100], format!("101:boss@b.co=/{OWNER}"));
    }

    #[test]
    fn nobody_and_nothing_is_passed_over_below_the_rows_that_tell_the_form() {
        let rows = |n: usize, row: &str| -> String {
            (0..n).map(|i| row.replace('#', &i.to_string())).collect()
        };
        let text = rows(SAMPLE, "p#@b.co, Ann\n") + "c@d.co, e@f.co\n";
        assert_eq!(told(&text)[SAMPLE], "65!Separator");
        let text = rows(LOOKED_AT, "p#@b.co,\n") + "boss@b.co,Owner\n";
        assert_eq!(told(&text)[LOOKED_AT], format!("257:boss@b.co=/{OWNER}"));
    }

    #[test]
    fn somebody_without_an_address_makes_no_other_row_unreadable() {
        let text = "Ann\tann@b.co\tOwner\nBob\t\tMember\nCy\tcy@b.co\tMember";
        assert_eq!(
            told(text),
            [
                format!("1:ann@b.co=/{OWNER}"),
                "2!Empty".to_owned(),
                format!("3:cy@b.co=/{MEMBER}")
            ]
        );
    }

    #[test]
    fn a_semicolon_at_the_end_of_each_line_takes_no_role_away() {
        assert_eq!(
            told("a@b.co, owner;\nc@d.co, member;\n"),
            [format!("1:a@b.co=/{OWNER}"), format!("2:c@d.co=/{MEMBER}")]
        );
        assert_eq!(told("a@b.co, owner;"), [format!("1:a@b.co=/{OWNER}")]);
    }

    #[test]
    fn a_header_has_names_of_its_own() {
        assert_eq!(
            told("Name,Work email,Current role\nJo B,jo@b.co,Owner"),
            [format!("2:jo@b.co=Jo B/{OWNER}")]
        );
        assert_eq!(
            told("Private email,Email,Old role,Role\nx@y.co,jo@b.co,Member,Owner"),
            [format!("2:jo@b.co=/{OWNER}")]
        );
    }

    #[test]
    fn a_new_role_goes_before_the_one_so_far() {
        for (header, row) in [
            ("Email,Current role,New role", "jo@b.co,Member,Owner"),
            ("Email,New role,Old role", "jo@b.co,Owner,Member"),
            ("Email,Role,New role", "jo@b.co,Member,Owner"),
        ] {
            let told = told(&format!("{header}\n{row}"));
            assert_eq!(told, [format!("2:jo@b.co=/{OWNER}")], "{header}");
        }
    }

    #[test]
    fn a_column_of_roles_may_be_called_anything() {
        assert_eq!(
            told("Email,Access level\njo@b.co,Owner\nkim@b.co,\nlee@b.co,OWNR"),
            ["2:jo@b.co=/", "3:kim@b.co=/", "4:lee@b.co=/"],
            "it may be something else"
        );
        assert_eq!(
            told("Email,Access level\njo@b.co,Owner\nkim@b.co,\nlee@b.co,member"),
            [
                format!("2:jo@b.co=/{OWNER}"),
                "3:kim@b.co=/".to_owned(),
                format!("4:lee@b.co=/{MEMBER}")
            ]
        );
    }

    #[test]
    fn a_header_may_have_accents() {
        assert_eq!(
            told("Prénom;Email;Rôle\nJo;jo@b.co;Owner"),
            [format!("2:jo@b.co=Jo/{OWNER}")]
        );
        assert_eq!(
            told("Correo electro\u{301}nico,Rol\njo@b.co,Owner"),
            [format!("2:jo@b.co=/{OWNER}")]
        );
    }

    #[test]
    fn a_title_may_stand_above_the_header() {
        let rows = "Email,Name,Role\na@b.co,Ann,owner\nb@b.co,Bo,OWNR\n";
        for above in [
            "People to invite\n",
            "Export of 2026-11-02,,\n,,\n",
            "\"A, B\"\n\nx,y\n",
        ] {
            let text = format!("{above}{rows}");
            let line = above.lines().count() + 2;
            assert_eq!(
                told(&text),
                [
                    format!("{line}:a@b.co=Ann/{OWNER}"),
                    format!("{}!UnknownRole", line + 1)
                ]
            );
            assert_eq!(table(&text).header.unwrap(), ["Email", "Name", "Role"]);
        }
        // a letter is none
        let letter = "Hi,\nplease use the work email, not the private one:\na@b.co, c@d.co";
        assert_eq!(table(letter).header, None);
        // not behind somebody, and not anywhere
        assert_eq!(table("x@b.co,member\nemail,role").header, None);
        let far = format!("{}email,role\na@b.co,owner", "x,y\n".repeat(ABOVE + 1));
        assert_eq!(table(&far).header, None);
    }

    #[test]
    fn tables_as_programs_draw_them_lose_nothing_but_their_lines() {
        let drawn = "\
+--------------------------------------+----------------+---------+
| User Id                              | User Email     | Status  |
+--------------------------------------+----------------+---------+
| 9b01f7bb-ce9b-4de7-8685-beb5a869c1f0 | a@b.co         | active  |
| ba5533ab-769a-4ec6-aa5e-7f2c26943c57 | c@d.co         | invited |
+--------------------------------------+----------------+---------+
";
        assert_eq!(told(drawn), ["4:a@b.co=/", "5:c@d.co=/"]);
        let markdown =
            "| Name | Email | Role |\n|:---|---|--:|\n| Ann | a@b.co | owner |\n| - | c@d.co | |";
        assert_eq!(
            told(markdown),
            [format!("3:a@b.co=Ann/{OWNER}"), "4:c@d.co=-/".to_owned()]
        );
        // in another table they are what somebody wrote
        assert_eq!(told("email,role\n---,\n"), ["2!MissingAt"]);
    }

    #[test]
    fn columns_that_stand_below_their_titles_are_a_table() {
        let printed = "
 FULLNAME          EMAIL              ID                            ORGANIZATION ROLE      CREATE DATE
 Ann B. Lee        a@b.co             clm8qv74h000008mlf08scq7k     ORGANIZATION_OWNER     2023-09-08T12:00:00Z
 Żółć  Ÿ           c@d.co             clm8qv74h000008mlf08scq7l     ORGANIZATION_MEMBER    2 days ago
                   e@f.co             clm8qv74h000008mlf08scq7m                            2 days ago
                   nobody
";
        assert_eq!(
            told(printed),
            [
                format!("3:a@b.co=Ann B. Lee/{OWNER}"),
                format!("4:c@d.co=Żółć  Ÿ/{MEMBER}"),
                "5:e@f.co=/".to_owned(),
                "6!MissingAt".to_owned(),
            ]
        );
        let list = table(printed);
        let delimiter = Delimiter::Blanks;
        assert_eq!(list.format, Format::Table { delimiter });
        let titles = [
            "FULLNAME",
            "EMAIL",
            "ID",
            "ORGANIZATION ROLE",
            "CREATE DATE",
        ];
        assert_eq!(list.header.as_deref(), Some(&titles.map(str::to_owned)[..]));
        let entry = &list.entries[2];
        assert_eq!(&printed[entry.address.clone()], "e@f.co");
        // what is longer than its column moves those behind it
        let moved = "NAME  EMAIL  ROLE\nMaximilian  a@b.co  owner\nBo  long.name@b.co  member\n";
        assert_eq!(
            told(moved),
            [
                format!("2:a@b.co=Maximilian/{OWNER}"),
                format!("3:long.name@b.co=Bo/{MEMBER}")
            ]
        );
    }

    #[test]
    fn lists_are_not_taken_for_tables() {
        for text in [
            "a@b.co,c@d.co\ne@f.co,g@h.co",
            "a@b.co; c@d.co;",
            "Lee, Ann <a@b.co>\nBo, Cy <c@d.co>",
            "a@b.co, Ann",
            "email\na@b.co",
            "a@b.co",
            "Hello  all,\nwrite to my email  please:\na@b.co",
            "",
        ] {
            assert_eq!(table(text).format, Format::Addresses, "{text:?}");
        }
    }

    #[test]
    fn ids_name_users() {
        assert_eq!(
            told("id,role\nclm8qv74h000008mlf08scq7k,owner"),
            [format!("2:clm8qv74h000008mlf08scq7k=/{OWNER}")]
        );
    }

    #[test]
    fn one_row_that_is_wrong_is_wrong_alone() {
        let rows =
            |n: usize| -> String { (0..n).map(|i| format!("Ann,p{i}@b.co,owner\n")).collect() };
        for (odd, kind) in [
            ("Ann,b.co,owner", "MissingAt"),
            ("Ann,,owner", "Empty"),
            ("Total,2,", "MissingAt"),
            ("Lee, Ann,q@b.co,owner", "MissingAt"),
            ("Ann,q@b.co,r@b.co", "Separator"),
        ] {
            for (before, after) in [(0, 8), (1, 8), (8, 0), (100, 8)] {
                let all = told(&format!("{}{odd}\n{}", rows(before), rows(after)));
                assert_eq!(all.len(), before + after + 1, "{odd} {before}");
                assert_eq!(all[before], format!("{}!{kind}", before + 1));
                let owners = all.iter().filter(|it| it.ends_with(OWNER)).count();
                assert_eq!(owners, before + after, "{odd} {before}");
            }
        }
        assert_eq!(
            told("annexample.com;Ann;Owner\nbob@b.co;Bob;Member"),
            ["1!MissingAt".to_owned(), format!("2:bob@b.co=/{MEMBER}")]
        );
        // nor do titles that nobody knows take anybody away
        assert_eq!(
            told("Posta;Cognome;Ruolo\na@b.co;Ann;Owner\nc@d.co;Cy;Member"),
            [
                "1!MissingAt".to_owned(),
                format!("2:a@b.co=/{OWNER}"),
                format!("3:c@d.co=/{MEMBER}")
            ]
        );
    }

    #[test]
    fn titles_of_other_programs_are_known() {
        for header in [
            "First Name [Required],Email Address [Required]",
            "Name,E-mail 1 - Value",
            "Display name,User principal name",
            "Nom,Courriel",
            "Nombre,Correo electrónico",
        ] {
            let ann = told(&format!("{header}\nAnn,a@b.co"));
            assert_eq!(ann, ["2:a@b.co=Ann/"], "{header}");
        }
    }

    #[test]
    fn behind_semicolons_stand_several_roles() {
        let roles = Service::Astra.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        for text in [
            "a@b.co;RO User; R/W User",
            "email;role\na@b.co;RO User; R/W User",
            "email;role\na@b.co;\"RO User; R/W User\"",
            "a@b.co;RO User; R/W User\nc@d.co;RO User; R/W User",
            "a@b.co RO User; R/W User",
            "a@b.co \"RO User; R/W User\"",
            "a@b.co \"RO User; R/W User\"\nc@d.co \"RO User; R/W User\"",
            "a@b.co RO User; R/W User\nc@d.co, e@f.co",
        ] {
            let list = read(text, &options, &NoMapping);
            let recipient = list.entries[0].recipient.as_ref().unwrap();
            assert_eq!(names(recipient).len(), 2, "{text}");
        }
        let list = read(
            "email;role;team\na@b.co;RO User;R/W User",
            &options,
            &NoMapping,
        );
        assert_eq!(names(list.entries[0].recipient.as_ref().unwrap()).len(), 1);
    }

    #[test]
    fn what_is_wrong_in_quotes_is_found_in_them() {
        for (cell, wrong) in [
            ("\"an\"\"n@b.co\"", "\""),
            ("\"bo(b)@exa\"\"mple.com\"", "("),
            ("\"Ann \"\"A\"\" <an n@b.co>\"", " n@"),
            ("'+a b@b.co", " b"),
            ("\"'+a\"\"b c@b.co\"", "\""),
        ] {
            let text = format!("email,role\n{cell},owner\n");
            let list = table(&text);
            let at = list.entries[0].error_at().unwrap();
            assert!(text[at..].starts_with(wrong), "{cell}: {}", &text[at..]);
        }
    }

    #[test]
    fn an_id_beside_an_address_is_the_same_person() {
        let (ann, bo) = ("clm8qv74h000008mlf08scq7k", "clm8qv74h000008mlf08scq7l");
        assert_eq!(
            told(&format!("{ann},a@b.co,owner\n{bo},c@d.co,member\n")),
            [format!("1:a@b.co=/{OWNER}"), format!("2:c@d.co=/{MEMBER}")]
        );
        assert_eq!(
            told(&format!("{ann},owner\n{bo},member\n")),
            [format!("1:{ann}=/{OWNER}"), format!("2:{bo}=/{MEMBER}")]
        );
    }

    #[test]
    fn a_stray_quote_swallows_no_row() {
        assert_eq!(
            told("email,name\na@b.co,\"Ann\nc@d.co,Bob\"\ne@f.co,\"Cy\"x\ng@h.co,\"Di\nE\"\n"),
            [
                "2:a@b.co=\"Ann/",
                "3:c@d.co=Bob\"/",
                "4:e@f.co=\"Cy\"x/",
                "5:g@h.co=Di\nE/"
            ]
        );
    }

    #[test]
    fn a_guarded_formula_is_read_as_it_was() {
        assert_eq!(
            told("email,name\n'+a@b.co,'=1+1\n'a@b.co,'x\n''-a@b.co,' =1"),
            ["2:+a@b.co==1+1/", "3:'a@b.co='x/", "4:'-a@b.co==1/"]
        );
    }

    #[test]
    fn spans_point_into_the_text() {
        let text = "email;role\n Ann <a@b,co> ;owner\n\"a\"\"@b.co\";owner";
        let list = table(text);
        let entry = &list.entries[0];
        assert_eq!(&text[entry.span.clone()], " Ann <a@b,co> ;owner");
        assert_eq!(&text[entry.address.clone()], "a@b,co");
        assert_eq!(entry.error_at(), text.find(",co"));
        let entry = &list.entries[1];
        assert_eq!(&text[entry.address.clone()], "a\"\"@b.co");
        let Err(InvalidEntry::Email(error)) = &entry.recipient else {
            panic!("{entry:?}");
        };
        assert_eq!(error.kind, EmailErrorKind::LocalInvalidChar);
    }

    #[test]
    fn hostile_lengths_take_linear_time() {
        for piece in [
            "\"",
            ",",
            "\"a,",
            "\"\",",
            "\"\n",
            "\"a\"b,",
            "a@b.co,\"",
            "\"\"a,\"",
            "\r",
            "a  ",
            "  a\n",
            "  ",
            " \n",
        ] {
            for header in ["email,role\n", "email  role\n"] {
                let text = format!("{header}{}", piece.repeat(200_000));
                let list = table(&text);
                assert!(
                    list.entries
                        .iter()
                        .all(|entry| entry.span.end <= text.len())
                );
            }
        }
    }
}
