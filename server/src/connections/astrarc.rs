//! `.astrarc`: the astra CLI's profiles, in the CLI's own grammar. Read, never written.
//!
//! Line by line, each stripped first: empty; `#` comment; `[section]`; `KEY=value`, where the value
//! loses one pair of matching quotes. Nothing else. Where the CLI gives up on the whole file, a
//! broken section is named here and the others are offered.

use rolecall_core::endpoint::Token;

use super::args::{BaseArg, InvalidBase};
use super::environment::AstraEnvironment;

const TOKEN: &str = "ASTRA_DB_APPLICATION_TOKEN";
const ENVIRONMENT: &str = "ASTRA_ENV";
const LOCAL_ENDPOINT: &str = "ASTRA_LOCAL_ENDPOINT";

/// A file, read.
#[derive(Debug, Default)]
pub struct Astrarc {
    /// Profiles that can be used, in the order of the file.
    pub profiles: Vec<Profile>,
    /// Sections and lines that cannot.
    pub problems: Vec<Problem>,
}

/// A section that can be used.
#[derive(Debug)]
pub struct Profile {
    /// Name of the section.
    pub name: String,
    /// What opens it.
    pub token: Token,
    /// Address before an operation's path.
    pub base: String,
}

/// A section or line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {kind}", section.as_ref().map(|name| format!(", section [{name}]")).unwrap_or_default())]
pub struct Problem {
    /// The section, if the line is in one.
    pub section: Option<String>,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with a section.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// Neither comment, section nor key.
    #[error("this is no comment, no [section] and no KEY=value")]
    Syntax,
    /// `[name` without its end.
    #[error("a section ends with `]`")]
    Unclosed,
    /// `[]`
    #[error("a section has a name")]
    NoName,
    /// `=value`
    #[error("a value has a key before the `=`")]
    NoKey,
    /// `KEY=value` before the first section.
    #[error("a value belongs to a section")]
    NoSection,
    /// Two sections of one name.
    #[error("there is another section of this name")]
    Twice,
    /// No token in it.
    #[error("it has no {TOKEN}")]
    NoToken,
    /// A token that is none.
    #[error("its {TOKEN} is no token: {0}")]
    Token(&'static str),
    /// A word that is no environment.
    #[error("its {ENVIRONMENT} is none of PROD, DEV, TEST, LOCAL")]
    Environment,
    /// LOCAL without an address.
    #[error("the environment LOCAL needs an address in {LOCAL_ENDPOINT}")]
    NoEndpoint,
    /// An address that no token may go to.
    #[error("its {LOCAL_ENDPOINT} is no address for a token; {0}")]
    Endpoint(InvalidBase),
}

struct Section {
    name: String,
    line: usize,
    token: Option<(usize, String)>,
    environment: Option<(usize, String)>,
    endpoint: Option<(usize, String)>,
    broken: bool,
}

impl Astrarc {
    /// Reads a file's text.
    pub fn read(text: &str) -> Self {
        let mut file = Self::default();
        let mut sections: Vec<Section> = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let (line, number) = (line.trim(), i + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                let name = rest.strip_suffix(']').map(str::trim);
                let kind = match name {
                    None => Some(ProblemKind::Unclosed),
                    Some("") => Some(ProblemKind::NoName),
                    Some(name) => sections
                        .iter()
                        .any(|it| it.name == name)
                        .then_some(ProblemKind::Twice),
                };
                let name = name.unwrap_or(rest).to_owned();
                if let Some(kind) = &kind {
                    let twice = *kind == ProblemKind::Twice;
                    file.problem(twice.then_some(&name), number, kind.clone());
                    for other in sections.iter_mut().filter(|it| it.name == name) {
                        other.broken = true;
                    }
                }
                sections.push(Section {
                    name,
                    line: number,
                    token: None,
                    environment: None,
                    endpoint: None,
                    broken: kind.is_some(),
                });
                continue;
            }
            let Some(section) = sections.last_mut() else {
                let kind = match line.contains('=') {
                    true => ProblemKind::NoSection,
                    false => ProblemKind::Syntax,
                };
                file.problem(None, number, kind);
                continue;
            };
            let kind = match line.split_once('=') {
                None => ProblemKind::Syntax,
                Some((key, _)) if key.trim().is_empty() => ProblemKind::NoKey,
                Some((key, value)) => {
                    let value = unquoted(value.trim()).to_owned();
                    match key.trim() {
                        TOKEN => section.token = Some((number, value)),
                        ENVIRONMENT => section.environment = Some((number, value)),
                        LOCAL_ENDPOINT => section.endpoint = Some((number, value)),
                        _ => {}
                    }
                    continue;
                }
            };
            section.broken = true;
            let name = section.name.clone();
            file.problem(Some(&name), number, kind);
        }
        for section in sections.into_iter().filter(|it| !it.broken) {
            let name = section.name.clone();
            match section.profile() {
                Ok(profile) => file.profiles.push(profile),
                Err((line, kind)) => file.problem(Some(&name), line, kind),
            }
        }
        file.problems.sort_by_key(|problem| problem.line);
        file
    }

