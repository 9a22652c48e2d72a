//! Lists of recipients.

use rolecall_core::email::Mapping;
use rolecall_core::json::{FromJson, ToJson};
use rolecall_core::recipients::{
    Delimiter, Encoding, Entry, Format, InvalidEntry, NamedRole, Options, Recipients, Who, decode,
    read,
};
use rolecall_core::service::Service;

use crate::issue::{Issue, Params, Wrong};
use crate::role::{GivenRole, roles};
use crate::units::Units;
use crate::{Misuse, answer, argument, kept};

#[derive(FromJson)]
#[serde(rename_all = "camelCase")]
struct Given {
    service: Option<Service>,
    roles: Option<Vec<GivenRole>>,
    format: Option<ListFormat>,
    #[serde(default)]
    ignore_case: bool,
    max_rows: Option<usize>,
}

#[derive(ToJson, FromJson)]
#[serde(tag = "type", rename_all = "camelCase")]
enum ListFormat {
    Addresses,
    UsersFile,
    Table { delimiter: Delimiter },
}

impl From<ListFormat> for Format {
    fn from(it: ListFormat) -> Self {
        match it {
            ListFormat::Addresses => Self::Addresses,
            ListFormat::UsersFile => Self::UsersFile,
            ListFormat::Table { delimiter } => Self::Table { delimiter },
        }
    }
}

impl From<Format> for ListFormat {
    fn from(it: Format) -> Self {
        match it {
            Format::UsersFile => Self::UsersFile,
            Format::Table { delimiter } => Self::Table { delimiter },
            // a form that is newer than this rim is a list of addresses
            _ => Self::Addresses,
        }
    }
}

/// A list in columns, which hosts read sooner than an object for each row.
#[derive(Default, ToJson)]
#[serde(rename_all = "camelCase")]
struct List {
    line: Vec<u32>,
    column: Vec<u32>,
    start: Vec<usize>,
    end: Vec<usize>,
    /// Addresses, a line each; empty where there is none.
    emails: String,
    names: Vec<Option<String>>,
    /// Of each row 0, or the place of its role among `roles`, from 1.
    role: Vec<usize>,
    roles: Vec<String>,
    /// What few rows have, by row.
    more: Vec<(usize, More)>,
    format: Option<ListFormat>,
    header: Option<Vec<String>>,
    left_out: usize,
    /// What bytes say; of a text the face has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Default, ToJson)]
#[serde(rename_all = "camelCase")]
struct More {
    /// An id in the place of an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// All roles, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    /// Of an address with an issue: where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_of: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issue: Option<Wrong>,
}

impl List {
    fn push(&mut self, entry: Entry, units: &mut Units<'_>) {
        let start = units.at(entry.span.start);
        let error_at = entry.error_at();
        let mut more = More {
            duplicate_of: entry.duplicate_of,
            ..More::default()
        };
        let (mut name, mut role) = (None, 0);
        match entry.recipient {
            Ok(recipient) => {
                match recipient.who {
                    Who::Email(email) => self.emails.push_str(email.as_str()),
                    Who::User { id, .. } => more.user = Some(id),
                }
                name = recipient.name;
                role = self.place_of(recipient.roles.first());
                if recipient.roles.len() > 1 {
                    let texts = recipient.roles.iter().map(text_of);
                    more.roles = Some(texts.map(str::to_owned).collect());
                }
            }
            Err(InvalidEntry::Email(invalid)) => {
                let address = [&entry.address.start, &entry.address.end];
                more.address = Some(address.map(|at| units.at(*at)));
                let at = units.at(error_at.unwrap_or(entry.span.start));
                let len = invalid.found.map_or(0, char::len_utf16);
                more.issue = Some(Wrong::address(&invalid, Some([at, at + len])));
            }
            Err(InvalidEntry::Role(invalid)) => {
                let end = units.at(entry.span.end);
                more.issue = Some(Issue::from(&invalid).at(start, end).into());
            }
            // an error that is newer than this rim is told, without its details
            Err(_) => {
                let end = units.at(entry.span.end);
                let what = "this cannot be read".to_owned();
                let issue = Issue::new("InvalidEntry", Params::none(), what);
                more.issue = Some(issue.at(start, end).into());
            }
        }
        if more.user.is_some()
            || more.duplicate_of.is_some()
            || more.roles.is_some()
            || more.issue.is_some()
        {
            self.more.push((self.line.len(), more));
        }
        self.emails.push('\n');
        self.line.push(entry.line);
        self.column.push(entry.column);
        self.start.push(start);
        self.end.push(units.at(entry.span.end));
        self.names.push(name);
        self.role.push(role);
    }

