//! The difference between a roster and who is there, row by row and in words.

use rolecall_core::directory::{Directory, OrganizationId, Status, UserId};
use rolecall_core::plan::labels;
use rolecall_core::roster::Difference;
use rolecall_core::service::Service;

use super::words;

/// What the roster says of somebody: the buttons above the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// The line does nothing.
    Refused,
    /// To be invited.
    Invite,
    /// To have other roles.
    ReRole,
    /// In the organization, and not on the list.
    Unlisted,
    /// As wanted already.
    Unchanged,
}

impl Group {
    /// All, in the order in which they are shown.
    pub(crate) const ALL: [Self; 5] = [
        Self::Refused,
        Self::Invite,
        Self::ReRole,
        Self::Unlisted,
        Self::Unchanged,
    ];

    /// How many are of this group.
    pub(crate) fn count(self, difference: &Difference) -> usize {
        match self {
            Self::Refused => difference.refused.len(),
            Self::Invite => difference.invite.len(),
            Self::ReRole => difference.re_role.len(),
            Self::Unlisted => difference.unlisted.len(),
            Self::Unchanged => difference.unchanged.len(),
        }
    }

    /// Words behind its number.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Refused => "to mend",
            Self::Invite => "to invite",
            Self::ReRole => "to re-role",
            Self::Unlisted => "not on the list",
            Self::Unchanged => "unchanged",
        }
    }

    /// Its class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Refused => "bad",
            Self::Invite => "ok",
            Self::ReRole | Self::Unlisted => "wait",
            Self::Unchanged => "off",
        }
    }
}

/// One row: its group, and which of the group it is.
pub(crate) type Place = (Group, u32);

/// The rows of one group, or of all.
pub(crate) fn places(difference: &Difference, only: Option<Group>) -> Vec<Place> {
    let mut places = Vec::new();
    for group in Group::ALL {
        if only.is_none_or(|only| only == group) {
            let count = u32::try_from(group.count(difference)).unwrap_or(u32::MAX);
            places.extend((0..count).map(|index| (group, index)));
        }
    }
    places
}

/// A row in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RosterRow {
    /// What the roster says of the person.
    pub(crate) group: Group,
    /// The line, for people who are on the list.
    pub(crate) line: Option<u32>,
    /// The person.
    pub(crate) who: String,
    /// Roles now.
    pub(crate) now: String,
    /// What happens, unless the person is taken out.
    pub(crate) text: String,
    /// Id and what taking out would mean, where that can be chosen.
    pub(crate) out: Option<(String, &'static str)>,
}

/// One row. `organization` is the one that is open.
pub(crate) fn row(
    (group, index): Place,
    difference: &Difference,
    directory: &Directory,
    service: Service,
    organization: &OrganizationId,
) -> Option<RosterRow> {
    let index = index as usize;
    let known = |at: usize, line: Option<u32>| {
        let row = (at < directory.len()).then(|| directory.row(at))?;
        let who = if row.email.is_empty() {
            row.id
        } else {
            row.email
        };
        Some(RosterRow {
            group,
            line,
            who: who.to_owned(),
            now: labels(directory, row.roles),
            text: String::new(),
            out: None,
        })
    };
    Some(match group {
        Group::Refused => {
            let it = difference.refused.get(index)?;
            RosterRow {
                group,
                line: Some(it.line),
                who: it.written.clone(),
                now: String::new(),
                text: words::quoted(&it.why.to_string()),
                out: None,
            }
        }
        Group::Invite => {
            let it = difference.invite.get(index)?;
            RosterRow {
                group,
                line: Some(it.line),
                who: it.email.to_string(),
                now: "not in it".to_owned(),
                text: format!("is invited as {}", labels(directory, &it.roles)),
                out: None,
            }
        }
        Group::ReRole => {
            let it = difference.re_role.get(index)?;
            let mut row = known(it.index, Some(it.line))?;
            row.text = format!("becomes {}", labels(directory, &it.roles));
            row
        }
        Group::Unchanged => {
            let mut row = known(*difference.unchanged.get(index)?, None)?;
            row.text = "stays as it is".to_owned();
            row
        }
        Group::Unlisted => {
            let at = *difference.unlisted.get(index)?;
            let mut row = known(at, None)?;
            let user = directory.row(at);
            (row.text, row.out) = if *user.status == Status::Pending {
                match service.withdraw(organization, &UserId::from(user.id), user.invite) {
                    Some(_) => (
                        "invited; stays unless ticked".to_owned(),
                        Some((user.id.to_owned(), "the invitation is withdrawn")),
                    ),
                    None => (
                        format!("invited, not from here; withdraw it in {}", service.name()),
                        None,
                    ),
                }
            } else {
                match service.removes() {
                    Ok(()) => (
                        "stays unless ticked".to_owned(),
                        Some((user.id.to_owned(), "is removed")),
                    ),
                    Err(_) => (
                        format!("stays; {} cannot remove members from here", service.name()),
                        None,
                    ),
                }
            };
            row
        }
    })
}

