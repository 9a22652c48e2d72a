//! Roles as an export writes them: by words that a reader finds again.

use std::borrow::Cow;

use super::fits_a_line;
use crate::directory::Directory;
use crate::recipients::{NamedRole, ROLE_SEPARATOR, named_roles};
use crate::role::RoleId;

/// What stands for no role where an empty cell would be read as "whichever is the default": it is no
/// role's name, so a line with it is refused.
pub(crate) const NONE: &str = "–";

/// Characters which in a line of `users.txt` would make it look like another form of list.
pub(super) const OTHER_FORM: [char; 8] = [',', ';', '\t', '<', '>', '"', '(', ':'];

/// The words for every set of roles that occurs.
pub(super) struct Words<'d> {
    directory: &'d Directory,
    /// Parallel to the directory's sets of roles.
    cells: Vec<String>,
}

impl<'d> Words<'d> {
    pub(super) fn new(directory: &'d Directory) -> Self {
        let sets = directory.role_sets().iter();
        let cells = sets.map(|set| joined(&words(directory, set))).collect();
        Self { directory, cells }
    }

    /// The cell with the roles of a user; empty for none.
    pub(super) fn cell(&self, index: usize) -> &str {
        &self.cells[self.directory.role_set_of(index)]
    }

    /// Address and role for `users.txt`, if the user has one role and both can stand there.
    pub(super) fn line(&self, index: usize) -> Option<(&'d str, &str)> {
        let row = self.directory.row(index);
        let [id] = row.roles else { return None };
        let plain =
            |word: &&str| !word.is_empty() && !word.contains('@') && !word.contains(OTHER_FORM);
        let role = [self.cell(index), id.as_str()].into_iter().find(plain)?;
        fits_a_line(row.email).then_some((row.email, role))
    }
}

/// A word for each role: keys, or ids where keys together would not be read as these roles.
pub(super) fn words(directory: &Directory, roles: &[RoleId]) -> Vec<String> {
    let key = |id: &RoleId| {
        let key = directory
            .role(id)
            .map_or(id.as_str(), |role| role.key.as_str());
        one_line(key).into_owned()
    };
    let keys: Vec<String> = roles.iter().map(key).collect();
    let same = |found: &[NamedRole]| {
        let wanted = roles.iter().cloned().map(NamedRole::Known);
        wanted.eq(found.iter().cloned())
    };
    match named_roles(&joined(&keys), directory.roles()) {
        Ok(found) if same(&found) => keys,
        _ => roles.iter().map(ToString::to_string).collect(),
    }
}

/// Words in one cell.
pub(super) fn joined(words: &[String]) -> String {
    words.join(&format!("{ROLE_SEPARATOR} "))
}

/// The text on one line.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    match text.contains(['\r', '\n']) {
        true => Cow::Owned(text.replace("\r\n", " ").replace(['\r', '\n'], " ")),
        false => Cow::Borrowed(text),
    }
}
