//! What the gateway adds to a call, how much it holds at once, and how soon it listens.

use super::Narrowed;
use crate::failure::Failure;
use crate::programs::cargo;
use crate::project::Project;
use crate::step::quiet;

pub(super) fn run(project: &Project, _: &Narrowed) -> Result<(), Failure> {
    let bench = [
        "bench",
        "--quiet",
        "--package",
        "rolecall",
        "--bench",
        "gateway",
    ];
    let table = quiet("build and measure", &mut cargo(project, &bench)?)?;
    print!("\n{table}");
    Ok(())
}
