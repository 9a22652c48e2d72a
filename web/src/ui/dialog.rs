//! The native dialog, opened as a modal one as long as it is mounted.

use crate::reactive::{Derived, State};
use crate::ui::effect::effect;
use leptos::html;
use leptos::prelude::*;

use crate::console::Console;
use crate::ui::cursor::keep_focus;

/// A modal dialog. Mount it to open it; Escape, the close button and `close` end in `on_close`, which
/// unmounts it. The browser gives the focus back to where it was; if that is gone, the table gets it.
#[component]
pub(crate) fn Dialog(
    /// Its heading.
    #[prop(into)]
    title: Derived<String>,
    /// What it is named after in the page; unique while it is open.
    id: &'static str,
    /// Its class: `side` stands at the edge of the page.
    #[prop(optional)]
    class: &'static str,
    /// Called when it has closed.
    on_close: Callback<()>,
    /// Set to close it.
    close: State<bool>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let toaster = expect_context::<Console>().toaster;
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if close.get() {
            dialog.close();
        } else if !dialog.open() {
            // fails only for a dialog that is open or not in the page, and this one is neither
            drop(dialog.show_modal());
            toaster.come_to_front();
        }
    });
    on_cleanup(move || {
        keep_focus();
        request_animation_frame(move || toaster.come_to_front());
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog node_ref=node class=class aria-labelledby=labelled_by on:close=move |_| {
            toaster.come_to_front();
            on_close.run(());
        }>
            <div class="dialog-head">
                <h2 id=title_id><bdi>{move || title.get()}</bdi></h2>
                <button type="button" class="btn ghost small" aria-label="Close" on:click=move |_| close.set(true)>
                    "✕"
                </button>
            </div>
            {children()}
        </dialog>
    }
}
