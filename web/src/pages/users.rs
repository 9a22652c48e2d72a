//! The users of the open organization: who has what, found by typing.

use leptos::prelude::*;
use rolecall_core::directory::query::{Found, Query};

use self::filters::FilterBar;
use self::views::Views;
use crate::console::Console;
use crate::later::{Part, later};
use crate::model::keymap::Deed;
use crate::model::words;
use crate::reactive::{Derived, State};
use crate::roster::Reading;
use crate::ui::after_paint::after_paint;
use crate::ui::cursor::keep_focus;
use crate::ui::icon::EmptyList;
use crate::ui::spoken::Spoken;
use crate::ui::users_table::UsersTable;
use crate::wanted::Wanted;

pub(crate) mod chips;
pub(crate) mod filters;
mod growth;
pub(crate) mod selection;
pub(crate) mod views;

/// The page.
#[component]
pub(crate) fn Users() -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let query = Derived::new(move |_| console.location.with(|it| Query::parse(&it.search)));
    let sort = Derived::new(move |_| console.location.with(|it| it.sort.clone()));
    let order = Derived::new(move |_| {
        let sort = sort.get();
        (!sort.is_empty()).then(|| roster.directory.read().order(&sort))
    });
    let found = Derived::new(move |_| {
        let order = order.read();
        roster
            .directory
            .read()
            .find_all(&query.read(), order.as_deref())
    });
    let wanted = console.wanted;
    let user = Derived::new(move |_| console.location.with(|it| it.user.clone()));
    let limited = Derived::new(move |_| query.with(|it| !it.conditions().is_empty()));
    let selecting = Derived::new(move |_| roster.selected.with(|it| !it.is_empty()));
    let is_open = Derived::new(move |_| roster.place.with(Option::is_some));
    let open = move || {
        view! {
            <div class="head">
                <h1>"Users"</h1>
                <Count found/>
                <Freshness/>
                {move || {
                    (roster.tells_names_and_dates() == Some(false)).then(|| {
                        view! { <span class="m">{move || roster.place.get().map(|it| words::no_names_and_dates(it.connection.service.name())).unwrap_or_default()}</span> }.into_any()
                    }).into_any()
                }}
                <span class="grow"></span>
                <button class="btn" aria-haspopup="dialog" data-later="changes" on:click=move |_| wanted.set(Some(Wanted::Export))>
                    "Export…"
                </button>
                <InviteButton wanted/>
            </div>
            <FilterBar found query/>
            <SearchBox/>
            {move || limited.get().then(|| later(Part::Chips { query })).into_any()}
            <Trouble/>
            <Body found query wanted/>
            {move || selecting.get().then(|| later(Part::Selection { found })).into_any()}
        }
        .into_any()
    };
    view! {
        {move || if is_open.get() { open() } else { view! { <Opening/> }.into_any() }}
        {move || user.get().map(|id| later(Part::User { id, found })).into_any()}
        {move || {
            let wanted = wanted.read();
            wanted.is_some().then(|| later(Part::Form { wanted, found })).into_any()
        }}
    }
}

/// Before an organization is open: rows to come, or why none comes.
#[component]
fn Opening() -> impl IntoView {
    let console = expect_context::<Console>();
    // users who are there at once need no picture of rows to come
    let late = State::new(false);
    after_paint(move || {
        late.try_update(|it| *it = true);
    });
    move || {
        match console.not_opened.get() {
        Some((title, why)) => {
            view! {
                <div class="empty" role="alert">
                    <EmptyList/>
                    <h1>{title}</h1>
                    <p>{why}</p>
                    <p class="muted">"Choose an organization above, or try again."</p>
                    <button class="btn" on:click=move |_| console.start()>"Try again"</button>
                </div>
            }
            .into_any()
        }
        None if late.get() => view! {
            <div class="head"><h1>"Users"</h1><span class="muted" role="status">"Loading…"</span></div>
            <Skeleton/>
        }
        .into_any(),
        None => ().into_any(),
    }
    }
}

/// Rows that are not there yet.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="frame skeleton" aria-hidden="true">
            {(0..8).map(|_| view! { <p><i></i><i></i><i></i></p> }.into_any()).collect::<Vec<_>>()}
        </div>
    }
}

