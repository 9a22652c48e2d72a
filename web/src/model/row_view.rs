//! A row of the users' table as it is shown.

use rolecall_core::directory::fold::find_folded;
use rolecall_core::directory::{Directory, Scope, ScopedRole, Status};
use rolecall_core::role::Tier;
use rolecall_core::service::Service;

use super::words;

/// A text with the parts to mark.
pub(crate) type Marked = Vec<(String, bool)>;

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowView {
    /// Id of the user.
    pub(crate) id: String,
    /// Two letters for the face.
    pub(crate) initials: String,
    /// Name, or address where there is none.
    pub(crate) title: Marked,
    /// The same, plain: what buttons are named after.
    pub(crate) name: String,
    /// Address, or what is known of somebody without a name.
    pub(crate) below: Marked,
    /// Roles in words.
    pub(crate) roles: String,
    /// The mightiest role's tier.
    pub(crate) tier: Tier,
    /// Standing in words.
    pub(crate) status: String,
    /// Standing as a class name.
    pub(crate) standing: &'static str,
    /// Whether the person has not joined yet.
    pub(crate) pending: bool,
    /// Whether the membership or the invitation can be ended here.
    pub(crate) ends: bool,
    /// Roles in parts of the organization, counted.
    pub(crate) scoped: String,
    /// Date, ISO.
    pub(crate) since: String,
    /// Date and time, for a closer look.
    pub(crate) since_exactly: String,
}

impl RowView {
    /// Describes the user at an index, with the words of the search marked.
    pub(crate) fn of(
        service: Option<Service>,
        directory: &Directory,
        index: usize,
        marks: &[String],
    ) -> Self {
        let row = directory.row(index);
        let pending = *row.status == Status::Pending;
        let tiers = row
            .roles
            .iter()
            .filter_map(|id| directory.role(id))
            .map(|role| role.tier);
        let below = match row.name {
            "" if pending => vec![(words::INVITED.to_owned(), false)],
            "" => Vec::new(),
            _ => marked(row.email, marks),
        };
        Self {
            id: row.id.to_owned(),
            initials: initials(row.name),
            title: marked(row.title(), marks),
            name: row.title().to_owned(),
            below,
            roles: rolecall_core::plan::labels(directory, row.roles),
            tier: tiers.min().unwrap_or(Tier::Member),
            status: words::status(row.status),
            standing: standing(row.status),
            pending,
            ends: service.is_some_and(|it| it.ends(pending, directory.invite_of(row.id))),
            scoped: scoped_summary(row.scoped),
            since: row.created.get(..10).unwrap_or_default().to_owned(),
            since_exactly: row.created.replace('T', " ").replace('Z', " UTC"),
        }
    }
}

/// First letters of the first and the last word; an at sign where there is no name.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    match (words.next(), words.next_back()) {
        (Some(first), Some(last)) => format!("{first}{last}"),
        (Some(first), None) => first.to_string(),
        _ => "@".to_owned(),
    }
}

fn standing(status: &Status) -> &'static str {
    match status {
        Status::Active => "ok",
        Status::Pending => "wait",
        Status::Banned => "bad",
        Status::Inactive | Status::Other(_) => "off",
    }
}

/// "3 workspaces, 1 deployment".
fn scoped_summary(scoped: &[ScopedRole]) -> String {
    let scopes = [
        (Scope::Workspace, "workspace"),
        (Scope::Deployment, "deployment"),
        (Scope::Dag, "DAG"),
    ];
    let counted = scopes.into_iter().filter_map(|(scope, name)| {
        match scoped.iter().filter(|it| it.scope == scope).count() {
            0 => None,
            1 => Some(format!("1 {name}")),
            n => Some(format!("{n} {name}s")),
        }
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// Cuts a text into parts, those that match a word of the search marked.
pub(crate) fn marked(text: &str, marks: &[String]) -> Marked {
    let first = marks
        .iter()
        .filter_map(|mark| find_folded(text, mark))
        .min_by_key(|span| span.start);
    let Some(span) = first else {
        return vec![(text.to_owned(), false)];
    };
    let mut parts = vec![
        (text[..span.start].to_owned(), false),
        (text[span.clone()].to_owned(), true),
    ];
    parts.extend(marked(&text[span.end..], marks));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn marks_each_place_of_each_word() {
        let parts = marked("Björn Müller-Bjornson", &marks(&["bjorn", "mull"]));
        let plain: String = parts.iter().map(|(part, _)| part.as_str()).collect();
        assert_eq!(plain, "Björn Müller-Bjornson");
        let hits: Vec<_> = parts
            .iter()
            .filter(|(_, hit)| *hit)
            .map(|(part, _)| part.as_str())
            .collect();
        assert_eq!(hits, ["Björn", "Müll", "Bjorn"]);
        assert_eq!(marked("ab", &marks(&["x"])), [("ab".to_owned(), false)]);
    }

    #[test]
    fn initials_of_any_name() {
        for (name, letters) in [
            ("Ada Okafor", "AO"),
            ("陈伟", "陈"),
            ("", "@"),
            ("Ana María de la Cruz", "AC"),
        ] {
            assert_eq!(initials(name), letters);
        }
    }

    #[test]
    fn scoped_roles_are_counted_by_kind() {
        let role = |scope| ScopedRole {
            scope,
            of: String::new(),
            role: String::new(),
        };
        let scoped = [
            role(Scope::Workspace),
            role(Scope::Dag),
            role(Scope::Workspace),
        ];
        assert_eq!(scoped_summary(&scoped), "2 workspaces, 1 DAG");
        assert_eq!(scoped_summary(&[]), "");
    }
}
