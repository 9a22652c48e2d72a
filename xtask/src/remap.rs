//! What is built for the web names the sources it comes from, not the folders of the machine it was built on: the same
//! sources give the same octets anywhere, and nobody learns where a home is.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// By this variable cargo takes flags in addition to those of `.cargo/config.toml`.
pub(crate) const VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The flags, or nothing if a folder's name cannot stand among them.
pub(crate) fn flags() -> Option<&'static str> {
    static FLAGS: OnceLock<Option<String>> = OnceLock::new();
    FLAGS.get_or_init(|| written(&folders())).as_deref()
}

/// Folders of sources, and what each is called instead.
fn folders() -> Vec<(PathBuf, &'static str)> {
    let mut folders = Vec::new();
    if let Some(root) = sysroot() {
        folders.push((root.join("lib/rustlib/src/rust"), "rust"));
    }
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    if let Some(home) = home {
        let registries = std::fs::read_dir(home.join("registry").join("src"));
        let registries = registries.into_iter().flatten().flatten();
        folders.extend(registries.map(|registry| (registry.path(), "crates")));
    }
    // in whatever order a folder lists them
    folders.sort();
    folders
}

/// The folder of the tool chain.
pub(crate) fn sysroot() -> Option<PathBuf> {
    output(Command::new("rustc").args(["--print", "sysroot"])).map(PathBuf::from)
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|it| it.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim_end().to_owned())
}

/// cargo splits the variable at blanks, and rustc each flag at `=`.
fn written(folders: &[(PathBuf, &str)]) -> Option<String> {
    let flag = |(folder, name): &(PathBuf, &str)| {
        let folder = folder.to_str()?;
        let is_plain = !folder.contains(|it: char| it.is_whitespace() || it == '=');
        is_plain.then(|| format!("--remap-path-prefix={folder}={name}"))
    };
    let flags: Vec<String> = folders.iter().map(flag).collect::<Option<_>>()?;
    Some(flags.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_has_its_flag() {
        let folders = [("/a/b".into(), "crates"), ("/c".into(), "rust")];
        let flags = "--remap-path-prefix=/a/b=crates --remap-path-prefix=/c=rust";
        assert_eq!(written(&folders).as_deref(), Some(flags));
    }

    #[test]
    fn a_folder_that_would_be_read_as_two_flags_is_left() {
        for folder in ["/a b", "/a=b"] {
            assert_eq!(written(&[(folder.into(), "crates")]), None, "{folder}");
        }
    }

    #[test]
    fn the_tool_chain_of_this_machine_is_known() {
        let folders = folders();
        assert!(folders.iter().any(|(_, name)| *name == "rust"));
    }
}
