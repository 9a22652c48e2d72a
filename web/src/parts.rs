//! Where the parts are that come later: the one file that knows the pages, panels and dialogs behind them.

use leptos::prelude::*;

use crate::forms;
use crate::later::{Doors, Later, Part};
use crate::pages::{activity, connections, invite, roster, user, users};
use crate::ui::{palette, shortcuts};

#[cfg_attr(feature = "split", path = "parts/split.rs")]
#[cfg_attr(not(feature = "split"), path = "parts/whole.rs")]
mod chunk;

/// The ways to them.
pub(crate) const DOORS: Doors = Doors {
    are_fetched: chunk::ARE_FETCHED,
    fetch: |chunk| Box::pin(chunk::fetch(chunk)),
    show: chunk::show,
};

/// A part of the first chunk.
fn changes(part: Part) -> AnyView {
    match part {
        Part::Page(Later::Invite) => view! { <invite::Invite/> }.into_any(),
        Part::Page(Later::Roster) => view! { <roster::RosterPage/> }.into_any(),
        Part::Form { wanted, found } => forms::form(&wanted, found),
        Part::Selection { found } => view! { <users::selection::Selection found/> }.into_any(),
        _ => ().into_any(),
    }
}

/// A part of the second chunk.
fn facts(part: Part) -> AnyView {
    match part {
        Part::Page(Later::Activity) => view! { <activity::Activity/> }.into_any(),
        Part::Page(Later::Connections) => view! { <connections::Connections/> }.into_any(),
        Part::User { id, found } => view! { <user::UserPanel id found/> }.into_any(),
        _ => ().into_any(),
    }
}

/// A part of the third chunk.
fn menus(part: Part) -> AnyView {
    match part {
        Part::MoreFilters {
            facets,
            query,
            filters,
        } => view! { <users::filters::MoreFilters facets query filters/> }.into_any(),
        Part::Chips { query } => view! { <users::chips::Chips query/> }.into_any(),
        Part::Views { done } => view! { <users::views::SavedViews done/> }.into_any(),
        Part::Palette(mode) => view! { <palette::Palette mode/> }.into_any(),
        Part::Shortcuts => view! { <shortcuts::Shortcuts/> }.into_any(),
        _ => ().into_any(),
    }
}
