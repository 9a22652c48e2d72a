//! One person at a time, on both services.

use rolecall_core::directory::Status;
use rolecall_core::plan::run::{Pause, Policy, Standing};
use rolecall_core::plan::{Guard, Intent, Reason, RoleChange, Run};
use rolecall_core::role::RoleId;
use rolecall_core::service::Service;

use crate::console::Console;

/// A role for newcomers and one for later.
fn roles(console: &Console) -> (Vec<RoleId>, Vec<RoleId>) {
    match console.service {
        Service::Astro => (
            vec![console.role("ORGANIZATION_MEMBER")],
            vec![console.role("ORGANIZATION_BILLING_ADMIN")],
        ),
        Service::Astra => (
            vec![console.role("RO User"), console.role("Analytics Reader")],
            vec![console.role("R/W User")],
        ),
    }
}

fn invite(email: &str, roles: &[RoleId]) -> Intent {
    Intent::Invite {
        email: email.parse().unwrap(),
        roles: roles.to_vec(),
        resend: false,
    }
}

fn standings(run: &Run) -> Vec<&Standing> {
    run.progress().iter().map(|it| &it.standing).collect()
}

#[test]
fn somebody_is_invited_re_roled_and_withdrawn() {
    for service in Service::ALL {
        let mut console = Console::open(service, 0, "owner");
        let before = console.users.len();
        let (first, second) = roles(&console);
        let email = "new.person@example.com";

        let run = console.make(&[invite(email, &first)]);
        assert!(matches!(
            standings(&run)[..],
            [Standing::Done { seen: false, .. }]
        ));
        console.read().unwrap();
        assert_eq!(console.users.len(), before + 1);
        assert_eq!(console.roles_of(email), first);
        let index = console.users.find_email(email).unwrap();
        assert_eq!(*console.users.row(index).status, Status::Pending);
        assert_eq!(console.mails_to(email), 1);

        let user = console.id_of(email);
        let change = RoleChange::Replace(second.clone());
        console.make(&[Intent::ReRole {
            user: user.clone(),
            change,
        }]);
        console.read().unwrap();
        assert_eq!(console.roles_of(email), second);

        let run = console.make(&[Intent::Withdraw { user }]);
        assert!(matches!(standings(&run)[..], [Standing::Done { .. }]));
        assert!(!console.has(email), "gone from what is shown");
        console.read().unwrap();
        assert!(!console.has(email), "and from the service");
        assert_eq!(console.users.len(), before);
    }
}

#[test]
fn whoever_knows_the_users_is_not_invited_again() {
    for service in Service::ALL {
        let mut console = Console::open(service, 0, "owner");
        let (first, second) = roles(&console);
        console.make(&[invite("new@example.com", &first)]);
        console.read().unwrap();
        let plan = console.plan(&[
            invite("NEW@example.com", &first),
            invite("other@example.com", &first),
            invite("Other@example.com", &second),
        ]);
        assert_eq!(plan.steps.len(), 1);
        let why: Vec<&Reason> = plan.refused.iter().map(|it| &it.why).collect();
        assert!(
            matches!(
                why[..],
                [
                    Reason::AlreadyInvited | Reason::AlreadySo,
                    Reason::Duplicate { row: 1 }
                ]
            ),
            "{why:?}"
        );
    }
}

#[test]
fn what_the_plan_could_not_know_the_service_says() {
    for service in Service::ALL {
        let mut console = Console::open(service, 0, "owner");
        let (first, _) = roles(&console);
        let joined = console
            .users
            .rows()
            .find(|row| *row.status == Status::Active)
            .map(|row| row.email.to_owned())
            .unwrap();
        // somebody has joined since the list was read
        console.users = rolecall_core::directory::Directory::new(console.users.roles().to_vec());
        let run = console.make(&[invite(&joined, &first)]);
        let [Standing::Refused { failure }] = standings(&run)[..] else {
            panic!("{:?}", run.progress());
        };
        assert_eq!(failure.status(), Some(400));
        let words = failure.to_string();
        assert!(
            words.contains("existing role") || words.contains("already in the organization"),
            "{words}"
        );
        assert!(failure.request_id().is_some());
    }
}

#[test]
fn scoped_roles_survive_a_new_role() {
    let mut console = Console::open(Service::Astro, 0, "owner");
    let (user, email, scoped) = console
        .users
        .rows()
        .find(|row| row.scoped.len() > 2)
        .map(|row| (row.id.into(), row.email.to_owned(), row.scoped.to_vec()))
        .unwrap();
    let role = console.role("ORGANIZATION_OBSERVE_ADMIN");
    let change = RoleChange::Replace(vec![role.clone()]);
    console.make(&[Intent::ReRole { user, change }]);
    console.read().unwrap();
    let index = console.users.find_email(&email).unwrap();
    assert_eq!(console.users.row(index).roles, [role]);
    assert_eq!(console.users.row(index).scoped, scoped);
}

#[test]
fn roles_are_added_and_taken_away_one_by_one() {
    let mut console = Console::open(Service::Astra, 0, "owner");
    let email = "Bob.Admin@stellardata.example";
    let user = console.id_of(email);
    let held = console.roles_of(email);
    let more = console.role("Load, then read");
    let change = RoleChange::Add(vec![more.clone()]);
    console.make(&[Intent::ReRole {
        user: user.clone(),
        change,
    }]);
    console.read().unwrap();
    assert_eq!(
        console.roles_of(email),
        [held.clone(), vec![more.clone()]].concat()
    );
    let change = RoleChange::Remove(vec![more]);
    console.make(&[Intent::ReRole { user, change }]);
    console.read().unwrap();
    assert_eq!(console.roles_of(email), held);
}

