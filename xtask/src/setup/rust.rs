//! The wasm target of the toolchain, and the tools of the Rust world, built from source into `target/tools`.

use std::fs;

use crate::failure::Failure;
use crate::lean;
use crate::programs::{cargo, program, version_of};
use crate::project::Project;
use crate::step::{already, attempt, quiet, show};

const TARGET: &str = "wasm32-unknown-unknown";

/// 0.22 wants a newer compiler than this workspace does.
const TRUNK: &str = "0.21.14";

/// Cuts the console at the functions that are marked for it, which Trunk cannot; it goes by the macros that
/// Leptos brings.
const SPLIT: &str = "0.2.4";

/// Brings its own libFuzzer.
const FUZZ: &str = "0.13.2";

/// Tools are built to be there soon; they run for seconds.
const BUILT_FAST: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

pub(super) fn wasm_target(project: &Project) -> Result<(), Failure> {
    let mut rustc = program(project, "rustc")?;
    let sysroot = rustc.args(["--print", "sysroot"]).output().map_err(|error| {
        Failure::new(format!("rustc cannot be started ({error}): install Rust from https://rustup.rs, then run this again"))
    })?;
    let sysroot = String::from_utf8_lossy(&sysroot.stdout).trim().to_owned();
    let installed = std::path::Path::new(&sysroot)
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    let name = format!("the Rust target {TARGET}");
    if installed.is_dir() {
        already(&name);
        return Ok(());
    }
    if version_of(program(project, "rustup")?).is_none() {
        return Err(Failure::new(format!(
            "the Rust in {sysroot} lacks the target {TARGET}, and rustup, which would bring it, is missing: install it from https://rustup.rs"
        )));
    }
    quiet(
        &name,
        program(project, "rustup")?.args(["target", "add", TARGET]),
    )?;
    Ok(())
}

/// Brings what a standard library for the web is compiled from. It saves the reader bytes, and everything is built
/// without it too, so nothing here ends the set-up.
pub(super) fn library(project: &Project) -> Result<(), Failure> {
    let name = "the sources of Rust's standard library";
    let lock = lean::sources().ok_or_else(|| Failure::new("rustc does not say where it is"))?;
    if !lock.is_file() && version_of(program(project, "rustup")?).is_some() {
        let mut rustup = program(project, "rustup")?;
        let done = attempt(name, rustup.args(["component", "add", "rust-src"]))?;
        if !done.status.success() {
            show(&done.output);
        }
    }
    if lean::is_possible() {
        // what they need besides comes now, as the builds ask no registry
        let arguments = ["fetch", "--quiet", "--locked", "--target", TARGET];
        let mut fetch = cargo(project, &arguments)?;
        fetch
            .arg("--manifest-path")
            .arg(lock.with_extension("toml"));
        let name = format!("{name}, and what they need");
        let done = attempt(&name, lean::unstable(&mut fetch))?;
        if done.status.success() {
            return Ok(());
        }
        show(&done.output);
        lean::give_up();
    }
    println!("    without {name}, what is built for the web is larger, and as good");
    Ok(())
}

pub(super) fn tools(project: &Project) -> Result<(), Failure> {
    let lock = fs::read_to_string(project.root().join("Cargo.lock"))
        .map_err(|error| Failure::new(format!("Cargo.lock cannot be read: {error}")))?;
    let bindgen = locked_version(&lock, "wasm-bindgen").ok_or_else(|| {
        Failure::new("Cargo.lock names no wasm-bindgen, so its command line tool cannot be chosen")
    })?;
    tool(project, "wasm-bindgen-cli", "wasm-bindgen", bindgen, &[])?;
    // Trunk's own downloads are not used, so it needs no second TLS library.
    tool(
        project,
        "trunk",
        "trunk",
        TRUNK,
        &["--no-default-features", "--features", "rustls"],
    )?;
    tool(
        project,
        "wasm_split_cli_support",
        "wasm-split-cli",
        SPLIT,
        &["--features", "build-binary"],
    )?;
    let scraps = build_folder(project);
    if scraps.exists() {
        fs::remove_dir_all(&scraps).map_err(|error| {
            Failure::new(format!("{} cannot be removed: {error}", scraps.display()))
        })?;
    }
    Ok(())
}

/// Brings cargo-fuzz.
pub(super) fn fuzzer(project: &Project) -> Result<(), Failure> {
    tool(project, "cargo-fuzz", "cargo-fuzz", FUZZ, &[])
}

fn tool(
    project: &Project,
    package: &str,
    binary: &str,
    version: &str,
    features: &[&str],
) -> Result<(), Failure> {
    let name = format!("{package} {version}");
    let is_there = || -> Result<bool, Failure> {
        // the splitter tells no version, but cargo keeps a list of what it has installed
        let list = fs::read_to_string(project.tools().join(".crates.toml")).unwrap_or_default();
        if is_installed(&list, package, version) {
            let path = project.tools().join("bin").join(binary);
            return Ok(path
                .with_extension(std::env::consts::EXE_EXTENSION)
                .is_file());
        }
        let said = version_of(program(project, binary)?);
        Ok(said.is_some_and(|said| said.split_whitespace().nth(1) == Some(version)))
    };
    if is_there()? {
        already(&name);
        return Ok(());
    }
    let install = |locked: &[&str]| {
        let mut command = cargo(
            project,
            &[
                "install",
                package,
                "--version",
                version,
                "--force",
                "--quiet",
                "--root",
            ],
        )?;
        command
            .arg(project.tools())
            .arg("--target-dir")
            .arg(build_folder(project))
            .args(features)
            .args(locked);
        command.envs(BUILT_FAST.iter().copied());
        Ok::<_, Failure>(command)
    };
    let first = attempt(
        &format!("{name}, from source (minutes, once)"),
        &mut install(&["--locked"])?,
    )?;
    if !first.status.success() {
        // The lock file shipped with a tool can name a version that is not to be had.
        quiet(
            &format!("{name}, with the newest dependencies that fit"),
            &mut install(&[])?,
        )?;
    }
    if is_there()? {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{name} was installed into {}, but does not run",
        project.tools().display()
    )))
}

fn build_folder(project: &Project) -> std::path::PathBuf {
    project.target().join("tools-build")
}

/// Whether the text of cargo's list of what it has installed names a package at a version.
fn is_installed(list: &str, package: &str, version: &str) -> bool {
    let wanted = format!("\"{package} {version} (");
    list.lines().any(|line| line.starts_with(&wanted))
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == wanted)?;
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{is_installed, locked_version};

    #[test]
    fn a_lock_file_gives_a_version_by_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn cargos_list_tells_what_is_installed() {
        let list = "[v1]\n\"trunk 0.21.14 (registry+index)\" = [\"trunk\"]\n";
        assert!(is_installed(list, "trunk", "0.21.14"));
        assert!(!is_installed(list, "trunk", "0.21.1"));
        assert!(!is_installed(list, "runk", "0.21.14"));
    }

    /// Trunk would download its own if the versions differed.
    #[test]
    fn trunk_asks_for_the_version_that_the_lock_file_brings() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let read = |name: &str| fs::read_to_string(format!("{root}/{name}")).unwrap();
        let (trunk, cargo) = (read("Trunk.toml"), read("Cargo.lock"));
        if let Some(bindgen) = locked_version(&cargo, "wasm-bindgen") {
            assert!(
                trunk.contains(&format!("wasm_bindgen = \"{bindgen}\"")),
                "{bindgen} in {trunk}"
            );
        }
    }
}
