//! The native dialog, opened as a modal one as long as it is mounted.

use leptos::html;
use leptos::prelude::*;

/// A modal dialog. Mount it to open it; Escape, the close button and `close` end in `on_close`, which
/// unmounts it. The browser gives the focus back to where it was.
#[component]
pub(crate) fn Dialog(
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What it is named after in the page; unique while it is open.
    id: &'static str,
    /// Called when it has closed.
    on_close: Callback<()>,
    /// Set to close it.
    close: RwSignal<bool>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if close.get() {
            dialog.close();
        } else if !dialog.open() {
            // fails only for a dialog that is open or not in the page, and this one is neither
            drop(dialog.show_modal());
        }
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog node_ref=node aria-labelledby=labelled_by on:close=move |_| on_close.run(())>
            <div class="dialog-head">
                <h2 id=title_id>{move || title.get()}</h2>
                <button type="button" class="btn ghost small" aria-label="Close" on:click=move |_| close.set(true)>
                    "✕"
                </button>
            </div>
            {children()}
        </dialog>
    }
}
