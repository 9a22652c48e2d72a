//! What all pages share: who is signed in, where we are, the organization that is open, and what is asked for.

use std::rc::Rc;

use leptos::leptos_dom::helpers::{
    TimeoutHandle, set_timeout_with_handle, window_event_listener_untyped,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::plan::{Change, Failure};
use wasm_bindgen::JsValue;

use crate::desks::invite::InviteDesk;
use crate::desks::roster::RosterDesk;
use crate::later::{Chunks, Doors};
use crate::model::palette::{self, Mode};
use crate::model::words;
use crate::paths::Location;
use crate::prefs::Prefs;
use crate::reactive::{Kept, State};
use crate::roster::{Place, Roster};
use crate::session::{self, Connection, Session};
use crate::transport;
use crate::ui::after_paint::after_paint;
use crate::ui::cursor::Cursor;
use crate::ui::toast::Toaster;
use crate::wanted::Wanted;

/// How long the address bar waits for the typing to stop: browsers limit how often it may change.
const ADDRESS_DELAY: std::time::Duration = std::time::Duration::from_millis(400);

/// What all pages share.
#[derive(Clone, Copy)]
pub(crate) struct Console {
    /// The gateway's word on itself, once it let us in.
    pub(crate) session: State<Option<Result<Session, Failure>>>,
    /// Ways to services.
    pub(crate) connections: State<Vec<Connection>>,
    /// Organizations that they reach, as far as they have been read.
    pub(crate) places: State<Vec<Place>>,
    /// Connections whose organizations cannot be read, and why.
    pub(crate) unread: State<Vec<(Connection, Failure)>>,
    /// Where we are.
    pub(crate) location: State<Location>,
    /// The organization that is open.
    pub(crate) roster: Roster,
    /// Why no organization is open, or not the one that was meant: a title and a sentence.
    pub(crate) not_opened: State<Option<(String, String)>>,
    /// Short words at the edge of the page.
    pub(crate) toaster: Toaster,
    /// What somebody wants to do: the form that is open.
    pub(crate) wanted: State<Option<Wanted>>,
    /// What the palette is open for.
    pub(crate) palette: State<Option<Mode>>,
    /// What was typed for the palette before it was there.
    pub(crate) typed_ahead: Kept<String>,
    /// Whether the list of keys is open.
    pub(crate) shortcuts: State<bool>,
    /// What somebody likes.
    pub(crate) prefs: Prefs,
    /// Where the keyboard is in the table of users.
    pub(crate) cursor: Cursor,
    /// What has been fetched of the rest of the console.
    pub(crate) chunks: Chunks,
    /// What the page of invitations holds, once somebody was there.
    pub(crate) invite: Kept<Option<InviteDesk>>,
    /// What the page of the roster holds, once somebody was there.
    pub(crate) compare: Kept<Option<RosterDesk>>,
    owner: Kept<Option<Owner>>,
    /// Ids of the connections whose organizations are read, or cannot be.
    read: Kept<Vec<String>>,
    /// Whether an organization is about to open.
    opening: Kept<bool>,
    address: Kept<Option<TimeoutHandle>>,
    /// Whether the address bar lacks what was opened at first.
    unwritten: Kept<bool>,
}

impl Console {
    /// Which knows nothing yet; `doors` lead to what is fetched later.
    pub(crate) fn new(doors: Doors) -> Self {
        Self {
            session: State::new(None),
            connections: State::new(Vec::new()),
            places: State::new(Vec::new()),
            unread: State::new(Vec::new()),
            location: State::new(read_address()),
            roster: Roster::new(),
            not_opened: State::new(None),
            toaster: Toaster::new(),
            wanted: State::new(None),
            palette: State::new(None),
            typed_ahead: Kept::new(String::new()),
            shortcuts: State::new(false),
            prefs: Prefs::read(),
            cursor: Cursor::new(),
            chunks: Chunks::new(doors),
            invite: Kept::new(None),
            compare: Kept::new(None),
            owner: Kept::new(Owner::current()),
            read: Kept::new(Vec::new()),
            opening: Kept::new(false),
            address: Kept::new(None),
            unwritten: Kept::new(false),
        }
    }

    /// Takes what is kept as long as the console is there; makes it at first, for all pages to come.
    pub(crate) fn keep<T: Copy + Send + Sync + 'static>(
        self,
        kept: Kept<Option<T>>,
        make: fn(Self) -> T,
    ) -> T {
        if let Some(kept) = kept.get_value() {
            return kept;
        }
        let made = match self.owner.get_value() {
            Some(owner) => owner.with(|| make(self)),
            None => make(self),
        };
        kept.set_value(Some(made));
        made
    }

    /// Gets in, opens what the address names, and reads which organizations there are.
    pub(crate) fn start(self) {
        self.session.set(None);
        self.places.set(Vec::new());
        self.unread.set(Vec::new());
        self.not_opened.set(None);
        self.read.set_value(Vec::new());
        spawn_local(async move {
            let (session, connections) = match session::open().await {
                Ok(opened) => opened,
                Err(failure) => return self.session.set(Some(Err(failure))),
            };
            self.connections.set(connections.clone());
            let meant = self.location.with_untracked(|it| it.connection.clone());
            if let Some(place) = self.named_place() {
                self.open(place);
            } else if let Some(id) = &meant
                && !connections.iter().any(|it| it.id == *id)
            {
                self.not_opened.set(Some(words::no_connection(id)));
            }
            // what is opened is asked for before anything is drawn, and the others are once that is painted
            let first = meant.or_else(|| connections.first().map(|it| it.id.clone()));
            let (first, others): (Vec<_>, Vec<_>) = connections
                .into_iter()
                .partition(|it| Some(&it.id) == first.as_ref());
            self.read_all(first);
            self.session.set(Some(Ok(session)));
            after_paint(move || self.read_all(others));
        });
    }

    /// Reads the organizations of connections, beside one another.
    fn read_all(self, connections: Vec<Connection>) {
        for connection in connections {
            spawn_local(async move {
                let id = connection.id.clone();
                self.read_places(connection).await;
                self.read.update_value(|it| it.push(id));
                self.open_first();
            });
        }
    }

    /// The place that the address names; its name comes with the list of organizations.
    fn named_place(self) -> Option<Place> {
        let location = self.location.get_untracked();
        let connections = self.connections.get_untracked();
        let connection = connections
            .into_iter()
            .find(|it| Some(&it.id) == location.connection.as_ref())?;
        let id = location.organization?.into();
        let known = self.places.with_untracked(|places| {
            places
                .iter()
                .find(|it| it.connection.id == connection.id && it.organization.id == id)
                .cloned()
        });
        let organization = rolecall_core::directory::Organization {
            id,
            name: String::new(),
        };
        Some(known.unwrap_or(Place {
            connection,
            organization,
        }))
    }

    /// Reads the organizations of a connection.
    async fn read_places(self, connection: Connection) {
        let mut offset = 0;
        loop {
            let call = connection.service.list_organizations(offset);
            let (organizations, total) = match transport::list(&connection.id, &call).await {
                Ok(Change::Organizations {
                    organizations,
                    total,
                    ..
                }) => (organizations, total),
                Ok(_) => return,
                Err(failure) => {
                    self.unread.update(|list| list.push((connection, failure)));
                    return;
                }
            };
            let read = u32::try_from(organizations.len()).unwrap_or(u32::MAX);
            let places = organizations.into_iter().map(|organization| Place {
                connection: connection.clone(),
                organization,
            });
            self.take_in(places.collect());
            offset += read;
            self.open_first();
            if read == 0 || offset >= total {
                return;
            }
        }
    }

    /// Where the address names no organization: opens the first one of the connection that it names, or of the
    /// first that has any. One that is still being read is waited for, one that cannot be read is not.
    fn open_first(self) {
        let location = self.location.get_untracked();
        let is_open = self.roster.place.with_untracked(Option::is_some);
        if is_open || location.organization.is_some() || self.opening.get_value() {
            return;
        }
        let mut connections = self.connections.get_untracked();
        if let Some(id) = &location.connection {
            connections.retain(|it| it.id == *id);
        }
        for connection in &connections {
            let first = self
                .places
                .with_untracked(|all| all.iter().find(|it| it.connection == *connection).cloned());
            if let Some(place) = first {
                return self.open(place);
            }
            if !self.read.with_value(|all| all.contains(&connection.id)) {
                return;
            }
        }
        if !connections.is_empty() {
            let why = self.unread.with_untracked(|all| all.first().cloned());
            let why = why.map(|(_, failure)| failure);
            self.not_opened.set(Some(words::nothing_read(why.as_ref())));
        }
    }

    /// Adds organizations to those known, in the order of the connections.
    fn take_in(self, places: Vec<Place>) {
        let connections = self.connections.get_untracked();
        self.places.update(|all| {
            let mut rest = std::mem::take(all);
            rest.extend(places);
            for connection in &connections {
                let of = |it: &mut Place| it.connection == *connection;
                all.extend(rest.extract_if(.., of));
            }
        });
        self.name_open();
    }

    /// Gives the open organization its name, which an address does not tell: whichever comes first, its users
    /// or the list of organizations.
    fn name_open(self) {
        let open = self.roster.place;
        let unnamed = open.with_untracked(|it| {
            let it = it.as_ref()?;
            let unnamed = it.organization.name.is_empty();
            unnamed.then(|| (it.connection.id.clone(), it.organization.id.clone()))
        });
        let Some((connection, id)) = unnamed else {
            return;
        };
        let named = self.places.with_untracked(|all| {
            let is_it = |it: &&Place| it.connection.id == connection && it.organization.id == id;
            all.iter().find(is_it).cloned()
        });
        if let Some(named) = named.filter(|it| !it.organization.name.is_empty()) {
            open.set(Some(named));
        }
    }

    /// Opens an organization; the old one stays if it cannot be read.
    pub(crate) fn open(self, place: Place) {
        self.open_at(place, None);
    }

    /// Opens an organization, and the panel of a user in it.
    pub(crate) fn open_at(self, place: Place, user: Option<String>) {
        self.not_opened.set(None);
        let id = place.organization.id.to_string();
        let (connection, name) = (place.connection.id.clone(), place.organization.name.clone());
        let another = self.location.with_untracked(|it| {
            it.connection.as_ref() != Some(&connection) || it.organization.as_ref() != Some(&id)
        });
        if !another && user.is_some() {
            return self.show_user(user);
        }
        let nothing_open = self.roster.place.with_untracked(Option::is_none);
        let known_as = palette::name_of(&place);
        let opened = Rc::new(move || {
            self.name_open();
            // what somebody was about to do, or to undo, was meant for the organization before
            self.wanted.set(None);
            self.toaster.offer_no_more();
            if another {
                let (connection, id, user) = (connection.clone(), id.clone(), user.clone());
                self.settle_address();
                self.location.update(|location| {
                    location.connection = Some(connection);
                    location.organization = Some(id);
                    location.search = String::new();
                    location.user = None;
                    if let Some(user) = user {
                        *location = location.with_user(&user);
                    }
                });
                if nothing_open {
                    self.unwritten.set_value(true);
                } else {
                    self.write_address(true);
                }
            }
            let known_as = known_as.clone();
            // the browser takes its time for both
            after_paint(move || {
                self.settle_address();
                self.prefs.opened(known_as);
            });
        });
        self.opening.set_value(true);
        spawn_local(async move {
            let result = self.roster.open(place, opened).await;
            self.opening.set_value(false);
            if let Err(failure) = result {
                if !nothing_open {
                    self.toaster.say(words::did_not_open(&name, &failure));
                }
                self.not_opened
                    .set(Some(words::not_opened(&name, &failure)));
            }
        });
    }

    /// The name of an organization, as far as it has been read, and of its service.
    pub(crate) fn name_of(self, connection: &str, organization: &str) -> (String, &'static str) {
        let named = self.places.with(|places| {
            let same = |it: &&Place| {
                it.connection.id == connection && it.organization.id.as_str() == organization
            };
            places.iter().find(same).map(|it| it.name().to_owned())
        });
        let service = self.connections.with(|all| {
            let found = all.iter().find(|it| it.id == connection);
            found.map_or("", |it| it.service.name())
        });
        (named.unwrap_or_else(|| organization.to_owned()), service)
    }

    /// Goes somewhere else, from where the Back button leads here.
    pub(crate) fn go(self, change: impl FnOnce(&mut Location)) {
        self.settle_address();
        self.location.update(change);
        self.write_address(true);
    }

    /// Opens a user's panel, or closes it.
    pub(crate) fn show_user(self, user: Option<String>) {
        self.go(|location| match &user {
            Some(id) => *location = location.with_user(id),
            None => location.user = None,
        });
    }

    /// Changes the search at a press; Back undoes it.
    pub(crate) fn filter(self, text: String) {
        self.go(|it| it.search = text);
    }

    /// Changes the search as it is typed; the address follows when the typing stops, and Back undoes all
    /// that was typed without a stop.
    pub(crate) fn search(self, text: String) {
        self.settle_address();
        self.location.update(|it| it.search = text);
        if let Some(waiting) = self.address.get_value() {
            waiting.clear();
        }
        let handle = set_timeout_with_handle(move || self.write_address(true), ADDRESS_DELAY);
        self.address.set_value(handle.ok());
    }

    /// Writes what was opened at first into the address bar, if that is still to be done.
    fn settle_address(self) {
        if self.unwritten.try_update_value(std::mem::take) == Some(true) {
            self.write_address(false);
        }
    }

    /// Writes where we are into the address bar; `remember` makes a step for the Back button.
    fn write_address(self, remember: bool) {
        if let Some(waiting) = self.address.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        let url = self.location.with_untracked(Location::to_url);
        let Ok(history) = window().history() else {
            return;
        };
        let written = if remember {
            history.push_state_with_url(&JsValue::NULL, "", Some(&url))
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&url))
        };
        // A browser that refuses for a moment gets the address with the next change.
        drop(written);
    }

    /// Follows the Back and Forward buttons.
    pub(crate) fn follow_history(self) {
        let listener = window_event_listener_untyped("popstate", move |_| {
            self.unwritten.set_value(false);
            if let Some(waiting) = self.address.try_update_value(Option::take).flatten() {
                waiting.clear();
            }
            // what was open over the page was about what is left now
            self.wanted.set(None);
            self.shortcuts.set(false);
            self.palette.set(None);
            self.typed_ahead.set_value(String::new());
            let before = self.location.get_untracked();
            let now = read_address();
            let elsewhere =
                (&before.connection, &before.organization) != (&now.connection, &now.organization);
            self.location.set(now);
            if elsewhere && let Some(place) = self.named_place() {
                self.open(place);
            }
        });
        on_cleanup(move || listener.remove());
    }
}

fn read_address() -> Location {
    let location = window().location();
    Location::parse(
        &location.pathname().unwrap_or_default(),
        &location.search().unwrap_or_default(),
    )
}
