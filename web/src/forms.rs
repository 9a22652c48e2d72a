//! The forms that change something: each becomes an intent, is planned, shown and sent.

pub(crate) mod after_run;
pub(crate) mod change_role;
pub(crate) mod change_roles;
pub(crate) mod end;
pub(crate) mod export;
pub(crate) mod invite;
mod send;
pub(crate) mod send_all;
pub(crate) mod undo_entry;

use leptos::prelude::*;
use rolecall_core::directory::query::Found;

use crate::console::Console;
use crate::reactive::{Derived, State};
use crate::wanted::Wanted;

/// The form for what somebody wants to do.
pub(crate) fn form(it: &Option<Wanted>, found: Derived<Found>) -> AnyView {
    let Some(it) = it.clone() else {
        return ().into_any();
    };
    let wanted = expect_context::<Console>().wanted;
    let done = Callback::new(move |()| wanted.set(None));
    match it {
        Wanted::Invite => view! { <invite::Invite done/> }.into_any(),
        Wanted::Export => view! { <export::Export found done/> }.into_any(),
        Wanted::ReRoleMany(users) => {
            // the first dialog closes by itself; what it planned opens the next
            let planned = State::new(None);
            let done = Callback::new(move |()| {
                let plan = planned.get_untracked();
                wanted.set(plan.map(|plan| Wanted::Send(Box::new(plan))));
            });
            let planned = Callback::new(move |plan| planned.set(Some(plan)));
            view! { <change_roles::ChangeRoles users done planned/> }.into_any()
        }
        Wanted::Send(plan) => view! { <send_all::SendAll plan=*plan done/> }.into_any(),
        Wanted::ReRole(user) => view! { <change_role::ChangeRole user done/> }.into_any(),
        Wanted::ReRoleAgain(again) => {
            view! { <change_role::ChangeRole user=again.user.clone() again done/> }.into_any()
        }
        Wanted::End(user) => view! { <end::End user done/> }.into_any(),
    }
}
