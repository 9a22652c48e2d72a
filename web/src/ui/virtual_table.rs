//! A long table: as many row elements as fit the screen, whatever the number of rows.

use std::time::Duration;

use crate::reactive::{Derived, Kept, State};
use crate::ui::effect::effect;
use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::console::Console;
use crate::model::window::Window;

/// Height of the head, in pixels, as the style sheet has it, with its line.
const HEAD: f64 = 37.0;

/// About what of the window's height is above and below a table, in pixels.
const ELSEWHERE: f64 = 250.0;

/// Draws the row element that shows a row: given which row it shows now, and where it stands.
pub(crate) type DrawRow = Callback<(Derived<Option<usize>>, Derived<String>), AnyView>;

/// Where a table is scrolled to: what its rows follow.
#[derive(Clone, Copy)]
pub(crate) struct Scrolled {
    /// Rows that exist.
    pub(crate) window: Derived<Window>,
    /// Number of rows.
    pub(crate) total: Derived<usize>,
    /// Height of a row, in pixels.
    pub(crate) row_height: State<f64>,
    top: State<f64>,
    height: State<f64>,
}

impl Scrolled {
    /// Rows of which something can be seen now.
    pub(crate) fn seen(self) -> std::ops::Range<usize> {
        let (top, height) = (self.top.get_untracked(), self.height.get_untracked());
        Window::seen(top, height, self.row_height.get_untracked())
    }

    /// Where a row stands, in pixels from the first.
    pub(crate) fn place_of(self, row: usize) -> u64 {
        whole(row as f64 * self.row_height.get())
    }
}

/// Rows each of which follows by itself.
pub(crate) fn each(row: DrawRow) -> Callback<Scrolled, AnyView> {
    Callback::new(move |scrolled: Scrolled| {
        let Scrolled { window, total, .. } = scrolled;
        // elements that were there once stay: an element without a row shows nothing
        let slots = Derived::new(move |before: Option<&usize>| {
            let before = before.copied().unwrap_or_default();
            before.max(window.get().slots)
        });
        let draw = move |number: usize| {
            let shown = Derived::new(move |_| window.get().row_of(number, total.get()));
            let mut last = None;
            effect(move || {
                let before = std::mem::replace(&mut last, shown.get());
                if before != last {
                    before.inspect(|row| give_up_focus(*row));
                }
            });
            let place = Derived::new(move |_| {
                format!(
                    "translateY({}px)",
                    scrolled.place_of(shown.get().unwrap_or_default())
                )
            });
            row.run((shown, place))
        };
        (move || (0..slots.get()).map(draw).collect::<Vec<_>>()).into_any()
    })
}

/// A scroller, a table in it, and the few rows that are seen.
#[component]
pub(crate) fn VirtualTable(
    /// What it is called.
    label: &'static str,
    /// Its class, which sets the columns.
    #[prop(into)]
    class: Derived<String>,
    /// How outside checks find the scroller.
    #[prop(optional)]
    testid: &'static str,
    /// Number of rows.
    total: Derived<usize>,
    /// The table goes back to its top when this changes.
    #[prop(into)]
    top_of: Derived<String>,
    /// Scrolls until this row is seen, each time it is set.
    #[prop(optional)]
    reveal: Option<State<Option<usize>>>,
    /// Hears the keys, and how many rows a page has.
    #[prop(optional)]
    on_key: Option<Callback<(web_sys::KeyboardEvent, usize)>>,
    /// Hears presses in the rows.
    #[prop(optional)]
    on_click: Option<Callback<web_sys::MouseEvent>>,
    /// Hears that a row has the focus.
    #[prop(optional)]
    on_focus: Option<Callback<web_sys::FocusEvent>>,
    /// Cells of the head.
    #[prop(into)]
    head: ViewFn,
    /// Draws the rows.
    rows: Callback<Scrolled, AnyView>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let (top, height, row_height) = (State::new(0.0), State::new(600.0), State::new(44.0));
    measure(scroller, height, row_height);
    let window = Derived::new(move |before: Option<&Window>| {
        let there = before.map_or(0, |it| it.slots);
        Window::at(
            top.get(),
            height.get(),
            row_height.get(),
            total.get(),
            there,
        )
    });
    let scrolled = Scrolled {
        window,
        total,
        row_height,
        top,
        height,
    };
    let mut last = None::<String>;
    effect(move || {
        let now = top_of.get();
        if last.as_ref().is_some_and(|last| *last != now)
            // setting it makes the browser lay out at once, also where nothing is to be done
            && top.get_untracked() > 0.0
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(0);
            // rows are drawn before the browser tells that it has scrolled
            top.set(0.0);
        }
        last = Some(now);
    });
    effect(move || {
        let (Some(row), Some(scroller)) = (reveal.and_then(|it| it.get()), scroller.get()) else {
            return;
        };
        // a guess would do for drawing, but not for where a row is
        read_sizes(&scroller, height, row_height);
        let now = f64::from(scroller.scroll_top());
        let (height, size) = (height.get_untracked(), row_height.get_untracked());
        if let Some(to) = Window::reveal(row, now, height, HEAD, size) {
            scroller.set_scroll_top(to as i32);
            // rows are drawn before the browser tells that it has scrolled
            top.set(f64::from(scroller.scroll_top()));
        }
    });
    let body = NodeRef::<html::Tbody>::new();
    // where keys go through the rows by themselves, no Tab waits for their order
    keep_order(body, scrolled, on_key.is_none());
    let key = move |event: web_sys::KeyboardEvent| {
        if let Some(on_key) = on_key {
            let page = Window::page(height.get_untracked(), HEAD, row_height.get_untracked());
            on_key.run((event, page));
        }
    };
    view! {
        <div
            class="frame"
            data-testid=testid
            tabindex="0"
            role="region"
            aria-label=format!("Table of {}", label.to_ascii_lowercase())
            node_ref=scroller
            on:keydown=key
            on:scroll:target=move |event| top.set(f64::from(event.target().scroll_top()))
        >
            <table
                role="table"
                class=move || format!("long {}", class.get())
                aria-label=label
                aria-rowcount=move || (total.get() + 1).to_string()
            >
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">{head.run()}</tr>
                </thead>
                <tbody
                    role="rowgroup"
                    node_ref=body
                    style:height=move || format!("{}px", scrolled.place_of(total.get()))
                    on:click=move |event| if let Some(on_click) = on_click { on_click.run(event) }
                    on:focusin=move |event| if let Some(on_focus) = on_focus { on_focus.run(event) }
                >
                    {rows.run(scrolled)}
                </tbody>
            </table>
        </div>
    }
}

