//! `cargo xtask check`: format, lints and native tests, the loop while writing.

use crate::failure::Failure;
use crate::hermetic::Scratch;
use crate::project::Project;
use crate::{lints, server, setup, suites};

pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    setup::check(project)?;
    println!("checks");
    for (_, check) in lints::RUST {
        check(project)?;
    }
    println!("tests");
    server::build(project)?;
    let home = Scratch::new("home")?;
    let counts = suites::native(project, &home)?;
    println!("\n{counts}");
    if counts.all_passed() {
        Ok(())
    } else {
        Err(Failure::Shown)
    }
}
