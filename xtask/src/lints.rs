//! What is checked without running anything: format, lints, documentation, types.

use crate::failure::Failure;
use crate::programs::{cargo, npm};
use crate::project::Project;
use crate::step::quiet;

/// A check: its name and how it is run.
pub(crate) type Check = (&'static str, fn(&Project) -> Result<(), Failure>);

/// The crates that run in a browser or in Node.
const FOR_WASM: &[&str] = &["rolecall-web", "rolecall-npm", "rolecall-npm-email"];

/// Quick first.
pub(crate) const RUST: &[Check] = &[
    ("format", format),
    ("clippy", clippy),
    ("clippy for wasm32", clippy_for_wasm),
];

/// `cargo fmt --check`
fn format(project: &Project) -> Result<(), Failure> {
    quiet(
        "format",
        &mut cargo(
            project,
            &["fmt", "--all", "--check", "--", "--color", "never"],
        )?,
    )
    .map(drop)
}

fn clippy(project: &Project) -> Result<(), Failure> {
    let arguments = [
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    quiet("clippy", &mut cargo(project, &arguments)?).map(drop)
}

fn clippy_for_wasm(project: &Project) -> Result<(), Failure> {
    let mut command = cargo(
        project,
        &["clippy", "--quiet", "--target", "wasm32-unknown-unknown"],
    )?;
    for package in FOR_WASM {
        command.args(["--package", package]);
    }
    quiet(
        "clippy for wasm32",
        command.args(["--", "--deny", "warnings"]),
    )
    .map(drop)
}

/// The documentation, with every warning an error.
pub(crate) fn documentation(project: &Project) -> Result<(), Failure> {
    let mut command = cargo(project, &["doc", "--quiet", "--workspace", "--no-deps"])?;
    quiet(
        "documentation",
        command.env("RUSTDOCFLAGS", "--deny warnings"),
    )
    .map(drop)
}

/// The types of what is written in TypeScript.
pub(crate) fn types(project: &Project) -> Result<(), Failure> {
    quiet(
        "types",
        &mut npm(
            project,
            &["run", "types", "--silent", "--workspaces", "--if-present"],
        )?,
    )
    .map(drop)
}
