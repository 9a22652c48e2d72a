use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::directory::Directory;
use crate::directory::{HeldRole, User};
use crate::endpoint::Site;
use crate::plan::Change;
use crate::service::Service;
use crate::testing::{done, user};

const OWNER: &str = "ORGANIZATION_OWNER";
const MEMBER: &str = "ORGANIZATION_MEMBER";

fn context(service: Service) -> Context {
    Context {
        service,
        organization: "c1".into(),
        me: Some("me".into()),
    }
}

fn with(mut user: User, roles: &[&str], status: Status) -> User {
    user.roles = roles
        .iter()
        .map(|id| HeldRole {
            id: (*id).into(),
            name: String::new(),
        })
        .collect();
    user.status = status;
    user
}

fn directory(service: Service, users: Vec<User>) -> Directory {
    let mut directory = Directory::new(service.known_roles());
    for user in users {
        directory.apply(&Change::User { user });
    }
    directory
}

fn astro() -> Vec<User> {
    vec![
        with(user("me", "me@example.com"), &[OWNER], Status::Active),
        with(user("u1", "ada@example.com"), &[MEMBER], Status::Active),
        with(user("u2", "pete@example.com"), &[MEMBER], Status::Pending),
        with(user("u3", "olga@example.com"), &[OWNER], Status::Pending),
    ]
}

fn astro_with_second_owner() -> Directory {
    let mut users = astro();
    users.push(with(
        user("u4", "second@example.com"),
        &[OWNER],
        Status::Active,
    ));
    directory(Service::Astro, users)
}

fn invite(email: &str, role: &str) -> Intent {
    Intent::Invite {
        email: email.parse().unwrap(),
        roles: vec![role.into()],
        resend: false,
    }
}

fn re_role(user: &str, role: &str) -> Intent {
    Intent::ReRole {
        user: user.into(),
        change: RoleChange::Replace(vec![role.into()]),
    }
}

fn one(intent: Intent, directory: &Directory, service: Service) -> Result<Step, Reason> {
    let mut plan = plan(&[intent], directory, &context(service));
    match plan.steps.pop() {
        Some(step) => Ok(step),
        None => Err(plan.refused.pop().unwrap().why),
    }
}

fn request(step: &Step) -> http::Request<Vec<u8>> {
    step.call.to_http(&Site {
        base: "",
        token: None,
    })
}

#[test]
fn an_invitation_is_planned_by_what_is_known() {
    let directory = directory(Service::Astro, astro());
    let plan = |email, role| one(invite(email, role), &directory, Service::Astro);
    assert_eq!(plan("new@example.com", MEMBER).unwrap().act, Act::Invite);
    assert_eq!(plan("ADA@example.com", MEMBER), Err(Reason::AlreadySo));
    assert_eq!(
        plan("ada@example.com", OWNER),
        Err(Reason::HasOtherRole {
            held: "Member".to_owned(),
            pending: false
        })
    );
    assert_eq!(
        plan("pete@example.com", OWNER).unwrap_err().to_string(),
        "is invited already, as Member; change the role instead"
    );
    assert_eq!(
        plan("pete@example.com", MEMBER),
        Err(Reason::AlreadyInvited)
    );
    assert_eq!(
        plan("new@example.com", "OWNR"),
        Err(Reason::UnknownRole { id: "OWNR".into() })
    );
}

#[test]
fn rows_for_one_person_are_planned_once() {
    let intents = [
        invite("new@example.com", MEMBER),
        invite("NEW@example.com", OWNER),
        re_role("u1", OWNER),
        re_role("u1", MEMBER),
        invite("new@example.com", MEMBER),
    ];
    let plan = plan(
        &intents,
        &directory(Service::Astro, astro()),
        &context(Service::Astro),
    );
    assert_eq!(
        plan.steps.iter().map(|step| step.row).collect::<Vec<_>>(),
        [0, 2]
    );
    let why: Vec<_> = plan.refused.iter().map(|it| it.why.to_string()).collect();
    assert_eq!(
        why,
        [
            "the same as row 1",
            "the same as row 3",
            "the same as row 1"
        ]
    );
}

#[test]
fn the_last_active_owner_stays() {
    let last = Reason::LastOwner {
        role: "Owner".to_owned(),
    };
    let alone = one(
        re_role("me", MEMBER),
        &directory(Service::Astro, astro()),
        Service::Astro,
    );
    assert_eq!(alone, Err(last.clone()), "a pending owner does not count");

    let intents = [re_role("u4", MEMBER), re_role("me", MEMBER)];
    let plan = plan(
        &intents,
        &astro_with_second_owner(),
        &context(Service::Astro),
    );
    assert_eq!(plan.steps.len(), 1, "one of two may go");
    assert_eq!(plan.refused[0].why, last);
}

