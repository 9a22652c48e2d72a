//! What lies around the process: variables, the home folder, and the vendors' addresses.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;

/// Variables and home folder, as the process found them or as a test gives them.
#[derive(Clone, Default)]
pub struct Surroundings {
    variables: HashMap<String, String>,
    home: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self::new(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }))
    }

    /// Those of a list.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables: HashMap<_, _> = variables.into_iter().collect();
        let set = |name: &str| variables.get(name).filter(|it| !it.is_empty());
        let home = set("HOME")
            .or_else(|| set("USERPROFILE"))
            .map(PathBuf::from);
        Self { variables, home }
    }

    /// A variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The user's home folder.
    pub fn home(&self) -> Option<&PathBuf> {
        self.home.as_ref()
    }
}

/// Where an Astra token is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AstraEnvironment {
    /// The service itself
    #[default]
    Prod,
    /// The vendor's own
    Dev,
    /// The vendor's own
    Test,
    /// An address of one's own
    Local,
}

impl AstraEnvironment {
    /// Address before an operation's path; `None` where the user names it.
    pub fn base(self) -> Option<&'static str> {
        match self {
            Self::Prod => Some(rolecall_core::astra::BASE),
            Self::Dev => Some("https://api.dev.cloud.datastax.com/v2"),
            Self::Test => Some("https://api.test.cloud.datastax.com/v2"),
            Self::Local => None,
        }
    }
}

impl FromStr for AstraEnvironment {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(word.trim(), true)
    }
}
