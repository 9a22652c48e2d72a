//! `cargo xtask fuzz [SECONDS]`: short fuzzing of every reader, 30 seconds each if nothing is said.

use crate::failure::Failure;
use crate::hermetic::{Scratch, hermetic};
use crate::programs::cargo;
use crate::project::Project;
use crate::setup;
use crate::step::quiet;

/// The targets of `fuzz/fuzz_targets`, and how long inputs get, in octets: enough for every rule, and
/// short enough for many runs.
const TARGETS: &[(&str, u32)] = &[
    ("email", 400),
    ("json", 300),
    ("recipients", 600),
    ("role", 100),
];

pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), Failure> {
    let seconds: u32 = match arguments {
        [] => 30,
        [seconds] => seconds
            .parse()
            .map_err(|_| Failure::new(format!("`{seconds}` is no number of seconds")))?,
        _ => return Err(Failure::new("one number of seconds is all that is taken")),
    };
    setup::fuzz(project)?;
    println!("fuzz");
    let home = Scratch::new("home")?;
    for (target, octets) in TARGETS {
        let mut command = cargo(project, &["fuzz", "run", "--sanitizer", "none", target])?;
        command
            .arg("--target-dir")
            .arg(project.target().join("fuzz"))
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={octets}"))
            .current_dir(project.root().join("fuzz"))
            // the stable compiler takes the flags that measure coverage
            .env("RUSTC_BOOTSTRAP", "1");
        let name = format!("{target}, {seconds} s");
        let output = quiet(&name, hermetic(&mut command, &home))?;
        if let Some(done) = output.lines().rev().find(|line| line.starts_with("Done ")) {
            println!("    {done}");
        }
    }
    Ok(())
}
