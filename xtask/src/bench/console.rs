//! The console in a real Chromium, on the release build of the server.

use super::Narrowed;
use crate::failure::Failure;
use crate::hermetic::{Scratch, hermetic};
use crate::programs::{cargo, npm};
use crate::project::Project;
use crate::step::quiet;
use crate::{console, setup};

pub(super) fn run(project: &Project, narrowed: &Narrowed) -> Result<(), Failure> {
    setup::console(project)?;
    let chromium = setup::browser(project)?;
    println!("build");
    console::build(project)?;
    let build = ["build", "--quiet", "--release", "--package", "rolecall"];
    quiet("the server, for release", &mut cargo(project, &build)?)?;
    let server = project
        .target()
        .join("release")
        .join(format!("rolecall{}", std::env::consts::EXE_SUFFIX));

    println!("measure");
    let home = Scratch::new("home")?;
    let table = home.path().join("table.txt");
    let mut command = npm(
        project,
        &["run", "bench", "--silent", "--workspace", "tests"],
    )?;
    if !narrowed.is_empty() {
        // the other table is of the page of invitations
        command.args(["--", "console.bench"]);
    }
    hermetic(&mut command, &home)
        .env("ROLECALL_CHROMIUM", chromium)
        .env("ROLECALL_SERVER", server)
        .env("ROLECALL_CONSOLE", project.dist())
        .env("ROLECALL_TABLE", &table)
        .envs(narrowed.iter().map(|(name, value)| (name, value)));
    quiet("five runs each", &mut command)?;
    let table = std::fs::read_to_string(&table)
        .map_err(|error| Failure::new(format!("no table was written: {error}")))?;
    print!("\n{table}");
    Ok(())
}
