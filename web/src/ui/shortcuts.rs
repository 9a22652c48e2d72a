//! The list of keys, and what somebody may set.

use leptos::prelude::*;

use crate::console::Console;
use crate::model::keymap::{Deed, Keymap};
use crate::model::words;
use crate::prefs::THEMES;
use crate::reactive::State;
use crate::ui::dialog::Dialog;

/// The dialog.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let console = expect_context::<Console>();
    let prefs = console.prefs;
    let close = State::new(false);
    let done = Callback::new(move |()| console.shortcuts.set(false));
    let refused = State::new(None::<String>);
    let key = |(key, what): (&'static str, &'static str)| {
        view! { <tr><th scope="row"><span class="kbd">{key}</span></th><td>{what}</td></tr> }
    };
    let single = move |deed: Deed| {
        let id = format!("key-of-{}", deed as u8);
        let taken = move |field: &web_sys::HtmlInputElement| {
            let mut map = prefs.keymap.get_untracked();
            // the character that was typed beside the one that was there
            let text = field.value();
            let typed = text.chars().find(|it| *it != map.key(deed));
            let typed = typed.unwrap_or(map.key(deed)).to_string();
            match map.set(deed, &typed) {
                Ok(()) => refused.set(None),
                Err(why) => refused.set(Some(why)),
            }
            prefs.keymap.set(map);
            // whatever was typed, the field shows the key that counts
            field.set_value(&map.key(deed).to_string());
            field.select();
        };
        view! {
            <tr>
                <th scope="row">
                    <input
                        id=id.clone()
                        class="key"
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        disabled=move || !prefs.keys.get()
                        prop:value=move || prefs.keymap.get().key(deed).to_string()
                        on:input:target=move |event| taken(&event.target())
                        on:focus:target=move |event| event.target().select()
                    />
                </th>
                <td><label for=id>{deed.name()}</label></td>
            </tr>
        }
    };
    let usual = move |_| {
        refused.set(None);
        prefs.keymap.set(Keymap::default());
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
                    autofocus=untrack(|| prefs.theme.get()) == name
                    prop:checked=move || prefs.theme.get() == name
                    on:change=move |_| prefs.theme.set(name)
                />
                {label}
            </label>
        }
    };
    let tick = move |label: &'static str, setting: State<bool>| {
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
            <p class="problem" role="alert" hidden=move || refused.read().is_none()>{move || refused.get()}</p>
            <table class="keys" aria-label="Keys">
                <tbody>
                    {Deed::ALL.into_iter().map(single).collect_view()}
                    {words::KEYS.into_iter().map(key).collect_view()}
                </tbody>
            </table>
            <p>
                <button
                    type="button"
                    class="btn small"
                    disabled=move || prefs.keymap.get() == Keymap::default()
                    on:click=usual
                >{words::USUAL_KEYS}</button>
            </p>
        </Dialog>
    }
}
