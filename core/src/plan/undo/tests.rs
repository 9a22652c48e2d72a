use proptest::prelude::*;

use super::*;
use crate::directory::User;
use crate::plan::run::{Next, Policy, Run};
use crate::plan::{Change, Failure, plan};
use crate::testing::{done, held, user};

const OWNER: &str = "ORGANIZATION_OWNER";
const BILLING: &str = "ORGANIZATION_BILLING_ADMIN";
const MEMBER: &str = "ORGANIZATION_MEMBER";

fn context(service: Service) -> Context {
    Context {
        service,
        organization: "c1".into(),
        me: None,
    }
}

fn ids(roles: &[&str]) -> Vec<RoleId> {
    roles.iter().map(|id| RoleId::from(*id)).collect()
}

fn put(directory: &mut Directory, n: usize, roles: &[RoleId], status: Status) {
    let user = User {
        roles: held(roles),
        status,
        ..user(&format!("u{n}"), &format!("U{n}@example.com"))
    };
    directory.apply(&Change::User { user });
}

/// An owner, two members, one of them pending with a known invitation, one without.
fn directory(service: Service) -> Directory {
    let mut directory = Directory::new(service.known_roles());
    let role = |n: usize| vec![directory.roles()[n].id.clone()];
    let (owner, low) = (role(0), role(directory.roles().len() - 1));
    put(&mut directory, 0, &owner, Status::Active);
    put(&mut directory, 1, &low, Status::Active);
    put(&mut directory, 2, &low, Status::Pending);
    put(&mut directory, 3, &low, Status::Pending);
    directory.learn_invite(&"u2".into(), "i-u2".into());
    directory
}

fn email(n: usize) -> String {
    format!("u{n}@example.com")
}

fn invite(n: usize, roles: &[RoleId]) -> Intent {
    Intent::Invite {
        email: email(n).parse().unwrap(),
        roles: roles.to_vec(),
        resend: true,
    }
}

fn re_role(n: usize, roles: &[RoleId]) -> Intent {
    Intent::ReRole {
        user: format!("u{n}").into(),
        change: RoleChange::Replace(roles.to_vec()),
    }
}

/// Carries a plan out as a service would which does all it is asked.
fn carry_out(plan: Plan, directory: &mut Directory) -> Vec<Progress> {
    let mut run = Run::new(plan, Policy::default());
    let mut now = 0;
    loop {
        match run.next(now) {
            Next::Send(index) => {
                let change = done(run.step(index), directory);
                directory.apply(&change);
                run.record(index, Ok(change), now, 0);
            }
            Next::Wait(until) => now = until,
            Next::Finished => return run.progress().to_vec(),
            other => panic!("{other:?}"),
        }
    }
}

/// Who is there, as what.
fn state(directory: &Directory) -> Vec<(String, Vec<RoleId>, Status)> {
    let row = |row: Row<'_>| {
        let mut roles = row.roles.to_vec();
        roles.sort();
        (email_key(row.email), roles, row.status.clone())
    };
    let mut state: Vec<_> = directory.rows().map(row).collect();
    state.sort_by(|a, b| a.0.cmp(&b.0));
    state
}

/// Plans and carries out, and tells what was done.
fn act(intents: &[Intent], directory: &mut Directory, service: Service) -> Vec<Fact> {
    let plan = plan(intents, directory, &context(service));
    assert_eq!(plan.refused, [], "the test wants only what can be done");
    let progress = carry_out(plan.clone(), directory);
    Fact::of_run(&plan, &progress)
}

fn why(undo: &Undo) -> Vec<String> {
    undo.kept
        .iter()
        .map(|kept| format!("{} {}", kept.who, kept.why))
        .collect()
}

#[test]
fn a_run_in_astro_and_back() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let first = state(&directory);
    let intents = [
        invite(8, &ids(&[OWNER])),
        re_role(1, &ids(&[BILLING])),
        re_role(3, &ids(&[OWNER])),
        Intent::Withdraw { user: "u2".into() },
    ];
    let facts = act(&intents, &mut directory, service);
    assert_ne!(state(&directory), first);
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!(undo.kept, []);
    let caveats: Vec<_> = undo.wishes.iter().map(|it| (it.fact, it.caveat)).collect();
    assert_eq!(
        caveats,
        [
            (3, Some(Caveat::NewInvitation)),
            (2, None),
            (1, None),
            (0, None)
        ]
    );
    act(&undo.intents(), &mut directory, service);
    assert_eq!(state(&directory), first);
}

