//! The organization that is open: its users as a signal, and the reading that fills it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::directory::{Directory, Organization, UserId};
use rolecall_core::json::FromJson;
use rolecall_core::plan::{Change, Context, Failure, Intent, KnownInvite, Plan, Step, plan};
use rolecall_core::role::RoleId;

use crate::session::Connection;
use crate::transport;

/// An organization together with the connection that reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The connection.
    pub(crate) connection: Connection,
    /// The organization.
    pub(crate) organization: Organization,
}

impl Place {
    /// The organization's name, or the connection's where the service does not tell one.
    pub(crate) fn name(&self) -> &str {
        if self.organization.name.is_empty() {
            &self.connection.name
        } else {
            &self.organization.name
        }
    }
}

/// How far the reading of the users is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reading {
    /// No organization is open.
    #[default]
    None,
    /// Pages are coming.
    Running,
    /// All pages are there.
    Done,
    /// It stopped; what was there stays.
    Failed(Failure),
}

/// Who uses the connection, as far as the service tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Me {
    /// Id of the person.
    pub(crate) id: Option<UserId>,
    /// Role in the open organization.
    pub(crate) role: Option<RoleId>,
}

/// The organization that is open.
#[derive(Clone, Copy)]
pub(crate) struct Roster {
    /// Which one.
    pub(crate) place: RwSignal<Option<Place>>,
    /// What is known of it; a change of this signal is the version of the table.
    pub(crate) directory: RwSignal<Directory>,
    /// How far its reading is.
    pub(crate) reading: RwSignal<Reading>,
    /// Who looks at it.
    pub(crate) me: RwSignal<Me>,
    /// Ids of the users who are selected; kept while the search changes.
    pub(crate) selected: RwSignal<BTreeSet<String>>,
    /// Id of the user whose row changed last.
    pub(crate) changed: RwSignal<Option<String>>,
    /// Number of the last reading; an older one that still runs stops by itself.
    ticket: StoredValue<u32>,
}

#[derive(FromJson)]
struct KnownInvites {
    invites: Vec<KnownInvite>,
}

impl Roster {
    /// With no organization open.
    pub(crate) fn new() -> Self {
        Self {
            place: RwSignal::new(None),
            directory: RwSignal::new(Directory::default()),
            reading: RwSignal::new(Reading::None),
            me: RwSignal::new(Me::default()),
            selected: RwSignal::new(BTreeSet::new()),
            changed: RwSignal::new(None),
            ticket: StoredValue::new(0),
        }
    }

    /// Opens an organization.
    ///
    /// # Errors
    /// If its first page of users cannot be read; then the old one stays open.
    pub(crate) async fn open(self, place: Place) -> Result<(), Failure> {
        let ticket = self.take_ticket();
        let service = place.connection.service;
        let first = service.list_users(&place.organization.id, 0);
        let same = self
            .place
            .with_untracked(|old| old.as_ref() == Some(&place));
        if same {
            self.reading.set(Reading::Running);
        }
        let page = transport::call(&place.connection.id, &first).await;
        if self.ticket.get_value() != ticket {
            return Ok(());
        }
        let page = match page {
            Ok(page) => page,
            Err(failure) => {
                if same {
                    self.reading.set(Reading::Failed(failure.clone()));
                }
                return Err(failure);
            }
        };
        let mut place = place;
        if let Change::Users {
            organization: Some(named),
            ..
        } = &page
        {
            place.organization = named.clone();
        }
        if same {
            self.directory.update(|it| {
                it.begin_reading();
                it.apply(&page);
            });
        } else {
            let mut directory = Directory::new(service.known_roles());
            directory.begin_reading();
            directory.apply(&page);
            self.me.set(Me::default());
            self.changed.set(None);
            self.selected.set(BTreeSet::new());
            self.directory.set(directory);
            self.place.set(Some(place.clone()));
        }
        self.reading.set(Reading::Running);
        spawn_local(self.surroundings(ticket, place.clone()));
        spawn_local(self.rest(ticket, place, page));
        Ok(())
    }

    /// Reads the list again; rows stay meanwhile.
    pub(crate) fn refresh(self) {
        let Some(place) = self.place.get_untracked() else {
            return;
        };
        spawn_local(async move {
            // the table shows the failure itself
            let _shown = self.open(place).await;
        });
    }

