//! How the programs that a command needs are started.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::project::Project;
use crate::remap;

/// What cargo tells the program it runs about that program's own package; builds below must not see it.
const OF_THIS_PACKAGE: &[&str] = &["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_"];

/// A program, started in the root of the checkout, with the project's own tools first on its path.
pub(crate) fn program(project: &Project, name: &str) -> Result<Command, Failure> {
    let mut command = Command::new(name);
    command
        .current_dir(project.root())
        .env("PATH", path(project)?);
    // Trunk reads it as a setting of its own and refuses the usual value, `1`.
    command.env_remove("NO_COLOR");
    if let Some(flags) = remap::flags() {
        command.env(remap::VARIABLE, flags);
    }
    for (variable, _) in std::env::vars_os() {
        if OF_THIS_PACKAGE
            .iter()
            .any(|prefix| variable.to_string_lossy().starts_with(prefix))
        {
            command.env_remove(variable);
        }
    }
    Ok(command)
}

/// `cargo` with these arguments.
pub(crate) fn cargo(project: &Project, arguments: &[&str]) -> Result<Command, Failure> {
    let mut command = program(project, "cargo")?;
    command.args(arguments);
    Ok(command)
}

/// `npm` with these arguments.
pub(crate) fn npm(project: &Project, arguments: &[&str]) -> Result<Command, Failure> {
    let mut command = program(project, if cfg!(windows) { "npm.cmd" } else { "npm" })?;
    command.args(arguments);
    Ok(command)
}

/// What a program says when it is asked for its version, or nothing if it is not there.
pub(crate) fn version_of(mut command: Command) -> Option<String> {
    let output = command
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn path(project: &Project) -> Result<OsString, Failure> {
    let own = [
        project.tools().join("bin"),
        project.root().join("node_modules").join(".bin"),
    ];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&inherited))).map_err(|error| {
        Failure::new(format!("this checkout's path cannot be put on PATH ({error}): move it to a folder without it"))
    })
}
