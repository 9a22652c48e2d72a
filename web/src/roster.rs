//! The organization that is open: its users as a signal, and the reading that fills it.

use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout;
use leptos::task::spawn_local;
use rolecall_core::directory::{Directory, HeldRole, Organization, User, UserId};
use rolecall_core::index::TextSet;
use rolecall_core::json::FromJson;
use rolecall_core::plan::{Change, Context, Failure, Intent, KnownInvite, Plan, Step, plan};
use rolecall_core::role::RoleId;
use rolecall_core::service::Call;

use crate::model::words;
use crate::reactive::{Kept, State};
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

/// How long the service has for its first answer before what was seen last is painted: what comes
/// faster is not worth reading twice.
const PATIENCE: Duration = Duration::from_millis(120);

/// By how much two clocks may differ, in milliseconds: that of the browser and that of the gateway.
const CLOCKS: f64 = 250.0;

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
    pub(crate) place: State<Option<Place>>,
    /// What is known of it; a change of this signal is the version of the table.
    pub(crate) directory: State<Directory>,
    /// How far its reading is.
    pub(crate) reading: State<Reading>,
    /// Who looks at it.
    pub(crate) me: State<Me>,
    /// Ids of the users who are selected; kept while the search changes.
    pub(crate) selected: State<TextSet>,
    /// Id of the user whose row changed last.
    pub(crate) changed: State<Option<String>>,
    /// Id of the user whose new roles are shown and not yet confirmed.
    pub(crate) saving: State<Option<String>>,
    /// When the rows were as they are shown, RFC 3339 UTC; none as long as no reading has ended.
    pub(crate) as_of: State<Option<String>>,
    /// When the last reading began, in milliseconds since 1970-01-01 UTC: what is younger may not be in the list.
    pub(crate) begun: Kept<f64>,
    /// How long the last reading took, in milliseconds.
    pub(crate) took: Kept<f64>,
    /// Number of the reading that is to open another organization, as long as it has not.
    opening: Kept<Option<u32>>,
    /// Number of the last reading; an older one that still runs stops by itself.
    ticket: Kept<u32>,
}

#[derive(FromJson)]
struct KnownInvites {
    invites: Vec<KnownInvite>,
}

/// What the gateway saw last of an organization.
#[derive(FromJson)]
struct Known {
    at: Option<String>,
    users: Vec<User>,
}

/// What came of a change of roles that was shown before it was sent.
pub(crate) enum ReRoled {
    /// The service has it so.
    Done,
    /// Somebody else changed the roles meanwhile; nothing was sent.
    Changed,
    /// It did not succeed; the row shows what it had.
    Failed(Failure),
    /// Whether it succeeded is not known, and cannot be read; the row shows what it had.
    Unknown(Failure),
}

impl Roster {
    /// With no organization open.
    pub(crate) fn new() -> Self {
        Self {
            place: State::new(None),
            directory: State::new(Directory::default()),
            reading: State::new(Reading::None),
            me: State::new(Me::default()),
            selected: State::new(TextSet::default()),
            changed: State::new(None),
            saving: State::new(None),
            as_of: State::new(None),
            begun: Kept::new(0.0),
            took: Kept::new(0.0),
            opening: Kept::new(None),
            ticket: Kept::new(0),
        }
    }

