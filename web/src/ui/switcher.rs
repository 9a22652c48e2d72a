//! Switching between all organizations of all connections.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use rolecall_core::directory::fold::fold;

use crate::app::Console;
use crate::model::words;
use crate::roster::Place;
use crate::ui::dialog::Dialog;

/// The button in the bar, its key, and the list that it opens.
#[component]
pub(crate) fn Switcher() -> impl IntoView {
    let console = expect_context::<Console>();
    let open = RwSignal::new(false);
    let listener = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || listener.remove());
    let name = move || {
        let place = console.roster.place.get();
        place.map_or_else(|| "No organization".to_owned(), |it| it.name().to_owned())
    };
    let service = move || {
        console
            .roster
            .place
            .get()
            .map(|it| it.connection.service.name())
    };
    view! {
        <button class="btn switch" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            <span class="visually-hidden">"Switch organization, now "</span>
            <span class="name">{name}</span>
            {move || service().map(|service| view! { <span class="svc">{service}</span> })}
            <span class="muted" aria-hidden="true">"▾"</span>
            <span class="kbd hide-s" aria-hidden="true">"Ctrl K"</span>
        </button>
        <Show when=move || open.get()>
            <Places on_close=move || open.set(false)/>
        </Show>
    }
}

/// The list of organizations, narrowed by typing.
#[component]
fn Places(
    /// Called when it has closed.
    on_close: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let close = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let list = NodeRef::<html::Ul>::new();
    let matching = Memo::new(move |_| {
        let words: Vec<String> = typed.read().split_whitespace().map(fold).collect();
        let matches = |place: &&Place| {
            let text = fold(&format!(
                "{} {} {}",
                place.name(),
                place.connection.service.name(),
                place.connection.name
            ));
            words.iter().all(|word| text.contains(word))
        };
        console
            .places
            .with(|places| places.iter().filter(matches).cloned().collect::<Vec<_>>())
    });
    let choose = move |place: Place| {
        close.set(true);
        console.open(place);
    };
    let first = move || matching.with_untracked(|all| all.first().cloned());
    let row = move |place: Place| {
        let current = place.clone();
        let current = move || {
            console.roster.place.with(|open| {
                open.as_ref().is_some_and(|open| {
                    open.connection == current.connection
                        && open.organization.id == current.organization.id
                })
            })
        };
        let (name, by) = (place.name().to_owned(), place.connection.name.clone());
        let service = place.connection.service.name();
        let by = (by != name).then(|| view! { <span class="m">{by}</span> });
        view! {
            <li>
                <button
                    type="button"
                    aria-current=move || current().then_some("true")
                    on:click=move |_| choose(place.clone())
                >
                    <span class="name"><bdi>{name}</bdi></span>
                    {by}
                    <span class="svc">{service}</span>
                </button>
            </li>
        }
    };
    view! {
        <Dialog title="Switch organization" id="switcher" on_close=Callback::new(move |()| on_close()) close>
            <form
                class="pick"
                on:submit=move |event| {
                    event.prevent_default();
                    if let Some(place) = first() {
                        choose(place);
                    }
                }
            >
                <input
                    type="search"
                    aria-label="Find an organization"
                    placeholder="Type to search"
                    autocomplete="off"
                    autofocus
                    prop:value=move || typed.get()
                    on:input:target=move |event| typed.set(event.target().value())
                    on:keydown=move |event| {
                        if event.key() == "ArrowDown" {
                            event.prevent_default();
                            focus_beside(list, None, 1);
                        }
                    }
                />
            </form>
            <ul
                class="places"
                aria-label="Organizations"
                node_ref=list
                on:keydown=move |event| {
                    let step = match event.key().as_str() {
                        "ArrowDown" => 1,
                        "ArrowUp" => -1,
                        _ => return,
                    };
                    event.prevent_default();
                    focus_beside(list, document().active_element(), step);
                }
            >
                <For
                    each=move || matching.get()
                    key=|place| (place.connection.id.clone(), place.organization.clone().id.to_string(), place.name().to_owned())
                    children=row
                />
            </ul>
            <p class="m" role="status">
                {move || match matching.with(Vec::len) {
                    0 => "No organization matches.".to_owned(),
                    1 => "1 organization".to_owned(),
                    n => format!("{} organizations; Enter opens the first.", words::number(n)),
                }}
            </p>
            {move || {
                console
                    .unread
                    .get()
                    .into_iter()
                    .map(|(connection, failure)| {
                        view! {
                            <p class="problem">
                                {format!("{}: {}", connection.name, words::failure(&failure))}
                            </p>
                        }
                    })
                    .collect_view()
            }}
        </Dialog>
    }
}

/// Moves the focus among the buttons of a list.
fn focus_beside(list: NodeRef<html::Ul>, from: Option<web_sys::Element>, step: i32) {
    use wasm_bindgen::JsCast;
    let Some(Ok(buttons)) = list
        .get_untracked()
        .map(|list| list.query_selector_all("button"))
    else {
        return;
    };
    let all = (0..buttons.length()).filter_map(|n| buttons.get(n));
    let all: Vec<web_sys::HtmlElement> = all.filter_map(|node| node.dyn_into().ok()).collect();
    let now = from.and_then(|from| {
        all.iter()
            .position(|it| AsRef::<web_sys::Element>::as_ref(it) == &from)
    });
    let next = match now {
        None => 0,
        Some(now) => now
            .saturating_add_signed(step as isize)
            .min(all.len().saturating_sub(1)),
    };
    if let Some(button) = all.get(next) {
        // an element that cannot take the focus leaves it where it is
        drop(button.focus());
    }
}
