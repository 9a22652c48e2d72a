//! What the gateway costs, against calling the sandbox directly, in one run: `cargo xtask bench gateway`.
//!
//! Each line is a median, with its bar. A bar that does not hold fails the bench.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that unwraps says where it failed"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection as Database;
use serde_json::{Value, json};

const READS: usize = 1_000;
const CHANGES: usize = 200;
const AT_ONCE: usize = 200;
const ENTRIES: u32 = 100_000;

/// A program that runs, ended with its scope.
struct Running {
    child: Child,
    line: Value,
    /// From the start of the process to its first line.
    listening: Duration,
}

impl Running {
    fn start(home: &Path, more: &[&str]) -> Self {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["start", "--listen", "127.0.0.1:0", "--json", "--quiet"])
            .args(more)
            .env_clear()
            .env("HOME", home)
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let listening = begun.elapsed();
        Self {
            child,
            line: serde_json::from_str(&line).unwrap(),
            listening,
        }
    }

    fn text(&self, pointer: &str) -> &str {
        self.line.pointer(pointer).unwrap().as_str().unwrap()
    }

    /// Largest memory so far, in MiB; none where the system does not tell.
    fn memory(&self) -> Option<f64> {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1_024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same call, directly and through the gateway.
struct Doors {
    client: reqwest::Client,
    direct: String,
    token: String,
    gateway: String,
    cookie: String,
}

impl Doors {
    async fn open(running: &Running) -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tcp_nodelay(true)
            .build()
            .unwrap();
        let (address, key) = running.text("/link").split_once("/#key=").unwrap();
        let session = client
            .post(format!("{address}/api/session"))
            .header("content-type", "application/json")
            .body(json!({ "key": key }).to_string());
        let session = session.send().await.unwrap();
        let cookie = session.headers()["set-cookie"].to_str().unwrap();
        Self {
            direct: running.text("/sandbox/astro/url").to_owned(),
            token: running.text("/sandbox/tokens/0/token").to_owned(),
            gateway: format!("{address}/api/c/sandbox-astro"),
            cookie: cookie.split(';').next().unwrap().to_owned(),
            client,
        }
    }

    fn direct(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().unwrap();
        let request = self
            .client
            .request(method, format!("{}{path}", self.direct));
        request.bearer_auth(&self.token)
    }

    fn gateway(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().unwrap();
        let request = self
            .client
            .request(method, format!("{}{path}", self.gateway));
        request.header("cookie", &self.cookie)
    }

    /// Medians of the two doors, called in turns.
    async fn compare(
        &self,
        times: usize,
        mut call: impl FnMut(usize) -> (&'static str, String, Option<Value>),
    ) -> (Duration, Duration) {
        let (mut direct, mut gateway) = (Vec::new(), Vec::new());
        for i in 0..times + 20 {
            for through in [false, true] {
                let (method, path, body) = call(2 * i + usize::from(through));
                let mut request = match through {
                    false => self.direct(method, &path),
                    true => self.gateway(method, &path),
                };
                if let Some(body) = body {
                    request = request
                        .header("content-type", "application/json")
                        .body(body.to_string());
                }
                let begun = Instant::now();
                let answer = request.send().await.unwrap();
                let status = answer.status();
                answer.bytes().await.unwrap();
                let took = begun.elapsed();
                assert!(status.is_success(), "{status} {path}");
                // the first ones warm up
                if i >= 20 {
                    if through { &mut gateway } else { &mut direct }.push(took);
                }
            }
        }
        (median(direct), median(gateway))
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Prints a line of the table, and whether its bar holds.
fn row(what: &str, value: String, bar: &str, holds: bool) -> bool {
    let mark = if holds { "ok" } else { "MISSED" };
    println!("{what:<66} {value:>20}  {bar:<14} {mark}");
    holds
}

fn main() {
    // Another one that is installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let held = runtime.block_on(measure());
    assert!(held, "a bar was missed");
}

async fn measure() -> bool {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), &[]);
    let doors = Doors::open(&running).await;
    let organization = running.text("/sandbox/organizations/0/id").to_owned();
    let users = format!("/organizations/{organization}/users");
    let mut held = true;

    for limit in [20, 1_000] {
        let path = format!("{users}?offset=0&limit={limit}&sorts=createdAt%3Aasc");
        let times = if limit == 20 { READS } else { READS / 5 };
        let (direct, gateway) = doors.compare(times, |_| ("GET", path.clone(), None)).await;
        let added = ms(gateway) - ms(direct);
        held &= row(
            &format!("a read of {limit} users: direct, through the gateway, added"),
            format!("{:.2} {:.2} {added:+.2} ms", ms(direct), ms(gateway)),
            "< 1 ms added",
            added < 1.0,
        );
    }
    let invites = format!("/organizations/{organization}/invites");
    let invite = |i| {
        let email = format!("bench{i}@example.com");
        let body = json!({ "inviteeEmail": email, "role": "ORGANIZATION_MEMBER" });
        ("POST", invites.clone(), Some(body))
    };
    let (direct, gateway) = doors.compare(CHANGES, invite).await;
    row(
        "a change (journaled, on the disk twice): the same",
        format!(
            "{:.2} {:.2} {:+.2} ms",
            ms(direct),
            ms(gateway),
            ms(gateway) - ms(direct)
        ),
        "none",
        true,
    );
    drop(running);

    let slow = tempfile::tempdir().unwrap();
    let running = Running::start(slow.path(), &["--faults", "latency=500ms"]);
    let doors = Doors::open(&running).await;
    let before = running.memory();
    let path = format!("{users}?offset=0&limit=1000&sorts=createdAt%3Aasc");
    let begun = Instant::now();
    let calls: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let request = doors.gateway("GET", &path);
            tokio::spawn(async move {
                let answer = request.send().await.unwrap();
                assert!(answer.status().is_success());
                answer.bytes().await.unwrap().len()
            })
        })
        .collect();
    let mut bytes = 0;
    for call in calls {
        bytes += call.await.unwrap();
    }
    let took = begun.elapsed();
    let mib = bytes as f64 / 1_048_576.0;
    held &= row(
        &format!("{AT_ONCE} calls of 1,000 users at once ({mib:.0} MiB), behind 500 ms"),
        format!("{:.0} ms", ms(took)),
        "all answered",
        true,
    );
    if let (Some(before), Some(after)) = (before, running.memory()) {
        held &= row(
            "  memory at its most: before, after",
            format!("{before:.0} {after:.0} MiB"),
            "< 512 MiB",
            after < 512.0,
        );
    }
    drop(running);

    fill(&home.path().join(".local/share/rolecall/journal.sqlite"));
    let starts = (0..7)
        .map(|_| Running::start(home.path(), &[]).listening)
        .collect();
    let start = median(starts);
    held &= row(
        &format!("start to listening, {ENTRIES} entries in the journal"),
        format!("{:.0} ms", ms(start)),
        "< 100 ms",
        ms(start) < 100.0,
    );
    held
}

/// A journal as years of work leave it.
fn fill(file: &Path) {
    let mut journal = Database::open(file).unwrap();
    let change = journal.transaction().unwrap();
    for i in 0..ENTRIES {
        change
            .prepare_cached(
                "INSERT INTO sent (at, who, connection, service, organization, method, path, subject, what)
                 VALUES (?1, 'session 1', 'sandbox-astro', 'astro', 'c1', 'POST', '/invites', ?2, '{}')",
            )
            .unwrap()
            .execute((i, format!("person{i}@example.com")))
            .unwrap();
        let id = change.last_insert_rowid();
        change
            .prepare_cached(
                "INSERT INTO answered (sent, at, outcome, status) VALUES (?1, ?2, 'done', 200)",
            )
            .unwrap()
            .execute((id, i))
            .unwrap();
    }
    change.commit().unwrap();
}
