//! The corpus of addresses: the project's own rows, and the large collection where it is at hand.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall_core::email::{
    CompiledIn, Email, EmailErrorKind, NoMapping, Notice, Policy, Rules, html_input_value,
    html_input_values, suggest,
};
use rolecall_core::recipients::{self, InvalidEntry, Who};
use serde::Deserialize;

/// One row; the columns are described in the collection's README.
#[derive(Debug, Deserialize)]
struct Row {
    address: String,
    source: String,
    kind: String,
    html: Option<bool>,
    html_input: Option<bool>,
    html_multiple: Option<bool>,
    rfc5321: Option<bool>,
    invitable: Option<bool>,
    normalized: Option<String>,
    needs: Option<String>,
    error: Option<String>,
    at: Option<usize>,
    notice: Option<String>,
    entries: Option<Vec<ListEntry>>,
    #[serde(default, deserialize_with = "present")]
    suggestion: Option<Option<String>>,
}

/// One entry of a row that is a list: an address, or a text with its error.
#[derive(Debug, PartialEq, Deserialize)]
struct ListEntry {
    email: Option<String>,
    name: Option<String>,
    text: Option<String>,
    error: Option<String>,
}

/// Tells `null` from a column that is not there.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn read(path: &Path) -> Vec<Row> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The project's own rows.
fn own() -> Vec<Row> {
    let rows =
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/email/corpus.jsonl"));
    assert!(rows.len() > 100, "the own corpus has {} rows", rows.len());
    rows
}

