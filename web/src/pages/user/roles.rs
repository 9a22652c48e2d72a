//! Roles of a user, where they come from, and what roles may do.

use leptos::prelude::*;
use rolecall_core::plan::Team;

use super::Facts;
use super::compare::Compare;
use crate::console::Console;
use crate::model::user_view::{self, RoleLine, ScopedLine, UserView};
use crate::model::words;
use crate::reactive::Derived;

/// Roles of the organization and of its parts, where they come from, and what they may do.
#[component]
pub(super) fn Roles(
    /// The user.
    view_of: Derived<Option<UserView>>,
    /// What was asked for.
    facts: Facts,
    /// Whether the service tells of teams and parts.
    tells: bool,
) -> impl IntoView {
    let roster = expect_context::<Console>().roster;
    let roles =
        move || view_of.with(|it| it.as_ref().map(|it| it.roles.clone()).unwrap_or_default());
    let scoped =
        move || view_of.with(|it| it.as_ref().map(|it| it.scoped.clone()).unwrap_or_default());
    let teams = move || {
        let names = |teams: &Vec<Team>| {
            roster.directory.with(|directory| {
                teams
                    .iter()
                    .map(|it| user_view::team(it, directory))
                    .collect::<Vec<_>>()
            })
        };
        facts.teams.with(|it| it.as_ref().map(names))
    };
    let held = move || {
        roles()
            .into_iter()
            .filter(|it| it.held)
            .map(|it| role_line(it, false))
            .collect_view()
    };
    let all = move || {
        roles()
            .into_iter()
            .map(|it| role_line(it, true))
            .collect_view()
    };
    let part = move |line: ScopedLine| {
        let name = facts.workspaces.with(|all| line.name(all).to_owned());
        view! {
            <li title=line.of><b>{line.role}</b><span class="m">{line.scope}" "<bdi>{name}</bdi></span></li>
        }
    };
    view! {
        <ul class="lines-of" aria-label="Roles in the organization">{held}</ul>
        {move || {
            let scoped = scoped();
            (!scoped.is_empty()).then(|| view! {
                <ul class="lines-of" aria-label="Roles in parts of the organization">
                    {scoped.into_iter().map(part).collect_view()}
                </ul>
            })
        }}
        <details class="commands">
            <summary>"What each role may do"</summary>
            <ul class="lines-of">{all}</ul>
        </details>
        <Compare/>
        {tells.then(|| view! {
            <h3>"Teams"</h3>
            {move || teams().map(|teams| match teams.is_empty() {
                true => view! { <p class="m">{words::NO_TEAMS}</p> }.into_any(),
                false => view! {
                    <ul class="lines-of" aria-label="Teams">
                        {teams.into_iter().map(|text| view! { <li><bdi>{text}</bdi></li> }).collect_view()}
                    </ul>
                }
                .into_any(),
            })}
        })}
    }
}

/// A role, and in the list of all also whether it is held and may change users.
fn role_line(role: RoleLine, among_all: bool) -> impl IntoView {
    let manages = (among_all && role.manages_users).then_some(words::MANAGES_USERS);
    let held = (among_all && role.held).then_some(" ✓");
    view! {
        <li>
            <b class=words::tier(role.tier)><span class="dot"></span>{role.label}{held}</b>
            <span class="m">{role.summary}{manages}</span>
        </li>
    }
}
