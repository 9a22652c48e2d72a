//! One user: everything known, what was done to the person from here, and what can be done.

use crate::reactive::{Derived, Kept, State};
use crate::ui::effect::effect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::directory::query::Found;
use rolecall_core::json::FromJson;
use rolecall_core::plan::{Change, Failure, Team, Workspace};

use self::copy_as::CopyAs;
use self::roles::Roles;
use crate::console::Console;
use crate::model::journal_view::Entry;
use crate::model::user_view::UserView;
use crate::model::words;
use crate::paths::journal_of;
use crate::roster::{Place, Reading};
use crate::transport;
use crate::ui::dialog::Dialog;
use crate::wanted::Wanted;

mod compare;
mod copy_as;
mod roles;

/// Entries of the journal.
#[derive(FromJson)]
struct Entries {
    entries: Vec<Entry>,
}

/// What is asked for when the panel opens, as it comes in.
#[derive(Clone, Copy)]
struct Facts {
    teams: State<Option<Vec<Team>>>,
    workspaces: State<Vec<Workspace>>,
    failed: State<Option<Failure>>,
}

/// The panel.
#[component]
pub(crate) fn UserPanel(
    /// Id of the user.
    id: String,
    /// Which users the table shows.
    found: Derived<Found>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let close = State::new(false);
    let id = Kept::new(id);
    let view_of = Derived::new(move |_| {
        roster.place.track();
        let context = roster.context()?;
        let directory = roster.directory.read();
        let index = id.with_value(|id| directory.find(id))?;
        Some(UserView::of(&directory, index, &context))
    });
    let facts = Facts {
        teams: State::new(None),
        workspaces: State::new(Vec::new()),
        failed: State::new(None),
    };
    // the address may be there before the organization is, and the organization before its name
    let open = Derived::new(move |_| roster.place.with(Option::is_some));
    effect(move || {
        if open.get()
            && let Some(place) = roster.place.get_untracked()
        {
            spawn_local(read(console, place, id.get_value(), facts));
        }
    });
    let title = move || {
        view_of.with(|it| {
            it.as_ref()
                .map_or("User".to_owned(), |it| it.row.name.clone())
        })
    };
    let closed = Callback::new(move |()| {
        let index = roster
            .directory
            .with_untracked(|it| id.with_value(|id| it.find(id)));
        let row = index.and_then(|index| {
            found.with_untracked(|it| it.rows.iter().position(|row| *row as usize == index))
        });
        console.show_user(None);
        if let Some(row) = row {
            console.cursor.go_to_name(row);
        }
    });
    let missing = move || {
        matches!(roster.reading.get(), Reading::Done | Reading::Failed(_))
            .then_some(words::NO_SUCH_USER)
    };
    let known = Derived::new(move |_| view_of.with(Option::is_some));
    view! {
        <Dialog title=Derived::new(move |_| title()) id="user" class="side" on_close=closed close>
            {move || match known.get() {
                true => view! { <About view_of facts id/> }.into_any(),
                false => view! { <p class="muted" role="status">{missing}</p> }.into_any(),
            }}
        </Dialog>
    }
}

/// Reads the user once more, and what stands around.
async fn read(console: Console, place: Place, id: String, facts: Facts) {
    let (connection, service) = (place.connection.id.clone(), place.connection.service);
    let organization = place.organization.id.clone();
    let user = id.as_str().into();
    let here = || {
        let place = console.roster.place.get_untracked();
        place.is_some_and(|it| it.connection.id == connection && it.organization.id == organization)
    };
    let call = service.get_user(&organization, &user);
    match transport::call(&connection, &call).await {
        Ok(change) if here() => console.roster.directory.update(|it| it.apply(&change)),
        Ok(_) => return,
        Err(failure) => {
            let _shown = facts.failed.try_set(Some(failure));
            return;
        }
    }
    if let Some(call) = service.list_teams(&organization, &user)
        && let Ok(Change::Teams { teams, .. }) = transport::call(&connection, &call).await
    {
        let _shown = facts.teams.try_set(Some(teams));
    }
    if let Some(call) = service.list_workspaces(&organization)
        && let Ok(Change::Workspaces { workspaces, .. }) = transport::call(&connection, &call).await
    {
        let _shown = facts.workspaces.try_set(workspaces);
    }
}

