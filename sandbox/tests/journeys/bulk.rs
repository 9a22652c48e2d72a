//! Many people at once, while requests fail: nothing is lost, nothing is done twice.

use std::collections::HashMap;

use rolecall_core::directory::{Status, UserId};
use rolecall_core::plan::run::{Policy, Progress, Standing};
use rolecall_core::plan::{Intent, RoleChange, Run};
use rolecall_core::role::RoleId;
use rolecall_core::service::Service;
use rolecall_sandbox::{Rate, Settings};

use crate::console::{Console, SMALL};

fn console(service: Service, faults: &str, seed: u64) -> Console {
    let settings = Settings {
        users: SMALL,
        faults: faults.parse().unwrap(),
        seed,
        ..Settings::default()
    };
    Console::with(settings, service, 0, "owner")
}

fn newcomer(n: usize) -> String {
    format!("newcomer.{n}@example.com")
}

fn invitations(console: &Console, count: usize) -> Vec<Intent> {
    let role = match console.service {
        Service::Astro => console.role("ORGANIZATION_MEMBER"),
        Service::Astra => console.role("RO User"),
    };
    (0..count)
        .map(|n| Intent::Invite {
            email: newcomer(n).parse().unwrap(),
            roles: vec![role.clone()],
            resend: false,
        })
        .collect()
}

/// What the service holds now: the list is read until its pages agree, whatever fails on the way.
fn truth(console: &mut Console) -> HashMap<String, (UserId, Vec<RoleId>)> {
    console.read().unwrap();
    console
        .users
        .rows()
        .map(|row| {
            (
                row.email.to_lowercase(),
                (row.id.into(), row.roles.to_vec()),
            )
        })
        .collect()
}

/// Each invitation has an outcome, each outcome is true, and nobody got two mails.
fn assert_invited(console: &mut Console, run: &Run, count: usize) {
    assert!(run.is_finished());
    assert_eq!(run.progress().len(), count);
    let there = truth(console);
    for (n, progress) in run.progress().iter().enumerate() {
        let email = newcomer(n);
        let mails = console.mails_to(&email);
        match &progress.standing {
            Standing::Done { .. } => {
                assert!(there.contains_key(&email), "{email} is told as done");
                assert_eq!(mails, 1, "{email}");
            }
            Standing::Refused { failure } => {
                assert!(!there.contains_key(&email), "{email}: {failure}");
                assert_eq!(mails, 0, "{email}");
            }
            other => panic!("{email}: {other:?}"),
        }
    }
}

#[test]
fn a_thousand_invitations_with_a_fifth_failing() {
    for (service, seed) in [
        (Service::Astro, 1),
        (Service::Astra, 1),
        (Service::Astro, 2),
        (Service::Astra, 3),
    ] {
        let mut console = console(service, "20%", seed);
        let intents = invitations(&console, 1000);
        let run = console.make(&intents);
        assert_invited(&mut console, &run, 1000);
        let done = run.tally().done;
        assert!(done >= 950, "{service:?} {seed}: {:?}", run.tally());
    }
}

#[test]
fn half_of_all_answers_lost() {
    for service in Service::ALL {
        for faults in [
            "drop-after=50%",
            "drop-before=50%",
            "500-after=50%",
            "truncated=50%",
        ] {
            let mut console = console(service, faults, 4);
            let intents = invitations(&console, 60);
            let run = console.make(&intents);
            assert_invited(&mut console, &run, 60);
        }
    }
}

#[test]
fn killed_twice_and_resumed() {
    for service in Service::ALL {
        let mut console = console(service, "20%", 5);
        let plan = console.plan(&invitations(&console, 300));
        let mut run = Run::new(plan.clone(), Policy::default());
        for answers in [70, 90] {
            let (killed, finished) = console.walk(run, answers);
            assert!(!finished);
            // what a journal holds at this moment, and nothing else, goes on
            let mut kept: Vec<(usize, Progress)> = Vec::new();
            let mut sent = Vec::new();
            for (step, progress) in killed.progress().iter().enumerate() {
                match progress.standing {
                    Standing::Sent => sent.push(step),
                    _ => kept.push((step, progress.clone())),
                }
            }
            assert!(!sent.is_empty(), "calls were under way");
            console.now += 60_000;
            run = Run::restore(plan.clone(), Policy::default(), kept, sent, console.now);
            run.resume();
        }
        let (run, finished) = console.walk(run, usize::MAX);
        assert!(finished);
        assert_invited(&mut console, &run, 300);
    }
}

