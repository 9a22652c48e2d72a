//! Which organization is open, and the way to another one.

use leptos::prelude::*;

use crate::console::Console;
use crate::model::palette::Mode;

/// The button in the bar.
#[component]
pub(crate) fn Switcher() -> impl IntoView {
    let console = expect_context::<Console>();
    let name = move || {
        let place = console.roster.place.get();
        place.map_or_else(|| "No organization".to_owned(), |it| it.name().to_owned())
    };
    let service = move || {
        let place = console.roster.place.get();
        place.map(|it| it.connection.service.name())
    };
    view! {
        <button
            class="btn switch"
            aria-haspopup="dialog"
            data-later="menus"
            on:click=move |_| console.palette.set(Some(Mode::Organizations))
        >
            <span class="visually-hidden">"Switch organization, now "</span>
            <span class="name"><bdi>{name}</bdi></span>
            {move || service().map(|service| view! { <span class="svc">{service}</span> }.into_any())}
            <span class="muted" aria-hidden="true">"▾"</span>
            <span class="kbd hide-s" aria-hidden="true">"Ctrl K"</span>
        </button>
    }
}