#[test]
fn a_removed_member_is_only_invited_again() {
    let service = Service::Astra;
    let mut directory = directory(service);
    let first = state(&directory);
    let facts = act(
        &[
            Intent::Remove { user: "u1".into() },
            Intent::Withdraw { user: "u2".into() },
        ],
        &mut directory,
        service,
    );
    let undo = undo(&facts, &directory, &context(service));
    let caveats: Vec<_> = undo.wishes.iter().map(|it| it.caveat).collect();
    assert_eq!(
        caveats,
        [Some(Caveat::NewInvitation), Some(Caveat::InvitedAgain)]
    );
    act(&undo.intents(), &mut directory, service);
    let mut expected = first;
    expected[1].2 = Status::Pending;
    assert_eq!(state(&directory), expected);
}

#[test]
fn whoever_has_joined_is_removed_where_that_can_be_done() {
    for service in Service::ALL {
        let mut directory = directory(service);
        let role = [directory.roles()[0].id.clone()];
        let facts = act(&[invite(8, &role)], &mut directory, service);
        let joined = User {
            roles: held(&role),
            ..user("new-u8@example.com", "u8@example.com")
        };
        directory.apply(&Change::User { user: joined });
        let undo = undo(&facts, &directory, &context(service));
        match service.removes() {
            Ok(()) => {
                assert_eq!(undo.wishes[0].caveat, Some(Caveat::HasJoined));
                act(&undo.intents(), &mut directory, service);
                assert_eq!(directory.find_email("u8@example.com"), None);
            }
            Err(place) => assert_eq!(
                why(&undo),
                [format!(
                    "u8@example.com has joined since, and Astro cannot remove a member through its API; it is done in {place}"
                )]
            ),
        }
    }
}

#[test]
fn an_invitation_whose_id_was_never_seen_stays() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let mut facts = act(&[invite(8, &ids(&[MEMBER]))], &mut directory, service);
    let seen = facts[0].invite.take();
    let mut forgetful = Directory::new(service.known_roles());
    forgetful.apply(&Change::User {
        user: directory.row(4).to_user(),
    });
    let without = undo(&facts, &forgetful, &context(service));
    assert_eq!(
        why(&without),
        [
            "u8@example.com the invitation's id was never seen, and Astro tells it only once; withdraw it in Astro itself"
        ]
    );
    facts[0].invite = seen;
    learn_invites(&facts, &mut forgetful);
    let with = undo(&facts, &forgetful, &context(service));
    assert_eq!(with.kept, []);
    let plan = plan(&with.intents(), &forgetful, &context(service));
    assert_eq!(plan.steps[0].act, Act::Withdraw);
}

#[test]
fn nothing_is_undone_over_somebody_elses_change() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let set = |directory: &mut Directory, role: &str| {
        directory.apply(&Change::RolesSet {
            user: "u1".into(),
            roles: ids(&[role]),
        });
    };
    let mut facts = act(&[re_role(1, &ids(&[BILLING]))], &mut directory, service);
    set(&mut directory, OWNER);
    let since = undo(&facts, &directory, &context(service));
    assert_eq!(
        why(&since),
        [
            "U1@example.com has changed since: is Owner now; nothing is undone over somebody else's change"
        ]
    );

    // and then by us once more: only that is undone
    facts.extend(act(&[re_role(1, &ids(&[MEMBER]))], &mut directory, service));
    let last = undo(&facts, &directory, &context(service));
    assert_eq!(last.intents(), [re_role(1, &ids(&[OWNER]))]);
    assert_eq!(last.wishes[0].fact, 1);

    directory.apply(&Change::Removed { user: "u1".into() });
    let gone = undo(&facts, &directory, &context(service));
    assert!(why(&gone)[0].contains("is not in the organization any more"));
}

