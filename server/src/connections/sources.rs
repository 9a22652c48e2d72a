//! Where tokens are found: flags, variables, and the files of both vendors' CLIs.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use rolecall_core::astro;
use rolecall_core::endpoint::Token;
use rolecall_core::service::Service;

use super::astrarc::{self, Astrarc};
use super::astro_config::Logins;
use super::environment::{AstraEnvironment, Surroundings};

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

/// The address of a service's API: `https://…`, or `http://…` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseArg(String);

/// Why a text is no [`BaseArg`].
#[derive(Debug, thiserror::Error)]
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
        let near = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let sound = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => near,
            _ => false,
        };
        if !sound || host.is_empty() || authority.as_str().contains('@') || uri.query().is_some() {
            return Err(InvalidBase);
        }
        Ok(Self(text.to_owned()))
    }
}

impl BaseArg {
    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A token with all that a connection needs.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Short name in addresses.
    pub id: String,
    /// Which service.
    pub service: Service,
    /// Name for people.
    pub name: String,
    /// Address before an operation's path.
    pub base: String,
    /// Where it was found, for people.
    pub source: String,
    /// What opens it.
    pub token: Token,
    /// Whether it was named for this server, so that no click is needed to open it.
    pub named: bool,
    /// Where a newer token is to be found when this one is not valid any more.
    pub renewal: Option<Renewal>,
}

/// The login of another program: when it expires, the user logs in there, and the token is read
/// again from its file.
#[derive(Clone, Debug)]
pub struct Renewal {
    file: PathBuf,
    domain: String,
}

impl Renewal {
    /// What somebody does to get a newer one.
    pub fn advice(&self) -> &'static str {
        "run `astro login`"
    }

    /// The token that is in the file now.
    pub fn read(&self) -> Option<Token> {
        let text = fs::read_to_string(&self.file).ok()?;
        let file = Logins::read(&text, None).ok()?;
        let login = file
            .logins
            .into_iter()
            .find(|it| it.domain == self.domain)?;
        Some(login.token)
    }
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Tokens that can be used, the named ones first.
    pub offers: Vec<Offer>,
    /// What is wrong with files and variables, as sentences that say what to do.
    pub problems: Vec<String>,
}

/// Why a start is not possible as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file of `@FILE`.
    #[error("{flag}: the file {file} cannot be read: {source}")]
    TokenFile {
        /// The flag.
        flag: &'static str,
        /// The file.
        file: String,
        /// The system's words.
        #[source]
        source: std::io::Error,
    },
    /// A token that is none.
    #[error("{flag} is no Astra token: {why}")]
    Token {
        /// The flag or variable.
        flag: &'static str,
        /// What is wrong with it; nothing of the token itself.
        why: &'static str,
    },
    /// `--astra-env local` without an address.
    #[error("--astra-env local needs the address in --astra-url")]
    NoAddress,
    /// `-p` without such a profile.
    #[error("there is no usable profile `{profile}` in {file}{others}")]
    NoProfile {
        /// The profile.
        profile: String,
        /// The file.
        file: String,
        /// `; it has a, b`, or nothing.
        others: String,
    },
}

const ASTRO_FLAG: &str = "--astro-token";
const ASTRA_FLAG: &str = "--astra-token";
const ASTRO_VARIABLE: &str = "ASTRO_API_TOKEN";
const ASTRA_VARIABLE: &str = "ASTRA_DB_APPLICATION_TOKEN";

