//! What is built for the web brings a standard library compiled with it: without the messages of panics and what
//! would format them, which a browser only ever turns into a trap, and for size as the rest is.
//!
//! Cargo and rustc do so behind flags that are not stable yet, so they are tried first. A tool chain that has other
//! ones builds everything as well, larger: sizes are then shown and not judged.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::remap;

/// By this variable a released tool chain takes flags that are not stable yet.
const UNSTABLE: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");

/// Panics trap where they happen, and nothing says where that was.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";

/// What cargo is to compile itself, and how.
const LIBRARY: &[(&str, &str)] = &[
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// Whether what it takes could not be brought.
static GIVEN_UP: AtomicBool = AtomicBool::new(false);

/// Whether this tool chain can. The set-up brings the sources that it takes before anybody asks.
pub(crate) fn is_possible() -> bool {
    static POSSIBLE: OnceLock<bool> = OnceLock::new();
    !GIVEN_UP.load(Ordering::Relaxed)
        && *POSSIBLE
            .get_or_init(|| sources().is_some_and(|it| it.is_file()) && takes_flags("rustc"))
}

/// Builds as the tool chain comes from now on.
pub(crate) fn give_up() {
    GIVEN_UP.store(true, Ordering::Relaxed);
}

/// Has a command build for the web so, or as the tool chain comes.
pub(crate) fn lean(command: &mut Command) -> &mut Command {
    if !is_possible() {
        return command;
    }
    let flags = [remap::flags(), Some(FLAGS)];
    let flags: Vec<&str> = flags.into_iter().flatten().collect();
    unstable(command)
        .envs(LIBRARY.iter().copied())
        .env(remap::VARIABLE, flags.join(" "))
}

/// Has cargo read what only unstable tool chains read by themselves.
pub(crate) fn unstable(command: &mut Command) -> &mut Command {
    command.envs([UNSTABLE])
}

/// The lock file of the standard library's sources, whether it is there or not.
pub(crate) fn sources() -> Option<PathBuf> {
    Some(remap::sysroot()?.join("lib/rustlib/src/rust/library/Cargo.lock"))
}

fn takes_flags(rustc: impl AsRef<OsStr>) -> bool {
    let mut command = Command::new(rustc);
    command
        .args(FLAGS.split(' '))
        .args(["--target", "wasm32-unknown-unknown", "--print", "cfg"])
        .stdin(Stdio::null());
    unstable(&mut command)
        .output()
        .is_ok_and(|it| it.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_has_no_such_flags_is_told_from_one_that_has() {
        // this test runs with the compiler that the flags were chosen for, or with a newer one that may refuse them
        assert!(!takes_flags("no compiler at all"));
        let version = Command::new("rustc").arg("--version").output().unwrap();
        if String::from_utf8_lossy(&version.stdout).contains(" 1.95.") {
            assert!(takes_flags("rustc"));
        }
    }

    #[test]
    fn paths_stay_remapped() {
        let mut command = Command::new("cargo");
        lean(&mut command);
        if let Some(flags) = remap::flags().filter(|_| is_possible()) {
            let mut set = command.get_envs();
            let set = set.find(|(name, _)| *name == remap::VARIABLE);
            let set = set.and_then(|(_, value)| value?.to_str()).unwrap();
            assert!(set.starts_with(flags) && set.ends_with(FLAGS), "{set}");
        }
    }
}