#[test]
fn several_changes_of_one_person_count_together() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let first = state(&directory);
    let mut facts = act(&[re_role(1, &ids(&[BILLING]))], &mut directory, service);
    facts.extend(act(&[re_role(1, &ids(&[OWNER]))], &mut directory, service));
    facts.extend(act(&[invite(9, &ids(&[MEMBER]))], &mut directory, service));
    let withdraw = Intent::Withdraw {
        user: "new-u9@example.com".into(),
    };
    facts.extend(act(&[withdraw], &mut directory, service));
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!(why(&undo), ["u9@example.com is as it was before"]);
    act(&undo.intents(), &mut directory, service);
    assert_eq!(state(&directory), first);
}

#[test]
fn two_people_whose_addresses_differ_in_letter_case_both_come_back() {
    let service = Service::Astro;
    let mut directory = directory(service);
    for id in ["x1", "X1"] {
        let user = User {
            roles: held(&ids(&[MEMBER])),
            ..user(id, &format!("{id}@example.com"))
        };
        directory.apply(&Change::User { user });
    }
    let facts: Vec<Fact> = ["x1", "X1"]
        .into_iter()
        .flat_map(|id| {
            let change = RoleChange::Replace(ids(&[OWNER]));
            let user = id.into();
            act(&[Intent::ReRole { user, change }], &mut directory, service)
        })
        .collect();
    assert_eq!(facts.len(), 2);
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!((undo.wishes.len(), undo.kept.len()), (2, 0), "{undo:?}");
}

#[test]
fn what_is_not_known_is_not_undone() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let plan = plan(
        &[re_role(1, &ids(&[BILLING])), invite(9, &ids(&[MEMBER]))],
        &directory,
        &context(service),
    );
    let mut progress = carry_out(plan.clone(), &mut directory);
    let lost = || Failure::Unanswered {
        message: "dropped".to_owned(),
    };
    progress[0].standing = Standing::Unknown { failure: lost() };
    progress[1].standing = Standing::Refused { failure: lost() };
    let facts = Fact::of_run(&plan, &progress);
    assert_eq!(facts.len(), 1, "what was refused did nothing");
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!(
        undo.kept[0].why,
        WhyKept::Uncertain,
        "somebody else may have done it"
    );
}

#[test]
fn a_mail_cannot_be_called_back() {
    let service = Service::Astra;
    let mut directory = directory(service);
    let roles = directory.row(2).roles.to_vec();
    let facts = act(&[invite(2, &roles)], &mut directory, service);
    assert_eq!(facts[0].act, Act::Resend);
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!(undo.kept[0].why, WhyKept::MailSent);
}

#[test]
fn there_is_no_way_back_to_no_role() {
    let service = Service::Astro;
    let mut directory = directory(service);
    put(&mut directory, 5, &[], Status::Active);
    let facts = act(&[re_role(5, &ids(&[MEMBER]))], &mut directory, service);
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!(undo.kept[0].why, WhyKept::HadNoRole);
}

#[test]
fn the_last_owner_stays_on_the_way_back_too() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let facts = act(&[re_role(1, &ids(&[OWNER]))], &mut directory, service);
    // the other owner has left since
    directory.apply(&Change::Removed { user: "u0".into() });
    let undo = undo(&facts, &directory, &context(service));
    let plan = plan(&undo.intents(), &directory, &context(service));
    assert_eq!(plan.steps, []);
    assert_eq!(
        plan.refused[0].why.to_string(),
        "is the last active Owner; make somebody else Owner first"
    );
}

#[test]
fn a_journal_tells_the_same_facts() {
    for service in Service::ALL {
        let mut directory = directory(service);
        let (owner, low) = (
            vec![directory.roles()[0].id.clone()],
            directory.row(1).roles.to_vec(),
        );
        let mut intents = vec![
            invite(8, &owner),
            re_role(1, &owner),
            Intent::Withdraw { user: "u2".into() },
        ];
        if service.resends() {
            intents.push(invite(3, &low));
        }
        let plan = plan(&intents, &directory, &context(service));
        let progress = carry_out(plan.clone(), &mut directory);
        let facts = Fact::of_run(&plan, &progress);
        let told: Vec<Fact> = plan
            .steps
            .iter()
            .zip(&facts)
            .map(|(step, fact)| {
                let before = Some(step.before.clone());
                let call = &step.call;
                Fact::of_call(call, Some(&step.email), before, fact.invite.clone(), true).unwrap()
            })
            .collect();
        let undone = |facts: &[Fact]| undo(facts, &directory, &context(service));
        let (by_run, by_journal) = (undone(&facts), undone(&told));
        assert_eq!(by_journal.intents(), by_run.intents(), "{service:?}");
        assert_eq!(why(&by_journal), why(&by_run), "{service:?}");

        let unnoted = Fact::of_call(&plan.steps[1].call, None, None, None, true).unwrap();
        let undo = undone(&[unnoted]);
        assert_eq!(
            why(&undo),
            ["U1@example.com how it was before is not known"]
        );
        let reading = service.list_users(&"c1".into(), 0);
        assert_eq!(Fact::of_call(&reading, None, None, None, true), None);
    }
}

