//! A Chromium for the browser tests: one that is there, else the distribution's, else Playwright's.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::programs::{npm, program, version_of};
use crate::project::Project;
use crate::step::{already, attempt, show};

/// Variables that name one, the first that is set and runs wins.
const VARIABLES: &[&str] = &["CHROME", "CHROMIUM"];

/// Names on PATH, and where macOS keeps it.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Prints where Playwright keeps its own Chromium, there or not.
const PLAYWRIGHTS: &str =
    "process.stdout.write(require('@playwright/test').chromium.executablePath())";

pub(super) fn bring(project: &Project) -> Result<PathBuf, Failure> {
    if let Some(found) = there(project)? {
        already(&format!("Chromium, {}", found.display()));
        return Ok(found);
    }
    if is_root_on_debian() {
        let mut update = program(project, "apt-get")?;
        update
            .arg("update")
            .env("DEBIAN_FRONTEND", "noninteractive");
        let mut install = program(project, "apt-get")?;
        install
            .args(["install", "--yes", "chromium"])
            .env("DEBIAN_FRONTEND", "noninteractive");
        for (name, command) in [
            ("package lists", &mut update),
            ("Chromium of the distribution", &mut install),
        ] {
            let done = attempt(name, command)?;
            if !done.status.success() {
                show(&done.output);
                break;
            }
        }
        if let Some(found) = there(project)? {
            return Ok(found);
        }
    }
    let mut install = npm(
        project,
        &[
            "exec",
            "--workspace",
            "tests",
            "--",
            "playwright",
            "install",
            "chromium",
        ],
    )?;
    let done = attempt("Chromium of Playwright", &mut install)?;
    if let Some(found) = there(project)? {
        return Ok(found);
    }
    show(&done.output);
    Err(Failure::new(
        "no Chromium was found and none could be brought: install Chromium or Chrome, or name one with CHROME=/path/to/chrome",
    ))
}

/// The first Chromium that is there and runs.
fn there(project: &Project) -> Result<Option<PathBuf>, Failure> {
    for variable in VARIABLES {
        let Some(named) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
            continue;
        };
        if !runs(Path::new(&named)) {
            return Err(Failure::new(format!(
                "{variable} names {}, which is no Chromium that runs",
                Path::new(&named).display()
            )));
        }
        return Ok(Some(named.into()));
    }
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    for name in NAMES {
        let places = std::env::split_paths(&on_path).map(|folder| folder.join(name));
        if let Some(found) = places
            .into_iter()
            .find(|place| place.is_file() && runs(place))
        {
            return Ok(Some(found));
        }
    }
    let mut node = program(project, "node")?;
    let output = node
        .args(["--eval", PLAYWRIGHTS])
        .current_dir(project.root().join("tests"))
        .output();
    let own = output
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
        .unwrap_or_default();
    Ok((own.is_file() && runs(&own)).then_some(own))
}

/// On some distributions the command is there and only says how to get the browser.
fn runs(browser: &Path) -> bool {
    version_of(Command::new(browser)).is_some_and(|said| said.contains("Chrom"))
}

fn is_root_on_debian() -> bool {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    root && Path::new("/usr/bin/apt-get").is_file()
}
