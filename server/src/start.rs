//! From a command line to a server that listens: `rolecall start` and `rolecall sandbox`.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rolecall_sandbox::{Inventory, OpenError, Rate, Sandbox, Settings};
use rusqlite::Connection as Database;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::assets::{Assets, UnreadableAssets};
use crate::clock::World;
use crate::config::{ListenArgs, RateArg, SandboxArgs, SeedArgs, StartArgs};
use crate::connections::environment::Surroundings;
use crate::connections::sources::{SourceError, find};
use crate::connections::{Connections, check, of_sandbox};
use crate::data_folder::{Announcement, DataFolder, DataFolderError, private};
use crate::guard::Guard;
use crate::journal::{Journal, JournalError};
use crate::sandbox::Host;
use crate::sending::{NoTrust, Patience, Sender};
use crate::serve::{ListenError, listen, serve, service};
use crate::{Parts, Server, router};

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address that other machines reach, unasked.
    #[error("{0} can be reached from other machines; add --allow-remote if that is meant")]
    Remote(SocketAddr),
    /// The address cannot be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The data folder cannot be had.
    #[error(transparent)]
    Data(#[from] DataFolderError),
    /// The console cannot be read.
    #[error(transparent)]
    Assets(#[from] UnreadableAssets),
    /// The sandbox cannot be opened.
    #[error(transparent)]
    Sandbox(#[from] OpenError),
    /// A token that a flag names cannot be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Nobody can be trusted.
    #[error(transparent)]
    Trust(#[from] NoTrust),
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Standard output is closed, or the like.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The sandbox, as it is printed.
#[derive(Debug, Serialize)]
struct SandboxLine {
    astro: Address,
    astra: Address,
    #[serde(flatten)]
    inventory: Inventory,
}

#[derive(Debug, Serialize)]
struct Address {
    url: String,
}

#[derive(Serialize)]
struct StartLine<'s> {
    link: &'s str,
    sandbox: &'s SandboxLine,
}

/// A sandbox that listens.
struct Running {
    line: SandboxLine,
    task: JoinHandle<()>,
}

/// Serves the console until `stop`.
///
/// # Errors
/// If something that it needs cannot be had; the error says what to do.
pub async fn start(
    args: StartArgs,
    around: &Surroundings,
    world: World,
    stop: watch::Receiver<bool>,
) -> Result<(), StartError> {
    local_or_allowed(&args.listen)?;
    let found = find(&args.sources, around, world.now_ms())?;
    let folder = data_folder(args.listen.data_dir.as_deref())?;
    let listener = listen(args.listen.listen).await?;
    let address = listener.local_addr()?;
    // The sandbox ends after those who call it.
    let (end_sandbox, sandbox_ends) = watch::channel(false);
    let sandbox = run_sandbox(
        &args.seed,
        Some(&folder),
        listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?,
        world.clone(),
        sandbox_ends,
    )
    .await?;
    let assets = assets(args.assets.as_deref())?;
    if assets.is_empty() {
        tracing::warn!(
            "there is no built console; run `cargo xtask start`, or name its folder with --assets"
        );
    }
    let scripts = assets.inline_scripts();
    let control = world.secret();
    let journal = Journal::open(&folder.file("journal.sqlite"), world.clone())?;
    let guard = Guard::new(world.clone(), address, args.public_url.as_ref(), &scripts)
        .with_control(&control)
        .with_sessions(journal.sessions().await?);
    let url = match &args.public_url {
        Some(public) => public.origin().to_owned(),
        None => format!("http://{}", reachable(address)),
    };
    let link = format!("{url}/#key={}", guard.sessions.new_key());
    let limited = args.seed.rate == RateArg::Real;
    let SandboxLine {
        astro,
        astra,
        inventory,
    } = &sandbox.line;
    let connections = of_sandbox(inventory, &astro.url, &astra.url, limited);
    let live = args.sources.live;
    let connections = Connections::with_found(connections, found, live);
    let patience = Patience {
        whole: Duration::from_secs(args.request_timeout.into()),
        ..Patience::default()
    };
    let sender = Sender::new(live, patience, journal.clone(), world.clone())?;
    let parts = Parts {
        world,
        guard,
        assets,
        connections,
        sender,
        journal,
        patience,
        live,
        stop: stop.clone(),
    };
    let server = Arc::new(parts.into_server());
    server.runs.restore().await?;
    folder.announce(&Announcement {
        address: format!("http://{}", reachable(address)),
        url,
        control,
    })?;
    if args.listen.json {
        print_line(&StartLine {
            link: &link,
            sandbox: &sandbox.line,
        })?;
    } else {
        print_text(&welcome(&server, &link))?;
    }
    for problem in server.connections.problems() {
        tracing::warn!("{problem}");
    }
    check_named(&server);
    serve(
        listener,
        service(router(Arc::clone(&server))),
        stopped(stop),
    )
    .await;
    server.runs.rest().await;
    end_sandbox.send_replace(true);
    // A task that panicked has said so already.
    let _ = sandbox.task.await;
    Ok(())
}

/// Serves the sandbox alone until `stop`.
///
/// # Errors
/// If something that it needs cannot be had; the error says what to do.
pub async fn sandbox(
    args: SandboxArgs,
    world: World,
    stop: watch::Receiver<bool>,
) -> Result<(), StartError> {
    local_or_allowed(&args.listen)?;
    let folder = match args.listen.data_dir.as_deref() {
        Some(path) => Some(data_folder(Some(path))?),
        None => None,
    };
    let listener = listen(args.listen.listen).await?;
    let running = run_sandbox(&args.seed, folder.as_ref(), listener, world, stop).await?;
    if args.listen.json {
        print_line(&running.line)?;
    } else {
        print_text(&describe(&running.line))?;
    }
    // A task that panicked has said so already.
    let _ = running.task.await;
    Ok(())
}

/// What is printed for people.
fn welcome(server: &Server, link: &str) -> String {
    let mut text = String::new();
    let connections = server.connections.all();
    let real: Vec<_> = connections.iter().filter(|it| !it.sandbox).collect();
    let available = server.connections.available();
    if !server.live {
        text.push_str("Rolecall runs on the sandbox: nothing here reaches a real service.\n");
    } else if real.is_empty() {
        text.push_str("Rolecall is open to real services. Choose one on the Connections page.\n");
    } else {
        text.push_str("Rolecall is open to real services:\n");
        for it in real {
            text.push_str(&format!(
                "  {} at {} ({})\n",
                it.service.name(),
                it.base,
                it.source
            ));
        }
    }
    if !available.is_empty() {
        let what = match server.live {
            true => "Found besides, to be opened in the console:",
            false => "Found, and left alone without --live:",
        };
        text.push_str(&format!("\n{what}\n"));
        for it in available {
            text.push_str(&format!("  {} ({})\n", it.name, it.source));
        }
    }
    text.push_str(&format!(
        "\n  {link}\n\nOpen the link in a browser. Ctrl-C ends it.\n"
    ));
    text
}

/// Asks the services, beside everything else, whose tokens those are that were named.
fn check_named(server: &Arc<Server>) {
    for connection in server
        .connections
        .all()
        .into_iter()
        .filter(|it| !it.sandbox)
    {
        let server = Arc::clone(server);
        tokio::spawn(async move {
            if let Err(failure) = check(&connection, &server.sender).await {
                tracing::warn!(connection = connection.id, %failure, "a connection does not answer");
            }
        });
    }
}

async fn run_sandbox(
    seed: &SeedArgs,
    folder: Option<&DataFolder>,
    listener: TcpListener,
    world: World,
    stop: watch::Receiver<bool>,
) -> Result<Running, StartError> {
    let settings = settings(seed);
    let file = folder.map(|folder| folder.file("sandbox.sqlite"));
    let opened = tokio::task::spawn_blocking(move || open(file, settings)).await;
    let sandbox = opened.map_err(io::Error::other)??;
    let inventory = sandbox.inventory()?;
    let address = reachable(listener.local_addr()?);
    let host = Host::new(sandbox, world)?;
    let url = |version| Address {
        url: format!("http://{address}/{version}"),
    };
    Ok(Running {
        line: SandboxLine {
            astro: url("v1"),
            astra: url("v2"),
            inventory,
        },
        task: tokio::spawn(host.serve(listener, stopped(stop))),
    })
}

fn settings(seed: &SeedArgs) -> Settings {
    let usual = Settings::default();
    Settings {
        users: seed.seed_users,
        organizations: seed.seed_organizations.unwrap_or(usual.organizations),
        rate: match seed.rate {
            RateArg::Real => Rate::Real,
            RateArg::Off => Rate::Off,
        },
        faults: seed.faults.clone(),
        ..usual
    }
}

/// Opens the sandbox in a file, or in memory.
fn open(file: Option<PathBuf>, settings: Settings) -> Result<Sandbox, StartError> {
    let database = match file {
        None => Database::open_in_memory(),
        Some(path) => {
            private(path.clone())?;
            Database::open(path)
        }
    };
    Ok(Sandbox::open(database.map_err(OpenError::from)?, settings)?)
}

fn assets(folder: Option<&Path>) -> Result<Assets, UnreadableAssets> {
    if let Some(folder) = folder {
        return Assets::read(folder);
    }
    #[cfg(feature = "embed")]
    return Ok(Assets::embedded());
    #[cfg(not(feature = "embed"))]
    match Path::new("dist") {
        folder if folder.is_dir() => Assets::read(folder),
        _ => Ok(Assets::default()),
    }
}

fn data_folder(path: Option<&Path>) -> Result<DataFolder, DataFolderError> {
    DataFolder::open(&DataFolder::choose(path)?)
}

fn local_or_allowed(args: &ListenArgs) -> Result<(), StartError> {
    match args.listen.ip().is_loopback() || args.allow_remote {
        true => Ok(()),
        false => Err(StartError::Remote(args.listen)),
    }
}

/// An address that a client on this machine can use: `0.0.0.0` is none.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // A sender that is gone stops too.
    let _ = stop.wait_for(|stop| *stop).await;
}

fn print_line(line: &impl Serialize) -> io::Result<()> {
    print_text(&format!("{}\n", serde_json::to_string(line)?))
}

fn print_text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn describe(line: &SandboxLine) -> String {
    let mut text = format!(
        "The sandbox of both services listens.\n\n  Astro  {}\n  Astra  {}\n\nOrganizations\n",
        line.astro.url, line.astra.url
    );
    for it in &line.inventory.organizations {
        text.push_str(&format!(
            "  {}  {}  {} ({} {})\n",
            it.service.name(),
            it.id,
            it.name,
            it.users,
            if it.users == 1 { "user" } else { "users" }
        ));
    }
    text.push_str("\nTokens\n");
    for it in &line.inventory.tokens {
        text.push_str(&format!(
            "  {}  {}  {}\n    {}\n",
            it.service.name(),
            it.organization,
            it.role,
            it.token
        ));
    }
    text.push_str("\nCtrl-C ends it.\n");
    text
}
