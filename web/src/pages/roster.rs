//! The roster: who should be in the organization, against who is. People who are not on the list are
//! shown and never touched, unless somebody ticks them and says so by typing.

use crate::reactive::{Derived, State};
use crate::ui::effect::effect;
use leptos::prelude::*;
use rolecall_core::index::TextSet;
use rolecall_core::plan::Plan;

use crate::console::Console;
use crate::desks::roster::RosterDesk;
use crate::forms::send_all::SendAll;
use crate::freshness::when_fresh;
use crate::model::roster_view::{Group, apply_verb, removable};
use crate::model::words;
use crate::roster::Reading;
use crate::ui::list_field::{DefaultRole, ListField};
use crate::ui::spoken::Spoken;
use crate::ui::virtual_table::{VirtualTable, each};

/// What is sent, what the button says, and what must be typed.
type Sending = (Plan, Option<String>, Option<String>);

/// The page.
#[component]
pub(crate) fn RosterPage() -> impl IntoView {
    let console = expect_context::<Console>();
    let desk = console.keep(console.compare, |it| RosterDesk::new(it.roster));
    let roster = console.roster;
    effect(move || desk.follow());
    let name = move || {
        let name = roster
            .place
            .with(|it| it.as_ref().map(|it| it.name().to_owned()));
        name.unwrap_or_default()
    };
    let may = Derived::new(move |_| roster.may_change());
    let sending = State::new(None::<Sending>);
    view! {
        <div class="head">
            <h1 tabindex="-1">{move || match name() {
                name if name.is_empty() => "Roster".to_owned(),
                name => format!("Roster of {}", words::isolated(&name)),
            }}</h1>
        </div>
        {move || may.get().err().map(|why| {
            let unread = roster.reading.with(|it| matches!(it, Reading::Failed(_)));
            let again = unread.then(|| view! {
                <button class="btn small" on:click=move |_| roster.refresh()>"Try again"</button>
            });
            view! { <div class="problem"><p class="flat" id="roster-why">{why}</p>{again}</div> }
        })}
        <div class="two">
            <section aria-labelledby="list-heading">
                <ListField
                    text=desk.text
                    take=Callback::new(move |text| desk.take(text))
                    label="Everybody who should be here"
                    hint="“address role” a line, CSV, any export of another organization, or what the vendors’ CLIs print. The list stays when you switch to another organization, and is compared with that one."
                >
                    <DefaultRole defaults=desk.defaults/>
                </ListField>
                <p class="m">"A line without a role says nothing about the role of somebody who is here."</p>
            </section>
            <section aria-labelledby="difference-heading" class="review">
                <h2 id="difference-heading">"The difference"</h2>
                <Groups desk/>
                <p class="m" role="status">{move || desk.progress.get().map(words::working)}</p>
                <Rows desk/>
            </section>
        </div>
        <Foot desk may sending/>
        {move || {
            sending.get().map(|(plan, verb, must_type)| {
                view! { <SendAll plan verb must_type done=Callback::new(move |()| sending.set(None))/> }
            })
        }}
    }
}

