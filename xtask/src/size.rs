//! `cargo xtask size`: what goes over the wire, and the bars it must keep.

use std::collections::BTreeMap;
use std::path::Path;

use crate::failure::Failure;
use crate::programs::program;
use crate::project::Project;
use crate::step::quiet;
use crate::{console, lean, pack, setup};

/// Bytes of what the page fetches by itself, brotli: a ceiling against growth, below the bar of 150 KB over the
/// wire.
const FIRST_LOAD: u64 = 147_000;

/// Bytes of the console with all that is fetched when somebody turns to it, brotli.
const CONSOLE: u64 = 411 * 1000;

/// Bytes of `rolecall/email`, module and glue, gzip: a ceiling against growth; 8 KiB is the aim.
const EMAIL: u64 = 11_250;

/// Bytes of the main entry, brotli: a ceiling against growth; 60 KiB is the aim. What it has above that
/// is mostly the reader of lists, the answers of nineteen operations, and the planner.
const MAIN: u64 = 77_000;

/// Prints path, raw, gzip and brotli bytes of each file below a folder; Node has both compressors.
const MEASURE: &str = include_str!("size.mjs");

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bytes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    setup::console(project)?;
    println!("build");
    console::build(project)?;
    println!("size");
    show(project)
}

/// Prints the sizes of what is built, and judges them.
pub(crate) fn show(project: &Project) -> Result<(), Failure> {
    let console = measure(project, &project.dist())?;
    if console.is_empty() {
        return Err(Failure::new("the console was not built, so it has no size"));
    }
    let page = project.dist().join("index.html");
    let page = std::fs::read_to_string(&page)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", page.display())))?;
    let (first, later) = console
        .into_iter()
        .partition(|(path, _)| is_first(path, &page));
    let first = print("console, first load", &first);
    let later = print("console, when needed", &later);
    // all are shown, whichever is too large
    let load = judged("the first load", first.brotli, FIRST_LOAD);
    let whole = judged("the console", first.brotli + later.brotli, CONSOLE);
    package(project).and(load).and(whole)
}

/// Whether the page itself has a file fetched; the others are when somebody turns to them.
fn is_first(path: &str, page: &str) -> bool {
    let is_asked_for = |at: usize| {
        let tag = page[..at].rfind('<').map_or("", |start| &page[start..at]);
        !tag.contains(" disabled")
    };
    path == "index.html" || page.find(path).is_some_and(is_asked_for)
}

/// What an application gets of each entry of the npm package, beside its peers.
fn package(project: &Project) -> Result<(), Failure> {
    pack::build(project)?;
    let folder = project.target().join("npm");
    let bundles = folder.join("sizes");
    let mut node = program(project, "node")?;
    node.arg(project.root().join("npm").join("build").join("sizes.mjs"))
        .arg(folder.join("package"))
        .arg(&bundles);
    quiet("bundles of the npm package and of its peers", &mut node)?;
    let sizes = measure(project, &bundles)?;
    rows("npm package, by entry, and peers", &sizes);
    let of = |name: &str| {
        let found = sizes.get(name).copied();
        found.ok_or_else(|| Failure::new(format!("there is no {name} among the bundles")))
    };
    judged("rolecall/email, gzip", of("rolecall-email.js")?.gzip, EMAIL)?;
    judged("rolecall, brotli", of("rolecall.js")?.brotli, MAIN)
}

fn measure(project: &Project, folder: &Path) -> Result<BTreeMap<String, Bytes>, Failure> {
    let mut node = program(project, "node")?;
    let output = node
        .args(["--input-type=module", "--eval", MEASURE, "--"])
        .arg(folder)
        .output();
    let output =
        output.map_err(|error| Failure::new(format!("node cannot be started: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "sizes cannot be taken: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )));
    }
    read(&String::from_utf8_lossy(&output.stdout))
        .ok_or_else(|| Failure::new("sizes were printed in an unknown form"))
}

fn read(table: &str) -> Option<BTreeMap<String, Bytes>> {
    table
        .lines()
        .map(|line| {
            let mut cells = line.split('\t');
            let path = cells.next()?.to_owned();
            let mut number = || cells.next()?.parse().ok();
            Some((
                path,
                Bytes {
                    raw: number()?,
                    gzip: number()?,
                    brotli: number()?,
                },
            ))
        })
        .collect()
}