/// How long a table rests before its rows are put in order, where nobody waits for it.
const REST: Duration = Duration::from_millis(150);

/// Keeps the elements of rows in the order of the rows: that of Tab, and of who reads them. Elements are used again
/// for other rows as the table scrolls.
fn keep_order(body: NodeRef<html::Tbody>, scrolled: Scrolled, at_once: bool) {
    let waiting = Kept::new(None::<TimeoutHandle>);
    let sort = move || {
        if let Some(body) = body.try_get_untracked().flatten() {
            put_in_order(&body);
        }
    };
    let forget = move || {
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    };
    effect(move || {
        scrolled.window.track();
        scrolled.total.track();
        forget();
        // by then each element says which row it shows
        let wait = if at_once { Duration::ZERO } else { REST };
        waiting.set_value(set_timeout_with_handle(sort, wait).ok());
    });
    on_cleanup(forget);
}

/// Puts row elements in the order of their rows. One with the focus stays where it is: it would lose it.
fn put_in_order(body: &web_sys::Element) {
    let row_of = |node: &web_sys::Element| {
        let index = node.get_attribute("aria-rowindex")?;
        (!node.has_attribute("hidden")).then(|| index.parse::<usize>().ok())?
    };
    let children = body.children();
    let all = (0..children.length()).filter_map(|at| children.item(at));
    let rows: Vec<(usize, web_sys::Element)> =
        all.filter_map(|it| Some((row_of(&it)?, it))).collect();
    if rows.is_sorted_by_key(|(row, _)| *row) {
        return;
    }
    let mut sorted = rows.clone();
    sorted.sort_by_key(|(row, _)| *row);
    let focused = document().active_element();
    let has_focus = |it: &web_sys::Element| it.contains(focused.as_deref());
    let stays = sorted.iter().position(|(_, it)| has_focus(it));
    let (before, behind) = sorted.split_at(stays.unwrap_or(0));
    let stays = stays.map(|at| sorted[at].1.clone());
    for (_, element) in before {
        // a table that does not take its own row has been taken away
        drop(body.insert_before(element, stays.as_deref()));
    }
    let mut last = None::<web_sys::Element>;
    for (_, element) in behind {
        if let Some(last) = &last {
            drop(body.insert_before(element, last.next_sibling().as_ref()));
        }
        last = Some(element.clone());
    }
}

/// A row that is not shown any more must not leave its focus to another one: the table has it then.
fn give_up_focus(row: usize) {
    let of_row = format!("tr[aria-rowindex='{}']", row + 2);
    let focused = document().active_element();
    let is_in_row = |it: &web_sys::Element| it.closest(&of_row).is_ok_and(|it| it.is_some());
    if let Some(focused) = focused.filter(is_in_row)
        && let Ok(Some(frame)) = focused.closest(".frame")
    {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let frame: web_sys::HtmlElement = frame.unchecked_into();
        // an element that cannot take the focus leaves it where it is
        drop(frame.focus_with_options(&options));
    }
}

/// A length as whole pixels: writing fractions would take tables that nothing else here needs.
fn whole(pixels: f64) -> u64 {
    pixels as u64
}

/// Keeps height of the scroller and of a row up to date; the style sheet decides both. Until the browser has laid out
/// for the first time they are guessed: asking would have it lay out a table without rows.
fn measure(scroller: NodeRef<html::Div>, height: State<f64>, row_height: State<f64>) {
    let dense = expect_context::<Console>().prefs.dense;
    let inner = window().inner_height().ok().and_then(|it| it.as_f64());
    height.set(inner.unwrap_or(ELSEWHERE) - ELSEWHERE);
    effect(move || {
        // rows may be lower or higher without any other size changing
        dense.track();
        let Some(element) = scroller.get() else {
            return;
        };
        let read = move || {
            if let Some(element) = scroller.try_get_untracked().flatten() {
                read_sizes(&element, height, row_height);
            }
        };
        let callback = Closure::<dyn Fn()>::new(read);
        let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
            return;
        };
        // it tells the size that there is too, before that is painted
        observer.observe(&element);
        let kept = Kept::new(Some((observer, callback)));
        on_cleanup(move || {
            if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
    });
}

/// Reads height of the scroller and of a row.
fn read_sizes(scroller: &web_sys::Element, height: State<f64>, row_height: State<f64>) {
    update(height, f64::from(scroller.client_height()));
    let style = window().get_computed_style(scroller).ok().flatten();
    let row = style.and_then(|style| style.get_property_value("--row").ok());
    let pixels = row.and_then(|text| text.trim().trim_end_matches("px").parse::<u32>().ok());
    update(row_height, f64::from(pixels.unwrap_or(44)));
}

/// Sets what is not so already.
fn update(length: State<f64>, now: f64) {
    if length.get_untracked() != now {
        length.set(now);
    }
}
