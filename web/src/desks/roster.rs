//! What the page holds: the list as typed, as read, and how it differs from who is there.
//!
//! A long list is read and compared in slices, between which the browser paints and answers.

use leptos::task::spawn_local;
use rolecall_core::index::TextSet;
use rolecall_core::plan::Plan;
use rolecall_core::recipients::Options;
use rolecall_core::role::RoleId;
use rolecall_core::roster::{Comparing, Difference, Reading, Roster};
use rolecall_core::service::Service;

use super::draft::{self, Draft};
use crate::host::{Browser, Slice};
use crate::model::roster_view::{Group, Place, RosterRow, places, row};
use crate::model::words;
use crate::reactive::{Derived, Kept, State};
use crate::roster::Roster as Open;

/// What the list is kept under.
const NAME: &str = "draft.roster";

/// Entries of a list at the most.
const MOST: usize = 200_000;

/// Lines between two looks at the clock.
const LINES: usize = 32;

/// What the page holds. It stays while somebody looks at another page or organization.
#[derive(Clone, Copy)]
pub(crate) struct RosterDesk {
    /// The organization that is open.
    open: Open,
    /// The list as typed.
    pub(crate) text: State<String>,
    /// The list as read.
    list: State<Roster>,
    /// Roles of people who are new, where their line gives none.
    pub(crate) defaults: State<Vec<RoleId>>,
    /// What it would change.
    pub(crate) difference: State<Difference>,
    /// What alone is shown.
    pub(crate) only: State<Option<Group>>,
    /// Rows shown.
    pub(crate) shown: Derived<Vec<Place>>,
    /// Ids of those who are to be taken out.
    pub(crate) chosen: State<TextSet>,
    /// How many lines are read, and how many compared, as long as that takes.
    pub(crate) progress: State<Option<(usize, usize)>>,
    /// Where it was chosen, and with which service's roles, and how many, the list was read.
    read_for: Kept<Option<(Service, String, usize)>>,
    /// The list as it was left when the page was last there.
    left: Kept<Option<Draft>>,
    /// Whether the text has not been read to its end.
    unread: Kept<bool>,
    /// Number of the last work; an older one that still runs stops by itself.
    ticket: Kept<u32>,
    /// Number of the work that came to its end last.
    ended: Kept<u32>,
}

impl RosterDesk {
    pub(crate) fn new(open: Open) -> Self {
        let difference = State::new(Difference::default());
        let only = State::new(None);
        let left = Draft::left(NAME);
        let desk = Self {
            open,
            text: State::new(left.text.clone()),
            list: State::new(Roster::default()),
            defaults: State::new(Vec::new()),
            difference,
            only,
            shown: Derived::new(move |_| places(&difference.read(), only.get())),
            chosen: State::new(TextSet::default()),
            progress: State::new(None),
            read_for: Kept::new(None),
            left: Kept::new(Some(left)),
            unread: Kept::new(false),
            ticket: Kept::new(0),
            ended: Kept::new(0),
        };
        // who is ticked to be taken out is ticked again
        draft::keep(NAME, move || Draft {
            text: desk.text.get_untracked(),
            service: desk.read_for.get_value().map(|it| it.0),
            defaults: desk.defaults.get_untracked(),
            decided: Vec::new(),
        });
        desk
    }

    /// Follows the organization that is open: other roles make another reading, other users another
    /// difference.
    pub(crate) fn follow(self) {
        let roles = self.open.directory.with(|it| it.roles().len());
        let now = self.open.place.with(|it| {
            let place = it.as_ref()?;
            let organization = place.organization.id.to_string();
            Some((place.connection.service, organization, roles))
        });
        let before = self.read_for.get_value();
        if now != before {
            let organization =
                |it: &Option<(Service, String, usize)>| it.as_ref().map(|it| it.1.clone());
            if organization(&now) != organization(&before) {
                self.chosen.set(TextSet::default());
            }
            let service = now.as_ref().map(|it| it.0);
            if service != before.map(|it| it.0) {
                let left = service.and_then(|_| draft::take_for(self.left, service));
                let usual = || service.map(Service::default_roles).unwrap_or_default();
                self.defaults.set(left.map_or_else(usual, |it| it.defaults));
            }
            self.read_for.set_value(now);
            self.unread.set_value(true);
        }
        self.defaults.track();
        self.work();
    }

