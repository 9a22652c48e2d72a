//! Where tokens are found: flags, variables, and the files of both vendors' CLIs.

use std::fs;
use std::path::{Path, PathBuf};

use rolecall_core::astro;
use rolecall_core::endpoint::Token;
use rolecall_core::service::Service;

use super::args::{SecretArg, SourceArgs};
use super::astrarc::{self, Astrarc};
use super::astro_config::Logins;
use super::environment::Surroundings;

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
    match secret.expose().strip_prefix('@') {
        None => Ok(secret.expose().to_owned()),
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
mod tests;
