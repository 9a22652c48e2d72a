//! What the page holds: the list as typed, as read, and what each line would do.
//!
//! A long list is read and judged in slices, between which the browser paints and answers.

use leptos::task::spawn_local;
use rolecall_core::review::{Decided, Judging, Reading, Review, Verdict};
use rolecall_core::role::RoleId;
use rolecall_core::service::Service;

use super::draft::{self, Draft};
use crate::host::{Browser, Slice};
use crate::model::review_view::Kind;
use crate::reactive::{Derived, Kept, State};
use crate::roster::Roster;

/// What the list is kept under.
const NAME: &str = "draft.invite";

/// Entries of a list at the most.
const MOST: usize = 200_000;

/// Lines between two looks at the clock.
const LINES: usize = 32;

/// What the page holds.
#[derive(Clone, Copy)]
pub(crate) struct InviteDesk {
    /// The organization that is open.
    roster: Roster,
    /// The list as typed.
    pub(crate) text: State<String>,
    /// The list as read, with what was decided about its lines.
    pub(crate) review: State<Review>,
    /// Roles of lines that give none.
    pub(crate) defaults: State<Vec<RoleId>>,
    /// What each line would do.
    pub(crate) verdicts: State<Vec<Verdict>>,
    /// What alone is shown.
    pub(crate) only: State<Option<Kind>>,
    /// Indices of the lines shown. A line that becomes something else stays where it is until something else is to be
    /// shown: it must not go from under whoever is at it.
    pub(crate) shown: Derived<Vec<u32>>,
    /// How many lines are of each kind.
    pub(crate) counts: Derived<[usize; 5]>,
    /// How many lines are read, and how many judged, as long as that takes.
    pub(crate) progress: State<Option<(usize, usize)>>,
    /// Whose roles the list was read with.
    read_for: Kept<Option<Service>>,
    /// Which organization it was judged for.
    judged_for: Kept<Option<String>>,
    /// Rises when other lines are to be shown.
    listed: State<u32>,
    /// Whether the text has not been read to its end.
    unread: Kept<bool>,
    /// The list as it was left when the page was last there.
    left: Kept<Option<Draft>>,
    /// What was decided about lines of the text before, which the next one may have, too.
    decided: Kept<Vec<Decided>>,
    /// Number of the last work; an older one that still runs stops by itself.
    ticket: Kept<u32>,
    /// Number of the work that came to its end last.
    ended: Kept<u32>,
}

impl InviteDesk {
    pub(crate) fn new(roster: Roster) -> Self {
        let place = roster.place;
        let service = place.with_untracked(|it| it.as_ref().map(|it| it.connection.service));
        let review = State::new(Review::default());
        let verdicts = State::new(Vec::<Verdict>::new());
        let only = State::new(None);
        let listed = State::new(0);
        let kinds = |review: &Review, verdicts: &[Verdict], each: &mut dyn FnMut(u32, Kind)| {
            let judged = verdicts.iter().take(review.lines.len());
            for (verdict, index) in judged.zip(0..) {
                each(index, Kind::of(review, index as usize, verdict));
            }
        };
        let shown = Derived::new(move |_| {
            listed.track();
            let only = only.get();
            let mut shown = Vec::new();
            let (review, verdicts) = (review.read_untracked(), verdicts.read_untracked());
            kinds(&review, &verdicts, &mut |index, kind| {
                if only.is_none_or(|only| only == kind) {
                    shown.push(index);
                }
            });
            shown
        });
        let counts = Derived::new(move |_| {
            let mut counts = [0; 5];
            let (review, verdicts) = (review.read(), verdicts.read());
            kinds(&review, &verdicts, &mut |_, kind| {
                counts[kind as usize] += 1;
            });
            counts
        });
        let left = Draft::left(NAME);
        let desk = Self {
            roster,
            text: State::new(left.text.clone()),
            review,
            defaults: State::new(service.map(Service::default_roles).unwrap_or_default()),
            verdicts,
            only,
            shown,
            counts,
            progress: State::new(None),
            read_for: Kept::new(None),
            judged_for: Kept::new(None),
            listed,
            unread: Kept::new(false),
            left: Kept::new(Some(left)),
            decided: Kept::new(Vec::new()),
            ticket: Kept::new(0),
            ended: Kept::new(0),
        };
        draft::keep(NAME, move || desk.draft());
        desk
    }

    /// The list as it is now.
    fn draft(self) -> Draft {
        Draft {
            text: self.text.get_untracked(),
            service: self.read_for.get_value(),
            defaults: self.defaults.get_untracked(),
            decided: self.decided_now(),
        }
    }

