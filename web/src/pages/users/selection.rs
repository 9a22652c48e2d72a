//! What is selected, and what can be done with it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::directory::query::Found;
use rolecall_core::index::TextSet;

use crate::console::Console;
use crate::model::words;
use crate::reactive::Derived;
use crate::ui::cursor::keep_focus;
use crate::ui::spoken::Spoken;
use crate::wanted::Wanted;

/// What is selected, and what can be done with it.
#[component]
pub(crate) fn Selection(
    /// Which users are shown.
    found: Derived<Found>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let (roster, wanted) = (console.roster, console.wanted);
    let count = Derived::new(move |_| roster.selected.with(TextSet::len));
    let hidden = Derived::new(move |_| {
        let shown = found.with(|found| {
            let ids = found.rows.iter().map(|row| roster.id_of(*row as usize));
            roster
                .selected
                .with(|selected| ids.filter(|id| selected.contains(id)).count())
        });
        count.get().saturating_sub(shown)
    });
    let text = Derived::new(move |before: Option<&String>| {
        if count.get() == 0 {
            // who listens hears that nothing is any more, too
            let was = before.is_some_and(|it| !it.is_empty());
            return if was { "Nothing is selected" } else { "" }.to_owned();
        }
        let hidden = match hidden.get() {
            0 => String::new(),
            n => format!(", {} of them not shown", words::number(n)),
        };
        format!("{} selected{hidden}", words::number(count.get()))
    });
    let copy = move |_| {
        let addresses: Vec<String> = roster.selected.with_untracked(|selected| {
            roster.directory.with_untracked(|directory| {
                let email = |id: &str| Some(directory.row(directory.find(id)?).email.to_owned());
                selected.iter().filter_map(email).collect()
            })
        });
        spawn_local(async move {
            let said = if crate::host::copy(&addresses.join("\n")).await {
                match addresses.len() {
                    1 => "Copied 1 address.".to_owned(),
                    n => format!("Copied {} addresses.", words::number(n)),
                }
            } else {
                words::NO_CLIPBOARD.to_owned()
            };
            console.toaster.say(said);
        });
    };
    let change = move |_| {
        let users = roster
            .selected
            .with_untracked(|it| it.iter().map(str::to_owned).collect());
        wanted.set(Some(Wanted::ReRoleMany(users)));
    };
    let may = Derived::new(move |_| roster.may_change());
    view! {
        <Spoken text/>
        <Show when=move || count.get() != 0>
            <div class="selbar" role="region" aria-label="Selection">
                <b class="num">{move || text.get()}</b>
                {move || match may.get() {
                    Ok(()) => view! {
                        <button class="btn small" aria-haspopup="dialog" data-later="changes" on:click=change>"Change role…"</button>
                    }
                    .into_any(),
                    Err(why) => view! { <span class="m">{why}</span> }.into_any(),
                }}
                <button class="btn small" on:click=copy>"Copy addresses"</button>
                <button
                    class="btn ghost small"
                    aria-label="Clear the selection"
                    on:click=move |_| {
                        roster.selected.set(TextSet::default());
                        keep_focus();
                    }
                >
                    "✕"
                </button>
            </div>
        </Show>
    }
}
