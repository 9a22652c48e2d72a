use std::collections::BTreeMap;

use super::look::CHANGED_MEANWHILE;
use super::*;
use crate::directory::{HeldRole, Status};
use crate::endpoint::{Refusal, RetryAfter, Unreadable, UnreadableKind};
use crate::service::Service;
use crate::testing::user;

const POLICY: Policy = Policy {
    at_once: 4,
    settle: 40_000,
    backoff: Backoff {
        first: 500,
        most: 60_000,
    },
    patience: 8,
    open_in_a_row: 5,
    longest_wait: 600_000,
};

fn step(row: usize, act: Act) -> Step {
    let service = Service::Astro;
    let (email, user) = (format!("u{row}@example.com"), format!("u{row}"));
    let (organization, member) = ("c1".into(), "ORGANIZATION_MEMBER".into());
    let after = match act {
        Act::Withdraw | Act::Remove => Vec::new(),
        _ => vec![member],
    };
    let call = match act {
        Act::Invite | Act::Resend => service.invite(&organization, &email.parse().unwrap(), &after),
        Act::ReRole => service.re_role(&organization, &user.as_str().into(), &after),
        Act::Withdraw | Act::Remove => service
            .withdraw(&organization, &user.as_str().into(), Some(&"i1".into()))
            .unwrap(),
    };
    Step {
        row,
        act,
        email,
        user: (act != Act::Invite).then(|| user.as_str().into()),
        before: vec!["ORGANIZATION_OWNER".into()],
        after,
        call,
    }
}

fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        service: Service::Astro,
        organization: "c1".into(),
        steps,
        refused: Vec::new(),
        confirm: Vec::new(),
    }
}

fn run(acts: &[Act]) -> Run {
    let steps = acts.iter().enumerate().map(|(row, act)| step(row, *act));
    Run::new(plan(steps.collect()), POLICY)
}

fn refused(status: u16, retry_after: Option<RetryAfter>) -> Failure {
    Failure::Refused(Refusal {
        status,
        message: Some("no".to_owned()),
        request_id: None,
        fields: Vec::new(),
        code: None,
        retry_after,
    })
}

fn unanswered() -> Failure {
    Failure::Unanswered {
        message: "dropped".to_owned(),
    }
}

fn unreachable() -> Failure {
    Failure::Unreachable {
        message: "connection refused".to_owned(),
    }
}

fn invited() -> Change {
    Change::Invited {
        email: String::new(),
        user: None,
        invite: Some("i1".into()),
        expires: String::new(),
    }
}

fn holding(rows: &[usize]) -> Directory {
    let mut directory = Directory::new(Service::Astro.known_roles());
    for row in rows {
        let mut user = user(&format!("u{row}"), &format!("U{row}@example.com"));
        user.status = Status::Pending;
        user.roles = vec![HeldRole {
            id: "ORGANIZATION_MEMBER".into(),
            name: String::new(),
        }];
        directory.apply(&Change::User { user });
    }
    directory
}

/// Sends the first step and records an answer.
fn first(run: &mut Run, answer: Result<Change, Failure>) {
    assert_eq!(run.next(0), Next::Send(0));
    run.record(0, answer, 0, 0);
}

#[test]
fn hands_out_several_calls_at_once_and_no_more() {
    let mut run = run(&[Act::Invite; 6]);
    for step in 0..4 {
        assert_eq!(run.next(0), Next::Send(step));
    }
    assert_eq!(run.next(0), Next::Idle);
    run.record(2, Ok(invited()), 0, 0);
    assert_eq!(run.next(0), Next::Send(4));
    assert_eq!((run.tally().done, run.tally().sent), (1, 4));
}

