//! `cargo xtask start [ARGUMENTS]`: the console on the sandbox; arguments go to `rolecall start`.

use std::process::Command;
use std::time::Instant;

use crate::failure::Failure;
use crate::project::Project;
use crate::{console, server, setup, step};

pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), Failure> {
    let started = Instant::now();
    setup::console(project)?;
    println!("build");
    server::build(project)?;
    console::build(project)?;
    println!(
        "ready to serve after {}\n",
        step::seconds(started.elapsed())
    );

    let mut command = Command::new(project.server());
    command
        .arg("start")
        .arg("--assets")
        .arg(project.dist())
        .args(arguments);
    Err(run_in_place(&mut command))
}

/// Becomes the server, so that signals reach it and nothing else has to be stopped.
#[cfg(unix)]
fn run_in_place(command: &mut Command) -> Failure {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    cannot_start(command, &error)
}

#[cfg(not(unix))]
fn run_in_place(command: &mut Command) -> Failure {
    match command.status() {
        // The server has said why.
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => cannot_start(command, &error),
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "`{}` cannot be started: {error}",
        step::line_of(command)
    ))
}
