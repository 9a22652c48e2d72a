//! `cargo xtask …`: the one list of commands of this repository.
//!
//! It has no dependency, since on a fresh machine it is compiled before anything else.

mod bench;
mod check;
mod console;
mod counts;
mod dist;
mod failure;
mod fingerprint;
mod fuzz;
mod hermetic;
mod lean;
mod lints;
mod pack;
mod programs;
mod project;
mod remap;
mod server;
mod setup;
mod size;
mod start;
mod step;
mod suites;
mod test;

use std::process::ExitCode;

use crate::failure::Failure;
use crate::project::Project;

/// A command: its name, what `cargo xtask` says about it, and what it does with what follows its name.
type Command = (
    &'static str,
    &'static str,
    fn(&Project, &[String]) -> Result<(), Failure>,
);

const COMMANDS: &[Command] = &[
    (
        "start",
        "set-up, build, and serve the console on the sandbox; prints the link",
        start::run,
    ),
    ("test", "set-up, then every test there is", test::run),
    (
        "check",
        "fmt, clippy (native and wasm32), native tests: the loop while writing",
        check::run,
    ),
    (
        "bench",
        "the performance tables: console, email, gateway",
        bench::run,
    ),
    (
        "size",
        "bytes of console and npm package: raw, gzip, brotli, and the bars they must keep",
        size::run,
    ),
    ("fuzz", "short fuzzing of every reader", fuzz::run),
    (
        "pack",
        "the npm package: target/npm/rolecall-<version>.tgz",
        pack::run,
    ),
    (
        "dist",
        "the one release binary with the console in it, into target/dist",
        dist::run,
    ),
    (
        "setup",
        "bring the tools that the other commands need, and nothing more",
        setup::run,
    ),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next() else {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let Some((_, _, run)) = COMMANDS.iter().find(|(known, ..)| *known == name) else {
        eprint!("there is no command `{name}`\n\n{}", usage());
        return ExitCode::from(2);
    };
    let rest: Vec<String> = arguments.collect();
    match Project::here().and_then(|project| run(&project, &rest)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Shown) => ExitCode::FAILURE,
        Err(failure @ Failure::Because(_)) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    let width = COMMANDS
        .iter()
        .map(|(name, ..)| name.len())
        .max()
        .unwrap_or(0);
    let mut text = "Usage: cargo xtask COMMAND [ARGUMENTS]\n\n".to_owned();
    for (name, about, _) in COMMANDS {
        text.push_str(&format!("  {name:width$}  {about}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, usage};

    #[test]
    fn usage_lists_every_command_once() {
        let text = usage();
        for (name, ..) in COMMANDS {
            let lines = text
                .lines()
                .filter(|line| line.split_whitespace().next() == Some(name));
            assert_eq!(lines.count(), 1, "{name}");
        }
    }
}