    /// What is decided about lines of the text.
    fn decided_now(self) -> Vec<Decided> {
        if self.unread.get_value() {
            return self.decided.get_value();
        }
        let (review, text) = (self.review.read_untracked(), self.text.read_untracked());
        review.decided(&text)
    }

    /// Follows the organization that is open: another service has other roles, so the list is read
    /// again; other users make other verdicts.
    pub(crate) fn follow(self) {
        let place = self.roster.place;
        let service = place.with(|it| it.as_ref().map(|it| it.connection.service));
        self.roster.directory.track();
        if service != self.read_for.get_value() {
            self.read_for.set_value(service);
            let left = draft::take_for(self.left, service);
            let (defaults, decided) = match left {
                Some(left) => (left.defaults, left.decided),
                None => (
                    service.map(Service::default_roles).unwrap_or_default(),
                    Vec::new(),
                ),
            };
            self.defaults.set(defaults);
            self.unread.set_value(true);
            self.decided.set_value(decided);
        }
        self.defaults.track();
        self.work();
    }

    /// Takes another text; what was decided about lines that stay as they are written stays, too.
    pub(crate) fn take(self, text: String) {
        self.decided.set_value(self.decided_now());
        self.text.set(text);
        self.unread.set_value(true);
        self.work();
    }

    /// Gives a line another address.
    pub(crate) fn edit(self, index: usize, address: &str) {
        self.review
            .update(|review| review.edit(index, address, &Browser));
        self.work();
    }

    /// Gives lines these roles; none is the default.
    pub(crate) fn give(self, lines: &[u32], roles: &[RoleId]) {
        self.review.update(|review| {
            for index in lines {
                review.give(*index as usize, roles);
            }
        });
        self.work();
    }

    /// Decides whether a line is sent.
    pub(crate) fn decide(self, index: usize, goes: bool) {
        self.review
            .update(|review| review.lines[index].decision = Some(goes));
    }

    /// Reads the text if that is to be done, and judges all lines.
    fn work(self) {
        self.ticket.update_value(|it| *it += 1);
        let ticket = self.ticket.get_value();
        let directory = self.roster.directory;
        spawn_local(async move {
            let mut slice = Slice::begin();
            let mut read = None;
            if self.unread.get_value() {
                let text = self.text.get_untracked();
                let roles = directory.with_untracked(|it| it.roles().to_vec());
                let mut reading = Reading::new(&text, &roles, MOST, &Browser);
                while reading.read_on(LINES) {
                    if slice.is_over() {
                        self.progress.set(Some((reading.count(), 0)));
                        slice = Slice::next().await;
                        if self.ticket.get_value() != ticket {
                            return;
                        }
                    }
                }
                let mut review = reading.finish();
                review.take_over(&text, self.decided.get_value(), &Browser);
                read = Some(review);
            }
            let defaults = self.defaults.get_untracked();
            let mut judging = Judging::default();
            let judge = |judging: &mut Judging| {
                let mut with = |review: &Review| {
                    let judge = |it: &_| judging.judge_on(review, it, &defaults, LINES);
                    directory.with_untracked(judge)
                };
                match &read {
                    Some(review) => (with(review), review.lines.len()),
                    None => self
                        .review
                        .with_untracked(|review| (with(review), review.lines.len())),
                }
            };
            loop {
                let (more, lines) = judge(&mut judging);
                if !more {
                    break;
                }
                if slice.is_over() {
                    self.progress.set(Some((lines, judging.count())));
                    slice = Slice::next().await;
                    if self.ticket.get_value() != ticket {
                        return;
                    }
                }
            }
            // drawing the rows is a part of its own
            if self.progress.get_untracked().is_some() {
                Slice::next().await;
                if self.ticket.get_value() != ticket {
                    return;
                }
            }
            let place = self.roster.place.with_untracked(|it| {
                let place = it.as_ref()?;
                Some(place.organization.id.to_string())
            });
            let anew = read.is_some() || place != self.judged_for.get_value();
            self.judged_for.set_value(place);
            if let Some(review) = read {
                self.unread.set_value(false);
                self.decided.set_value(Vec::new());
                self.only.set(None);
                self.review.set(review);
            }
            self.verdicts.set(judging.finish());
            if anew {
                self.listed.update(|it| *it += 1);
            }
            self.progress.set(None);
            self.ended.set_value(ticket);
        });
    }

    /// Whether all lines are judged by the list of users that there is.
    pub(crate) fn is_settled(self) -> bool {
        self.ended.get_value() == self.ticket.get_value()
    }
}
