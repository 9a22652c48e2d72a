//! A run, watched as it goes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rolecall_core::directory::Directory;
use rolecall_core::json;
use rolecall_core::plan::labels;
use rolecall_core::role::RoleId;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::console::Console;
use crate::forms::after_run::AfterRun;
use crate::model::run_view::{Outcome, RunView, StepView, title};
use crate::model::words;
use crate::paths::Page;
use crate::reactive::{Derived, Kept, State};
use crate::session::Connection;
use crate::transport::{self, Ask};
use crate::ui::cursor::{focus, focus_is_lost};
use crate::ui::effect::effect;
use crate::ui::spoken::Spoken;
use crate::ui::virtual_table::{VirtualTable, each};

/// One run, watched as it goes.
#[component]
pub(super) fn RunPage(
    /// Its number.
    run: i64,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let view_of = State::new(None::<RunView>);
    let lost = State::new(false);
    let unknown = State::new(false);
    watch(run, view_of, lost, unknown);
    // the list of users shows what the run did, once it is over
    let over = Derived::new(move |_| view_of.with(|it| it.as_ref().is_some_and(RunView::is_over)));
    Effect::new(move |before: Option<bool>| {
        let over = over.get();
        if over && before == Some(false) {
            console.roster.refresh();
        }
        over
    });
    let connection = Derived::new(move |_| {
        let id = view_of.with(|it| it.as_ref().map(|it| it.connection.clone()));
        console
            .connections
            .with(|all| all.iter().find(|it| Some(&it.id) == id.as_ref()).cloned())
    });
    let rate = move || {
        let acts = view_of.with(|it| it.as_ref()?.acts)?;
        connection.with(|it| it.as_ref()?.pace(&acts).map(|pace| pace.0))
    };
    let state = Derived::new(move |_| view_of.with(|it| it.as_ref().map(|it| it.state.clone())));
    // the button that was pressed, or is about to be, goes: the focus goes to what can be done next
    let pressed = Kept::new(false);
    let is_at_head = Kept::new(false);
    effect(move || {
        state.track();
        if pressed.get_value() || is_at_head.get_value() {
            request_animation_frame(keep_focus_in_head);
        }
    });
    let steer = move |wish: &'static str| {
        pressed.set_value(true);
        spawn_local(async move {
            let request = Ask::post(format!("/api/runs/{run}/{wish}"), None);
            if let Err(failure) = transport::done(request).await {
                console.toaster.say(words::not_steered(&failure));
            }
        });
    };
    let only = State::new(None::<Outcome>);
    let shown = Derived::new(move |_| {
        let only = only.get();
        let fits =
            |step: &StepView| only.is_none_or(|it| Outcome::of(&step.progress.standing) == it);
        view_of.with(|run| {
            let steps = run.iter().flat_map(|run| run.steps.iter().zip(0_u32..));
            let fitting = steps.filter(|(step, _)| fits(step));
            fitting.map(|(_, index)| index).collect::<Vec<_>>()
        })
    });
    let total = Derived::new(move |_| shown.with(Vec::len));
    let head = || {
        view! {
            <th role="columnheader" scope="col">"Address"</th>
            <th role="columnheader" scope="col">"What"</th>
            <th role="columnheader" scope="col">"Result"</th>
        }
    };
    let row = move |(position, place)| {
        view! { <Step view_of connection shown position place/> }.into_any()
    };
    let bar = Derived::new(move |_| view_of.with(|it| it.as_ref().map_or((0, 0, 1), RunView::bar)));
    let back = move |event: leptos::ev::MouseEvent| {
        // with a modifier, the browser opens another tab or window
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            console.go(|it| it.run = None);
        }
    };
    let said = Derived::new(move |_| {
        let sentence = |it: &RunView| it.sentence(rate());
        view_of
            .with(|it| it.as_ref().map(sentence))
            .unwrap_or_else(|| match unknown.get() {
                true => String::new(),
                false => "Loading…".to_owned(),
            })
    });
    view! {
        <Spoken text=said/>
        <div
            class="head"
            on:focusin=move |_| is_at_head.set_value(true)
            // what loses the focus because it goes names nothing that has it then
            on:focusout=move |event| if event.related_target().is_some() { is_at_head.set_value(false) }
        >
            <h1 tabindex="-1">
                {move || view_of.with(|it| it.as_ref().map_or_else(|| title(run, None, None), |it| title(run, it.undoes, it.acts)))}
            </h1>
            <span class="muted num" data-testid="run-status">{move || said.get()}</span>
            <span class="grow"></span>
            <a class="btn ghost" href=move || console.location.with(|it| it.on(Page::Activity).to_url()) on:click=back>"All activity"</a>
            {move || match state.read().as_deref() {
                Some("running") => view! {
                    <button class="btn" data-next on:click=move |_| steer("pause")>"Pause"</button>
                    <button class="btn" on:click=move |_| steer("stop")>"Stop"</button>
                }.into_any(),
                Some("paused") => view! {
                    <button class="btn primary" data-next on:click=move |_| steer("resume")>"Resume"</button>
                    <button class="btn" on:click=move |_| steer("stop")>"Stop"</button>
                }.into_any(),
                Some("done" | "stopped") => view! { <AfterRun run=view_of/> }.into_any(),
                _ => ().into_any(),
            }}
        </div>
        <About view_of/>
        <div
            class="meter"
            role="progressbar"
            aria-label="Progress of the run"
            aria-valuemin="0"
            aria-valuemax=move || bar.get().2
            aria-valuenow=move || bar.get().0 + bar.get().1
        >
            <i style:width=move || share(bar.get().0, bar.get().2)></i>
            <i class="bad" style:width=move || share(bar.get().1, bar.get().2)></i>
        </div>
        <Show when=move || unknown.get()>
            <p class="problem" role="alert">{format!("Rolecall has no run {run}.")}</p>
        </Show>
        <Show when=move || lost.get() && !unknown.get()>
            <p class="problem" role="alert">"Rolecall does not answer; the run goes on if it is still running. This page follows again as soon as it does."</p>
        </Show>
        <Outcomes view_of only/>
        <Show when=move || total.get() != 0>
            <VirtualTable
                label="Steps"
                class=Derived::always("steps".to_owned())
                total
                top_of=Derived::new(move |_| format!("{:?}", only.get()))
                head
                rows=each(Callback::new(row))
            />
        </Show>
    }
}

