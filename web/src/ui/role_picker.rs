//! Choosing one role, or several where the service allows it.

use leptos::prelude::*;
use rolecall_core::role::{Role, RoleId};
use rolecall_core::service::RoleChoice;

use crate::model::words;
use crate::reactive::State;

/// A list of roles with what each may do: radio buttons for one, check boxes for several. What is chosen has the focus
/// first in a dialog that has nothing before it.
#[component]
pub(crate) fn RolePicker(
    /// What there is to choose from.
    roles: Vec<Role>,
    /// How many may be chosen.
    choice: RoleChoice,
    /// What is chosen.
    chosen: State<Vec<RoleId>>,
    /// Heading of the group.
    legend: &'static str,
    /// A sentence below it.
    #[prop(optional, into)]
    note: String,
) -> impl IntoView {
    let kind = match choice {
        RoleChoice::One => "radio",
        RoleChoice::Many => "checkbox",
    };
    let first = untrack(|| {
        let chosen = |role: &Role| chosen.with(|it| it.contains(&role.id));
        roles.iter().position(chosen).unwrap_or(0)
    });
    let option = |(at, role): (usize, Role)| {
        let (checked, picked) = (role.id.clone(), role.id.clone());
        let pick = move |on: bool| {
            let id = picked.clone();
            chosen.update(|chosen| match (choice, on) {
                (RoleChoice::One, _) => *chosen = vec![id],
                (RoleChoice::Many, true) if !chosen.contains(&id) => chosen.push(id),
                (RoleChoice::Many, true) => {}
                (RoleChoice::Many, false) => chosen.retain(|it| *it != id),
            });
        };
        let not_in_cli =
            (!role.in_cli && !role.custom).then_some(" The vendor’s CLI does not know this role.");
        view! {
            <label class="option">
                <input
                    type=kind
                    name="role"
                    autofocus=at == first
                    prop:checked=move || chosen.with(|it| it.contains(&checked))
                    on:change:target=move |event| pick(event.target().checked())
                />
                <span>
                    <b class=words::tier(role.tier)><span class="dot"></span>{role.label}</b>
                    <span class="m">{role.summary}{not_in_cli}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="roles">
            <legend>{legend}</legend>
            {(!note.is_empty()).then(|| view! { <p class="m">{note}</p> })}
            <div class="options">{roles.into_iter().enumerate().map(option).collect_view()}</div>
        </fieldset>
    }
}