#[test]
fn keeps_the_order_within_a_row() {
    let mut steps = vec![
        step(0, Act::Withdraw),
        step(1, Act::ReRole),
        step(0, Act::Invite),
    ];
    steps[2].row = 0;
    let mut run = Run::new(plan(steps), POLICY);
    assert_eq!(run.next(0), Next::Send(0));
    assert_eq!(run.next(0), Next::Send(1));
    assert_eq!(run.next(0), Next::Idle);
    let gone = Change::Withdrawn {
        invite: "i1".into(),
    };
    run.record(0, Ok(gone), 0, 0);
    assert_eq!(run.next(0), Next::Send(2));
}

#[test]
fn what_follows_a_step_that_was_not_done_is_not_sent() {
    let mut run = Run::new(
        plan(vec![step(0, Act::Withdraw), step(0, Act::Invite)]),
        POLICY,
    );
    first(&mut run, Err(refused(400, None)));
    assert_eq!(run.next(0), Next::Finished);
    assert_eq!(run.progress()[1].standing, Standing::NotSent);
    // nor by a later process that knows of the first step only
    let kept = [(0, run.progress()[0].clone())];
    let mut run = Run::restore(run.plan().clone(), POLICY, kept, [], 0);
    assert_eq!(run.next(0), Next::Finished);
}

#[test]
fn a_no_of_the_service_is_an_outcome_in_its_own_words() {
    let mut run = run(&[Act::Invite]);
    first(&mut run, Err(refused(400, None)));
    assert_eq!(run.next(0), Next::Finished);
    let Standing::Refused { failure } = &run.progress()[0].standing else {
        panic!("not refused");
    };
    assert_eq!(failure.to_string(), "no (status 400)");
}

#[test]
fn an_invitation_without_an_answer_is_looked_for_before_it_is_sent_again() {
    for failure in [
        unanswered(),
        refused(500, None),
        refused(503, Some(RetryAfter::Seconds(1))),
        Failure::Unreadable(Unreadable {
            status: 200,
            kind: UnreadableKind::Empty,
            request_id: None,
        }),
    ] {
        let mut run = run(&[Act::Invite]);
        first(&mut run, Err(failure));
        assert_eq!(
            run.next(1),
            Next::Wait(40_000),
            "it may still be on its way"
        );
        assert_eq!(run.next(40_000), Next::Read);
        assert_eq!(run.next(40_000), Next::Idle, "one reading for all");

        let mut there = run.clone();
        there.settle(&holding(&[0]), 41_000);
        let seen = Standing::Done {
            invite: None,
            seen: true,
        };
        assert_eq!(there.progress()[0].standing, seen);

        run.settle(&holding(&[]), 41_000);
        assert_eq!(run.next(41_000), Next::Send(0), "sent again, once");
        run.record(0, Err(unanswered()), 42_000, 0);
        assert_eq!(run.next(82_000), Next::Read);
        run.settle(&holding(&[]), 83_000);
        assert!(matches!(
            run.progress()[0].standing,
            Standing::Refused { .. }
        ));
        assert_eq!(run.next(83_000), Next::Finished);
        assert_eq!(run.progress()[0].sent, 2);
    }
}

#[test]
fn a_refusal_of_the_second_sending_may_mean_that_the_first_arrived() {
    let mut run = run(&[Act::Invite]);
    first(&mut run, Err(unanswered()));
    assert_eq!(run.next(40_000), Next::Read);
    run.settle(&holding(&[]), 40_000);
    assert_eq!(run.next(40_000), Next::Send(0));
    run.record(0, Err(refused(400, None)), 40_000, 0);
    assert_eq!(run.next(80_000), Next::Read);
    run.settle(&holding(&[0]), 80_000);
    assert!(run.progress()[0].standing.is_success());
}

#[test]
fn an_invitation_sent_again_that_got_no_answer_stays_unknown() {
    let mut run = run(&[Act::Resend]);
    first(&mut run, Err(unanswered()));
    assert_eq!(run.next(40_000), Next::Read);
    run.settle(&holding(&[0]), 40_000);
    assert!(matches!(
        run.progress()[0].standing,
        Standing::Unknown { .. }
    ));
    assert_eq!(run.next(40_000), Next::Finished);
}

