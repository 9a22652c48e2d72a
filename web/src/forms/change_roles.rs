//! Changing the roles of many users at once.

use leptos::prelude::*;
use rolecall_core::plan::{Intent, Plan, RoleChange};
use rolecall_core::service::RoleChoice;

use crate::console::Console;
use crate::freshness::when_fresh;
use crate::model::words;
use crate::reactive::State;
use crate::ui::dialog::Dialog;
use crate::ui::role_picker::RolePicker;

/// What is done with the chosen roles where users have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Add,
    Remove,
    Replace,
}

impl How {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Add, "Add these to what each has"),
        (Self::Remove, "Take these away"),
        (Self::Replace, "These instead of all others"),
    ];
}

/// The dialog: it ends in a plan, which is shown before anything is sent.
#[component]
pub(crate) fn ChangeRoles(
    /// Ids of the users.
    users: Vec<String>,
    /// Called when it has closed.
    done: Callback<()>,
    /// Called with the plan.
    planned: Callback<Plan>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let Some(place) = roster.place.get_untracked() else {
        return ().into_any();
    };
    let choice = place.connection.service.role_choice();
    let list = roster
        .directory
        .with_untracked(|directory| directory.roles().to_vec());
    let title = match users.len() {
        1 => "Change role of 1 user".to_owned(),
        n => format!("Change role of {} users", words::number(n)),
    };
    let close = State::new(false);
    let chosen = State::new(Vec::new());
    let how = State::new(match choice {
        RoleChoice::One => How::Replace,
        RoleChoice::Many => How::Add,
    });
    let (missing, waiting) = (State::new(false), State::new(false));
    let plan = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let roles = chosen.get_untracked();
        if roles.is_empty() {
            return missing.set(true);
        }
        let change = match how.get_untracked() {
            How::Add => RoleChange::Add(roles),
            How::Remove => RoleChange::Remove(roles),
            How::Replace => RoleChange::Replace(roles),
        };
        let intent = |id: &String| Intent::ReRole {
            user: id.as_str().into(),
            change: change.clone(),
        };
        let intents: Vec<Intent> = users.iter().map(intent).collect();
        let then = move || {
            if let Some(plan) = roster.plan(&intents) {
                close.set(true);
                planned.run(plan);
            }
        };
        when_fresh(console, waiting, || true, then);
    };
    let first = how.get_untracked();
    let ways = (choice == RoleChoice::Many).then(|| {
        let way = |(way, label): (How, &'static str)| {
            view! {
                <label class="inline">
                    <input
                        type="radio"
                        name="how"
                        autofocus=way == first
                        prop:checked=move || how.get() == way
                        on:change=move |_| how.set(way)
                    />
                    {label}
                </label>
            }
        };
        view! {
            <fieldset class="roles ways">
                <legend>"How"</legend>
                {How::ALL.into_iter().map(way).collect_view()}
            </fieldset>
        }
    });
    view! {
        <Dialog title id="change-roles" on_close=done close>
            <form novalidate on:submit=plan>
                {ways}
                <RolePicker roles=list choice chosen legend="Role"/>
                <Show when=move || missing.get() && chosen.with(Vec::is_empty)>
                    <p class="problem" role="alert">"Choose a role."</p>
                </Show>
                <footer class="dialog-foot">
                    <button type="button" class="btn" on:click=move |_| close.set(true)>"Cancel"</button>
                    <button type="submit" class="btn primary">
                        {move || if waiting.get() { words::READING_AGAIN } else { "See what will happen" }}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
