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
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
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

#[test]
fn an_address_in_a_file_goes_through_the_same_door_as_one_of_a_flag() {
    let home = Home::new();
    home.write(
        ".astro/config.yaml",
        &format!("cloud:\n  api:\n    protocol: http\n{CONFIG}"),
    );
    home.write(
        ".astrarc",
        &(profile("far", 'a') + "ASTRA_ENV=local\nASTRA_LOCAL_ENDPOINT=http://astra.example/v2\n"),
    );
    let found = home.find("", &[]).unwrap();
    assert!(found.offers.is_empty(), "{:?}", ids(&found));
    assert_eq!(found.problems.len(), 2, "{:?}", found.problems);
    for (problem, file) in found
        .problems
        .iter()
        .zip([".astro/config.yaml", ".astrarc"])
    {
        assert!(problem.contains(file), "{problem}");
        assert!(problem.contains("in the clear"), "{problem}");
        assert!(!problem.contains("made-up") && !problem.contains("AstraCS"));
    }
    for flag in ["--astro-url", "--astra-url"] {
        let words = ["rolecall", flag, "http://api.example/v1"];
        assert!(Line::try_parse_from(words).is_err(), "{flag}");
    }
    let error = home.find("-p far", &[]).unwrap_err().to_string();
    assert!(error.contains("no usable profile `far`"), "{error}");
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