/// Where and when it was, and how it and another run undo one another.
#[component]
fn About(
    /// The run.
    view_of: State<Option<RunView>>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let facts = Derived::new(move |_| {
        view_of.with(|it| {
            let run = it.as_ref()?;
            let (name, service) = console.name_of(&run.connection, &run.organization);
            let what = run.undoes.and(run.acts).map(|acts| words::deeds(&acts));
            let begun = format!("{service}, begun {} UTC", words::minute(&run.at));
            let undone = run.undone.map(|it| (it.run, run.is_undone()));
            Some((name, begun, what, run.undoes, undone))
        })
    });
    let link = move |id: i64| {
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            console.go(|it| it.run = Some(id));
        };
        view! { <a href=format!("/activity?run={id}") on:click=go>{format!("run {id}")}</a> }
    };
    move || {
        facts.get().map(|(name, begun, what, undoes, undone)| {
            let undoes = undoes.map(|id| view! { ". It undoes "{link(id)} });
            let undone = undone.map(|(id, whole)| {
                let words = if whole {
                    ". Undone by "
                } else {
                    ". Undone in part by "
                };
                view! { {words}{link(id)} }
            });
            view! {
                <p class="m about">
                    {what.map(|what| format!("{what} · "))}
                    <bdi>{name}</bdi>" · "{begun}{undoes}{undone}"."
                </p>
            }
        })
    }
}

/// How many steps ended how; each is a button that shows only those.
#[component]
fn Outcomes(
    /// The run.
    view_of: State<Option<RunView>>,
    /// What alone is shown.
    only: State<Option<Outcome>>,
) -> impl IntoView {
    let counts = Derived::new(move |_| view_of.with(|run| run.as_ref().map(RunView::counts)));
    let button = move |at: usize, outcome: Outcome| {
        let count = move || counts.with(|all| all.map_or(0, |all| all[at].1));
        let pressed = move || only.get() == Some(outcome);
        let toggle = move |_| only.set((!pressed()).then_some(outcome));
        view! {
            // what is pressed stays, so that it can be released
            <Show when=move || (count() > 0) || pressed()>
                <button type="button" class=outcome.class() aria-pressed=move || pressed().to_string() on:click=toggle>
                    <span class="dot"></span>
                    <b class="num">{move || words::number(count())}</b>
                    {outcome.name()}
                </button>
            </Show>
        }
    };
    view! {
        <div class="legend" role="group" aria-label="Show only">
            {RunView::default().counts().into_iter().zip(0..).map(|((outcome, _), at)| button(at, outcome)).collect_view()}
        </div>
    }
}

fn share(part: usize, all: usize) -> String {
    format!("{}%", part * 100 / all.max(1))
}

