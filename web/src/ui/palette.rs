//! One field for everything: organizations, people, and what can be done.

use crate::reactive::{Derived, Kept, State};
use crate::ui::effect::effect;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::json::FromJson;
use rolecall_core::plan::Change;
use wasm_bindgen::JsCast;

use crate::console::Console;
use crate::model::palette::{self, Action, Item, Mode};
use crate::model::words;
use crate::paths::{Page, people_named};
use crate::roster::Place;
use crate::transport;
use crate::ui::dialog::Dialog;
use crate::ui::keys::on_users_page;
use crate::ui::spoken::Spoken;
use crate::wanted::Wanted;

/// Most lines that are drawn.
const SHOWN: usize = 50;

/// Most people of the open organization among other things.
const PEOPLE: usize = 5;

/// What the gateway found among the users seen last.
#[derive(FromJson)]
struct Found {
    people: Vec<Person>,
    known: Vec<Known>,
}

#[derive(FromJson)]
struct Person {
    connection: String,
    organization: String,
    id: String,
    email: String,
    name: String,
}

#[derive(FromJson)]
struct Known {
    connection: String,
    organization: String,
}

/// A search in all organizations.
#[derive(Clone, Copy)]
struct Everywhere {
    console: Console,
    typed: State<String>,
    people: State<Vec<Item>>,
    /// What was asked for when they were found.
    asked: Kept<String>,
    /// Organizations whose users are known, as [`palette::name_of`] names them.
    known: State<Vec<String>>,
    /// Of the reading of the others: how many are read, of how many, and how many could not be.
    progress: State<Option<(usize, usize, usize)>>,
}

impl Everywhere {
    fn new(console: Console, typed: State<String>) -> Self {
        Self {
            console,
            typed,
            people: State::new(Vec::new()),
            asked: Kept::new(String::new()),
            known: State::new(Vec::new()),
            progress: State::new(None),
        }
    }

    /// Asks the gateway; an answer that is late finds other words in the field and is let go.
    async fn ask(self) {
        let Some(asked) = self.typed.try_get_untracked() else {
            return;
        };
        let Ok(found) = transport::get::<Found>(&people_named(&asked)).await else {
            return;
        };
        if self.typed.try_get_untracked().as_ref() != Some(&asked) {
            return;
        }
        let places = self.console.places.get_untracked();
        let place = |connection: &str, organization: &str| {
            let is = |it: &&Place| {
                it.connection.id == connection && it.organization.id.as_str() == organization
            };
            places.iter().find(is).cloned()
        };
        // what is shown stays where it is, so that nothing moves under a pointer; more comes below
        let same = self.asked.try_get_value().is_some_and(|it| it == asked);
        let mut people: Vec<Item> = if same {
            self.people.get_untracked()
        } else {
            Vec::new()
        };
        self.asked.set_value(asked);
        for person in found.people {
            // several connections may lead to the same organization
            let again = |it: &Item| {
                matches!(it, Item::Elsewhere { place, id, .. }
                    if *id == person.id && place.organization.id.as_str() == person.organization)
            };
            if people.iter().any(again) {
                continue;
            }
            if let Some(place) = place(&person.connection, &person.organization) {
                people.push(Item::Elsewhere {
                    place,
                    id: person.id,
                    title: if person.name.is_empty() {
                        person.email.clone()
                    } else {
                        person.name
                    },
                    email: person.email,
                });
            }
        }
        let known = found.known.into_iter();
        let known = known
            .filter_map(|it| Some(palette::name_of(&place(&it.connection, &it.organization)?)));
        self.known.set(known.collect());
        self.people.set(people);
    }

    /// Places whose users nobody has read yet.
    fn unknown(self) -> Vec<Place> {
        let known = self.known.get_untracked();
        let mut places = self.console.places.get_untracked();
        places.retain(|it| !known.contains(&palette::name_of(it)));
        places
    }

    /// Reads the users of the other organizations, which the gateway keeps; it ends with the dialog.
    async fn read_others(self) {
        let places = self.unknown();
        let (all, mut failed) = (places.len(), 0);
        for (read, place) in places.into_iter().enumerate() {
            if self.progress.try_set(Some((read, all, failed))).is_some() {
                return;
            }
            let (organization, service) = (&place.organization.id, place.connection.service);
            let mut next = Some(service.list_users(organization, 0));
            while let Some(call) = next {
                next = match transport::call(&place.connection.id, &call).await {
                    Ok(page @ Change::Users { .. }) => service.next_page(organization, &page),
                    _ => {
                        failed += 1;
                        None
                    }
                };
            }
            self.ask().await;
        }
        let _shown = self.progress.try_set(Some((all - failed, all, failed)));
        self.ask().await;
    }
}

