//! One of the few row elements of the table. Its parts are made once; whichever row scrolls to it writes
//! what is different into them, which is what keeps scrolling and typing fluent.

use leptos::html;
use leptos::prelude::*;
use rolecall_core::directory::query::{Found, Query};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::Selecting;
use crate::app::Console;
use crate::forms::Wanted;
use crate::model::row_view::{Marked, RowView};
use crate::model::words;
use crate::ui::effect::effect;

/// A row and its place in the table.
type Shown = (usize, RowView);

/// The elements that change.
#[derive(Clone)]
struct Parts {
    row: HtmlElement,
    select: HtmlInputElement,
    face: Element,
    link: Element,
    title: Element,
    below: Element,
    role: Element,
    role_name: Element,
    standing: Element,
    status: Element,
    scoped: Element,
    since: Element,
    end: Element,
}

impl Parts {
    fn of(row: &HtmlElement) -> Option<Self> {
        let part = |selector: &str| row.query_selector(selector).ok().flatten();
        Some(Self {
            row: row.clone(),
            select: part("input")?.dyn_into().ok()?,
            face: part(".face")?,
            link: part("a")?,
            title: part("a b bdi")?,
            below: part("a .m bdi")?,
            role: part("button.role")?,
            role_name: part("button.role .name")?,
            standing: part(".st")?,
            status: part(".st span:last-child")?,
            scoped: part(".c-scoped")?,
            since: part(".c-since")?,
            end: part("[data-cell=more]")?,
        })
    }

    /// Shows no row. The elements stay for the next one: making them anew takes longer than all else.
    fn hide(&self) {
        attribute(&self.row, "hidden", "");
        for name in ["aria-rowindex", "data-testid"] {
            drop(self.row.remove_attribute(name));
        }
    }

    /// Writes a row where it differs from the one before.
    fn write(&self, before: Option<&Shown>, now: &Shown, href: &dyn Fn(&str) -> String) {
        let (place, user) = now;
        let was = before.map(|it| &it.1);
        let other = |of: fn(&RowView) -> &str| was.is_none_or(|was| of(was) != of(user));
        if before.is_none() {
            drop(self.row.remove_attribute("hidden"));
            attribute(&self.row, "data-testid", "user-row");
        }
        if before.is_none_or(|it| it.0 != *place) {
            attribute(&self.row, "aria-rowindex", &(place + 2).to_string());
        }
        if other(|it| &it.id) {
            attribute(&self.link, "href", &href(&user.id));
        }
        let name = words::isolated(&user.name);
        if other(|it| &it.name) {
            attribute(&self.select, "aria-label", &format!("Select {name}"));
            self.face.set_text_content(Some(&user.initials));
        }
        if was.is_none_or(|was| was.title != user.title) {
            marked(&self.title, &user.title);
        }
        if was.is_none_or(|was| was.below != user.below) {
            marked(&self.below, &user.below);
        }
        if other(|it| &it.name) || other(|it| &it.roles) {
            let label = format!("Role of {name}: {}, change", user.roles);
            attribute(&self.role, "aria-label", &label);
            self.role_name.set_text_content(Some(&user.roles));
        }
        if was.is_none_or(|was| was.tier != user.tier) {
            self.role
                .set_class_name(&format!("role {}", words::tier(user.tier)));
        }
        if other(|it| &it.status) || other(|it| it.standing) {
            self.standing
                .set_class_name(&format!("st {}", user.standing));
            self.status.set_text_content(Some(&user.status));
        }
        if other(|it| &it.scoped) {
            self.scoped.set_text_content(Some(&user.scoped));
        }
        if other(|it| &it.since_exactly) {
            self.since.set_text_content(Some(&user.since));
            attribute(&self.since, "title", &user.since_exactly);
        }
        let pending = was.is_none_or(|was| was.pending != user.pending);
        if pending || other(|it| &it.name) {
            let end = if user.pending { "Withdraw" } else { "Remove" };
            attribute(&self.end, "aria-label", &format!("{end} {name}"));
            if pending {
                let face = if user.pending { "face wait" } else { "face" };
                self.face.set_class_name(face);
                self.end.set_text_content(Some(&format!("{end}…")));
            }
        }
    }
}

fn attribute(element: &Element, name: &str, value: &str) {
    // the names are plain
    drop(element.set_attribute(name, value));
}

/// Puts a text with its marks into an element.
fn marked(element: &Element, text: &Marked) {
    if let [(part, false)] = text.as_slice() {
        return element.set_text_content(Some(part));
    }
    element.set_text_content(None);
    for (part, hit) in text {
        let put = match hit {
            false => element.append_with_str_1(part),
            true => match document().create_element("mark") {
                Ok(mark) => {
                    mark.set_text_content(Some(part));
                    element.append_with_node_1(&mark)
                }
                Err(error) => Err(error),
            },
        };
        // both only fail for a document, which this is not
        drop(put);
    }
}