    /// The place of a role among those that rows name, from 1; 0 for none.
    fn place_of(&mut self, role: Option<&NamedRole>) -> usize {
        let Some(text) = role.map(text_of) else {
            return 0;
        };
        // the last ones are the likely ones, and a list of nothing but different ones is not searched
        let recent = self.roles.len().saturating_sub(64);
        let known = self
            .roles
            .iter()
            .skip(recent)
            .position(|known| known == text);
        known.map_or_else(
            || {
                self.roles.push(text.to_owned());
                self.roles.len()
            },
            |place| recent + place + 1,
        )
    }
}

fn text_of(role: &NamedRole) -> &str {
    match role {
        NamedRole::Known(id) => id.as_str(),
        NamedRole::Unchecked(text) => text,
    }
}

fn list(text: &str, options: &str, mapping: &impl Mapping) -> Result<&'static mut List, Misuse> {
    let given: &mut Given = argument("options", options)?;
    let roles = kept(roles(given.roles.take(), given.service));
    let options = Options {
        format: given.format.take().map(Format::from),
        roles,
        ignore_case: given.ignore_case,
        max_entries: given.max_rows.unwrap_or(usize::MAX),
    };
    let Recipients {
        entries,
        format,
        header,
        left_out,
    } = read(text, &options, mapping);
    let mut units = Units::of(text);
    // where nothing is freed, what grows leaves its former self behind
    let rows = entries.len();
    let list = kept(List {
        line: Vec::with_capacity(rows),
        column: Vec::with_capacity(rows),
        start: Vec::with_capacity(rows),
        end: Vec::with_capacity(rows),
        names: Vec::with_capacity(rows),
        role: Vec::with_capacity(rows),
        emails: String::with_capacity(text.len().min(rows * 32)),
        format: Some(format.into()),
        header,
        left_out,
        ..List::default()
    });
    for entry in entries {
        list.push(entry, &mut units);
    }
    Ok(list)
}

/// Reads a list of recipients.
///
/// # Errors
///
/// If the options are something else.
pub fn read_text(text: &str, options: &str, mapping: &impl Mapping) -> Result<String, Misuse> {
    Ok(answer(list(text, options, mapping)?))
}

/// Reads a file with a list of recipients. The answer has the text, which ranges count in, and the
/// encoding, by the name that `TextDecoder` has for it.
///
/// # Errors
///
/// If the options are something else.
pub fn read_bytes(bytes: &[u8], options: &str, mapping: &impl Mapping) -> Result<String, Misuse> {
    let (text, encoding) = decode(bytes);
    let encoding = match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Utf16Le => "utf-16le",
        Encoding::Utf16Be => "utf-16be",
        Encoding::Windows1252 => "windows-1252",
    };
    let list = list(&text, options, mapping)?;
    list.encoding = Some(encoding);
    list.text = Some(text.into_owned());
    Ok(answer(list))
}

#[cfg(test)]
mod tests {
    use rolecall_core::email::{EmailErrorKind, NoMapping};
    use serde_json::{Value, json};

    use super::*;

    fn text(text: &str, options: &str) -> Value {
        serde_json::from_str(&read_text(text, options, &NoMapping).unwrap()).unwrap()
    }

    #[test]
    fn positions_count_utf16_units() {
        let list = text("😀 Ann <ann@b.example>, bo\u{202E}b@b.example", "{}");
        assert_eq!(
            (&list["start"][0], &list["end"][0]),
            (&json!(0), &json!(22))
        );
        assert_eq!(list["names"], json!(["😀 Ann", null]));
        assert_eq!(list["emails"], "ann@b.example\n\n");
        assert_eq!(list["more"][0][0], 1);
        assert_eq!(
            list["more"][0][1]["issue"]["code"],
            EmailErrorKind::WhitespaceInside.code()
        );
        assert_eq!(list["more"][0][1]["issue"]["range"], json!([26, 27]));
    }

    #[test]
    fn a_table_has_roles_duplicates_and_its_header() {
        let options = r#"{"service":"astro"}"#;
        let list = text(
            "email;role\na@b.example;owner\na@b.example;member\nc@d.example;OWNR\n",
            options,
        );
        assert_eq!(list["format"], json!({ "type": "table", "delimiter": ";" }));
        assert_eq!(list["header"], json!(["email", "role"]));
        assert_eq!(
            list["roles"],
            json!(["ORGANIZATION_OWNER", "ORGANIZATION_MEMBER"])
        );
        assert_eq!(list["role"], json!([1, 2, 0]));
        assert_eq!(list["more"][0], json!([1, { "duplicateOf": 0 }]));
        assert_eq!(list["more"][1][1]["issue"]["code"], "UnknownRole");
        assert_eq!(list["line"][2], 4);
    }

    #[test]
    fn bytes_tell_their_text_and_encoding() {
        let list = read_bytes(b"J\xFCrgen <j@b.example>", "{}", &NoMapping).unwrap();
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(list["encoding"], "windows-1252");
        assert_eq!(list["text"], "Jürgen <j@b.example>");
        assert_eq!(list["end"], json!([20]));
    }

    #[test]
    fn roles_are_told_once_each_as_far_as_that_is_cheap() {
        let mut table = String::from("email,role\n");
        for i in 0..200 {
            table.push_str(&format!("u{i}@b.example,role {}\n", i % 100));
            table.push_str(&format!("v{i}@b.example,same\n"));
        }
        let list = text(&table, "{}");
        let role_of = |row: usize| {
            let place = usize::try_from(list["role"][row].as_u64().unwrap()).unwrap();
            list["roles"][place - 1].as_str().unwrap().to_owned()
        };
        for i in 0..200 {
            assert_eq!(role_of(2 * i), format!("role {}", i % 100));
            assert_eq!(role_of(2 * i + 1), "same");
        }
    }

    #[test]
    fn rows_beyond_the_limit_are_counted() {
        let list = text("a@b.example, c@d.example, e@f.example", r#"{"maxRows":1}"#);
        assert_eq!(list["leftOut"], 2);
        assert!(read_text("", r#"{"maxRows":-1}"#, &NoMapping).is_err());
    }
}
