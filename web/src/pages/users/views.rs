//! Searches with their order, kept under a name for one organization in this browser.

use leptos::prelude::*;

use crate::console::Console;
use crate::host;
use crate::later::{Part, later};
use crate::model::{palette, words};
use crate::paths::Location;
use crate::reactive::State;
use crate::ui::dialog::Dialog;

/// A view: its name, and its address as far as it says what is searched and in which order.
type View = (String, String);

/// Name under which the views of the open organization are kept.
fn kept_as(console: Console) -> Option<String> {
    console.roster.place.with_untracked(|it| {
        it.as_ref()
            .map(|it| format!("views.{}", palette::name_of(it)))
    })
}

fn read(console: Console) -> Vec<View> {
    let kept = kept_as(console).and_then(|name| host::stored(&name));
    let line = |line: &str| {
        let (name, url) = line.split_once('\t')?;
        Some((name.to_owned(), url.to_owned()))
    };
    kept.unwrap_or_default().lines().filter_map(line).collect()
}

fn keep(console: Console, views: &[View]) {
    if let Some(name) = kept_as(console) {
        let lines = views.iter().map(|(name, url)| format!("{name}\t{url}"));
        host::store(&name, &lines.collect::<Vec<_>>().join("\n"));
    }
}

/// The button, and the list that it opens.
#[component]
pub(super) fn Views() -> impl IntoView {
    let open = State::new(false);
    view! {
        <button type="button" class="btn" aria-haspopup="dialog" data-later="menus" on:click=move |_| open.set(true)>"Views…"</button>
        {move || open.get().then(|| later(Part::Views { done: Callback::new(move |()| open.set(false)) })).into_any()}
    }
}

/// The dialog.
#[component]
pub(crate) fn SavedViews(
    /// Called when it has closed.
    done: Callback<()>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let close = State::new(false);
    let views = State::new(read(console));
    let name = State::new(String::new());
    let now = console.location.with_untracked(|it| {
        let (search, sort) = (it.search.clone(), it.sort.clone());
        Location {
            search,
            sort,
            ..Location::default()
        }
        .to_url()
    });
    let nothing = !now.contains('?');
    let change = move |change: &dyn Fn(&mut Vec<View>)| {
        views.update(|all| {
            change(all);
            keep(console, all);
        });
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // a line of what is kept is one view
        let named: String = name
            .get_untracked()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if named.is_empty() || nothing {
            return;
        }
        change(&|all| {
            all.retain(|(name, _)| *name != named);
            all.push((named.clone(), now.clone()));
        });
        name.set(String::new());
    };
    let item = move |(name, url): View| {
        let (forget, label) = (name.clone(), format!("Delete the view {name}"));
        let take = move |_| {
            let query = url.split_once('?').map_or("", |(_, query)| query);
            let saved = Location::parse("/users", query);
            console.go(|it| {
                it.search = saved.search;
                it.sort = saved.sort;
            });
            close.set(true);
        };
        let forget = move |_| change(&|all| all.retain(|(name, _)| *name != forget));
        view! {
            <li class="inline">
                <button type="button" class="btn" on:click=take><bdi>{name}</bdi></button>
                <button type="button" class="btn ghost small" aria-label=label on:click=forget>"✕"</button>
            </li>
        }
    };
    view! {
        <Dialog title="Saved views" id="views" on_close=done close>
            {move || match views.with(Vec::is_empty) {
                true => view! { <p class="m">{words::NO_VIEWS}</p> }.into_any(),
                false => view! {
                    <ul class="exports" aria-label="Views">{views.get().into_iter().map(item).collect_view()}</ul>
                }
                .into_any(),
            }}
            <form on:submit=save>
                <div class="field">
                    <label for="view-name">"Save what is shown as"</label>
                    <input
                        id="view-name"
                        type="text"
                        autocomplete="off"
                        autofocus
                        maxlength="60"
                        disabled=nothing
                        aria-describedby="view-hint"
                        prop:value=move || name.get()
                        on:input:target=move |event| name.set(event.target().value())
                    />
                    <p class="m" id="view-hint">{if nothing { words::NOTHING_TO_SAVE } else { words::WHAT_IS_SAVED }}</p>
                </div>
                <button class="btn" disabled=nothing>"Save"</button>
            </form>
        </Dialog>
    }
}
