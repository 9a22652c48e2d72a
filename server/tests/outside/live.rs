//! Real connections, with a second program's sandbox in the place of the real services.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rolecall_core::directory::Directory;
use rolecall_core::plan::{Context, Intent, plan};
use rolecall_core::service::Service;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binary::ends;
use crate::program::{Console, Running, rolecall};

/// A sandbox that plays the real services, and what opens it.
pub(crate) struct Services {
    running: Running,
    pub(crate) astro: String,
    pub(crate) astra: String,
    astro_token: String,
    astra_token: String,
}

impl Services {
    fn start(home: &TempDir) -> Self {
        Self::failing(home, "")
    }

    /// Services that fail so often, and so.
    pub(crate) fn failing(home: &TempDir, faults: &str) -> Self {
        let mut command = rolecall(home.path());
        command.args(["sandbox", "--listen", "127.0.0.1:0", "--json"]);
        command.args(["--seed-users", "50", "--faults", faults]);
        let running = Running::start(&mut command);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let token = |service: &str| {
            let tokens = running.line["tokens"].as_array().unwrap();
            let of = |it: &&Value| it["service"] == service && it["role"] == "owner";
            text(&tokens.iter().find(of).unwrap()["token"])
        };
        Self {
            astro: text(&running.line["astro"]["url"]),
            astra: text(&running.line["astra"]["url"]),
            astro_token: token("astro"),
            astra_token: token("astra"),
            running,
        }
    }

    /// Organization and token of each owner of a service, in the service's order.
    pub(crate) fn owners(&self, service: &str) -> Vec<(String, String)> {
        let tokens = self.running.line["tokens"].as_array().unwrap().iter();
        let owners = tokens.filter(|it| it["service"] == service && it["role"] == "owner");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let owner = |it: &Value| (text(&it["organization"]), text(&it["token"]));
        owners.map(owner).collect()
    }
}

fn write(home: &Path, name: &str, text: &str) {
    let file = home.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// A home as both vendors' CLIs leave it.
pub(crate) fn home_of_both(services: &Services) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    login(home.path(), services, &services.astro_token);
    let astrarc = format!(
        "[acme]\nASTRA_DB_APPLICATION_TOKEN={0}\nASTRA_ENV=LOCAL\nASTRA_LOCAL_ENDPOINT={1}\n\n\
         [default]\nASTRA_DB_APPLICATION_TOKEN={0}\nASTRA_ENV=LOCAL\nASTRA_LOCAL_ENDPOINT={1}\n\n\
         [broken]\nASTRA_DB_APPLICATION_TOKEN=nothing\n",
        services.astra_token, services.astra
    );
    write(home.path(), ".astrarc", &astrarc);
    home
}

/// What `astro login` writes.
fn login(home: &Path, services: &Services, token: &str) {
    let core = services.astro.trim_end_matches("/v1");
    let config = format!(
        "context: localhost\nlocal:\n  core: {core}\ncontexts:\n  localhost:\n    domain: localhost\n    token: Bearer {token}\n"
    );
    write(home, ".astro/config.yaml", &config);
}

pub(crate) fn start(home: &TempDir, more: &[&str]) -> Running {
    let mut command = rolecall(home.path());
    command.args([
        "start",
        "--listen",
        "127.0.0.1:0",
        "--seed-users",
        "50",
        "--json",
    ]);
    Running::start(command.args(more))
}