    /// Opens an organization; `opened` is called once it is. Rows that were seen last are shown as long as
    /// the service has not answered.
    ///
    /// # Errors
    /// If its first page of users cannot be read and nothing was seen before; then the old one stays open.
    pub(crate) async fn open(self, place: Place, opened: Rc<dyn Fn()>) -> Result<(), Failure> {
        let ticket = self.take_ticket();
        let begun = js_sys::Date::now() - CLOCKS;
        let service = place.connection.service;
        let first = service.first_users(&place.organization.id);
        if self.is_open(&place) {
            self.begun.set_value(begun);
            self.opening.set_value(None);
            self.reading.set(Reading::Running);
        } else {
            self.opening.set_value(Some(ticket));
            let (place, opened) = (place.clone(), Rc::clone(&opened));
            set_timeout(
                move || {
                    spawn_local(async move {
                        self.paint_known(ticket, &place, &*opened).await;
                    });
                },
                PATIENCE,
            );
        }
        let page = transport::list(&place.connection.id, &first).await;
        if self.ticket.get_value() != ticket {
            return Ok(());
        }
        let page = match page {
            Ok(page) => page,
            Err(failure) => {
                if failure.status().is_none_or(|status| status >= 500) {
                    self.paint_known(ticket, &place, &*opened).await;
                }
                if self.ticket.get_value() != ticket {
                    return Ok(());
                }
                if self.is_open(&place) {
                    self.reading.set(Reading::Failed(failure));
                    return Ok(());
                }
                // what was seen last of it must not come after all
                self.take_ticket();
                self.opening.set_value(None);
                // the reading of the one that stays open was given up for this one
                if self.reading.with_untracked(|it| *it == Reading::Running) {
                    self.refresh();
                }
                return Err(failure);
            }
        };
        let mut place = place;
        let same = self.is_open(&place);
        self.begun.set_value(begun);
        self.opening.set_value(None);
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
            self.show(place.clone(), directory, None);
            opened();
        }
        self.reading.set(Reading::Running);
        spawn_local(self.surroundings(ticket, place.clone()));
        spawn_local(self.rest(ticket, place, page));
        Ok(())
    }

    /// Whether this organization is open, by this connection.
    pub(crate) fn is_open(self, place: &Place) -> bool {
        self.place.with_untracked(|open| {
            open.as_ref().is_some_and(|open| {
                open.connection.id == place.connection.id
                    && open.organization.id == place.organization.id
            })
        })
    }

    fn show(self, place: Place, directory: Directory, as_of: Option<String>) {
        self.me.set(Me::default());
        self.changed.set(None);
        self.saving.set(None);
        self.selected.set(TextSet::default());
        self.as_of.set(as_of);
        self.directory.set(directory);
        self.place.set(Some(place));
    }

    /// Shows what the gateway saw last of an organization, unless the service was faster.
    async fn paint_known(self, ticket: u32, place: &Place, opened: &dyn Fn()) {
        let late = || self.ticket.get_value() != ticket || self.is_open(place);
        if late() {
            return;
        }
        let (connection, organization) = (&place.connection.id, place.organization.id.as_str());
        let path = format!("/api/known/{connection}/{organization}");
        let Ok(Known {
            at: Some(at),
            users,
        }) = transport::get::<Known>(&path).await
        else {
            return;
        };
        if late() || users.is_empty() {
            return;
        }
        let mut directory = Directory::new(place.connection.service.known_roles());
        directory.begin_reading();
        directory.apply(&Change::Users {
            users,
            offset: 0,
            total: None,
            organization: None,
        });
        directory.end_reading();
        self.show(place.clone(), directory, Some(at));
        self.begun.set_value(0.0);
        self.opening.set_value(None);
        self.reading.set(Reading::Running);
        opened();
    }

    /// Whether another organization is about to be opened.
    pub(crate) fn is_opening(self) -> bool {
        self.opening.get_value().is_some()
    }

    /// Reads the list again; rows stay meanwhile. Another organization that is about to be opened comes first.
    pub(crate) fn refresh(self) {
        if self.is_opening() {
            return;
        }
        let Some(place) = self.place.get_untracked() else {
            return;
        };
        spawn_local(async move {
            // the table shows the failure itself
            let _shown = self.open(place, Rc::new(|| ())).await;
        });
    }

    /// Reads the list again if something was changed there after it was read: in another tab, or by somebody else.
    pub(crate) fn catch_up(self, connection: &str, organization: &str, at: &str) {
        let open = self.place.with_untracked(|open| {
            open.as_ref().is_some_and(|open| {
                open.connection.id == connection && open.organization.id.as_str() == organization
            })
        });
        let rests = self.reading.with_untracked(|it| *it == Reading::Done);
        let as_of = self.as_of;
        let is_behind = as_of.with_untracked(|it| it.as_deref().is_some_and(|it| it < at));
        if open && rests && is_behind {
            self.refresh();
        }
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
            let page = transport::list(&place.connection.id, &call).await;
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
        let gone = self.directory.with_untracked(|directory| {
            let gone = |id: &&str| directory.find(id).is_none();
            self.selected.with_untracked(|it| {
                it.iter()
                    .filter(gone)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
        });
        if !gone.is_empty() {
            self.select(gone, false);
        }
        self.as_of.set(Some(now()));
        self.took
            .set_value(js_sys::Date::now() - self.begun.get_value());
        self.reading.set(Reading::Done);
    }

    /// Reads what stands around the users: roles, invitations made from here, who we are. What cannot
    /// be read is missing where it would be shown, and nothing else depends on it.
    async fn surroundings(self, ticket: u32, place: Place) {
        let (connection, service) = (&place.connection.id, place.connection.service);
        let organization = place.organization.id.as_str();
        let current = || self.ticket.get_value() == ticket;
        if let Some(call) = service.list_roles()
            && let Ok(roles) = transport::list(connection, &call).await
            && current()
        {
            self.directory.update(|it| it.apply(&roles));
        }
        if let Some(call) = service.get_me()
            && let Ok(Change::Me { id, roles, .. }) = transport::list(connection, &call).await
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

    /// Selects users, or not any more.
    pub(crate) fn select(self, ids: Vec<String>, on: bool) {
        self.selected.update(|selected| {
            for id in ids {
                selected.put(id, on);
            }
        });
    }

    /// Where plans are made, and by whom.
    pub(crate) fn context(self) -> Option<Context> {
        let place = self.place.get_untracked()?;
        Some(Context {
            service: place.connection.service,
            organization: place.organization.id,
            me: self.me.get_untracked().id,
        })
    }

    /// Plans what is wanted in the open organization.
    pub(crate) fn plan(self, intents: &[Intent]) -> Option<Plan> {
        let context = self.context()?;
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

    /// Changes roles: the row shows them at once, and goes back if they are not to be had. The user is
    /// read first, so that what somebody else did meanwhile is not overwritten unseen.
    pub(crate) async fn re_role(self, step: Step) -> ReRoled {
        let (Some(place), Some(user)) = (self.place.get_untracked(), step.user.clone()) else {
            return ReRoled::Failed(Failure::SignedOut);
        };
        let (connection, service) = (place.connection.id.clone(), place.connection.service);
        let show = |roles: &[RoleId]| {
            if self.is_open(&place) {
                let roles = roles.to_vec();
                let user = user.clone();
                self.directory
                    .update(|it| it.apply(&Change::RolesSet { user, roles }));
            }
        };
        let end = || {
            if self.is_open(&place) {
                self.saving.set(None);
            }
        };
        show(&step.after);
        self.saving.set(Some(user.to_string()));
        let read = service.get_user(&place.organization.id, &user);
        let was = match transport::call(&connection, &read).await {
            Ok(change @ Change::User { .. }) => change,
            Ok(_) => return ReRoled::Failed(Failure::SignedOut),
            Err(failure) => {
                show(&step.before);
                end();
                return ReRoled::Failed(failure);
            }
        };
        if let Change::User { user: now } = &was
            && !same(&now.roles, &step.before)
        {
            if self.is_open(&place) {
                self.directory.update(|it| it.apply(&was));
            }
            end();
            return ReRoled::Changed;
        }
        let sent = transport::send(&place.connection.id, &step).await;
        let came = match sent {
            Ok(done) => {
                if self.is_open(&place) {
                    self.directory.update(|it| it.apply(&done));
                    self.changed.set(Some(user.to_string()));
                }
                ReRoled::Done
            }
            Err(failure) => {
                show(&step.before);
                self.after_failure(&place, &read, &step, failure).await
            }
        };
        end();
        came
    }

    /// What came of a change of roles that got no good answer: it may have been made all the same.
    async fn after_failure(
        self,
        place: &Place,
        read: &Call,
        step: &Step,
        failure: Failure,
    ) -> ReRoled {
        if !failure.leaves_open() {
            return ReRoled::Failed(failure);
        }
        let Ok(now) = transport::call(&place.connection.id, read).await else {
            return ReRoled::Unknown(failure);
        };
        let made = matches!(&now, Change::User { user } if same(&user.roles, &step.after));
        if self.is_open(place) {
            self.directory.update(|it| it.apply(&now));
            if made {
                self.changed
                    .set(step.user.as_ref().map(ToString::to_string));
            }
        }
        match made {
            true => ReRoled::Done,
            false => ReRoled::Failed(failure),
        }
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
        match self.reading.get() {
            Reading::Failed(Failure::SignedOut) => {
                return Err(words::failure(&Failure::SignedOut));
            }
            Reading::Failed(failure) if failure.status().is_none() => {
                return Err(words::NOT_WHILE_UNREACHABLE.to_owned());
            }
            _ => {}
        }
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

/// Whether somebody holds exactly these roles.
fn same(held: &[HeldRole], roles: &[RoleId]) -> bool {
    held.len() == roles.len() && held.iter().all(|it| roles.contains(&it.id))
}

fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}
