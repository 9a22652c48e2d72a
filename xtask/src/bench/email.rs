//! The e-mail check: in Node and Chromium beside its peers, and natively.

use super::Narrowed;
use crate::failure::Failure;
use crate::hermetic::{Scratch, hermetic};
use crate::programs::{cargo, npm};
use crate::project::Project;
use crate::setup;
use crate::step::quiet;

pub(super) fn run(project: &Project, _: &Narrowed) -> Result<(), Failure> {
    setup::node(project)?;
    let chromium = setup::browser(project)?;

    println!("measure");
    let home = Scratch::new("home")?;
    let table = home.path().join("table.txt");
    let mut command = npm(project, &["run", "bench", "--silent", "--workspace", "npm"])?;
    hermetic(&mut command, &home)
        .env("ROLECALL_CHROMIUM", chromium)
        .env("ROLECALL_TABLE", &table);
    quiet("Node and Chromium, 15 rounds each", &mut command)?;
    let table = std::fs::read_to_string(&table)
        .map_err(|error| Failure::new(format!("no table was written: {error}")))?;
    let arguments = [
        "bench",
        "--quiet",
        "--package",
        "rolecall-core",
        "--bench",
        "email",
    ];
    let native = quiet(
        "natively",
        hermetic(&mut cargo(project, &arguments)?, &home),
    )?;
    print!("\n{table}\n{native}");
    Ok(())
}
