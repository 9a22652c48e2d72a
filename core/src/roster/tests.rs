use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::directory::User;
use crate::email::NoMapping;
use crate::export::{Form, export};
use crate::plan::{Change, Context, Plan, Reason, plan};
use crate::service::Service;
use crate::testing::{done, held, user};

const OWNER: &str = "ORGANIZATION_OWNER";
const MEMBER: &str = "ORGANIZATION_MEMBER";

fn person(id: &str, email: &str, roles: &[RoleId], status: Status) -> User {
    User {
        roles: held(roles),
        status,
        ..user(id, email)
    }
}

fn directory(service: Service, users: Vec<User>) -> Directory {
    let mut directory = Directory::new(service.known_roles());
    directory.begin_reading();
    directory.apply(&Change::Users {
        users,
        offset: 0,
        total: None,
        organization: None,
    });
    directory.end_reading();
    directory
}

fn role(service: Service, n: usize) -> RoleId {
    service.known_roles()[n].id.clone()
}

const CUID: &str = "clm8qv74h000008mlf08scq7k";

/// An owner, a member, somebody pending.
fn three(service: Service) -> Directory {
    let (owner, low) = (role(service, 0), role(service, 4));
    directory(
        service,
        vec![
            person("u0", "owner@example.com", &[owner], Status::Active),
            person(
                CUID,
                "Ada@example.com",
                std::slice::from_ref(&low),
                Status::Active,
            ),
            person("u2", "pete@example.com", &[low], Status::Pending),
        ],
    )
}

fn read(text: &str, directory: &Directory) -> Roster {
    let options = Options {
        roles: directory.roles(),
        ..Options::default()
    };
    Roster::read(text, &options, &NoMapping)
}

fn compared(text: &str, directory: &Directory, service: Service) -> Difference {
    difference(&read(text, directory), directory, &service.default_roles())
}

fn planned(intents: &[Intent], directory: &Directory, service: Service) -> Plan {
    let context = Context {
        service,
        organization: "c1".into(),
        me: None,
    };
    plan(intents, directory, &context)
}

fn refused(difference: &Difference) -> Vec<String> {
    let told = |it: &RefusedLine| format!("{}: {}: {}", it.line, it.written, it.why);
    difference.refused.iter().map(told).collect()
}

#[test]
fn each_line_finds_its_place() {
    let directory = three(Service::Astro);
    let difference = compared(
        "email,role\n\
         new@example.com,ORGANIZATION_OWNER\n\
         ada@example.com,owner\n\
         pete@example.com,member\n\
         plain@example.com,\n",
        &directory,
        Service::Astro,
    );
    let invited: Vec<_> = difference
        .invite
        .iter()
        .map(|it| (it.line, it.email.as_str(), it.roles[0].as_str()))
        .collect();
    assert_eq!(
        invited,
        [
            (2, "new@example.com", OWNER),
            (5, "plain@example.com", MEMBER)
        ]
    );
    assert_eq!(
        difference.re_role,
        [OtherRoles {
            line: 3,
            index: 1,
            user: CUID.into(),
            roles: vec![OWNER.into()]
        }]
    );
    assert_eq!(difference.unchanged, [2]);
    assert_eq!(difference.unlisted, [0]);
    assert_eq!((difference.refused, difference.doubts), (vec![], vec![]));
}

#[test]
fn a_list_without_roles_changes_nobodys_roles() {
    let directory = three(Service::Astro);
    let difference = compared(
        "owner@example.com, ada@example.com\npete@example.com",
        &directory,
        Service::Astro,
    );
    assert_eq!(difference.unchanged, [0, 1, 2]);
    assert_eq!(difference.intents(), []);
}

#[test]
fn lines_that_do_nothing_say_why_and_where() {
    let directory = three(Service::Astro);
    let text = format!(
        "email,role\n\
         ada@example.com,owner\n\
         ADA@example.com,owner\n\
         {CUID},member\n\
         new@example.com,member\n\
         NEW@example.com,\n\
         new@example.com,owner\n\
         nobody@,member\n\
         pete@example.com,membr\n\
         clm8qv74h000008mlf08scq7x,member\n"
    );
    let difference = compared(&text, &directory, Service::Astro);
    assert_eq!(
        refused(&difference),
        [
            "3: ADA@example.com: the same as line 2".to_owned(),
            format!(
                "4: {CUID}: line 2 names the same person, but not with these roles; line 2 counts"
            ),
            "6: NEW@example.com: the same as line 5".to_owned(),
            "7: new@example.com: line 5 names the same person, but not with these roles; line 5 counts"
                .to_owned(),
            "8: nobody@: the domain after the `@` is missing".to_owned(),
            "9: pete@example.com: there is no role `membr`; did you mean `Member`?".to_owned(),
            "10: clm8qv74h000008mlf08scq7x: there is no user with this id in the organization"
                .to_owned(),
        ]
    );
    assert_eq!(
        difference.unlisted,
        [0],
        "whose role is wrong is on the list all the same"
    );
    assert_eq!(difference.doubts, [Doubt::UnreadLines { count: 1 }]);
}

