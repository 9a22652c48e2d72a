//! The journal: every change that was sent from here, found by any of its words and undone one by one.

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_core::json::FromJson;
use rolecall_core::plan::run::Tally;
use rolecall_core::plan::{Acts, Failure};

use crate::console::Console;
use crate::forms::send_all::SendAll;
use crate::forms::undo_entry::{Undoable, undoable, way_back};
use crate::freshness::when_fresh;
use crate::host;
use crate::model::journal_view::{Entry, Told};
use crate::model::run_view::{RunView, title};
use crate::model::words;
use crate::reactive::{Derived, Kept, State};
use crate::roster::Roster;
use crate::transport;
use crate::ui::spoken::Spoken;

/// How long the search waits for the typing to stop.
const SEARCH_DELAY: std::time::Duration = std::time::Duration::from_millis(200);

#[derive(Clone, Debug, PartialEq, FromJson)]
struct Entries {
    note: String,
    entries: Vec<Entry>,
    next: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, FromJson)]
struct Runs {
    runs: Vec<Summary>,
}

#[derive(Clone, Debug, PartialEq, FromJson)]
struct Summary {
    id: i64,
    at: String,
    connection: String,
    organization: String,
    state: String,
    tally: Option<Tally>,
    #[serde(default)]
    acts: Option<Acts>,
    #[serde(default)]
    undoes: Option<i64>,
}

/// What the page holds.
#[derive(Clone, Copy)]
struct Desk {
    roster: Roster,
    entries: State<Vec<Entry>>,
    note: State<String>,
    next: State<Option<i64>>,
    failed: State<Option<Failure>>,
    loaded: State<bool>,
    searched: State<String>,
    waiting: Kept<Option<TimeoutHandle>>,
    /// Number of the last reading; the answer of an older one is not taken.
    ticket: Kept<u32>,
}

impl Desk {
    fn new(roster: Roster) -> Self {
        Self {
            roster,
            entries: State::new(Vec::new()),
            note: State::new(String::new()),
            next: State::new(None),
            failed: State::new(None),
            loaded: State::new(false),
            searched: State::new(String::new()),
            waiting: Kept::new(None),
            ticket: Kept::new(0),
        }
    }

    /// Reads the newest entries, or those before one, with all words that are searched.
    fn read(self, before: Option<i64>) {
        self.ticket.update_value(|it| *it += 1);
        let ticket = self.ticket.get_value();
        let searched = self
            .searched
            .with_untracked(|it| utf8_percent_encode(it, NON_ALPHANUMERIC).to_string());
        let mut path = format!("/api/journal?search={searched}");
        if let Some(before) = before {
            path.push_str(&format!("&before={before}"));
        }
        spawn_local(async move {
            let page = transport::get::<Entries>(&path).await;
            if self.ticket.try_get_value() != Some(ticket) {
                return;
            }
            match page {
                Ok(page) => {
                    // what can be undone is judged by how it is now
                    if before.is_none() {
                        for it in &page.entries {
                            self.roster
                                .catch_up(&it.connection, &it.organization, &it.at);
                        }
                    }
                    self.entries.update(|all| {
                        if before.is_none() {
                            all.clear();
                        }
                        all.extend(page.entries);
                    });
                    self.note.set(page.note);
                    self.next.set(page.next);
                    self.failed.set(None);
                }
                Err(failure) => self.failed.set(Some(failure)),
            }
            self.loaded.set(true);
        });
    }

    /// Searches for something else, as soon as the typing stops.
    fn search(self, text: String) {
        self.searched.set(text);
        if let Some(waiting) = self.waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        let handle = set_timeout_with_handle(move || self.read(None), SEARCH_DELAY);
        self.waiting.set_value(handle.ok());
    }
}

