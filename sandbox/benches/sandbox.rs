//! How long the sandbox takes, on this machine: `cargo bench -p rolecall-sandbox`.

use std::error::Error;
use std::time::{Duration, Instant};

use http::Request;
use rolecall_core::service::Service;
use rolecall_sandbox::{Sandbox, Settings};
use rusqlite::Connection;

/// 2026-11-02 09:00 UTC, in milliseconds.
const NOW: u64 = 1_793_610_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    for users in [10_000, 100_000] {
        measure(users)?;
    }
    Ok(())
}

fn measure(users: u32) -> Result<(), Box<dyn Error>> {
    let settings = Settings {
        users,
        ..Settings::default()
    };
    let start = Instant::now();
    let mut sandbox = Sandbox::open(Connection::open_in_memory()?, settings)?;
    print(&format!("fill with {users} Astro users"), start.elapsed());

    let inventory = sandbox.inventory()?;
    let find = |service| {
        let mut tokens = inventory.tokens.iter();
        tokens
            .find(|it| it.service == service)
            .ok_or("each service has a token")
    };
    let astro = find(Service::Astro)?;
    let list = format!("/v1/organizations/{}/users?limit=1000", astro.organization);
    for (what, query) in [
        ("first page of 1000", "&sorts=createdAt:asc".to_owned()),
        (
            "last page of 1000",
            format!("&sorts=createdAt:asc&offset={}", users - 1000),
        ),
        (
            "page of 1000 by full name",
            "&sorts=fullName:asc".to_owned(),
        ),
    ] {
        let request = Request::get(format!("{list}{query}"))
            .header("authorization", format!("Bearer {}", astro.token))
            .body(Vec::new())?;
        print(what, median(&mut sandbox, &request)?);
    }

    let astra = find(Service::Astra)?;
    let start = Instant::now();
    for n in 0..users.min(10_000) {
        let body = format!(
            r#"{{"email":"person{n}@example.com","orgID":"{}","roles":["d2cfcd63-055c-4a58-b957-8916d4a007a5"]}}"#,
            astra.organization
        );
        let request = Request::put("/v2/organizations/users")
            .header("authorization", format!("Bearer {}", astra.token))
            .body(body.into_bytes())?;
        if sandbox.handle(&request, NOW).response.status() != 200 {
            return Err("an invitation was refused".into());
        }
    }
    print("10,000 Astra invitations", start.elapsed());
    let request = Request::get("/v2/organizations/users")
        .header("authorization", format!("Bearer {}", astra.token))
        .body(Vec::new())?;
    print(
        "list of 10,300 Astra users",
        median(&mut sandbox, &request)?,
    );
    Ok(())
}

fn median(sandbox: &mut Sandbox, request: &Request<Vec<u8>>) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        let reply = sandbox.handle(request, NOW);
        times.push(start.elapsed());
        if reply.response.status() != 200 {
            return Err("a list was refused".into());
        }
    }
    times.sort();
    Ok(times[times.len() / 2])
}

fn print(what: &str, time: Duration) {
    println!("{what:<32} {:>9.2} ms", time.as_secs_f64() * 1000.0);
}
