//! The addresses of the console: what a link holds, read and written.

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};
use rolecall_core::directory::query::{Column, SortKey};

/// What is escaped in a value of the query; the rest stays readable.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'`');

/// A page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// The table of users.
    #[default]
    Users,
    /// Inviting many.
    Invite,
    /// Who should be there, against who is.
    Roster,
    /// What was done, and what is being done.
    Activity,
    /// Ways to the services.
    Connections,
}

impl Page {
    /// All, in the order of the tabs.
    pub(crate) const ALL: [Self; 5] = [
        Self::Users,
        Self::Invite,
        Self::Roster,
        Self::Activity,
        Self::Connections,
    ];

    /// Path of the page.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Users => "/users",
            Self::Invite => "/invite",
            Self::Roster => "/roster",
            Self::Activity => "/activity",
            Self::Connections => "/connections",
        }
    }

    /// Name on its tab.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Invite => "Invite",
            Self::Roster => "Roster",
            Self::Activity => "Activity",
            Self::Connections => "Connections",
        }
    }
}

/// Where somebody is in the console.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Location {
    /// Which page.
    pub(crate) page: Page,
    /// Id of the connection.
    pub(crate) connection: Option<String>,
    /// Id of the organization.
    pub(crate) organization: Option<String>,
    /// The search, with its filters, as typed.
    pub(crate) search: String,
    /// Order of the table; none is the service's.
    pub(crate) sort: Vec<SortKey>,
    /// Id of the user whose panel is open.
    pub(crate) user: Option<String>,
    /// The run that is shown.
    pub(crate) run: Option<i64>,
}

/// Columns as links name them.
const COLUMNS: [(&str, Column); 4] = [
    ("user", Column::User),
    ("role", Column::Role),
    ("status", Column::Status),
    ("created", Column::Created),
];

impl Location {
    /// The same organization on another page, with nothing searched.
    pub(crate) fn on(&self, page: Page) -> Self {
        Self {
            page,
            search: String::new(),
            sort: Vec::new(),
            user: None,
            run: None,
            ..self.clone()
        }
    }

    /// The same view with a user's panel open.
    pub(crate) fn with_user(&self, user: &str) -> Self {
        Self {
            page: Page::Users,
            user: Some(user.to_owned()),
            run: None,
            ..self.clone()
        }
    }

    /// Reads path and query; what is not understood is left out.
    pub(crate) fn parse(path: &str, query: &str) -> Self {
        let page = Page::ALL
            .into_iter()
            .find(|page| page.path() == path)
            .unwrap_or_default();
        let mut location = Self {
            page,
            ..Self::default()
        };
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.replace('+', " ");
            let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
            match name {
                "connection" if !value.is_empty() => location.connection = Some(value),
                "organization" if !value.is_empty() => location.organization = Some(value),
                "search" => location.search = value,
                "user" if !value.is_empty() => location.user = Some(value),
                "run" => location.run = value.parse().ok(),
                "sort" => location.sort = value.split(',').filter_map(sort_key).collect(),
                _ => {}
            }
        }
        location
    }

    /// Writes path and query.
    pub(crate) fn to_url(&self) -> String {
        let sort: Vec<String> = self.sort.iter().map(sort_text).collect();
        let sort = sort.join(",");
        let run = self.run.map(|run| run.to_string()).unwrap_or_default();
        let values = [
            ("connection", self.connection.as_deref().unwrap_or("")),
            ("organization", self.organization.as_deref().unwrap_or("")),
            ("search", &self.search),
            ("sort", &sort),
            ("user", self.user.as_deref().unwrap_or("")),
            ("run", &run),
        ];
        let mut url = self.page.path().to_owned();
        let mut mark = '?';
        for (name, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
            url.push(mark);
            mark = '&';
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, ESCAPED));
        }
        url
    }
}

/// Path of the journal's entries about one person.
pub(crate) fn journal_of(connection: &str, organization: &str, email: &str) -> String {
    let mut path =
        format!("/api/journal?connection={connection}&organization={organization}&person=");
    path.extend(utf8_percent_encode(email, NON_ALPHANUMERIC));
    path
}

/// Path of the gateway's search in all organizations.
pub(crate) fn people_named(search: &str) -> String {
    let mut path = "/api/people?search=".to_owned();
    path.extend(utf8_percent_encode(search, NON_ALPHANUMERIC));
    path
}

fn sort_key(text: &str) -> Option<SortKey> {
    let (descending, name) = text
        .strip_prefix('-')
        .map_or((false, text), |name| (true, name));
    let (_, column) = COLUMNS.into_iter().find(|(known, _)| *known == name)?;
    Some(SortKey { column, descending })
}

fn sort_text(key: &SortKey) -> String {
    let named = COLUMNS
        .into_iter()
        .find(|(_, column)| *column == key.column);
    let name = named.map_or("", |(name, _)| name);
    if key.descending {
        format!("-{name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_everything_there_and_back() {
        let location = Location {
            page: Page::Users,
            connection: Some("sandbox-astro".to_owned()),
            organization: Some("clm1".to_owned()),
            search: "role:owner müller & \"söhne\" 100% a+b <x".to_owned(),
            run: Some(12),
            user: Some("u 1".to_owned()),
            sort: vec![
                SortKey {
                    column: Column::Role,
                    descending: true,
                },
                SortKey {
                    column: Column::User,
                    descending: false,
                },
            ],
        };
        let url = location.to_url();
        assert!(
            url.starts_with(
                "/users?connection=sandbox-astro&organization=clm1&search=role:owner%20"
            ),
            "{url}"
        );
        assert!(url.ends_with("&sort=-role,user&user=u%201&run=12"), "{url}");
        let (path, query) = url.split_once('?').unwrap();
        assert_eq!(Location::parse(path, query), location);
    }

    #[test]
    fn whatever_is_not_understood_is_left_out() {
        assert_eq!(
            Location::parse("/nowhere", "?x=1&&sort=,height,-&connection="),
            Location::default()
        );
        assert_eq!(Location::default().to_url(), "/users");
    }
}
