//! What is being done and what was done: runs with their progress, and the journal of all changes.

use leptos::prelude::*;

use self::journal::Journal;
use self::run::RunPage;
use crate::console::Console;
use crate::reactive::Derived;

mod journal;
mod run;

/// The page.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let console = expect_context::<Console>();
    let run = Derived::new(move |_| console.location.with(|it| it.run));
    move || match run.get() {
        Some(run) => view! { <RunPage run/> }.into_any(),
        None => view! { <Journal/> }.into_any(),
    }
}
