//! Keys that do something wherever one is: Control K always, single keys unless they are turned off
//! (WCAG 2.1.4) or something else has the keys.

use leptos::ev;
use leptos::prelude::*;

use crate::app::Console;
use crate::forms::Wanted;
use crate::host;
use crate::model::keymap::Deed;
use crate::model::palette::Mode;
use crate::paths::Page;
use crate::ui::cursor::focus;

/// Listens as long as the console is there.
pub(crate) fn listen(console: Console) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let with = event.ctrl_key() || event.meta_key();
        let key = event.key();
        if with && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            if console.palette.with_untracked(Option::is_none) {
                console.palette.set(Some(Mode::All));
            }
            return;
        }
        let off = !console.prefs.keys.get_untracked() || host::keys_are_taken();
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
    on_cleanup(move || listener.remove());
}

/// Goes to the table of users, unless one is there.
pub(crate) fn on_users_page(console: Console) {
    if console.location.with_untracked(|it| it.page != Page::Users) {
        console.go(|it| *it = it.on(Page::Users), true);
    }
}
