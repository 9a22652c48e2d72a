use proptest::prelude::*;

use super::*;
use crate::directory::{HeldRole, Status, email_key};
use crate::email::{Email, NoMapping};
use crate::endpoint::Refusal;
use crate::plan::run::{Progress, Standing};
use crate::plan::{Act, Change, Context, Failure, Intent, Plan, Reason, Refused, plan};
use crate::recipients::{self, Format, NamedRole, Options, Recipients, Who, from_json};
use crate::role::{Role, RoleId};
use crate::service::Service;
use crate::testing::user;

const OWNER: &str = "ORGANIZATION_OWNER";
const MEMBER: &str = "ORGANIZATION_MEMBER";

fn with(email: &str, name: &str, roles: &[&str], status: Status) -> User {
    let held = |id: &&str| HeldRole {
        id: (*id).into(),
        name: String::new(),
    };
    User {
        name: name.to_owned(),
        roles: roles.iter().map(held).collect(),
        status,
        created: "2025-01-02T00:00:00Z".to_owned(),
        ..user(&format!("id-{email}"), email)
    }
}

fn directory(service: Service, users: Vec<User>) -> Directory {
    let mut directory = Directory::new(service.known_roles());
    for user in users {
        directory.apply(&Change::User { user });
    }
    directory
}

fn everyone(directory: &Directory) -> Vec<u32> {
    (0..u32::try_from(directory.len()).unwrap()).collect()
}

fn read(text: &str, roles: &[Role], format: Option<Format>) -> Recipients {
    let options = Options {
        roles,
        format,
        ..Options::default()
    };
    recipients::read(text, &options, &NoMapping)
}

/// Address and sorted roles of each entry.
fn people(list: &Recipients) -> Vec<(String, Vec<RoleId>)> {
    let person = |entry: &recipients::Entry| {
        let recipient = entry.recipient.as_ref().unwrap();
        let Who::Email(email) = &recipient.who else {
            panic!("{recipient:?}");
        };
        let role = |role: &NamedRole| match role {
            NamedRole::Known(id) => id.clone(),
            NamedRole::Unchecked(text) => panic!("{text} is no known role"),
        };
        let mut roles: Vec<RoleId> = recipient.roles.iter().map(role).collect();
        roles.sort();
        (email_key(email.as_str()), roles)
    };
    list.entries.iter().map(person).collect()
}

/// What a list would invite, lines that cannot be read left out.
fn invitations(list: &Recipients, default: &str) -> Vec<Intent> {
    let invitation = |entry: &recipients::Entry| {
        let recipient = entry.recipient.as_ref().ok()?;
        let Who::Email(email) = &recipient.who else {
            return None;
        };
        let role = |role: &NamedRole| match role {
            NamedRole::Known(id) => id.clone(),
            NamedRole::Unchecked(text) => text.as_str().into(),
        };
        let mut roles: Vec<RoleId> = recipient.roles.iter().map(role).collect();
        if roles.is_empty() {
            roles.push(default.into());
        }
        Some(Intent::Invite {
            email: email.clone(),
            roles,
            resend: false,
        })
    };
    list.entries.iter().filter_map(invitation).collect()
}

fn context(service: Service) -> Context {
    Context {
        service,
        organization: "c1".into(),
        me: None,
    }
}

#[test]
fn csv_as_others_read_it() {
    let directory = directory(
        Service::Astro,
        vec![
            with("ada@b.example", "Okafor, \"Ada\"", &[OWNER], Status::Active),
            with("+b@b.example", "=1+1", &[MEMBER], Status::Pending),
            with(
                "c@b.example",
                "two\r\nlines",
                &[],
                Status::Other("ASLEEP".to_owned()),
            ),
        ],
    );
    assert_eq!(
        export(&directory, &[1, 0, 2], Form::Csv),
        "email,name,role,status,since,id\r\n\
         '+b@b.example,'=1+1,ORGANIZATION_MEMBER,pending,2025-01-02T00:00:00Z,id-+b@b.example\r\n\
         ada@b.example,\"Okafor, \"\"Ada\"\"\",ORGANIZATION_OWNER,active,2025-01-02T00:00:00Z,id-ada@b.example\r\n\
         c@b.example,two lines,,ASLEEP,2025-01-02T00:00:00Z,id-c@b.example\r\n"
    );
    assert_eq!(
        export(&directory, &[], Form::Csv),
        "email,name,role,status,since,id\r\n"
    );
}