/// Ids of all who are not on the list and can be taken out.
pub(crate) fn removable(
    difference: &Difference,
    directory: &Directory,
    service: Service,
    organization: &OrganizationId,
) -> Vec<String> {
    let count = u32::try_from(difference.unlisted.len()).unwrap_or(u32::MAX);
    let rows = (0..count).filter_map(|index| {
        row(
            (Group::Unlisted, index),
            difference,
            directory,
            service,
            organization,
        )
    });
    rows.filter_map(|row| row.out).map(|(id, _)| id).collect()
}

/// What the button that changes and adds says.
pub(crate) fn apply_verb(changes: usize) -> String {
    match changes {
        0 => "Nothing to apply".to_owned(),
        1 => "Apply 1 change…".to_owned(),
        n => format!("Apply {} changes…", words::number(n)),
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::directory::{HeldRole, User};
    use rolecall_core::email::NoMapping;
    use rolecall_core::plan::Change;
    use rolecall_core::recipients::Options;
    use rolecall_core::role::RoleId;
    use rolecall_core::roster::{Roster, difference};

    use super::*;

    fn user(email: &str, status: Status, role: &RoleId) -> User {
        User {
            id: format!("id-{email}").as_str().into(),
            email: email.to_owned(),
            name: String::new(),
            status,
            roles: vec![HeldRole {
                id: role.clone(),
                name: String::new(),
            }],
            scoped: Vec::new(),
            created: String::new(),
        }
    }

    fn rows(service: Service, list: &str) -> Vec<RosterRow> {
        let role = |rank: usize| service.known_roles()[rank].id.clone();
        let mut directory = Directory::new(service.known_roles());
        directory.begin_reading();
        directory.apply(&Change::Users {
            users: vec![
                user("olive@example.org", Status::Active, &role(0)),
                user("mina@example.org", Status::Active, &role(1)),
                user("pia@example.org", Status::Pending, &role(1)),
            ],
            organization: None,
            total: Some(3),
            offset: 0,
        });
        directory.end_reading();
        let roles = directory.roles().to_vec();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        let roster = Roster::read(list, &options, &NoMapping);
        let difference = difference(&roster, &directory, &service.default_roles());
        let organization = "o".into();
        places(&difference, None)
            .into_iter()
            .filter_map(|place| row(place, &difference, &directory, service, &organization))
            .collect()
    }

    #[test]
    fn what_a_service_can_take_out_can_be_chosen() {
        let rows = rows(
            Service::Astra,
            "olive@example.org\nnew@example.org\nnot one",
        );
        let said: Vec<_> = rows.iter().map(|row| (row.group, &*row.who)).collect();
        assert_eq!(
            said,
            [
                (Group::Refused, "not one"),
                (Group::Invite, "new@example.org"),
                (Group::Unlisted, "mina@example.org"),
                (Group::Unlisted, "pia@example.org"),
                (Group::Unchanged, "olive@example.org"),
            ]
        );
        assert_eq!(rows[2].out.as_ref().map(|it| it.1), Some("is removed"));
        let pending = rows[3].out.as_ref().map(|it| it.1);
        assert_eq!(pending, Some("the invitation is withdrawn"));
    }

    #[test]
    fn what_it_cannot_is_said() {
        let rows = rows(Service::Astro, "olive@example.org");
        assert_eq!(rows[0].text, "stays; Astro cannot remove members from here");
        assert!(rows[0].out.is_none());
        assert!(rows[1].text.contains("not from here"), "{}", rows[1].text);
        assert!(rows[1].out.is_none());
    }
}
