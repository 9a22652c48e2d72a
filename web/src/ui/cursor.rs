//! Where the keyboard is in the table of users: one row at a time can be reached by Tab, arrows go on
//! from there.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::reactive::{Kept, State};

/// Names of the cells that can have the focus, from left to right.
pub(crate) const CELLS: [&str; 4] = ["select", "user", "role", "more"];

/// The cell that stands for the whole row: the person's name.
const NAME: usize = 1;

/// The row and the cell that have the focus, or had it last.
#[derive(Clone, Copy)]
pub(crate) struct Cursor {
    /// Position in the table.
    pub(crate) row: State<usize>,
    /// The table scrolls until this row is seen.
    pub(crate) reveal: State<Option<usize>>,
    /// Index into [`CELLS`].
    cell: Kept<usize>,
}

impl Cursor {
    /// On the first row.
    pub(crate) fn new() -> Self {
        Self {
            row: State::new(0),
            reveal: State::new(None),
            cell: Kept::new(NAME),
        }
    }

    /// Moves to a row, scrolls to it and gives it the focus.
    pub(crate) fn go(self, row: usize) {
        self.row.set(row);
        self.reveal.set(Some(row));
        // by then the row has its element
        request_animation_frame(move || {
            // not each row has all cells
            while !self.focus_cell(row) && self.cell.get_value() > NAME {
                self.cell.update_value(|it| *it -= 1);
            }
        });
    }

    fn focus_cell(self, row: usize) -> bool {
        focus(&format!(
            ".users tr[aria-rowindex='{}']:not([hidden]) [data-cell='{}']:not([hidden])",
            row + 2,
            CELLS[self.cell.get_value()]
        ))
    }

    /// Moves to the name in a row.
    pub(crate) fn go_to_name(self, row: usize) {
        self.cell.set_value(NAME);
        self.go(row);
    }

    /// Moves to the cell beside; the first and the last are the ends.
    pub(crate) fn step_aside(self, right: bool) {
        let cell = self.cell.get_value();
        self.cell.set_value(if right {
            (cell + 1).min(CELLS.len() - 1)
        } else {
            cell.saturating_sub(1)
        });
        self.go(self.row.get_untracked());
    }

    /// Whether the name has the focus, by which the row is opened and selected.
    pub(crate) fn is_on_name(self) -> bool {
        self.cell.get_value() == NAME
    }

    /// Takes up where the focus is: somebody clicked, or came by Tab.
    pub(crate) fn follow(self, row: usize, target: Option<web_sys::EventTarget>) {
        let element = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let name = element.and_then(|it| it.get_attribute("data-cell"));
        if let Some(cell) = name.and_then(|name| CELLS.iter().position(|it| *it == name)) {
            self.cell.set_value(cell);
            self.row.set(row);
        }
    }
}

/// Gives the focus to the first element that matches; tells whether there is one.
pub(crate) fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let Some(element) = found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    // the table has scrolled already, as far as the head leaves rows to be seen
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    element.focus_with_options(&options).is_ok()
}

/// Whether the focus has fallen to the page itself: what had it is gone.
pub(crate) fn focus_is_lost() -> bool {
    let focused = document().active_element();
    focused.is_none_or(|it| it.tag_name() == "BODY")
}

/// Gives the focus to a dialog, to the row that had it, or to the page's heading, if it has fallen to the page
/// itself: what had it is gone.
pub(crate) fn keep_focus() {
    request_animation_frame(|| {
        if focus_is_lost() {
            let _found = focus("dialog[open] button")
                || focus(".long [tabindex='0'][data-cell='user']")
                || focus("main h1[tabindex]")
                || focus("main .frame")
                || focus("main");
        }
    });
}