/// Looks in all places. Reads files, calls nobody.
///
/// # Errors
/// If something that a flag names cannot be had.
pub fn find(args: &SourceArgs, around: &Surroundings, now_ms: u64) -> Result<Found, SourceError> {
    let mut found = Found::default();
    let astro_base = match &args.astro_url {
        Some(base) => base.as_str(),
        None => astro::BASE,
    };
    let astra_base = match (&args.astra_url, args.astra_env.base()) {
        (Some(base), _) => base.as_str(),
        (None, Some(base)) => base,
        (None, None) => return Err(SourceError::NoAddress),
    };
    let plain = |service: Service, place: &str, id: &str, base: &str, token| Offer {
        id: format!("{}-{id}", word(service)),
        service,
        name: format!("{} ({place})", service.name()),
        base: base.to_owned(),
        source: place.to_owned(),
        token,
        named: true,
        renewal: None,
    };
    if let Some(secret) = &args.astro_token {
        let token = Token::new(&read_secret(ASTRO_FLAG, secret)?);
        found
            .offers
            .push(plain(Service::Astro, ASTRO_FLAG, "flag", astro_base, token));
    }
    if let Some(secret) = &args.astra_token {
        let flag = ASTRA_FLAG;
        let token = astrarc::token_of(&read_secret(flag, secret)?);
        let token = token.map_err(|why| SourceError::Token { flag, why })?;
        found
            .offers
            .push(plain(Service::Astra, flag, "flag", astra_base, token));
    }
    if let Some(text) = around.variable(ASTRO_VARIABLE) {
        let token = Token::new(text);
        found.offers.push(plain(
            Service::Astro,
            ASTRO_VARIABLE,
            "variable",
            astro_base,
            token,
        ));
    }
    if let Some(text) = around.variable(ASTRA_VARIABLE) {
        match astrarc::token_of(text) {
            Ok(token) => {
                let offer = plain(
                    Service::Astra,
                    ASTRA_VARIABLE,
                    "variable",
                    astra_base,
                    token,
                );
                found.offers.push(offer);
            }
            Err(why) => found
                .problems
                .push(format!("{ASTRA_VARIABLE} is no Astra token: {why}")),
        }
    }
    logins(&mut found, around, now_ms);
    profiles(&mut found, args, around)?;
    found.tidy();
    Ok(found)
}

/// The astro CLI's logins.
fn logins(found: &mut Found, around: &Surroundings, now_ms: u64) {
    let home = around.variable("ASTRO_HOME").map(PathBuf::from);
    let Some(home) = home.or_else(|| around.home().cloned()) else {
        return;
    };
    let file = home.join(".astro").join("config.yaml");
    let Some(text) = found.read(&file) else {
        return;
    };
    let read = match Logins::read(&text, around.variable("ASTRO_DOMAIN")) {
        Ok(read) => read,
        Err(error) => {
            let problem = format!("{} is left out: {error}", file.display());
            found.problems.push(problem);
            return;
        }
    };
    for problem in read.problems {
        found
            .problems
            .push(format!("{}: {problem}", file.display()));
    }
    for login in read.logins {
        if login.expires_ms.is_some_and(|at| at < now_ms) {
            found.problems.push(format!(
                "the login to {} in {} has expired; run `astro login {}`",
                login.domain,
                file.display(),
                login.domain
            ));
        }
        let who = login
            .user
            .map(|user| format!(" as {user}"))
            .unwrap_or_default();
        found.offers.push(Offer {
            id: format!("astro-{}", slug(&login.domain)),
            service: Service::Astro,
            name: format!("{}{who}", login.domain),
            base: login.base,
            source: format!("{}, context {}", file.display(), login.domain),
            token: login.token,
            named: false,
            renewal: Some(Renewal {
                file: file.clone(),
                domain: login.domain,
            }),
        });
    }
}

/// The astra CLI's profiles.
fn profiles(
    found: &mut Found,
    args: &SourceArgs,
    around: &Surroundings,
) -> Result<(), SourceError> {
    let wanted = args.astra_profile.as_deref();
    let Some(file) = astrarc_file(args, around, &mut found.problems) else {
        return Ok(());
    };
    let chosen = wanted.or_else(|| around.variable("ASTRA_PROFILE"));
    let read = match found.read(&file) {
        Some(text) => Astrarc::read(&text),
        None => Astrarc::default(),
    };
    for problem in &read.problems {
        found
            .problems
            .push(format!("{}, {problem}", file.display()));
    }
    if let Some(profile) = wanted
        && !read.profiles.iter().any(|it| it.name == profile)
    {
        let names: Vec<&str> = read.profiles.iter().map(|it| it.name.as_str()).collect();
        return Err(SourceError::NoProfile {
            profile: profile.to_owned(),
            file: file.display().to_string(),
            others: match names.is_empty() {
                true => String::new(),
                false => format!("; it has {}", names.join(", ")),
            },
        });
    }
    // `default` is a copy of another profile, if not a profile of its own.
    let default = read.profiles.iter().find(|it| it.name == "default");
    let copied = default.and_then(|default| {
        let same = |it: &&astrarc::Profile| {
            it.name != "default" && it.token == default.token && it.base == default.base
        };
        read.profiles.iter().find(same).map(|it| it.name.clone())
    });
    let first = match chosen {
        Some("default") | None => copied.clone().or(Some("default".to_owned())),
        Some(name) => Some(name.to_owned()),
    };
    let mut offers = Vec::new();
    for profile in read.profiles {
        if profile.name == "default" && copied.is_some() {
            continue;
        }
        let offer = Offer {
            id: format!("astra-{}", slug(&profile.name)),
            service: Service::Astra,
            base: profile.base,
            source: format!("{}, profile {}", file.display(), profile.name),
            token: profile.token,
            named: wanted == Some(profile.name.as_str()),
            renewal: None,
            name: profile.name,
        };
        match first.as_deref() == Some(offer.name.as_str()) {
            true => offers.insert(0, offer),
            false => offers.push(offer),
        }
    }
    found.offers.append(&mut offers);
    Ok(())
}

