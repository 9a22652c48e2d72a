//! Where a run goes, and who begins it: through a connection that leads to its organization, once.

use std::time::{Duration, Instant};

use rolecall_core::service::Service;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::live::{Services, home_of_both, start, status};
use crate::plans::{first_organization, invitations};
use crate::program::Console;

/// Waits until the run is as it is wanted.
async fn until(console: &Console, run: &str, is: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let standing = console.get(run).await;
        if is(&standing) {
            return standing;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{standing}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn done(standing: &Value) -> u64 {
    standing["tally"]["done"].as_u64().unwrap()
}

#[tokio::test]
async fn a_run_does_not_go_on_with_a_token_of_another_organization() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::failing(&machine, "latency=60ms");
    let [(organization, token), (_, other)] = &services.owners("astra")[..] else {
        panic!("two organizations");
    };
    let home = tempfile::tempdir().unwrap();
    let with = |token: &str| {
        let url = ["--astra-url", &services.astra, "--request-timeout", "2"];
        start(
            &home,
            &[&["--live", "--astra-token", token], &url[..]].concat(),
        )
    };
    let running = with(token);
    let console = Console::open(&running).await;
    let plan = invitations(Service::Astra, organization, 60);
    let body = json!({ "connection": "astra-flag", "plan": plan });
    let begun = console.post("/api/runs", &body).await;
    let run = format!("/api/runs/{}", begun["run"]);
    until(&console, &run, |it| done(it) >= 5).await;
    drop(running);

    let running = with(other);
    let console = Console::open(&running).await;
    let is_elsewhere = |it: &Value| it["pause"]["reason"] == "elsewhere";
    let waiting = until(&console, &run, is_elsewhere).await;
    let words = waiting["pause"]["message"].as_str().unwrap();
    assert!(
        words.contains("does not lead to this organization"),
        "{words}"
    );
    let (code, said) = status(&console, "POST", &format!("{run}/resume"), &json!({})).await;
    assert_eq!(code, 409, "{said}");
    assert!(said.contains("does not lead"), "{said}");
    let after = console.get(&run).await;
    assert_eq!((done(&after), is_elsewhere(&after)), (done(&waiting), true));
    // nor is one begun there: on Astra the token says for which organization it is, and not each call
    let (code, said) = status(&console, "POST", "/api/runs", &body).await;
    assert_eq!(code, 400);
    assert!(said.contains("another organization"), "{said}");
    let users = console.get("/api/c/astra-flag/organizations/users").await;
    assert!(!users.to_string().contains("new0@example.com"));
}

#[tokio::test]
async fn a_run_goes_on_by_itself_with_the_organization_it_began_with() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::failing(&machine, "latency=60ms");
    let (organization, token) = &services.owners("astra")[0];
    let home = tempfile::tempdir().unwrap();
    let url = ["--astra-url", &services.astra, "--request-timeout", "2"];
    let flags = [&["--live", "--astra-token", token], &url[..]].concat();
    let running = start(&home, &flags);
    let console = Console::open(&running).await;
    let plan = invitations(Service::Astra, organization, 60);
    let body = json!({ "connection": "astra-flag", "plan": plan });
    let begun = console.post("/api/runs", &body).await;
    let run = format!("/api/runs/{}", begun["run"]);
    until(&console, &run, |it| done(it) >= 5).await;
    drop(running);
    let running = start(&home, &flags);
    let console = Console::open(&running).await;
    let over = until(&console, &run, |it| it["state"] == "done").await;
    assert_eq!(done(&over), 60);
}

#[tokio::test]
async fn a_connection_that_is_closed_carries_nothing_more() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::failing(&machine, "latency=60ms");
    let home = home_of_both(&services);
    let running = start(&home, &["--live"]);
    let console = Console::open(&running).await;
    let opening = json!({ "open": "astro-localhost" });
    console.post("/api/connections", &opening).await;
    let (organization, _) = &services.owners("astro")[0];
    let plan = invitations(Service::Astro, organization, 60);
    let body = json!({ "connection": "astro-localhost", "plan": plan });
    let begun = console.post("/api/runs", &body).await;
    let run = format!("/api/runs/{}", begun["run"]);
    until(&console, &run, |it| done(it) >= 5).await;
    let path = "/api/connections/astro-localhost";
    assert_eq!(status(&console, "DELETE", path, &json!({})).await.0, 204);
    let closed = until(&console, &run, |it| it["tally"]["sent"] == 0).await;
    assert_eq!(closed["pause"]["reason"], "connection", "{closed}");
    assert!(done(&closed) < 60);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(console.get(&run).await["tally"], closed["tally"]);

    console.post("/api/connections", &opening).await;
    let over = until(&console, &run, |it| it["state"] == "done").await;
    assert_eq!(done(&over), 60);
}