/// How many of each group; each is a button that shows only those.
#[component]
fn Groups(
    /// The page's state.
    desk: RosterDesk,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let counts = Derived::new(move |_| {
        desk.difference
            .with(|it| Group::ALL.map(|group| group.count(it)))
    });
    let button = move |(group, at): (Group, usize)| {
        let pressed = move || desk.only.get() == Some(group);
        let toggle = move |_| desk.only.set((!pressed()).then_some(group));
        view! {
            <Show when=move || (counts.with(|all| all[at]) > 0) || pressed()>
                <button type="button" class=group.class() aria-pressed=move || pressed().to_string() on:click=toggle>
                    <span class="dot"></span>
                    <b class="num">{move || words::number(counts.with(|all| all[at]))}</b>
                    {group.name()}
                </button>
            </Show>
        }
    };
    let elsewhere = move || {
        let service = roster
            .place
            .with(|it| it.as_ref().map(|it| it.connection.service))?;
        let place = service.removes().err()?;
        let some = Group::Unlisted.count(&desk.difference.read()) > 0;
        some.then(|| {
            format!(
                "{} cannot remove members from here; it is done in {place}.",
                service.name()
            )
        })
    };
    let all = move |_| {
        let ids = roster.place.with_untracked(|place| {
            let place = place.as_ref()?;
            let ids = roster.directory.with_untracked(|directory| {
                removable(
                    &desk.difference.read_untracked(),
                    directory,
                    place.connection.service,
                    &place.organization.id,
                )
            });
            Some(ids)
        });
        desk.chosen.update(|chosen| {
            for id in ids.unwrap_or_default() {
                chosen.put(id, true);
            }
        });
    };
    let summary = Derived::new(move |_| {
        let parts = Group::ALL.into_iter().zip(counts.get());
        let parts = parts.filter(|(_, count)| *count > 0);
        let parts =
            parts.map(|(group, count)| format!("{} {}", words::number(count), group.name()));
        parts.collect::<Vec<_>>().join(", ")
    });
    view! {
        <Spoken text=summary/>
        <div class="legend" role="group" aria-label="Show only">
            {Group::ALL.into_iter().zip(0..).map(button).collect_view()}
        </div>
        {move || elsewhere().map(|text| view! { <p class="m">{text}</p> })}
        <Show when=move || desk.only.get() == Some(Group::Unlisted)>
            <div class="tools">
                <button type="button" class="btn small" on:click=all>"Tick all who can be taken out"</button>
                <button
                    type="button"
                    class="btn small"
                    disabled=move || desk.chosen.with(TextSet::is_empty)
                    on:click=move |_| desk.chosen.set(TextSet::default())
                >"Tick nobody"</button>
            </div>
        </Show>
    }
}

/// The difference: a row a person.
#[component]
fn Rows(
    /// The page's state.
    desk: RosterDesk,
) -> impl IntoView {
    let total = Derived::new(move |_| desk.shown.with(Vec::len));
    let head = || {
        view! {
            <th role="columnheader" scope="col"><span class="visually-hidden">"Take out"</span></th>
            <th role="columnheader" scope="col">"Line"</th>
            <th role="columnheader" scope="col">"Person"</th>
            <th role="columnheader" scope="col" class="c-role">"Now"</th>
            <th role="columnheader" scope="col" class="c-result">"What happens"</th>
        }
    };
    let row = move |(position, place)| view! { <Row desk position place/> }.into_any();
    view! {
        <Show
            when=move || total.get() != 0
            fallback=move || desk.progress.read().is_none().then(|| view! { <p class="empty muted">"Put the list of everybody in; what it would change shows up here. Nothing is sent before you say so, and nobody is taken out for not being on it."</p> })
        >
            <VirtualTable
                label="Difference"
                class=Derived::always("lines".to_owned())
                total
                top_of=Derived::new(move |_| desk.only.get().map(Group::name).unwrap_or_default().to_owned())
                head
                rows=each(Callback::new(row))
            />
        </Show>
    }
}

/// One row element.
#[component]
fn Row(
    /// The page's state.
    desk: RosterDesk,
    /// Which row it shows now.
    position: Derived<Option<usize>>,
    /// Where it stands.
    place: Derived<String>,
) -> impl IntoView {
    let shown = Derived::new(move |_| {
        let at = position.get()?;
        Some((at, desk.row(at)?))
    });
    move || {
        let (at, row) = shown.get()?;
        let out = row.out.clone();
        let chosen = {
            let id = row.out.as_ref().map(|it| it.0.clone());
            Derived::new(move |_| {
                id.as_ref()
                    .is_some_and(|id| desk.chosen.with(|chosen| chosen.contains(id)))
            })
        };
        let said = row.text.clone();
        let taken_out = row.out.as_ref().map(|it| it.1);
        let text = move || match taken_out.filter(|_| chosen.get()) {
            Some(text) => text.to_owned(),
            None => said.clone(),
        };
        let class = move || if chosen.get() { "state bad" } else { "state" };
        let (hover, label) = (row.who.clone(), format!("Take out {}", row.who));
        let now = row.now.clone();
        let tick = out.map(|(id, _)| {
            let decide = move |ticked: bool| {
                let id = id.clone();
                desk.chosen.update(|chosen| chosen.put(id, ticked));
            };
            view! {
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=move || chosen.get()
                    on:change:target=move |event| decide(event.target().checked())
                />
            }
        });
        Some(view! {
            <tr role="row" data-testid="roster-row" aria-rowindex=at + 2 style:transform=move || place.get()>
                <td role="cell">{tick}</td>
                <td role="cell" class="num muted">{row.line}</td>
                <td role="cell" title=hover><bdi>{row.who}</bdi></td>
                <td role="cell" class="c-role muted" title=now>{row.now}</td>
                <td role="cell" class="c-result">
                    <span class=class><span class=format!("dot {}", row.group.class())></span>{text}</span>
                </td>
            </tr>
        })
    }
}

