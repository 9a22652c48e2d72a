//! A list of recipients as people have it: pasted, exported from a spreadsheet, or in the vendor's
//! `users.txt`.
//!
//! Nothing is dropped silently: whatever is no recipient is an entry with the reason, and
//! duplicates are marked, not removed. Reading takes linear time, whatever the text.

mod cells;
mod columns;
mod decode;
mod formula;
mod from_json;
mod item;
mod list;
mod mixed;
mod reading;
mod table;
mod users_file;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::email::{Email, InvalidEmail, Mapping};
use crate::id::{self, LooksLike};
use crate::index::{Index, TextMap};
use crate::json::{FromJson, ToJson};
use crate::letters::lower_text;
use crate::role::{self, InvalidRole, Role, RoleId};

pub use decode::{Encoding, decode, is_text};
pub use formula::guarded;
pub use from_json::from_json;
pub use reading::Reading;

/// How to read a list.
#[derive(Clone, Copy, Debug)]
pub struct Options<'r> {
    /// The form of the list; nothing to find out.
    pub format: Option<Format>,
    /// Roles that a row may name. Without any, roles are kept as written.
    pub roles: &'r [Role],
    /// Whether two addresses are duplicates that differ in the case of the local part only.
    pub ignore_case: bool,
    /// How many entries are read; the rest is counted, and told by [`Recipients::left_out`].
    pub max_entries: usize,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            format: None,
            roles: &[],
            ignore_case: false,
            max_entries: usize::MAX,
        }
    }
}

/// The form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Format {
    /// Addresses with or without names, separated by line breaks, commas, semicolons, tabs, or by
    /// blanks between two addresses; behind the only address of a line may stand a role.
    Addresses,
    /// A line for each user: address, blank, role. The vendor's `users.txt`.
    UsersFile,
    /// Cells with a delimiter between them, quoted where they contain it.
    Table {
        /// What stands between two cells.
        delimiter: Delimiter,
    },
}

/// What stands between two cells of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToJson, FromJson)]
pub enum Delimiter {
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// `;`, as spreadsheets write it where the comma is the decimal sign.
    #[serde(rename = ";")]
    Semicolon,
    /// A tab, as copied from a spreadsheet.
    #[serde(rename = "\t")]
    Tab,
    /// `|`, also around the rows and with lines of `-`, as programs draw tables and Markdown writes them.
    #[serde(rename = "|")]
    Bar,
    /// Two blanks or more, with columns that stand below their titles: as programs print tables.
    #[serde(rename = "  ")]
    Blanks,
}

impl Delimiter {
    /// Those that are one character.
    const SIGNS: [Self; 4] = [Self::Tab, Self::Comma, Self::Semicolon, Self::Bar];

    /// The delimiter, or what it begins with, as an octet of ASCII.
    pub const fn octet(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
            Self::Blanks => b' ',
        }
    }
}

/// A list, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// Everything in it, in its order.
    pub entries: Vec<Entry>,
    /// The form it was read as.
    pub format: Format,
    /// The names of the columns, if the first line gives them.
    pub header: Option<Vec<String>>,
    /// How many entries there are beyond [`Options::max_entries`].
    pub left_out: usize,
}

/// One item or row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Line on which it starts, from 1.
    pub line: u32,
    /// Character of that line at which it starts, from 1.
    pub column: u32,
    /// All of it: octets of the text, on character boundaries.
    pub span: Range<usize>,
    /// The part that was read as an address, within `span`.
    pub address: Range<usize>,
    /// Who, or why not.
    pub recipient: Result<Recipient, InvalidEntry>,
    /// The roles that it gives, if its address is none: they stay when that is mended.
    pub roles_beside: Option<Result<Vec<NamedRole>, InvalidRole>>,
    /// Whom it names, if its role is none.
    pub who_beside: Option<Who>,
    /// Index of the first entry with the same recipient.
    pub duplicate_of: Option<usize>,
}

/// Somebody to invite or re-role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub who: Who,
    /// Name beside the address.
    pub name: Option<String>,
    /// Roles beside the address: more than one where [`ROLE_SEPARATOR`] stands between them, none
    /// where the row gives none.
    pub roles: Vec<NamedRole>,
}

impl Recipient {
    fn new(who: Who, name: Option<Cow<'_, str>>, roles: Vec<NamedRole>) -> Self {
        let name = name.map(|name| trim_edges(&name).1.to_owned());
        Self {
            who,
            name: name.filter(|name| !name.is_empty()),
            roles,
        }
    }
}

