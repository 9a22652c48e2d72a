//! The program `rolecall`: 0 it did, 1 it could not, 2 it was not understood.

use std::process::ExitCode;

use clap::error::ErrorKind;
use rolecall::clock::World;
use rolecall::config::{Cli, Command};
use rolecall::connections::environment::Surroundings;
use rolecall::{doctor, link, logs, start};
use tokio::sync::watch;

fn main() -> ExitCode {
    let cli = match Cli::read(std::env::args_os().map(|word| word.to_string_lossy().into_owned())) {
        Ok(cli) => cli,
        Err(error) => {
            let code = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => 0,
                _ => 2,
            };
            // Without a standard output there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let ended = logs::start(&cli.logs)
        .map_err(anyhow::Error::from)
        .and_then(|()| run(cli.command));
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("rolecall: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let world = World::real();
    let stop = on_signal()?;
    match command {
        Command::Start(args) => {
            let around = Surroundings::of_process();
            start::start(args, &around, world, stop).await?;
        }
        Command::Sandbox(args) => start::sandbox(args, world, stop).await?,
        Command::Link(args) => println!("{}", link::link(args.data_dir.as_deref()).await?),
        Command::Doctor(args) => {
            let report = doctor::examine(&args, &Surroundings::of_process(), &world).await?;
            match args.json {
                true => println!("{}", serde_json::to_string(&report)?),
                false => print!("{}", report.text()),
            }
            if !report.is_well() {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Becomes true at the first signal to end; the second one ends the process at once.
fn on_signal() -> std::io::Result<watch::Receiver<bool>> {
    let (tell, stop) = watch::channel(false);
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?
    };
    tokio::spawn(async move {
        loop {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
            if tell.send_replace(true) {
                std::process::exit(130);
            }
        }
    });
    Ok(stop)
}
