//! The list of keys, and what somebody may set.

use leptos::prelude::*;

use crate::app::Console;
use crate::model::words;
use crate::prefs::THEMES;
use crate::ui::dialog::Dialog;

/// The dialog.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let console = expect_context::<Console>();
    let prefs = console.prefs;
    let close = RwSignal::new(false);
    let done = Callback::new(move |()| console.shortcuts.set(false));
    let key = move |(key, what, single): (&'static str, &'static str, bool)| {
        let off = move || single && !prefs.keys.get();
        view! {
            <tr>
                <th scope="row"><span class="kbd">{key}</span></th>
                <td>{what}<span class="m">{move || off().then_some(" (off)")}</span></td>
            </tr>
        }
    };
    let theme = move |name: &'static str| {
        let label = match name {
            "light" => "Light",
            "dark" => "Dark",
            _ => "As the system",
        };
        view! {
            <label class="inline">
                <input
                    type="radio"
                    name="theme"
                    prop:checked=move || prefs.theme.get() == name
                    on:change=move |_| prefs.theme.set(name)
                />
                {label}
            </label>
        }
    };
    let tick = move |label: &'static str, setting: RwSignal<bool>| {
        view! {
            <label class="inline">
                <input
                    type="checkbox"
                    prop:checked=move || setting.get()
                    on:change:target=move |event| setting.set(event.target().checked())
                />
                {label}
            </label>
        }
    };
    view! {
        <Dialog title="Shortcuts and settings" id="shortcuts" on_close=done close>
            <fieldset class="roles ways">
                <legend>"Colors"</legend>
                {THEMES.into_iter().map(theme).collect_view()}
            </fieldset>
            <div class="ways">
                {tick("Lower rows", prefs.dense)}
                {tick("Single-key shortcuts", prefs.keys)}
                <p class="m flat">{words::SINGLE_KEYS}</p>
            </div>
            <table class="keys" aria-label="Keys">
                <tbody>{words::KEYS.into_iter().map(key).collect_view()}</tbody>
            </table>
        </Dialog>
    }
}