/// Whom a row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody by address.
    Email(Email),
    /// A user by the id that a service gave.
    User {
        /// The id, as written.
        id: String,
        /// Whose id it looks like.
        kind: LooksLike,
    },
}

impl Who {
    /// Reads an id of either service, or else an address.
    ///
    /// # Errors
    ///
    /// What is wrong with the address, and where.
    pub fn read(text: &str, mapping: &impl Mapping) -> Result<Self, InvalidEmail> {
        let trimmed = text.trim();
        match id::looks_like(trimmed) {
            Some(kind) => Ok(Self::User {
                id: trimmed.to_owned(),
                kind,
            }),
            None => Email::read(text, mapping).map(Self::Email),
        }
    }
}

/// A role that a row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedRole {
    /// One of the roles given in the [`Options`].
    Known(RoleId),
    /// As written; no roles were given.
    Unchecked(String),
}

/// What stands between the roles of one person, where a service gives several.
pub const ROLE_SEPARATOR: char = ';';

/// Why an entry is no recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidEntry {
    /// The address is none. Its position counts from the start of [`Entry::address`].
    Email(InvalidEmail),
    /// The address is good, the role is not known.
    Role(InvalidRole),
}

impl fmt::Display for InvalidEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(error) => error.fmt(f),
            Self::Role(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for InvalidEntry {}

impl Entry {
    /// Where in the text the error is: an octet offset.
    pub fn error_at(&self) -> Option<usize> {
        match self.recipient.as_ref().err()? {
            InvalidEntry::Email(error) => Some(self.address.start + error.at),
            InvalidEntry::Role(_) => Some(self.span.start),
        }
    }
}

/// Reads a list.
///
/// # Example
///
/// ```
/// use rolecall_core::email::NoMapping;
/// use rolecall_core::recipients::{Options, Who, read};
///
/// let list = read("Ann <ann@b.example>, bob@b.example", &Options::default(), &NoMapping);
/// assert_eq!(list.entries.len(), 2);
/// let ann = list.entries[0].recipient.as_ref().unwrap();
/// assert_eq!(ann.name.as_deref(), Some("Ann"));
/// assert_eq!(ann.who, Who::Email("ann@b.example".parse()?));
/// # Ok::<(), rolecall_core::email::InvalidEmail>(())
/// ```
pub fn read(text: &str, options: &Options<'_>, mapping: &impl Mapping) -> Recipients {
    let mut reading = Reading::new(text, options, mapping);
    while reading.read_on(usize::MAX) {}
    reading.finish()
}

/// The form of a list, by what stands in it.
fn find_out(text: &str, roles: &[Role]) -> Format {
    if let Some(delimiter) = table::detect(text, roles) {
        Format::Table { delimiter }
    } else if users_file::detect(text) {
        Format::UsersFile
    } else {
        Format::Addresses
    }
}

/// Room for entries that is made beforehand, at the most.
const MOST_RESERVED: usize = 100_000;

fn lines_of(text: &str) -> usize {
    text.bytes().filter(|octet| *octet == b'\n').count() + 1
}

/// What two entries of the same recipient have in common.
fn key_of(who: &Who, ignore_case: bool) -> Cow<'_, str> {
    match who {
        Who::Email(email) if ignore_case => Cow::Owned(lower_text(email.key())),
        Who::Email(email) => Cow::Borrowed(email.key()),
        Who::User { id, .. } => Cow::Owned(id.to_ascii_lowercase()),
    }
}

/// What a cell says of an address, where that is not how it is written.
struct Decoded<'c> {
    /// The address.
    address: &'c str,
    /// Where it begins in what the cell says.
    from: usize,
    /// How many octets were taken from the cell's beginning.
    skipped: usize,
    /// Whether each quote is written as two.
    doubled: bool,
}

impl Decoded<'_> {
    /// Where an octet of the address stands in the cell as it is written.
    fn place_in(&self, raw: &str, at: usize) -> usize {
        let (octets, mut place) = (raw.as_bytes(), self.skipped);
        for _ in 0..self.from + at {
            let rest = octets.get(place..).unwrap_or_default();
            let is_pair = self.doubled && rest.starts_with(b"\"\"");
            place += if is_pair { 2 } else { 1 };
        }
        place.min(raw.len())
    }
}