#[test]
fn json_is_the_users_again() {
    let mut users = vec![
        with(
            "ada@b.example",
            "=\u{202E}\r\n\"A\", 'x'",
            &[OWNER],
            Status::Active,
        ),
        with("b@b.example", "", &[], Status::Other("ASLEEP".to_owned())),
    ];
    let text = export(
        &directory(Service::Astro, users.clone()),
        &[0, 1],
        Form::Json,
    );
    users[0].roles[0].name = OWNER.to_owned();
    assert_eq!(serde_json::from_str::<Vec<User>>(&text).unwrap(), users);
    assert_eq!(text.lines().count(), 4, "a user a line: {text}");
    let none = export(&Directory::default(), &[], Form::Json);
    assert_eq!(none, "[]\n");
}

#[test]
fn the_vendors_file_holds_whoever_has_one_role() {
    let directory = directory(
        Service::Astro,
        vec![
            with("ada@b.example", "Ada", &[OWNER], Status::Active),
            with("nobody@b.example", "", &[], Status::Active),
            with("two@b.example", "", &[OWNER, MEMBER], Status::Active),
            with("a b@c.example", "", &[MEMBER], Status::Active),
            with("b@b.example", "B", &[MEMBER], Status::Pending),
        ],
    );
    let rows = everyone(&directory);
    let text = export(&directory, &rows, Form::UsersFile);
    assert_eq!(
        text,
        "ada@b.example ORGANIZATION_OWNER\nb@b.example ORGANIZATION_MEMBER\n"
    );
    assert_eq!(left_out(&directory, &rows, Form::UsersFile), 3);
    assert_eq!(left_out(&directory, &rows, Form::Csv), 0);
    let list = read(&text, directory.roles(), None);
    assert_eq!(list.format, Format::UsersFile);
    assert_eq!(people(&list).len(), 2);
}

#[test]
fn roles_are_written_by_words_that_lead_back_to_them() {
    let service = Service::Astra;
    let mut roles = service.known_roles();
    let id = |key: &str| {
        let role = roles.iter().find(|role| role.key == key).unwrap();
        role.id.clone()
    };
    let (admin, reader) = (id("Organization Administrator"), id("RO User"));
    for (id, key) in [
        // together with a semicolon these two spell the third
        ("c-1", "Night"),
        ("c-2", "Watch"),
        ("c-3", "Night Watch"),
        ("c-4", "=a; b"),
        ("c-5", "RO User"),
    ] {
        roles.push(Role::unknown(id.into(), key));
    }
    let mut directory = Directory::new(roles);
    let sets: [&[&str]; 7] = [
        &[admin.as_str(), "c-1"],
        &["c-1", "c-2"],
        &["c-3"],
        &["c-4"],
        &["c-4", "c-1"],
        &[reader.as_str()],
        &["c-5"],
    ];
    for (n, set) in sets.iter().enumerate() {
        let user = with(&format!("p{n}@b.example"), "", set, Status::Active);
        directory.apply(&Change::User { user });
    }
    let text = export(&directory, &everyone(&directory), Form::Csv);
    let list = read(&text, directory.roles(), None);
    let found: Vec<_> = people(&list).into_iter().map(|(_, roles)| roles).collect();
    let wanted = sets.map(|set| {
        let mut set: Vec<RoleId> = set.iter().map(|id| RoleId::from(*id)).collect();
        set.sort();
        set
    });
    assert_eq!(found, wanted, "{text}");
    assert!(
        text.contains(",Organization Administrator; Night,"),
        "{text}"
    );
    assert!(text.contains(",c-1; c-2,"), "{text}");
    assert!(text.contains(",'=a; b,"), "{text}");
    assert!(text.contains(&format!(",{reader},")), "{text}");
}

