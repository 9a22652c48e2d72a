//! `cargo xtask dist`: the one binary with the console in it, tried alone in an empty folder.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::failure::Failure;
use crate::fingerprint::Fingerprint;
use crate::hermetic::{Scratch, hermetic};
use crate::programs::cargo;
use crate::project::Project;
use crate::step::quiet;
use crate::{console, setup};

pub(crate) fn run(project: &Project, _arguments: &[String]) -> Result<(), Failure> {
    setup::console(project)?;
    println!("build");
    console::build(project)?;
    let arguments = [
        "build",
        "--quiet",
        "--release",
        "--package",
        "rolecall",
        "--features",
        "embed",
    ];
    let mut build = cargo(project, &arguments)?;
    // A file more or less does not make cargo look again; this does.
    let console = Fingerprint::of(project.root(), &["dist"])?;
    build.env("ROLECALL_CONSOLE", console.text().trim());
    quiet("the binary, for release", &mut build)?;

    let name = format!("rolecall{}", std::env::consts::EXE_SUFFIX);
    let built = project.target().join("release").join(&name);
    let folder = project.target().join("dist");
    let binary = folder.join(&name);
    let copied = fs::create_dir_all(&folder).and_then(|()| fs::copy(&built, &binary));
    let bytes = copied.map_err(|error| {
        Failure::new(format!("{} cannot be written: {error}", binary.display()))
    })?;
    println!("try");
    try_alone(&binary)?;
    println!("\n{} ({:.1} MB)", binary.display(), bytes as f64 / 1e6);
    Ok(())
}

/// Starts the binary in an empty folder with an empty home, and asks for its page.
fn try_alone(binary: &Path) -> Result<(), Failure> {
    let home = Scratch::new("alone")?;
    let alone: PathBuf = home.path().join("rolecall");
    let io = |error: std::io::Error| Failure::new(format!("the binary alone: {error}"));
    fs::copy(binary, &alone).map_err(io)?;
    let mut command = Command::new(&alone);
    hermetic(&mut command, &home)
        .args([
            "start",
            "--listen",
            "127.0.0.1:0",
            "--json",
            "--seed-users",
            "50",
        ])
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(io)?;
    let mut line = String::new();
    let said = child
        .stdout
        .take()
        .map(|out| BufReader::new(out).read_line(&mut line));
    let page = said
        .transpose()
        .map_err(io)
        .and_then(|_| page(&line).map_err(io));
    // It may have ended already.
    let _ = child.kill();
    let _ = child.wait();
    let page = page?;
    let serves = page.starts_with("HTTP/1.1 200") && page.contains("<script");
    if !serves {
        return Err(Failure::new(format!(
            "the binary alone does not serve its page: {}",
            page.lines().next().unwrap_or("no answer")
        )));
    }
    println!("  ✓ alone in an empty folder, it serves its page");
    Ok(())
}

/// What is answered at the address of a link.
fn page(line: &str) -> std::io::Result<String> {
    let address = line
        .split_once("http://")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map(|(address, _)| address)
        .ok_or_else(|| std::io::Error::other("it printed no link"))?;
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
