//! `config.yaml`: the astro CLI's contexts. Read, never written.

use std::collections::BTreeMap;

use rolecall_core::endpoint::Token;
use serde::Deserialize;

use super::args::{BaseArg, InvalidBase};

/// The file, as far as it matters here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    context: Option<String>,
    contexts: Option<BTreeMap<String, Option<Entry>>>,
    local: Option<Local>,
    cloud: Option<Cloud>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    domain: Option<String>,
    token: Option<String>,
    user_email: Option<String>,
    expiresin: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Local {
    core: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cloud {
    api: Option<Api>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Api {
    protocol: Option<String>,
}

/// A login of the astro CLI.
#[derive(Debug)]
pub struct Login {
    /// Domain of its context, e.g. `astronomer.io`.
    pub domain: String,
    /// What opens it.
    pub token: Token,
    /// Address before an operation's path.
    pub base: String,
    /// Who logged in.
    pub user: Option<String>,
    /// When it expires: milliseconds since 1970-01-01 UTC, if the file says so.
    pub expires_ms: Option<u64>,
    /// Whether the CLI uses it now.
    pub current: bool,
}

/// A file, read.
#[derive(Debug, Default)]
pub struct Logins {
    /// Logins that can be used, the CLI's current one first.
    pub logins: Vec<Login>,
    /// What cannot be, as sentences.
    pub problems: Vec<String>,
}

/// Why the file cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("it is not the YAML that the astro CLI writes{place}")]
pub struct InvalidConfig {
    place: String,
}

impl Logins {
    /// Reads a file's text; `domain` is `ASTRO_DOMAIN`, which goes before the file's own context.
    ///
    /// # Errors
    /// If the text is not YAML of the CLI's shape.
    pub fn read(text: &str, domain: Option<&str>) -> Result<Self, InvalidConfig> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let config: Config = serde_saphyr::from_str(text).map_err(|error| InvalidConfig {
            // The reader's own words quote the file, which holds tokens.
            place: error
                .location()
                .map_or_else(String::new, |it| format!(" (line {})", it.line())),
        })?;
        let current = domain.map(str::to_owned).or(config.context);
        let protocol = config
            .cloud
            .and_then(|it| it.api)
            .and_then(|it| it.protocol);
        let protocol = protocol.as_deref().unwrap_or("https");
        let core = config.local.and_then(|it| it.core);
        let core = core.as_deref().map_or("http://localhost:8888", str::trim);
        let mut file = Self::default();
        for (key, entry) in config.contexts.unwrap_or_default() {
            let entry = entry.unwrap_or_default();
            let domain = entry.domain.unwrap_or_else(|| key.replace('_', "."));
            let token = Token::new(entry.token.as_deref().unwrap_or_default());
            if token.expose().is_empty() {
                continue;
            }
            let Some(base) = base_of(&domain, protocol, core) else {
                file.problems.push(format!(
                    "the context {domain} is of the vendor's self-hosted product, which has another API"
                ));
                continue;
            };
            let Ok(base) = base.parse::<BaseArg>() else {
                file.problems.push(match domain == "localhost" {
                    true => format!(
                        "the context {domain} is left out: local.core is no address for a token; {InvalidBase}"
                    ),
                    false => format!(
                        "the context {domain} is left out: cloud.api.protocol must be https, so that no token goes out in the clear"
                    ),
                });
                continue;
            };
            file.logins.push(Login {
                current: current.as_deref() == Some(domain.as_str()),
                base: base.as_str().to_owned(),
                token,
                user: entry.user_email.filter(|it| !it.is_empty()),
                expires_ms: entry.expiresin.as_deref().and_then(moment),
                domain,
            });
        }
        file.logins.sort_by_key(|login| !login.current);
        Ok(file)
    }
}

/// The address of the API for a context's domain, as the astro CLI computes it.
fn base_of(domain: &str, protocol: &str, core: &str) -> Option<String> {
    if domain == "localhost" {
        return Some(format!("{}/v1", core.trim_end_matches('/')));
    }
    let domain = domain.strip_prefix("cloud.").unwrap_or(domain);
    const OWN: [&str; 4] = [
        "astronomer.io",
        "astronomer-dev.io",
        "astronomer-stage.io",
        "astronomer-perf.io",
    ];
    if OWN.contains(&domain) {
        return Some(format!("{protocol}://api.{domain}/v1"));
    }
    let (preview, rest) = domain.split_once('.')?;
    let number = preview.strip_prefix("pr")?;
    let is_preview = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (is_preview && OWN.contains(&rest)).then(|| format!("{protocol}://{preview}.api.{rest}/v1"))
}

fn moment(text: &str) -> Option<u64> {
    let time: jiff::Timestamp = text.trim().parse().ok()?;
    u64::try_from(time.as_millisecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "
cloud:
  api:
    protocol: https
context: astronomer.io
contexts:
  astronomer_io:
    domain: astronomer.io
    expiresin: 2026-11-22T07:02:40.5Z
    last_used_workspace: clm1
    organization: clm8
    token: Bearer made-up-token
    refreshtoken: made-up-refresh
    user_email: pat@example.com
  localhost:
    domain: localhost
    token: Bearer local-token
  pr12_astronomer-dev_io:
    token: bare-token
  houston_example_com:
    domain: houston.example.com
    token: other
  empty_io:
    domain: astronomer-stage.io
    token: ''
  nothing_io:
";

    #[test]
    fn reads_the_logins_with_the_current_one_first() {
        let file = Logins::read(FILE, None).unwrap();
        let seen: Vec<_> = file
            .logins
            .iter()
            .map(|it| (it.base.as_str(), it.token.expose(), it.current))
            .collect();
        assert_eq!(
            seen,
            [
                ("https://api.astronomer.io/v1", "made-up-token", true),
                ("http://localhost:8888/v1", "local-token", false),
                ("https://pr12.api.astronomer-dev.io/v1", "bare-token", false),
            ]
        );
        assert_eq!(file.logins[0].user.as_deref(), Some("pat@example.com"));
        assert_eq!(file.logins[0].expires_ms, Some(1_795_330_960_500));
        assert_eq!(file.problems.len(), 1);
        assert!(file.problems[0].contains("houston.example.com"));
    }

    #[test]
    fn an_address_that_no_token_may_go_to_is_named_and_not_offered() {
        for core in [
            "http://astro.example",
            "localhost:8888",
            "''",
            "https://made-up-user@astro.example",
            "https://astro.example?made-up",
        ] {
            let file = Logins::read(&format!("{FILE}local:\n  core: {core}\n"), None).unwrap();
            let domains: Vec<&str> = file.logins.iter().map(|it| it.domain.as_str()).collect();
            let others = ["astronomer.io", "pr12.astronomer-dev.io"];
            assert_eq!(domains, others, "{core}");
            assert_eq!(file.problems.len(), 2);
            let problem = &file.problems[1];
            assert!(
                problem.contains("local.core") && problem.contains("write it as https://"),
                "{problem}"
            );
            assert!(!problem.contains("made-up"), "{problem}");
        }
        for protocol in ["http", "''", "made-up-token"] {
            let text = FILE.replace("protocol: https", &format!("protocol: {protocol}"));
            let file = Logins::read(&text, None).unwrap();
            let domains: Vec<&str> = file.logins.iter().map(|it| it.domain.as_str()).collect();
            assert_eq!(domains, ["localhost"], "{protocol}");
            let all = file.problems.join("\n");
            assert_eq!(all.matches("cloud.api.protocol must be https").count(), 2);
            assert!(!all.contains("made-up"), "{all}");
        }
    }

    #[test]
    fn a_variable_chooses_another_context() {
        let file = Logins::read(FILE, Some("localhost")).unwrap();
        assert_eq!(file.logins[0].domain, "localhost");
        assert!(file.logins[0].current);
    }

    #[test]
    fn a_file_that_is_no_yaml_is_said_so_without_quoting_it() {
        for text in [
            "contexts: [made-up-token",
            "contexts: made-up-token",
            "- a\n- b\n",
        ] {
            let error = Logins::read(text, None).unwrap_err().to_string();
            assert!(error.contains("not the YAML"), "{error}");
            assert!(!error.contains("made-up"), "{error}");
        }
        assert!(Logins::read("", None).unwrap().logins.is_empty());
        assert!(
            Logins::read("project: {}\n", None)
                .unwrap()
                .logins
                .is_empty()
        );
    }
}