fn print(title: &str, files: &BTreeMap<String, Bytes>) -> Bytes {
    let (sum, width) = rows(title, files);
    row("sum", sum, width);
    sum
}

/// Prints each file; gives the sum, and how wide the names are.
fn rows(title: &str, files: &BTreeMap<String, Bytes>) -> (Bytes, usize) {
    let width = files
        .keys()
        .map(String::len)
        .max()
        .unwrap_or(0)
        .max(title.len());
    println!(
        "  {title:width$}  {:>9}  {:>9}  {:>9}",
        "raw", "gzip", "brotli"
    );
    let mut sum = Bytes::default();
    for (path, bytes) in files {
        row(path, *bytes, width);
        sum = Bytes {
            raw: sum.raw + bytes.raw,
            gzip: sum.gzip + bytes.gzip,
            brotli: sum.brotli + bytes.brotli,
        };
    }
    (sum, width)
}

fn row(name: &str, bytes: Bytes, width: usize) {
    println!(
        "  {name:width$}  {:>9}  {:>9}  {:>9}",
        bytes.raw, bytes.gzip, bytes.brotli
    );
}

/// Judges what is as small as it can be; a tool chain that cannot compile the standard library along builds more.
fn judged(what: &str, bytes: u64, bar: u64) -> Result<(), Failure> {
    if lean::is_possible() {
        return judge(what, bytes, bar);
    }
    println!("  {what}: {bytes} bytes; not judged, as this tool chain brings its library as it is");
    Ok(())
}

fn judge(what: &str, bytes: u64, bar: u64) -> Result<(), Failure> {
    if bytes > bar {
        return Err(Failure::new(format!(
            "{what} is {bytes} bytes over the wire; the bar is {bar}"
        )));
    }
    println!("  {what}: {bytes} of {bar} bytes");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Bytes, is_first, judge, measure, read};
    use crate::hermetic::Scratch;
    use crate::project::Project;

    #[test]
    fn a_table_is_read_and_a_torn_one_is_not() {
        let table = read("a.js\t100\t50\t40\nb/c.wasm\t7\t8\t9\n").unwrap();
        assert_eq!(
            table["b/c.wasm"],
            Bytes {
                raw: 7,
                gzip: 8,
                brotli: 9
            }
        );
        assert_eq!(read("a.js\t100\n"), None);
    }

    #[test]
    fn files_are_measured_below_folders() {
        let scratch = Scratch::new("size").unwrap();
        fs::create_dir(scratch.path().join("below")).unwrap();
        fs::write(scratch.path().join("below").join("zeros"), [0; 10_000]).unwrap();
        let sizes = measure(&Project::at(scratch.path()), scratch.path()).unwrap();
        let zeros = sizes["below/zeros"];
        assert_eq!(zeros.raw, 10_000);
        assert!(
            (1..100).contains(&zeros.gzip) && (1..100).contains(&zeros.brotli),
            "{zeros:?}"
        );
    }

    #[test]
    fn what_is_compressed_already_is_not_counted_again() {
        let scratch = Scratch::new("size").unwrap();
        for name in ["a.wasm", "a.wasm.br", "b.br"] {
            fs::write(scratch.path().join(name), "text").unwrap();
        }
        let sizes = measure(&Project::at(scratch.path()), scratch.path()).unwrap();
        assert_eq!(sizes.keys().collect::<Vec<_>>(), ["a.wasm", "b.br"]);
    }

    #[test]
    fn the_first_load_is_what_the_page_names() {
        let page = "<script type=module>import init from '/rolecall-web-0f.js';</script>";
        assert!(is_first("index.html", page) && is_first("rolecall-web-0f.js", page));
        assert!(!is_first("split_changes-1a.wasm", page));
        let page = "<link rel=stylesheet href='/style-0f.css'><link id=later disabled href='/later-1a.css'>";
        assert!(is_first("style-0f.css", page) && !is_first("later-1a.css", page));
    }

    #[test]
    fn more_than_the_bar_is_a_failure() {
        assert!(judge("it", 10, 10).is_ok());
        assert!(judge("it", 11, 10).is_err());
    }
}
