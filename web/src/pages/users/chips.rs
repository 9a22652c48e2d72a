//! The conditions of the search as chips: the same text that stands in the box, each with a way out.

use leptos::prelude::*;
use rolecall_core::directory::query::Query;

use crate::console::Console;
use crate::model::chips::{Chip, chips};
use crate::model::words;
use crate::reactive::Derived;

/// The chips; nothing where the search has only words.
#[component]
pub(crate) fn Chips(
    /// The search.
    query: Derived<Query>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let all = Derived::new(move |_| {
        let directory = console.roster.directory.read();
        query.with(|query| chips(query, &directory))
    });
    let item = move |chip: Chip| {
        let label = format!("Take out: {}", chip.label);
        let class = if chip.unknown { "chip bad" } else { "chip" };
        let title = chip.unknown.then_some(words::NO_SUCH_ROLE);
        let out = move |_| {
            let text = console
                .location
                .with_untracked(|it| Query::without(&it.search, &chip.term));
            console.filter(text);
            // the chip is gone, and the text is where one goes on
            crate::ui::cursor::focus("#user-search");
        };
        view! {
            <li>
                <button type="button" class=class aria-label=label title=title on:click=out>
                    <bdi>{chip.label}</bdi><span aria-hidden="true">"✕"</span>
                </button>
            </li>
        }
    };
    move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            view! { <ul class="chips" aria-label=words::CONDITIONS>{all.into_iter().map(item).collect_view()}</ul> }
        })
    }
}