#[test]
fn roles_are_set_again_at_once_since_that_is_safe() {
    let mut run = run(&[Act::ReRole]);
    first(&mut run, Err(unanswered()));
    let Next::Wait(until) = run.next(0) else {
        panic!("no wait");
    };
    assert!(until <= 500);
    assert_eq!(run.next(until), Next::Send(0));
    let set = Change::RolesSet {
        user: "u0".into(),
        roles: Vec::new(),
    };
    run.record(0, Ok(set), until, 0);
    assert_eq!(run.next(until), Next::Finished);
}

#[test]
fn what_is_gone_already_is_not_an_error_unless_the_person_has_joined() {
    let mut run = run(&[Act::Withdraw]);
    first(&mut run, Err(refused(404, None)));
    assert_eq!(run.next(40_000), Next::Read);
    let mut joined = run.clone();
    run.settle(&holding(&[]), 40_000);
    assert_eq!(run.progress()[0].standing, Standing::AlreadySo);
    joined.settle(&holding(&[0]), 40_000);
    assert!(matches!(
        joined.progress()[0].standing,
        Standing::Refused { .. }
    ));
    assert_eq!(joined.next(40_000), Next::Finished, "it is not sent again");

    let mut run = self::run(&[Act::ReRole]);
    first(&mut run, Err(refused(404, None)));
    assert!(matches!(
        run.progress()[0].standing,
        Standing::Refused { .. }
    ));
}

#[test]
fn what_somebody_else_took_away_while_the_run_paused_is_already_so() {
    for status in [401, 403, 429] {
        let mut run = run(&[Act::Withdraw]);
        first(&mut run, Err(refused(status, None)));
        run.resume();
        assert_eq!(run.next(100_000), Next::Send(0), "{status}");
        run.record(0, Err(refused(404, None)), 100_000, 0);
        assert_eq!(run.next(100_000), Next::Read);
        run.settle(&holding(&[]), 100_000);
        assert_eq!(run.progress()[0].standing, Standing::AlreadySo, "{status}");
    }
}

#[test]
fn both_forms_of_retry_after_hold_back_the_whole_run() {
    let now = 1_000_000;
    for said in [RetryAfter::Seconds(7), RetryAfter::At(1_007)] {
        let mut run = run(&[Act::Invite; 2]);
        assert_eq!(run.next(now), Next::Send(0));
        run.record(0, Err(refused(429, Some(said))), now, 0);
        assert_eq!(run.next(now + 1), Next::Wait(now + 7_000));
        assert_eq!(run.next(now + 7_000), Next::Send(1));
        assert_eq!(run.next(now + 7_000), Next::Send(0));
        assert_eq!(
            run.progress()[0].sent,
            1,
            "the service did not do the first one"
        );
    }
}

#[test]
fn a_wait_has_a_name() {
    let now = 1_000_000;
    let said = |run: &Run| {
        let waits = run.waits(now);
        waits.map(|(until, wait)| (until - now, run.wait_in_words(wait)))
    };

    let mut run = run(&[Act::Invite; 2]);
    assert_eq!(said(&run), None);
    assert_eq!(run.next(now), Next::Send(0));
    let too_fast = refused(429, Some(RetryAfter::Seconds(41)));
    run.record(0, Err(too_fast), now, 0);
    let limit = "Astro allows 10 a second".to_owned();
    assert_eq!(said(&run), Some((41_000, limit)));
    run.pause(Pause::Asked);
    assert_eq!(said(&run), None, "it is somebody's turn");

    let mut run = self::run(&[Act::Invite]);
    first(&mut run, Err(unanswered()));
    let now = 0;
    let (until, wait) = run.waits(now).unwrap();
    assert_eq!((until, wait), (Policy::default().settle, Wait::List));

    let mut run = self::run(&[Act::Invite]);
    assert_eq!(run.next(now), Next::Send(0));
    run.record(0, Err(unreachable()), now, 99);
    let (until, wait) = run.waits(now).unwrap();
    assert_eq!(run.next(now), Next::Wait(until));
    assert_eq!(
        run.wait_in_words(wait),
        "Astro did not answer and is tried again"
    );
}

