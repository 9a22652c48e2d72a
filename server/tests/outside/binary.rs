//! The real program: what it prints, how it ends, and that it stays on this machine.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it failed"
)]

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Running, rolecall};

/// Exit code, standard output and standard error of a program that ends by itself.
pub(crate) fn ends(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn start(home: &TempDir) -> Command {
    let mut command = rolecall(home.path());
    command.args([
        "start",
        "--listen",
        "127.0.0.1:0",
        "--seed-users",
        "50",
        "--json",
    ]);
    command
}

#[test]
fn start_prints_a_link_and_what_the_sandbox_holds() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(&mut start(&home));
    assert!(running.address().starts_with("http://127.0.0.1:"));
    let sandbox = &running.line["sandbox"];
    let services: Vec<&str> = sandbox["organizations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["service"].as_str().unwrap())
        .collect();
    assert_eq!(services, ["astro", "astro", "astro", "astra", "astra"]);
    assert_eq!(sandbox["organizations"][0]["users"], 50);
    assert!(sandbox["astro"]["url"].as_str().unwrap().ends_with("/v1"));
    assert!(sandbox["astra"]["url"].as_str().unwrap().ends_with("/v2"));
    assert!(sandbox["tokens"][0]["token"].as_str().unwrap().len() > 20);
}

#[test]
fn sandbox_prints_its_addresses_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut command = rolecall(home.path());
    command.args([
        "sandbox",
        "--listen",
        "127.0.0.1:0",
        "--seed-users",
        "50",
        "--json",
    ]);
    let running = Running::start(&mut command);
    assert!(running.line["astro"]["url"].is_string());
    assert!(running.line.get("link").is_none());
    drop(running);
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert!(
        left.is_empty(),
        "it keeps nothing unless it is told where: {left:?}"
    );
}

#[test]
fn a_second_start_names_the_first_ones_address() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(&mut start(&home));
    let (code, out, said) = ends(&mut start(&home));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(said.contains(running.address()), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn doctor_changes_nothing_beside_a_server_and_without_one() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let doctor = || {
        let before = all(&data);
        let mut command = rolecall(home.path());
        let (code, said, _) = ends(command.args(["doctor", "--data-dir"]).arg(&data));
        assert!(all(&data) == before, "something was changed");
        assert_eq!(code, Some(0), "{said}");
        said
    };
    assert!(doctor().contains("there is none yet"));
    assert!(!data.exists());
    let mut command = start(&home);
    let mut running = Running::start(command.arg("--data-dir").arg(&data));
    let said = doctor();
    assert!(said.contains("ok: 0 changes"), "{said}");
    assert!(said.contains(running.address()), "{said}");
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let said = doctor();
    assert!(said.contains("ok: 0 changes"), "{said}");
}

/// All files of a folder.
fn all(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let files = files.map(|it| it.unwrap().path());
    files
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

#[test]
fn a_port_in_use_is_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["start", "sandbox"] {
        let mut command_line = rolecall(home.path());
        let (code, out, said) = ends(command_line.args([command, "--listen", &address]));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{said}");
        assert!(
            said.contains(&address) && said.contains("--listen"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn listens_beyond_this_machine_only_when_told_to() {
    let home = tempfile::tempdir().unwrap();
    for command in ["start", "sandbox"] {
        let mut command_line = rolecall(home.path());
        let (code, _, said) = ends(command_line.args([command, "--listen", "0.0.0.0:0"]));
        assert_eq!(code, Some(1));
        assert!(said.contains("--allow-remote"), "{said}");
    }
}

#[test]
fn what_is_not_understood_exits_with_2() {
    let home = tempfile::tempdir().unwrap();
    for words in [
        &["begin"][..],
        &[],
        &["start", "--rate", "slow"],
        &["start", "--listen", "x"],
    ] {
        let (code, out, said) = ends(rolecall(home.path()).args(words));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}");
        assert!(!said.is_empty());
    }
    let (code, out, _) = ends(rolecall(home.path()).arg("--version"));
    assert_eq!(code, Some(0));
    assert!(out.contains(env!("CARGO_PKG_VERSION")));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_gracefully() {
    let home = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&mut start(&home));
        let pid = running.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(running.child.wait().unwrap().code(), Some(0), "{signal}");
    }
}