/// The collection of many suites, which does not come with the repository: beside the workspace in
/// `shared`, or where `ROLECALL_SHARED` says.
fn collected() -> Vec<Row> {
    let shared = env::var_os("ROLECALL_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let path = shared.join("reference/email/corpus-shared.jsonl");
    if !path.exists() {
        eprintln!(
            "skipped: no collected corpus at {} (set ROLECALL_SHARED to the folder that has it)",
            path.display()
        );
        return Vec::new();
    }
    read(&path)
}

/// Runs `check` over all rows and fails with every complaint.
fn over_all(mut check: impl FnMut(&Row) -> Result<(), String>) {
    let mut complaints = Vec::new();
    let mut rows = 0;
    for row in own().iter().chain(&collected()) {
        rows += 1;
        if let Err(complaint) = check(row) {
            complaints.push(format!("{} {:?}: {complaint}", row.source, row.address));
        }
    }
    assert!(
        complaints.is_empty(),
        "{} of {rows} rows:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

#[test]
fn verdict_kind_and_position_under_invitable() {
    over_all(|row| {
        let Some(invitable) = row.invitable else {
            return Ok(());
        };
        // Only these can be told apart without a mapping; the rest is seen before it is needed.
        let unmapped = row.needs.is_some()
            && !cfg!(feature = "idna")
            && row.error.as_deref() != Some("WhitespaceInside");
        match row.address.parse::<Email>() {
            Err(error) if unmapped => {
                if error.kind != EmailErrorKind::DomainNeedsIdna {
                    return Err(format!("without a mapping: {error:?}"));
                }
            }
            Ok(email) => {
                let expected = row.normalized.as_deref().unwrap_or(&row.address);
                if !invitable || email.as_str() != expected {
                    return Err(format!("accepted as {email}, expected {:?}", row.error));
                }
            }
            Err(error) => {
                let found = (false, Some(error.kind.name()), Some(error.at));
                if found != (invitable, row.error.as_deref(), row.at) {
                    return Err(format!("{found:?}, expected {:?} {:?}", row.error, row.at));
                }
            }
        }
        Ok(())
    });
}

/// Whether a policy accepts the text.
fn accepts(policy: Policy, text: &str) -> bool {
    let rules = Rules {
        policy,
        ..Rules::default()
    };
    rules.check(text, &NoMapping).is_ok()
}

/// Complains about a verdict that is there and differs.
fn same(column: &str, found: bool, expected: Option<bool>) -> Result<(), String> {
    match expected {
        Some(expected) if expected != found => Err(format!("{column}: {found}")),
        _ => Ok(()),
    }
}

#[test]
fn verdicts_of_the_html_standard_and_of_rfc_5321() {
    over_all(|row| {
        let text = &row.address;
        let html = |text: &str| accepts(Policy::Html, text);
        same("html", html(text), row.html)?;
        let value = html_input_value(text);
        same(
            "html_input",
            value.is_empty() || html(&value),
            row.html_input,
        )?;
        let all = html_input_values(text).all(html);
        same("html_multiple", all, row.html_multiple)?;
        same("rfc5321", accepts(Policy::Rfc5321, text), row.rfc5321)
    });
}

#[test]
fn notices() {
    over_all(|row| {
        let Ok(checked) = Rules::default().check(&row.address, &CompiledIn) else {
            return Ok(());
        };
        let reserved = checked.notices.contains(&Notice::ReservedDomain);
        if row.invitable == Some(true)
            && reserved != (row.notice.as_deref() == Some("reserved-domain"))
        {
            return Err(format!("{:?}", checked.notices));
        }
        let parsed: Email = row.address.parse().map_err(|error| format!("{error:?}"))?;
        if parsed.as_str() != checked.as_str() {
            return Err(format!("{parsed} and {}", checked.as_str()));
        }
        Ok(())
    });
}

#[test]
fn proposes_what_was_meant_and_nothing_wrong() {
    over_all(|row| {
        let found = suggest(&row.address);
        match &row.suggestion {
            Some(expected) if *expected != found => {
                Err(format!("{found:?}, expected {expected:?}"))
            }
            _ => Ok(()),
        }
    });
}

#[test]
fn lists_give_their_entries() {
    over_all(|row| {
        let Some(expected) = &row.entries else {
            return Ok(());
        };
        let list = recipients::read(&row.address, &recipients::Options::default(), &CompiledIn);
        let found: Vec<_> = list
            .entries
            .iter()
            .map(|entry| match &entry.recipient {
                Ok(recipient) => ListEntry {
                    email: match &recipient.who {
                        Who::Email(email) => Some(email.to_string()),
                        Who::User { .. } => None,
                    },
                    name: recipient.name.clone(),
                    text: None,
                    error: None,
                },
                Err(error) => ListEntry {
                    email: None,
                    name: None,
                    text: Some(row.address[entry.address.clone()].to_owned()),
                    error: match error {
                        InvalidEntry::Email(error) => Some(error.kind.name().to_owned()),
                        _ => None,
                    },
                },
            })
            .collect();
        if found == *expected {
            Ok(())
        } else {
            Err(format!("{found:?}"))
        }
    });
}

#[test]
fn what_is_proposed_is_an_address() {
    over_all(|row| match suggest(&row.address) {
        Some(proposed) => match proposed.parse::<Email>() {
            Ok(email) if email.as_str() == proposed && proposed != row.address => Ok(()),
            other => Err(format!("{proposed}: {other:?}")),
        },
        None => Ok(()),
    });
}

#[test]
fn every_kind_of_row_is_there() {
    let rows = own();
    for kind in ["single", "display", "list", "suggest"] {
        assert!(rows.iter().any(|row| row.kind == kind), "{kind}");
    }
}

/// Texts with one character to exchange: every place of them is tried with all of ASCII. A browser
/// test compares the verdicts with those of `<input type=email>`.
const TEMPLATES: [&str; 3] = ["a.b@c-d.e1", "-@1.a", "a@b"];

#[test]
fn the_grid_for_browsers_holds_the_verdicts_of_the_html_policy() {
    let mut grid = String::new();
    for template in TEMPLATES {
        for place in 0..template.len() {
            let verdicts: String = (0..128_u8)
                .map(|octet| {
                    let mut text = template.to_owned();
                    text.replace_range(place..=place, &char::from(octet).to_string());
                    let value = html_input_value(&text);
                    let valid = value.is_empty() || accepts(Policy::Html, &value);
                    if valid { '1' } else { '0' }
                })
                .collect();
            grid.push_str(&format!("{template}\t{place}\t{verdicts}\n"));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/email/html-grid.txt");
    if env::var_os("ROLECALL_WRITE_FIXTURES").is_some() {
        fs::write(&path, &grid).expect("the fixture can be written");
    }
    let written = fs::read_to_string(&path).expect("the fixture is there");
    assert_eq!(
        written, grid,
        "write it anew with ROLECALL_WRITE_FIXTURES=1"
    );
}