fn ids(answer: &Value, list: &str) -> Vec<String> {
    let list = answer[list].as_array().unwrap().iter();
    list.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Status and message of a request that may be refused.
pub(crate) async fn status(
    console: &Console,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, String) {
    let request = console
        .request(method, path)
        .header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn an_interrupted_run_waits_for_its_connection_and_goes_on_when_it_is_open() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = home_of_both(&services);
    let running = start(&home, &["--live"]);
    let console = Console::open(&running).await;
    let opening = json!({ "open": "astro-localhost" });
    console.post("/api/connections", &opening).await;
    let all = console.get("/api/c/astro-localhost/organizations").await;
    let organization = all["organizations"][0]["id"].as_str().unwrap();
    let service = Service::Astro;
    let invite = |i: usize| Intent::Invite {
        email: format!("new{i}@example.com").parse().unwrap(),
        roles: service.default_roles(),
        resend: false,
    };
    let intents: Vec<Intent> = (0..40).map(invite).collect();
    let context = Context {
        service,
        organization: organization.into(),
        me: None,
    };
    let plan = plan(&intents, &Directory::new(service.known_roles()), &context);
    let body = json!({ "connection": "astro-localhost", "plan": plan });
    let begun = console.post("/api/runs", &body).await;
    let run = format!("/api/runs/{}", begun["run"]);
    while console.get(&run).await["tally"]["done"].as_u64().unwrap() < 5 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(running);

    let running = start(&home, &["--live", "--request-timeout", "2"]);
    let console = Console::open(&running).await;
    let waiting = console.get(&run).await;
    assert_eq!(waiting["pause"]["reason"], "connection", "{waiting}");
    let said = waiting["pause"]["message"].as_str().unwrap();
    assert!(said.contains("astro-localhost is not open"), "{said}");
    console.post("/api/connections", &opening).await;
    let begun = Instant::now();
    loop {
        let standing = console.get(&run).await;
        if standing["state"] == "done" {
            assert_eq!(standing["tally"]["done"], 40);
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{standing}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_lies_in_the_home_folder_is_listed_and_left_alone() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = home_of_both(&services);
    let running = start(&home, &[]);
    let console = Console::open(&running).await;
    let found = console.get("/api/connections").await;
    assert!(
        found["connections"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["sandbox"] == true)
    );
    assert_eq!(ids(&found, "available"), ["astro-localhost", "astra-acme"]);
    assert_eq!(found["problems"].as_array().unwrap().len(), 1);
    assert!(found["problems"][0].as_str().unwrap().contains("[broken]"));
    assert_eq!(console.get("/api/session").await["live"], false);
    for body in [
        json!({ "open": "astra-acme" }),
        json!({ "paste": { "service": "astra", "token": services.astra_token } }),
    ] {
        let (code, said) = status(&console, "POST", "/api/connections", &body).await;
        assert_eq!(code, 409);
        assert!(said.contains("--live"), "{said}");
    }
    let (code, _) = status(&console, "GET", "/api/c/astra-acme/currentOrg", &json!({})).await;
    assert_eq!(code, 404);
}

#[tokio::test]
async fn a_click_opens_what_was_found_once_the_door_is_open() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = home_of_both(&services);
    let running = start(&home, &["--live"]);
    let console = Console::open(&running).await;
    let opened = console
        .post("/api/connections", &json!({ "open": "astra-acme" }))
        .await;
    assert_eq!(opened["name"], "Stellar Data");
    assert_eq!(opened["sandbox"], false);
    assert!(opened["organization"].is_string());
    let users = console.get("/api/c/astra-acme/organizations/users").await;
    assert_eq!(users["OrgName"], "Stellar Data");

    let opened = console
        .post("/api/connections", &json!({ "open": "astro-localhost" }))
        .await;
    assert_eq!(opened["renew"], "run `astro login`");
    assert_eq!(
        ids(&console.get("/api/connections").await, "available"),
        [""; 0]
    );

    let (code, _) = status(
        &console,
        "DELETE",
        "/api/connections/astra-acme",
        &json!({}),
    )
    .await;
    assert_eq!(code, 204);
    let (code, _) = status(
        &console,
        "GET",
        "/api/c/astra-acme/organizations/users",
        &json!({}),
    )
    .await;
    assert_eq!(code, 404);
    let (code, _) = status(
        &console,
        "DELETE",
        "/api/connections/sandbox-astro",
        &json!({}),
    )
    .await;
    assert_eq!(code, 404, "the sandbox stays");
}

#[tokio::test]
async fn a_pasted_token_is_checked_before_it_is_taken() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = tempfile::tempdir().unwrap();
    let running = start(&home, &["--live"]);
    let console = Console::open(&running).await;
    let paste = |service: &str, token: &str, url: &str| json!({ "paste": { "service": service, "token": token, "url": url } });
    let mut wrong = services.astra_token.clone();
    wrong.replace_range(wrong.len() - 4.., "0000");
    for (body, code, words) in [
        (paste("astra", &wrong, &services.astra), 409, "not opened"),
        (
            paste("astro", "wrong-token", &services.astro),
            409,
            "not opened",
        ),
        (
            paste("astra", "AstraCS:short", &services.astra),
            400,
            "no Astra token",
        ),
        (paste("astro", " ", &services.astro), 400, "no token"),
        (
            paste("astro", "a", "http://elsewhere.example/v1"),
            400,
            "https://",
        ),
        (
            paste("astro", "a", "http://127.0.0.1:1/v1"),
            409,
            "cannot be reached",
        ),
    ] {
        let (status, said) = status(&console, "POST", "/api/connections", &body).await;
        assert_eq!(status, code, "{said}");
        assert!(said.contains(words), "{said}");
        assert!(
            !said.contains("wrong-token") && !said.contains(&wrong),
            "{said}"
        );
    }
    let body = paste("astra", &services.astra_token, &services.astra);
    let opened = console.post("/api/connections", &body).await;
    assert_eq!(
        (&opened["id"], &opened["name"]),
        (&json!("astra-pasted-1"), &json!("Stellar Data"))
    );
    assert!(opened["source"].as_str().unwrap().contains("memory only"));
}

#[tokio::test]
async fn a_newer_login_is_taken_up_without_a_restart() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = home_of_both(&services);
    let running = start(&home, &["--live"]);
    let console = Console::open(&running).await;
    console
        .post("/api/connections", &json!({ "open": "astro-localhost" }))
        .await;

    // The login expires: the file holds another token, and so does the service's answer.
    login(home.path(), &services, "expired");
    drop(running);
    let running = start(&home, &["--live"]);
    let console = Console::open(&running).await;
    let (code, said) = status(
        &console,
        "POST",
        "/api/connections",
        &json!({ "open": "astro-localhost" }),
    )
    .await;
    assert_eq!(code, 409);
    assert!(said.contains("run `astro login`"), "{said}");
    login(home.path(), &services, &services.astro_token);
    console
        .post("/api/connections", &json!({ "open": "astro-localhost" }))
        .await;
    let organizations = console.get("/api/c/astro-localhost/organizations").await;
    assert_eq!(organizations["totalCount"], 3);
}

