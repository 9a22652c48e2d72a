//! What the program says of itself: on standard error, and into a file on request.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{ColorArg, LogArgs};

/// Why the log file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the log file {} cannot be written: {source}", path.display())]
pub struct LogFileError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// Starts logging for the whole process.
///
/// # Errors
/// If a log file was asked for and cannot be written.
pub fn start(args: &LogArgs) -> Result<(), LogFileError> {
    let color = match args.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => {
            io::stderr().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
        }
    };
    let shown = layer(args.log_json, color, io::stderr).with_filter(levels(args));
    let mut layers = vec![shown.boxed()];
    if let Some(path) = &args.dump_logs {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| LogFileError {
            path: path.clone(),
            source,
        })?;
        let everything = own(LevelFilter::TRACE, LevelFilter::DEBUG);
        let dumped = layer(args.log_json, false, Mutex::new(file)).with_filter(everything);
        layers.push(dumped.boxed());
    }
    // A second start within one process keeps the first one's settings.
    let _ = Registry::default().with(layers).try_init();
    Ok(())
}

fn layer<W>(json: bool, color: bool, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'w> fmt::MakeWriter<'w> + Send + Sync + 'static,
{
    let layer = fmt::layer().with_writer(writer).with_ansi(color);
    match json {
        true => layer.json().flatten_event(true).boxed(),
        false => layer.boxed(),
    }
}

fn levels(args: &LogArgs) -> Targets {
    match (args.quiet, args.verbose) {
        (true, _) => own(LevelFilter::ERROR, LevelFilter::ERROR),
        (_, 0) => own(LevelFilter::INFO, LevelFilter::WARN),
        (_, 1) => own(LevelFilter::DEBUG, LevelFilter::INFO),
        _ => own(LevelFilter::TRACE, LevelFilter::DEBUG),
    }
}

/// Levels of our own code and of what it uses. Transport never says more than `INFO`: below that
/// it writes headers.
fn own(own: LevelFilter, others: LevelFilter) -> Targets {
    let transport = others.min(LevelFilter::INFO);
    Targets::new()
        .with_default(others)
        .with_target("rolecall", own)
        .with_target("h2", transport)
        .with_target("hyper", transport)
        .with_target("reqwest", transport)
        .with_target("rustls", transport)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn quiet_is_quiet_and_transport_never_tells_headers() {
        let args = |quiet, verbose| LogArgs {
            verbose,
            quiet,
            color: ColorArg::Never,
            log_json: false,
            dump_logs: None,
            no_input: false,
        };
        let quiet = levels(&args(true, 0));
        for target in [
            "rolecall::start",
            "rustls_platform_verifier",
            "hyper_util",
            "tokio",
        ] {
            assert!(quiet.would_enable(target, &Level::ERROR), "{target}");
            assert!(!quiet.would_enable(target, &Level::WARN), "{target}");
        }
        let all = levels(&args(false, 9));
        assert!(all.would_enable("rolecall::gateway", &Level::TRACE));
        for target in [
            "hyper::proto::h1",
            "hyper_util::client",
            "h2::frame",
            "reqwest",
            "rustls",
        ] {
            assert!(!all.would_enable(target, &Level::DEBUG), "{target}");
        }
    }
}
