//! The binary as a process with an empty home, ended when it goes out of scope.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long the binary may take until it listens; a debug build seeds its sandbox in it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Names in the environment that belong to the two vendors' tools.
const ACCOUNT_PREFIXES: &[&str] = &["ASTRO_", "ASTRA_", "ASTRARC", "ASTRONOMER_", "XDG_"];

/// A running `rolecall`.
#[derive(Debug)]
pub struct Rolecall {
    child: Child,
    home: TempDir,
    line: Value,
}

/// How a `rolecall` that does not keep running ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit status, or nothing if a signal ended it.
    pub code: Option<i32>,
    /// Everything on standard output.
    pub stdout: String,
    /// Everything on standard error.
    pub stderr: String,
}

/// `rolecall` with an empty home and no token in its environment.
pub fn command(home: &Path) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ACCOUNT_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(&*name);
        }
    }
    command
        .env("HOME", home)
        .env("USERPROFILE", home)
        .current_dir(home);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Rolecall {
    /// Starts `rolecall COMMAND --json` on a free port, with a data folder of its own, and waits for its line.
    pub fn run(subcommand: &str, arguments: &[&str]) -> Self {
        let home = TempDir::new().expect("a temporary folder can be made");
        let mut command = command(home.path());
        command.args([
            subcommand,
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
        ]);
        let mut child = command
            .arg(home.path().join("data"))
            .args(arguments)
            .spawn()
            .expect("the server starts");
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut stderr = child.stderr.take().expect("standard error is piped");
        let complaints = thread::spawn(move || {
            let mut text = String::new();
            // What cannot be read is only missing from a message.
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(stdout).read_line(&mut line);
            let _ = sender.send(line);
        });
        let line = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        let Ok(line) = serde_json::from_str(&line) else {
            let _ = child.kill();
            let _ = child.wait();
            let complaints = complaints.join().unwrap_or_default();
            panic!(
                "`rolecall {subcommand} {arguments:?}` printed {line:?} instead of a line of JSON\n{complaints}"
            );
        };
        Self { child, home, line }
    }

    /// Starts `rolecall sandbox` with this many users in the large organization.
    pub fn sandbox(users: u32) -> Self {
        Self::run(
            "sandbox",
            &["--seed-users", &users.to_string(), "--rate", "off"],
        )
    }

    /// The one line of JSON that it printed.
    pub fn line(&self) -> &Value {
        &self.line
    }

    /// Its home folder, which was empty when it started.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Rolecall {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Runs `rolecall` with these arguments to its end, which must come by itself.
    pub fn of<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Self {
        let home = TempDir::new().expect("a temporary folder can be made");
        let mut child = command(home.path())
            .args(arguments)
            .spawn()
            .expect("the server starts");
        let started = Instant::now();
        while child.try_wait().expect("its state can be asked").is_none() {
            if started.elapsed() > PATIENCE {
                let _ = child.kill();
                let output = child.wait_with_output();
                panic!("it still runs after {PATIENCE:?}: {output:?}");
            }
            thread::sleep(Duration::from_millis(10));
        }
        let output = child.wait_with_output().expect("what it wrote can be read");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// The server that `ROLECALL_SERVER` names, else the one of this workspace, built when it is not up to date.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(named) = std::env::var_os("ROLECALL_SERVER") {
            return named.into();
        }
        let built = Command::new("cargo")
            .args(["build", "--quiet", "--package", "rolecall"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status();
        assert!(
            built.is_ok_and(|status| status.success()),
            "`cargo build --package rolecall` failed"
        );
        let test = std::env::current_exe().expect("a test knows its own path");
        let folder = test
            .ancestors()
            .nth(2)
            .expect("tests lie in target/debug/deps");
        folder.join(format!("rolecall{}", std::env::consts::EXE_SUFFIX))
    })
}
