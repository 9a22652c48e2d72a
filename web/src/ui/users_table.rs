//! The table of users: as many elements as fit the screen, whatever the number of users.

use leptos::html;
use leptos::prelude::*;
use rolecall_core::directory::query::{Column, Found, Query, SortKey};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::app::Console;
use crate::forms::Wanted;
use crate::model::row_view::{Marked, RowView};
use crate::model::window::Window;
use crate::model::words;

/// The table with its head, its scroller and its few rows.
#[component]
pub(crate) fn UsersTable(
    /// Which users, in which order.
    found: Memo<Found>,
    /// The search, for its marks.
    query: Memo<Query>,
    /// Set when somebody wants to change a user.
    wanted: RwSignal<Option<Wanted>>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let (top, height, row_height) = (
        RwSignal::new(0.0),
        RwSignal::new(600.0),
        RwSignal::new(44.0),
    );
    measure(scroller, height, row_height);
    let roster = expect_context::<Console>().roster;
    // a service without names, dates and scoped roles has no columns for them
    let plain = move || roster.tells_names_and_dates() == Some(false);
    let total = Memo::new(move |_| found.with(|found| found.rows.len()));
    let window =
        Memo::new(move |_| Window::at(top.get(), height.get(), row_height.get(), total.get()));
    let slots = Memo::new(move |_| window.get().slots);
    // another search begins at its top
    Effect::new(move |before: Option<Query>| {
        let now = query.get();
        if before.is_some_and(|before| before != now)
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(0);
        }
        now
    });
    view! {
        <div
            class="frame"
            data-testid="user-scroller"
            tabindex="0"
            role="region"
            aria-label="Table of users"
            node_ref=scroller
            on:scroll:target=move |event| top.set(f64::from(event.target().scroll_top()))
        >
            <table role="table" class="users" class:plain=plain aria-label="Users" aria-rowcount=move || total.get() + 1>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        <SortHead column=Column::User name="User" class="c-user"/>
                        <SortHead column=Column::Role name="Role" class="c-role"/>
                        <SortHead column=Column::Status name="Status" class="c-status"/>
                        <th role="columnheader" scope="col" class="c-scoped hide-m">"Scoped roles"</th>
                        <SortHead column=Column::Created name="Since" class="c-since hide-m"/>
                        <th role="columnheader" scope="col" class="c-more"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup" style:height=move || format!("{}px", total.get() as f64 * row_height.get())>
                    <For
                        each=move || 0..slots.get()
                        key=|number| *number
                        children=move |number| view! { <Row number window found query wanted row_height/> }
                    />
                </tbody>
            </table>
        </div>
    }
}

/// Keeps height of the scroller and of a row up to date; the style sheet decides both.
fn measure(scroller: NodeRef<html::Div>, height: RwSignal<f64>, row_height: RwSignal<f64>) {
    Effect::new(move |_| {
        let Some(element) = scroller.get() else {
            return;
        };
        let read = move || {
            let Some(element) = scroller.try_get_untracked().flatten() else {
                return;
            };
            height.set(f64::from(element.client_height()));
            let style =
                web_sys::window().and_then(|it| it.get_computed_style(&element).ok().flatten());
            let row = style.and_then(|style| style.get_property_value("--row").ok());
            let pixels = row.and_then(|text| text.trim().trim_end_matches("px").parse().ok());
            row_height.set(pixels.unwrap_or(44.0));
        };
        read();
        let callback = Closure::<dyn Fn()>::new(read);
        let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let (observer, callback) = (
            StoredValue::new_local(observer),
            StoredValue::new_local(callback),
        );
        on_cleanup(move || {
            observer.with_value(web_sys::ResizeObserver::disconnect);
            callback.dispose();
        });
    });
}

