//! Taking what is shown along.

use leptos::prelude::*;
use rolecall_core::directory::query::Found;
use rolecall_core::export::{Form, export, left_out};

use crate::console::Console;
use crate::host::download;
use crate::model::words;
use crate::reactive::{Derived, State};
use crate::ui::dialog::Dialog;

/// The dialog: one button a form.
#[component]
pub(crate) fn Export(
    /// Which users.
    found: Derived<Found>,
    /// Called when it has closed.
    done: Callback<()>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let close = State::new(false);
    let count = move || found.with(|it| it.rows.len());
    let title = move || match count() {
        1 => "Export 1 user".to_owned(),
        n => format!("Export {} users", words::number(n)),
    };
    let partial = move || !roster.directory.with(|it| it.is_complete());
    let give = move |form: Form| {
        let name = roster
            .place
            .with_untracked(|it| it.as_ref().map(|it| it.name().to_owned()));
        let name = words::file_name(&name.unwrap_or_default());
        let text = roster.directory.with_untracked(|directory| {
            found.with_untracked(|found| export(directory, &found.rows, form))
        });
        download(
            &format!("{name}.{}", form.extension()),
            form.media_type(),
            &text,
        );
        close.set(true);
    };
    let button = move |form: Form| {
        let missing = move || {
            roster
                .directory
                .with(|directory| found.with(|found| left_out(directory, &found.rows, form)))
        };
        let note = move || match missing() {
            0 => String::new(),
            n => format!(
                " {} not in it: this form has exactly one role for each user",
                match n {
                    1 => "1 user is".to_owned(),
                    n => format!("{} users are", words::number(n)),
                }
            ),
        };
        view! {
            <li>
                <button type="button" class="btn" on:click=move |_| give(form)>{form.label()}</button>
                <span class="m">{note}</span>
            </li>
        }
    };
    view! {
        <Dialog title=Derived::new(move |_| title()) id="export" on_close=done close>
            <p class="m">
                "What is shown, in the order shown. Cells that a spreadsheet would run as formulas are made harmless. All of them can be read back in, and change nothing then."
            </p>
            <Show when=partial>
                <p class="caution">"The list is still loading; only what is loaded goes out."</p>
            </Show>
            <ul class="exports">{Form::ALL.into_iter().map(button).collect_view()}</ul>
        </Dialog>
    }
}
