//! Inviting one person.

use leptos::html;
use leptos::prelude::*;

use super::send::Send;
use crate::console::Console;
use crate::model::invite_draft::InviteDraft;
use crate::ui::dialog::Dialog;
use crate::ui::role_picker::RolePicker;

/// The dialog.
#[component]
pub(crate) fn Invite(
    /// Called when it has closed.
    done: Callback<()>,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let Some(place) = roster.place.get_untracked() else {
        return ().into_any();
    };
    let service = place.connection.service;
    let close = RwSignal::new(false);
    let email = RwSignal::new(String::new());
    let roles = RwSignal::new(service.default_roles());
    // an error appears when the field is left or the form is sent, not while somebody types
    let looked_at = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let draft = Memo::new(move |_| InviteDraft {
        email: email.get(),
        roles: roles.get(),
    });
    let error = Memo::new(move |_| {
        looked_at
            .get()
            .then(|| draft.read().email_error())
            .flatten()
    });
    let suggestion =
        Memo::new(move |_| looked_at.get().then(|| draft.read().suggestion()).flatten());
    let plan = Memo::new(move |_| roster.plan(&[draft.read().intent()?]));
    let not_ready = move |()| {
        looked_at.set(true);
        if let Some(input) = input
            .get_untracked()
            .filter(|_| error.get_untracked().is_some())
        {
            // an element that cannot take the focus leaves it where it is
            drop(input.focus());
        }
    };
    let described = move || {
        if error.read().is_some() {
            "invite-email-error"
        } else {
            "invite-email-hint"
        }
    };
    let title = format!("Invite to {}", place.name());
    let list = roster
        .directory
        .with_untracked(|directory| directory.roles().to_vec());
    view! {
        <Dialog title id="invite" on_close=done close>
            <div class="field">
                <label for="invite-email">"Email"</label>
                <input
                    id="invite-email"
                    // `type=email` would have the browser judge by other rules and rewrite what is typed
                    type="text"
                    inputmode="email"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus
                    required
                    node_ref=input
                    aria-invalid=move || error.read().is_some().to_string()
                    aria-describedby=described
                    prop:value=move || email.get()
                    on:input:target=move |event| email.set(event.target().value())
                    on:change=move |_| looked_at.set(true)
                />
                <p class="m" id="invite-email-hint">"One address. The person gets an invitation by email."</p>
                {move || error.get().map(|text| view! { <p class="problem" id="invite-email-error" role="alert">{text}</p> })}
                {move || suggestion.get().map(|better| {
                    let text = format!("Use {better}");
                    view! {
                        <button type="button" class="btn small" on:click=move |_| email.set(better.clone())>{text}</button>
                    }
                })}
            </div>
            <RolePicker
                roles=list
                choice=service.role_choice()
                chosen=roles
                legend="Role"
                note=service.default_note()
            />
            <Send plan show_refusal=looked_at verb="Invite".to_owned() not_ready=not_ready close/>
        </Dialog>
    }
    .into_any()
}