/// All runs and all changes, newest first.
#[component]
pub(super) fn Journal() -> impl IntoView {
    let console = expect_context::<Console>();
    let desk = Desk::new(console.roster);
    let (undoing, waiting) = (State::new(None::<Entry>), State::new(false));
    // what others changed since must be known before anything is taken back
    let begin = Callback::new(move |entry: Entry| {
        when_fresh(console, waiting, || true, move || undoing.set(Some(entry)));
    });
    desk.read(None);
    on_cleanup(move || {
        if let Some(Some(waiting)) = desk.waiting.try_update_value(Option::take) {
            waiting.clear();
        }
    });
    let rows = move || {
        let open = console.roster.place.get();
        console.roster.directory.with(|directory| {
            let row = |entry: &Entry| {
                let undo = undoable(console, entry, open.as_ref(), directory);
                let is_here = open.as_ref().is_some_and(|it| {
                    it.connection.id == entry.connection
                        && it.organization.id.as_str() == entry.organization
                });
                let place =
                    (!is_here).then(|| console.name_of(&entry.connection, &entry.organization).0);
                entry_row(entry.clone(), entry.told(directory), place, undo, begin)
            };
            desk.entries.with(|all| all.iter().map(row).collect_view())
        })
    };
    // what was searched for, and how much of it is there
    let found = Derived::new(move |_| {
        let (loaded, searched) = (desk.loaded.get(), !desk.searched.with(String::is_empty));
        let entries = desk.entries.with(Vec::len);
        match loaded && searched {
            true => words::entries(entries, desk.next.get().is_some()),
            false => String::new(),
        }
    });
    let nothing = move || {
        let empty = desk.loaded.get() && desk.entries.with(Vec::is_empty);
        empty.then(|| match desk.searched.with(String::is_empty) {
            true => "Nothing has been changed from here yet.",
            false => "Nothing in the journal matches.",
        })
    };
    let export = move |extension: &'static str| {
        spawn_local(async move {
            match transport::file(&format!("/api/journal{extension}")).await {
                Ok(file) => host::give(&format!("rolecall-journal{extension}"), &file),
                Err(failure) => console.toaster.say(words::failure(&failure)),
            }
        });
    };
    view! {
        <div class="head">
            <h1 tabindex="-1">"Activity"</h1>
            <Spoken text=found/>
            <span class="grow"></span>
            <button type="button" class="btn" on:click=move |_| export(".csv")>"Export CSV"</button>
            <button type="button" class="btn" on:click=move |_| export(".jsonl")>"Export JSON lines"</button>
        </div>
        <p class="m">{move || desk.note.get()}</p>
        <RunList/>
        <div class="tools" role="search">
            <label class="search">
                <span class="muted" aria-hidden="true">"⌕"</span>
                <input
                    type="search"
                    aria-label="Search the journal"
                    placeholder="Search the whole journal"
                    autocomplete="off"
                    prop:value=move || desk.searched.get()
                    on:input:target=move |event| desk.search(event.target().value())
                />
            </label>
        </div>
        {move || desk.failed.get().map(|failure| view! { <p class="problem" role="alert">{words::failure(&failure)}</p> })}
        <div class="frame plain-frame" tabindex="0" role="region" aria-label="Journal">
            <table class="journal" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"When"</th>
                        <th role="columnheader" scope="col">"Who"</th>
                        <th role="columnheader" scope="col">"What"</th>
                        <th role="columnheader" scope="col">"Before"</th>
                        <th role="columnheader" scope="col">"Result"</th>
                        <th role="columnheader" scope="col">"Run"</th>
                        <th role="columnheader" scope="col">"Undo"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            {move || nothing().map(|text| view! { <p class="empty muted">{text}</p> })}
        </div>
        <Show when=move || desk.next.get().is_some()>
            <p><button class="btn" on:click=move |_| desk.read(desk.next.get_untracked())>"Show older"</button></p>
        </Show>
        {move || {
            undoing.get().and_then(|entry| way_back(console, &entry)).map(|(plan, notes)| {
                view! { <SendAll plan notes title=Some("Undo 1 change".to_owned()) done=Callback::new(move |()| undoing.set(None))/> }
            })
        }}
    }
}

/// Runs, newest first.
#[component]
fn RunList() -> impl IntoView {
    let console = expect_context::<Console>();
    let runs = State::new(Vec::<Summary>::new());
    spawn_local(async move {
        if let Ok(Runs { runs: read }) = transport::get("/api/runs").await {
            let _shown = runs.try_set(read);
        }
    });
    move || {
        runs.with(|runs| {
            (!runs.is_empty()).then(|| {
                let item = |run: &Summary| {
                    let id = run.id;
                    let text = run.tally.map(|tally| {
                        RunView {
                            id,
                            state: run.state.clone(),
                            tally,
                            ..RunView::default()
                        }
                        .sentence(None)
                    });
                    let (place, _) = console.name_of(&run.connection, &run.organization);
                    let go = move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        console.go(|it| it.run = Some(id));
                    };
                    view! {
                        <li>
                            <a href=format!("/activity?run={id}") on:click=go>{title(id, run.undoes, run.acts)}</a>
                            " "
                            <span class="m"><bdi>{place}</bdi>" · "{words::minute(&run.at)}" UTC · "{text}</span>
                        </li>
                    }
                };
                view! { <ul class="runs" aria-label="Runs">{runs.iter().take(10).map(item).collect_view()}</ul> }
            })
        })
    }
}

/// One change, in words, with its organization where that is not the open one.
fn entry_row(
    entry: Entry,
    told: Told,
    place: Option<String>,
    undo: Undoable,
    begin: Callback<Entry>,
) -> impl IntoView + use<> {
    let said = told
        .message
        .map(|text| view! { <span class="m">" – "{text}</span> });
    let request = told.request_id.map(
        |id| view! { " "<span class="m id" title=format!("Request {id}")>{id.clone()}</span> },
    );
    let time = entry.at.replace('T', " ");
    let time = time.get(..19).unwrap_or_default().to_owned();
    let by = format!("{} by {}", entry.at, entry.who);
    let (subject, run) = (entry.subject.clone().unwrap_or_default(), entry.run);
    let label = format!("Undo: {} {subject}", told.what.trim_end_matches('.'));
    let undo = match undo {
        Undoable::Nothing => ().into_any(),
        Undoable::No(why) => view! {
            <button type="button" class="btn small" disabled aria-label=label>"Undo"</button>
            <span class="m why">{why}</span>
        }
        .into_any(),
        Undoable::Yes => {
            let begin = move |_| begin.run(entry.clone());
            view! {
                <button type="button" class="btn small" aria-haspopup="dialog" aria-label=label on:click=begin>"Undo…"</button>
            }
            .into_any()
        }
    };
    view! {
        <tr role="row">
            <td role="cell" class="num" title=by>{time}</td>
            <td role="cell"><bdi>{subject}</bdi>{place.map(|name| view! { " "<span class="m">"in "<bdi>{name}</bdi></span> })}</td>
            <td role="cell" title=told.request>{told.what}</td>
            <td role="cell" class="muted">{told.before}</td>
            <td role="cell"><span class=format!("st {}", told.class)><span class="dot"></span>{told.result}</span>{said}{request}</td>
            <td role="cell" class="num">{run}</td>
            <td role="cell" class="c-undo">{undo}</td>
        </tr>
    }
}