/// How many users there are.
#[component]
fn Count(
    /// Which users.
    found: Derived<Found>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let numbers = move || {
        let directory = roster.directory.read();
        (
            found.with(|it| it.rows.len()),
            directory.len(),
            directory.total(),
            directory.is_complete(),
        )
    };
    let text = Derived::new(move |_| {
        let (shown, loaded, total, complete) = numbers();
        words::count(shown, loaded, total, complete)
    });
    view! {
        <Spoken text/>
        <span
            class="muted num"
            data-testid="user-count"
            data-shown=move || numbers().0.to_string()
            data-total=move || numbers().1.to_string()
        >
            {move || text.get()}
        </span>
    }
}

/// Reads the list again, and says how old it is where that matters.
#[component]
fn Freshness() -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let old = move || {
        let at = roster.as_of.get()?;
        let reading = roster.reading.get();
        (reading != Reading::Done).then(|| words::as_of(&at))
    };
    let old = move || old().unwrap_or_default();
    let running = move || roster.reading.with(|it| *it == Reading::Running);
    let sign = move || if running() { "turning" } else { "" }.to_owned();
    let label = move || {
        let label = if running() {
            "Reading the list"
        } else {
            "Read the list again"
        };
        label.to_owned()
    };
    view! {
        <span class="m num" data-testid="as-of">{old}</span>
        <button
            type="button"
            class="btn ghost small"
            aria-label=label
            aria-disabled=move || running().to_string()
            title=label
            on:click=move |_| if !roster.reading.with_untracked(|it| *it == Reading::Running) { roster.refresh() }
        >
            <span aria-hidden="true" class=sign>"⟳"</span>
        </button>
    }
}

/// The one next step, or why it cannot be taken.
#[component]
fn InviteButton(
    /// Set when it is pressed.
    wanted: State<Option<Wanted>>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    move || {
        match roster.may_change() {
        Ok(()) => view! {
            <button class="btn primary" aria-haspopup="dialog" data-later="changes" on:click=move |_| wanted.set(Some(Wanted::Invite))>
                "Invite…"
            </button>
        }
        .into_any(),
        Err(why) => view! {
            <span class="m" id="may-not-invite">{why}</span>
            <button class="btn primary" disabled aria-describedby="may-not-invite">"Invite…"</button>
        }
        .into_any(),
    }
    }
}

/// The search box; a slash anywhere goes to it, the arrow down from it into the table.
#[component]
fn SearchBox() -> impl IntoView {
    let console = expect_context::<Console>();
    view! {
        <div class="tools" role="search">
            <label class="search">
                <span class="muted" aria-hidden="true">"⌕"</span>
                <input
                    id="user-search"
                    type="search"
                    data-testid="user-search"
                    aria-label="Search users"
                    placeholder="Search, or role:owner status:pending"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || console.location.with(|it| it.search.clone())
                    on:input:target=move |event| console.search(event.target().value())
                    on:keydown=move |event| {
                        if event.key() == "ArrowDown" {
                            event.prevent_default();
                            console.cursor.go_to_name(0);
                        }
                    }
                />
                {move || {
                    console.prefs.keys.get().then(|| {
                        let key = console.prefs.keymap.get().key(Deed::Search);
                        view! { <span class="kbd hide-s" aria-hidden="true">{key}</span> }.into_any()
                    }).into_any()
                }}
            </label>
            <Views/>
        </div>
    }
}

/// Why the list is not whole, with a way on; the rows stay.
#[component]
fn Trouble() -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    move || {
        match &*roster.reading.read() {
        Reading::Failed(failure) => {
            view! {
                <div class="problem" role="alert">
                    <p>{words::failure(failure)}</p>
                    <button class="btn small" on:click=move |_| { roster.refresh(); keep_focus(); }>"Try again"</button>
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
    }
}

/// The table, or why there is none.
#[component]
fn Body(
    /// Which users.
    found: Derived<Found>,
    /// The search.
    query: Derived<Query>,
    /// Set when somebody wants to change a user.
    wanted: State<Option<Wanted>>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let empty = Derived::new(move |_| found.with(|it| it.rows.is_empty()));
    let nobody = Derived::new(move |_| console.roster.directory.with(|it| it.is_empty()));
    move || {
        if !empty.get() {
            return view! { <UsersTable found query wanted/> }.into_any();
        }
        if nobody.get() {
            return view! {
                <div class="empty"><EmptyList/><p>"Nobody is in this organization yet."</p></div>
            }
            .into_any();
        }
        view! {
            <div class="empty">
                <EmptyList/>
                <p>{move || format!("Nobody matches “{}”.", console.location.with(|it| it.search.clone()))}</p>
                <button class="btn" on:click=move |_| { console.filter(String::new()); keep_focus(); }>"Clear the search"</button>
            </div>
        }
        .into_any()
    }
}
