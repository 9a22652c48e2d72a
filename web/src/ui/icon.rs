//! Pictures drawn in place.

use leptos::prelude::*;

/// The mark: a list with one line ticked.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
            <rect class="logo-paper" x="1" y="1" width="20" height="20" rx="6"></rect>
            <path class="logo-lines" d="M6 7.2h10M6 11h6.5M6 14.8h10"></path>
            <path class="logo-tick" d="m13.6 10.9 1.4 1.4 2.4-2.8"></path>
        </svg>
    }
}

/// An empty list, for pages with nothing to show.
#[component]
pub(crate) fn EmptyList() -> impl IntoView {
    view! {
        <svg class="drawing" width="120" height="80" viewBox="0 0 120 80" aria-hidden="true">
            <rect x="14" y="8" width="92" height="64" rx="8"></rect>
            <circle cx="32" cy="26" r="6"></circle>
            <circle cx="32" cy="46" r="6"></circle>
            <path d="M46 26h44M46 46h30M28 63h64"></path>
        </svg>
    }
}