/// The dialog.
#[component]
pub(crate) fn Palette(
    /// What it opens for.
    mode: Mode,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let (close, mode) = (State::new(false), State::new(mode));
    let typed = State::new(String::new());
    let input = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Ul>::new();
    let everywhere = Everywhere::new(console, typed);
    let items = Derived::new(move |_| lines(console, mode.get(), &typed.read(), everywhere.people));
    effect(move || {
        typed.track();
        if mode.get() == Mode::Everywhere {
            spawn_local(everywhere.ask());
        }
    });
    let turn = move |to: Mode| {
        typed.set(String::new());
        mode.set(to);
        if let Some(input) = input.get_untracked() {
            // an element that cannot take the focus leaves it where it is
            drop(input.focus());
        }
    };
    let choose = move |item: Item| match item {
        Item::Action(Action::ChangeRole, _) => turn(Mode::ChangeRole),
        Item::Action(Action::Everywhere, _) => turn(Mode::Everywhere),
        item => {
            close.set(true);
            take(console, mode.get_untracked(), item);
        }
    };
    let first = move || items.with_untracked(|all| all.first().cloned());
    // somebody may have typed before the palette came; from when it has the focus on, all keys are its own
    let catch_up = move |_| {
        let ahead = console.typed_ahead.try_update_value(std::mem::take);
        for letter in ahead.unwrap_or_default().chars() {
            match (letter, first()) {
                ('\n', Some(item)) => {
                    let turns = matches!(
                        item,
                        Item::Action(Action::ChangeRole | Action::Everywhere, _)
                    );
                    choose(item);
                    // what comes after is for nobody
                    if !turns {
                        break;
                    }
                }
                ('\n', None) => {}
                _ => typed.update(|text| text.push(letter)),
            }
        }
    };
    let row = move |item: Item| {
        let (name, note, tag, current) = describe(console, &item);
        let note = note.map(|text| view! { <span class="m"><bdi>{text}</bdi></span> });
        let tag = tag.map(|text| view! { <span class="svc">{text}</span> });
        view! {
            <li>
                <button type="button" aria-current=current.then_some("true") on:click=move |_| choose(item.clone())>
                    <span class="name"><bdi>{name}</bdi></span>
                    {note}
                    {tag}
                </button>
            </li>
        }
    };
    let title = Derived::new(move |_| mode.get().title().to_owned());
    let found = Derived::new(move |_| {
        let found = items.with(Vec::len);
        let nothing_asked = mode.get() == Mode::Everywhere && typed.with(String::is_empty);
        match nothing_asked {
            true => String::new(),
            false => words::results(found, found.min(SHOWN)),
        }
    });
    view! {
        <Dialog title id="palette" class="top" on_close=Callback::new(move |()| console.palette.set(None)) close>
            <form
                class="pick"
                on:submit=move |event| {
                    event.prevent_default();
                    if let Some(item) = first() {
                        choose(item);
                    }
                }
            >
                <input
                    type="search"
                    aria-label=move || mode.get().field()
                    placeholder="Type to search"
                    autocomplete="off"
                    autofocus
                    node_ref=input
                    prop:value=move || typed.get()
                    on:focus=catch_up
                    on:input:target=move |event| typed.set(event.target().value())
                    on:keydown=move |event| {
                        if event.key() == "ArrowDown" {
                            event.prevent_default();
                            focus_beside(list, None, 1);
                        }
                    }
                />
            </form>
            <ul
                class="places"
                aria-label=move || mode.get().list()
                node_ref=list
                on:keydown=move |event| {
                    let step = match event.key().as_str() {
                        "ArrowDown" => 1,
                        "ArrowUp" => -1,
                        _ => return,
                    };
                    event.prevent_default();
                    focus_beside(list, document().active_element(), step);
                }
            >
                {move || items.get().into_iter().take(SHOWN).map(row).collect_view()}
            </ul>
            <Spoken text=found/>
            <p class="m">{move || found.get()}</p>
            {move || match mode.get() {
                Mode::Everywhere => view! { <Looked everywhere/> }.into_any(),
                Mode::ChangeRole => ().into_any(),
                Mode::Organizations | Mode::All => view! { <Unread/> }.into_any(),
            }}
        </Dialog>
    }
}

/// What is offered for what is typed.
fn lines(console: Console, mode: Mode, typed: &str, everywhere: State<Vec<Item>>) -> Vec<Item> {
    let organizations = || {
        let recent = console.prefs.recent.get_untracked();
        let mut all = console
            .places
            .with(|places| palette::organizations(places, &recent, typed));
        // Enter goes to the one before, and back
        let is_open = |it: &Item| matches!(it, Item::Place(place) if console.roster.is_open(place));
        if typed.trim().is_empty() && all.len() > 1 && is_open(&all[0]) {
            all.swap(0, 1);
        }
        all
    };
    let people = |most| {
        console
            .roster
            .directory
            .with(|it| palette::people(it, typed, most))
    };
    match mode {
        Mode::Organizations => organizations(),
        Mode::ChangeRole => people(SHOWN),
        Mode::Everywhere => everywhere.get(),
        Mode::All => {
            let actions = palette::actions(typed);
            let mut places = organizations();
            if typed.trim().is_empty() {
                places.truncate(PEOPLE);
                places.extend(actions);
                return places;
            }
            let mut all = if palette::begins_an_action(typed) {
                actions.into_iter().chain(places).collect::<Vec<_>>()
            } else {
                places.into_iter().chain(actions).collect()
            };
            all.extend(people(PEOPLE));
            all
        }
    }
}

