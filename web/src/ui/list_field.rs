//! Where a list of people goes in: typed, pasted, dropped or chosen as a file, which the browser reads.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::recipients;
use rolecall_core::role::{Role, RoleId};
use wasm_bindgen::JsCast;

use crate::console::Console;
use crate::model::words;
use crate::reactive::{Derived, State};

/// Octets of a text that is told rather than shown: 64 KB, some 2,000 lines.
const LONG: usize = 64_000;

fn lines(text: &str) -> usize {
    text.trim_end().split('\n').count()
}

/// The field, and a button for files.
#[component]
pub(crate) fn ListField(
    /// What is in it.
    text: State<String>,
    /// Called with every other text.
    take: Callback<String>,
    /// What the field is called.
    label: &'static str,
    /// What may go in.
    hint: &'static str,
    /// What stands beside the button for files.
    children: Children,
) -> impl IntoView {
    let console = expect_context::<Console>();
    // users as JSON become a table, which can be looked at and mended
    let take = Callback::new(move |text: String| {
        take.run(recipients::from_json(&text).unwrap_or(text));
    });
    let file = NodeRef::<html::Input>::new();
    let place = NodeRef::<html::Div>::new();
    let (written, told) = (
        NodeRef::<html::Textarea>::new(),
        NodeRef::<html::Div>::new(),
    );
    let over = State::new(false);
    let take_first = move |files: Option<web_sys::FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            read_file(console, file, take);
        }
    };
    // the browser takes seconds to lay a very long text out, again at each key
    let as_text = State::new(false);
    let held = Derived::new(move |_| {
        let shown = as_text.get();
        text.with(|text| (!shown && text.len() > LONG).then(|| (lines(text), text.len() / 1000)))
    });
    let clear = move |_| {
        as_text.set(false);
        take.run(String::new());
    };
    // a long text that would fill the field does not go through it
    let paste = move |event: web_sys::ClipboardEvent| {
        let pasted = event
            .clipboard_data()
            .and_then(|it| it.get_data("text").ok());
        let pasted = pasted.filter(|it| it.len() > LONG);
        if let Some(pasted) = pasted.filter(|_| text.with_untracked(String::is_empty)) {
            event.prevent_default();
            as_text.set(false);
            take.run(pasted);
        }
    };
    // the focus stays with the list, however it is shown
    let focused = move || {
        let place = place.get_untracked();
        let focused = document().active_element();
        place.is_some_and(|place| focused.is_some_and(|it| place.contains(Some(&it))))
    };
    let field = move || {
        let held = held.get();
        if focused() {
            match held {
                Some(_) => told.on_load(|it| drop(it.focus())),
                None => written.on_load(|it| drop(it.focus())),
            }
        }
        match held {
        Some((lines, size)) => view! {
            <div class="held" role="group" aria-label=label tabindex="-1" node_ref=told>
                <p><b class="num">{words::number(lines)}</b>" lines, "{words::number(size)}" KB"</p>
                <p class="m">"All of them are read; a text as long as this is slow to show."</p>
                <div class="tools">
                    <button type="button" class="btn small" on:click=move |_| as_text.set(true)>"Show the text"</button>
                    <button type="button" class="btn small" on:click=clear>"Take it out"</button>
                </div>
            </div>
        }
        .into_any(),
        None => view! {
            <textarea
                id="list"
                node_ref=written
                spellcheck="false"
                autocomplete="off"
                aria-describedby="list-hint"
                placeholder="ada@example.org, Omar Haddad <omar@example.org>, …"
                prop:value=move || text.get()
                on:paste=paste
                on:input:target=move |event| take.run(event.target().value())
            ></textarea>
        }
        .into_any(),
    }
    };
    // wherever on the page a file is dropped: the browser would open it in place of the console
    let dropped = move |event: web_sys::Event| {
        let data = event
            .dyn_ref::<web_sys::DragEvent>()
            .and_then(web_sys::DragEvent::data_transfer)
            .filter(|data| data.types().includes(&"Files".into(), 0));
        let Some(data) = data else { return };
        event.prevent_default();
        if event.type_() == "drop" {
            take_first(data.files());
        }
    };
    for name in ["dragover", "drop"] {
        let listener = window_event_listener_untyped(name, dropped);
        on_cleanup(move || listener.remove());
    }
    view! {
        <h2 id="list-heading"><label for="list">{label}</label></h2>
        <div
            class="list"
            node_ref=place
            class:over=move || over.get()
            data-testid="list"
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |_| over.set(false)
        >{field}</div>
        <p class="m" id="list-hint">{hint}</p>
        <div class="tools">
            <button type="button" class="btn small" on:click=move |_| {
                if let Some(input) = file.get_untracked() {
                    input.click();
                }
            }>"Choose a file…"</button>
            <input
                type="file"
                class="visually-hidden"
                tabindex="-1"
                aria-hidden="true"
                aria-label="List to read"
                accept=".csv,.tsv,.txt,.json,text/csv,text/plain,text/tab-separated-values,application/json"
                node_ref=file
                on:change:target=move |event| {
                    take_first(event.target().files());
                    event.target().set_value("");
                }
            />
            {children()}
        </div>
    }
}

/// Reads a file, in whichever encoding it is.
fn read_file(console: Console, file: web_sys::File, take: Callback<String>) {
    spawn_local(async move {
        let name = file.name();
        match wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => {
                let octets = js_sys::Uint8Array::new(&buffer).to_vec();
                let (text, _) = recipients::decode(&octets);
                if !recipients::is_text(&octets, &text) {
                    return console.toaster.say(words::no_text(&name));
                }
                // the page may have been left meanwhile
                let _taken = take.try_run(text.into_owned());
            }
            Err(_) => console
                .toaster
                .say(format!("The browser cannot read {name}.")),
        }
    });
}

/// The role of lines that give none.
#[component]
pub(crate) fn DefaultRole(
    /// The roles chosen.
    defaults: State<Vec<RoleId>>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let options = move || {
        let chosen = defaults.get();
        roster.directory.with(|directory| {
            let option = |role: &Role| {
                let selected = chosen.contains(&role.id);
                view! { <option value=role.id.to_string() selected=selected>{role.label.clone()}</option> }
            };
            directory.roles().iter().map(option).collect_view()
        })
    };
    view! {
        <label class="inline">
            "Role where none is given "
            <select on:change:target=move |event| defaults.set(vec![event.target().value().as_str().into()])>
                {options}
            </select>
        </label>
    }
}