#[tokio::test]
async fn flags_open_connections_at_once() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "token", &services.astra_token);
    let flags = [
        "--live",
        "--astro-token",
        &services.astro_token,
        "--astro-url",
        &services.astro,
        "--astra-token",
        "@token",
        "--astra-env",
        "local",
        "--astra-url",
        &services.astra,
    ];
    let running = start(&home, &flags);
    let console = Console::open(&running).await;
    let found = ids(&console.get("/api/connections").await, "connections");
    assert_eq!(found[..2], ["astro-flag", "astra-flag"]);
    let organizations = console.get("/api/c/astro-flag/organizations").await;
    assert_eq!(organizations["totalCount"], 3);
}

#[tokio::test]
async fn link_prints_another_link_and_says_when_there_is_none() {
    let home = tempfile::tempdir().unwrap();
    let (code, _, said) = ends(rolecall(home.path()).arg("link"));
    assert_eq!(code, Some(1));
    assert!(said.contains("rolecall start"), "{said}");
    let mut running = start(&home, &[]);
    let (code, link, _) = ends(rolecall(home.path()).arg("link"));
    assert_eq!(code, Some(0));
    assert_ne!(link.trim(), running.line["link"].as_str().unwrap());
    running.line["link"] = link.trim().into();
    Console::open(&running).await;

    // killed: what it announced is still there, and nobody answers
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let (code, _, said) = ends(rolecall(home.path()).arg("link"));
    assert_eq!(code, Some(1));
    assert!(said.contains("does not answer"), "{said}");
}

#[tokio::test]
async fn a_session_survives_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let running = start(&home, &[]);
    let console = Console::open(&running).await;
    let address = running.address().trim_start_matches("http://").to_owned();
    drop(running);
    let mut command = rolecall(home.path());
    command.args([
        "start",
        "--listen",
        &address,
        "--seed-users",
        "50",
        "--json",
    ]);
    let _running = Running::start(&mut command);
    assert_eq!(console.get("/api/session").await["sandbox"], true);
}

#[tokio::test]
async fn doctor_says_what_is_where_and_whether_it_answers() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = home_of_both(&services);
    let doctor = |more: &[&str]| ends(rolecall(home.path()).arg("doctor").args(more));
    let (code, said, _) = doctor(&[]);
    assert_eq!(code, Some(0), "{said}");
    for words in [
        "context localhost",
        "profile acme",
        "not asked: add --live",
        "[broken]",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let (code, said, _) = doctor(&["--live"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("ok: Stellar Data"), "{said}");
    login(home.path(), &services, "expired-token");
    let (code, said, _) = doctor(&["--live", "--json"]);
    assert_eq!(code, Some(1), "{said}");
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["connections"][0]["answer"]["is"], "ill");
    for secret in [
        &services.astra_token,
        &services.astro_token,
        "expired-token",
    ] {
        assert!(!said.contains(secret), "{said}");
    }
}

