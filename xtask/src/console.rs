//! Building the console, when something it is made from changed.

use crate::failure::Failure;
use crate::fingerprint::Fingerprint;
use crate::lean::{self, lean};
use crate::programs::program;
use crate::project::Project;
use crate::step::{already, quiet};

/// What the console is made from, tools included.
const SOURCES: &[&str] = &[
    "core",
    "web",
    "xtask/src/finish.mjs",
    "xtask/src/lean.rs",
    "xtask/src/linkage.mjs",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "package-lock.json",
];

/// Builds the console into `dist`, unless it is there and up to date.
pub(crate) fn build(project: &Project) -> Result<(), Failure> {
    let name = "the console, for release";
    let stamp = project.target().join("console.stamp");
    let wanted = Fingerprint::of(project.root(), SOURCES)?.built(lean::is_possible());
    if wanted.is_in(&stamp) && project.dist().join("index.html").is_file() {
        already(name);
        return Ok(());
    }
    let mut trunk = program(project, "trunk")?;
    trunk.args([
        "build",
        "--release",
        "--offline",
        "true",
        "--skip-version-check",
        "--features",
        "split",
    ]);
    quiet(name, lean(&mut trunk))?;
    wanted.write(&stamp)
}
