//! `cargo xtask bench [WHAT …]`: performance tables, each against its bars; without a name, all of them.

mod console;
mod email;
mod gateway;
mod lists;

use crate::failure::Failure;
use crate::project::Project;

/// A table: its name and how it is made.
type Bench = (&'static str, fn(&Project) -> Result<(), Failure>);

const BENCHES: &[Bench] = &[
    ("console", console::run),
    ("email", email::run),
    ("gateway", gateway::run),
    ("lists", lists::run),
];

pub(crate) fn run(project: &Project, names: &[String]) -> Result<(), Failure> {
    let known = |name: &String| BENCHES.iter().any(|(known, _)| known == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new(format!(
            "there is no bench `{unknown}`; there are: {}",
            all.join(", ")
        )));
    }
    for (name, bench) in BENCHES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            println!("bench {name}");
            bench(project)?;
        }
    }
    Ok(())
}
