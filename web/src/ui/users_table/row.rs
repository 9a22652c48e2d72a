//! One of the few row elements of the table. Its parts are made once; whichever row it comes to show
//! writes what is different into them, which is what keeps scrolling and typing fluent.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, Node};

use crate::model::row_view::{Marked, RowView};
use crate::model::words;

/// Octets of a role's name that fit the narrowest column.
const FITS: usize = 7;

/// What a row element shows.
pub(super) struct Shown {
    /// Which row of the table.
    pub(super) place: usize,
    /// Where that stands, in pixels from the first.
    pub(super) top: u64,
    /// Index of the user, and which state of it.
    pub(super) of: (u32, u32),
    /// The user.
    pub(super) user: Rc<RowView>,
    /// Whether the user is selected.
    pub(super) selected: bool,
    /// Class of a row that changed or is about to.
    pub(super) class: &'static str,
    /// Whether Tab stops here.
    pub(super) tab: bool,
}

/// A row element with the parts that change.
pub(super) struct RowElement {
    row: HtmlElement,
    select: HtmlInputElement,
    face: Element,
    initials: Node,
    link: Element,
    title: Line,
    below: Line,
    role: Element,
    role_name: Node,
    standing: Element,
    status: Node,
    scoped: Node,
    since: Element,
    date: Node,
    end: Element,
    end_word: Node,
    /// What it shows; it is hidden if that is nothing.
    shown: Option<Shown>,
}

impl RowElement {
    /// Of an element that shows no row yet.
    pub(super) fn of(row: HtmlElement) -> Option<Self> {
        let part = |selector: &str| row.query_selector(selector).ok().flatten();
        let face = part(".face")?;
        let since = part(".c-since")?;
        let end = part("[data-cell=more]")?;
        Some(Self {
            select: part("input")?.dyn_into().ok()?,
            initials: text_of(&face)?,
            face,
            link: part("a")?,
            title: Line::of(part("a b bdi")?)?,
            below: Line::of(part("a .m bdi")?)?,
            role: part("button.role")?,
            role_name: text_of(&part("button.role .name")?)?,
            standing: part(".st")?,
            status: text_of(&part(".st span:last-child")?)?,
            scoped: text_of(&part(".c-scoped")?)?,
            date: text_of(&since)?,
            since,
            end_word: text_of(&end)?,
            end,
            shown: None,
            row,
        })
    }

    /// What it shows.
    pub(super) fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// Whether a part of it has the focus.
    pub(super) fn contains(&self, element: &Element) -> bool {
        self.row.contains(Some(element))
    }

    /// Shows no row. The elements stay for the next one: making them anew takes longer than all else.
    pub(super) fn hide(&mut self) {
        if self.shown.take().is_some() {
            attribute(&self.row, "hidden", "");
            for name in ["aria-rowindex", "data-testid"] {
                drop(self.row.remove_attribute(name));
            }
        }
    }

    /// Writes a row where it differs from the one before.
    pub(super) fn write(&mut self, now: Shown, href: &dyn Fn(&str) -> String) {
        let before = self.shown.take();
        let before = before.as_ref();
        if before.is_none() {
            drop(self.row.remove_attribute("hidden"));
            attribute(&self.row, "data-testid", "user-row");
        }
        if before.is_none_or(|it| it.place != now.place) {
            attribute(&self.row, "aria-rowindex", &(now.place + 2).to_string());
        }
        if before.is_none_or(|it| it.top != now.top) {
            let place = format!("translateY({}px)", now.top);
            drop(self.row.style().set_property("transform", &place));
        }
        if before.is_none_or(|it| it.class != now.class) {
            self.row.set_class_name(now.class);
        }
        if before.is_none_or(|it| it.tab != now.tab) {
            let tab = if now.tab { "0" } else { "-1" };
            for cell in [&*self.select, &self.link, &self.role, &self.end] {
                attribute(cell, "tabindex", tab);
            }
        }
        let was = before.map(|it| &it.user);
        if was.is_none_or(|was| !Rc::ptr_eq(was, &now.user)) {
            self.write_user(was.map(|it| &**it), &now.user, href);
        }
        if before.is_none_or(|it| it.selected != now.selected) {
            self.select.set_checked(now.selected);
        }
        self.shown = Some(now);
    }