#[test]
fn an_undo_survives_being_stored() {
    let service = Service::Astro;
    let mut directory = directory(service);
    let intents = [invite(8, &ids(&[MEMBER])), re_role(1, &ids(&[BILLING]))];
    let facts = act(&intents, &mut directory, service);
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Fact>>(&text).unwrap(), facts);
    directory.apply(&Change::Removed { user: "u1".into() });
    let undo = undo(&facts, &directory, &context(service));
    assert_eq!((undo.wishes.len(), undo.kept.len()), (1, 1));
    let text = serde_json::to_string(&undo).unwrap();
    assert_eq!(serde_json::from_str::<Undo>(&text).unwrap(), undo);
}

/// Anything wanted of the people `u0` to `u7`.
fn intents(roles: usize) -> impl Strategy<Value = Vec<(u8, usize, Vec<usize>)>> {
    let roles = prop::sample::subsequence((0..roles).collect::<Vec<_>>(), 1..=2);
    prop::collection::vec((0_u8..4, 0_usize..8, roles), 0..12)
}

fn comes_back(service: Service, wanted: Vec<(u8, usize, Vec<usize>)>) -> Result<(), TestCaseError> {
    let mut directory = directory(service);
    let known: Vec<RoleId> = directory.roles().iter().map(|it| it.id.clone()).collect();
    put(&mut directory, 4, &known[..1], Status::Active);
    put(&mut directory, 5, &known[1..2], Status::Active);
    let first = state(&directory);
    let intent = |(kind, n, roles): (u8, usize, Vec<usize>)| {
        let user = UserId::from(format!("u{n}"));
        let roles: Vec<RoleId> = roles.iter().map(|&role| known[role].clone()).collect();
        match kind {
            0 => invite(n, &roles),
            1 => re_role(n, &roles),
            2 => Intent::Withdraw { user },
            _ => Intent::Remove { user },
        }
    };
    let intents: Vec<Intent> = wanted.into_iter().map(intent).collect();
    let forth = plan(&intents, &directory, &context(service));
    let progress = carry_out(forth.clone(), &mut directory);
    let facts = Fact::of_run(&forth, &progress);
    prop_assert_eq!(facts.len(), forth.steps.len());

    let undo = undo(&facts, &directory, &context(service));
    prop_assert_eq!(undo.wishes.len() + undo.kept.len(), facts.len());
    let resent = |kept: &Kept| kept.why == WhyKept::MailSent;
    prop_assert!(undo.kept.iter().all(resent), "{:?}", undo.kept);
    let back = plan(&undo.intents(), &directory, &context(service));
    prop_assert_eq!(&back.refused, &[]);
    carry_out(back, &mut directory);

    let removed: Vec<String> = forth
        .steps
        .iter()
        .filter(|step| step.act == Act::Remove)
        .map(|step| email_key(&step.email))
        .collect();
    let expected: Vec<_> = first
        .into_iter()
        .map(|(email, roles, status)| match removed.contains(&email) {
            true => (email, roles, Status::Pending),
            false => (email, roles, status),
        })
        .collect();
    prop_assert_eq!(state(&directory), expected);
    Ok(())
}

proptest! {
    #[test]
    fn whatever_was_done_in_astro_comes_back(wanted in intents(5)) {
        comes_back(Service::Astro, wanted)?;
    }

    #[test]
    fn whatever_was_done_in_astra_comes_back(wanted in intents(16)) {
        comes_back(Service::Astra, wanted)?;
    }
}
