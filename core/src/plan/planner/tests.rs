use super::*;
use crate::directory::{HeldRole, User};
use crate::endpoint::Site;
use crate::plan::Change;
use crate::service::Service;
use crate::testing::user;

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
            held: "Member".to_owned()
        })
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
        Err(Reason::NoRole)
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
