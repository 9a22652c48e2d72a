//! Inviting many: a list goes in, what would happen stands beside it, and nothing is sent before Send.

use crate::reactive::{Derived, State};
use crate::ui::effect::effect;
use leptos::prelude::*;

use self::lines::{Facts, Lines};
use crate::console::Console;
use crate::desks::invite::InviteDesk;
use crate::forms::send_all::SendAll;
use crate::freshness::when_fresh;
use crate::model::words;
use crate::roster::Reading;
use crate::ui::list_field::{DefaultRole, ListField};

mod lines;

/// The page.
#[component]
pub(crate) fn Invite() -> impl IntoView {
    let console = expect_context::<Console>();
    let roster = console.roster;
    let name = move || {
        roster
            .place
            .with(|it| it.as_ref().map(|it| it.name().to_owned()))
    };
    let open = Derived::new(move |_| roster.place.with(Option::is_some));
    let may = Derived::new(move |_| roster.may_change());
    view! {
        <div class="head">
            <h1 tabindex="-1">{move || name().map_or_else(|| "Invite people".to_owned(), |name| format!("Invite people to {}", words::isolated(&name)))}</h1>
        </div>
        <Show when=move || open.get() fallback=|| view! { <p class="muted" role="status">"Loading…"</p> }>
            {move || match may.get() {
                Err(why) => view! {
                    <div class="problem">
                        <p>{why}</p>
                        <Show when=move || roster.reading.with(|it| matches!(it, Reading::Failed(_)))>
                            <button class="btn small" on:click=move |_| roster.refresh()>"Try again"</button>
                        </Show>
                    </div>
                }.into_any(),
                Ok(()) => view! { <Desk/> }.into_any(),
            }}
        </Show>
    }
}

/// The field, the review beside it, and the button below.
#[component]
fn Desk() -> impl IntoView {
    let console = expect_context::<Console>();
    let desk = console.keep(console.invite, |it| InviteDesk::new(it.roster));
    effect(move || desk.follow());
    let sending = State::new(None);
    let count = move || {
        desk.counts
            .with(|[invite, re_role, again, ..]| invite + re_role + again)
    };
    let wrong = move || desk.counts.with(|[.., wrong]| *wrong);
    let left_out = Derived::new(move |_| match wrong() {
        0 => String::new(),
        1 => "1 line is left out until mended.".to_owned(),
        n => format!("{} lines are left out until mended.", words::number(n)),
    });
    let waiting = State::new(false);
    let plan = move || {
        let intents = desk.verdicts.with_untracked(|verdicts| {
            desk.review
                .with_untracked(|review| review.intents(verdicts, &desk.defaults.get_untracked()))
        });
        let intents: Vec<_> = intents.into_iter().map(|(_, intent)| intent).collect();
        match intents.is_empty() {
            true => console.toaster.say(words::NOTHING_LEFT.to_owned()),
            false => sending.set(console.roster.plan(&intents)),
        }
    };
    let send = move |_| when_fresh(console, waiting, move || desk.is_settled(), plan);
    console.roster.catch_up_now();
    view! {
        <div class="two">
            <Source desk/>
            <section aria-labelledby="review-heading" class="review">
                <h2 id="review-heading">"What will happen"</h2>
                <Facts desk/>
                <Lines desk/>
            </section>
        </div>
        <div class="foot">
            <span class="muted" role="status">
                {move || left_out.get()}
            </span>
            <span class="grow"></span>
            <button class="btn primary" disabled=move || count() == 0 || desk.progress.read().is_some() on:click=send>
                {move || match count() {
                    _ if waiting.get() => words::READING_AGAIN.to_owned(),
                    0 => "Nothing to send yet".to_owned(),
                    n => format!("Send {}…", words::number(n)),
                }}
            </button>
        </div>
        {move || {
            sending.get().map(|plan| {
                let notes = Some(left_out.get_untracked()).filter(|it| !it.is_empty());
                let notes = notes.into_iter().collect();
                view! { <SendAll plan notes done=Callback::new(move |()| sending.set(None))/> }
            })
        }}
    }
}

/// Where the list goes in.
#[component]
fn Source(
    /// The page's state.
    desk: InviteDesk,
) -> impl IntoView {
    let console = expect_context::<Console>();
    let service = console
        .roster
        .place
        .with_untracked(|it| it.as_ref().map(|it| it.connection.service));
    let note = service.map(|it| it.default_note());
    view! {
        <section aria-labelledby="list-heading">
            <ListField
                text=desk.text
                take=Callback::new(move |text| desk.take(text))
                label="Who"
                hint="Paste anything: addresses, a spreadsheet column, “Name <address>”, CSV, JSON, what the vendors’ CLIs print — or drop a file. It stays in this browser until you send."
            >
                <DefaultRole defaults=desk.defaults/>
            </ListField>
            <p class="m">{note}</p>
        </section>
    }
}