fn failure(message: &str) -> Failure {
    Failure::Refused(Refusal {
        status: 400,
        message: Some(message.to_owned()),
        request_id: Some("r-1".to_owned()),
        fields: Vec::new(),
        code: None,
        retry_after: None,
    })
}

/// A plan over everything that can become of a row, and how its steps stand.
fn a_run(directory: &Directory) -> (Plan, Vec<Progress>) {
    let invite = |name: &str, role: &str| Intent::Invite {
        email: format!("{name}@b.example").parse().unwrap(),
        roles: vec![role.into()],
        resend: false,
    };
    let intents = [
        invite("done", MEMBER),
        invite("refused", OWNER),
        invite("done", MEMBER),
        invite("unsent", MEMBER),
        invite("lost", MEMBER),
        Intent::Withdraw {
            user: "id-gone@b.example".into(),
        },
    ];
    let plan = plan(&intents, directory, &context(Service::Astro));
    let standing = |standing| Progress {
        standing,
        sent: 1,
        again: false,
        unsure: false,
        last: None,
    };
    let progress = vec![
        standing(Standing::Done {
            invite: Some("i1".into()),
            seen: false,
        }),
        standing(Standing::Refused {
            failure: failure("=no, not\nnow"),
        }),
        standing(Standing::NotSent),
        standing(Standing::Unknown {
            failure: Failure::Unanswered {
                message: "dropped".to_owned(),
            },
        }),
        standing(Standing::Done {
            invite: None,
            seen: true,
        }),
    ];
    (plan, progress)
}

fn before_the_run() -> Directory {
    let gone = with("gone@b.example", "", &[MEMBER], Status::Pending);
    let mut directory = directory(Service::Astro, vec![gone]);
    directory.learn_invite(&"id-gone@b.example".into(), "i0".into());
    directory
}

#[test]
fn a_report_has_a_row_for_everything_that_was_wanted() {
    let directory = before_the_run();
    let (plan, progress) = a_run(&directory);
    let rows = report(&plan, &progress, &directory);
    let text = report_csv(&rows);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "email,act,before,role,outcome,message,request_id");
    assert_eq!(
        lines[1],
        "done@b.example,invite,,ORGANIZATION_MEMBER,done,,"
    );
    assert_eq!(
        lines[2],
        "refused@b.example,invite,,ORGANIZATION_OWNER,refused,\"'=no, not now (status 400), request r-1\",r-1"
    );
    assert_eq!(
        lines[3],
        "done@b.example,,,–,not planned,the same as row 1,"
    );
    assert!(lines[4].ends_with(",not sent,,"), "{}", lines[4]);
    assert!(lines[5].contains(",unknown,no answer came back: dropped,"));
    assert_eq!(
        lines[6],
        "gone@b.example,withdraw,ORGANIZATION_MEMBER,–,done,no answer came; the list shows that it was done,"
    );
    let stored: Vec<ReportRow> = serde_json::from_str(&report_json(&rows)).unwrap();
    assert_eq!(stored, rows);
    let unfinished = report(&plan, &[], &directory);
    assert_eq!(unfinished[0].outcome, Outcome::Unfinished);
}