/// The buttons: what is added and changed, and apart from it who is taken out.
#[component]
fn Foot(
    /// The page's state.
    desk: RosterDesk,
    /// Whether whoever looks may change users.
    may: Derived<Result<(), String>>,
    /// What is to be sent.
    sending: State<Option<Sending>>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let changes = Derived::new(move |_| {
        desk.difference
            .with(|it| it.invite.len() + it.re_role.len())
    });
    // some of those who were ticked may be gone, or on the list by now
    let leaving = Derived::new(move |_| {
        let unlisted = |index: usize| {
            desk.difference
                .with(|it| it.unlisted.binary_search(&index).is_ok())
        };
        console.roster.directory.with(|directory| {
            let leaves = |id: &&str| directory.find(id).is_some_and(unlisted);
            desk.chosen
                .with(|chosen| chosen.iter().filter(leaves).count())
        })
    });
    let refused = move || desk.difference.with(|it| it.refused.len());
    // what is shown is of the list before
    let busy = move || desk.progress.read().is_some();
    // the first reason for which nobody can be taken out
    let doubt = Derived::new(move |_| {
        let doubt = desk.difference.with(|it| it.doubts.first().copied());
        doubt.filter(|_| leaving.get() > 0)
    });
    let waiting = State::new(false);
    let fresh = move |then: fn(Console, RosterDesk, State<Option<Sending>>)| {
        let then = move || then(console, desk, sending);
        when_fresh(console, waiting, move || desk.is_settled(), then);
    };
    console.roster.catch_up_now();
    let apply = move |_| fresh(apply);
    let remove = move |_| fresh(remove);
    view! {
        <div class="foot">
            <span class="muted" role="status">
                {move || match (doubt.get(), refused()) {
                    (Some(doubt), _) => format!("Nobody can be taken out: {}.", doubt),
                    (None, 0) => String::new(),
                    (None, 1) => "1 line does nothing.".to_owned(),
                    (None, n) => format!("{} lines do nothing.", words::number(n)),
                }}
            </span>
            <span class="grow"></span>
            <Show when=move || leaving.get() != 0>
                <button
                    class="btn danger"
                    aria-haspopup="dialog"
                    disabled=move || may.get().is_err() || doubt.get().is_some() || busy()
                    on:click=remove
                >{move || format!("Take out {}…", words::number(leaving.get()))}</button>
            </Show>
            <button
                class="btn primary"
                aria-haspopup="dialog"
                aria-describedby=move || may.get().is_err().then_some("roster-why")
                disabled=move || may.get().is_err() || changes.get() == 0 || busy()
                on:click=apply
            >{move || match waiting.get() {
                true => words::READING_AGAIN.to_owned(),
                false => apply_verb(changes.get()),
            }}</button>
        </div>
    }
}

/// Asks before the changes of a roster are sent.
fn apply(console: Console, desk: RosterDesk, sending: State<Option<Sending>>) {
    match desk
        .changes()
        .filter(|plan| !plan.steps.is_empty() || !plan.refused.is_empty())
    {
        Some(plan) => sending.set(Some((plan, None, None))),
        None => console.toaster.say(words::NOTHING_LEFT.to_owned()),
    }
}

/// Asks before those who are ticked are taken out.
fn remove(console: Console, desk: RosterDesk, sending: State<Option<Sending>>) {
    match desk.removals() {
        Ok(plan) => {
            let name = console
                .roster
                .place
                .with_untracked(|it| it.as_ref().map(|it| it.name().to_owned()));
            sending.set(plan.map(|plan| {
                let verb = format!("Take out {}", words::number(plan.steps.len()));
                (plan, Some(verb), name)
            }));
        }
        Err(why) => console.toaster.say(why),
    }
}
