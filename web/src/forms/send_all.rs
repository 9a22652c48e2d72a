//! The end of a review: what will be sent, who becomes mighty, and the button that starts the run.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::json::FromJson;
use rolecall_core::plan::{Acts, Failure, Plan, Reason, Refused, labels};
use serde::Serialize;

use super::send::Guards;
use crate::console::Console;
use crate::freshness::after_run;
use crate::host;
use crate::model::review_view::cost;
use crate::model::words;
use crate::paths::Page;
use crate::reactive::{Derived, Kept, State};
use crate::transport::{self, Ask};
use crate::ui::dialog::Dialog;
use crate::ui::effect::effect;

/// Calls that are shown in full; the rest is counted.
const SHOWN: usize = 50;

#[derive(Serialize)]
struct Beginning<'p> {
    connection: &'p str,
    plan: &'p Plan,
    undoes: Option<i64>,
    /// The same each time this dialog asks: where an answer was lost, the run that is there is not begun again.
    key: &'p str,
}

#[derive(FromJson)]
struct Begun {
    run: i64,
}

/// The dialog: it hands the plan to the server, and goes to the run.
#[component]
pub(crate) fn SendAll(
    /// What is to be sent.
    plan: Plan,
    /// What is not, besides what the plan refuses.
    #[prop(optional)]
    kept: Vec<String>,
    /// What should be known about what is sent.
    #[prop(optional)]
    notes: Vec<String>,
    /// Its title before the organization, if what the plan does is not enough said.
    #[prop(optional_no_strip)]
    title: Option<String>,
    /// The run that it undoes.
    #[prop(optional_no_strip)]
    undoes: Option<i64>,
    /// What the button says, if not that it sends.
    #[prop(optional_no_strip)]
    verb: Option<String>,
    /// What must be typed first, if the plan itself asks for nothing.
    #[prop(optional_no_strip)]
    must_type: Option<String>,
    /// Called when it has closed.
    done: Callback<()>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let close = State::new(false);
    let (sending, failed) = (State::new(false), State::new(None::<Failure>));
    let typed = State::new(String::new());
    let (name, pace) = console.roster.place.with_untracked(|place| {
        let place = place.as_ref();
        let name = place.map(|it| it.name().to_owned());
        (
            name.unwrap_or_default(),
            place.and_then(|it| it.connection.pace(&Acts::of(&plan.steps))),
        )
    });
    let cost = cost(plan.steps.len(), plan.duration(), pace);
    let title = match title {
        Some(title) => format!("{title} in {name}"),
        None => words::task(&Acts::of(&plan.steps), &name),
    };
    let verb = verb.unwrap_or_else(|| format!("Send {}", words::number(plan.steps.len())));
    let nothing = plan.steps.is_empty();
    // what is so already is no trouble: it comes last
    let (so, trouble): (Vec<_>, Vec<_>) = plan
        .refused
        .iter()
        .partition(|it| it.why == Reason::AlreadySo);
    let of_person = |it: &&Refused| words::of_person(&it.who, &it.why.to_string());
    let unsent = plan.refused.len() + kept.len();
    let refused: Vec<String> = trouble
        .iter()
        .map(of_person)
        .chain(kept)
        .chain(so.iter().map(of_person))
        .take(SHOWN)
        .collect();
    let unsaid = unsent - refused.len();
    let calls: Vec<String> = plan
        .steps
        .iter()
        .take(SHOWN)
        .map(|step| step.curl())
        .collect();
    let by_vendor: Vec<String> = console.roster.directory.with_untracked(|directory| {
        let line = |step: &rolecall_core::plan::Step| step.vendor_command(directory);
        plan.steps
            .iter()
            .take(SHOWN)
            .map(|step| {
                line(step)
                    .unwrap_or_else(|| format!("# {}: the vendor’s CLI cannot do this", step.email))
            })
            .collect()
    });
    let summary: Vec<String> = console.roster.directory.with_untracked(|directory| {
        let line = |step: &rolecall_core::plan::Step| {
            let (before, after) = (
                labels(directory, &step.before),
                labels(directory, &step.after),
            );
            format!(
                "{}: {}",
                step.email,
                words::intended(step.act, &before, &after)
            )
        };
        plan.steps.iter().take(SHOWN).map(line).collect()
    });
    let more = plan.steps.len().saturating_sub(SHOWN);
    let more = (more > 0)
        .then(|| view! { <p class="m">{format!("And {} more.", words::number(more))}</p> });
    let guards = plan.confirm.clone();
    let guards = Derived::new(move |_| guards.clone());
    let to_type = Derived::new(move |_| {
        let asked = guards.with(|it| it.iter().find_map(words::to_type).map(str::to_owned));
        // where nothing is sent, nobody need be sure of it
        asked.or_else(|| must_type.clone()).filter(|_| !nothing)
    });
    let confirmed =
        move || to_type.with(|it| it.as_ref().is_none_or(|text| *text == typed.read().trim()));
    // it ends with the organization that it was meant for
    let meant = console.roster.place.get_untracked();
    let elsewhere = {
        let meant = meant.clone();
        move || !meant.as_ref().is_some_and(|it| console.roster.is_open(it))
    };
    effect(move || {
        console.roster.place.track();
        if elsewhere() {
            close.set(true);
        }
    });
    let plan = Kept::new(plan);
    let key = host::name_of_its_own();
    let begin = move |_| {
        let Some(place) = meant.clone().filter(|it| console.roster.is_open(it)) else {
            return;
        };
        if sending.get_untracked() || !confirmed() {
            return;
        }
        sending.set(true);
        failed.set(None);
        let body = plan.with_value(|plan| {
            serde_json::to_vec(&Beginning {
                connection: &place.connection.id,
                plan,
                undoes,
                key: &key,
            })
        });
        spawn_local(async move {
            let body = body.expect("a plan is JSON");
            let request = Ask::post("/api/runs", Some(body));
            match transport::read::<Begun>(request).await {
                Ok(Begun { run }) => {
                    after_run(console, run);
                    let _closed = close.try_set(true);
                    // the page goes before the dialog can say that it has closed
                    let _done = done.try_run(());
                    console.go(|location| {
                        *location = location.on(Page::Activity);
                        location.run = Some(run);
                    });
                }
                Err(failure) => {
                    let _ended = sending.try_set(false);
                    let _told = failed.try_set(Some(failure));
                }
            }
        });
    };
    view! {
        <Dialog title id="send-all" on_close=done close>
            {(!nothing).then(|| view! { <p>{cost}" It goes on if you close this page."</p> })}
            {notes.into_iter().map(|text| view! { <p class="caution">{text}</p> }).collect_view()}
            <Guards guards to_type typed/>
            {(!refused.is_empty()).then(|| view! {
                <div class="caution">
                    <p>{format!("Not sent: {}", words::number(unsent))}</p>
                    <ul>{refused.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
                    {(unsaid > 0).then(|| view! { <p>{format!("And {} more.", words::number(unsaid))}</p> })}
                </div>
            })}
            <ul class="summary" tabindex="0" aria-label="What will happen" hidden=nothing>
                {summary.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}
            </ul>
            {more}
            <details class="commands">
                <summary>"Show the calls"</summary>
                <pre tabindex="0" aria-label="As curl">{calls.join("\n")}</pre>
                <pre tabindex="0" aria-label="With the vendor’s CLI">{by_vendor.join("\n")}</pre>
            </details>
            {move || failed.get().map(|failure| view! { <p class="problem" role="alert">{words::failure(&failure)}</p> })}
            <footer class="dialog-foot">
                <button type="button" class="btn" on:click=move |_| close.set(true)>"Cancel"</button>
                <button
                    type="button"
                    class="btn primary"
                    disabled=move || nothing || sending.get() || !confirmed()
                    on:click=begin
                >
                    {move || if sending.get() { "Sending…".to_owned() } else { verb.clone() }}
                </button>
            </footer>
        </Dialog>
    }
}