/// What the forms share: turning a piece of text into an entry.
struct Reader<'t, M> {
    text: &'t str,
    roles: &'t [Role],
    ignore_case: bool,
    max_entries: usize,
    mapping: &'t M,
    entries: Vec<Entry>,
    left_out: usize,
    /// First entry of each recipient: its index, found by what [`key_of`] gives.
    first: Index,
    /// Role names seen, and what they are.
    named: TextMap<&'t str, Result<Vec<NamedRole>, InvalidRole>>,
    /// Where lines and columns were counted up to, and what they were there.
    counted: (usize, u32, u32),
}

impl<'t, M: Mapping> Reader<'t, M> {
    fn new(text: &'t str, options: &Options<'t>, mapping: &'t M) -> Self {
        Self {
            text,
            roles: options.roles,
            ignore_case: options.ignore_case,
            max_entries: options.max_entries,
            mapping,
            // most lists have an entry a line; a text may be anything
            entries: Vec::with_capacity(lines_of(text).min(options.max_entries).min(MOST_RESERVED)),
            left_out: 0,
            first: Index::default(),
            named: TextMap::default(),
            counted: (0, 1, 1),
        }
    }

    /// Adds an entry. `address` lies in `span`; `decoded` is what it says where something had to be taken out.
    fn push(
        &mut self,
        span: Range<usize>,
        address: Range<usize>,
        decoded: Option<Decoded<'_>>,
        name: Option<Cow<'t, str>>,
        role: Option<Cow<'t, str>>,
    ) {
        if self.entries.len() >= self.max_entries {
            self.left_out += 1;
            return;
        }
        let (line, column) = self.place(span.start);
        let raw = &self.text[address.clone()];
        let written = decoded.as_ref().map_or(raw, |decoded| decoded.address);
        let who = Who::read(written, self.mapping).map_err(|mut invalid| {
            if let Some(decoded) = &decoded {
                invalid.at = decoded.place_in(raw, invalid.at);
            }
            invalid
        });
        let role = role.filter(|role| !role.trim().is_empty());
        let roles = role.map(|role| self.roles(role));
        let (recipient, roles_beside, who_beside) = match (who, roles) {
            (Err(invalid), roles) => (Err(InvalidEntry::Email(invalid)), roles, None),
            (Ok(who), Some(Err(error))) => (Err(InvalidEntry::Role(error)), None, Some(who)),
            (Ok(who), Some(Ok(roles))) => (Ok(Recipient::new(who, name, roles)), None, None),
            (Ok(who), None) => (Ok(Recipient::new(who, name, Vec::new())), None, None),
        };
        let duplicate_of = match &recipient {
            Ok(recipient) => self.first_of(&recipient.who),
            Err(_) => None,
        };
        self.entries.push(Entry {
            line,
            column,
            span,
            address,
            recipient,
            roles_beside,
            who_beside,
            duplicate_of,
        });
    }

    /// The first entry of the same recipient; the one about to be added becomes it where there is none.
    fn first_of(&mut self, who: &Who) -> Option<usize> {
        let (entries, ignore_case) = (&self.entries, self.ignore_case);
        let key = key_of(who, ignore_case);
        let same = |index: usize| match entries.get(index).map(|entry| &entry.recipient) {
            Some(Ok(known)) => key_of(&known.who, ignore_case) == key,
            _ => false,
        };
        self.first.find_or_insert(&key, entries.len(), &same)
    }

    fn roles(&mut self, text: Cow<'t, str>) -> Result<Vec<NamedRole>, InvalidRole> {
        let roles = self.roles;
        let name = |text: &str| match roles {
            [] => Ok(vec![NamedRole::Unchecked(text.trim().to_owned())]),
            roles => named_roles(text, roles),
        };
        match text {
            Cow::Borrowed(text) => self.named.get_or_insert(text, || name(text)).clone(),
            Cow::Owned(text) => name(&text),
        }
    }

    /// Line and column of an offset. Offsets come in rising order, so all calls together read the
    /// text once.
    fn place(&mut self, at: usize) -> (u32, u32) {
        let (mut from, mut line, mut column) = self.counted;
        if at < from {
            (from, line, column) = (0, 1, 1);
        }
        let octets = &self.text.as_bytes()[from..at];
        for (i, &octet) in octets.iter().enumerate() {
            let next = self.text.as_bytes().get(from + i + 1);
            match octet {
                b'\n' => (line, column) = (line + 1, 1),
                b'\r' if next != Some(&b'\n') => (line, column) = (line + 1, 1),
                // octets that continue a character are not counted
                0x80..0xC0 => {}
                _ => column += 1,
            }
        }
        self.counted = (at, line, column);
        (line, column)
    }
}

