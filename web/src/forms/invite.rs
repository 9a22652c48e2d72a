//! Inviting one person.

use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use rolecall_core::email::suggest;

use super::send::Send;
use crate::console::Console;
use crate::model::invite_draft::InviteDraft;
use crate::reactive::{Derived, Kept, State};
use crate::ui::cursor;
use crate::ui::dialog::Dialog;
use crate::ui::role_picker::RolePicker;
use crate::ui::spoken::Spoken;

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
    let close = State::new(false);
    let email = State::new(String::new());
    let roles = State::new(service.default_roles());
    // an error appears when the field is left or the form is sent, a slip as soon as the typing stops
    let looked_at = State::new(false);
    let input = NodeRef::<html::Input>::new();
    let draft = Derived::new(move |_| InviteDraft {
        email: email.get(),
        roles: roles.get(),
    });
    let error = Derived::new(move |_| {
        looked_at
            .get()
            .then(|| draft.read().email_error())
            .flatten()
    });
    let slip = Slip::new(email);
    let plan = Derived::new(move |_| {
        // somebody may be invited in another tab while this form is open
        roster.directory.track();
        roster.plan(&[draft.read().intent()?])
    });
    let focus = move || {
        if let Some(input) = input.get_untracked() {
            // an element that cannot take the focus leaves it where it is
            drop(input.focus());
        }
    };
    let ready = move |()| {
        looked_at.set(true);
        if error.get_untracked().is_some() {
            focus();
            return false;
        }
        if roles.with_untracked(Vec::is_empty) {
            cursor::focus("#invite-roles input");
        }
        slip.was_seen()
    };
    let described = move || {
        if error.read().is_some() {
            "invite-email-error"
        } else if slip.suggestion.read().is_some() {
            "invite-email-slip"
        } else {
            "invite-email-hint"
        }
    };
    // while somebody types, each key may be another error
    let heard = Derived::new(move |_| error.get().unwrap_or_default());
    let hint = move || error.read().is_none() && slip.suggestion.read().is_none();
    let title = format!("Invite to {}", place.name());
    let list = roster
        .directory
        .with_untracked(|directory| directory.roles().to_vec());
    view! {
        <Dialog title id="invite" on_close=done close>
            <Send plan show_refusal=looked_at verb="Invite".to_owned() ready close>
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
                        on:input:target=move |event| {
                            email.set(event.target().value());
                            slip.typed();
                        }
                        on:change=move |_| {
                            looked_at.set(true);
                            slip.look();
                        }
                    />
                    // what is said takes room that is there before, so that no button moves away from a press
                    <div class="said">
                        {move || hint().then(|| view! { <p class="m" id="invite-email-hint">"One address. The person gets an invitation by email."</p> })}
                        {move || error.get().map(|text| view! { <p class="problem" id="invite-email-error">{text}</p> })}
                        <Spoken text=heard/>
                        <p id="invite-email-slip" role="status">
                            {move || slip.suggestion.get().filter(|_| error.read().is_none()).map(|better| {
                                let text = format!("Use {better}");
                                let mend = move |_| {
                                    email.set(better.clone());
                                    focus();
                                };
                                view! {
                                    <span class="m">{move || slip.words()}</span>
                                    <button type="button" class="btn small" on:click=mend>{text}</button>
                                }
                            })}
                        </p>
                    </div>
                </div>
                <div id="invite-roles">
                    <RolePicker
                        roles=list
                        choice=service.role_choice()
                        chosen=roles
                        legend="Role"
                        note=service.default_note()
                    />
                </div>
            </Send>
        </Dialog>
    }
    .into_any()
}

/// How long the typing has stopped when a slip is looked for.
const PAUSE: Duration = Duration::from_millis(300);

/// How long a warning stands, in milliseconds, until somebody can have read it.
const READING: f64 = 1_000.0;

/// The warning of a slip in the address: a press does not send what nobody can have seen warned of.
#[derive(Clone, Copy)]
struct Slip {
    email: State<String>,
    /// The address as it was when it was looked at last.
    looked: State<String>,
    /// A corrected address, for the one that is in the field.
    suggestion: Derived<Option<String>>,
    /// When the warning began to stand there, in milliseconds.
    since: Kept<f64>,
    /// The address that a press did not send.
    held: State<Option<String>>,
    waiting: Kept<Option<TimeoutHandle>>,
}

impl Slip {
    fn new(email: State<String>) -> Self {
        let looked = State::new(String::new());
        let suggestion = Derived::new(move |_| {
            let same = email.with(|email| looked.with(|looked| email == looked));
            same.then(|| suggest(&looked.read())).flatten()
        });
        let slip = Self {
            email,
            looked,
            suggestion,
            since: Kept::new(0.0),
            held: State::new(None),
            waiting: Kept::new(None),
        };
        on_cleanup(move || slip.wait_no_more());
        slip
    }

    fn wait_no_more(self) {
        if let Some(Some(waiting)) = self.waiting.try_update_value(Option::take) {
            waiting.clear();
        }
    }

    /// Something was typed: it is looked at when no more comes.
    fn typed(self) {
        self.wait_no_more();
        let handle = set_timeout_with_handle(move || self.look(), PAUSE);
        self.waiting.set_value(handle.ok());
    }

    /// Looks at what is in the field.
    fn look(self) {
        // a field that leaves the page with its dialog still tells that it changed
        let Some(email) = self.email.try_get_untracked() else {
            return;
        };
        if self.looked.with_untracked(|it| *it != email) {
            self.since.set_value(js_sys::Date::now());
            self.looked.set(email);
        }
    }

    /// Whether there is nothing to warn of, or somebody can have read it. A second press goes through.
    fn was_seen(self) -> bool {
        self.look();
        let email = self.email.get_untracked();
        if self.suggestion.with_untracked(Option::is_none)
            || js_sys::Date::now() - self.since.get_value() >= READING
            || self
                .held
                .with_untracked(|held| held.as_ref() == Some(&email))
        {
            return true;
        }
        self.held.set(Some(email));
        false
    }

    fn words(self) -> &'static str {
        let held = self.held.with(|held| {
            self.email
                .with(|email| held.as_ref().is_some_and(|it| it == email))
        });
        match held {
            true => "Not sent yet: is this a slip? Press Invite again if not.",
            false => "Is this a slip?",
        }
    }
}