#[test]
fn the_last_owner_is_kept_by_the_plan() {
    for (service, n) in [(Service::Astro, 2), (Service::Astra, 1)] {
        let console = Console::open(service, n, "owner");
        let owner = console.id_of("olive.owner@cosmicenergy.example");
        let lesser = match service {
            Service::Astro => console.role("ORGANIZATION_MEMBER"),
            Service::Astra => console.role("RO User"),
        };
        let change = RoleChange::Replace(vec![lesser]);
        let plan = console.plan(&[Intent::ReRole {
            user: owner,
            change,
        }]);
        assert!(plan.steps.is_empty());
        assert!(matches!(plan.refused[0].why, Reason::LastOwner { .. }));
    }
}

#[test]
fn making_owners_and_lowering_oneself_is_asked_about() {
    let mut console = Console::open(Service::Astro, 1, "owner");
    let me = console.me.clone().unwrap();
    let owner = console.role("ORGANIZATION_OWNER");
    let member = console.role("ORGANIZATION_MEMBER");
    let plan = console.plan(&[
        invite("new@example.com", std::slice::from_ref(&owner)),
        Intent::ReRole {
            user: me,
            change: RoleChange::Replace(vec![member]),
        },
    ]);
    let guards = &plan.confirm;
    assert!(
        guards
            .iter()
            .any(|it| matches!(it, Guard::Escalation { .. }))
    );
    assert!(guards.iter().any(|it| matches!(it, Guard::OwnRole { .. })));
    // confirmed: it is done, and from now on nothing else may be
    let (run, finished) = console.walk(Run::new(plan, Policy::default()), usize::MAX);
    assert!(finished, "{:?}", run.paused());
    let plan = console.plan(&[invite("next@example.com", &[owner])]);
    let (run, finished) = console.walk(Run::new(plan, Policy::default()), usize::MAX);
    assert!(!finished);
    assert!(matches!(run.paused(), Some(Pause::Permission { .. })));
}

#[test]
fn a_plain_members_run_pauses_and_says_why() {
    for service in Service::ALL {
        let mut console = Console::open(service, 0, "member");
        let (first, _) = roles(&console);
        let emails = ["a@example.com", "b@example.com", "c@example.com"];
        let intents: Vec<Intent> = emails.iter().map(|it| invite(it, &first)).collect();
        let plan = console.plan(&intents);
        let (run, finished) = console.walk(Run::new(plan, Policy::default()), usize::MAX);
        assert!(!finished);
        let Some(Pause::Permission { failure }) = run.paused() else {
            panic!("{:?}", run.paused());
        };
        assert_eq!(failure.status(), Some(403));
        assert!(
            run.progress()
                .iter()
                .all(|it| it.standing == Standing::Waiting)
        );
        assert_eq!(console.sandbox.mails().unwrap(), []);
    }
}

#[test]
fn an_invitation_from_elsewhere_cannot_be_withdrawn_on_astro() {
    let console = Console::open(Service::Astro, 0, "owner");
    let pending = console
        .users
        .rows()
        .find(|row| *row.status == Status::Pending)
        .unwrap();
    let user = pending.id.into();
    let plan = console.plan(&[Intent::Withdraw { user }]);
    assert!(matches!(
        plan.refused[0].why,
        Reason::InviteIdUnknown { .. }
    ));
}

#[test]
fn removing_is_possible_where_the_service_can() {
    let mut console = Console::open(Service::Astra, 0, "owner");
    let email = "Bob.Admin@stellardata.example";
    let user = console.id_of(email);
    let run = console.make(&[Intent::Remove { user: user.clone() }]);
    assert!(matches!(standings(&run)[..], [Standing::Done { .. }]));
    console.read().unwrap();
    assert!(!console.has(email));

    let console = Console::open(Service::Astro, 0, "owner");
    let user = console.id_of("mina.member@cosmicenergy.example");
    let plan = console.plan(&[Intent::Remove { user }]);
    assert!(matches!(plan.refused[0].why, Reason::CannotRemove { .. }));
}

#[test]
fn an_invitation_is_sent_again_where_the_service_can() {
    let mut console = Console::open(Service::Astra, 0, "owner");
    let (first, second) = roles(&console);
    let email = "new@example.com";
    console.make(&[invite(email, &first)]);
    console.read().unwrap();
    console.make(&[Intent::Invite {
        email: email.parse().unwrap(),
        roles: second.clone(),
        resend: true,
    }]);
    console.read().unwrap();
    assert_eq!(console.mails_to(email), 2);
    assert_eq!(console.roles_of(email), second);
}

#[test]
fn organizations_are_switched_and_kept_apart() {
    let mut console = Console::open(Service::Astro, 0, "owner");
    let names: Vec<String> = console
        .organizations()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(
        names,
        ["Cosmic Energy", "Cosmic Energy Staging", "Example Labs"]
    );
    let (first, _) = roles(&console);
    console.switch("Example Labs");
    assert_eq!(console.users.len(), 2);
    console.make(&[invite("new@example.com", &first)]);
    assert_eq!(console.users.len(), 3);
    console.switch("Cosmic Energy Staging");
    assert_eq!(console.users.len(), 120);
    assert!(!console.has("new@example.com"));
    console.switch("Example Labs");
    assert!(console.has("new@example.com"));
    assert_eq!(
        console.invite_of("new@example.com"),
        None,
        "told once, and that was before"
    );
}

#[test]
fn an_organization_that_is_not_there_leaves_the_old_one() {
    let mut console = Console::open(Service::Astro, 2, "owner");
    let call = console.service.get_organization(&"cnothing".into());
    let failure = console.ask(&call).unwrap_err();
    assert_eq!(failure.status(), Some(404));
    assert!(failure.to_string().starts_with("Organization not found"));
    assert_eq!(console.users.len(), 2);
}
