//! The vendor's `users.txt`: a user a line, address, blank, role.
//!
//! The published loop over it skips the last line when no line end follows, and takes an address
//! for its own role when none is given. Here the last line counts, and a missing role is none.

use std::borrow::Cow;

use super::{Reader, lines, trim_edges};
use crate::email::Mapping;

/// Whether every line that is not empty starts with an address, no sign of another form is there,
/// and at least one line has more than the address.
pub(super) fn detect(text: &str) -> bool {
    let mut roles = false;
    for (_, line) in lines(text) {
        let (_, line) = trim_edges(line);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (who, role) = line.split_once([' ', '\u{A0}']).unwrap_or((line, ""));
        let other_form = line.contains([',', ';', '\t', '<', '>', '"', '(', ':']);
        let someone = who.contains('@') || crate::id::looks_like(who).is_some();
        if !someone || role.contains('@') || other_form {
            return false;
        }
        roles |= !role.is_empty();
    }
    roles
}

/// Reads one line, which starts at `start` in the text.
pub(super) fn read_line<'t, M: Mapping>(reader: &mut Reader<'t, M>, start: usize, line: &'t str) {
    let (moved, line) = trim_edges(line);
    if line.is_empty() {
        return;
    }
    let start = start + moved;
    let who = line.find(char::is_whitespace).unwrap_or(line.len());
    let role = line[who..].trim();
    reader.push(
        start..start + line.len(),
        start..start + who,
        None,
        None,
        (!role.is_empty()).then_some(Cow::Borrowed(role)),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::names;
    use super::super::{Format, InvalidEntry, Options, read};
    use crate::email::{EmailErrorKind, NoMapping};
    use crate::service::Service;

    #[test]
    fn reads_every_line_the_last_one_without_an_end_too() {
        let roles = Service::Astro.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        let text = "a@b.example ORGANIZATION_OWNER\r\n\r\nc@d.example  organization_member\ne@f.example\n# g\nh@i.example ORGANIZATION_OWNR\na@b.example ORGANIZATION_MEMBER";
        let list = read(text, &options, &NoMapping);
        assert_eq!(list.format, Format::UsersFile);
        let rows: Vec<_> = list
            .entries
            .iter()
            .map(|entry| (entry.line, entry.duplicate_of, entry.recipient.clone()))
            .collect();
        let role = |row: usize| match &rows[row].2 {
            Ok(recipient) => names(recipient).first().copied(),
            Err(_) => Some("error"),
        };
        assert_eq!(
            rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            [1, 3, 4, 5, 6, 7]
        );
        assert_eq!(role(0), Some("ORGANIZATION_OWNER"));
        assert_eq!(role(1), Some("ORGANIZATION_MEMBER"));
        assert_eq!(role(2), None);
        assert!(
            matches!(&rows[3].2, Err(InvalidEntry::Email(error)) if error.kind == EmailErrorKind::MissingAt)
        );
        assert!(matches!(&rows[4].2, Err(InvalidEntry::Role(error)) if error.nearest.is_some()));
        assert_eq!((role(5), rows[5].1), (Some("ORGANIZATION_MEMBER"), Some(0)));
    }
}