/// The row element.
#[component]
pub(super) fn Row(
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
    /// Selects it.
    selecting: Selecting,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let (roster, cursor) = (console.roster, console.cursor);
    let element = NodeRef::<html::Tr>::new();
    // an element that comes to show another row must not keep the focus for it
    let mut last = None;
    effect(move || {
        let now = position.get();
        if last.is_some_and(|last| last != now)
            && let Some(row) = element.get_untracked()
            && row.contains(document().active_element().as_deref())
            && let Ok(Some(frame)) = row.closest(".frame")
        {
            // an element that cannot take the focus leaves it where it is
            drop(frame.unchecked_into::<HtmlElement>().focus());
        }
        last = Some(now);
    });
    let shown = Memo::new(move |_| {
        let row = position.get()?;
        let found = found.read();
        // the list may be a step behind the directory for a moment, or the table behind the list
        let index = *found.rows.get(row)? as usize;
        let marks: Vec<String> = query.read().marks().map(str::to_owned).collect();
        let directory = roster.directory.read();
        (index < directory.len()).then(|| (row, RowView::of(&directory, index, &marks)))
    });
    let parts = StoredValue::new_local(None::<Parts>);
    let with_parts = move |work: &mut dyn FnMut(&Parts)| {
        parts.with_value(|parts| {
            if let Some(parts) = parts {
                work(parts);
            }
        });
    };
    let mut before = None::<Shown>;
    effect(move || {
        let Some(row) = element.get() else { return };
        let row: HtmlElement = row.unchecked_into();
        if parts.with_value(|it| it.as_ref().is_none_or(|it| it.row != row)) {
            parts.set_value(Parts::of(&row));
            before = None;
        }
        let now = shown.get();
        let Some(now) = now else {
            before = None;
            return with_parts(&mut |parts| parts.hide());
        };
        let href = |id: &str| {
            console
                .location
                .with_untracked(|it| it.with_user(id).to_url())
        };
        with_parts(&mut |parts| parts.write(before.as_ref(), &now, &href));
        before = Some(now);
    });
    effect(move || {
        element.track();
        let place = place.get();
        with_parts(&mut |parts| drop(parts.row.style().set_property("transform", &place)));
    });
    let is_in = move |of: RwSignal<Option<String>>| {
        let id = |it: &Option<Shown>| it.as_ref().map(|it| it.1.id.clone());
        let id = shown.with(id);
        id.is_some() && of.with(|it| *it == id)
    };
    effect(move || {
        element.track();
        let (changed, saving) = (is_in(roster.changed), is_in(roster.saving));
        let class = match (changed, saving) {
            (false, false) => "",
            (true, false) => "changed",
            (false, true) => "saving",
            (true, true) => "changed saving",
        };
        with_parts(&mut |parts| parts.row.set_class_name(class));
    });
    effect(move || {
        element.track();
        let selected = shown.with(|it| {
            it.as_ref()
                .is_some_and(|it| roster.selected.with(|all| all.contains(&it.1.id)))
        });
        with_parts(&mut |parts| parts.select.set_checked(selected));
    });
    let tab = Memo::new(move |_| {
        let last = found.with(|it| it.rows.len().saturating_sub(1));
        position.get() == Some(cursor.row.get().min(last))
    });
    effect(move || {
        element.track();
        let tab = if tab.get() { "0" } else { "-1" };
        with_parts(&mut |parts| {
            for cell in [&*parts.select, &parts.link, &parts.role, &parts.end] {
                attribute(cell, "tabindex", tab);
            }
        });
    });
    let id = move || shown.with_untracked(|it| it.as_ref().map(|it| it.1.id.clone()));
    let row_now = move || shown.with_untracked(|it| it.as_ref().map(|it| it.0));
    let open = move |event: leptos::ev::MouseEvent| {
        // with a modifier, the browser opens another tab or window
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            console.show_user(id());
        }
    };
    let want = move |to: fn(String) -> Wanted| {
        if let Some(id) = id() {
            wanted.set(Some(to(id)));
        }
    };
    let select = move |event: leptos::ev::MouseEvent| {
        if let Some(row) = row_now() {
            let on = event_target_checked(&event);
            selecting.set(row, on, event.shift_key());
        }
    };
    let follow = move |event: leptos::ev::FocusEvent| {
        if let Some(row) = row_now() {
            cursor.follow(row, event.target());
        }
    };
    view! {
        <tr role="row" hidden node_ref=element on:focusin=follow>
            <td role="cell" class="c-select">
                <input type="checkbox" data-cell="select" on:click=select/>
            </td>
            <td role="cell" class="c-user">
                <span class="face" aria-hidden="true"></span>
                <a class="who" data-cell="user" data-later="facts" on:click=open>
                    <b><bdi></bdi></b>
                    <span class="m"><bdi></bdi></span>
                </a>
            </td>
            <td role="cell" class="c-role">
                <button
                    type="button"
                    class="role"
                    data-cell="role"
                    data-later="changes"
                    aria-haspopup="dialog"
                    on:click=move |_| want(Wanted::ReRole)
                >
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
                <button
                    type="button"
                    class="btn ghost small"
                    data-cell="more"
                    data-later="changes"
                    aria-haspopup="dialog"
                    on:click=move |_| want(Wanted::End)
                ></button>
            </td>
        </tr>
    }
}
