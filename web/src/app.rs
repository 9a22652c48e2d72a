//! The bar above the pages, and the page that is open.

use leptos::prelude::*;
use rolecall_core::plan::Failure;

use crate::console::Console;
use crate::later::{Later, Part, later};
use crate::model::words;
use crate::pages::users::Users;
use crate::parts::DOORS;
use crate::paths::Page;
use crate::reactive::Derived;
use crate::ui::effect::effect;
use crate::ui::icon::Logo;
use crate::ui::keys;
use crate::ui::switcher::Switcher;
use crate::ui::toast::Toasts;

/// The console.
#[component]
pub(crate) fn App() -> impl IntoView {
    let console = Console::new(DOORS);
    provide_context(console);
    provide_context(console.chunks);
    console.follow_history();
    console.prefs.keep();
    keys::listen(console);
    console.chunks.foresee();
    console.start();
    let page = Derived::new(move |_| console.location.with(|it| it.page));
    effect(move || {
        let page = page.get().name();
        let place = console
            .roster
            .place
            .with(|it| it.as_ref().map(|it| format!("{} – ", it.name())));
        document().set_title(&format!("{page} – {}Rolecall", place.unwrap_or_default()));
    });
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="bar">
            <a class="mark" href="/users"><Logo/>"Rolecall"</a>
            <Switcher/>
            <span class="grow"></span>
            <SandboxChip/>
            <button
                class="btn ghost small"
                aria-haspopup="dialog"
                aria-label="Shortcuts and settings"
                title="Shortcuts and settings"
                data-later="menus"
                on:click=move |_| console.shortcuts.set(true)
            >
                "?"
            </button>
        </header>
        <nav class="tabs" aria-label="Pages">
            {Page::ALL
                .into_iter()
                .map(|page| {
                    let current = move || console.location.with(|it| it.page == page).then(|| "page".to_owned());
                    let href = move || console.location.with(|it| it.on(page).to_url());
                    let click = move |event: leptos::ev::MouseEvent| {
                        // with a modifier, the browser opens another tab or window
                        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                            event.prevent_default();
                            console.go(|it| *it = it.on(page));
                        }
                    };
                    let later = match page {
                        Page::Users => "",
                        Page::Invite | Page::Roster => "changes",
                        Page::Activity | Page::Connections => "facts",
                    };
                    view! { <a href=href aria-current=current data-later=later on:click=click>{page.name()}</a> }.into_any()
                })
                .collect::<Vec<_>>()}
        </nav>
        <main id="main" tabindex="-1">
            {move || match &*console.session.read() {
                None => ().into_any(),
                Some(Ok(_)) => match page.get() {
                    Page::Users => view! { <Users/> }.into_any(),
                    Page::Invite => later(Part::Page(Later::Invite)),
                    Page::Roster => later(Part::Page(Later::Roster)),
                    Page::Activity => later(Part::Page(Later::Activity)),
                    Page::Connections => later(Part::Page(Later::Connections)),
                },
                Some(Err(failure)) => outside(console, failure),
            }}
        </main>
        {move || console.palette.get().map(|mode| later(Part::Palette(mode))).into_any()}
        {move || console.shortcuts.get().then(|| later(Part::Shortcuts)).into_any()}
        <Toasts toaster=console.toaster/>
    }
}

/// Says that nothing here is real, as long as that is so.
#[component]
fn SandboxChip() -> impl IntoView {
    let console = expect_context::<Console>();
    let sandbox = move || {
        let place = console.roster.place.get();
        place.is_none_or(|it| it.connection.sandbox)
            && console
                .session
                .with(|it| matches!(it, Some(Ok(it)) if it.sandbox))
    };
    let live = move || {
        console
            .session
            .with(|it| matches!(it, Some(Ok(it)) if it.live))
            && !sandbox()
    };
    let chip = Derived::new(move |_| (sandbox(), live()));
    move || {
        match chip.get() {
        (true, _) => view! {
            <span class="chip wait">"Sandbox"<span class="hide-s">": nothing here is real"</span></span>
        }
        .into_any(),
        (false, true) => view! { <span class="chip">"Live"</span> }.into_any(),
        (false, false) => ().into_any(),
    }
    }
}

/// Shown to somebody whom the gateway does not let in, with the reason.
fn outside(console: Console, failure: &Failure) -> AnyView {
    let (title, hint) = if *failure == Failure::SignedOut {
        (
            "You are signed out",
            "Open the link that Rolecall printed when it started; `rolecall link` prints it again."
                .to_owned(),
        )
    } else {
        ("Rolecall does not answer", words::failure(failure))
    };
    view! {
        <div class="empty" role="alert">
            <h1>{title}</h1>
            <p>{hint}</p>
            <button class="btn" on:click=move |_| console.start()>"Try again"</button>
        </div>
    }
    .into_any()
}
