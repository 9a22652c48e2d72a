//! Steps: each says what it does and how long it took, and shows its output only when it fails.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How often a long step says that it is still running.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// What a program did.
pub(crate) struct Done {
    pub(crate) status: ExitStatus,
    /// Standard output and standard error, in the order they came.
    pub(crate) output: String,
}

/// Runs a program quietly: its output is shown only when it fails, which is an error.
pub(crate) fn quiet(name: &str, command: &mut Command) -> Result<String, Failure> {
    let done = attempt(name, command)?;
    if done.status.success() {
        return Ok(done.output);
    }
    show(&done.output);
    Err(Failure::new(format!(
        "{name}: `{}` ended with {}",
        line_of(command),
        done.status
    )))
}

/// Runs a program quietly and hands back how it ended, whatever that was.
pub(crate) fn attempt(name: &str, command: &mut Command) -> Result<Done, Failure> {
    begin(name);
    let started = Instant::now();
    let result = capture(command, || {
        println!(
            "    … {name}: still running after {}",
            seconds(started.elapsed())
        );
    });
    end(
        started,
        result.as_ref().is_ok_and(|done| done.status.success()),
    );
    result
}

/// A step that had nothing to do.
pub(crate) fn already(name: &str) {
    println!("  ✓ {name} (already there)");
}

/// Prints captured output, set apart by its indent.
pub(crate) fn show(output: &str) {
    for line in output.lines() {
        println!("    │ {line}");
    }
}

/// A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        whole @ 10..60 => format!("{whole} s"),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

/// A command as one would type it.
pub(crate) fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn begin(name: &str) {
    println!("  · {name}");
    // A closed pipe must not stop the work.
    let _ = std::io::stdout().flush();
}

fn end(started: Instant, well: bool) {
    println!(
        "    {} {}",
        if well { "✓" } else { "✗" },
        seconds(started.elapsed())
    );
}

fn capture(command: &mut Command, mut still_running: impl FnMut()) -> Result<Done, Failure> {
    let cannot = |command: &Command, error: std::io::Error| {
        Failure::new(format!("`{}` cannot be started: {error}", line_of(command)))
    };
    // One pipe for both streams, so that their lines keep their order.
    let (reader, writer) = std::io::pipe().map_err(|error| cannot(command, error))?;
    let second = writer.try_clone().map_err(|error| cannot(command, error))?;
    // What is read by programs and shown only when something failed is better plain.
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("FORCE_COLOR", "0");
    command.stdin(Stdio::null()).stdout(writer).stderr(second);
    let mut child = command.spawn().map_err(|error| cannot(command, error))?;
    // The command keeps its ends of the pipe; without them the reader sees the end of the output.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let (sender, receiver) = mpsc::channel();
    let reading = thread::spawn(move || {
        let mut lines = BufReader::new(reader);
        let mut line = Vec::new();
        while lines
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            if sender
                .send(String::from_utf8_lossy(&line).into_owned())
                .is_err()
            {
                return;
            }
            line.clear();
        }
    });
    let mut output = String::new();
    loop {
        match receiver.recv_timeout(SIGN_OF_LIFE) {
            Ok(line) => output.push_str(&line),
            Err(mpsc::RecvTimeoutError::Timeout) => still_running(),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    reading
        .join()
        .map_err(|_| Failure::new("the reader of a step's output panicked"))?;
    let status = child.wait().map_err(|error| cannot(command, error))?;
    Ok(Done { status, output })
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::{attempt, line_of, quiet, seconds};

    #[test]
    fn durations_are_read_at_a_glance() {
        assert_eq!(seconds(Duration::from_millis(449)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(59)), "59 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_command_reads_as_typed() {
        assert_eq!(
            line_of(Command::new("cargo").args(["test", "--workspace"])),
            "cargo test --workspace"
        );
    }

    #[test]
    fn both_streams_are_kept_in_order() {
        let done = attempt("rustc", Command::new("rustc").arg("--no-such-flag")).unwrap();
        assert!(!done.status.success());
        assert!(done.output.contains("no-such-flag"), "{}", done.output);
    }

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let failure = quiet("a step", Command::new("rustc").arg("--no-such-flag")).unwrap_err();
        assert!(
            failure
                .to_string()
                .starts_with("a step: `rustc --no-such-flag` ended with"),
            "{failure}"
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = quiet("a step", &mut Command::new("no-such-program-here")).unwrap_err();
        assert!(
            failure
                .to_string()
                .starts_with("`no-such-program-here` cannot be started"),
            "{failure}"
        );
    }
}