#[test]
fn limits_are_kept_or_obeyed() {
    for service in Service::ALL {
        let settings = Settings {
            users: SMALL,
            rate: Rate::Real,
            ..Settings::default()
        };
        let mut console = Console::with(settings, service, 0, "owner");
        let intents = invitations(&console, 200);
        let start = console.now;
        let run = console.make(&intents);
        assert_invited(&mut console, &run, 200);
        assert_eq!(run.tally().done, 200);
        let seconds = (console.now - start) / 1000;
        let least = 200 / u64::from(service.rates().write) - 2;
        assert!(
            (least..4 * least).contains(&seconds),
            "{service:?}: {seconds} s"
        );
        // Nobody paces the calls here but the answers themselves.
        assert!(
            console.too_fast > 0 && console.too_fast < 400,
            "{}",
            console.too_fast
        );
    }
}

#[test]
fn roles_of_many_are_what_was_wanted_whatever_fails() {
    for (service, wanted) in [
        (Service::Astro, "ORGANIZATION_BILLING_ADMIN"),
        (Service::Astra, "API RO User"),
    ] {
        let mut console = console(service, "20%", 6);
        let wanted = console.role(wanted);
        let mut scoped = HashMap::new();
        let mut intents = Vec::new();
        for row in console.users.rows() {
            if *row.status == Status::Active && !row.email.starts_with("olive.owner") {
                scoped.insert(row.id.to_owned(), row.scoped.to_vec());
                intents.push(Intent::ReRole {
                    user: row.id.into(),
                    change: RoleChange::Replace(vec![wanted.clone()]),
                });
            }
        }
        // Astra needs an administrator who stays.
        if service == Service::Astra {
            intents.remove(0);
        }
        let plan = console.plan(&intents);
        let (run, finished) = console.walk(Run::new(plan, Policy::default()), usize::MAX);
        assert!(finished);
        let there = truth(&mut console);
        for (step, progress) in run.progress().iter().enumerate() {
            let email = run.step(step).email.to_lowercase();
            let (user, held) = &there[&email];
            let so = *held == [wanted.clone()];
            match &progress.standing {
                Standing::Done { .. } | Standing::AlreadySo => assert!(so, "{email}"),
                Standing::Refused { failure } => assert!(!so, "{email}: {failure}"),
                other => panic!("{email}: {other:?}"),
            }
            let index = console.users.find(user.as_str()).unwrap();
            assert_eq!(
                console.users.row(index).scoped,
                scoped[user.as_str()],
                "{email}"
            );
        }
        let Standing::Done { .. } = run.progress()[0].standing else {
            panic!("{:?}", run.progress()[0]);
        };
    }
}

#[test]
fn invitations_of_many_are_withdrawn_whatever_fails() {
    for service in Service::ALL {
        let mut console = console(service, "20%", 7);
        let intents = invitations(&console, 150);
        console.make(&intents);
        console.read().unwrap();
        // On Astro an invitation whose answer never came cannot be withdrawn from here.
        let mut intents = Vec::new();
        for n in 0..150 {
            let email = newcomer(n);
            if console.has(&email)
                && (service == Service::Astra || console.invite_of(&email).is_some())
            {
                let user = console.id_of(&email);
                intents.push(Intent::Withdraw { user });
            }
        }
        assert!(intents.len() > 100);
        let run = console.make(&intents);
        let there = truth(&mut console);
        for (step, progress) in run.progress().iter().enumerate() {
            let email = &run.step(step).email;
            match &progress.standing {
                Standing::Done { .. } | Standing::AlreadySo => {
                    assert!(!there.contains_key(email), "{email}");
                }
                Standing::Refused { .. } => assert!(there.contains_key(email), "{email}"),
                other => panic!("{email}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_list_that_moves_while_it_is_read_is_noticed() {
    let read = |faults: &str| {
        let settings = Settings {
            users: 3500,
            faults: faults.parse().unwrap(),
            ..Settings::default()
        };
        Console::with(settings, Service::Astro, 0, "owner")
    };
    let calm = read("");
    assert_eq!(calm.users.len(), 3500);
    for faults in ["duplicate-page=40%", "shrinking-list=40%"] {
        let console = read(faults);
        assert!(console.readings > calm.readings, "{faults}");
        let ids = |console: &Console| -> Vec<String> {
            console.users.rows().map(|row| row.id.to_owned()).collect()
        };
        let (mut found, mut all) = (ids(&console), ids(&calm));
        found.sort();
        all.sort();
        assert_eq!(found, all, "{faults}");
    }
}
