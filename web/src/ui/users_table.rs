//! The table of users.

use leptos::prelude::*;
use rolecall_core::directory::query::{Column, Found, Query, SortKey};

use crate::app::Console;
use crate::forms::Wanted;
use crate::model::row_view::{Marked, RowView};
use crate::model::words;
use crate::ui::virtual_table::VirtualTable;

/// The table of users.
#[component]
pub(crate) fn UsersTable(
    /// Which users, in which order.
    found: Memo<Found>,
    /// The search, for its marks.
    query: Memo<Query>,
    /// Set when somebody wants to change a user.
    wanted: RwSignal<Option<Wanted>>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    // a service without names, dates and scoped roles has no columns for them
    let class = move || match roster.tells_names_and_dates() {
        Some(false) => "users plain".to_owned(),
        _ => "users".to_owned(),
    };
    let total = Memo::new(move |_| found.with(|found| found.rows.len()));
    let all = Memo::new(move |_| {
        found.with(|found| {
            roster.selected.with(|selected| {
                let chosen = |row: &u32| selected.contains(roster.id_of(*row as usize).as_str());
                !selected.is_empty() && found.rows.iter().all(chosen)
            })
        })
    });
    let select_all = move |on: bool| {
        let ids: Vec<String> = found.with_untracked(|found| {
            found
                .rows
                .iter()
                .map(|row| roster.id_of(*row as usize))
                .collect()
        });
        roster.selected.update(|selected| {
            for id in ids {
                if on {
                    selected.insert(id)
                } else {
                    selected.remove(&id)
                };
            }
        });
    };
    let head = move || {
        view! {
            <th role="columnheader" scope="col" class="c-select">
                <input
                    type="checkbox"
                    aria-label=move || format!("Select all {} shown", words::number(total.get()))
                    prop:checked=move || all.get()
                    on:change:target=move |event| select_all(event.target().checked())
                />
            </th>
            <SortHead column=Column::User name="User" class="c-user"/>
            <SortHead column=Column::Role name="Role" class="c-role"/>
            <SortHead column=Column::Status name="Status" class="c-status"/>
            <th role="columnheader" scope="col" class="c-scoped hide-m">"Scoped roles"</th>
            <SortHead column=Column::Created name="Since" class="c-since hide-m"/>
            <th role="columnheader" scope="col" class="c-more"><span class="visually-hidden">"Actions"</span></th>
        }
    };
    // where a range of rows begins that Shift extends
    let anchor = StoredValue::new(None);
    let row = move |(position, place)| {
        view! { <Row position place found query wanted anchor/> }.into_any()
    };
    view! {
        <VirtualTable
            label="Users"
            class=Signal::derive(class)
            testid="user-scroller"
            total
            top_of=Signal::derive(move || query.read().to_string())
            head
            row=Callback::new(row)
        />
    }
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
    /// Which row of the table it shows now.
    position: Memo<Option<usize>>,
    /// Where it stands.
    place: Signal<String>,
    /// Which users, in which order.
    found: Memo<Found>,
    /// The search, for its marks.
    query: Memo<Query>,
    /// Set when somebody wants to change a user.
    wanted: RwSignal<Option<Wanted>>,
    /// The row that was selected last.
    anchor: StoredValue<Option<usize>>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let select = move |row: usize, on: bool, range: bool| {
        let from = anchor.get_value().filter(|_| range).unwrap_or(row);
        anchor.set_value(Some(row));
        let ids: Vec<String> = found.with_untracked(|found| {
            let rows = found
                .rows
                .get(from.min(row)..=from.max(row))
                .unwrap_or_default();
            rows.iter().map(|row| roster.id_of(*row as usize)).collect()
        });
        roster.selected.update(|selected| {
            for id in ids {
                if on {
                    selected.insert(id)
                } else {
                    selected.remove(&id)
                };
            }
        });
    };
    let shown = Memo::new(move |_| {
        let row = position.get()?;
        let found = found.read();
        // the list may be a step behind the directory for a moment, or the table behind the list
        let index = *found.rows.get(row)? as usize;
        let marks: Vec<String> = query.read().marks().map(str::to_owned).collect();
        let directory = roster.directory.read();
        (index < directory.len()).then(|| (row, RowView::of(&directory, index, &marks)))
    });
    move || {
        shown.get().map(|(row, user)| {
            let changed = roster.changed.get().is_some_and(|id| id == user.id);
            let (role_of, end_of, select_of) = (user.id.clone(), user.id.clone(), user.id.clone());
            let select_label = format!("Select {}", user.name);
            let role_label = format!("Role of {}: {}, change", user.name, user.roles);
            let end = if user.pending { "Withdraw" } else { "Remove" };
            view! {
                <tr
                    role="row"
                    data-testid="user-row"
                    aria-rowindex=row + 2
                    class:changed=changed
                    style:transform=move || place.get()
                >
                    <td role="cell" class="c-select">
                        <input
                            type="checkbox"
                            aria-label=select_label
                            prop:checked=move || roster.selected.with(|it| it.contains(&select_of))
                            on:click=move |event| {
                                let on = event_target_checked(&event);
                                select(row, on, event.shift_key());
                            }
                        />
                    </td>
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
