//! `cargo xtask test`: set-up, then everything there is to check. Goes on after a failure, so that one
//! run names them all, and ends with `N passed, N failed`, where a check that failed counts as one.

use std::time::Instant;

use crate::counts::Counts;
use crate::failure::Failure;
use crate::hermetic::Scratch;
use crate::project::Project;
use crate::{console, lints, server, setup, size, step, suites};

pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    let started = Instant::now();
    setup::console(project)?;
    let chromium = setup::browser(project)?;
    let home = Scratch::new("home")?;
    let mut sum = Counts::default();
    let mut failed = Vec::new();

    println!("checks");
    let checks: &[lints::Check] = &[
        ("documentation", lints::documentation),
        ("types", lints::types),
    ];
    for (name, check) in lints::RUST.iter().chain(checks) {
        note(
            name,
            check(project).map(|()| Counts::default()),
            &mut sum,
            &mut failed,
        );
    }

    println!("build");
    // Tests from outside start the real binary.
    let built = server::build(project).and_then(|()| console::build(project));

    println!("tests");
    note(
        "native tests",
        suites::native(project, &home),
        &mut sum,
        &mut failed,
    );
    if project.root().join("npm").join("package.json").is_file() {
        note(
            "tests of the npm package",
            suites::node(project, &home),
            &mut sum,
            &mut failed,
        );
    }

    match built {
        Ok(()) => {
            note(
                "browser tests",
                suites::browser(project, &home, &chromium),
                &mut sum,
                &mut failed,
            );
            note(
                "size",
                size::run(project, &[]).map(|()| Counts::default()),
                &mut sum,
                &mut failed,
            );
        }
        Err(failure) => note("build", Err(failure), &mut sum, &mut failed),
    }

    println!("\ntook {}", step::seconds(started.elapsed()));
    println!("{sum}");
    if sum.all_passed() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "not everything passed: {}",
            failed.join(", ")
        )))
    }
}

fn note(name: &str, result: Result<Counts, Failure>, sum: &mut Counts, failed: &mut Vec<String>) {
    let counts = result.unwrap_or_else(|failure| {
        println!("    {failure}");
        Counts::FAILURE
    });
    *sum += counts;
    if counts.failed > 0 {
        failed.push(name.to_owned());
    }
}
