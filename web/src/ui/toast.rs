//! Short words at the edge of the page: what was done.

use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;

use crate::reactive::{Kept, State};
use crate::ui::cursor::keep_focus;

/// How long words stay.
const STAY: Duration = Duration::from_secs(8);

/// Says things for a moment.
#[derive(Clone, Copy)]
pub(crate) struct Toaster {
    said: State<Option<Said>>,
    /// How often something was said.
    times: Kept<u32>,
    /// Where the words appear.
    place: NodeRef<html::Div>,
}

/// Words, and what can be done about what they say.
#[derive(Clone)]
struct Said {
    number: u32,
    text: String,
    next: Option<(&'static str, Callback<()>)>,
}

impl Toaster {
    /// Which says nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            said: State::new(None),
            times: Kept::new(0),
            place: NodeRef::new(),
        }
    }

    /// Moves words that are there to where they can be seen and reached: an open dialog shuts out all that is not in
    /// it.
    pub(crate) fn come_to_front(self) {
        if self.said.try_get_untracked().flatten().is_some() {
            self.move_to_front();
        }
    }

    fn move_to_front(self) {
        let page = document();
        let (Some(place), Some(body)) = (self.place.get_untracked(), page.body()) else {
            return;
        };
        let open = page.query_selector_all("dialog[open]").ok();
        let top = open.and_then(|all| all.item(all.length().checked_sub(1)?));
        let front = top.unwrap_or_else(|| body.into());
        if place.parent_node().as_ref() != Some(&front) {
            // a place that does not take them leaves them where they are
            drop(front.append_child(&place));
        }
    }

    /// Whether somebody is at the words: the pointer or the focus.
    fn is_held(self) -> bool {
        let place = self.place.get_untracked();
        place.is_some_and(|it| it.matches(":hover, :focus-within").unwrap_or_default())
    }

    /// Takes words away after a while, unless somebody is at them or something else was said.
    fn wait(self, number: u32) {
        let end = move || {
            let mine = |said: &Option<Said>| said.as_ref().is_some_and(|it| it.number == number);
            if !self.said.with_untracked(mine) {
                return;
            }
            match self.is_held() {
                true => self.wait(number),
                false => self.said.set(None),
            }
        };
        set_timeout(end, STAY);
    }

    /// Takes back the button of what is said.
    pub(crate) fn offer_no_more(self) {
        self.said.update(|said| {
            if let Some(said) = said {
                said.next = None;
            }
        });
    }

    /// Says something; it replaces what was said before.
    pub(crate) fn say(self, text: String) {
        self.say_with(text, None);
    }

    /// Says something, with a button for what may be wanted next.
    pub(crate) fn say_with(self, text: String, next: Option<(&'static str, Callback<()>)>) {
        self.times.update_value(|it| *it += 1);
        let number = self.times.get_value();
        self.move_to_front();
        self.said.set(Some(Said { number, text, next }));
        self.wait(number);
    }

    fn hush(self) {
        self.said.set(None);
        keep_focus();
    }
}

/// Where the words appear; screen readers hear them.
#[component]
pub(crate) fn Toasts(
    /// Who says them.
    toaster: Toaster,
) -> impl IntoView {
    view! {
        <div class="toasts" role="status" node_ref=toaster.place>
            {move || {
                toaster.said.get().map(|Said { text, next, .. }| {
                    let next = next.map(|(label, run)| {
                        let press = move |_| {
                            toaster.hush();
                            run.run(());
                        };
                        view! { <button class="btn small" on:click=press>{label}</button> }.into_any()
                    });
                    view! {
                        <p class="toast">
                            {text}
                            {next}
                            <button class="btn ghost small" aria-label="Close this message" on:click=move |_| toaster.hush()>
                                "✕"
                            </button>
                        </p>
                    }
                    .into_any()
                }).into_any()
            }}
        </div>
    }
}