#[test]
fn might_and_ones_own_role_are_asked_about() {
    let intents = [
        re_role("u1", OWNER),
        invite("new@example.com", OWNER),
        re_role("me", MEMBER),
    ];
    let plan = plan(
        &intents,
        &astro_with_second_owner(),
        &context(Service::Astro),
    );
    let who = vec!["ada@example.com".to_owned(), "new@example.com".to_owned()];
    assert_eq!(
        plan.confirm,
        [
            Guard::Escalation {
                role: "Owner".to_owned(),
                who
            },
            Guard::OwnRole {
                email: "me@example.com".to_owned(),
                after: "Member".to_owned()
            },
        ]
    );
}

#[test]
fn who_may_do_everything_gains_nothing() {
    let intents = [
        re_role("u4", "ORGANIZATION_BILLING_ADMIN"),
        re_role("u1", "ORGANIZATION_BILLING_ADMIN"),
    ];
    let directory = astro_with_second_owner();
    let plan = plan(&intents, &directory, &context(Service::Astro));
    assert_eq!(
        plan.confirm,
        [Guard::Escalation {
            role: "Billing admin".to_owned(),
            who: vec!["ada@example.com".to_owned()]
        }]
    );
}

#[test]
fn astro_withdraws_by_the_invitations_id_and_removes_nobody() {
    let mut directory = directory(Service::Astro, astro());
    let withdraw = || Intent::Withdraw { user: "u2".into() };
    let unknown = Reason::InviteIdUnknown {
        service: Service::Astro,
    };
    assert_eq!(one(withdraw(), &directory, Service::Astro), Err(unknown));
    directory.learn_invite(&"u2".into(), "i2".into());
    let step = one(withdraw(), &directory, Service::Astro).unwrap();
    assert_eq!(request(&step).uri(), "/organizations/c1/invites/i2");
    let joined = one(
        Intent::Withdraw { user: "u1".into() },
        &directory,
        Service::Astro,
    );
    assert_eq!(joined, Err(Reason::NotPending));
    let removal = one(
        Intent::Remove { user: "u1".into() },
        &directory,
        Service::Astro,
    )
    .unwrap_err();
    assert!(
        removal
            .to_string()
            .contains("cannot remove a member through its API"),
        "{removal}"
    );
}

#[test]
fn astra_has_many_roles_and_invites_again() {
    let known = Service::Astra.known_roles();
    let id = |key: &str| {
        known
            .iter()
            .find(|role| role.key == key)
            .unwrap()
            .id
            .as_str()
    };
    let (admin, database, reader) = (
        id("Organization Administrator"),
        id("Database Administrator"),
        id("RO User"),
    );
    let directory = directory(
        Service::Astra,
        vec![
            with(
                user("u1", "ada@example.com"),
                &[admin, "custom-role"],
                Status::Active,
            ),
            with(user("u2", "bob@example.com"), &[admin], Status::Active),
            with(user("u3", "carol@example.com"), &[reader], Status::Pending),
        ],
    );
    let change = |user: &str, change| {
        one(
            Intent::ReRole {
                user: user.into(),
                change,
            },
            &directory,
            Service::Astra,
        )
    };

    let added = change("u1", RoleChange::Add(vec![database.into(), admin.into()])).unwrap();
    assert_eq!(
        added.after,
        [admin.into(), "custom-role".into(), database.into()],
        "none lost, none twice"
    );
    let taken = change("u1", RoleChange::Remove(vec![admin.into()])).unwrap();
    assert_eq!(taken.after, ["custom-role".into()]);
    assert_eq!(
        change("u2", RoleChange::Remove(vec![admin.into()])),
        Err(Reason::NoRoleLeft)
    );

    let pending = request(&change("u3", RoleChange::Replace(vec![database.into()])).unwrap());
    assert_eq!(
        (pending.method().as_str(), pending.uri().path()),
        ("PUT", "/organizations/users")
    );

    let carol = "carol@example.com".parse().unwrap();
    let again = Intent::Invite {
        email: carol,
        roles: vec![reader.into()],
        resend: true,
    };
    assert_eq!(
        one(again, &directory, Service::Astra).unwrap().act,
        Act::Resend
    );
    let removal = Intent::Remove { user: "u2".into() };
    assert_eq!(
        one(removal, &directory, Service::Astra).unwrap().act,
        Act::Remove
    );
}

#[test]
fn a_plan_survives_being_stored() {
    let intents = [invite("new@example.com", OWNER), re_role("u9", OWNER)];
    let plan = plan(
        &intents,
        &directory(Service::Astro, astro()),
        &context(Service::Astro),
    );
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(
        serde_json::from_str::<super::super::Plan>(&text).unwrap(),
        plan,
        "{text}"
    );
}

