//! A list as it was typed, kept in the tab: a page that is read anew goes on where it was left.
//!
//! It is kept when the page goes and not before, and where the browser has no room for it, it asks before it lets the
//! page go. With the tab it is gone.

use leptos::prelude::*;
use rolecall_core::json::{self, FromJson, ToJson};
use rolecall_core::review::Decided;
use rolecall_core::role::RoleId;
use rolecall_core::service::Service;

use crate::host;
use crate::reactive::Kept;

/// A list, and what was decided about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToJson, FromJson)]
pub(super) struct Draft {
    /// As typed.
    pub(super) text: String,
    /// Whose roles are meant.
    pub(super) service: Option<Service>,
    /// Roles of lines that give none.
    pub(super) defaults: Vec<RoleId>,
    /// What was decided about lines.
    pub(super) decided: Vec<Decided>,
}

impl Draft {
    /// As it was left under a name; an empty one if none was.
    pub(super) fn left(name: &str) -> Self {
        let text = host::held(name).unwrap_or_default();
        // what another version left may be something else
        json::from_slice(text.as_bytes()).unwrap_or_default()
    }
}

/// Takes a draft for a service, if it was made for that one; only the first who asks gets it.
pub(super) fn take_for(draft: Kept<Option<Draft>>, service: Option<Service>) -> Option<Draft> {
    let taken = draft.try_update_value(Option::take).flatten();
    taken.filter(|it| it.service == service)
}

/// Keeps a draft under a name whenever the page may go, as long as the console is there.
pub(super) fn keep(name: &'static str, draft: impl Fn() -> Draft + 'static) {
    let keep = move || {
        let draft = draft();
        if draft.text.trim().is_empty() {
            return host::hold(name, None);
        }
        host::hold(name, Some(&json::to_text(&draft)))
    };
    let keep = std::rc::Rc::new(keep);
    for event in ["visibilitychange", "pagehide", "beforeunload"] {
        let keep = std::rc::Rc::clone(&keep);
        let listener = window_event_listener_untyped(event, move |event| {
            if !keep() && event.type_() == "beforeunload" {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    }
}
