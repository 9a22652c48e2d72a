//! `cargo xtask pack`: the npm package, from Rust to the tarball, when something it is made from changed.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::fingerprint::Fingerprint;
use crate::lean::{self, lean};
use crate::programs::program;
use crate::project::Project;
use crate::setup;
use crate::step::{already, quiet};

/// What the modules of WebAssembly are made from, tools included.
const MODULES: &[&str] = &[
    "core",
    "npm/email",
    "npm/full",
    "npm/build",
    "xtask/src/lean.rs",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "package-lock.json",
];

/// What the package is made from besides the modules.
const FACE: &[&str] = &[
    "npm/js",
    "npm/build",
    "npm/README.md",
    "npm/vectors.json",
    "npm/package.json",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// The steps that build the modules, each a script of `npm/build` and what it writes.
const SCRIPTS: &[(&str, &str)] = &[
    ("email.mjs", "email-wasm.js"),
    ("scalar.mjs", "email-js.js"),
    ("full.mjs", "full-wasm.js"),
];

pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    setup::console(project)?;
    println!("build");
    println!("{}", build(project)?.display());
    Ok(())
}

/// Builds what is not up to date, and gives the tarball.
pub(crate) fn build(project: &Project) -> Result<PathBuf, Failure> {
    modules(project)?;
    let name = "the npm package";
    let folder = project.target().join("npm");
    let tarball = folder.join(format!("rolecall-{}.tgz", env!("CARGO_PKG_VERSION")));
    let stamp = project.target().join("npm-package.stamp");
    let sources: Vec<&str> = MODULES.iter().chain(FACE).copied().collect();
    let wanted = Fingerprint::of(project.root(), &sources)?.built(lean::is_possible());
    if wanted.is_in(&stamp) && tarball.is_file() {
        already(name);
        return Ok(tarball);
    }
    quiet(name, script(project, "package.mjs")?.arg(&folder))?;
    wanted.write(&stamp)?;
    if tarball.is_file() {
        return Ok(tarball);
    }
    Err(Failure::new(format!(
        "the versions of Cargo.toml and npm/package.json differ: there is no {}",
        tarball.display()
    )))
}

/// Builds the modules of WebAssembly into `npm/generated`, unless they are there and up to date.
pub(crate) fn modules(project: &Project) -> Result<(), Failure> {
    let stamp = project.target().join("npm-modules.stamp");
    let wanted = Fingerprint::of(project.root(), MODULES)?.built(lean::is_possible());
    let generated = project.root().join("npm").join("generated");
    let there = SCRIPTS
        .iter()
        .all(|(_, writes)| generated.join(writes).is_file());
    if there && wanted.is_in(&stamp) {
        already("the modules of the npm package");
        return Ok(());
    }
    for (name, writes) in SCRIPTS {
        quiet(
            &format!("the npm package's {writes}"),
            lean(&mut script(project, name)?),
        )?;
    }
    wanted.write(&stamp)
}

/// A script of `npm/build`, run by Node.
fn script(project: &Project, name: &str) -> Result<std::process::Command, Failure> {
    let mut node = program(project, "node")?;
    node.arg(project.root().join("npm").join("build").join(name))
        .env("CARGO_TARGET_DIR", project.target());
    Ok(node)
}
