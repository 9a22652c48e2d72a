//! Keys that do something wherever one is: Control K always, single keys unless they are turned off
//! (WCAG 2.1.4) or something else has the keys.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;

use crate::console::Console;
use crate::host;
use crate::model::keymap::Deed;
use crate::model::palette::Mode;
use crate::paths::Page;
use crate::ui::cursor::{focus, keep_focus};
use crate::wanted::Wanted;

/// How long after a key it is looked whether something still has the focus.
const AFTER_A_KEY: Duration = Duration::from_millis(150);

/// Listens as long as the console is there.
pub(crate) fn listen(console: Console) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let with = event.ctrl_key() || event.meta_key();
        let key = event.key();
        if with && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            // a form that is open is finished or closed first
            let form =
                console.wanted.with_untracked(Option::is_some) || console.shortcuts.get_untracked();
            if !form && console.palette.with_untracked(Option::is_none) {
                console.typed_ahead.set_value(String::new());
                console.palette.set(Some(Mode::All));
            }
            return;
        }
        if console.palette.with_untracked(Option::is_some) && !host::dialog_is_open() {
            // the way out of a palette that could not be fetched is a button
            let presses = matches!(&*key, "Enter" | " ");
            let button = document().query_selector(".toasts button:focus");
            if presses && button.is_ok_and(|it| it.is_some()) {
                return;
            }
            if !with && !event.alt_key() && type_ahead(console, &key) {
                event.prevent_default();
            }
            return;
        }
        // the form that was asked for is on its way
        let coming = console.wanted.with_untracked(Option::is_some);
        let off = coming || !console.prefs.keys.get_untracked() || host::keys_are_taken();
        if with || event.alt_key() || event.default_prevented() || off {
            return;
        }
        match console.prefs.keymap.get_untracked().deed(&key) {
            Some(Deed::Search) => {
                on_users_page(console);
                request_animation_frame(|| {
                    focus("#user-search");
                });
            }
            Some(Deed::Help) => console.shortcuts.set(true),
            Some(Deed::Invite) if untrack(|| console.roster.may_change()).is_ok() => {
                on_users_page(console);
                console.wanted.set(Some(Wanted::Invite));
            }
            Some(Deed::Refresh) => console.roster.refresh(),
            _ => return,
        }
        event.prevent_default();
    });
    let pressed = window_event_listener(ev::keyup, |event| {
        if matches!(&*event.key(), "Enter" | " " | "Escape" | "Delete") {
            // whatever it led to has been drawn by then
            set_timeout(keep_focus, AFTER_A_KEY);
        }
    });
    on_cleanup(move || {
        listener.remove();
        pressed.remove();
    });
}

/// Keeps a key for the palette, which is not there yet; tells whether it was one to keep.
fn type_ahead(console: Console, key: &str) -> bool {
    let mut letters = key.chars();
    match (key, letters.next(), letters.next()) {
        ("Escape", ..) => {
            console.typed_ahead.set_value(String::new());
            console.palette.set(None);
        }
        ("Backspace", ..) => console.typed_ahead.update_value(|text| {
            text.pop();
        }),
        ("Enter", ..) => console.typed_ahead.update_value(|text| text.push('\n')),
        (_, Some(letter), None) => console.typed_ahead.update_value(|text| text.push(letter)),
        _ => return false,
    }
    true
}

/// Goes to the table of users, unless one is there.
pub(crate) fn on_users_page(console: Console) {
    if console.location.with_untracked(|it| it.page != Page::Users) {
        console.go(|it| *it = it.on(Page::Users));
    }
}