    /// Takes another text.
    pub(crate) fn take(self, text: String) {
        self.text.set(text);
        self.unread.set_value(true);
        self.work();
    }

    /// Reads the text if that is to be done, and compares all lines with who is there.
    fn work(self) {
        self.ticket.update_value(|it| *it += 1);
        let ticket = self.ticket.get_value();
        let directory = self.open.directory;
        spawn_local(async move {
            let mut slice = Slice::begin();
            let mut read = None;
            if self.unread.get_value() {
                let text = self.text.get_untracked();
                let roles = directory.with_untracked(|it| it.roles().to_vec());
                let options = Options {
                    roles: &roles,
                    max_entries: MOST,
                    ..Options::default()
                };
                let mut reading = Reading::new(&text, &options, &Browser);
                while reading.read_on(LINES) {
                    if slice.is_over() {
                        self.progress.set(Some((reading.count(), 0)));
                        slice = Slice::next().await;
                        if self.ticket.get_value() != ticket {
                            return;
                        }
                    }
                }
                read = Some(reading.finish());
            }
            let defaults = self.defaults.get_untracked();
            let with_list = |work: &mut dyn FnMut(&Roster)| match &read {
                Some(list) => work(list),
                None => self.list.with_untracked(|list| work(list)),
            };
            let mut comparing = directory.with_untracked(Comparing::new);
            loop {
                let (mut current, mut more, mut lines) = (false, false, 0);
                with_list(&mut |list| {
                    directory.with_untracked(|users| {
                        current = comparing.is_current(users);
                        more = current && comparing.compare_on(list, users, &defaults, LINES);
                    });
                    lines = list.lines.len();
                });
                if !current {
                    // other users have come: what follows them begins again
                    return;
                }
                if !more {
                    break;
                }
                if slice.is_over() {
                    self.progress.set(Some((lines, comparing.count())));
                    slice = Slice::next().await;
                    if self.ticket.get_value() != ticket {
                        return;
                    }
                }
            }
            let mut difference = Difference::default();
            let mut compared = Some(comparing);
            with_list(&mut |list| {
                // an empty field is no roster of nobody
                if let Some(comparing) = compared.take()
                    && !list.lines.is_empty()
                {
                    difference = directory.with_untracked(|users| comparing.finish(list, users));
                }
            });
            if let Some(list) = read {
                self.unread.set_value(false);
                self.only.set(None);
                self.list.set(list);
            }
            self.difference.set(difference);
            self.progress.set(None);
            self.ended.set_value(ticket);
        });
    }

    /// Whether all lines are compared with the list of users that there is.
    pub(crate) fn is_settled(self) -> bool {
        self.ended.get_value() == self.ticket.get_value()
    }

    /// One row, in words.
    pub(crate) fn row(self, at: usize) -> Option<RosterRow> {
        let place = *self.shown.read().get(at)?;
        self.open.place.with(|open| {
            let open = open.as_ref()?;
            self.open.directory.with(|directory| {
                row(
                    place,
                    &self.difference.read(),
                    directory,
                    open.connection.service,
                    &open.organization.id,
                )
            })
        })
    }

    /// What inviting and re-roling takes.
    pub(crate) fn changes(self) -> Option<Plan> {
        let intents = self.difference.with_untracked(Difference::intents);
        self.open.plan(&intents)
    }

    /// What taking out those who are chosen takes; or why nobody can be taken out now.
    pub(crate) fn removals(self) -> Result<Option<Plan>, String> {
        let intents = self.open.directory.with_untracked(|directory| {
            let chosen: Vec<usize> = self
                .chosen
                .read_untracked()
                .iter()
                .filter_map(|id| directory.find(id))
                .collect();
            self.difference
                .read_untracked()
                .removals(directory, &chosen)
        });
        intents
            .map(|intents| self.open.plan(&intents))
            .map_err(|doubt| words::sentence(&doubt.to_string()))
    }
}