/// The roles that a cell names, each once: one, whose name may hold anything, or several with
/// [`ROLE_SEPARATOR`] between them.
pub(crate) fn named_roles(text: &str, roles: &[Role]) -> Result<Vec<NamedRole>, InvalidRole> {
    let whole = match role::find(text, roles) {
        Ok(role) => return Ok(vec![NamedRole::Known(role.id.clone())]),
        Err(error) => error,
    };
    let mut several: Vec<NamedRole> = Vec::new();
    for name in text
        .split(ROLE_SEPARATOR)
        .filter(|it| !it.trim().is_empty())
    {
        // without a separator it is the same text, and the same error
        let role = NamedRole::Known(role::find(name, roles)?.id.clone());
        if !several.contains(&role) {
            several.push(role);
        }
    }
    match several.is_empty() {
        true => Err(whole),
        false => Ok(several),
    }
}

/// The lines of a text with their offsets, without their ends: LF, CRLF or CR. The last line counts
/// also without an end.
#[derive(Clone)]
struct Lines<'t> {
    text: &'t str,
    rest: Option<usize>,
}

fn lines(text: &str) -> Lines<'_> {
    let rest = Some(0);
    Lines { text, rest }
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.rest?;
        let tail = &self.text[start..];
        match tail.find(['\n', '\r']) {
            Some(len) => {
                let end = match tail[len..].starts_with("\r\n") {
                    true => len + 2,
                    false => len + 1,
                };
                self.rest = Some(start + end);
                Some((start, &tail[..len]))
            }
            None => {
                self.rest = None;
                Some((start, tail))
            }
        }
    }
}

/// The text without white space and invisible characters around, and how far it moved.
fn trim_edges(text: &str) -> (usize, &str) {
    let start = text.trim_start_matches(crate::email::is_edge);
    (
        text.len() - start.len(),
        start.trim_end_matches(crate::email::is_edge),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::NoMapping;
    use crate::role::RoleErrorKind;
    use crate::service::Service;

    /// The roles of a recipient, as ids or as written.
    pub(super) fn names(recipient: &Recipient) -> Vec<&str> {
        let roles = recipient.roles.iter();
        roles
            .map(|role| match role {
                NamedRole::Known(id) => id.as_str(),
                NamedRole::Unchecked(text) => text,
            })
            .collect()
    }

    #[test]
    fn a_person_may_have_several_roles() {
        let roles = Service::Astra.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        let cell = |cell: &str| {
            let text = format!("email,role\na@b.example,{cell}\n");
            let list = read(&text, &options, &NoMapping);
            list.entries[0].recipient.clone()
        };
        let keys = |text: &str| -> Vec<String> {
            let recipient = cell(text).unwrap();
            let key = |id: &str| roles.iter().find(|role| role.id.as_str() == id).unwrap();
            names(&recipient)
                .into_iter()
                .map(|id| key(id).key.clone())
                .collect()
        };
        let (admin, reader) = ("Organization Administrator", "RO User");
        assert_eq!(keys("RO User"), [reader]);
        assert_eq!(
            keys(" organization administrator;ro user ;"),
            [admin, reader]
        );
        assert_eq!(keys("RO User; ro_user"), [reader], "each once");
        for (text, wrong) in [("RO User; wizard", "wizard"), (";", ";")] {
            let Err(InvalidEntry::Role(error)) = cell(text) else {
                panic!("{text}");
            };
            assert_eq!(
                (error.kind, &*error.text),
                (RoleErrorKind::UnknownRole, wrong)
            );
        }
    }

    #[test]
    fn a_role_is_found_before_it_is_taken_apart() {
        let mut roles = Service::Astra.known_roles();
        let mut custom = Role::unknown("0f0f".into(), "RO User; at night");
        custom.key = "RO User; at night".to_owned();
        roles.push(custom);
        let named = named_roles("ro user; at night", &roles);
        assert_eq!(named, Ok(vec![NamedRole::Known("0f0f".into())]));
    }

    #[test]
    fn without_roles_to_compare_the_cell_stays_as_it_is() {
        let list = read(
            "email,role\na@b.example,X; Y\n",
            &Options::default(),
            &NoMapping,
        );
        let recipient = list.entries[0].recipient.as_ref().unwrap();
        assert_eq!(names(recipient), ["X; Y"]);
    }
}
