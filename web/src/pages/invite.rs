//! Inviting many: a list goes in, what would happen stands beside it, and nothing is sent before Send.

use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use rolecall_core::review::{Review, Verdict};
use rolecall_core::role::RoleId;
use rolecall_core::service::Service;

use crate::app::Console;
use crate::forms::send_all::SendAll;
use crate::host::Browser;
use crate::model::review_view::{Kind, Mend, sentence};
use crate::model::words;
use crate::ui::list_field::{DefaultRole, ListField};
use crate::ui::virtual_table::VirtualTable;

/// Entries of a list at the most.
const MOST: usize = 200_000;

/// A text longer than this is read when the typing pauses, not at each key.
const LONG: usize = 40_000;

/// What the page holds.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    text: RwSignal<String>,
    review: RwSignal<Review>,
    defaults: RwSignal<Vec<RoleId>>,
    verdicts: Memo<Vec<Verdict>>,
    only: RwSignal<Option<Kind>>,
    /// Indices of the lines shown.
    shown: Memo<Vec<u32>>,
    /// Whose roles the list was read with.
    read_for: StoredValue<Option<Service>>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Desk {
    pub(crate) fn new(console: Console) -> Self {
        let roster = console.roster;
        let review = RwSignal::new(Review::default());
        let service = roster
            .place
            .with_untracked(|it| it.as_ref().map(|it| it.connection.service));
        let defaults = RwSignal::new(service.map(|it| it.default_roles()).unwrap_or_default());
        let verdicts = Memo::new(move |_| {
            roster
                .directory
                .with(|directory| review.read().verdicts(directory, &defaults.read()))
        });
        let only = RwSignal::new(None);
        let shown = Memo::new(move |_| {
            let (review, verdicts, only) = (review.read(), verdicts.read(), only.get());
            let fits = |index: &u32| {
                let index = *index as usize;
                only.is_none_or(|kind| Kind::of(&review, index, &verdicts[index]) == kind)
            };
            let all = 0..u32::try_from(verdicts.len().min(review.lines.len())).unwrap_or(u32::MAX);
            all.filter(fits).collect()
        });
        Self {
            text: RwSignal::new(String::new()),
            review,
            defaults,
            verdicts,
            only,
            shown,
            read_for: StoredValue::new(None),
            waiting: StoredValue::new(None),
        }
    }

    /// Reads the list again if another service is open now: its roles are others.
    fn arrive(self, console: Console) {
        let service = console
            .roster
            .place
            .with(|it| it.as_ref().map(|it| it.connection.service));
        if service != self.read_for.get_value() {
            self.read_for.set_value(service);
            self.defaults
                .set(service.map(Service::default_roles).unwrap_or_default());
            self.read(console);
        }
    }

    /// Takes another text, and reads it at once or when the typing pauses.
    fn take(self, console: Console, text: String) {
        let long = text.len() > LONG;
        self.text.set(text);
        if let Some(waiting) = self.waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        if long {
            let read = move || self.read(console);
            let handle = set_timeout_with_handle(read, std::time::Duration::from_millis(250));
            self.waiting.set_value(handle.ok());
        } else {
            self.read(console);
        }
    }

    fn read(self, console: Console) {
        let review = console.roster.directory.with_untracked(|directory| {
            self.text
                .with_untracked(|text| Review::read(text, directory.roles(), MOST, &Browser))
        });
        self.only.set(None);
        self.review.set(review);
    }

    fn kind(self, index: usize) -> Kind {
        Kind::of(&self.review.read(), index, &self.verdicts.read()[index])
    }
}

/// The page.
#[component]
pub(crate) fn Invite() -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let name = move || {
        roster
            .place
            .with(|it| it.as_ref().map(|it| it.name().to_owned()))
    };
    let open = Memo::new(move |_| roster.place.with(Option::is_some));
    let may = Memo::new(move |_| roster.may_change());
    view! {
        <div class="head">
            <h1>{move || name().map_or_else(|| "Invite people".to_owned(), |name| format!("Invite people to {name}"))}</h1>
        </div>
        <Show when=move || open.get() fallback=|| view! { <p class="muted" role="status">"Loading…"</p> }>
            {move || match may.get() {
                Err(why) => view! { <p class="problem">{why}</p> }.into_any(),
                Ok(()) => view! { <Desk/> }.into_any(),
            }}
        </Show>
    }
}

