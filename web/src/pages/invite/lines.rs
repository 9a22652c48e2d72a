//! The lines under review: how many do what, and a row for each.

use leptos::html;
use leptos::prelude::*;
use rolecall_core::review::Verdict;
use rolecall_core::role::RoleId;

use crate::console::Console;
use crate::desks::invite::InviteDesk;
use crate::model::review_view::{Kind, Mend, marked, sentence};
use crate::model::words;
use crate::reactive::Derived;
use crate::ui::spoken::Spoken;
use crate::ui::virtual_table::{VirtualTable, each};

/// How many lines do what; each is a button that shows only those.
#[component]
pub(super) fn Facts(
    /// The page's state.
    desk: InviteDesk,
) -> impl IntoView {
    let counts = desk.counts;
    let summary = Derived::new(move |_| {
        let parts = Kind::ALL.into_iter().zip(counts.get());
        let parts = parts.filter(|(_, count)| *count > 0);
        let parts = parts.map(|(kind, count)| format!("{} {}", words::number(count), kind.name()));
        parts.collect::<Vec<_>>().join(", ")
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
                        <Show when=move || counts.with(|all| all[at] > 0) || desk.only.get() == Some(kind)>
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
        <Spoken text=summary/>
        <SetRoles desk/>
        <p class="m" role="status">
            {move || match (desk.progress.get(), desk.review.with(|it| it.left_out)) {
                (Some(progress), _) => words::working(progress),
                (None, 0) => String::new(),
                (None, n) => format!("{} more entries are beyond what one list may hold; send them separately.", words::number(n)),
            }}
        </p>
    }
}

/// One role for all lines shown.
#[component]
fn SetRoles(
    /// The page's state.
    desk: InviteDesk,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let set = move |value: String| {
        if !value.is_empty() {
            let shown = desk.shown.get_untracked();
            desk.give(&shown, &[value.as_str().into()]);
        }
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
pub(super) fn Lines(
    /// The page's state.
    desk: InviteDesk,
) -> impl IntoView {
    let total = Derived::new(move |_| desk.shown.with(Vec::len));
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
            fallback=move || desk.progress.get().is_none().then(|| view! { <p class="empty muted">"Each line shows up here with what it would do. Nothing is sent before you say so."</p> })
        >
            <VirtualTable
                label="Lines"
                class=Derived::always("lines".to_owned())
                total
                top_of=Derived::new(move |_| desk.only.get().map(Kind::name).unwrap_or_default().to_owned())
                head
                rows=each(Callback::new(row))
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
    /// The role as written, if there is none of that name.
    no_role: Option<String>,
    kind: Kind,
    /// What stands before the wrong part of the address, and that part.
    wrong: Option<(String, String)>,
    goes: bool,
    open: bool,
    text: String,
    mend: Option<Mend>,
}

/// One row element of the review.
#[component]
fn Line(
    /// The page's state.
    desk: InviteDesk,
    /// Which row it shows now.
    position: Derived<Option<usize>>,
    /// Where it stands.
    place: Derived<String>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let resends = move || {
        roster.place.with(|it| {
            it.as_ref()
                .is_some_and(|it| it.connection.service.resends())
        })
    };
    let shown = Derived::new(move |_| {
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
            no_role: match &line.roles {
                Some(Err(error)) => Some(error.text.clone()),
                _ => None,
            },
            kind: Kind::of(&review, index, verdict),
            wrong: marked(&line.address, verdict),
            goes: review.goes(index, verdict),
            // where an invitation cannot be sent again, there is nothing to decide
            open: verdict.is_open() && (resends() || !matches!(verdict, Verdict::Pending { .. })),
            text,
            mend,
        };
        Some((row, view))
    });
    let edit = move |index: usize, address: String| desk.edit(index, &address);
    let give = move |index: usize, role: String| {
        let roles: &[RoleId] = if role.is_empty() {
            &[]
        } else {
            &[role.as_str().into()]
        };
        let line = u32::try_from(index).unwrap_or(u32::MAX);
        desk.give(&[line], roles);
    };
    // the elements stay as long as they show the same line, so that the focus stays in them
    let held =
        Derived::new(move |_| shown.with(|it| it.as_ref().map(|(row, line)| (*row, line.index))));
    let field = NodeRef::<html::Input>::new();
    let mark = move || shown.with(|it| it.as_ref().and_then(|(_, line)| line.wrong.clone()));
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
    let roles = Derived::new(move |_| {
        shown.with(|it| {
            let (_, line) = it.as_ref()?;
            Some((line.roles.clone(), line.no_role.clone()))
        })
    });
    let options = move || {
        let (roles, unknown) = roles.get().unwrap_or_default();
        let default = desk.defaults.get();
        roster.directory.with(|directory| {
            let option = |it: &rolecall_core::role::Role| {
                let selected = *roles == [it.id.clone()];
                view! { <option value=it.id.to_string() selected=selected>{it.label.clone()}</option> }
            };
            let default = rolecall_core::plan::labels(directory, &default);
            let none = view! { <option value="" selected=roles.is_empty() && unknown.is_none()>{format!("{default} (default)")}</option> };
            // several roles of one person stay together, as the list gives them
            let several = (roles.len() > 1).then(|| {
                let text = rolecall_core::plan::labels(directory, &roles);
                view! { <option value="" selected disabled>{text}</option> }
            });
            let unknown = unknown.clone().map(|text| view! { <option value="" selected disabled>{text}</option> });
            (unknown, none, several, directory.roles().iter().map(option).collect_view())
        })
    };
    let of = move |read: fn(&LineView) -> bool| {
        Derived::new(move |_| shown.with(|it| it.as_ref().is_some_and(|(_, line)| read(line))))
    };
    let (goes, open, wrong, no_role) = (
        of(|line| line.goes),
        of(|line| line.open),
        of(|line| line.kind == Kind::Mend && line.no_role.is_none()),
        of(|line| line.no_role.is_some()),
    );
    let text = move |read: fn(&LineView) -> String| {
        Derived::new(move |_| {
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
                            on:change:target=move |event| desk.decide(index, event.target().checked())
                        />
                    </td>
                    <td role="cell" class="num muted">{move || number.get()}</td>
                    <td role="cell" class="c-address">
                        {move || mark().map(|(before, wrong)| {
                            view! { <span class="behind" aria-hidden="true">{before}<mark>{wrong}</mark></span> }
                        })}
                        <input
                            type="text"
                            class="cell"
                            spellcheck="false"
                            node_ref=field
                            aria-label=move || format!("Address of line {}", number.get())
                            aria-invalid=move || wrong.get().to_string()
                            aria-describedby=move || wrong.get().then(|| format!("why-{index}"))
                            prop:value=move || address.get()
                            on:change:target=move |event| edit(index, event.target().value())
                        />
                    </td>
                    <td role="cell" class="c-role">
                        <select
                            class="cell"
                            aria-label=move || format!("Role of line {}", number.get())
                            aria-invalid=move || no_role.get().to_string()
                            aria-describedby=move || no_role.get().then(|| format!("why-{index}"))
                            on:change:target=move |event| give(index, event.target().value())
                        >
                            {options}
                        </select>
                    </td>
                    <td role="cell" class="c-result">
                        <span class=move || class.get() id=format!("why-{index}")><span class="dot"></span>{move || said.get()}</span>
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
