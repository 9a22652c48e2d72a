//! Which organization is open, and the way to another one.

use leptos::prelude::*;

use crate::console::Console;
use crate::model::palette::Mode;
use crate::roster::Place;

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
    // whoever looks through another connection than the first that reaches it, is somebody else there
    let by = move || {
        let place = console.roster.place.get()?;
        let same = |it: &&Place| it.organization.id == place.organization.id;
        let first = console.places.with(|all| all.iter().find(same).cloned())?;
        (first.connection.id != place.connection.id).then_some(place.connection.name)
    };
    view! {
        <button
            class="btn switch"
            aria-haspopup="dialog"
            data-later="menus"
            on:click=move |_| {
                console.typed_ahead.set_value(String::new());
                console.palette.set(Some(Mode::Organizations));
            }
        >
            <span class="visually-hidden">"Switch organization, now "</span>
            <span class="name"><bdi>{name}</bdi></span>
            {move || service().map(|service| view! { <span class="svc">{service}</span> }.into_any()).into_any()}
            {move || by().map(|by| view! { <span class="m by"><bdi>{by}</bdi></span> }.into_any()).into_any()}
            <span class="muted" aria-hidden="true">"▾"</span>
            <span class="kbd hide-s" aria-hidden="true">"Ctrl K"</span>
        </button>
    }
}
