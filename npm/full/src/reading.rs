//! Lists of recipients.

use rolecall_core::email::Mapping;
use rolecall_core::json::FromJson;
use rolecall_core::recipients::{
    Delimiter, Encoding, Entry, Format, InvalidEntry, NamedRole, Options, Recipient, Recipients,
    Who, decode, read,
};
use rolecall_core::service::Service;
use serde::Serialize;

use crate::issue::Issue;
use crate::role::{GivenRole, roles};
use crate::units::Units;
use crate::{Misuse, answer, argument};

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

#[derive(Serialize, FromJson)]
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'t> {
    rows: Vec<Row>,
    format: ListFormat,
    header: Option<Vec<String>>,
    left_out: usize,
    /// What bytes say; of a text the face has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    line: u32,
    column: u32,
    range: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<Read>,
    /// Of an address with an issue: where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_of: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issue: Option<Issue>,
}

#[derive(Serialize)]
struct Read {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The role, or the first of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// All of them, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

impl From<Recipient> for Read {
    fn from(it: Recipient) -> Self {
        let (email, user) = match it.who {
            Who::Email(email) => (Some(email.into()), None),
            Who::User { id, .. } => (None, Some(id)),
        };
        let text = |role| match role {
            NamedRole::Known(id) => id.to_string(),
            NamedRole::Unchecked(text) => text,
        };
        let roles: Vec<String> = it.roles.into_iter().map(text).collect();
        Self {
            email,
            user,
            name: it.name,
            role: roles.first().cloned(),
            roles: Some(roles).filter(|roles| roles.len() > 1),
        }
    }
}

fn row(entry: Entry, units: &mut Units<'_>) -> Row {
    let start = units.at(entry.span.start);
    let error_at = entry.error_at();
    let mut address = None;
    let (recipient, issue) = match entry.recipient {
        Ok(recipient) => (Some(recipient.into()), None),
        Err(InvalidEntry::Email(invalid)) => {
            address = Some([&entry.address.start, &entry.address.end].map(|at| units.at(*at)));
            let at = units.at(error_at.unwrap_or(entry.span.start));
            let len = invalid.found.map_or(0, char::len_utf16);
            (None, Some(Issue::from(&invalid).at(at, at + len)))
        }
        Err(InvalidEntry::Role(invalid)) => {
            let end = units.at(entry.span.end);
            (None, Some(Issue::from(&invalid).at(start, end)))
        }
        // an error that is newer than this rim is told, without its details
        Err(other) => {
            let end = units.at(entry.span.end);
            let issue = Issue {
                code: "InvalidEntry".to_owned(),
                params: serde_json::json!({}),
                message: other.to_string(),
                range: Some([start, end]),
            };
            (None, Some(issue))
        }
    };
    Row {
        line: entry.line,
        column: entry.column,
        range: [start, units.at(entry.span.end)],
        recipient,
        address,
        duplicate_of: entry.duplicate_of,
        issue,
    }
}

fn list(text: &str, options: &str, mapping: &impl Mapping) -> Result<List<'static>, Misuse> {
    let given: Given = argument("options", options)?;
    let roles = roles(given.roles, given.service);
    let options = Options {
        format: given.format.map(Format::from),
        roles: &roles,
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
    Ok(List {
        rows: entries
            .into_iter()
            .map(|entry| row(entry, &mut units))
            .collect(),
        format: format.into(),
        header,
        left_out,
        text: None,
        encoding: None,
    })
}

/// Reads a list of recipients.
///
/// # Errors
///
/// If the options are something else.
pub fn read_text(text: &str, options: &str, mapping: &impl Mapping) -> Result<String, Misuse> {
    Ok(answer(&list(text, options, mapping)?))
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
    Ok(answer(&List {
        text: Some(&text),
        encoding: Some(encoding),
        ..list(&text, options, mapping)?
    }))
}

#[cfg(test)]
mod tests {
    use rolecall_core::email::NoMapping;
    use serde_json::{Value, json};

    use super::*;

    fn text(text: &str, options: &str) -> Value {
        serde_json::from_str(&read_text(text, options, &NoMapping).unwrap()).unwrap()
    }

    #[test]
    fn positions_count_utf16_units() {
        let list = text("😀 Ann <ann@b.example>, bo\u{202E}b@b.example", "{}");
        assert_eq!(list["rows"][0]["range"], json!([0, 22]));
        assert_eq!(list["rows"][0]["recipient"]["name"], "😀 Ann");
        assert_eq!(list["rows"][1]["issue"]["code"], "WhitespaceInside");
        assert_eq!(list["rows"][1]["issue"]["range"], json!([26, 27]));
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
        assert_eq!(list["rows"][0]["recipient"]["role"], "ORGANIZATION_OWNER");
        assert_eq!(list["rows"][1]["duplicateOf"], 0);
        assert_eq!(list["rows"][2]["issue"]["code"], "UnknownRole");
        assert_eq!(list["rows"][2]["line"], 4);
    }

    #[test]
    fn bytes_tell_their_text_and_encoding() {
        let list = read_bytes(b"J\xFCrgen <j@b.example>", "{}", &NoMapping).unwrap();
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(list["encoding"], "windows-1252");
        assert_eq!(list["text"], "Jürgen <j@b.example>");
        assert_eq!(list["rows"][0]["range"], json!([0, 20]));
    }

    #[test]
    fn rows_beyond_the_limit_are_counted() {
        let list = text("a@b.example, c@d.example, e@f.example", r#"{"maxRows":1}"#);
        assert_eq!(list["leftOut"], 2);
        assert!(read_text("", r#"{"maxRows":-1}"#, &NoMapping).is_err());
    }
}
