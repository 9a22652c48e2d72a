//! `cargo xtask test`: set-up, then everything there is to check. It goes on after a failure, so that one
//! run names them all, and ends with `N passed, N failed`, where a check that failed counts as one.

use std::path::Path;
use std::time::Instant;

use crate::counts::Counts;
use crate::failure::Failure;
use crate::hermetic::Scratch;
use crate::project::Project;
use crate::step::seconds;
use crate::{console, lints, pack, server, setup, size, suites};

/// What is checked besides [`lints::RUST`].
const CHECKS: &[lints::Check] = &[
    ("documentation", lints::documentation),
    ("types", lints::types),
];

pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    let started = Instant::now();
    let mut report = Report::default();
    let brought = setup::console(project).and_then(|()| setup::browser(project));
    match brought.and_then(|chromium| Ok((chromium, Scratch::new("home")?))) {
        Ok((chromium, home)) => everything(project, &mut report, &chromium, &home),
        Err(failure) => report.check("set-up", Err(failure)),
    }
    println!("\ntook {}", seconds(started.elapsed()));
    report.close()
}

fn everything(project: &Project, report: &mut Report, chromium: &Path, home: &Scratch) {
    println!("checks");
    for (name, check) in lints::RUST.iter().chain(CHECKS) {
        report.check(name, check(project));
    }

    println!("build");
    // Tests from outside start the real binary.
    let server = server::build(project);
    let console = console::build(project);
    let built = server.is_ok() && console.is_ok();
    report.check("the build of the server", server);
    report.check("the build of the console", console);
    let package = pack::build(project);
    let packed = package.as_ref().ok().cloned();
    report.check("the build of the npm package", package.map(drop));

    println!("tests");
    report.suite("native tests", suites::native(project, home));
    if let Some(tarball) = packed {
        report.suite("tests of the npm package", suites::node(project, home));
        report.suite(
            "tests of the packed package",
            suites::package(project, home, chromium, &tarball),
        );
    }
    if built {
        report.suite("browser tests", suites::browser(project, home, chromium));
        println!("size");
        report.check("size", size::show(project));
    }
}

/// What passed and what did not, so far.
#[derive(Debug, Default)]
struct Report {
    sum: Counts,
    failed: Vec<String>,
}

impl Report {
    /// A check has no tests to count; its failure is one.
    fn check(&mut self, name: &str, result: Result<(), Failure>) {
        self.suite(name, result.map(|()| Counts::default()));
    }

    fn suite(&mut self, name: &str, result: Result<Counts, Failure>) {
        let counts = result.unwrap_or_else(|failure| {
            println!("    {failure}");
            Counts::FAILURE
        });
        self.sum += counts;
        if counts.failed > 0 {
            self.failed.push(name.to_owned());
        }
    }

    /// Prints the closing line, alone on its line and last.
    fn close(self) -> Result<(), Failure> {
        if !self.failed.is_empty() {
            println!("not passed: {}", self.failed.join(", "));
        }
        println!("{}", self.sum);
        if self.sum.all_passed() {
            Ok(())
        } else {
            Err(Failure::Shown)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::counts::Counts;
    use crate::failure::Failure;

    #[test]
    fn a_failed_check_counts_as_one_and_is_named() {
        let mut report = Report::default();
        report.suite(
            "tests",
            Ok(Counts {
                passed: 7,
                failed: 0,
                skipped: 0,
            }),
        );
        report.check("format", Ok(()));
        report.check("clippy", Err(Failure::new("a warning")));
        assert_eq!(report.sum.to_string(), "7 passed, 1 failed");
        assert_eq!(report.failed, ["clippy"]);
        assert!(report.close().is_err());
    }

    #[test]
    fn checks_without_a_single_test_are_not_enough() {
        let mut report = Report::default();
        report.check("format", Ok(()));
        assert!(report.close().is_err());
    }
}
