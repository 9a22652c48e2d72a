//! Who has what, at a glance: roles as a bar, and buttons that filter.

use leptos::prelude::*;
use rolecall_core::directory::query::{Facets, Found, Query};

use super::growth::Growth;
use crate::console::Console;
use crate::later::{Part, later};
use crate::model::filters::{Choice, Filters};
use crate::model::words;
use crate::reactive::{Derived, Kept, State};
use crate::roster::Roster;
use crate::ui::after_paint::after_paint;
use crate::ui::effect::effect;

/// The bar and the buttons.
#[component]
pub(super) fn FilterBar(
    /// Which users.
    found: Derived<Found>,
    /// The search.
    query: Derived<Query>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let facets = count(console.roster, found, query);
    let filters = Derived::new(move |before: Option<&Filters>| {
        let facets = facets.read();
        let roster = console.roster;
        let directory = roster.directory.read_untracked();
        let place = roster.place.read_untracked();
        let organization = Option::as_ref(&place).map_or("", |it| it.organization.id.as_str());
        let now =
            query.with_untracked(|query| Filters::of(organization, &directory, &facets, query));
        match before {
            Some(before) => now.beside(before),
            None => now,
        }
    });
    let opened = State::new(false);
    let more = Derived::new(move |_| filters.with(|it| it.has_more));
    let heading = move || match console.roster.tells_names_and_dates() {
        Some(false) => words::DOMAINS.to_owned(),
        _ => words::MORE_FILTERS.to_owned(),
    };
    view! {
        <div class="mix" role="img" aria-label=move || filters.with(Filters::roles_in_words)>
            {move || {
                let bar = filters.with(Filters::bar);
                bar.into_iter()
                    .map(|(class, n)| view! { <i class=class style:flex-grow=n.to_string()></i> }.into_any())
                    .collect::<Vec<_>>()
                    .into_any()
            }}
        </div>
        <div class="legend" role="group" aria-label="Filter">
            {buttons(filters, |it| &it.roles)}
            {buttons(filters, |it| &it.statuses)}
        </div>
        {move || {
            more.get().then(|| {
                view! {
                    <details class="more" on:toggle=move |_| opened.set(true)>
                        <summary data-later="menus">{heading}</summary>
                        {move || opened.get().then(|| later(Part::MoreFilters { facets, query, filters })).into_any()}
                    </details>
                }
                .into_any()
            }).into_any()
        }}
    }
}

/// What stands behind a press: filters by where people are, and when they came.
#[component]
pub(crate) fn MoreFilters(
    /// How many users there are of each kind.
    facets: State<Facets>,
    /// The search.
    query: Derived<Query>,
    /// What can be filtered.
    filters: Derived<Filters>,
) -> impl IntoView {
    view! {
        <div class="legend bars" role="group" aria-label=words::MORE_FILTERS>
            {buttons(filters, |it| &it.domains)}
            {buttons(filters, |it| &it.scopes)}
        </div>
        <Growth facets query/>
    }
}

/// How many users there are of each kind, counted anew once the rows of another answer are painted: who
/// types waits for the rows, not for the counts.
fn count(roster: Roster, found: Derived<Found>, query: Derived<Query>) -> State<Facets> {
    let counted = move || {
        let directory = roster.directory.read_untracked();
        found.with_untracked(|found| directory.facets(found))
    };
    let facets = State::new(counted());
    let waits = Kept::new(false);
    let mut first = true;
    effect(move || {
        found.track();
        query.track();
        // roles get other names
        roster.directory.track();
        if !std::mem::take(&mut first) && !waits.get_value() {
            waits.set_value(true);
            after_paint(move || {
                // the page may be gone by then
                if waits.try_set_value(false).is_none() {
                    facets.set(counted());
                }
            });
        }
    });
    facets
}

/// The filters of a kind.
fn buttons(filters: Derived<Filters>, of: fn(&Filters) -> &Vec<Choice>) -> AnyView {
    let console = expect_context::<Console>();
    let all = move || {
        let choices = filters.with(|it| of(it).clone());
        let most = choices.iter().map(|it| it.count).max().unwrap_or(0).max(1);
        choices
            .into_iter()
            .map(|choice| button(console, choice, most))
            .collect::<Vec<_>>()
            .into_any()
    };
    all.into_any()
}

/// One filter; a bar behind its words says how many it shows, beside the most of its kind.
fn button(console: Console, choice: Choice, most: usize) -> AnyView {
    let share = format!("{}%", choice.count * 100 / most);
    let ask = choice.ask;
    let toggle = move |_| {
        let text = console
            .location
            .with_untracked(|it| Query::toggled(&it.search, &ask));
        console.filter(text);
    };
    let dot = (!choice.class.is_empty()).then(|| view! { <span class="dot"></span> }.into_any());
    view! {
        <button
            type="button"
            class=choice.class
            aria-pressed=choice.pressed.to_string()
            style=("--share", share)
            on:click=toggle
        >
            {dot}
            <span class="name">{choice.label}</span>
            <span class="muted num">{words::number(choice.count)}</span>
        </button>
    }
    .into_any()
}