/// The file that the astra CLI would read; whether it exists does not change the choice.
fn astrarc_file(
    args: &SourceArgs,
    around: &Surroundings,
    problems: &mut Vec<String>,
) -> Option<PathBuf> {
    if let Some(file) = &args.astra_config_file {
        if !file.exists() {
            let name = file.display();
            problems.push(format!(
                "there is no file {name}, which --astra-config-file names"
            ));
        }
        return Some(file.clone());
    }
    let named = around.variable("ASTRARC").map(PathBuf::from);
    let config = around.variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.map(|folder| folder.join("astra").join(".astrarc"));
    let home = around.home().map(|folder| folder.join(".astrarc"));
    let places: Vec<PathBuf> = [named, config, home].into_iter().flatten().collect();
    let several = places.iter().filter(|file| file.exists()).count() > 1;
    let silent = around
        .variable("ASTRA_IGNORE_MULTIPLE_PATHS")
        .is_some_and(|value| value != "false");
    if several && !silent {
        problems.push(format!(
            "there is more than one .astrarc; like the astra CLI, only {} is read",
            places[0].display()
        ));
    }
    places.into_iter().next()
}

impl Found {
    /// A file's text; nothing if there is no such file.
    fn read(&mut self, file: &Path) -> Option<String> {
        match fs::read(file) {
            Ok(bytes) => {
                self.warn_of_readers(file);
                let text = String::from_utf8(bytes);
                if text.is_err() {
                    let name = file.display();
                    self.problems
                        .push(format!("{name} is left out: it is not text"));
                }
                text.ok()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let name = file.display();
                self.problems
                    .push(format!("{name} cannot be read: {error}"));
                None
            }
        }
    }

    #[cfg(unix)]
    fn warn_of_readers(&mut self, file: &Path) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(file).map(|it| it.permissions().mode());
        if mode.is_ok_and(|mode| mode & 0o077 != 0) {
            let name = file.display();
            self.problems.push(format!(
                "{name} holds tokens and can be read by other users of this machine; run `chmod 600 {name}`"
            ));
        }
    }

    #[cfg(not(unix))]
    fn warn_of_readers(&mut self, _: &Path) {}

    /// Each token once, each id once.
    fn tidy(&mut self) {
        let mut kept: Vec<Offer> = Vec::with_capacity(self.offers.len());
        for mut offer in self.offers.drain(..) {
            let same = |it: &&mut Offer| {
                it.service == offer.service && it.base == offer.base && it.token == offer.token
            };
            if let Some(earlier) = kept.iter_mut().find(same) {
                earlier.named |= offer.named;
                continue;
            }
            let wanted = offer.id.clone();
            let mut n = 1;
            while kept.iter().any(|it| it.id == offer.id) {
                n += 1;
                offer.id = format!("{wanted}-{n}");
            }
            kept.push(offer);
        }
        self.offers = kept;
    }
}

/// The text of a token on the command line, or of the file that it names.
fn read_secret(flag: &'static str, secret: &SecretArg) -> Result<String, SourceError> {
    match secret.0.strip_prefix('@') {
        None => Ok(secret.0.clone()),
        Some(file) => fs::read_to_string(file).map_err(|source| SourceError::TokenFile {
            flag,
            file: file.to_owned(),
            source,
        }),
    }
}

/// A name in an address: small letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    match words.is_empty() {
        true => "unnamed".to_owned(),
        false => words.join("-").chars().take(60).collect(),
    }
}

