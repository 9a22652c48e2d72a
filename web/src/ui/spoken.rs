//! Words for who listens: said when they have stood still for a moment, so that a number that runs is not read out at
//! each of its steps.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::reactive::{Derived, Kept, State};
use crate::ui::effect::effect;

/// How long words stand still before they are said.
const STILL: Duration = Duration::from_millis(700);

/// How long they may go on changing before they are said all the same, in milliseconds.
const PATIENCE: f64 = 10_000.0;

/// Says a text that may change at any time. Who looks does not see it.
#[component]
pub(crate) fn Spoken(
    /// What is to be said.
    text: Derived<String>,
) -> impl IntoView {
    let said = State::new(String::new());
    let waiting = Kept::new(None::<TimeoutHandle>);
    let since = Kept::new(None::<f64>);
    let say = move || {
        since.try_set_value(None);
        if let Some(text) = text.try_get_untracked() {
            let _said = said.try_set(text);
        }
    };
    let forget = move || {
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    };
    effect(move || {
        text.track();
        forget();
        let now = js_sys::Date::now();
        let begun = since.get_value().unwrap_or(now);
        since.set_value(Some(begun));
        if now - begun > PATIENCE {
            return say();
        }
        waiting.set_value(set_timeout_with_handle(say, STILL).ok());
    });
    on_cleanup(forget);
    view! { <span class="visually-hidden" role="status">{move || said.get()}</span> }
}
