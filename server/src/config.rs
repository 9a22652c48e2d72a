//! The command line, read once.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rolecall_sandbox::Faults;

use crate::connections::args::SourceArgs;
use crate::guard::PublicUrl;

/// Administers the users of Astro and Astra organizations.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, disable_version_flag = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How much to say.
    #[command(flatten)]
    pub logs: LogArgs,
    /// Print the version.
    #[arg(long, action = clap::ArgAction::Version)]
    pub version: (),
}

impl Cli {
    /// Reads the words of a command line; `-cf` is the astra CLI's short form of its config file.
    ///
    /// # Errors
    /// If they are not understood; the error knows how to print itself and its exit code.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Self, clap::Error> {
        const LONG: &str = "--astra-config-file";
        let words = words.into_iter().map(|word| match word.as_str() {
            "-cf" => LONG.to_owned(),
            _ => match word.strip_prefix("-cf=") {
                Some(path) => format!("{LONG}={path}"),
                None => word,
            },
        });
        Self::try_parse_from(words)
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the console, on the built-in sandbox unless told otherwise
    Start(StartArgs),
    /// Serve the sandbox of both services alone, for other programs
    Sandbox(SandboxArgs),
    /// Print another link to the console that runs
    Link(LinkArgs),
    /// Say which connections are found where, and whether each answers
    Doctor(DoctorArgs),
}

/// Where to listen and what to print.
#[derive(Debug, Args)]
pub struct ListenArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)), value_parser = listen_address)]
    pub listen: SocketAddr,
    /// Allow an address that other machines reach
    #[arg(long)]
    pub allow_remote: bool,
    /// Print one line of JSON once it listens
    #[arg(long)]
    pub json: bool,
    /// Folder of the journal and the sandbox
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// Reads an address and a port; `localhost` is this machine alone, whatever its files say of that name.
fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let address = match text.strip_prefix("localhost:") {
        Some(port) => format!("{}:{port}", Ipv4Addr::LOCALHOST),
        None => text.to_owned(),
    };
    address.parse().map_err(|_| {
        let port = text.parse::<u16>().unwrap_or(8787);
        format!(
            "write an address and a port, as {}:{port}",
            Ipv4Addr::LOCALHOST
        )
    })
}

/// What the sandbox holds.
#[derive(Debug, Args)]
pub struct SeedArgs {
    /// Users of the sandbox's large organization
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub seed_users: u32,
    /// Small Astro organizations in the sandbox beside its own three
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub seed_organizations: Option<u32>,
    /// Whether the sandbox has the limits of the real services
    #[arg(long, value_enum, default_value_t = RateArg::Off)]
    pub rate: RateArg,
    /// How often the sandbox fails, and how: `20%`, or `drop-after=5%,429=10%,latency=200ms`
    #[arg(long, value_name = "SPEC", default_value_t)]
    pub faults: Faults,
}

/// Limits of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RateArg {
    /// As many calls a second as the services document
    Real,
    /// As many as come
    Off,
}

/// `rolecall start`
#[derive(Debug, Args)]
pub struct StartArgs {
    /// Where to listen.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// What the sandbox holds.
    #[command(flatten)]
    pub seed: SeedArgs,
    /// Folder of the built console
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,
    /// Address under which a proxy or tunnel shows the console: https://host
    #[arg(long, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Which services, with which tokens.
    #[command(flatten)]
    pub sources: SourceArgs,
    /// Longest time for one request to a service, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub request_timeout: u32,
}

/// `rolecall link`
#[derive(Debug, Args)]
pub struct LinkArgs {
    /// Folder of the journal of the server that runs
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// `rolecall doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Folder of the journal and the sandbox
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Which services, with which tokens.
    #[command(flatten)]
    pub sources: SourceArgs,
    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// `rolecall sandbox`
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Where to listen.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// What the sandbox holds.
    #[command(flatten)]
    pub seed: SeedArgs,
}

/// How much to say, and where; the switches of the astra CLI.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Say more on standard error; twice for all there is
    #[arg(short = 'V', long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Colors on standard error
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    pub color: ColorArg,
    /// Write logs as lines of JSON
    #[arg(long, global = true)]
    pub log_json: bool,
    /// Also write everything into a file
    #[arg(long, global = true, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "rolecall.log")]
    pub dump_logs: Option<PathBuf>,
    /// Never ask; accepted for scripts, since nothing here asks
    #[arg(long, global = true)]
    pub no_input: bool,
}

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::read(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn listens_on_loopback_and_on_the_sandbox_by_default() {
        let Command::Start(start) = read("rolecall start").unwrap().command else {
            panic!("another command");
        };
        assert_eq!(start.listen.listen.to_string(), "127.0.0.1:8787");
        assert_eq!(start.seed.seed_users, 10_000);
        assert!(!start.listen.allow_remote);
    }

    #[test]
    fn an_address_to_listen_on_has_a_port() {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        assert_eq!(listen_address("localhost:7799"), Ok(loopback(7799)));
        assert_eq!(listen_address("127.0.0.1:0"), Ok(loopback(0)));
        assert!(listen_address("[::1]:80").is_ok());
        for (text, example) in [
            ("7750", "127.0.0.1:7750"),
            ("host:1", "127.0.0.1:8787"),
            ("", "127.0.0.1:8787"),
        ] {
            assert!(
                listen_address(text).unwrap_err().ends_with(example),
                "{text}"
            );
        }
    }

    #[test]
    fn usage_errors_exit_with_2() {
        for line in [
            "rolecall",
            "rolecall begin",
            "rolecall start --listen 8787",
            "rolecall start --rate slow",
            "rolecall start --seed-users 0",
            "rolecall start --public-url roles.example",
            "rolecall start -q -V",
            "rolecall start --role",
        ] {
            assert_eq!(read(line).unwrap_err().exit_code(), 2, "{line}");
        }
        assert_eq!(read("rolecall --version").unwrap_err().exit_code(), 0);
    }
}
