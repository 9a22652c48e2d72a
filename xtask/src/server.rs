//! Building the server binary, for running it here.

use crate::failure::Failure;
use crate::programs::cargo;
use crate::project::Project;
use crate::step::quiet;

/// Builds `rolecall` in the development profile.
pub(crate) fn build(project: &Project) -> Result<(), Failure> {
    quiet(
        "the server",
        &mut cargo(project, &["build", "--quiet", "--package", "rolecall"])?,
    )?;
    Ok(())
}
