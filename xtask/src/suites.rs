//! The suites of tests: each runs all of its tests and hands back the counts; the output is shown when one fails.

use std::path::Path;

use crate::counts::{self, Counts};
use crate::failure::Failure;
use crate::hermetic::{Scratch, hermetic};
use crate::programs::{cargo, npm};
use crate::project::Project;
use crate::step::{Done, attempt, show};

/// Everything that `cargo test` runs.
pub(crate) fn native(project: &Project, home: &Scratch) -> Result<Counts, Failure> {
    let name = "native tests";
    let mut command = cargo(project, &["test", "--workspace", "--no-fail-fast"])?;
    hermetic(&mut command, home).env("ROLECALL_SERVER", project.server());
    let done = attempt(name, &mut command)?;
    let (mut counts, empty) = counts::of_cargo_test(&done.output);
    for file in empty {
        println!("    {file} holds no test that runs");
        counts += Counts::FAILURE;
    }
    Ok(judged(name, &done, counts))
}

/// The tests of the npm package, run by Node.
pub(crate) fn node(project: &Project, home: &Scratch) -> Result<Counts, Failure> {
    let name = "tests of the npm package";
    let mut command = npm(project, &["test", "--workspace", "npm"])?;
    let done = attempt(name, hermetic(&mut command, home))?;
    Ok(judged(name, &done, counts::of_node_test(&done.output)))
}

/// The tests that install the packed npm package into fresh projects, and run it there and in Chromium.
pub(crate) fn package(
    project: &Project,
    home: &Scratch,
    chromium: &Path,
    tarball: &Path,
) -> Result<Counts, Failure> {
    let name = "tests of the packed package";
    let mut command = npm(project, &["run", "test:package", "--workspace", "tests"])?;
    hermetic(&mut command, home)
        .env("ROLECALL_CHROMIUM", chromium)
        .env("ROLECALL_PACKAGE", tarball);
    let done = attempt(name, &mut command)?;
    Ok(judged(name, &done, counts::of_playwright(&done.output)))
}

/// The tests that click through the built console in Chromium.
pub(crate) fn browser(
    project: &Project,
    home: &Scratch,
    chromium: &Path,
) -> Result<Counts, Failure> {
    let name = "browser tests";
    let mut command = npm(project, &["test", "--workspace", "tests"])?;
    hermetic(&mut command, home)
        .env("ROLECALL_CHROMIUM", chromium)
        .env("ROLECALL_SERVER", project.server());
    let done = attempt(name, command.env("ROLECALL_CONSOLE", project.dist()))?;
    Ok(judged(name, &done, counts::of_playwright(&done.output)))
}

/// Makes sure that what went wrong is among the counts, and shows it.
fn judged(name: &str, done: &Done, mut counts: Counts) -> Counts {
    if counts.passed + counts.failed == 0 {
        println!("    {name}: nothing ran");
        counts += Counts::FAILURE;
    } else if !done.status.success() && counts.failed == 0 {
        counts += Counts::FAILURE;
    }
    if counts.failed > 0 {
        show(&done.output);
    }
    println!("    {counts}");
    counts
}