    fn problem(&mut self, section: Option<&String>, line: usize, kind: ProblemKind) {
        self.problems.push(Problem {
            section: section.cloned(),
            line,
            kind,
        });
    }
}

impl Section {
    fn profile(self) -> Result<Profile, (usize, ProblemKind)> {
        let (line, token) = self.token.ok_or((self.line, ProblemKind::NoToken))?;
        let token = token_of(&token).map_err(|why| (line, ProblemKind::Token(why)))?;
        let environment = match self.environment {
            None => AstraEnvironment::Prod,
            Some((line, word)) => word.parse().map_err(|_| (line, ProblemKind::Environment))?,
        };
        let base = match environment.base() {
            Some(base) => base.to_owned(),
            None => {
                let endpoint = self.endpoint.filter(|(_, endpoint)| !endpoint.is_empty());
                let (line, endpoint) = endpoint.ok_or((self.line, ProblemKind::NoEndpoint))?;
                let base = endpoint.parse::<BaseArg>();
                let base = base.map_err(|error| (line, ProblemKind::Endpoint(error)))?;
                base.as_str().to_owned()
            }
        };
        Ok(Profile {
            name: self.name,
            token,
            base,
        })
    }
}

/// An application token, checked as the astra CLI does.
///
/// # Errors
/// With what is wrong, and never the text itself.
pub fn token_of(text: &str) -> Result<Token, &'static str> {
    let text = unquoted(text.trim());
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.starts_with('<') && text.ends_with('>') {
        return Err("it is a placeholder");
    }
    let Some(rest) = text.strip_prefix("AstraCS:") else {
        return Err("it does not begin with `AstraCS:`");
    };
    match rest.split(':').collect::<Vec<_>>()[..] {
        [client, secret] if client.len() == 24 && secret.len() == 64 && text.is_ascii() => {
            Ok(Token::new(text))
        }
        _ => Err("it is not whole: 97 characters in three parts"),
    }
}

