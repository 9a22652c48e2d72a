//! What a fresh machine lacks, brought once and reused after: the wasm target, the standard library's sources, Trunk, wasm-bindgen, the splitter,
//! the npm packages, a Chromium. Needed beforehand are rustup with cargo, and Node with npm.

pub(crate) mod chromium;
mod packages;
mod rust;

use std::path::PathBuf;

use crate::failure::Failure;
use crate::project::Project;

/// `cargo xtask setup`
pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    console(project)?;
    browser(project)?;
    Ok(())
}

/// Brings what building the console needs.
pub(crate) fn console(project: &Project) -> Result<(), Failure> {
    println!("set-up");
    packages::check(project)?;
    rust::wasm_target(project)?;
    rust::library(project)?;
    packages::install(project)?;
    rust::tools(project)
}

/// Brings what building and measuring the npm package needs.
pub(crate) fn node(project: &Project) -> Result<(), Failure> {
    println!("set-up");
    packages::check(project)?;
    rust::wasm_target(project)?;
    rust::library(project)?;
    packages::install(project)
}

/// Brings what fuzzing needs.
pub(crate) fn fuzz(project: &Project) -> Result<(), Failure> {
    println!("set-up");
    rust::fuzzer(project)
}

/// Brings what the quick checks need: the wasm target alone.
pub(crate) fn check(project: &Project) -> Result<(), Failure> {
    println!("set-up");
    rust::wasm_target(project)
}

/// Brings a Chromium and says where it is. The npm packages must be there.
pub(crate) fn browser(project: &Project) -> Result<PathBuf, Failure> {
    println!("browser");
    chromium::bring(project)
}
