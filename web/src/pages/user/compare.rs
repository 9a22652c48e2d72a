//! Two roles side by side: what one permits and the other does not.

use crate::reactive::{Derived, State};
use crate::ui::effect::effect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::plan::Failure;
use rolecall_core::role::{Compared, Role};

use crate::console::Console;
use crate::model::words;
use crate::transport;

/// The choice of two roles and their difference, behind a heading; permissions are asked for when it
/// opens.
#[component]
pub(super) fn Compare() -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let failed = State::new(None::<Failure>);
    let asked = State::new(false);
    let ask = move |_| {
        let Some(place) = roster.place.get_untracked() else {
            return;
        };
        if asked.get_untracked() {
            return;
        }
        asked.set(true);
        spawn_local(async move {
            let (connection, service) = (place.connection.id.clone(), place.connection.service);
            let call = service.list_permissions(&place.organization.id);
            match transport::call(&connection, &call).await {
                Ok(roles) => {
                    let here = roster.place.get_untracked();
                    if here.is_some_and(|it| it.organization.id == place.organization.id) {
                        roster.directory.update(|it| it.apply(&roles));
                    }
                }
                Err(failure) => {
                    asked.set(false);
                    let _shown = failed.try_set(Some(failure));
                }
            }
        });
    };
    // places in the list of roles: the mightiest and the most ordinary one, to begin with
    let first = State::new(0_usize);
    let second = State::new(usize::MAX);
    let choice = move |label: &'static str, chosen: State<usize>| {
        let option = move |(at, role): (usize, &Role)| {
            let selected = move || chosen.get() == at;
            view! { <option value=at.to_string() prop:selected=selected>{role.label.clone()}</option> }
        };
        view! {
            <label class="inline">
                {label}
                <select on:change:target=move |event| chosen.set(event.target().selected_index().try_into().unwrap_or(0))>
                    {move || roster.directory.with(|it| it.roles().iter().enumerate().map(option).collect_view())}
                </select>
            </label>
        }
    };
    let known = Derived::new(move |_| roster.directory.with(|it| it.roles().len()));
    effect(move || {
        let last = known.get().saturating_sub(1);
        if second.get_untracked() > last {
            second.set(last);
        }
    });
    let difference = move || {
        roster.directory.with(|directory| {
            let roles = directory.roles();
            let (first, second) = (roles.get(first.get())?, roles.get(second.get())?);
            Some(side_by_side(first, second))
        })
    };
    view! {
        <details class="commands" on:toggle=ask>
            <summary>{words::COMPARE_ROLES}</summary>
            <p class="row">{choice("Of", first)}{choice("and", second)}</p>
            {move || failed.get().map(|failure| view! { <p class="problem">{words::failure(&failure)}</p> })}
            <div aria-live="polite">{move || asked.get().then(difference)}</div>
        </details>
    }
}

/// What each of two roles has and the other has not.
fn side_by_side(first: &Role, second: &Role) -> AnyView {
    let part = |title: String, codes: &[&str]| {
        (!codes.is_empty()).then(|| {
            let code = |it: &&str| view! { <li><code>{(*it).to_owned()}</code></li> };
            view! {
                <h4>{title}</h4>
                <ul class="codes">{codes.iter().map(code).collect_view()}</ul>
            }
        })
    };
    let summary = |role: &Role| {
        let manages = role.manages_users.then_some(words::MANAGES_USERS);
        view! { <p class="m"><b>{role.label.clone()}</b>" "{role.summary.clone()}{manages}</p> }
    };
    if first.id == second.id {
        return summary(first).into_any();
    }
    let permissions = match Compared::of(first, second) {
        None => view! { <p class="m">{words::NO_PERMISSIONS}</p> }.into_any(),
        Some(compared) => view! {
            {part(format!("Only {}", first.label), &compared.first)}
            {part(format!("Only {}", second.label), &compared.second)}
            {part("Both".to_owned(), &compared.both)}
        }
        .into_any(),
    };
    view! { {summary(first)}{summary(second)}{permissions} }.into_any()
}