/// Without one pair of matching quotes around it.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(letter: char) -> String {
        let (client, secret) = (letter.to_string().repeat(24), "0".repeat(64));
        format!("AstraCS:{client}:{secret}")
    }

    fn read(text: &str) -> (Vec<(String, String)>, Vec<String>) {
        let file = Astrarc::read(
            &text
                .replace("TOKEN_A", &token('a'))
                .replace("TOKEN_B", &token('b')),
        );
        let profiles = file.profiles.into_iter().map(|it| (it.name, it.base));
        let problems = file.problems.iter().map(Problem::to_string);
        (profiles.collect(), problems.collect())
    }

    fn profile(name: &str, base: &str) -> (String, String) {
        (name.to_owned(), base.to_owned())
    }

    const PROD: &str = "https://api.astra.datastax.com/v2";

    #[test]
    fn reads_profiles_of_each_environment() {
        let (profiles, problems) = read(
            "# written by hand\n\n  [ acme prod ]  \n ASTRA_DB_APPLICATION_TOKEN = \"TOKEN_A\" \nother=kept\n\
             [dev]\nASTRA_ENV=dev\nASTRA_DB_APPLICATION_TOKEN='TOKEN_B'\n\
             [sandbox]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A\nASTRA_ENV=LOCAL\nASTRA_LOCAL_ENDPOINT=http://127.0.0.1:8787/v2/\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(
            profiles,
            [
                profile("acme prod", PROD),
                profile("dev", "https://api.dev.cloud.datastax.com/v2"),
                profile("sandbox", "http://127.0.0.1:8787/v2"),
            ]
        );
    }

    #[test]
    fn the_last_of_a_key_wins_and_names_mind_case() {
        let (profiles, problems) = read(
            "[a]\nASTRA_DB_APPLICATION_TOKEN=no\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A\nastra_env=dev\n[A]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A",
        );
        assert_eq!((profiles.len(), problems.len()), (2, 0));
        assert_eq!(profiles[0], profile("a", PROD));
    }

    #[test]
    fn a_broken_section_is_named_and_the_others_are_offered() {
        for (broken, problem) in [
            (
                "[b]\n",
                "line 3, section [b]: it has no ASTRA_DB_APPLICATION_TOKEN",
            ),
            ("[b]\nhello\n", "line 4, section [b]: this is no comment"),
            (
                "[b]\n; comment\n",
                "line 4, section [b]: this is no comment",
            ),
            ("[b]\n=x\n", "line 4, section [b]: a value has a key"),
            (
                "[b\nASTRA_DB_APPLICATION_TOKEN=TOKEN_B\n",
                "line 3: a section ends with `]`",
            ),
            ("[ ]\n", "line 3: a section has a name"),
            (
                "[b]\nASTRA_DB_APPLICATION_TOKEN=\n",
                "line 4, section [b]: its ASTRA_DB_APPLICATION_TOKEN is no token: it is empty",
            ),
            (
                "[b]\nASTRA_DB_APPLICATION_TOKEN=<token>\n",
                "line 4, section [b]: its ASTRA_DB_APPLICATION_TOKEN is no token: it is a placeholder",
            ),
            (
                "[b]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_B # mine\n",
                "line 4, section [b]: its ASTRA_DB_APPLICATION_TOKEN is no token: it is not whole",
            ),
            (
                "[b]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_B\nASTRA_ENV=moon\n",
                "line 5, section [b]: its ASTRA_ENV is none of",
            ),
            (
                "[b]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_B\nASTRA_ENV=local\n",
                "line 3, section [b]: the environment LOCAL needs",
            ),
        ] {
            let text = format!(
                "[a]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A\n{broken}[c]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A\n"
            );
            let (profiles, problems) = read(&text);
            assert_eq!(
                profiles,
                [profile("a", PROD), profile("c", PROD)],
                "{broken}"
            );
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].starts_with(problem),
                "{} / {problem}",
                problems[0]
            );
            assert!(!problems[0].contains("bbbb"), "shows a token");
        }
    }

    #[test]
    fn an_address_that_no_token_may_go_to_is_named_and_not_offered() {
        for endpoint in [
            "http://astra.example/v2",
            "localhost:8787",
            "/v2",
            "https://AstraCS@astra.example/v2",
            "https://astra.example/v2#AstraCS",
        ] {
            let (profiles, problems) = read(&format!(
                "[a]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A\nASTRA_ENV=local\nASTRA_LOCAL_ENDPOINT={endpoint}\n[b]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_B\n"
            ));
            assert_eq!(profiles, [profile("b", PROD)], "{endpoint}");
            assert_eq!(
                problems,
                [
                    "line 4, section [a]: its ASTRA_LOCAL_ENDPOINT is no address for a token; write it as https://host/path; http:// only for this machine, so that no token goes out in the clear"
                ],
                "{endpoint}"
            );
        }
    }

    #[test]
    fn two_sections_of_one_name_are_neither() {
        let section = "ASTRA_DB_APPLICATION_TOKEN=TOKEN_A\n";
        let (profiles, problems) = read(&format!("[a]\n{section}[b]\n{section}[a]\n{section}"));
        assert_eq!(profiles, [profile("b", PROD)]);
        assert_eq!(
            problems,
            ["line 5, section [a]: there is another section of this name"]
        );
    }

    #[test]
    fn a_value_before_any_section_belongs_nowhere() {
        let (profiles, problems) = read("A=1\n[a]\nASTRA_DB_APPLICATION_TOKEN=TOKEN_A\n");
        assert_eq!(profiles.len(), 1);
        assert_eq!(problems, ["line 1: a value belongs to a section"]);
    }

    #[test]
    fn takes_the_fake_token_that_the_cli_stores_for_a_local_profile() {
        let fake = format!("AstraCS:{}:{}", "fake".repeat(6), "fake".repeat(16));
        assert_eq!(token_of(&fake).unwrap().expose(), fake);
    }
}