#[tokio::test]
async fn who_asks_twice_for_the_same_run_begins_one() {
    let home = tempfile::tempdir().unwrap();
    let running = start(&home, &[]);
    let console = Console::open(&running).await;
    let organization = &first_organization(&console).await;
    let plan = invitations(Service::Astro, organization, 3);
    let body = json!({ "connection": "sandbox-astro", "plan": plan, "key": "k1" });
    let first = console.post("/api/runs", &body).await;
    assert_eq!(console.post("/api/runs", &body).await, first);
    let run = format!("/api/runs/{}", first["run"]);
    until(&console, &run, |it| it["state"] == "done").await;
    assert_eq!(console.post("/api/runs", &body).await, first);
    let other = invitations(Service::Astro, organization, 2);
    for (key, plan, code) in [("k1", &other, 409), ("", &plan, 400)] {
        let body = json!({ "connection": "sandbox-astro", "plan": plan, "key": key });
        assert_eq!(status(&console, "POST", "/api/runs", &body).await.0, code);
    }
    assert_eq!(
        console.get("/api/runs").await["runs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let entries = console.get("/api/journal").await;
    assert_eq!(entries["entries"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_is_written_later() {
    let home = tempfile::tempdir().unwrap();
    let running = start(&home, &["--faults", "latency=1500ms", "--data-dir", "data"]);
    let console = Console::open(&running).await;
    let organization = &first_organization(&console).await;
    let plan = invitations(Service::Astro, organization, 6);
    let body = json!({ "connection": "sandbox-astro", "plan": plan });
    let begun = console.post("/api/runs", &body).await;
    let run = format!("/api/runs/{}", begun["run"]);
    until(&console, &run, |it| it["tally"]["sent"] == 6).await;
    // another program keeps the journal longer than anybody waits for it
    let journal = rusqlite::Connection::open(home.path().join("data/journal.sqlite")).unwrap();
    journal.execute_batch("BEGIN IMMEDIATE").unwrap();
    tokio::time::sleep(Duration::from_secs(8)).await;
    let meanwhile = console.get(&run).await;
    assert_eq!(
        (done(&meanwhile), &meanwhile["state"]),
        (6, &json!("running"))
    );
    journal.execute_batch("COMMIT").unwrap();
    until(&console, &run, |it| it["state"] == "done").await;
    let entries = console.get("/api/journal").await;
    let entries = entries["entries"].as_array().unwrap();
    let is_done = |it: &&Value| it["answer"]["outcome"] == "done";
    assert_eq!(
        (entries.len(), entries.iter().filter(is_done).count()),
        (6, 6)
    );
    let path = format!("/api/invites/sandbox-astro/{organization}");
    let invites = console.get(&path).await;
    assert_eq!(invites["invites"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_plan_holds_no_call_that_the_service_does_not_have() {
    let home = tempfile::tempdir().unwrap();
    let running = start(&home, &[]);
    let console = Console::open(&running).await;
    let organization = &first_organization(&console).await;
    let service = Service::Astro;
    for id in ["..", "", ".", "a/b", "a?b", &"x".repeat(70_000)] {
        let mut plan = invitations(service, organization, 1);
        let call = service.withdraw(
            &organization.as_str().into(),
            &"u1".into(),
            Some(&id.into()),
        );
        plan["steps"][0]["call"] = serde_json::to_value(call.unwrap()).unwrap();
        let body = json!({ "connection": "sandbox-astro", "plan": plan });
        let (code, said) = status(&console, "POST", "/api/runs", &body).await;
        assert_eq!(code, 400, "{said}");
        assert!(said.contains("no call that its service has"), "{said}");
    }
}

#[tokio::test]
async fn a_run_begins_though_the_browser_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let running = start(&home, &[]);
    let console = Console::open(&running).await;
    let organization = &first_organization(&console).await;
    let plan = invitations(Service::Astro, organization, 2_000);
    let body = json!({ "connection": "sandbox-astro", "plan": plan }).to_string();
    let host = running.address().trim_start_matches("http://");
    for gone in 1..=8 {
        let mut line = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "POST /api/runs HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {}\r\nrolecall-page: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            console.cookie,
            console.page,
            body.len()
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(body.as_bytes()).await.unwrap();
        // long enough for it to be read, and not for it to be answered
        tokio::time::sleep(Duration::from_millis(gone)).await;
        drop(line);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let runs = console.get("/api/runs").await;
    for run in runs["runs"].as_array().unwrap() {
        let path = format!("/api/runs/{}", run["id"]);
        // one that nobody drives is not found when it is steered
        let (code, said) = status(&console, "POST", &format!("{path}/stop"), &json!({})).await;
        let after = console.get(&path).await;
        let is_over = after["state"] == "done" || after["state"] == "stopped";
        assert!(code == 204 || is_over, "{said}: {}", after["state"]);
    }
}