#[test]
fn roles_are_a_set_where_there_are_many() {
    let service = Service::Astra;
    let roles = service.known_roles();
    let set = [roles[1].id.clone(), roles[5].id.clone()];
    let directory = directory(
        service,
        vec![
            person("u0", "a@example.com", &set, Status::Active),
            person("u1", "b@example.com", &set, Status::Active),
        ],
    );
    let text = format!(
        "email,role\na@example.com,{} ; {}\nb@example.com,{}\n",
        roles[5].key, roles[1].label, roles[5].label
    );
    let difference = compared(&text, &directory, service);
    assert_eq!(difference.unchanged, [0]);
    let plan = planned(&difference.intents(), &directory, service);
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(
        plan.steps[0].after,
        [roles[5].id.clone()],
        "no more than the list says"
    );
}

#[test]
fn nobody_goes_who_was_not_chosen() {
    let service = Service::Astra;
    let directory = three(service);
    let text = format!("email,role\nnew@example.com,{}\n", role(service, 3));
    let difference = compared(&text, &directory, service);
    assert_eq!(difference.unlisted, [0, 1, 2]);
    let only_invites = |it: &Intent| matches!(it, Intent::Invite { .. });
    assert!(difference.intents().iter().all(only_invites));
    assert_eq!(difference.removals(&directory, &[]), Ok(vec![]));
    assert_eq!(
        difference.removals(&directory, &[2, 1]),
        Ok(vec![
            Intent::Withdraw { user: "u2".into() },
            Intent::Remove { user: CUID.into() }
        ])
    );
    let listed = compared("ada@example.com", &directory, service);
    assert_eq!(
        listed.removals(&directory, &[1]),
        Ok(vec![]),
        "whoever is on the list stays"
    );
}

#[test]
fn the_last_active_owner_stays_though_not_on_the_list() {
    let service = Service::Astra;
    let mut directory = three(service);
    let pending = person(
        "u9",
        "olga@example.com",
        &[role(service, 0)],
        Status::Pending,
    );
    directory.apply(&Change::User { user: pending });
    let difference = compared("ada@example.com", &directory, service);
    let removals = difference
        .removals(&directory, &difference.unlisted)
        .unwrap();
    let plan = planned(&removals, &directory, service);
    let gone: Vec<_> = plan.steps.iter().map(|step| step.email.as_str()).collect();
    assert_eq!(gone, ["pete@example.com", "olga@example.com"]);
    assert_eq!(plan.refused[0].who, "owner@example.com");
    assert!(matches!(plan.refused[0].why, Reason::LastOwner { .. }));
}

#[test]
fn whom_the_service_cannot_remove_the_plan_names() {
    let service = Service::Astro;
    let mut directory = three(service);
    directory.learn_invite(&"u2".into(), "i2".into());
    let difference = compared("owner@example.com", &directory, service);
    let removals = difference
        .removals(&directory, &difference.unlisted)
        .unwrap();
    let plan = planned(&removals, &directory, service);
    assert_eq!(plan.steps[0].email, "pete@example.com");
    assert_eq!(plan.refused[0].who, "Ada@example.com");
    assert!(matches!(plan.refused[0].why, Reason::CannotRemove { .. }));
}

#[test]
fn nobody_goes_while_it_is_not_certain_who_is_listed() {
    let service = Service::Astra;
    let mut directory = three(service);
    let doubt = |text: &str, max_entries, directory: &Directory| {
        let options = Options {
            roles: directory.roles(),
            max_entries,
            ..Options::default()
        };
        let roster = Roster::read(text, &options, &NoMapping);
        difference(&roster, directory, &[]).removals(directory, &[0])
    };
    assert_eq!(doubt("", usize::MAX, &directory), Err(Doubt::Nobody));
    assert_eq!(
        doubt(
            "ada@example.com\nowner@.example.com",
            usize::MAX,
            &directory
        ),
        Err(Doubt::UnreadLines { count: 1 })
    );
    assert_eq!(
        doubt("ada@example.com\nowner@example.com", 1, &directory),
        Err(Doubt::LeftOut { count: 1 })
    );
    let good = compared("ada@example.com", &directory, service);
    assert!(good.removals(&directory, &[0]).is_ok());
    directory.begin_reading();
    assert_eq!(
        good.removals(&directory, &[0]),
        Err(Doubt::Outdated),
        "indices may mean others now"
    );
    assert_eq!(
        doubt("ada@example.com", usize::MAX, &directory),
        Err(Doubt::UsersUnread)
    );
}

