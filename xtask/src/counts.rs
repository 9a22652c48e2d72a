//! How many tests passed, read from what the runners print.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Counts {
    /// One failure, for what has no counts of its own.
    pub(crate) const FAILURE: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };

    pub(crate) fn all_passed(self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    fn total(self) -> u32 {
        self.passed + self.failed + self.skipped
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// The sum over `cargo test`'s output, and the files of integration tests that ran nothing.
pub(crate) fn of_cargo_test(output: &str) -> (Counts, Vec<String>) {
    let mut sum = Counts::default();
    let mut empty = Vec::new();
    let mut running = "";
    for line in output.lines() {
        let line = line.trim();
        if let Some(what) = line.strip_prefix("Running ") {
            running = what.split(" (").next().unwrap_or(what);
        } else if line.starts_with("Doc-tests ") {
            running = "";
        }
        let Some(result) = line.strip_prefix("test result: ") else {
            continue;
        };
        let mut counts = Counts::default();
        for part in result.split(['.', ';']) {
            match number_and_word(part) {
                Some((number, "passed")) => counts.passed = number,
                Some((number, "failed")) => counts.failed = number,
                Some((number, "ignored")) => counts.skipped = number,
                _ => {}
            }
        }
        if counts.total() == 0 && running.starts_with("tests/") {
            empty.push(running.to_owned());
        }
        sum += counts;
    }
    (sum, empty)
}

/// What `node --test` counted, in either of its two forms of output; several runs are added up.
pub(crate) fn of_node_test(output: &str) -> Counts {
    let mut sum = Counts::default();
    for line in output.lines() {
        let Some(line) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else {
            continue;
        };
        let mut words = line.split_whitespace();
        let (Some(word), Some(Ok(number))) = (words.next(), words.next().map(str::parse::<u32>))
        else {
            continue;
        };
        match word {
            "pass" => sum.passed += number,
            "fail" | "cancelled" => sum.failed += number,
            "skipped" | "todo" => sum.skipped += number,
            _ => {}
        }
    }
    sum
}

/// What Playwright counted.
pub(crate) fn of_playwright(output: &str) -> Counts {
    let mut sum = Counts::default();
    for line in output.lines() {
        match number_and_word(line) {
            // A test that passed at a second try did so on a busy machine; Playwright's report names it.
            Some((number, "passed" | "flaky")) => sum.passed += number,
            // One that never ran is none that passed.
            Some((number, "failed" | "interrupted" | "did")) => sum.failed += number,
            Some((number, "skipped")) => sum.skipped += number,
            _ => {}
        }
    }
    sum
}

/// `12 passed (3.4s)` → `(12, "passed")`
fn number_and_word(text: &str) -> Option<(u32, &str)> {
    let mut words = text.split_whitespace();
    let number = words.next()?.parse().ok()?;
    Some((number, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::{Counts, of_cargo_test, of_node_test, of_playwright};

    #[test]
    fn cargo_tests_are_summed_over_binaries() {
        let output = "\
     Running unittests src/lib.rs (target/debug/deps/rolecall_core-0123)

running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running unittests src/main.rs (target/debug/deps/rolecall-0123)
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/start.rs (target/debug/deps/start-0123)
test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
   Doc-tests rolecall_core
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        assert_eq!(
            of_cargo_test(output),
            (
                Counts {
                    passed: 5,
                    failed: 1,
                    skipped: 1
                },
                vec![]
            )
        );
    }

    #[test]
    fn a_file_of_tests_that_runs_none_is_named() {
        let output = "     Running tests/journeys.rs (target/debug/deps/journeys-1)\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(
            of_cargo_test(output),
            (Counts::default(), vec!["tests/journeys.rs".to_owned()])
        );
    }

    #[test]
    fn node_tests_are_read_in_both_forms() {
        let tap = "TAP version 13\n# tests 9\n# suites 0\n# pass 7\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n";
        let spec = "ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ skipped 0\n";
        assert_eq!(
            of_node_test(tap),
            Counts {
                passed: 7,
                failed: 1,
                skipped: 1
            }
        );
        assert_eq!(
            of_node_test(spec),
            Counts {
                passed: 2,
                failed: 0,
                skipped: 0
            }
        );
    }

    #[test]
    fn playwright_tests_that_did_not_run_are_not_passed() {
        let output = "Running 9 tests using 2 workers\n\n  1 failed\n    [chromium] › a.spec.ts\n  1 flaky\n  2 did not run\n  1 skipped\n  4 passed (12.3s)\n";
        assert_eq!(
            of_playwright(output),
            Counts {
                passed: 5,
                failed: 3,
                skipped: 1
            }
        );
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_when_there_are_some() {
        assert_eq!(
            Counts {
                passed: 12,
                failed: 0,
                skipped: 0
            }
            .to_string(),
            "12 passed, 0 failed"
        );
        assert_eq!(
            Counts {
                passed: 1,
                failed: 2,
                skipped: 3
            }
            .to_string(),
            "1 passed, 2 failed, 3 skipped"
        );
    }

    #[test]
    fn nothing_run_is_not_passed() {
        assert!(!Counts::default().all_passed());
        assert!(!Counts::FAILURE.all_passed());
        assert!(
            Counts {
                passed: 1,
                failed: 0,
                skipped: 0
            }
            .all_passed()
        );
    }
}
