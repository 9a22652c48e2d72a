//! `cargo xtask bench [WHAT …]`: performance tables, each against its bars; without a name, all of them.
//!
//! `--users 10000` and `--pages console,by-hand` narrow the console's table while something is being made
//! faster.

mod console;
mod email;
mod gateway;
mod lists;

use crate::failure::Failure;
use crate::project::Project;

/// A table: its name and how it is made.
type Bench = (&'static str, fn(&Project, &Narrowed) -> Result<(), Failure>);

/// Options of the console's table, as variables for what measures it.
type Narrowed = Vec<(&'static str, String)>;

const NARROWING: [(&str, &str); 2] = [
    ("--users", "ROLECALL_BENCH_USERS"),
    ("--pages", "ROLECALL_BENCH_PAGES"),
];

const BENCHES: &[Bench] = &[
    ("console", console::run),
    ("email", email::run),
    ("gateway", gateway::run),
    ("lists", lists::run),
];

pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), Failure> {
    let (names, narrowed) = read(arguments)?;
    let known = |name: &str| BENCHES.iter().any(|(known, _)| *known == name);
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
            bench(project, &narrowed)?;
        }
    }
    Ok(())
}

/// The tables that are named, and how the console's is narrowed.
fn read(arguments: &[String]) -> Result<(Vec<&str>, Narrowed), Failure> {
    let (mut names, mut narrowed) = (Vec::new(), Narrowed::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match NARROWING.iter().find(|(option, _)| option == argument) {
            None => names.push(argument.as_str()),
            Some((option, variable)) => {
                let value = arguments.next();
                let value = value.ok_or_else(|| Failure::new(format!("{option} takes a list")))?;
                narrowed.push((variable, value.clone()));
            }
        }
    }
    Ok((names, narrowed))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn options_stand_anywhere_between_names() {
        let given = ["console", "--users", "10000", "email"].map(str::to_owned);
        let (names, narrowed) = read(&given).expect("all are known");
        assert_eq!(names, ["console", "email"]);
        assert_eq!(narrowed, [("ROLECALL_BENCH_USERS", "10000".to_owned())]);
        assert!(read(&["--pages".to_owned()]).is_err());
    }
}