/// The field, the review beside it, and the button below.
#[component]
fn Desk() -> impl IntoView {
    let console = expect_context::<Console>();
    let desk = expect_context::<Desk>();
    Effect::new(move |_| desk.arrive(console));
    let sending = RwSignal::new(None);
    let count = move || {
        let (review, verdicts) = (desk.review.read(), desk.verdicts.read());
        let goes = |(index, verdict): (usize, &Verdict)| review.goes(index, verdict);
        verdicts.iter().enumerate().filter(|it| goes(*it)).count()
    };
    let wrong = move || {
        desk.verdicts
            .with(|all| all.iter().filter(|it| it.is_wrong()).count())
    };
    let send = move |_| {
        let intents = desk.verdicts.with_untracked(|verdicts| {
            desk.review
                .with_untracked(|review| review.intents(verdicts, &desk.defaults.get_untracked()))
        });
        let intents: Vec<_> = intents.into_iter().map(|(_, intent)| intent).collect();
        sending.set(console.roster.plan(&intents));
    };
    view! {
        <div class="two">
            <Source desk/>
            <section aria-labelledby="review-heading" class="review">
                <h2 id="review-heading">"What will happen"</h2>
                <Facts desk/>
                <Lines desk/>
            </section>
        </div>
        <div class="foot">
            <span class="muted" role="status">
                {move || match wrong() {
                    0 => String::new(),
                    1 => "1 line is left out until mended.".to_owned(),
                    n => format!("{} lines are left out until mended.", words::number(n)),
                }}
            </span>
            <span class="grow"></span>
            <button class="btn primary" disabled=move || count() == 0 on:click=send>
                {move || match count() {
                    0 => "Nothing to send yet".to_owned(),
                    n => format!("Send {}…", words::number(n)),
                }}
            </button>
        </div>
        {move || {
            sending.get().map(|plan| {
                view! { <SendAll plan done=Callback::new(move |()| sending.set(None))/> }
            })
        }}
    }
}

/// Where the list goes in.
#[component]
fn Source(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let service = console
        .roster
        .place
        .with_untracked(|it| it.as_ref().map(|it| it.connection.service));
    let note = service.map(|it| it.default_note());
    view! {
        <section aria-labelledby="list-heading">
            <ListField
                text=desk.text
                take=Callback::new(move |text| desk.take(console, text))
                label="Who"
                hint="Paste anything: addresses, a spreadsheet column, “Name <address>”, CSV, users.txt — or drop a file. It stays in this browser until you send."
            >
                <DefaultRole defaults=desk.defaults/>
            </ListField>
            <p class="m">{note}</p>
        </section>
    }
}

/// How many lines do what; each is a button that shows only those.
#[component]
fn Facts(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let counts = Memo::new(move |_| {
        let (review, verdicts) = (desk.review.read(), desk.verdicts.read());
        Kind::ALL.map(|kind| {
            let of_kind =
                |(index, verdict): &(usize, &Verdict)| Kind::of(&review, *index, verdict) == kind;
            verdicts.iter().enumerate().filter(of_kind).count()
        })
    });
    view! {
        <div class="legend" role="group" aria-label="Show only">
            {Kind::ALL
                .into_iter()
                .zip(0..)
                .map(|(kind, at): (Kind, usize)| {
                    let pressed = move || (desk.only.get() == Some(kind)).to_string();
                    let toggle = move |_| desk.only.update(|only| *only = (*only != Some(kind)).then_some(kind));
                    view! {
                        <Show when=move || counts.with(|all| all[at] > 0)>
                            <button type="button" class=kind.class() aria-pressed=pressed on:click=toggle>
                                <span class="dot"></span>
                                <b class="num">{move || words::number(counts.with(|all| all[at]))}</b>
                                {kind.name()}
                            </button>
                        </Show>
                    }
                })
                .collect_view()}
        </div>
        <SetRoles desk/>
        <p class="m" role="status">
            {move || match desk.review.with(|it| it.left_out) {
                0 => String::new(),
                n => format!("{} more entries are beyond what one list may hold; send them separately.", words::number(n)),
            }}
        </p>
    }
}