#[test]
fn a_service_that_stays_too_busy_or_away_pauses_the_run() {
    let pauses = [
        (refused(429, None), "takes no more requests"),
        (unreachable(), "cannot be reached"),
    ];
    for (failure, words) in pauses {
        let mut run = run(&[Act::Invite]);
        let mut now = 0;
        let mut sent = 0;
        loop {
            match run.next(now) {
                Next::Send(step) => {
                    sent += 1;
                    run.record(step, Err(failure.clone()), now, 99);
                }
                Next::Wait(until) => now = until,
                Next::Paused => break,
                other => panic!("{other:?}"),
            }
        }
        assert!((8..=9).contains(&sent), "{sent}");
        assert!(run.paused().unwrap().to_string().contains(words));
        run.resume();
        assert!(matches!(run.next(now + 60_000), Next::Send(0)));
        run.record(0, Ok(invited()), now, 0);
        assert_eq!(run.next(now), Next::Finished);
    }
}

#[test]
fn a_bad_token_pauses_instead_of_failing_each_row() {
    for (status, token) in [(401, true), (403, false)] {
        let mut run = run(&[Act::Invite; 3]);
        first(&mut run, Err(refused(status, None)));
        assert_eq!(run.next(0), Next::Paused);
        assert_eq!(matches!(run.paused(), Some(Pause::Token { .. })), token);
        assert_eq!(run.tally().waiting, 3);
        run.resume();
        assert!(matches!(run.next(0), Next::Send(_)));
    }
}

#[test]
fn a_step_that_alone_may_not_be_done_does_not_hold_up_the_rest() {
    let mut run = run(&[Act::Invite; 2]);
    first(&mut run, Err(refused(403, None)));
    run.resume();
    let (mut refusals, mut now) = (0, 0);
    loop {
        match run.next(now) {
            Next::Send(0) => {
                refusals += 1;
                run.record(0, Err(refused(403, None)), now, 0);
            }
            Next::Send(step) => run.record(step, Ok(invited()), now, 0),
            Next::Paused => run.resume(),
            Next::Finished => break,
            other => panic!("{other:?}"),
        }
        now += 1;
    }
    assert!(refusals <= 3);
    assert!(matches!(
        run.progress()[0].standing,
        Standing::Refused { .. }
    ));
    assert!(run.progress()[1].standing.is_success());
}

#[test]
fn pausing_lets_what_is_under_way_come_to_its_end() {
    let mut run = run(&[Act::Invite; 3]);
    assert_eq!(run.next(0), Next::Send(0));
    run.pause(Pause::Asked);
    assert_eq!(run.next(0), Next::Idle);
    run.record(0, Ok(invited()), 0, 0);
    assert_eq!(run.next(0), Next::Paused);
    run.resume();
    assert_eq!(run.next(0), Next::Send(1));
}

#[test]
fn stopping_sends_nothing_more_and_still_looks_for_what_is_open() {
    let mut run = run(&[Act::Invite; 3]);
    first(&mut run, Err(unanswered()));
    assert_eq!(run.next(0), Next::Send(1));
    run.stop();
    run.record(1, Ok(invited()), 0, 0);
    assert_eq!(run.progress()[2].standing, Standing::NotSent);
    assert_eq!(run.next(40_000), Next::Read);
    run.settle(&holding(&[]), 40_000);
    assert_eq!(run.next(40_000), Next::Finished);
    assert!(matches!(
        run.progress()[0].standing,
        Standing::Refused { .. }
    ));
}