    fn write_user(&mut self, was: Option<&RowView>, user: &RowView, href: &dyn Fn(&str) -> String) {
        let other = |of: fn(&RowView) -> &str| was.is_none_or(|was| of(was) != of(user));
        if other(|it| &it.id) {
            attribute(&self.link, "href", &href(&user.id));
        }
        let name = words::isolated(&user.name);
        if other(|it| &it.name) {
            attribute(&self.select, "aria-label", &format!("Select {name}"));
            self.initials.set_node_value(Some(&user.initials));
        }
        if was.is_none_or(|was| was.title != user.title) {
            self.title.write(&user.title);
        }
        if was.is_none_or(|was| was.below != user.below) {
            self.below.write(&user.below);
        }
        if other(|it| &it.name) || other(|it| &it.roles) {
            let label = format!("Role of {name}: {}, change", user.roles);
            attribute(&self.role, "aria-label", &label);
        }
        if other(|it| &it.roles) {
            self.role_name.set_node_value(Some(&user.roles));
        }
        let tier = was.is_none_or(|was| was.tier != user.tier);
        if tier || other(|it| &it.roles) {
            // only what may not fit its column is cut off there: each cut is work while scrolling
            let long = if user.roles.len() > FITS { " long" } else { "" };
            let class = format!("role {}{long}", words::tier(user.tier));
            self.role.set_class_name(&class);
        }
        if other(|it| it.standing) {
            self.standing
                .set_class_name(&format!("st {}", user.standing));
        }
        if other(|it| &it.status) {
            self.status.set_node_value(Some(&user.status));
        }
        if other(|it| &it.scoped) {
            self.scoped.set_node_value(Some(&user.scoped));
        }
        if other(|it| &it.since) {
            self.date.set_node_value(Some(&user.since));
        }
        if other(|it| &it.since_exactly) {
            attribute(&self.since, "title", &user.since_exactly);
        }
        if was.is_none_or(|was| was.ends != user.ends) {
            // who is asked why finds it in the panel
            drop(self.end.toggle_attribute_with_force("hidden", !user.ends));
        }
        let pending = was.is_none_or(|was| was.pending != user.pending);
        if pending || other(|it| &it.name) {
            let end = if user.pending { "Withdraw" } else { "Remove" };
            attribute(&self.end, "aria-label", &format!("{end} {name}"));
            if pending {
                let face = if user.pending { "face wait" } else { "face" };
                self.face.set_class_name(face);
                self.end_word.set_node_value(Some(&format!("{end}…")));
            }
        }
    }
}

/// A text in a row, with the parts that match the search marked.
struct Line {
    element: Element,
    /// The texts of its parts, and which of them are marked.
    parts: Vec<(Node, bool)>,
}

impl Line {
    fn of(element: Element) -> Option<Self> {
        let text = text_of(&element)?;
        Some(Self {
            element,
            parts: vec![(text, false)],
        })
    }

    /// Parts that are marked as before only get other texts: making elements anew takes much longer.
    fn write(&mut self, text: &Marked) {
        let same = self.parts.len() == text.len()
            && self.parts.iter().zip(text).all(|(was, now)| was.1 == now.1);
        if !same {
            self.make(text);
        }
        for ((node, _), (part, _)) in self.parts.iter().zip(text) {
            node.set_node_value(Some(part));
        }
    }

    /// Makes the elements for so many parts, marked or not.
    fn make(&mut self, text: &Marked) {
        self.element.set_text_content(None);
        self.parts.clear();
        for (_, hit) in text {
            let node: Node = document().create_text_node("").into();
            let put = match hit {
                false => self.element.append_child(&node),
                true => document().create_element("mark").and_then(|mark| {
                    mark.append_child(&node)?;
                    self.element.append_child(&mark)
                }),
            };
            // it only fails for a document, which this is not
            drop(put);
            self.parts.push((node, *hit));
        }
    }
}

/// The one text in an element.
fn text_of(element: &Element) -> Option<Node> {
    if element.first_child().is_none() {
        element.set_text_content(Some(" "));
    }
    element.first_child()
}

fn attribute(element: &Element, name: &str, value: &str) {
    // the names are plain
    drop(element.set_attribute(name, value));
}
