//! What can be done with a run that is over: undo it, try again what was not done, take the report along.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::export::{report, report_csv, report_json};
use rolecall_core::plan::run::{Progress, Standing};
use rolecall_core::plan::undo::{Fact, learn_invites, undo};
use rolecall_core::plan::{Context, Plan, Step};

use super::send_all::SendAll;
use crate::console::Console;
use crate::host::download;
use crate::model::run_view::RunView;
use crate::model::words;
use crate::reactive::{Derived, Kept, State};
use crate::transport;

/// What is to be sent.
#[derive(Clone)]
struct Next {
    plan: Plan,
    /// Sentences on what is not sent.
    kept: Vec<String>,
    /// Sentences on how what is sent falls short.
    notes: Vec<String>,
    /// Whether it undoes the run.
    undoes: bool,
}

/// What a button does with a plan and how its steps stand.
type Then = fn(Console, Plan, Vec<Progress>) -> Option<Next>;

/// The buttons, and the dialogs that they open.
#[component]
pub(crate) fn AfterRun(
    /// The run.
    #[prop(into)]
    run: Derived<Option<RunView>>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let sending = State::new(None::<Next>);
    // a run can be undone or tried again where it was made: in the organization that is open
    let here = Derived::new(move |_| {
        run.with(|run| {
            let run = run.as_ref()?;
            roster.place.with(|place| {
                let place = place.as_ref()?;
                let same = place.connection.id == run.connection
                    && place.organization.id.as_str() == run.organization;
                Some(same)
            })
        })
        .unwrap_or(false)
    });
    let unfinished = Derived::new(move |_| {
        run.with(|run| {
            run.as_ref()
                .map_or(0, |run| run.tally.refused + run.tally.not_sent)
        })
    });
    let undone =
        Derived::new(move |_| run.with(|run| run.as_ref().is_some_and(RunView::is_undone)));
    // fetches the plan, and does something with it and how its steps stand
    let waiting = Kept::new(false);
    let with_plan = move |then: Then, by_list: bool| {
        let Some(view) = run.get_untracked() else {
            return;
        };
        let busy = waiting.get_value() || sending.with_untracked(Option::is_some);
        if by_list && busy {
            return;
        }
        if by_list {
            waiting.set_value(true);
        }
        spawn_local(async move {
            let path = format!("/api/runs/{}/plan", view.id);
            // what others changed since must be known before anything is taken back
            if by_list {
                let fresh = roster.freshen().await;
                waiting.try_set_value(false);
                match fresh {
                    Ok(true) if here.try_get_untracked().unwrap_or_default() => {}
                    Ok(_) => return,
                    Err(failure) => return console.toaster.say(words::not_fresh(&failure)),
                }
            }
            match transport::get::<Plan>(&path).await {
                Ok(plan) => {
                    let progress = view.steps.into_iter().map(|it| it.progress).collect();
                    if let Some(next) = then(console, plan, progress) {
                        let _opened = sending.try_set(Some(next));
                    }
                }
                Err(failure) => console.toaster.say(words::failure(&failure)),
            }
        });
    };
    view! {
        <button class="btn" on:click=move |_| with_plan(save_csv, false)>"Report CSV"</button>
        <button class="btn" on:click=move |_| with_plan(save_json, false)>"Report JSON"</button>
        {move || {
            if here.get() {
                view! {
                    <Show when=move || unfinished.get() != 0>
                        <button class="btn" data-next aria-haspopup="dialog" on:click=move |_| with_plan(try_again, true)>
                            {move || format!("Try {} again…", words::number(unfinished.get()))}
                        </button>
                    </Show>
                    <Show when=move || !undone.get()>
                        <button class="btn" aria-haspopup="dialog" on:click=move |_| with_plan(take_back, true)>"Undo…"</button>
                    </Show>
                }
                .into_any()
            } else {
                view! { <span class="m">"To undo it, switch to the organization of this run."</span> }.into_any()
            }
        }}
        {move || {
            sending.get().map(|Next { plan, kept, notes, undoes }| {
                let undoes = run.with_untracked(|run| run.as_ref().map(|it| it.id).filter(|_| undoes));
                let title = undoes.map(|id| format!("Undo run {id}"));
                view! { <SendAll plan kept notes title undoes done=Callback::new(move |()| sending.set(None))/> }
            })
        }}
    }
}

fn save(console: Console, extension: &str, media_type: &str, text: &str) {
    let name = console
        .roster
        .place
        .with_untracked(|it| it.as_ref().map(|it| it.name().to_owned()));
    let name = words::file_name(&name.unwrap_or_default());
    download(&format!("{name}-report.{extension}"), media_type, text);
}

fn save_csv(console: Console, plan: Plan, progress: Vec<Progress>) -> Option<Next> {
    let rows = console
        .roster
        .directory
        .with_untracked(|it| report(&plan, &progress, it));
    save(
        console,
        "csv",
        "text/csv; charset=utf-8",
        &report_csv(&rows),
    );
    None
}

fn save_json(console: Console, plan: Plan, progress: Vec<Progress>) -> Option<Next> {
    let rows = console
        .roster
        .directory
        .with_untracked(|it| report(&plan, &progress, it));
    save(console, "json", "application/json", &report_json(&rows));
    None
}

/// Plans again what was refused or never sent, and nothing else.
fn try_again(console: Console, plan: Plan, progress: Vec<Progress>) -> Option<Next> {
    let undone = |progress: &Progress| {
        matches!(
            progress.standing,
            Standing::Refused { .. } | Standing::NotSent
        )
    };
    let steps = plan
        .steps
        .iter()
        .zip(&progress)
        .filter(|(_, progress)| undone(progress));
    let intents: Vec<_> = steps
        .filter_map(|(step, _): (&Step, _)| step.intent())
        .collect();
    Some(Next {
        plan: console.roster.plan(&intents)?,
        kept: Vec::new(),
        notes: Vec::new(),
        undoes: false,
    })
}

/// Plans the way back.
fn take_back(console: Console, plan: Plan, progress: Vec<Progress>) -> Option<Next> {
    let roster = console.roster;
    let facts = Fact::of_run(&plan, &progress);
    roster
        .directory
        .update(|directory| learn_invites(&facts, directory));
    let context = Context {
        service: plan.service,
        organization: plan.organization,
        me: roster.me.get_untracked().id,
    };
    let way = roster
        .directory
        .with_untracked(|directory| undo(&facts, directory, &context));
    let kept = way
        .kept
        .iter()
        .map(|it| words::of_person(&it.who, &it.why.to_string()));
    let kept = kept.collect();
    let mut notes: Vec<String> = Vec::new();
    for caveat in way.wishes.iter().filter_map(|it| it.caveat) {
        let text = words::sentence(&caveat.to_string());
        if !notes.contains(&text) {
            notes.push(text);
        }
    }
    Some(Next {
        plan: roster.plan(&way.intents())?,
        kept,
        notes,
        undoes: true,
    })
}
