//! Ways to the services: which are open, which could be, and a token to try.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::json::FromJson;
use rolecall_core::plan::Failure;
use rolecall_core::service::Service;
use serde::Serialize;

use crate::console::Console;
use crate::model::words;
use crate::reactive::State;
use crate::transport::{self, Ask};

#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
struct Overview {
    connections: Vec<Entry>,
    #[serde(default)]
    available: Vec<Entry>,
    #[serde(default)]
    problems: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
struct Entry {
    id: String,
    service: Service,
    name: String,
    #[serde(default)]
    sandbox: bool,
    base: String,
    source: String,
    #[serde(default)]
    renew: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Opening {
    Open(String),
    Paste {
        service: Service,
        token: String,
        name: String,
    },
}

/// The page.
#[component]
pub(crate) fn Connections() -> impl IntoView {
    let console = expect_context::<Console>();
    let overview = State::new(None::<Result<Overview, Failure>>);
    let read = move || {
        spawn_local(async move {
            let read = transport::get("/api/connections").await;
            let _shown = overview.try_set(Some(read));
        });
    };
    read();
    let live = move || matches!(console.session.get(), Some(Ok(session)) if session.live);
    let opened = Callback::new(move |()| {
        read();
        // the switcher learns of the new organizations
        console.start();
    });
    view! {
        <div class="head"><h1 tabindex="-1">"Connections"</h1></div>
        <p class="m">"Tokens stay in the server; this page sees names only."</p>
        <Show when=move || !live()>
            <p class="caution">
                "Only the sandbox is open, and nothing outside is called. Start Rolecall with "
                <code>"--live"</code>" to open real services."
            </p>
        </Show>
        {move || match overview.get() {
            None => view! { <p class="muted" role="status">"Loading…"</p> }.into_any(),
            Some(Err(failure)) => view! { <p class="problem" role="alert">{words::failure(&failure)}</p> }.into_any(),
            Some(Ok(overview)) => {
                view! {
                    <section aria-labelledby="open-heading">
                        <h2 id="open-heading">"Open"</h2>
                        <ul class="cards">
                            {overview.connections.into_iter().map(|entry| view! { <Open entry opened/> }).collect_view()}
                        </ul>
                    </section>
                    <Found entries=overview.available live=live() opened/>
                    {overview
                        .problems
                        .into_iter()
                        .map(|text| view! { <p class="problem">{words::sentence(&text)}</p> })
                        .collect_view()}
                }
                .into_any()
            }
        }}
        <Show when=live>
            <Paste opened/>
        </Show>
    }
}

/// A connection that is open.
#[component]
fn Open(
    /// It.
    entry: Entry,
    /// Called when it has been closed.
    opened: Callback<()>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let (id, name) = (entry.id.clone(), entry.name.clone());
    let close = move |_| {
        let id = id.clone();
        spawn_local(async move {
            let request = Ask::delete(format!("/api/connections/{id}"));
            match transport::done(request).await {
                Ok(()) => opened.run(()),
                Err(failure) => console.toaster.say(words::failure(&failure)),
            }
        });
    };
    view! {
        <li>
            <span class="svc">{entry.service.name()}</span>
            <b><bdi>{entry.name}</bdi></b>
            <span class="m grow">{format!("{} · from {}", entry.base, entry.source)}</span>
            {entry.renew.map(|text| view! { <span class="caution">{text}</span> })}
            {(!entry.sandbox).then(|| view! {
                <button class="btn small" aria-label=format!("Close {name}") on:click=close>"Close"</button>
            })}
        </li>
    }
}

/// What was found on this machine and is not open.
#[component]
fn Found(
    /// The connections.
    entries: Vec<Entry>,
    /// Whether real services may be opened.
    live: bool,
    /// Called when one has been opened.
    opened: Callback<()>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    if entries.is_empty() {
        return ().into_any();
    }
    let item = move |entry: Entry| {
        let (id, name) = (entry.id.clone(), entry.name.clone());
        let open = move |_| {
            let id = id.clone();
            spawn_local(async move {
                match begin(&Opening::Open(id)).await {
                    Ok(()) => opened.run(()),
                    Err(failure) => console.toaster.say(words::failure(&failure)),
                }
            });
        };
        view! {
            <li>
                <span class="svc">{entry.service.name()}</span>
                <b><bdi>{entry.name}</bdi></b>
                <span class="m grow">{format!("{} · from {}", entry.base, entry.source)}</span>
                <button class="btn small" aria-label=format!("Open {name}") disabled=!live on:click=open>"Open"</button>
            </li>
        }
    };
    view! {
        <section aria-labelledby="found-heading">
            <h2 id="found-heading">"Found on this machine"</h2>
            <ul class="cards">{entries.into_iter().map(item).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A token from the clipboard: checked by a call, kept in the server's memory only.
#[component]
fn Paste(
    /// Called when it has been opened.
    opened: Callback<()>,
) -> impl IntoView {
    let service = State::new(Service::Astro);
    let (token, name) = (State::new(String::new()), State::new(String::new()));
    let (busy, failed) = (State::new(false), State::new(None::<Failure>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || token.with_untracked(|it| it.trim().is_empty()) {
            return;
        }
        busy.set(true);
        failed.set(None);
        let opening = Opening::Paste {
            service: service.get_untracked(),
            token: token.get_untracked(),
            name: name.get_untracked(),
        };
        // the page forgets the token as soon as it is on its way
        token.set(String::new());
        spawn_local(async move {
            match begin(&opening).await {
                Ok(()) => opened.run(()),
                Err(failure) => {
                    let _told = failed.try_set(Some(failure));
                }
            }
            let _ended = busy.try_set(false);
        });
    };
    let choice = move |of: Service| {
        view! {
            <label class="inline">
                <input
                    type="radio"
                    name="service"
                    prop:checked=move || service.get() == of
                    on:change=move |_| service.set(of)
                />
                {of.name()}
            </label>
        }
    };
    view! {
        <section aria-labelledby="paste-heading">
            <h2 id="paste-heading">"Paste a token"</h2>
            <form class="paste" on:submit=submit>
                <fieldset class="roles">
                    <legend>"Service"</legend>
                    {Service::ALL.into_iter().map(choice).collect_view()}
                </fieldset>
                <div class="field">
                    <label for="token">"Token"</label>
                    <input
                        id="token"
                        type="password"
                        autocomplete="off"
                        required
                        aria-describedby="token-hint"
                        prop:value=move || token.get()
                        on:input:target=move |event| token.set(event.target().value())
                    />
                    <p class="m" id="token-hint">"It is checked by a call and kept in memory until Rolecall ends; nothing is written."</p>
                </div>
                <div class="field">
                    <label for="token-name">"Name, if you like"</label>
                    <input
                        id="token-name"
                        type="text"
                        autocomplete="off"
                        prop:value=move || name.get()
                        on:input:target=move |event| name.set(event.target().value())
                    />
                </div>
                {move || failed.get().map(|failure| view! { <p class="problem" role="alert">{words::failure(&failure)}</p> })}
                <button class="btn primary" disabled=move || busy.get()>
                    {move || if busy.get() { "Checking…" } else { "Open" }}
                </button>
            </form>
        </section>
    }
}

async fn begin(opening: &Opening) -> Result<(), Failure> {
    let body = serde_json::to_vec(opening).expect("texts are JSON");
    transport::done(Ask::post("/api/connections", Some(body))).await
}