#[test]
fn what_was_exported_is_as_wanted() {
    for service in Service::ALL {
        let directory = three(service);
        let text = export(&directory, &[2, 0, 1], Form::Csv);
        let difference = compared(&text, &directory, service);
        assert_eq!(difference.unchanged, [2, 0, 1], "{text}");
        assert_eq!(difference.unlisted, [0_usize; 0]);
        assert_eq!(difference.intents(), []);
    }
}

/// A list in which every third line is a user with the role held, every third one with another role,
/// every third somebody new; each person once.
fn wishes(lines: usize) -> String {
    let mut text = String::from("email,role\n");
    for n in 0..lines {
        let (who, role) = match n % 3 {
            0 => ("u", MEMBER),
            1 => ("u", OWNER),
            _ => ("new", MEMBER),
        };
        text.push_str(&format!("{who}{n}@example.com,{role}\n"));
    }
    text
}

#[test]
fn a_hundred_thousand_lines_take_no_longer_each_than_a_few() {
    let roles = [RoleId::from(MEMBER)];
    let member = |n| {
        let (id, email) = (format!("u{n}"), format!("u{n}@example.com"));
        person(&id, &email, &roles, Status::Active)
    };
    let organization =
        |users: usize| directory(Service::Astro, (0..users).map(member).collect::<Vec<_>>());
    let (small, large) = (organization(500), organization(10_000));
    let time = |lines: usize, directory: &Directory| -> Duration {
        let (text, users) = (wishes(lines), directory.len());
        let begin = Instant::now();
        let difference = compared(&text, directory, Service::Astro);
        let plan = planned(&difference.intents(), directory, Service::Astro);
        let took = begin.elapsed();
        let third = |kind: usize| (0..lines.min(users)).filter(|n| n % 3 == kind).count();
        let (same, other) = (third(0), third(1));
        assert_eq!(difference.unchanged.len(), same);
        assert_eq!(difference.re_role.len(), other);
        assert_eq!(difference.invite.len(), lines - same - other);
        assert_eq!(difference.unlisted.len(), users - same - other);
        assert_eq!(plan.steps.len(), lines - same);
        took
    };
    // Twenty times the lines and users: squared it would be four hundred times. A busy machine gets
    // more tries.
    let linear = |_| {
        let few = (0..3).map(|_| time(5_000, &small)).min();
        time(100_000, &large) < few.unwrap_or_default() * 150
    };
    assert!((0..3).any(linear));
}

proptest! {
    /// Once a list is carried out, it wants nothing more.
    #[test]
    fn a_list_that_was_carried_out_is_done(
        lines in prop::collection::vec((0_usize..8, prop::option::of(0_usize..5)), 0..12),
    ) {
        let service = Service::Astro;
        let mut directory = three(service);
        let names = ["owner", "Ada", "pete", "a", "b", "c", "A", "d"];
        let mut text = String::from("email,role\n");
        for (name, role) in &lines {
            let role = role.map(|n| service.known_roles()[n].label.clone());
            text.push_str(&format!("{}@example.com,{}\n", names[*name], role.unwrap_or_default()));
        }
        let first = compared(&text, &directory, service);
        let sorted = first.invite.len() + first.re_role.len() + first.unchanged.len();
        prop_assert_eq!(sorted + first.refused.len(), lines.len());
        let plan = planned(&first.intents(), &directory, service);
        for step in &plan.steps {
            directory.apply(&done(step, &directory));
        }
        let again = compared(&text, &directory, service);
        let kept: Vec<_> = plan.refused.iter().map(|it| it.why.clone()).collect();
        prop_assert_eq!(again.intents().len(), kept.len(), "{:?}", kept);
        let last_owner = |why: &Reason| matches!(why, Reason::LastOwner { .. });
        prop_assert!(kept.iter().all(last_owner), "{:?}", kept);
    }
}

#[test]
fn slices_of_any_size_give_the_same_difference() {
    let directory = three(Service::Astro);
    let roles = directory.roles().to_vec();
    let defaults = Service::Astro.default_roles();
    let text = "owner@example.com\nnew@example.org Owner\nnew@example.org\nnot one\nada@example.com MEMBER\n";
    let options = Options {
        roles: &roles,
        max_entries: 4,
        ..Options::default()
    };
    let roster = Roster::read(text, &options, &NoMapping);
    assert_eq!((roster.lines.len(), roster.left_out), (4, 1));
    let whole = difference(&roster, &directory, &defaults);
    for slice in 1..4 {
        let mut reading = Reading::new(text, &options, &NoMapping);
        while reading.read_on(slice) {
            assert_eq!(roster.lines[..reading.count()].len(), reading.count());
        }
        assert_eq!(reading.finish(), roster, "in slices of {slice}");

        let mut comparing = Comparing::new(&directory);
        while comparing.compare_on(&roster, &directory, &defaults, slice) {
            assert_eq!(comparing.count() % slice, 0);
        }
        let found = comparing.finish(&roster, &directory);
        assert_eq!(found, whole, "in slices of {slice}");
    }
}