#[test]
fn stopping_forgets_nothing_that_was_sent() {
    let mut run = run(&[Act::ReRole]);
    first(&mut run, Err(unanswered()));
    run.stop();
    assert!(matches!(run.progress()[0].standing, Standing::Open { .. }));
    assert_eq!(run.next(80_000), Next::Read);
    run.settle(&holding(&[0]), 80_000);
    assert!(run.progress()[0].standing.is_success());
}

/// A role change of which the first sending got no answer, and the second this one.
fn unsure(answer: Failure) -> Run {
    let mut run = run(&[Act::ReRole]);
    first(&mut run, Err(unanswered()));
    assert_eq!(run.next(1_000), Next::Send(0));
    run.record(0, Err(answer), 1_000, 0);
    run
}

#[test]
fn what_may_have_been_done_is_never_called_not_sent() {
    for answer in [
        refused(429, None),
        refused(401, None),
        refused(403, None),
        unreachable(),
    ] {
        let mut run = unsure(answer.clone());
        run.stop();
        assert_eq!(run.tally().open, 1, "{answer:?}");
        assert_eq!(run.next(1_000), Next::Wait(40_000), "it may still arrive");
        assert_eq!(run.next(100_000), Next::Read);
        run.settle(&holding(&[0]), 100_000);
        assert_eq!(run.tally().done, 1, "{answer:?}");
    }
}

#[test]
fn a_refusal_may_come_because_it_was_done_before() {
    for (there, done) in [(vec![0], 1), (vec![], 0)] {
        let mut run = unsure(refused(400, None));
        assert_eq!(run.tally().open, 1);
        assert_eq!(run.next(41_000), Next::Read);
        run.settle(&holding(&there), 41_000);
        assert_eq!((run.tally().done, run.tally().refused), (done, 1 - done));
        assert_eq!(run.next(41_000), Next::Finished, "it is not asked again");
    }
}

#[test]
fn calls_that_fail_together_are_one_failure() {
    let mut run = run(&[Act::Invite; 40]);
    let mut now = 0;
    for _ in 0..7 {
        let together: Vec<usize> = (0..4)
            .map(|_| match run.next(now) {
                Next::Send(step) => step,
                other => panic!("{other:?}"),
            })
            .collect();
        now += 10_000;
        for step in together {
            run.record(step, Err(unreachable()), now, 99);
        }
        assert_eq!(run.paused(), None);
        let Next::Wait(until) = run.next(now) else {
            panic!("it waits");
        };
        now = until;
    }
}

#[test]
fn a_service_that_answers_nothing_is_not_given_the_whole_run() {
    let mut run = run(&[Act::Invite; 40]);
    for n in 0..5 {
        let Next::Send(step) = run.next(0) else {
            panic!("it sends {n}");
        };
        run.record(step, Err(refused(500, None)), 0, 0);
    }
    assert!(matches!(run.paused(), Some(Pause::Service { .. })));
    run.resume();
    let Next::Send(step) = run.next(0) else {
        panic!("it goes on");
    };
    run.record(step, Ok(invited()), 0, 0);
    assert_eq!((run.paused(), run.tally().open), (None, 5));
}

#[test]
fn a_service_that_wants_hours_makes_somebody_decide() {
    let year = Some(RetryAfter::Seconds(u32::MAX));
    let mut busy = run(&[Act::Invite; 2]);
    first(&mut busy, Err(refused(429, year)));
    assert!(matches!(busy.paused(), Some(Pause::Limits { .. })));
    busy.resume();
    assert!(matches!(busy.next(1), Next::Send(_)), "as who resumes says");

    let mut broken = run(&[Act::ReRole]);
    first(&mut broken, Err(refused(503, year)));
    assert_eq!(broken.next(0), Next::Wait(600_000));
    let at_once = Some(RetryAfter::Seconds(0));
    let mut soon = run(&[Act::Invite]);
    first(&mut soon, Err(refused(429, at_once)));
    assert!(matches!(soon.next(0), Next::Wait(250..=500)));
}

