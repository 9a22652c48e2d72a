//! Node, npm, and the npm packages of the workspace.

use crate::failure::Failure;
use crate::fingerprint::Fingerprint;
use crate::programs::{npm, program, version_of};
use crate::project::Project;
use crate::step::{already, quiet};

/// What Playwright and the packages of this workspace ask for.
const OLDEST_NODE: u32 = 20;

/// What decides which packages are installed.
const SOURCES: &[&str] = &["package-lock.json", "package.json", ".npmrc"];

/// Checks that Node and npm are there.
pub(super) fn check(project: &Project) -> Result<(), Failure> {
    let bring = format!(
        "install Node {OLDEST_NODE} or newer with npm (https://nodejs.org), then run this again"
    );
    let Some(node) = version_of(program(project, "node")?) else {
        return Err(Failure::new(format!("Node is missing: {bring}")));
    };
    if major(&node).is_none_or(|major| major < OLDEST_NODE) {
        return Err(Failure::new(format!("Node is too old ({node}): {bring}")));
    }
    if version_of(npm(project, &[])?).is_none() {
        return Err(Failure::new(format!("npm is missing: {bring}")));
    }
    Ok(())
}

/// Installs the npm packages at the versions of the lock file.
pub(super) fn install(project: &Project) -> Result<(), Failure> {
    let name = "npm packages";
    let stamp = project.root().join("node_modules").join(".rolecall-stamp");
    let wanted = Fingerprint::of(project.root(), SOURCES)?;
    if wanted.is_in(&stamp) {
        already(name);
        return Ok(());
    }
    quiet(name, &mut npm(project, &["ci", "--no-audit", "--no-fund"])?)?;
    wanted.write(&stamp)
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("twenty"), None);
    }
}