#[test]
fn a_role_that_is_given_twice_is_given_once() {
    let directory = directory(Service::Astro, astro());
    let twice = Intent::Invite {
        email: "new@example.com".parse().unwrap(),
        roles: vec![OWNER.into(), OWNER.into()],
        resend: false,
    };
    let plan = plan(&[twice], &directory, &context(Service::Astro));
    assert_eq!(plan.steps[0].after, [OWNER.into()]);
    // held twice, it is no other
    let mut users = astro();
    users.push(with(
        user("x1", "x1@example.com"),
        &[OWNER, OWNER],
        Status::Active,
    ));
    let directory = self::directory(Service::Astro, users);
    let again = self::plan(
        &[re_role("x1", OWNER)],
        &directory,
        &context(Service::Astro),
    );
    assert_eq!(again.refused[0].why, Reason::AlreadySo);
}

#[test]
fn two_people_without_an_address_are_two() {
    let mut users = astro();
    for id in ["x1", "x2"] {
        users.push(with(user(id, ""), &[MEMBER], Status::Active));
    }
    let intents = [re_role("x1", OWNER), re_role("x2", OWNER)];
    let directory = directory(Service::Astro, users);
    let plan = plan(&intents, &directory, &context(Service::Astro));
    assert_eq!(plan.refused, []);
    assert_eq!(plan.steps.len(), 2);
}

#[test]
fn two_people_whose_addresses_differ_in_letter_case_are_two() {
    let mut users = astro();
    for (id, email) in [("x1", "sam@example.com"), ("x2", "Sam@example.com")] {
        users.push(with(user(id, email), &[MEMBER], Status::Active));
    }
    let intents = [
        re_role("x1", OWNER),
        re_role("x2", OWNER),
        invite("sAm@example.com", OWNER),
    ];
    let directory = directory(Service::Astro, users);
    let plan = plan(&intents, &directory, &context(Service::Astro));
    let calls: Vec<_> = plan.steps.iter().map(|it| it.user.clone()).collect();
    assert_eq!(calls, [Some("x1".into()), Some("x2".into())]);
    assert_eq!(plan.refused.len(), 1);
    assert_eq!(plan.refused[0].why, Reason::Duplicate { row: 0 });
}

/// Somebody who may be there: roles as indices into those known, and the standing.
type Somebody = (Vec<usize>, Status);

/// Something that may be wanted: what, of whom, with which roles, and how.
type Something = (u8, usize, Vec<usize>, u8);

/// How many people the properties know; intents name two more.
const PEOPLE: usize = 6;

fn somebody() -> impl Strategy<Value = Somebody> {
    let standings = vec![
        Status::Active,
        Status::Active,
        Status::Pending,
        Status::Inactive,
        Status::Other("ASLEEP".to_owned()),
    ];
    // the mightiest role often, so that there are owners to lose
    let roles = prop::collection::btree_set(prop_oneof![Just(0_usize), 0_usize..5], 0..3);
    let roles = roles.prop_map(|roles: BTreeSet<usize>| roles.into_iter().collect());
    (roles, prop::sample::select(standings))
}

fn something() -> impl Strategy<Value = Something> {
    // one index too many: a role that nobody knows
    let roles = prop::collection::vec(0_usize..6, 0..3);
    (0_u8..4, 0..PEOPLE + 2, roles, 0_u8..3)
}

/// Letter case differs between services and lists, so it does here.
fn address(n: usize, upper: bool) -> String {
    match upper {
        true => format!("P{n}@Example.com"),
        false => format!("p{n}@example.com"),
    }
}

fn people(service: Service, people: &[Somebody]) -> Directory {
    let known = service.known_roles();
    let users = people.iter().enumerate().map(|(n, (roles, status))| {
        let most = match service.role_choice() {
            RoleChoice::One => 1,
            RoleChoice::Many => roles.len(),
        };
        let roles: Vec<&str> = roles
            .iter()
            .take(most)
            .map(|&role| known[role].id.as_str())
            .collect();
        let user = user(&format!("u{n}"), &address(n, n % 2 == 0));
        with(user, &roles, status.clone())
    });
    let mut directory = directory(service, users.collect());
    for n in (0..people.len()).step_by(2) {
        directory.learn_invite(&format!("u{n}").into(), format!("i{n}").into());
    }
    directory
}

