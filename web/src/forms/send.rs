//! The form around what changes one user, and its end: what will happen, what must be confirmed, the
//! call itself, and the button.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::plan::{Act, Failure, Guard, Intent, Plan, RoleChange, Step, labels};
use rolecall_core::role::RoleId;

use crate::console::Console;
use crate::host;
use crate::model::words;
use crate::paths::{Location, Page};
use crate::reactive::{Derived, State};
use crate::roster::ReRoled;
use crate::wanted::{Again, Wanted};

/// Plans, asks, sends one step and says what came of it.
#[component]
pub(crate) fn Send(
    /// What will be sent; `None` while the form is not ready for it.
    #[prop(into)]
    plan: Derived<Option<Plan>>,
    /// Whether to say why nothing can be sent.
    #[prop(into)]
    show_refusal: Derived<bool>,
    /// What the button says.
    #[prop(into)]
    verb: Derived<String>,
    /// Asked before anything is sent: whether the form is as it was meant. If not, it shows why.
    #[prop(optional, into)]
    ready: Option<Callback<(), bool>>,
    /// Whether only the button sends, and not Enter: for what ends a membership.
    #[prop(optional)]
    by_button: bool,
    /// Set to close the dialog.
    close: State<bool>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let (sending, failed) = (State::new(false), State::new(None::<Failure>));
    // whom somebody invited meanwhile
    let meanwhile = State::new(None::<String>);
    let typed = State::new(String::new());
    // it was pressed when nothing would come of it
    let idle = State::new(false);
    let step = move || plan.with(|plan| plan.as_ref().and_then(|plan| plan.steps.first().cloned()));
    let guards = Derived::new(move |_| {
        plan.with(|plan| {
            plan.as_ref()
                .map(|it| it.confirm.clone())
                .unwrap_or_default()
        })
    });
    let refusal = move || {
        plan.with(|plan| {
            let refused = plan.as_ref()?.refused.first()?;
            Some(words::of_person(&refused.who, &refused.why.to_string()))
        })
    };
    let to_type = Derived::new(move |_| {
        guards.with(|guards| guards.iter().find_map(words::to_type).map(str::to_owned))
    });
    let confirmed = move || {
        to_type.with(|to_type| {
            to_type
                .as_ref()
                .is_none_or(|text| *text == typed.read().trim())
        })
    };
    let submit = move || {
        if ready.is_some_and(|ready| !ready.run(())) {
            return;
        }
        let Some(step) = step() else {
            return idle.set(true);
        };
        if sending.get_untracked() || !confirmed() {
            return;
        }
        let roles = console
            .roster
            .directory
            .with_untracked(|it| labels(it, &step.after));
        let said = words::done(step.act, &step.email, &roles);
        if step.act == Act::ReRole {
            close.set(true);
            return spawn_local(re_role(console, step, said));
        }
        sending.set(true);
        failed.set(None);
        meanwhile.set(None);
        let (act, email) = (step.act, step.email.clone());
        let place = console.roster.place.get_untracked();
        spawn_local(async move {
            let mut stays = true;
            // somebody may have been invited in another tab
            if step.act == Act::Invite && console.roster.is_behind(Some(&email)).await {
                let read = console.roster.freshen().await;
                host::pause(Duration::ZERO).await;
                let as_planned = plan.try_get_untracked().flatten();
                let same = as_planned.is_some_and(|it| it.steps.first() == Some(&step));
                stays = matches!(read, Ok(true));
                if read.is_err() || stays && !same {
                    let _told = meanwhile.try_set(read.is_ok().then_some(email));
                    let _told = failed.try_set(read.err());
                    let _ended = sending.try_set(false);
                    return;
                }
            }
            // another organization may have come meanwhile
            if !stays || console.roster.place.get_untracked() != place {
                let _ended = sending.try_set(false);
                return console.toaster.say(words::NOTHING_SENT.to_owned());
            }
            match console.roster.send(step).await {
                Ok(_) => {
                    let show = Callback::new(move |()| show(console, email.clone()));
                    let next = (act == Act::Invite).then_some(("Show", show));
                    console.toaster.say_with(said, next);
                    let _closed = close.try_set(true);
                }
                // the dialog may have been closed meanwhile
                Err(failure) if failed.try_set(Some(failure.clone())).is_some() => {
                    console.toaster.say(words::failure(&failure));
                }
                Err(_) => {}
            }
            let _ended = sending.try_set(false);
        });
    };
    let kind = if by_button { "button" } else { "submit" };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                if !by_button {
                    submit();
                }
            }
        >
            {children()}
            {move || {
                (show_refusal.get()).then(refusal).flatten().map(|why| view! { <p class="problem" role="alert">{why}</p> })
            }}
            {move || {
                let nothing = idle.get() && step().is_none() && refusal().is_none();
                nothing.then(|| view! { <p class="problem" role="alert">{words::NOTHING_CHANGES}</p> })
            }}
            {move || meanwhile.get().map(|email| view! { <p class="problem" role="alert">{words::invited_meanwhile(&email)}</p> })}
            <Guards guards to_type typed/>
            {move || step().map(|step| view! { <Commands step/> })}
            {move || {
                failed.get().map(|failure| view! { <p class="problem" role="alert">{words::failure(&failure)}</p> })
            }}
            <footer class="dialog-foot">
                <button type="button" class="btn" on:click=move |_| close.set(true)>"Cancel"</button>
                <button
                    type=kind
                    class="btn primary"
                    disabled=move || sending.get() || !confirmed() || (by_button && step().is_none())
                    on:click=move |_| if by_button { submit() }
                >
                    {move || if sending.get() { "Sending…".to_owned() } else { verb.get() }}
                </button>
            </footer>
        </form>
    }
}