#[test]
fn a_list_that_cannot_be_read_is_asked_for_again_and_then_pauses() {
    let mut run = run(&[Act::Invite]);
    first(&mut run, Err(unanswered()));
    let (mut now, mut readings) = (0, 0);
    loop {
        match run.next(now) {
            Next::Read => {
                readings += 1;
                run.could_not_read(unreachable(), now, 0);
            }
            Next::Wait(until) => now = until,
            Next::Paused => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(readings, 8);
    assert_eq!(run.tally().open, 1);
    run.resume();
    assert_eq!(run.next(now + 60_000), Next::Read);
}

#[test]
fn an_answer_that_comes_twice_counts_once() {
    let mut run = run(&[Act::Invite]);
    first(&mut run, Ok(invited()));
    run.record(0, Err(refused(400, None)), 0, 0);
    assert_eq!(run.tally().done, 1);
}

#[test]
fn what_is_kept_of_a_step_can_be_read_back() {
    let mut run = run(&[Act::Invite; 4]);
    first(&mut run, Ok(invited()));
    assert_eq!(run.next(0), Next::Send(1));
    run.record(1, Err(unanswered()), 0, 0);
    assert_eq!(run.next(0), Next::Send(2));
    for progress in run.progress() {
        let text = serde_json::to_string(progress).unwrap();
        assert_eq!(
            serde_json::from_str::<Progress>(&text).unwrap(),
            *progress,
            "{text}"
        );
    }
    let open = serde_json::to_value(&run.progress()[1]).unwrap();
    assert_eq!(open["state"], "open");
    assert_eq!(open["failure"]["type"], "unanswered");
}

#[test]
fn a_run_of_an_earlier_process_waits_for_somebody_and_asks_the_list_first() {
    let mut run = run(&[Act::Invite; 3]);
    first(&mut run, Ok(invited()));
    assert_eq!(run.next(0), Next::Send(1));
    let kept = run.progress().iter().cloned().enumerate().take(1);
    let mut run = Run::restore(run.plan().clone(), POLICY, kept, [1], 0);
    assert_eq!(run.next(0), Next::Paused);
    assert_eq!(run.paused(), Some(&Pause::Interrupted));
    assert_eq!(
        (run.tally().done, run.tally().open, run.tally().waiting),
        (1, 1, 1)
    );
    run.resume();
    assert_eq!(run.next(0), Next::Send(2));
    run.record(2, Ok(invited()), 0, 0);
    assert_eq!(run.next(39_999), Next::Wait(40_000));
}

/// A service that fails in all ways, and remembers what it did.
struct World {
    dice: u64,
    /// Times that each address was invited.
    invited: BTreeMap<usize, u32>,
    removed: BTreeSet<usize>,
}

impl World {
    fn roll(&mut self) -> u64 {
        // xorshift64, George Marsaglia 2003
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice
    }

    fn act(&mut self, step: &Step) -> Result<Change, Failure> {
        match step.act {
            Act::Invite => {
                // Each time writes a mail: nothing but the run itself keeps it from being two.
                *self.invited.entry(step.row).or_default() += 1;
                Ok(invited())
            }
            _ if self.removed.contains(&step.row) => Err(refused(404, None)),
            _ => {
                self.removed.insert(step.row);
                Ok(Change::Withdrawn {
                    invite: "i1".into(),
                })
            }
        }
    }

    /// Answers one call, every third time not as it should.
    fn answer(&mut self, step: &Step) -> Result<Change, Failure> {
        let empty = Failure::Unreadable(Unreadable {
            status: 200,
            kind: UnreadableKind::Empty,
            request_id: None,
        });
        match self.roll() % 24 {
            0 => Err(unreachable()),
            1 => Err(refused(429, None)),
            2 => Err(refused(429, Some(RetryAfter::Seconds(2)))),
            3 | 4 => Err(unanswered()),
            5 => Err(refused(503, None)),
            6 | 7 => self.act(step).and(Err(unanswered())),
            8 => self.act(step).and(Err(empty)),
            9 => self.act(step).and(Err(refused(500, None))),
            _ => self.act(step),
        }
    }

    fn list(&self) -> Directory {
        let mut rows: Vec<usize> = self.invited.keys().copied().collect();
        rows.extend((0..60).filter(|row| row % 3 == 0 && !self.removed.contains(row)));
        holding(&rows)
    }
}

/// Whole runs under faults, with the process ended in the middle now and then: each step ends with
/// one outcome, each outcome is true, and nothing was done twice.
#[test]
fn nothing_is_lost_and_nothing_done_twice_whatever_fails() {
    for seed in 1..=400 {
        let steps = (0..60).map(|row| {
            step(
                row,
                if row % 3 == 0 {
                    Act::Withdraw
                } else {
                    Act::Invite
                },
            )
        });
        let plan = plan(steps.collect());
        let mut run = Run::new(plan.clone(), POLICY);
        let mut world = World {
            dice: 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed),
            invited: BTreeMap::new(),
            removed: BTreeSet::new(),
        };
        let mut kept: BTreeMap<usize, Progress> = BTreeMap::new();
        let mut flying: Vec<usize> = Vec::new();
        let mut now = 0;
        let mut turns = 0;
        loop {
            turns += 1;
            assert!(turns < 20_000, "seed {seed} never ends: {:?}", run.tally());
            if world.roll().is_multiple_of(150) {
                // The process ends: answers on their way are lost, what they did is not.
                for step in &flying {
                    if world.roll().is_multiple_of(2) {
                        let _ = world.act(run.step(*step));
                    }
                }
                let lost = std::mem::take(&mut flying);
                run = Run::restore(plan.clone(), POLICY, kept.clone(), lost, now);
                kept.extend(run.progress().iter().cloned().enumerate());
            }
            match run.next(now) {
                Next::Send(step) => flying.push(step),
                Next::Wait(until) if flying.is_empty() => now = until,
                Next::Idle | Next::Wait(_) => {
                    let turn = world.roll() as usize % flying.len();
                    let step = flying.swap_remove(turn);
                    let answer = world.answer(run.step(step));
                    let dice = world.roll();
                    run.record(step, answer, now, dice);
                    kept.extend(
                        run.progress()
                            .iter()
                            .cloned()
                            .enumerate()
                            .filter(|(other, it)| *other == step || it.standing.is_outcome()),
                    );
                    now += 20;
                }
                Next::Read if world.roll().is_multiple_of(3) => {
                    run.could_not_read(unanswered(), now, 7);
                }
                Next::Read => {
                    run.settle(&world.list(), now);
                    kept.extend(run.progress().iter().cloned().enumerate());
                }
                Next::Paused => run.resume(),
                Next::Finished => break,
            }
        }
        for (row, progress) in run.progress().iter().enumerate() {
            let done = world.invited.contains_key(&row) || world.removed.contains(&row);
            assert_eq!(
                progress.standing.is_success(),
                done,
                "seed {seed}, row {row}: {progress:?}"
            );
            let certain = matches!(progress.standing, Standing::Unknown { .. });
            assert!(!certain, "a list can tell of each of these");
        }
        assert!(
            world.invited.values().all(|times| *times == 1),
            "seed {seed}"
        );
        let tally = run.tally();
        assert_eq!(tally.done + tally.already_so + tally.refused, 60);
    }
}

/// A person as a reading tells one, with these roles.
fn person(row: usize, roles: &[&str]) -> Result<Change, Failure> {
    let mut user = user(&format!("u{row}"), &format!("U{row}@example.com"));
    let held = |id: &&str| HeldRole {
        id: (*id).into(),
        name: String::new(),
    };
    user.roles = roles.iter().map(held).collect();
    Ok(Change::User { user })
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let (owner, member, other) = (
        "ORGANIZATION_OWNER",
        "ORGANIZATION_MEMBER",
        "ORGANIZATION_BILLING_ADMIN",
    );
    for act in [Act::ReRole, Act::Resend, Act::Withdraw, Act::Remove] {
        let mut run = run(&[act]);
        assert_eq!(run.next(0), Next::Send(0));
        assert_eq!(run.looks_at(0).unwrap().as_str(), "u0", "{act:?}");
        assert!(!run.looked(0, person(0, &[other]), 0, 0));
        let progress = &run.progress()[0];
        assert_eq!(progress.sent, 0);
        let failure = progress.standing.failure().unwrap();
        assert_eq!(failure.to_string(), CHANGED_MEANWHILE);
        assert!(run.is_finished());
    }
    let mut run = run(&[Act::ReRole, Act::ReRole, Act::ReRole, Act::Invite]);
    for step in 0..4 {
        assert_eq!(run.next(0), Next::Send(step));
    }
    assert!(
        run.looked(0, person(0, &[owner]), 0, 0),
        "as the plan found it"
    );
    assert!(!run.looked(1, person(1, &[member]), 0, 0));
    assert_eq!(run.progress()[1].standing, Standing::AlreadySo);
    assert!(
        run.looked(2, Err(refused(404, None)), 0, 0),
        "the service says what is gone"
    );
    assert_eq!(run.looks_at(3), None, "nobody was there");
}

#[test]
fn what_was_sent_before_or_follows_is_not_looked_at() {
    let mut steps: Vec<Step> = [Act::Withdraw, Act::Invite].map(|act| step(0, act)).into();
    steps[1].user = Some("u0".into());
    let mut run = Run::new(plan(steps), POLICY);
    first(&mut run, Ok(invited()));
    assert_eq!(run.next(0), Next::Send(1));
    assert_eq!(
        run.looks_at(1),
        None,
        "the step before it made the person what it is"
    );
    let mut run = self::run(&[Act::ReRole]);
    first(&mut run, Err(unanswered()));
    assert_eq!(run.next(100_000), Next::Send(0));
    assert_eq!(run.looks_at(0), None, "it may be done");
}

#[test]
fn who_cannot_be_read_is_not_sent_and_tried_again() {
    for failure in [refused(500, None), unanswered(), refused(429, None)] {
        let mut run = run(&[Act::ReRole]);
        assert_eq!(run.next(0), Next::Send(0));
        assert!(!run.looked(0, Err(failure), 0, 0));
        let progress = &run.progress()[0];
        assert_eq!((progress.sent, progress.unsure), (0, false));
        assert_eq!(run.next(600_000), Next::Send(0));
        assert!(run.looks_at(0).is_some());
    }
    let mut run = run(&[Act::ReRole]);
    assert_eq!(run.next(0), Next::Send(0));
    assert!(!run.looked(0, Err(refused(401, None)), 0, 0));
    assert!(matches!(run.paused(), Some(Pause::Token { .. })));
}

#[test]
fn what_is_looked_at_when_somebody_stops_is_not_sent() {
    let owner = person(0, &["ORGANIZATION_OWNER"]);
    let mut run = run(&[Act::ReRole]);
    assert_eq!(run.next(0), Next::Send(0));
    run.pause(Pause::Asked);
    assert!(!run.looked(0, owner.clone(), 0, 0));
    assert_eq!(run.progress()[0], Progress::START);
    run.resume();
    assert_eq!(run.next(0), Next::Send(0));
    run.stop();
    assert!(!run.looked(0, owner, 0, 0));
    assert_eq!(run.progress()[0].standing, Standing::NotSent);
    assert!(run.is_finished());
}