/// One role for all lines shown.
#[component]
fn SetRoles(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let set = move |value: String| {
        if value.is_empty() {
            return;
        }
        let shown = desk.shown.get_untracked();
        desk.review.update(|review| {
            for index in shown {
                if let Some(line) = review.lines.get_mut(index as usize) {
                    line.roles = Some(Ok(vec![value.as_str().into()]));
                }
            }
        });
    };
    view! {
        <Show when=move || desk.shown.with(|it| it.len() > 1)>
            <label class="inline">
                {move || format!("Role of all {} shown ", words::number(desk.shown.with(Vec::len)))}
                <select on:change:target=move |event| {
                    set(event.target().value());
                    event.target().set_value("");
                }>
                    <option value="">"as in the list"</option>
                    {move || {
                        roster.directory.with(|directory| {
                            directory
                                .roles()
                                .iter()
                                .map(|role| view! { <option value=role.id.to_string()>{role.label.clone()}</option> })
                                .collect_view()
                        })
                    }}
                </select>
            </label>
        </Show>
    }
}

/// The review: one row a line.
#[component]
fn Lines(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let total = Memo::new(move |_| desk.shown.with(Vec::len));
    let head = || {
        view! {
            <th role="columnheader" scope="col"><span class="visually-hidden">"Send"</span></th>
            <th role="columnheader" scope="col">"Line"</th>
            <th role="columnheader" scope="col">"Address"</th>
            <th role="columnheader" scope="col" class="c-role">"Role"</th>
            <th role="columnheader" scope="col" class="c-result">"Result"</th>
        }
    };
    let row = move |(position, place)| view! { <Line desk position place/> }.into_any();
    view! {
        <Show
            when=move || total.get() != 0
            fallback=|| view! { <p class="empty muted">"Each line shows up here with what it would do. Nothing is sent before you say so."</p> }
        >
            <VirtualTable
                label="Lines"
                class=Signal::stored("lines".to_owned())
                total
                top_of=Signal::derive(move || format!("{:?}", desk.only.get()))
                head
                row=Callback::new(row)
            />
        </Show>
    }
}

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LineView {
    index: usize,
    number: u32,
    address: String,
    roles: Vec<RoleId>,
    kind: Kind,
    goes: bool,
    open: bool,
    text: String,
    mend: Option<Mend>,
}