/// The panel of a user who is known.
#[component]
fn About(
    /// The user.
    view_of: Derived<Option<UserView>>,
    /// What was asked for.
    facts: Facts,
    /// Id of the user.
    id: Kept<String>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let text = move |of: fn(&UserView) -> String| {
        move || view_of.with(|it| it.as_ref().map(of).unwrap_or_default())
    };
    let standing = text(|it| format!("st {}", it.row.standing));
    let failed = move || facts.failed.get();
    let since = text(|it| it.row.since_exactly.clone());
    let dated = move || !since().is_empty();
    view! {
        <p class="m"><bdi>{text(|it| if it.row.name == it.email { String::new() } else { it.email.clone() })}</bdi></p>
        <Actions view_of id/>
        {move || failed().map(|failure| view! {
            <p class="caution">{words::NOT_READ_AGAIN}" "{words::failure(&failure)}</p>
        })}
        <dl class="facts">
            <dt>"Status"</dt>
            <dd><span class=standing><span class="dot"></span>{text(|it| it.row.status.clone())}</span></dd>
            <Show when=dated>
                <dt>"Since"</dt>
                <dd class="num">{since}</dd>
            </Show>
            <dt>"Id"</dt>
            <dd><code>{move || id.get_value()}</code></dd>
        </dl>
        <h3>"Roles"</h3>
        {move || roster.tells_names_and_dates().map(|tells| view! {
            <Roles view_of facts tells/>
        })}
        <h3>"Copy as"</h3>
        <CopyAs view_of id/>
        <h3>"History"</h3>
        <History view_of/>
    }
}

/// What can be done with the user.
#[component]
fn Actions(
    /// The user.
    view_of: Derived<Option<UserView>>,
    /// Id of the user.
    id: Kept<String>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let may = Derived::new(move |_| console.roster.may_change());
    let end = move || match view_of.with(|it| it.as_ref().is_some_and(|it| it.row.pending)) {
        true => "Withdraw the invitation…",
        false => "Remove…",
    };
    let button = move |wanted: fn(String) -> Wanted, text: Derived<&'static str>| {
        view! {
            <button
                type="button"
                class="btn"
                aria-haspopup="dialog"
                disabled=move || may.with(Result::is_err)
                on:click=move |_| console.wanted.set(Some(wanted(id.get_value())))
            >
                {move || text.get()}
            </button>
        }
    };
    view! {
        <p class="row">
            {button(Wanted::ReRole, Derived::always("Change role…"))}
            {button(Wanted::End, Derived::new(move |_| end()))}
        </p>
        {move || may.get().err().map(|why| view! { <p class="m">{why}</p> })}
    }
}

/// What was done to the person from here, newest first.
#[component]
fn History(
    /// The user.
    view_of: Derived<Option<UserView>>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let entries = State::new(None::<Result<Vec<Entry>, Failure>>);
    // read again when the user has changed, and once more when that is sent
    let state = Derived::new(move |_| {
        let sent = roster.saving.with(Option::is_none);
        view_of.with(|it| {
            let it = it.as_ref()?;
            Some((
                it.email.clone(),
                it.row.roles.clone(),
                it.row.status.clone(),
                sent,
            ))
        })
    });
    effect(move || {
        let (Some((email, ..)), Some(place)) = (state.get(), roster.place.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            let path = journal_of(&place.connection.id, place.organization.id.as_str(), &email);
            let read = transport::get::<Entries>(&path).await;
            let _shown = entries.try_set(Some(read.map(|it| it.entries)));
        });
    });
    let item = move |entry: Entry| {
        let told = roster.directory.with_untracked(|it| entry.told(it));
        let at = words::minute(&entry.at);
        let before = told
            .before
            .map(|text| view! { <span class="m">"before: "{text}</span> });
        view! {
            <li>
                <b>{told.what}</b>
                <span class="m num">
                    <time datetime=entry.at>{at}</time>" · "
                    <span class=format!("st {}", told.class)><span class="dot"></span>{told.result}</span>
                    {told.message.map(|text| format!(" – {text}"))}
                </span>
                {before}
            </li>
        }
    };
    move || {
        match entries.get() {
        None => ().into_any(),
        Some(Err(failure)) => view! { <p class="problem">{words::failure(&failure)}</p> }.into_any(),
        Some(Ok(all)) if all.is_empty() => view! { <p class="m">{words::NO_HISTORY}</p> }.into_any(),
        Some(Ok(all)) => view! {
            <ul class="lines-of" aria-label="History">{all.into_iter().map(item).collect_view()}</ul>
        }
        .into_any(),
    }
    }
}