/// A line: name, what stands beside it, its service, whether it is where one is.
fn describe(console: Console, item: &Item) -> (String, Option<String>, Option<&'static str>, bool) {
    match item {
        Item::Place(place) => {
            let name = place.name().to_owned();
            let by = place.connection.name.clone();
            let current = console.roster.is_open(place);
            let by = Some(by).filter(|by| *by != name);
            (name, by, Some(place.connection.service.name()), current)
        }
        Item::Person { title, email, .. } => {
            let email = Some(email.clone()).filter(|it| it != title);
            (title.clone(), email, None, false)
        }
        Item::Elsewhere {
            place,
            title,
            email,
            ..
        } => {
            let name = place.name();
            let note = if title == email {
                name.to_owned()
            } else {
                format!("{email} · {name}")
            };
            let service = place.connection.service.name();
            (title.clone(), Some(note), Some(service), false)
        }
        Item::Action(_, label) => ((*label).to_owned(), None, None, false),
    }
}

/// Does what a line stands for.
fn take(console: Console, mode: Mode, item: Item) {
    let wanted = |wanted: Wanted| {
        on_users_page(console);
        console.wanted.set(Some(wanted));
    };
    match item {
        Item::Place(place) => console.open(place),
        Item::Elsewhere { place, id, .. } => console.open_at(place, Some(id)),
        Item::Person { id, .. } if mode == Mode::ChangeRole => wanted(Wanted::ReRole(id)),
        Item::Person { id, .. } => console.show_user(Some(id)),
        Item::Action(action, _) => match action {
            Action::Invite => match untrack(|| console.roster.may_change()) {
                Ok(()) => wanted(Wanted::Invite),
                Err(why) => console.toaster.say(why),
            },
            Action::Export => wanted(Wanted::Export),
            Action::Refresh => console.roster.refresh(),
            Action::Go(Page::Users) => on_users_page(console),
            Action::Go(page) => console.go(|it| *it = it.on(page)),
            Action::Theme(theme) => console.prefs.theme.set(theme),
            Action::Density => console.prefs.dense.update(|it| *it = !*it),
            Action::Shortcuts => console.shortcuts.set(true),
            // these two turn the palette itself
            Action::ChangeRole | Action::Everywhere => {}
        },
    }
}

/// Where a search everywhere has looked, and a way to look everywhere else.
#[component]
fn Looked(
    /// The search.
    everywhere: Everywhere,
) -> impl IntoView {
    let console = everywhere.console;
    let counts = move || {
        (
            everywhere.known.with(Vec::len),
            console.places.with(Vec::len),
        )
    };
    let reading = move || {
        everywhere
            .progress
            .get()
            .is_some_and(|(read, all, failed)| read + failed < all)
    };
    let more = move || {
        let (known, places) = counts();
        known < places && everywhere.progress.with(Option::is_none)
    };
    view! {
        <p class="m">{move || {
            let (known, places) = counts();
            words::looked_in(known, places)
        }}</p>
        <Show when=more>
            <button type="button" class="btn small" on:click=move |_| spawn_local(everywhere.read_others())>
                "Read the others too"
            </button>
        </Show>
        <p class="m" role="status" aria-busy=move || reading().to_string()>
            {move || everywhere.progress.get().map(|(read, all, failed)| words::reading_others(read, all, failed))}
        </p>
    }
}

/// Connections whose organizations could not be read.
#[component]
fn Unread() -> impl IntoView {
    let console = expect_context::<Console>();
    move || {
        let all = console.unread.get().into_iter();
        all.map(|(connection, failure)| {
            let text = format!("{}: {}", connection.name, words::failure(&failure));
            view! { <p class="problem">{text}</p> }
        })
        .collect_view()
    }
}

/// Moves the focus among the buttons of a list.
fn focus_beside(list: NodeRef<html::Ul>, from: Option<web_sys::Element>, step: i32) {
    let Some(Ok(buttons)) = list
        .get_untracked()
        .map(|list| list.query_selector_all("button"))
    else {
        return;
    };
    let all = (0..buttons.length()).filter_map(|n| buttons.get(n));
    let all: Vec<web_sys::HtmlElement> = all.filter_map(|node| node.dyn_into().ok()).collect();
    let now = from.and_then(|from| {
        all.iter()
            .position(|it| AsRef::<web_sys::Element>::as_ref(it) == &from)
    });
    let next = match now {
        None => 0,
        Some(now) => now
            .saturating_add_signed(step as isize)
            .min(all.len().saturating_sub(1)),
    };
    if let Some(button) = all.get(next) {
        // an element that cannot take the focus leaves it where it is
        drop(button.focus());
    }
}
