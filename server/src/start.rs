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
use crate::connections::{Connections, of_sandbox};
use crate::data_folder::{Announcement, DataFolder, DataFolderError, private};
use crate::guard::Guard;
use crate::journal::{Journal, JournalError};
use crate::sandbox::Host;
use crate::sending::{Patience, Sender};
use crate::serve::{ListenError, listen, serve, service};
use crate::{Parts, router};

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
    world: World,
    stop: watch::Receiver<bool>,
) -> Result<(), StartError> {
    local_or_allowed(&args.listen)?;
    let folder = data_folder(&args.listen)?;
    let listener = listen(args.listen.listen).await?;
    let address = listener.local_addr()?;
    let sandbox = run_sandbox(
        &args.seed,
        Some(&folder),
        listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?,
        world.clone(),
        stop.clone(),
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
        .with_sessions(journal.sessions().await?, journal.clone());
    let url = match &args.public_url {
        Some(public) => public.origin().to_owned(),
        None => format!("http://{}", reachable(address)),
    };
    let link = format!("{url}/#key={}", guard.new_key());
    let limited = args.seed.rate == RateArg::Real;
    let SandboxLine {
        astro,
        astra,
        inventory,
    } = &sandbox.line;
    let connections = of_sandbox(inventory, &astro.url, &astra.url, limited);
    let patience = Patience {
        whole: Duration::from_secs(args.request_timeout.into()),
        ..Patience::default()
    };
    let sender = Sender::new(false, patience, journal.clone(), world.clone());
    let parts = Parts {
        world,
        guard,
        assets,
        connections: Connections::new(connections),
        sender,
        journal,
        patience,
        live: false,
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
        print_text(&format!(
            "Rolecall runs on the sandbox: nothing here reaches a real service.\n\n  {link}\n\n\
             Open the link in a browser. Ctrl-C ends it.\n"
        ))?;
    }
    serve(listener, service(router(server)), stopped(stop)).await;
    // It ends by the same signal.
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
    let folder = match args.listen.data_dir {
        Some(_) => Some(data_folder(&args.listen)?),
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

fn data_folder(args: &ListenArgs) -> Result<DataFolder, DataFolderError> {
    let path: PathBuf = match &args.data_dir {
        Some(path) => path.clone(),
        None => DataFolder::usual()?,
    };
    DataFolder::open(&path)
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
            "  {}  {}  {} ({} users)\n",
            it.service.name(),
            it.id,
            it.name,
            it.users
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
