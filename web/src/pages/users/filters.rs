//! Who has what, at a glance: roles as a bar, and buttons that filter.

use leptos::prelude::*;
use rolecall_core::directory::query::{Found, Query};

use super::growth::Growth;
use crate::app::Console;
use crate::model::filters::{Choice, Filters};
use crate::model::words;

/// The bar and the buttons.
#[component]
pub(super) fn FilterBar(
    /// Which users, with their counts.
    found: Memo<Found>,
    /// The search.
    query: Memo<Query>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let filters = Memo::new(move |_| {
        let directory = console.roster.directory.read();
        found.with(|it| query.with(|query| Filters::of(&directory, &it.facets, query)))
    });
    let buttons = move |of: fn(&Filters) -> &Vec<Choice>| {
        move || {
            let choices = filters.with(|it| of(it).clone());
            let most = choices.iter().map(|it| it.count).max().unwrap_or(0).max(1);
            choices
                .into_iter()
                .map(|choice| button(console, choice, most))
                .collect_view()
        }
    };
    let more = move || {
        filters.with(|it| it.domains.len() > 1 || !it.scopes.is_empty())
            || found.with(|it| it.facets.months.len() > 1)
    };
    view! {
        <div class="mix" role="img" aria-label=move || filters.with(Filters::roles_in_words)>
            {move || {
                let bar = filters.with(Filters::bar);
                bar.into_iter()
                    .map(|(class, n)| view! { <i class=class style:flex-grow=n.to_string()></i> })
                    .collect_view()
            }}
        </div>
        <div class="legend" role="group" aria-label="Filter">
            {buttons(|it| &it.roles)}
            {buttons(|it| &it.statuses)}
        </div>
        <Show when=more>
            <details class="more">
                <summary>{words::MORE_FILTERS}</summary>
                <div class="legend bars" role="group" aria-label=words::MORE_FILTERS>
                    {buttons(|it| &it.domains)}
                    {buttons(|it| &it.scopes)}
                </div>
                <Growth found query/>
            </details>
        </Show>
    }
}

/// One filter; a bar behind its words says how many it shows, beside the most of its kind.
fn button(console: Console, choice: Choice, most: usize) -> impl IntoView {
    let share = format!("{}%", choice.count * 100 / most);
    let ask = choice.ask;
    let toggle = move |_| {
        let text = console
            .location
            .with_untracked(|it| Query::toggled(&it.search, &ask));
        console.filter(text);
    };
    let dot = (!choice.class.is_empty()).then(|| view! { <span class="dot"></span> });
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
}
