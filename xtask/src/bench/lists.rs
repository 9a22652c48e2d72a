//! Recipient lists: read, checked, and planned against an organization, in Node and Chromium.

use super::Narrowed;
use crate::failure::Failure;
use crate::hermetic::{Scratch, hermetic};
use crate::pack;
use crate::programs::npm;
use crate::project::Project;
use crate::setup;
use crate::step::quiet;

pub(super) fn run(project: &Project, _: &Narrowed) -> Result<(), Failure> {
    setup::console(project)?;
    let chromium = setup::browser(project)?;
    pack::modules(project)?;

    println!("measure");
    let home = Scratch::new("home")?;
    let table = home.path().join("table.txt");
    let mut command = npm(
        project,
        &["run", "bench:lists", "--silent", "--workspace", "npm"],
    )?;
    hermetic(&mut command, &home)
        .env("ROLECALL_CHROMIUM", chromium)
        .env("ROLECALL_TABLE", &table);
    quiet("Node and Chromium, 7 rounds each", &mut command)?;
    let table = std::fs::read_to_string(&table)
        .map_err(|error| Failure::new(format!("no table was written: {error}")))?;
    print!("\n{table}");
    Ok(())
}
