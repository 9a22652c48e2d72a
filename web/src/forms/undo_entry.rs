//! Undoing one change: whether it can be, and the plan that does it.

use rolecall_core::directory::Directory;
use rolecall_core::plan::undo::{Undo, undo};
use rolecall_core::plan::{Context, Plan};

use crate::console::Console;
use crate::model::journal_view::Entry;
use crate::model::words;
use crate::roster::Place;

/// Whether a change can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Undoable {
    /// It changed nothing.
    Nothing,
    /// It can be.
    Yes,
    /// It cannot, and why.
    No(String),
}

fn back(console: Console, entry: &Entry, place: &Place, directory: &Directory) -> Option<Undo> {
    let context = Context {
        service: place.connection.service,
        organization: place.organization.id.clone(),
        me: console.roster.me.get_untracked().id,
    };
    Some(undo(&[entry.fact()?], directory, &context))
}

/// Whether a change can be undone in the organization that is open.
pub(crate) fn undoable(
    console: Console,
    entry: &Entry,
    open: Option<&Place>,
    directory: &Directory,
) -> Undoable {
    if entry.fact().is_none() {
        return Undoable::Nothing;
    }
    let here = |place: &&Place| {
        place.connection.id == entry.connection
            && place.organization.id.as_str() == entry.organization
    };
    let Some(place) = open.filter(here) else {
        return Undoable::No("Switch to its organization first.".to_owned());
    };
    if !directory.is_complete() {
        return Undoable::No("The users are still being read.".to_owned());
    }
    if let Err(why) = console.roster.may_change() {
        return Undoable::No(why);
    }
    match back(console, entry, place, directory) {
        None => Undoable::Nothing,
        Some(way) => match way.kept.first() {
            Some(kept) => Undoable::No(words::sentence(&kept.why.to_string())),
            None => Undoable::Yes,
        },
    }
}

/// The plan that undoes a change, and sentences on how it falls short of what was.
pub(crate) fn way_back(console: Console, entry: &Entry) -> Option<(Plan, Vec<String>)> {
    let roster = console.roster;
    let place = roster.place.get_untracked()?;
    let way = roster
        .directory
        .with_untracked(|directory| back(console, entry, &place, directory))?;
    let caveats = way.wishes.iter().filter_map(|it| it.caveat);
    let caveats = caveats.map(|it| words::sentence(&it.to_string())).collect();
    Some((roster.plan(&way.intents())?, caveats))
}