/// Everything that leaves the program or stays behind, with as much logged as can be.
#[tokio::test]
async fn no_token_is_found_anywhere() {
    let machine = tempfile::tempdir().unwrap();
    let services = Services::start(&machine);
    let home = home_of_both(&services);
    write(home.path(), "astro-token", &services.astro_token);
    let flags = [
        "--live",
        "--astro-token",
        "@astro-token",
        "--astro-url",
        &services.astro,
        "-VV",
        "--dump-logs=all.log",
    ];
    let running = start(&home, &flags);
    let console = Console::open(&running).await;
    let mut seen = Vec::new();
    console
        .post("/api/connections", &json!({ "open": "astra-acme" }))
        .await;
    let organizations = console.get("/api/c/astro-flag/organizations").await;
    let organization = organizations["organizations"][0]["id"].as_str().unwrap();
    let invites = format!("/api/c/astro-flag/organizations/{organization}/invites");
    let body = json!({ "inviteeEmail": "a@example.com", "role": "ORGANIZATION_MEMBER" });
    for _ in 0..2 {
        seen.push(status(&console, "POST", &invites, &body).await.1);
    }
    for path in [
        "/",
        "/api/session",
        "/api/connections",
        "/api/journal",
        "/api/journal.csv",
        "/api/journal.jsonl",
        "/api/runs",
        "/api/c/astra-acme/organizations/users",
        "/api/c/astra-acme/nothing",
        "/api/nothing",
    ] {
        seen.push(status(&console, "GET", path, &json!({})).await.1);
    }
    assert!(
        seen.concat().contains("a@example.com"),
        "the journal was among it"
    );
    drop(running);
    let data = home.path().join(".local/share/rolecall");
    let mut files = vec![home.path().join("all.log")];
    for file in fs::read_dir(data).unwrap() {
        let file = file.unwrap();
        // The sandbox is the service here: it knows its own tokens.
        if !file.file_name().to_str().unwrap().starts_with("sandbox") {
            files.push(file.path());
        }
    }
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        seen.push(String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned());
    }
    let log = seen.iter().any(|it| it.contains("rolecall::"));
    assert!(log, "the log was among it");
    let secret = |token: &str| token.rsplit([':', '.']).next().unwrap().to_owned();
    for token in [&services.astro_token, &services.astra_token] {
        let secret = secret(token);
        assert!(secret.len() >= 32);
        for text in &seen {
            assert!(
                !text.contains(&secret),
                "a token in {}",
                &text[..text.len().min(200)]
            );
        }
    }
    let session = console.cookie.split_once('=').unwrap().1;
    for (half, name) in [
        (session, "the session's cookie"),
        (&console.page, "its page"),
    ] {
        assert!(seen.iter().all(|text| !text.contains(half)), "{name}");
    }
}

/// Without `--live` nothing of TLS is needed; with it, a machine that trusts nobody is told so.
#[test]
fn a_machine_without_certificates_still_has_the_sandbox() {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "none.pem", "");
    let bare = |more: &[&str]| {
        let mut command = rolecall(home.path());
        command.env("SSL_CERT_FILE", home.path().join("none.pem"));
        command.env("SSL_CERT_DIR", home.path().join("none"));
        command.args([
            "start",
            "--listen",
            "127.0.0.1:0",
            "--seed-users",
            "50",
            "--json",
            "--quiet",
        ]);
        command.args(more);
        command
    };
    let running = Running::start(&mut bare(&[]));
    assert!(running.line["link"].is_string());
    drop(running);
    let (code, _, said) = ends(&mut bare(&["--live"]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("certificate"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn flags_that_cannot_be_had_are_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    let start = |more: &[&str]| {
        let mut command: Command = rolecall(home.path());
        ends(
            command
                .args(["start", "--listen", "127.0.0.1:0", "--live"])
                .args(more),
        )
    };
    for (flags, code, words) in [
        (&["--astra-token", "secret"][..], 1, "no Astra token"),
        (&["--astro-token", "@nothing"], 1, "nothing cannot be read"),
        (&["-p", "gamma"], 1, "no usable profile `gamma`"),
        (&["--astra-env", "local"], 2, "--astra-url"),
        (&["--astro-url", "http://elsewhere.example"], 2, "https://"),
    ] {
        let (status, out, said) = start(flags);
        assert_eq!((status, out.as_str()), (Some(code), ""), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}
