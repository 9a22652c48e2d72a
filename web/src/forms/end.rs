//! Ending a membership: withdrawing an invitation, or removing a member.

use leptos::prelude::*;
use rolecall_core::directory::Status;
use rolecall_core::plan::Intent;

use super::send::Send;
use crate::console::Console;
use crate::reactive::{Derived, State};
use crate::ui::dialog::Dialog;

/// The dialog.
#[component]
pub(crate) fn End(
    /// Id of the user.
    user: String,
    /// Called when it has closed.
    done: Callback<()>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let known = roster.directory.with_untracked(|directory| {
        let row = directory.row(directory.find(&user)?);
        Some((row.title().to_owned(), *row.status == Status::Pending))
    });
    let Some((title, pending)) = known else {
        return ().into_any();
    };
    let close = State::new(false);
    let plan = Derived::new(move |_| {
        let user = user.as_str().into();
        roster.plan(&[if pending {
            Intent::Withdraw { user }
        } else {
            Intent::Remove { user }
        }])
    });
    let (heading, verb, text) = if pending {
        (
            "Withdraw the invitation of",
            "Withdraw",
            "The link in the invitation stops working, and the person disappears from the list.",
        )
    } else {
        ("Remove", "Remove", "The person leaves the organization.")
    };
    let possible =
        move || plan.with(|plan| plan.as_ref().is_some_and(|plan| !plan.steps.is_empty()));
    let may = untrack(|| roster.may_change());
    view! {
        <Dialog title=format!("{heading} {title}") id="end" on_close=done close>
            {match may {
                Err(why) => view! { <p class="problem">{why}</p> }.into_any(),
                Ok(()) => view! {
                    <Send plan show_refusal=true verb=verb.to_owned() by_button=true close>
                        {move || possible().then(|| view! { <p>{text}</p> })}
                    </Send>
                }
                .into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
