//! The row elements of the table: as few as fit the screen, copies of one, drawn together.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use rolecall_core::directory::query::{Found, Query};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::row::{RowElement, Shown};
use crate::console::Console;
use crate::model::row_view::RowView;
use crate::reactive::{Derived, State};
use crate::roster::Place;
use crate::ui::after_paint::after_paint;
use crate::ui::effect::effect;
use crate::ui::virtual_table::Scrolled;

/// What the rows show.
#[derive(Clone, Copy)]
pub(super) struct Content {
    /// All pages' own.
    pub(super) console: Console,
    /// Which users, in which order.
    pub(super) found: Derived<Found>,
    /// The search, for its marks.
    pub(super) query: Derived<Query>,
}

/// The rows, and what draws them.
pub(super) fn rows(content: Content, scrolled: Scrolled) -> AnyView {
    let pattern = NodeRef::<html::Tr>::new();
    let painted = State::new(0_u32);
    let mut pool = Pool::default();
    effect(move || {
        let Some(pattern) = pattern.get() else {
            return;
        };
        if painted.get() != pool.painted {
            pool.painted = painted.get_untracked();
            pool.staged = false;
        }
        if pool.pattern.is_none() {
            pool.pattern = Some(pattern.unchecked_into());
        }
        let before = pool.staged;
        pool.draw(content, scrolled);
        if pool.staged && !before {
            after_paint(move || {
                // the table may be gone by then
                painted.try_update(|it| *it += 1);
            });
        }
    });
    view! {
        <tr role="row" hidden node_ref=pattern>
            <td role="cell" class="c-select">
                <input type="checkbox" data-cell="select"/>
            </td>
            <td role="cell" class="c-user">
                <span class="face" aria-hidden="true"></span>
                <a class="who" data-cell="user" data-later="facts">
                    <b><bdi></bdi></b>
                    <br/>
                    <span class="m"><bdi></bdi></span>
                </a>
            </td>
            <td role="cell" class="c-role">
                <button type="button" class="role" data-cell="role" data-later="changes" aria-haspopup="dialog">
                    <span class="dot"></span>
                    <span class="name"></span>
                    <span class="muted" aria-hidden="true">"▾"</span>
                </button>
            </td>
            <td role="cell" class="c-status">
                <span class="st"><span class="dot"></span><span></span></span>
            </td>
            <td role="cell" class="c-scoped hide-m muted"></td>
            <td role="cell" class="c-since hide-m muted num"></td>
            <td role="cell" class="c-more">
                <button type="button" class="btn ghost small" data-cell="more" data-later="changes" aria-haspopup="dialog"></button>
            </td>
        </tr>
    }
    .into_any()
}

#[derive(Default)]
struct Pool {
    /// What they are copied from; it stays hidden.
    pattern: Option<HtmlElement>,
    rows: Vec<Option<RowElement>>,
    /// The organization that is shown; numbers of states are of one alone.
    place: Option<Place>,
    /// The search whose answer is shown.
    query: Option<Rc<Query>>,
    /// Number of the users' state that is shown.
    version: u64,
    /// Grows whenever a row may show something else for the same user.
    stamp: u32,
    /// Whether only what is seen has been drawn, and the rest follows once that is painted.
    staged: bool,
    /// How often that has been.
    painted: u32,
}

impl Pool {
    /// Draws what has changed. The answer to another search is drawn where it is seen, and above and
    /// below once that is painted.
    fn draw(&mut self, content: Content, scrolled: Scrolled) {
        let Content {
            console,
            found,
            query,
        } = content;
        let roster = console.roster;
        let (window, total) = (scrolled.window.get(), scrolled.total.get());
        let (found, query, directory) = (found.read(), query.read(), roster.directory.read());
        let service = roster
            .place
            .with(|it| it.as_ref().map(|it| it.connection.service));
        let (changed, saving) = (roster.changed.read(), roster.saving.read());
        let selected = roster.selected.read();
        let tab = console.cursor.row.get().min(total.saturating_sub(1));
        let active = self.active();
        let elsewhere = roster.place.with(|it| *it != self.place);
        if elsewhere {
            self.place = roster.place.get_untracked();
        }
        let another = elsewhere || self.query.as_ref() != Some(&query);
        if another || self.version != directory.version() {
            self.stamp += 1;
        }
        if another {
            self.query = Some(Rc::clone(&query));
            // who goes through the rows with the keyboard gets all of them at once
            self.staged |= active.is_none();
        }
        self.version = directory.version();
        let seen = scrolled.seen();
        let marks: Vec<String> = query.marks().map(str::to_owned).collect();
        let href = |id: &str| {
            console
                .location
                .with_untracked(|it| it.with_user(id).to_url())
        };
        let slots = window.slots.max(self.rows.len());
        self.rows.resize_with(slots, || None);
        for slot in 0..slots {
            let place = window.row_of(slot, total);
            let index = place.and_then(|place| found.rows.get(place));
            // the list may be a step behind the directory for a moment, or the table behind the list
            let known = index.filter(|index| (**index as usize) < directory.len());
            let (Some(place), Some(index)) = (place, known) else {
                if let Some(row) = &mut self.rows[slot] {
                    give_up_focus(row, active.as_ref());
                    row.hide();
                }
                continue;
            };
            let before = self.rows[slot].as_ref().and_then(RowElement::shown);
            let moved = before.is_some_and(|it| it.place != place);
            if self.staged && !seen.contains(&place) {
                if let Some(row) = self.rows[slot].as_mut().filter(|_| moved) {
                    row.hide();
                }
                continue;
            }
            let of = (*index, self.stamp);
            let user = match before.filter(|it| it.of == of) {
                Some(before) => Rc::clone(&before.user),
                None => Rc::new(RowView::of(service, &directory, *index as usize, &marks)),
            };
            let is = |of: &Option<String>| of.as_ref() == Some(&user.id);
            let selected = !selected.is_empty() && selected.contains(&user.id);
            let class = match (is(&changed), is(&saving), selected) {
                (false, false, false) => "",
                (false, false, true) => "chosen",
                (true, false, _) => "changed",
                (false, true, _) => "saving",
                (true, true, _) => "changed saving",
            };
            let shown = Shown {
                of,
                place,
                top: scrolled.place_of(place),
                selected,
                class,
                tab: place == tab,
                user,
            };
            if self.rows[slot].is_none() {
                self.rows[slot] = self.copy();
            }
            if let Some(row) = &mut self.rows[slot] {
                if moved {
                    give_up_focus(row, active.as_ref());
                }
                row.write(shown, &href);
            }
        }
    }

    /// What has the focus, if it is in a row.
    fn active(&self) -> Option<Element> {
        let body = self.pattern.as_ref()?.parent_element()?;
        let active = document().active_element()?;
        body.contains(Some(&active)).then_some(active)
    }

    /// Another row element at the end of the table.
    fn copy(&self) -> Option<RowElement> {
        let pattern = self.pattern.as_ref()?;
        let copy = pattern.clone_node_with_deep(true).ok()?;
        let row = pattern.parent_node()?.append_child(&copy).ok()?;
        RowElement::of(row.unchecked_into())
    }
}

/// An element that comes to show another row must not keep the focus for it.
fn give_up_focus(row: &RowElement, active: Option<&Element>) {
    if let Some(active) = active
        && row.contains(active)
        && let Ok(Some(frame)) = active.closest(".frame")
    {
        // an element that cannot take the focus leaves it where it is
        drop(frame.unchecked_into::<HtmlElement>().focus());
    }
}