    fn take_ticket(self) -> u32 {
        self.ticket.update_value(|it| *it += 1);
        self.ticket.get_value()
    }

    /// Reads all pages after the first.
    async fn rest(self, ticket: u32, place: Place, first: Change) {
        let service = place.connection.service;
        let mut next = service.next_page(&place.organization.id, &first);
        while let Some(call) = next {
            let page = transport::call(&place.connection.id, &call).await;
            if self.ticket.get_value() != ticket {
                return;
            }
            match page {
                Ok(page) => {
                    next = service.next_page(&place.organization.id, &page);
                    self.directory.update(|it| it.apply(&page));
                }
                Err(failure) => {
                    self.reading.set(Reading::Failed(failure));
                    return;
                }
            }
        }
        self.directory.update(Directory::end_reading);
        self.reading.set(Reading::Done);
    }

    /// Reads what stands around the users: roles, invitations made from here, who we are. What cannot
    /// be read is missing where it would be shown, and nothing else depends on it.
    async fn surroundings(self, ticket: u32, place: Place) {
        let (connection, service) = (&place.connection.id, place.connection.service);
        let organization = place.organization.id.as_str();
        let current = || self.ticket.get_value() == ticket;
        if let Some(call) = service.list_roles()
            && let Ok(roles) = transport::call(connection, &call).await
            && current()
        {
            self.directory.update(|it| it.apply(&roles));
        }
        if let Some(call) = service.get_me()
            && let Ok(Change::Me { id, roles, .. }) = transport::call(connection, &call).await
            && current()
        {
            let role = roles
                .into_iter()
                .find(|(of, _)| of == organization)
                .map(|(_, role)| role);
            self.me.set(Me { id: Some(id), role });
        }
        let path = format!("/api/invites/{connection}/{organization}");
        if let Ok(KnownInvites { invites }) = transport::get(&path).await
            && current()
        {
            self.directory.update(|it| {
                for known in invites {
                    it.learn_invite(&known.user, known.invite);
                }
            });
        }
    }

    /// Id of the user at an index.
    pub(crate) fn id_of(self, index: usize) -> String {
        self.directory.with_untracked(|it| {
            if index < it.len() {
                it.row(index).id.to_owned()
            } else {
                String::new()
            }
        })
    }

    /// Plans what is wanted in the open organization.
    pub(crate) fn plan(self, intents: &[Intent]) -> Option<Plan> {
        let place = self.place.get_untracked()?;
        let context = Context {
            service: place.connection.service,
            organization: place.organization.id,
            me: self.me.get_untracked().id,
        };
        Some(
            self.directory
                .with_untracked(|directory| plan(intents, directory, &context)),
        )
    }

    /// Sends one step and takes in what came of it.
    ///
    /// # Errors
    /// If it did not succeed, or that is not known.
    pub(crate) async fn send(self, step: Step) -> Result<Change, Failure> {
        let Some(place) = self.place.get_untracked() else {
            return Err(Failure::SignedOut);
        };
        let change = transport::send(&place.connection.id, &step).await?;
        let still_here = self
            .place
            .with_untracked(|now| now.as_ref() == Some(&place));
        if still_here {
            self.directory.update(|it| it.apply(&change));
            match &change {
                Change::Invited {
                    user: Some(user), ..
                } => self.changed.set(Some(user.id.to_string())),
                // the answer tells no id, so the list is read again
                Change::Invited { user: None, .. } => self.refresh(),
                Change::RolesSet { user, .. } => self.changed.set(Some(user.to_string())),
                _ => {}
            }
        }
        Ok(change)
    }

    /// Whether the open organization's service tells names, dates and scoped roles.
    pub(crate) fn tells_names_and_dates(self) -> Option<bool> {
        self.place.with(|place| {
            place
                .as_ref()
                .map(|it| it.connection.service.tells_names_and_dates())
        })
    }

    /// Whether whoever looks may change users here; else why not.
    pub(crate) fn may_change(self) -> Result<(), String> {
        let role = self.me.with(|me| me.role.clone());
        let Some(id) = role else { return Ok(()) };
        self.directory.with(|directory| match directory.role(&id) {
            Some(role) if !role.manages_users => Err(format!(
                "You are {} here; changing users takes an owner.",
                role.label
            )),
            _ => Ok(()),
        })
    }
}
