//! Programs under test know nothing of the person who runs them: an empty home, no tokens.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::failure::Failure;

/// What names an account, a profile or a service of the two vendors' tools. Whatever starts so is removed.
const ACCOUNT_PREFIXES: &[&str] = &[
    "ASTRO_",
    "ASTRA_",
    "ASTRARC",
    "ASTRONOMER_",
    "ROLECALL_TOKEN",
];

/// Folders in which the vendors' tools keep their files, if they are not in the home.
const CONFIG_FOLDERS: &[&str] = &[
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
];

/// A folder that is removed with everything in it when this goes out of scope.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(purpose: &str) -> Result<Self, Failure> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("rolecall-{purpose}-{}-{next}", std::process::id()));
        fs::create_dir(&path)
            .map_err(|error| Failure::new(format!("{} cannot be made: {error}", path.display())))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed stays for the system to clean up.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Gives `command` `home` as its home folder and takes every token from its environment, while
/// cargo, rustup and npm still find their own caches.
pub(crate) fn hermetic<'a>(command: &'a mut Command, home: &Scratch) -> &'a mut Command {
    for (name, _) in std::env::vars_os() {
        if names_an_account(&name) {
            command.env_remove(name);
        }
    }
    for name in CONFIG_FOLDERS {
        command.env_remove(name);
    }
    if let Some(real) = std::env::home_dir() {
        for (name, below) in [
            ("CARGO_HOME", ".cargo"),
            ("RUSTUP_HOME", ".rustup"),
            ("npm_config_cache", ".npm"),
        ] {
            if std::env::var_os(name).is_none() {
                command.env(name, real.join(below));
            }
        }
        let npmrc = real.join(".npmrc");
        if std::env::var_os("npm_config_userconfig").is_none() && npmrc.is_file() {
            command.env("npm_config_userconfig", npmrc);
        }
    }
    command
        .env("HOME", home.path())
        .env("USERPROFILE", home.path())
}

fn names_an_account(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    ACCOUNT_PREFIXES
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::process::Command;

    use super::{Scratch, hermetic, names_an_account};

    #[test]
    fn token_variables_of_both_vendors_are_taken() {
        for name in [
            "ASTRO_API_TOKEN",
            "ASTRA_DB_APPLICATION_TOKEN",
            "ASTRARC",
            "ASTRO_HOME",
            "ASTRA_PROFILE",
        ] {
            assert!(names_an_account(&OsString::from(name)), "{name}");
        }
        assert!(!names_an_account(&OsString::from("PATH")));
    }

    #[test]
    fn the_home_is_empty_and_cargo_still_found() {
        let home = Scratch::new("home").unwrap();
        let mut command = Command::new("cargo");
        hermetic(&mut command, &home);
        let value = |wanted: &str| {
            let found = command.get_envs().find(|(name, _)| *name == wanted);
            found
                .and_then(|(_, value)| value)
                .map(OsString::from)
                .or_else(|| std::env::var_os(wanted))
        };
        assert_eq!(value("HOME").as_deref(), Some(home.path().as_os_str()));
        assert!(value("CARGO_HOME").is_some_and(|folder| !folder.is_empty()));
        assert_eq!(home.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn scratch_folders_go_away() {
        let path = {
            let scratch = Scratch::new("gone").unwrap();
            std::fs::write(scratch.path().join("file"), "x").unwrap();
            scratch.path().to_owned()
        };
        assert!(!path.exists());
    }
}