/// Gives the focus to the next step, else to the heading, if what had it is gone. Whoever went
/// elsewhere stays there.
fn keep_focus_in_head() {
    if focus_is_lost()
        || document()
            .query_selector("h1:focus")
            .is_ok_and(|it| it.is_some())
    {
        let _found = focus(".head [data-next]") || focus("h1");
    }
}

/// Follows a run while the page is seen: browsers keep no more than six connections to one server, and tabs that
/// nobody looks at would use them up.
fn watch(run: i64, view_of: State<Option<RunView>>, lost: State<bool>, unknown: State<bool>) {
    let seen = State::new(!document().hidden());
    let listener = window_event_listener_untyped("visibilitychange", move |_| {
        let now = !document().hidden();
        if now != seen.get_untracked() {
            seen.set(now);
        }
    });
    on_cleanup(move || listener.remove());
    effect(move || {
        let is_over = view_of.with_untracked(|it| it.as_ref().is_some_and(RunView::is_over));
        if seen.get() && !is_over {
            follow(run, view_of, lost, unknown);
        }
    });
}

/// Follows a run as long as the one who calls is there; the browser connects again by itself when the connection
/// breaks.
fn follow(run: i64, view_of: State<Option<RunView>>, lost: State<bool>, unknown: State<bool>) {
    let path = format!("/api/runs/{run}/events?page={}", transport::page_half());
    let Ok(source) = web_sys::EventSource::new(&path) else {
        return;
    };
    let read = |event: &web_sys::MessageEvent| {
        let text = event.data().as_string()?;
        json::from_slice::<RunView>(text.as_bytes()).ok()
    };
    let closing = source.clone();
    let take = move |view: RunView| {
        lost.set(false);
        if view.is_over() {
            closing.close();
        }
        view_of.update(|now| match now {
            Some(now) if view.id == 0 => now.take_in(view),
            now => *now = Some(view),
        });
    };
    let on_event = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event| {
        if let Some(view) = read(&event) {
            take(view);
        }
    });
    let failing = source.clone();
    let on_error = Closure::<dyn FnMut()>::new(move || {
        // a source that gives up before it brought anything was refused: there is no such run
        let refused = failing.ready_state() == web_sys::EventSource::CLOSED;
        if refused && view_of.with_untracked(Option::is_none) {
            unknown.set(true);
        } else if !view_of.with_untracked(|it| it.as_ref().is_some_and(RunView::is_over)) {
            lost.set(true);
        }
    });
    for name in ["run", "progress"] {
        // an event source takes any listener
        drop(source.add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref()));
    }
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let kept = Kept::new((source, on_event, on_error));
    on_cleanup(move || kept.with_value(|(source, ..)| source.close()));
}

/// One row element of a run.
#[component]
fn Step(
    /// The run.
    view_of: State<Option<RunView>>,
    /// By what it was sent.
    connection: Derived<Option<Connection>>,
    /// Indices of the steps shown.
    shown: Derived<Vec<u32>>,
    /// Which row it shows now.
    position: Derived<Option<usize>>,
    /// Where it stands.
    place: Derived<String>,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let step = Derived::new(move |_| {
        let row = position.get()?;
        let index = *shown.read().get(row)? as usize;
        view_of
            .with(|run| run.as_ref()?.steps.get(index).cloned())
            .map(|step: StepView| (row, step))
    });
    move || {
        step.get().map(|(row, step)| {
            let (word, class) = step.outcome();
            let label = |roles: &[RoleId]| roles_in_words(console, connection, roles);
            let what = step.what(&label(&step.before), &label(&step.after));
            let hover = step.message.clone();
            let (email, deed) = (step.email.clone(), what.clone());
            view! {
                <tr role="row" data-testid="run-row" aria-rowindex=row + 2 style:transform=move || place.get()>
                    <td role="cell" title=email><bdi>{step.email}</bdi></td>
                    <td role="cell" class="muted" title=deed>{what}</td>
                    <td role="cell" title=hover>
                        <span class=format!("st {class}")><span class="dot"></span>{word}</span>
                        {step.message.map(|text| view! { <span class="m">" – "{text}</span> })}
                    </td>
                </tr>
            }
        })
    }
}

/// Labels of roles: those of the organization that is open, else those the service is known to have.
fn roles_in_words(
    console: Console,
    connection: Derived<Option<Connection>>,
    roles: &[RoleId],
) -> String {
    let here = console.roster.directory.with(|directory| {
        let known = roles.iter().all(|id| directory.role(id).is_some());
        known.then(|| labels(directory, roles))
    });
    here.unwrap_or_else(|| {
        let service = connection.with(|it| it.as_ref().map(|it| it.service));
        let roles_of = service.map(|it| it.known_roles()).unwrap_or_default();
        labels(&Directory::new(roles_of), roles)
    })
}