#[test]
fn a_report_fed_back_in_wants_only_what_was_not_reached() {
    let mut directory = before_the_run();
    let (plan_before, progress) = a_run(&directory);
    let rows = report(&plan_before, &progress, &directory);
    let (text, json) = (report_csv(&rows), from_json(&report_json(&rows)));
    directory.apply(&Change::Withdrawn {
        invite: "i0".into(),
    });
    directory.apply(&Change::User {
        user: with("done@b.example", "", &[MEMBER], Status::Pending),
    });
    let list = read(&text, directory.roles(), None);
    let from_json = read(&json.unwrap(), directory.roles(), None);
    let named = |list: &Recipients| -> Vec<_> {
        let entries = list.entries.iter();
        entries.map(|it| it.recipient.clone()).collect()
    };
    assert_eq!(named(&from_json), named(&list));
    let again = plan(
        &invitations(&list, MEMBER),
        &directory,
        &context(Service::Astro),
    );
    let who: Vec<_> = again.steps.iter().map(|step| step.email.as_str()).collect();
    assert_eq!(
        who,
        ["refused@b.example", "unsent@b.example", "lost@b.example"]
    );
    assert_eq!(
        again.refused,
        [Refused {
            row: 0,
            who: "done@b.example".to_owned(),
            why: Reason::AlreadyInvited
        }]
    );
    assert_eq!(again.steps[0].act, Act::Invite);
}

/// Users with hostile names and lawful addresses, each address once.
fn users(service: Service) -> impl Strategy<Value = Vec<User>> {
    let ids: Vec<String> = service
        .known_roles()
        .into_iter()
        .map(|role| role.id.to_string())
        .collect();
    let most = match service.role_choice() {
        crate::service::RoleChoice::One => 1,
        crate::service::RoleChoice::Many => 3,
    };
    let roles = prop::sample::subsequence(ids, 0..=most);
    let status = prop::sample::select(vec![
        Status::Active,
        Status::Pending,
        Status::Other("=BUSY, \"or\" so".to_owned()),
    ]);
    let user = (
        "[a-c'=+|#{}&-]{1,6}",
        "[a-c'\"=+@,;<>\t\r\n \u{202E}\u{200F}ü-]{0,12}",
        roles,
        status,
    );
    prop::collection::vec(user, 0..12).prop_map(|users| {
        let mut seen = std::collections::HashSet::new();
        let user = |(local, name, roles, status): (String, String, Vec<String>, _)| {
            let email = format!("{local}@b.example");
            email.parse::<Email>().unwrap();
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            let new = seen.insert(email.clone());
            new.then(|| with(&email, &name, &roles, status))
        };
        users.into_iter().filter_map(user).collect()
    })
}

fn comes_back(service: Service, users: &[User]) -> Result<(), TestCaseError> {
    let directory = directory(service, users.to_vec());
    let rows = everyone(&directory);
    let person = |user: &User| {
        let mut roles: Vec<RoleId> = user.roles.iter().map(|it| it.id.clone()).collect();
        roles.sort();
        (email_key(&user.email), roles)
    };
    let all: Vec<_> = users.iter().map(person).collect();

    let json = export(&directory, &rows, Form::Json);
    for text in [
        export(&directory, &rows, Form::Csv),
        from_json(&json).unwrap_or_default(),
    ] {
        let list = read(&text, directory.roles(), None);
        prop_assert_eq!(people(&list), all.clone(), "{}", text);
        let again = plan(
            &invitations(&list, service.default_roles()[0].as_str()),
            &directory,
            &context(service),
        );
        prop_assert_eq!(again.steps, [], "{}", text);
    }

    let text = export(&directory, &rows, Form::UsersFile);
    let list = read(&text, directory.roles(), Some(Format::UsersFile));
    let single: Vec<_> = all
        .into_iter()
        .filter(|(_, roles)| roles.len() == 1)
        .collect();
    prop_assert_eq!(people(&list), single, "{}", text);
    Ok(())
}

proptest! {
    #[test]
    fn what_goes_out_comes_back_in_and_plans_nothing_in_astro(users in users(Service::Astro)) {
        comes_back(Service::Astro, &users)?;
    }

    #[test]
    fn what_goes_out_comes_back_in_and_plans_nothing_in_astra(users in users(Service::Astra)) {
        comes_back(Service::Astra, &users)?;
    }
}
