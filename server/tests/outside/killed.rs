//! A thousand invitations through the real program, with every fifth request failing in one way or
//! another and the program killed twice in the middle: nothing lost, nothing twice.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use rolecall_core::directory::{Directory, OrganizationId};
use rolecall_core::endpoint::Site;
use rolecall_core::plan::{Change, Context, Intent, plan};
use rolecall_core::service::Service;
use serde_json::{Value, json};

use crate::program::{Console, Running, rolecall};

const HOW_MANY: usize = 1_000;

fn start(home: &Path, faults: &str) -> Running {
    let mut command = rolecall(home);
    command.args([
        "start",
        "--listen",
        "127.0.0.1:0",
        "--json",
        "--seed-users",
        "200",
    ]);
    command.args(["--faults", faults, "--request-timeout", "3", "--quiet"]);
    Running::start(&mut command)
}

fn address(i: usize) -> String {
    format!("new.person{i}@example.com")
}

fn invitations(case: &Case) -> Value {
    let service = case.service;
    let context = Context {
        service,
        organization: case.organization(),
        me: None,
    };
    let intents: Vec<Intent> = (0..HOW_MANY)
        .map(|i| Intent::Invite {
            email: address(i).parse().unwrap(),
            roles: service.default_roles(),
            resend: false,
        })
        .collect();
    let plan = plan(&intents, &Directory::new(service.known_roles()), &context);
    assert_eq!(plan.steps.len(), HOW_MANY);
    serde_json::to_value(plan).unwrap()
}

/// Steers the run to its end, or until so many steps have an outcome.
async fn until(console: &Console, run: i64, outcomes: usize) -> Value {
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < Duration::from_secs(400), "it never ends");
        let standing = console.get(&format!("/api/runs/{run}")).await;
        let open =
            ["waiting", "sent", "open"].map(|word| standing["tally"][word].as_u64().unwrap());
        let left = usize::try_from(open.iter().sum::<u64>()).unwrap();
        if HOW_MANY - left >= outcomes {
            return standing;
        }
        if standing["state"] == "paused" {
            // The service was away for longer than a run waits by itself: somebody says go on.
            console
                .post(&format!("/api/runs/{run}/resume"), &json!({}))
                .await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Addresses in the organization, and how often each is there.
async fn members(console: &Console, case: &Case) -> BTreeMap<String, usize> {
    let mut emails = BTreeMap::new();
    let mut call = case.service.list_users(&case.organization(), 0);
    loop {
        let site = Site {
            base: &format!("/api/c/{}", case.connection),
            token: None,
        };
        let answer = console.text(&call.to_http(&site).uri().to_string()).await;
        let page = call.read(http::Response::new(answer.into_bytes())).unwrap();
        let Change::Users { users, .. } = &page else {
            panic!("no users");
        };
        for user in users {
            *emails.entry(user.email.clone()).or_default() += 1;
        }
        match case.service.next_page(&case.organization(), &page) {
            Some(next) => call = next,
            None => return emails,
        }
    }
}

/// How many mails each address got, as the sandbox counted them.
fn mails(home: &Path, case: &Case) -> BTreeMap<String, usize> {
    let file = home.join(".local/share/rolecall/sandbox.sqlite");
    let sandbox = rusqlite::Connection::open(file).unwrap();
    let mut mails = BTreeMap::new();
    let mut rows = sandbox
        .prepare("SELECT email FROM mail WHERE organization = ?1")
        .unwrap();
    let rows = rows
        .query_map([&case.id], |row| row.get::<_, String>(0))
        .unwrap();
    for email in rows {
        *mails.entry(email.unwrap()).or_default() += 1;
    }
    mails
}

/// Where the thousand go.
struct Case {
    service: Service,
    connection: &'static str,
    id: String,
}

impl Case {
    /// The first organization of a service.
    fn new(service: Service, connection: &'static str, running: &Running) -> Self {
        let name = service.name().to_lowercase();
        let organizations = running.line["sandbox"]["organizations"].as_array().unwrap();
        let first = organizations
            .iter()
            .find(|it| it["service"] == name.as_str());
        let id = first.unwrap()["id"].as_str().unwrap().to_owned();
        Self {
            service,
            connection,
            id,
        }
    }

    fn organization(&self) -> OrganizationId {
        self.id.as_str().into()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_invitations_to_astro_survive_faults_and_two_kills() {
    survive(Service::Astro, "sandbox-astro").await;
}

/// This one writes a second mail to whoever is invited twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_invitations_to_astra_survive_faults_and_two_kills() {
    survive(Service::Astra, "sandbox-astra-1").await;
}

async fn survive(service: Service, connection: &'static str) {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), "20%");
    let console = Console::open(&running).await;
    let case = Case::new(service, connection, &running);
    let body = json!({ "connection": connection, "plan": invitations(&case) });
    let begun = console.post("/api/runs", &body).await;
    let run = begun["run"].as_i64().unwrap();

    // Nobody watches it; killed twice in the middle.
    until(&console, run, HOW_MANY / 5).await;
    drop(running);
    let running = start(home.path(), "20%");
    let console = Console::open(&running).await;
    let going_on = console.get(&format!("/api/runs/{run}")).await;
    assert_ne!(
        going_on["pause"]["reason"], "interrupted",
        "it goes on by itself"
    );
    until(&console, run, HOW_MANY / 2).await;
    drop(running);
    let running = start(home.path(), "20%");
    let console = Console::open(&running).await;
    let done = until(&console, run, HOW_MANY).await;
    drop(running);

    // What the sandbox holds, asked without faults.
    let running = start(home.path(), "");
    let console = Console::open(&running).await;
    let members = members(&console, &case).await;
    let mails = mails(home.path(), &case);
    let steps = done["steps"].as_array().unwrap();
    assert_eq!(steps.len(), HOW_MANY);
    let mut there = 0;
    for (i, step) in steps.iter().enumerate() {
        let is_there = members.contains_key(&address(i));
        assert_eq!(mails.get(&address(i)), is_there.then_some(&1), "{step}");
        match step["state"].as_str().unwrap() {
            "done" => assert!(is_there, "{step}"),
            "refused" => assert!(!is_there, "{step}"),
            _ => panic!("no outcome: {step}"),
        }
        there += usize::from(is_there);
    }
    assert!(
        there > HOW_MANY * 9 / 10,
        "{there} arrived: {}",
        done["tally"]
    );
    assert!(members.values().all(|times| *times == 1));

    // The journal: each address has at most one sending that the service accepted, and every
    // sending has its entry, the killed ones without an answer.
    let journal = console.text("/api/journal.jsonl").await;
    let entries: Vec<Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut accepted = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for entry in &entries {
        assert_eq!(entry["run"], run);
        let email = entry["subject"].as_str().unwrap();
        asked.insert(email);
        if entry["answer"]["outcome"] == "done" {
            assert!(accepted.insert(email), "{email} was invited twice");
        }
    }
    assert_eq!(asked.len(), HOW_MANY);
    assert!(
        entries.len() > HOW_MANY,
        "some were sent again: {}",
        entries.len()
    );

    let kept = console.get(&format!("/api/runs/{run}")).await;
    assert_eq!(kept["state"], "done");
    assert_eq!(kept["tally"], done["tally"]);
}
