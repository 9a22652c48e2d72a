//! What the first load does not bring: pages, panels and dialogs, in a few chunks that are fetched when
//! somebody is about to turn to them. A console that is not split has them all from the start.

use std::pin::Pin;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::directory::query::{Facets, Found, Query};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::model::filters::Filters;
use crate::model::palette::Mode;
use crate::reactive::{Derived, Kept, State};
use crate::wanted::Wanted;

/// Said when a part does not come: the gateway does not answer, or another version of it does.
const NOT_FETCHED: &str =
    "This part of the console could not be loaded. Try again; if it stays so, reload the page.";

/// How parts come: this file knows what there is, not where it is.
#[derive(Clone, Copy)]
pub(crate) struct Doors {
    /// Whether anything has to come.
    pub(crate) are_fetched: bool,
    /// Fetches a chunk; tells whether it came.
    pub(crate) fetch: fn(Chunk) -> Fetching,
    /// Shows a part of a chunk that is there.
    pub(crate) show: fn(Part) -> AnyView,
}

/// Tells whether a chunk came.
pub(crate) type Fetching = Pin<Box<dyn Future<Output = bool>>>;

/// A part of the console.
pub(crate) enum Part {
    /// A page other than the users.
    Page(Later),
    /// The panel of a user.
    User {
        /// Id of the user.
        id: String,
        /// Which users the table shows.
        found: Derived<Found>,
    },
    /// A form.
    Form {
        /// What it is for.
        wanted: Rc<Option<Wanted>>,
        /// Which users the table shows.
        found: Derived<Found>,
    },
    /// The filters that stand behind a press.
    MoreFilters {
        /// How many users there are of each kind.
        facets: State<Facets>,
        /// The search.
        query: Derived<Query>,
        /// What can be filtered.
        filters: Derived<Filters>,
    },
    /// The conditions of the search.
    Chips {
        /// The search.
        query: Derived<Query>,
    },
    /// What can be done with those who are selected.
    Selection {
        /// Which users the table shows.
        found: Derived<Found>,
    },
    /// The saved searches.
    Views {
        /// Called when the dialog has closed.
        done: Callback<()>,
    },
    /// The palette.
    Palette(Mode),
    /// The keys and settings.
    Shortcuts,
}

/// A page that is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    /// Inviting many.
    Invite,
    /// Who should be there against who is.
    Roster,
    /// What was done.
    Activity,
    /// Ways to the services.
    Connections,
}

/// What is fetched at once. Code that two of them need is in a file of its own, fetched with either.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// Whatever changes users: it reads lists, plans and sends.
    Changes,
    /// Whatever tells more: a user, what was done, the connections.
    Facts,
    /// Whatever is chosen from, and conditions of the search.
    Menus,
}

impl Chunk {
    /// As `data-later` names them, on what opens one of their parts.
    const ALL: [(&str, Self); 3] = [
        ("changes", Self::Changes),
        ("facts", Self::Facts),
        ("menus", Self::Menus),
    ];
}

impl Part {
    /// The chunk that it comes with.
    pub(crate) fn chunk(&self) -> Chunk {
        match self {
            Self::Page(Later::Invite | Later::Roster)
            | Self::Form { .. }
            | Self::Selection { .. } => Chunk::Changes,
            Self::Page(Later::Activity | Later::Connections) | Self::User { .. } => Chunk::Facts,
            Self::MoreFilters { .. }
            | Self::Chips { .. }
            | Self::Views { .. }
            | Self::Palette(_)
            | Self::Shortcuts => Chunk::Menus,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetched {
    /// Nobody has asked for it.
    Away,
    Coming,
    There,
    Failed,
}

/// Which chunks are there.
#[derive(Clone, Copy)]
pub(crate) struct Chunks {
    states: [State<Fetched>; Chunk::ALL.len()],
    doors: Doors,
}

impl Chunks {
    /// None but those that came with the first load.
    pub(crate) fn new(doors: Doors) -> Self {
        let state = match doors.are_fetched {
            true => Fetched::Away,
            false => Fetched::There,
        };
        Self {
            states: [state; Chunk::ALL.len()].map(State::new),
            doors,
        }
    }

    /// Fetches a chunk that is not there and not on its way.
    pub(crate) fn fetch(self, chunk: Chunk) {
        let state = self.states[chunk as usize];
        if matches!(state.get_untracked(), Fetched::Coming | Fetched::There) {
            return;
        }
        state.set(Fetched::Coming);
        spawn_local(async move {
            state.set(match (self.doors.fetch)(chunk).await && look().await {
                true => Fetched::There,
                false => Fetched::Failed,
            });
        });
    }

    /// Fetches what somebody points at or comes to with the keyboard, so that it is there at the press.
    pub(crate) fn foresee(self) {
        let look = move |event: &web_sys::Event| {
            let target = event.target();
            let target = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
            let named = target
                .and_then(|it| it.closest("[data-later]").ok().flatten())
                .and_then(|it| it.get_attribute("data-later"));
            let found = Chunk::ALL.iter().find(|it| named.as_deref() == Some(it.0));
            if let Some((_, chunk)) = found {
                self.fetch(*chunk);
            }
        };
        let pointed = window_event_listener(ev::pointerover, move |event| look(&event));
        let focused = window_event_listener(ev::focusin, move |event| look(&event));
        on_cleanup(move || {
            pointed.remove();
            focused.remove();
        });
    }
}

/// Has the browser fetch the look of what comes later, which the page names without asking for it; tells whether it
/// is there.
async fn look() -> bool {
    let Some(link) = document().get_element_by_id("later") else {
        // it came with the page
        return true;
    };
    let link: web_sys::HtmlLinkElement = link.unchecked_into();
    if link.sheet().is_some() {
        return true;
    }
    let told = js_sys::Promise::new(&mut |came, failed| {
        for (event, tell) in [("load", came), ("error", failed)] {
            // an element takes any listener
            drop(link.add_event_listener_with_callback(event, &tell));
        }
    });
    drop(link.remove_attribute("disabled"));
    let came = JsFuture::from(told).await.is_ok();
    if !came {
        // so that the next try asks again
        drop(link.set_attribute("disabled", ""));
    }
    came
}

/// Shows a part as soon as it is there; says so if it does not come.
pub(crate) fn later(part: Part) -> AnyView {
    let chunks = expect_context::<Chunks>();
    let chunk = part.chunk();
    let is_page = matches!(part, Part::Page(_));
    chunks.fetch(chunk);
    let state = chunks.states[chunk as usize];
    if state.get_untracked() == Fetched::There {
        return (chunks.doors.show)(part);
    }
    let part = Kept::new(Some(part));
    let again = move |_| chunks.fetch(chunk);
    // what stands for a dialog stands at the edge of the page
    let (edge, waiting, failed) = match is_page {
        true => ("", "late muted", "problem"),
        false => ("toasts", "late toast", "toast"),
    };
    let shown = move || match state.get() {
        Fetched::There => {
            let part = part.try_update_value(Option::take).flatten();
            part.map(chunks.doors.show).into_any()
        }
        Fetched::Failed => view! {
            <div class=edge>
                <div class=failed role="alert">
                    <p class="flat">{NOT_FETCHED}</p>
                    <button class="btn small" on:click=again>"Try again"</button>
                </div>
            </div>
        }
        .into_any(),
        Fetched::Away | Fetched::Coming => {
            view! { <div class=edge><p class=waiting role="status">"Loading…"</p></div> }.into_any()
        }
    };
    shown.into_any()
}