fn word(service: Service) -> String {
    service.name().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: SourceArgs,
    }

    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn write(&self, name: &str, text: &str) -> &Self {
            let file = self.0.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
            #[cfg(unix)]
            fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .unwrap();
            self
        }

        fn find(&self, line: &str, variables: &[(&str, &str)]) -> Result<Found, SourceError> {
            let home = self.0.path().to_str().unwrap();
            let line = line.replace("HOME", home);
            let words = ["rolecall"].into_iter().chain(line.split_whitespace());
            let args = Line::try_parse_from(words).unwrap().args;
            let variables = variables.iter().copied().chain([("HOME", home)]);
            let own = |(name, value): (&str, &str)| (name.to_owned(), value.replace("HOME", home));
            find(
                &args,
                &Surroundings::new(variables.map(own)),
                1_800_000_000_000,
            )
        }
    }

    fn token(letter: char) -> String {
        let (client, secret) = (letter.to_string().repeat(24), "0".repeat(64));
        format!("AstraCS:{client}:{secret}")
    }

    fn profile(name: &str, letter: char) -> String {
        format!("[{name}]\nASTRA_DB_APPLICATION_TOKEN={}\n", token(letter))
    }

    fn ids(found: &Found) -> Vec<&str> {
        found.offers.iter().map(|it| it.id.as_str()).collect()
    }

    const CONFIG: &str = "context: astronomer.io\ncontexts:\n  astronomer_io:\n    domain: astronomer.io\n    token: Bearer made-up\n    user_email: pat@example.com\n    expiresin: 2020-01-01T00:00:00Z\n";

    #[test]
    fn an_empty_home_offers_nothing_and_complains_of_nothing() {
        let found = Home::new().find("", &[]).unwrap();
        assert!(found.offers.is_empty());
        assert!(found.problems.is_empty(), "{:?}", found.problems);
    }

    #[test]
    fn a_home_with_both_clis_files_offers_their_connections() {
        let home = Home::new();
        home.write(".astro/config.yaml", CONFIG);
        home.write(
            ".astrarc",
            &(profile("Acme Prod", 'a') + &profile("default", 'b') + &profile("beta", 'b')),
        );
        let found = home.find("", &[]).unwrap();
        assert_eq!(
            ids(&found),
            ["astro-astronomer-io", "astra-beta", "astra-acme-prod"]
        );
        assert_eq!(found.offers[0].base, "https://api.astronomer.io/v1");
        assert_eq!(found.offers[0].name, "astronomer.io as pat@example.com");
        assert!(found.offers.iter().all(|it| !it.named), "each by a click");
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].contains("has expired; run `astro login astronomer.io`"));
    }

    #[test]
    fn flags_go_before_variables_and_variables_before_files() {
        let home = Home::new();
        home.write(".astrarc", &profile("acme", 'a'));
        home.write("token", &format!(" {}\n", token('f')));
        let found = home
            .find(
                "--astro-token one --astra-token @HOME/token --astra-env test",
                &[
                    ("ASTRO_API_TOKEN", "two"),
                    ("ASTRA_DB_APPLICATION_TOKEN", &token('v')),
                ],
            )
            .unwrap();
        assert_eq!(
            ids(&found),
            [
                "astro-flag",
                "astra-flag",
                "astro-variable",
                "astra-variable",
                "astra-acme"
            ]
        );
        let named: Vec<bool> = found.offers.iter().map(|it| it.named).collect();
        assert_eq!(named, [true, true, true, true, false]);
        assert_eq!(
            found.offers[1].base,
            "https://api.test.cloud.datastax.com/v2"
        );
        assert_eq!(found.offers[1].token.expose(), token('f'));
    }

    #[test]
    fn the_same_token_is_offered_once() {
        let home = Home::new();
        home.write(".astrarc", &profile("acme", 'a'));
        let found = home
            .find("", &[("ASTRA_DB_APPLICATION_TOKEN", &token('a'))])
            .unwrap();
        assert_eq!(ids(&found), ["astra-variable"]);
    }

    #[test]
    fn names_that_look_alike_get_ids_of_their_own() {
        let home = Home::new();
        home.write(
            ".astrarc",
            &(profile("a b", 'a') + &profile("A-B", 'b') + &profile("é", 'c')),
        );
        assert_eq!(
            ids(&home.find("", &[]).unwrap()),
            ["astra-a-b", "astra-a-b-2", "astra-unnamed"]
        );
    }

    #[test]
    fn the_file_is_chosen_as_the_astra_cli_does() {
        let home = Home::new();
        home.write(".astrarc", &profile("home", 'a'));
        home.write("x/astra/.astrarc", &profile("xdg", 'b'));
        home.write("named", &profile("named", 'c'));
        home.write("given", &profile("given", 'd'));
        let xdg = ("XDG_CONFIG_HOME", "HOME/x");
        let named = ("ASTRARC", "HOME/named");
        for (line, variables, id) in [
            (
                "--astra-config-file HOME/given",
                &[xdg, named][..],
                "astra-given",
            ),
            ("", &[xdg, named], "astra-named"),
            ("", &[xdg], "astra-xdg"),
            ("", &[], "astra-home"),
        ] {
            assert_eq!(ids(&home.find(line, variables).unwrap()), [id]);
        }
        // a chosen place without a file is not made up for by another place
        assert!(
            home.find("", &[("ASTRARC", "HOME/nothing")])
                .unwrap()
                .offers
                .is_empty()
        );
        let several = home.find("", &[xdg]).unwrap().problems;
        assert!(several[0].contains("more than one .astrarc"), "{several:?}");
        let silent = home
            .find("", &[xdg, ("ASTRA_IGNORE_MULTIPLE_PATHS", "true")])
            .unwrap();
        assert!(silent.problems.is_empty());
    }

    #[test]
    fn a_profile_that_is_named_is_opened_at_once_and_must_be_there() {
        let home = Home::new();
        home.write(
            ".astrarc",
            &(profile("acme", 'a') + &profile("beta", 'b') + "[broken]\n"),
        );
        let found = home.find("-p beta", &[]).unwrap();
        assert_eq!(ids(&found), ["astra-beta", "astra-acme"]);
        assert!(found.offers[0].named && !found.offers[1].named);
        for missing in ["gamma", "broken", "Beta"] {
            let error = home
                .find(&format!("-p {missing}"), &[])
                .unwrap_err()
                .to_string();
            assert!(
                error.contains(missing) && error.contains("it has acme, beta"),
                "{error}"
            );
        }
        let chosen = home.find("", &[("ASTRA_PROFILE", "beta")]).unwrap();
        assert_eq!(
            (ids(&chosen)[0], chosen.offers[0].named),
            ("astra-beta", false)
        );
    }

    #[test]
    fn problems_are_sentences_that_show_no_token() {
        let home = Home::new();
        home.write(".astro/config.yaml", "contexts: [secret-one");
        home.write(
            ".astrarc",
            &(profile("good", 'a') + "[bad]\nASTRA_DB_APPLICATION_TOKEN=secret-two\n"),
        );
        let found = home
            .find("", &[("ASTRA_DB_APPLICATION_TOKEN", "secret-three")])
            .unwrap();
        assert_eq!(ids(&found), ["astra-good"]);
        assert_eq!(found.problems.len(), 3);
        let all = found.problems.join("\n");
        assert!(!all.contains("secret"), "{all}");
        assert!(all.contains("line 3") || all.contains("line 4"), "{all}");
        let error = home
            .find("--astra-token secret-four", &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("--astra-token") && !error.contains("secret"),
            "{error}"
        );
        let error = home
            .find("--astro-token @HOME/nothing", &[])
            .unwrap_err()
            .to_string();
        assert!(error.contains("nothing cannot be read"), "{error}");
        let found = home.find("--astra-config-file HOME/nothing", &[]).unwrap();
        let all = found.problems.join("\n");
        assert!(all.contains("which --astra-config-file names"), "{all}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_warned_of() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = Home::new();
        home.write(".astrarc", &profile("acme", 'a'));
        let file = home.0.path().join(".astrarc");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let found = home.find("", &[]).unwrap();
        assert_eq!(found.offers.len(), 1);
        assert!(
            found.problems[0].contains("chmod 600"),
            "{:?}",
            found.problems
        );
    }

    #[test]
    fn a_newer_login_is_read_from_the_file() {
        let home = Home::new();
        home.write(".astro/config.yaml", CONFIG);
        let found = home.find("", &[]).unwrap();
        let renewal = found.offers[0].renewal.clone().unwrap();
        assert_eq!(renewal.read().unwrap().expose(), "made-up");
        home.write(".astro/config.yaml", &CONFIG.replace("made-up", "newer"));
        assert_eq!(renewal.read().unwrap().expose(), "newer");
    }

    #[test]
    fn no_token_goes_out_in_the_clear() {
        for text in [
            "http://api.example/v1",
            "ftp://a/v1",
            "api.example",
            "https://me@a/v1",
            "https://a/v1?x",
            "",
        ] {
            assert!(text.parse::<BaseArg>().is_err(), "{text}");
        }
        for (text, base) in [
            ("https://a.example/v1/", "https://a.example/v1"),
            ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
            ("http://localhost/v1", "http://localhost/v1"),
        ] {
            assert_eq!(text.parse::<BaseArg>().unwrap().as_str(), base);
        }
    }
}