fn wanted(service: Service, (kind, n, roles, how): Something) -> Intent {
    let known = service.known_roles();
    let id = |role: usize| match role {
        5 => "nobody-knows".into(),
        role => known[role].id.clone(),
    };
    let roles: Vec<RoleId> = roles.into_iter().map(id).collect();
    let user = UserId::from(format!("u{n}"));
    match kind {
        0 => Intent::Invite {
            email: address(n, how == 0).parse().unwrap(),
            roles,
            resend: how == 1,
        },
        1 => Intent::ReRole {
            user,
            change: match how {
                0 => RoleChange::Replace(roles),
                1 => RoleChange::Add(roles),
                _ => RoleChange::Remove(roles),
            },
        },
        2 => Intent::Withdraw { user },
        _ => Intent::Remove { user },
    }
}

fn holds(
    service: Service,
    there: &[Somebody],
    wishes: Vec<Something>,
    arrives: &[bool],
) -> Result<(), TestCaseError> {
    let mut directory = people(service, there);
    let intents: Vec<Intent> = wishes.into_iter().map(|it| wanted(service, it)).collect();
    let first = plan(&intents, &directory, &context(service));

    // every row has one end
    let mut ends = BTreeMap::new();
    let steps = first.steps.iter().map(|step| step.row);
    for row in steps.chain(first.refused.iter().map(|refused| refused.row)) {
        *ends.entry(row).or_insert(0) += 1;
    }
    let once: BTreeMap<usize, i32> = (0..intents.len()).map(|row| (row, 1)).collect();
    prop_assert_eq!(ends, once);

    // nobody is there twice, and whoever is meant by an earlier row is told from it
    let people: BTreeSet<String> = first.steps.iter().map(|it| email_key(&it.email)).collect();
    prop_assert_eq!(people.len(), first.steps.len());
    for refused in &first.refused {
        if let Reason::Duplicate { row } = refused.why {
            prop_assert!(row < refused.row);
        }
        // only somebody active can be the last one
        if let (Reason::LastOwner { .. }, Some(index)) =
            (&refused.why, directory.find_email(&refused.who))
        {
            prop_assert_eq!(directory.row(index).status, &Status::Active);
        }
    }

    // nothing is sent that does nothing, or that the service would not take
    for step in &first.steps {
        let leaves = matches!(step.act, Act::Withdraw | Act::Remove);
        prop_assert_eq!(leaves, step.after.is_empty(), "{:?}", step);
        if service.role_choice() == RoleChoice::One {
            prop_assert!(step.after.len() <= 1, "{:?}", step);
        }
        if step.act == Act::ReRole {
            prop_assert!(!same_roles(&step.before, &step.after), "{:?}", step);
        }
        let now = step.user.as_ref().map(|user| directory.find(user.as_str()));
        let now = now
            .flatten()
            .map(|index| directory.row(index).roles.to_vec());
        prop_assert_eq!(&step.before, &now.unwrap_or_default());
    }

    // whichever calls arrive, somebody active is left who can administer
    let owners: Vec<RoleId> = directory
        .roles()
        .iter()
        .filter(|role| role.tier == Tier::Owner)
        .map(|role| role.id.clone())
        .collect();
    let before = directory.active_holders(&owners);
    for (step, arrives) in first.steps.iter().zip(arrives) {
        if *arrives {
            directory.apply(&done(step, &directory));
        }
    }
    let after = directory.active_holders(&owners);
    prop_assert!(
        before == 0 || after > 0,
        "{} owners, then {}",
        before,
        after
    );

    // what arrived is not sent again, but for a mail that is asked for each time
    let again = plan(&intents, &directory, &context(service));
    for (step, arrived) in first.steps.iter().zip(arrives) {
        let repeated = again.steps.iter().find(|it| it.row == step.row);
        let resent = repeated.is_none_or(|it| it.act == Act::Resend);
        prop_assert!(!arrived || resent, "{:?}", repeated);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn every_plan_for_astro_keeps_its_promises(
        there in prop::collection::vec(somebody(), PEOPLE),
        wishes in prop::collection::vec(something(), 0..14),
        arrives in prop::collection::vec(prop::bool::weighted(0.8), 14),
    ) {
        holds(Service::Astro, &there, wishes, &arrives)?;
    }

    #[test]
    fn every_plan_for_astra_keeps_its_promises(
        there in prop::collection::vec(somebody(), PEOPLE),
        wishes in prop::collection::vec(something(), 0..14),
        arrives in prop::collection::vec(prop::bool::weighted(0.8), 14),
    ) {
        holds(Service::Astra, &there, wishes, &arrives)?;
    }
}

#[test]
fn a_step_that_was_not_done_can_be_wanted_again() {
    let intents = [invite("new@example.com", MEMBER), re_role("u1", OWNER)];
    let directory = directory(Service::Astro, astro());
    let first = plan(&intents, &directory, &context(Service::Astro));
    let again: Vec<Intent> = first.steps.iter().filter_map(Step::intent).collect();
    assert_eq!(
        plan(&again, &directory, &context(Service::Astro)).steps,
        first.steps
    );
}