/// One row element of the review.
#[component]
fn Line(
    /// The page's state.
    desk: Desk,
    /// Which row it shows now.
    position: Memo<Option<usize>>,
    /// Where it stands.
    place: Signal<String>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let resends = move || {
        roster.place.with(|it| {
            it.as_ref()
                .is_some_and(|it| it.connection.service.resends())
        })
    };
    let shown = Memo::new(move |_| {
        let row = position.get()?;
        let index = *desk.shown.read().get(row)? as usize;
        let (review, verdicts) = (desk.review.read(), desk.verdicts.read());
        let (line, verdict) = (review.lines.get(index)?, verdicts.get(index)?);
        let (text, mend) = roster
            .directory
            .with(|it| sentence(&review, index, verdict, it, resends()));
        let view = LineView {
            index,
            number: line.number,
            address: line.address.clone(),
            roles: line.roles.clone().and_then(Result::ok).unwrap_or_default(),
            kind: desk.kind(index),
            goes: review.goes(index, verdict),
            // where an invitation cannot be sent again, there is nothing to decide
            open: verdict.is_open() && (resends() || !matches!(verdict, Verdict::Pending { .. })),
            text,
            mend,
        };
        Some((row, view))
    });
    let decide = move |index: usize, goes: bool| {
        desk.review
            .update(|review| review.lines[index].decision = Some(goes));
    };
    let edit = move |index: usize, address: String| {
        desk.review
            .update(|review| review.edit(index, &address, &Browser));
    };
    let give = move |index: usize, role: String| {
        desk.review.update(|review| {
            review.lines[index].roles = (!role.is_empty()).then(|| Ok(vec![role.as_str().into()]));
        });
    };
    // the elements stay as long as they show the same line, so that the focus stays in them
    let held =
        Memo::new(move |_| shown.with(|it| it.as_ref().map(|(row, line)| (*row, line.index))));
    let field = NodeRef::<html::Input>::new();
    let mend = move || shown.with(|it| it.as_ref().and_then(|(_, line)| line.mend.clone()));
    let apply = move |index: usize, mend: Mend| {
        match mend {
            Mend::Address(address) => edit(index, address),
            Mend::Role(id, _) => give(index, id.to_string()),
        }
        // the button goes, the focus stays in the line
        if let Some(field) = field.get_untracked() {
            drop(field.focus());
        }
    };
    let roles =
        Memo::new(move |_| shown.with(|it| it.as_ref().map(|(_, line)| line.roles.clone())));
    let options = move || {
        let (roles, default) = (roles.get().unwrap_or_default(), desk.defaults.get());
        roster.directory.with(|directory| {
            let option = |it: &rolecall_core::role::Role| {
                let selected = *roles == [it.id.clone()];
                view! { <option value=it.id.to_string() selected=selected>{it.label.clone()}</option> }
            };
            let default = rolecall_core::plan::labels(directory, &default);
            let none = view! { <option value="" selected=roles.is_empty()>{format!("{default} (default)")}</option> };
            // several roles of one person stay together, as the list gives them
            let several = (roles.len() > 1).then(|| {
                let text = rolecall_core::plan::labels(directory, &roles);
                view! { <option value="" selected disabled>{text}</option> }
            });
            (none, several, directory.roles().iter().map(option).collect_view())
        })
    };
    let of = move |read: fn(&LineView) -> bool| {
        Signal::derive(move || shown.with(|it| it.as_ref().is_some_and(|(_, line)| read(line))))
    };
    let (goes, open, wrong) = (
        of(|line| line.goes),
        of(|line| line.open),
        of(|line| line.kind == Kind::Mend),
    );
    let text = move |read: fn(&LineView) -> String| {
        Signal::derive(move || {
            shown.with(|it| it.as_ref().map_or_else(String::new, |(_, line)| read(line)))
        })
    };
    let (address, number) = (
        text(|line| line.address.clone()),
        text(|line| line.number.to_string()),
    );
    let (class, said) = (
        text(|line| format!("state {}", line.kind.class())),
        text(|line| line.text.clone()),
    );
    move || {
        held.get().map(|(row, index)| {
            view! {
                <tr role="row" data-testid="review-row" aria-rowindex=row + 2 style:transform=move || place.get()>
                    <td role="cell">
                        <input
                            type="checkbox"
                            aria-label=move || format!("Send line {}", number.get())
                            prop:checked=move || goes.get()
                            disabled=move || !open.get()
                            on:change:target=move |event| decide(index, event.target().checked())
                        />
                    </td>
                    <td role="cell" class="num muted">{move || number.get()}</td>
                    <td role="cell" class="c-address">
                        <input
                            type="text"
                            class="cell"
                            spellcheck="false"
                            node_ref=field
                            aria-label=move || format!("Address of line {}", number.get())
                            aria-invalid=move || wrong.get().to_string()
                            prop:value=move || address.get()
                            on:change:target=move |event| edit(index, event.target().value())
                        />
                    </td>
                    <td role="cell" class="c-role">
                        <select
                            class="cell"
                            aria-label=move || format!("Role of line {}", number.get())
                            on:change:target=move |event| give(index, event.target().value())
                        >
                            {options}
                        </select>
                    </td>
                    <td role="cell" class="c-result">
                        <span class=move || class.get()><span class="dot"></span>{move || said.get()}</span>
                        {move || mend().map(|mend| {
                            let words = mend.text();
                            view! { <button type="button" class="link" on:click=move |_| apply(index, mend.clone())>{words}</button> }
                        })}
                    </td>
                </tr>
            }
        })
    }
}