/// Changes roles after the form has closed; it opens again if they are not to be had.
async fn re_role(console: Console, step: Step, said: String) {
    let place = console.roster.place.get_untracked();
    let user = step.user.clone().unwrap_or_else(|| "".into()).to_string();
    let words_of = |roles: &[RoleId]| {
        console
            .roster
            .directory
            .with_untracked(|it| labels(it, roles))
    };
    let (email, chosen, before) = (
        step.email.clone(),
        step.after.clone(),
        words_of(&step.before),
    );
    let held = step.before.clone();
    let why = match console.roster.re_role(step).await {
        ReRoled::Done => {
            let undo = Callback::new(move |()| undo(console, &user, &held));
            return console.toaster.say_with(said, Some(("Undo", undo)));
        }
        ReRoled::Changed => {
            let now = console
                .roster
                .directory
                .with_untracked(|it| it.find(&user).map(|index| labels(it, it.row(index).roles)));
            words::changed_meanwhile(&email, &before, &now.unwrap_or_default())
        }
        ReRoled::Failed(failure) => words::taken_back(&email, &words::failure(&failure)),
        ReRoled::Unknown(failure) => words::not_known(&email, &words::failure(&failure)),
    };
    // who does something else by now is told at the edge of the page
    let free = console.wanted.with_untracked(Option::is_none)
        && console.location.with_untracked(|it| it.page == Page::Users)
        && console.roster.place.get_untracked() == place;
    if free {
        console.wanted.set(Some(Wanted::ReRoleAgain(Box::new(Again {
            user,
            chosen,
            why,
        }))));
    } else {
        console.toaster.say(why);
    }
}

/// Shows the user of an address, wherever the row is.
fn show(console: Console, email: String) {
    let search = |it: &mut Location| {
        *it = it.on(Page::Users);
        it.search = email;
    };
    console.go(search);
}

/// Gives a user the roles from before; asks first where that weighs.
fn undo(console: Console, user: &str, held: &[RoleId]) {
    let change = RoleChange::Replace(held.to_vec());
    let user = user.into();
    let Some(plan) = console.roster.plan(&[Intent::ReRole { user, change }]) else {
        return;
    };
    match plan.steps.first().filter(|_| plan.confirm.is_empty()) {
        Some(step) => {
            let roles = console
                .roster
                .directory
                .with_untracked(|it| labels(it, &step.after));
            let said = words::done(step.act, &step.email, &roles);
            spawn_local(re_role(console, step.clone(), said));
        }
        None => console.wanted.set(Some(Wanted::Send(Box::new(plan)))),
    }
}

/// What must be said yes to; what weighs most must be typed.
#[component]
pub(super) fn Guards(
    /// The questions.
    guards: Derived<Vec<Guard>>,
    /// What must be typed, if anything.
    to_type: Derived<Option<String>>,
    /// What is typed.
    typed: State<String>,
) -> impl IntoView {
    view! {
        {move || {
            guards
                .get()
                .iter()
                .map(|guard| {
                    let others = words::not_named(guard);
                    let others = (!others.is_empty()).then(|| view! {
                        <details class="commands">
                            <summary>{format!("Show the other {}", words::number(others.len()))}</summary>
                            <p>{others.join(", ")}</p>
                        </details>
                    });
                    view! { <div class="caution"><p>{words::question(guard)}</p>{others}</div> }
                })
                .collect_view()
        }}
        {move || {
            to_type.get().map(|text| {
                view! {
                    <label class="field">
                        <span>"Type " <b>{text}</b> " to go on"</span>
                        <input
                            type="text"
                            autocomplete="off"
                            spellcheck="false"
                            prop:value=move || typed.get()
                            on:input:target=move |event| typed.set(event.target().value())
                        />
                    </label>
                }
            })
        }}
    }
}

/// The step by hand: for a terminal, and to see what exactly will be sent.
#[component]
fn Commands(
    /// The step.
    step: Step,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let vendor = roster
        .directory
        .with_untracked(|directory| step.vendor_command(directory));
    let vendor = vendor.unwrap_or_else(|| "The vendor’s CLI cannot do this.".to_owned());
    view! {
        <details class="commands">
            <summary>"Show the call"</summary>
            <pre tabindex="0" aria-label="As curl">{step.curl()}</pre>
            <pre tabindex="0" aria-label="With the vendor’s CLI">{vendor}</pre>
        </details>
    }
}
