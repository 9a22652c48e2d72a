//! Changing the roles of one user.

use leptos::prelude::*;
use rolecall_core::plan::{Intent, RoleChange, labels};
use rolecall_core::service::RoleChoice;

use super::send::Send;
use crate::console::Console;
use crate::reactive::{Derived, State};
use crate::ui::dialog::Dialog;
use crate::ui::role_picker::RolePicker;
use crate::wanted::Again;

/// The dialog.
#[component]
pub(crate) fn ChangeRole(
    /// Id of the user.
    user: String,
    /// A change that was not made, to be looked at once more.
    #[prop(optional)]
    again: Option<Box<Again>>,
    /// Called when it has closed.
    done: Callback<()>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let Some(place) = roster.place.get_untracked() else {
        return ().into_any();
    };
    let known = roster.directory.with_untracked(|directory| {
        let row = directory.row(directory.find(&user)?);
        let now = labels(directory, row.roles);
        let held = row.roles.to_vec();
        Some((
            row.title().to_owned(),
            row.email.to_owned(),
            now,
            held,
            row.scoped.len(),
            directory.roles().to_vec(),
        ))
    });
    let Some((title, email, now, held, scoped, list)) = known else {
        return ().into_any();
    };
    let choice = place.connection.service.role_choice();
    let close = State::new(false);
    let (before, why) = match again {
        Some(again) => (again.chosen, Some(again.why)),
        None => (held.clone(), None),
    };
    let chosen = State::new(before);
    let touched = Derived::new(move |_| chosen.with(|chosen| *chosen != held));
    let plan = Derived::new(move |_| {
        let change = RoleChange::Replace(chosen.get());
        touched
            .get()
            .then(|| {
                roster.plan(&[Intent::ReRole {
                    user: user.as_str().into(),
                    change,
                }])
            })
            .flatten()
    });
    let legend = match choice {
        RoleChoice::One => "Role in the organization",
        RoleChoice::Many => "Roles in the organization, one or more",
    };
    let kept = (scoped > 0).then(|| {
        format!(" Roles in workspaces, deployments and DAGs ({scoped}) stay as they are.")
    });
    let may = untrack(|| roster.may_change());
    view! {
        <Dialog title=format!("Change role of {title}") id="change-role" on_close=done close>
            <p class="m"><bdi>{email}</bdi>{format!(" is {now} now.")}{kept}</p>
            {why.map(|why| view! { <p class="problem" role="alert">{why}</p> })}
            {match may {
                Err(why) => view! { <p class="problem">{why}</p> }.into_any(),
                Ok(()) => view! {
                    <Send plan show_refusal=true verb="Change role".to_owned() close>
                        <RolePicker roles=list choice chosen legend/>
                    </Send>
                }
                .into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
