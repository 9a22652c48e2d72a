//! When users came: bars that filter.

use leptos::prelude::*;
use rolecall_core::directory::query::{Ask, Facets, Query, Term, When};

use crate::console::Console;
use crate::model::growth::{Bar, growth, in_words};
use crate::model::words;
use crate::reactive::{Derived, State};

/// The bars; nothing where the service tells no dates.
#[component]
pub(super) fn Growth(
    /// How many users there are of each kind.
    facets: State<Facets>,
    /// The search.
    query: Derived<Query>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let bars = Derived::new(move |_| {
        facets.with(|facets| query.with(|query| growth(&facets.months, query)))
    });
    let bar = move |bar: Bar| {
        let label = bar.label();
        let share = format!("{}%", bar.share);
        let pressed = bar.pressed.to_string();
        let toggle = move |_| {
            let text = query.with_untracked(|query| {
                console
                    .location
                    .with_untracked(|it| toggled(&it.search, query, &bar.ask()))
            });
            console.filter(text);
        };
        view! {
            <button type="button" aria-pressed=pressed aria-label=label.clone() title=label style=("--share", share) on:click=toggle>
                <i></i>
            </button>
        }
    };
    let ends = move || {
        bars.with(|bars| {
            let end = |bar: Option<&Bar>| bar.map(|it| words::period(&it.period));
            (end(bars.first()), end(bars.last()))
        })
    };
    view! {
        <Show when=move || !bars.read().is_empty()>
            <div class="growth">
                <div class="columns" role="group" aria-label=move || bars.with(|it| in_words(it))>
                    {move || bars.get().into_iter().map(bar).collect_view()}
                </div>
                <p class="m num"><span>{move || ends().0}</span><span>{move || ends().1}</span></p>
            </div>
        </Show>
    }
}

/// The search with this period instead of another, or without it if it is there.
fn toggled(text: &str, query: &Query, ask: &Ask) -> String {
    let there = query.has(ask);
    let mut text = text.to_owned();
    for term in &query.terms {
        if matches!(term.ask, Ask::Created(When::On, _)) && !term.not {
            text = Query::without(&text, term);
        }
    }
    if there {
        return text;
    }
    let term = Term {
        not: false,
        ask: ask.clone(),
    };
    match text.is_empty() {
        true => term.to_string(),
        false => format!("{text} {term}"),
    }
}
