//! The table of users.

use crate::reactive::{Derived, Kept, State};
use crate::ui::effect::effect;
use leptos::prelude::*;
use rolecall_core::directory::query::{Column, Found, Query, SortKey};
use wasm_bindgen::JsCast;

use self::pool::Content;
use crate::console::Console;
use crate::model::words;
use crate::roster::Roster;
use crate::ui::cursor::Cursor;
use crate::ui::virtual_table::VirtualTable;
use crate::wanted::Wanted;

mod pool;
mod row;

/// The table of users.
#[component]
pub(crate) fn UsersTable(
    /// Which users, in which order.
    found: Derived<Found>,
    /// The search, for its marks.
    query: Derived<Query>,
    /// Set when somebody wants to change a user.
    wanted: State<Option<Wanted>>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let (roster, cursor) = (console.roster, console.cursor);
    // a service without names, dates and scoped roles has no columns for them
    let class = move || match roster.tells_names_and_dates() {
        Some(false) => "users plain".to_owned(),
        _ => "users".to_owned(),
    };
    let total = Derived::new(move |_| found.with(|found| found.rows.len()));
    let all = Derived::new(move |_| {
        found.with(|found| {
            roster.selected.with(|selected| {
                let chosen = |row: &u32| selected.contains(roster.id_of(*row as usize).as_str());
                !selected.is_empty() && found.rows.iter().all(chosen)
            })
        })
    });
    let select_all = move |on: bool| {
        let ids = found.with_untracked(|found| {
            let rows = found.rows.iter();
            rows.map(|row| roster.id_of(*row as usize)).collect()
        });
        roster.select(ids, on);
    };
    let head = move || {
        view! {
            <th role="columnheader" scope="col" class="c-select">
                <input
                    type="checkbox"
                    aria-label=move || format!("Select all {} shown", words::number(total.get()))
                    prop:checked=move || all.get()
                    prop:indeterminate=move || !all.get() && roster.selected.with(|it| !it.is_empty())
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
    let anchor = Kept::new(None);
    let selecting = Selecting {
        roster,
        found,
        anchor,
    };
    let content = Content {
        console,
        found,
        query,
    };
    let pressed = Callback::new(move |event: web_sys::MouseEvent| {
        press(&event, content, selecting, wanted);
    });
    let focused = Callback::new(move |event: web_sys::FocusEvent| {
        if let Some((row, _)) = cell(event.target()) {
            cursor.follow(row, event.target());
        }
    });
    follow_person(cursor, roster, found, query);
    view! {
        <VirtualTable
            label="Users"
            class=Derived::new(move |_| class())
            testid="user-scroller"
            total
            top_of=Derived::new(move |_| query.read().to_string())
            reveal=cursor.reveal
            on_key=Callback::new(move |(event, page)| keys(&event, page, cursor, total, selecting))
            on_click=pressed
            on_focus=focused
            head
            rows=Callback::new(move |scrolled| pool::rows(content, scrolled))
        />
    }
}

/// The row and the cell in which something happened.
fn cell(target: Option<web_sys::EventTarget>) -> Option<(usize, web_sys::Element)> {
    let target: web_sys::Element = target?.dyn_into().ok()?;
    let row = target.closest("tr").ok()??;
    let number: usize = row.get_attribute("aria-rowindex")?.parse().ok()?;
    // the head is the first
    Some((number.checked_sub(2)?, target.closest("[data-cell]").ok()??))
}

/// What a press in a row does.
fn press(
    event: &web_sys::MouseEvent,
    content: Content,
    selecting: Selecting,
    wanted: State<Option<Wanted>>,
) {
    let Some((row, cell)) = cell(event.target()) else {
        return;
    };
    let index = content.found.with_untracked(|it| it.rows.get(row).copied());
    let Some(id) = index.map(|it| selecting.roster.id_of(it as usize)) else {
        return;
    };
    match cell.get_attribute("data-cell").as_deref() {
        Some("select") => {
            let input: Option<&web_sys::HtmlInputElement> = cell.dyn_ref();
            let on = input.is_some_and(web_sys::HtmlInputElement::checked);
            selecting.set(row, on, event.shift_key());
        }
        // with a modifier, the browser opens another tab or window
        Some("user") if !(event.ctrl_key() || event.meta_key() || event.shift_key()) => {
            event.prevent_default();
            content.console.show_user(Some(id));
        }
        Some("role") => wanted.set(Some(Wanted::ReRole(id))),
        Some("more") => wanted.set(Some(Wanted::End(id))),
        _ => {}
    }
}

/// What the keys do in the table. Enter is the browser's: it follows the link that a name is.
fn keys(
    event: &web_sys::KeyboardEvent,
    page: usize,
    cursor: Cursor,
    total: Derived<usize>,
    selecting: Selecting,
) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let target = event.target();
    let target = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let within = |selector: &str| {
        let found = target.as_ref().and_then(|it| it.closest(selector).ok());
        found.flatten().is_some()
    };
    let last = total.get_untracked().saturating_sub(1);
    let row = cursor.row.get_untracked().min(last);
    let in_row = within("tbody tr");
    match event.key().as_str() {
        "ArrowDown" if in_row => cursor.go((row + 1).min(last)),
        // from the head or the frame, back to where one was
        "ArrowDown" => cursor.go(row),
        _ if within("thead") => return,
        "ArrowUp" => cursor.go(row.saturating_sub(1)),
        "PageDown" => cursor.go((row + page).min(last)),
        "PageUp" => cursor.go(row.saturating_sub(page)),
        "Home" => cursor.go(0),
        "End" => cursor.go(last),
        "ArrowRight" if in_row => cursor.step_aside(true),
        "ArrowLeft" if in_row => cursor.step_aside(false),
        " " if in_row && cursor.is_on_name() => selecting.toggle(row, event.shift_key()),
        _ => return,
    }
    event.prevent_default();
}

/// Keeps the cursor on the person when rows come or go around it, and on the first row when another
/// search begins.
fn follow_person(cursor: Cursor, roster: Roster, found: Derived<Found>, query: Derived<Query>) {
    let person = Kept::new(String::new());
    let at = move |row: usize| {
        let index = found.with_untracked(|it| it.rows.get(row).copied());
        index.map(|it| roster.id_of(it as usize))
    };
    effect(move || {
        let row = cursor.row.get();
        person.set_value(at(row).unwrap_or_default());
    });
    let mut last = None::<Query>;
    effect(move || {
        let now = query.get();
        if last.as_ref().is_some_and(|last| *last != now) {
            cursor.row.set(0);
        }
        last = Some(now);
    });
    effect(move || {
        found.track();
        let row = cursor.row.get_untracked();
        let wanted = person.get_value();
        if wanted.is_empty() || at(row).is_some_and(|id| id == wanted) {
            return;
        }
        let rows = found.with_untracked(|it| it.rows.len());
        let moved = roster.directory.with_untracked(|it| it.find(&wanted));
        let moved = moved.and_then(|index| {
            found.with_untracked(|it| it.rows.iter().position(|row| *row as usize == index))
        });
        let row = moved.unwrap_or(row).min(rows.saturating_sub(1));
        let inside = document()
            .active_element()
            .and_then(|it| it.closest(".users tbody").ok().flatten());
        match inside {
            Some(_) if rows > 0 => cursor.go(row),
            _ => cursor.row.set(row),
        }
    });
}

/// Selecting rows, one or a range.
#[derive(Clone, Copy)]
struct Selecting {
    roster: Roster,
    found: Derived<Found>,
    /// The row that was selected last.
    anchor: Kept<Option<usize>>,
}

impl Selecting {
    fn set(self, row: usize, on: bool, range: bool) {
        let from = self.anchor.get_value().filter(|_| range).unwrap_or(row);
        self.anchor.set_value(Some(row));
        let ids: Vec<String> = self.found.with_untracked(|found| {
            let rows = found.rows.get(from.min(row)..=from.max(row));
            let rows = rows.unwrap_or_default().iter();
            rows.map(|row| self.roster.id_of(*row as usize)).collect()
        });
        self.roster.select(ids, on);
    }

    fn toggle(self, row: usize, range: bool) {
        let index = self.found.with_untracked(|it| it.rows.get(row).copied());
        let id = index.map(|it| self.roster.id_of(it as usize));
        let on = id.is_some_and(|id| !self.roster.selected.with_untracked(|it| it.contains(&id)));
        self.set(row, on, range);
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
            let order = if key.descending {
                "descending"
            } else {
                "ascending"
            };
            order.to_owned()
        })
    };
    let arrow = move || {
        let arrow = mine().map_or("", |key| if key.descending { " ↓" } else { " ↑" });
        arrow.to_owned()
    };
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
        console.go(|location| {
            location.sort.retain(|key| add && key.column != column);
            location.sort.extend(next);
        });
    };
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=sorted>
            <button type="button" class="sort" on:click=click>{name}<span aria-hidden="true">{arrow}</span></button>
        </th>
    }
}
