//! What the command line says of real services.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

use super::environment::AstraEnvironment;

/// What opens real services, and where it is found.
#[derive(Clone, Debug, Default, Args)]
pub struct SourceArgs {
    /// Open real services; without it the sandbox is all there is
    #[arg(long)]
    pub live: bool,
    /// Astro token, or @FILE that holds one
    #[arg(long, value_name = "TOKEN")]
    pub astro_token: Option<SecretArg>,
    /// Address of Astro's API, with the version at its end
    #[arg(long, value_name = "URL")]
    pub astro_url: Option<BaseArg>,
    /// Astra token, or @FILE that holds one
    #[arg(long, value_name = "TOKEN")]
    pub astra_token: Option<SecretArg>,
    /// Where the Astra token is valid
    #[arg(long, value_enum, value_name = "ENV", default_value_t)]
    pub astra_env: AstraEnvironment,
    /// Address of Astra's API, with the version at its end
    #[arg(
        long,
        value_name = "URL",
        required_if_eq("astra_env", "local"),
        alias = "astra-local-endpoint"
    )]
    pub astra_url: Option<BaseArg>,
    /// The astra CLI's configuration file (also -cf)
    #[arg(long, value_name = "FILE")]
    pub astra_config_file: Option<PathBuf>,
    /// Profile in it to open at once
    #[arg(short = 'p', long, value_name = "NAME")]
    pub astra_profile: Option<String>,
}

/// A token on the command line. `Debug` prints nothing of it.
#[derive(Clone)]
pub struct SecretArg(String);

impl SecretArg {
    /// The token, or `@` and the file that holds it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretArg(…)")
    }
}

impl From<String> for SecretArg {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// The address of a service's API: `https://…`, or `http://…` on this machine. Whoever names one, a flag,
/// a file or a person, it comes in through here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseArg(String);

/// Why a text is no [`BaseArg`]; nothing of the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write it as https://host/path; http:// only for this machine, so that no token goes out in the clear"
)]
pub struct InvalidBase;

impl std::str::FromStr for BaseArg {
    type Err = InvalidBase;

    fn from_str(text: &str) -> Result<Self, InvalidBase> {
        let text = text.trim().trim_end_matches('/');
        let uri: http::Uri = text.parse().map_err(|_| InvalidBase)?;
        let authority = uri.authority().ok_or(InvalidBase)?;
        let host = authority.host();
        let has_port = authority.port_u16().is_some();
        let plain = authority.as_str() == host || (has_port && !authority.as_str().contains('@'));
        // What stands behind a `#` is never sent, so no path can follow it.
        let more = uri.query().is_some() || text.contains('#');
        if !may_carry_tokens(&uri) || host.is_empty() || !plain || more {
            return Err(InvalidBase);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether a host is this machine, so that what goes there does not leave it.
pub(crate) fn is_near(host: &str) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether a token that is sent to an address stays between this machine and that one.
pub(crate) fn may_carry_tokens(uri: &http::Uri) -> bool {
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => uri.host().is_some_and(is_near),
        _ => false,
    }
}

impl BaseArg {
    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_goes_out_in_the_clear() {
        for text in [
            "http://api.example/v1",
            "ftp://a/v1",
            "api.example",
            "https://me@a/v1",
            "https://me:1@a:1/v1",
            "https://a/v1?x",
            "https://a/v1#x",
            "https://a:99999/v1",
            "https://a:/v1",
            "https:///v1",
            "localhost:8888",
            "http://localhost.example/v1",
            "http://127.0.0.1.example/v1",
            "http://localhost@a/v1",
            "",
        ] {
            assert!(text.parse::<BaseArg>().is_err(), "{text}");
        }
        for (text, base) in [
            ("https://a.example/v1/", "https://a.example/v1"),
            ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
            ("http://localhost/v1", "http://localhost/v1"),
            ("http://LOCALHOST:1/v1", "http://LOCALHOST:1/v1"),
            ("http://[::1]:1/v1", "http://[::1]:1/v1"),
            ("HTTPS://a.example", "HTTPS://a.example"),
        ] {
            assert_eq!(text.parse::<BaseArg>().unwrap().as_str(), base);
        }
    }
}