/// Head of a column that sorts: one click up, the next down, the third as the service gave it; with
/// Shift the column is added to those before.
#[component]
fn SortHead(
    /// Which column.
    column: Column,
    /// Its name.
    name: &'static str,
    /// Its class.
    class: &'static str,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let mine = move || {
        console
            .location
            .with(|it| it.sort.iter().find(|key| key.column == column).copied())
    };
    let sorted = move || {
        mine().map(|key| {
            if key.descending {
                "descending"
            } else {
                "ascending"
            }
        })
    };
    let arrow = move || mine().map_or("", |key| if key.descending { " ↓" } else { " ↑" });
    let click = move |event: leptos::ev::MouseEvent| {
        let next = match mine() {
            None => Some(SortKey {
                column,
                descending: false,
            }),
            Some(SortKey {
                descending: false, ..
            }) => Some(SortKey {
                column,
                descending: true,
            }),
            Some(_) => None,
        };
        let add = event.shift_key();
        console.go(
            |location| {
                location.sort.retain(|key| add && key.column != column);
                location.sort.extend(next);
            },
            false,
        );
    };
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=sorted>
            <button type="button" class="sort" on:click=click>{name}<span aria-hidden="true">{arrow}</span></button>
        </th>
    }
}

/// One of the few row elements; it shows whichever row scrolls to it.
#[component]
fn Row(
    /// Its number.
    number: usize,
    /// Which rows exist.
    window: Memo<Window>,
    /// Which users, in which order.
    found: Memo<Found>,
    /// The search, for its marks.
    query: Memo<Query>,
    /// Set when somebody wants to change a user.
    wanted: RwSignal<Option<Wanted>>,
    /// Pixels.
    row_height: RwSignal<f64>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let shown = Memo::new(move |_| {
        let window = window.get();
        if number >= window.slots {
            return None;
        }
        let found = found.read();
        let row = window.row_of(number, found.rows.len())?;
        let index = found.rows[row] as usize;
        let marks: Vec<String> = query.read().marks().map(str::to_owned).collect();
        let directory = roster.directory.read();
        // the list may be a step behind the directory for a moment
        (index < directory.len()).then(|| (row, RowView::of(&directory, index, &marks)))
    });
    move || {
        shown.get().map(|(row, user)| {
            let changed = roster.changed.get().is_some_and(|id| id == user.id);
            let place = move || format!("translateY({}px)", row as f64 * row_height.get());
            let (role_of, end_of) = (user.id.clone(), user.id.clone());
            let role_label = format!("Role of {}: {}, change", user.name, user.roles);
            let end = if user.pending { "Withdraw" } else { "Remove" };
            view! {
                <tr
                    role="row"
                    data-testid="user-row"
                    aria-rowindex=row + 2
                    class:changed=changed
                    style:transform=place
                >
                    <td role="cell" class="c-user">
                        <span class="face" class:wait=user.pending aria-hidden="true">{user.initials}</span>
                        <span class="who">
                            <b><bdi>{parts(user.title)}</bdi></b>
                            <span class="m"><bdi>{parts(user.below)}</bdi></span>
                        </span>
                    </td>
                    <td role="cell" class="c-role">
                        <button
                            type="button"
                            class=format!("role {}", words::tier(user.tier))
                            aria-haspopup="dialog"
                            aria-label=role_label
                            on:click=move |_| wanted.set(Some(Wanted::ReRole(role_of.clone())))
                        >
                            <span class="dot"></span>
                            <span class="name">{user.roles}</span>
                            <span class="muted" aria-hidden="true">"▾"</span>
                        </button>
                    </td>
                    <td role="cell" class="c-status">
                        <span class=format!("st {}", user.standing)><span class="dot"></span>{user.status}</span>
                    </td>
                    <td role="cell" class="c-scoped hide-m muted">{user.scoped}</td>
                    <td role="cell" class="c-since hide-m muted num" title=user.since_exactly>{user.since}</td>
                    <td role="cell" class="c-more">
                        <button
                            type="button"
                            class="btn ghost small"
                            aria-haspopup="dialog"
                            aria-label=format!("{end} {}", user.name)
                            on:click=move |_| wanted.set(Some(Wanted::End(end_of.clone())))
                        >
                            {end}"…"
                        </button>
                    </td>
                </tr>
            }
        })
    }
}

/// A text with its marks.
fn parts(text: Marked) -> impl IntoView {
    text.into_iter()
        .map(|(part, hit)| {
            if hit {
                view! { <mark>{part}</mark> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect_view()
}
