//! What holds for every address and every list.

use proptest::prelude::*;
use rolecall_core::email::{CompiledIn, Email, NoMapping, Policy, Rules, suggest};
use rolecall_core::recipients::{Delimiter, Format, Options, Who, guarded, read};
use rolecall_core::service::Service;

/// Texts near to addresses: the signs that matter, some letters of other alphabets, blanks.
const NEAR: &str = "[aB1.@<>\"'(),;: \t\n_+é．。ü\u{200B}\u{202E}😀-]{0,40}";

/// Addresses that are accepted.
fn address() -> impl Strategy<Value = String> {
    "[=+a-zA-Z0-9_'-]{1,8}(\\.[a-zA-Z0-9]{1,5}){0,2}@([a-z0-9]{1,8}\\.){1,3}[a-z]{2,5}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_accepted_reads_back_as_itself(text in NEAR, known in address()) {
        for text in [text, known] {
            if let Ok(email) = text.parse::<Email>() {
                prop_assert_eq!(Email::read(email.as_str(), &NoMapping), Ok(email.clone()));
                prop_assert_eq!(format!("{}@{}", email.local(), email.domain()), email.as_str());
                let json = serde_json::to_string(&email).unwrap();
                prop_assert_eq!(serde_json::from_str::<Email>(&json).unwrap(), email);
            }
        }
    }

    #[test]
    fn positions_lie_on_characters_of_the_text(text in NEAR, options in 0..4) {
        for policy in [Policy::Invitable, Policy::Html, Policy::Rfc5321] {
            let rules = Rules {
                policy,
                allow_non_ascii_local: options & 1 > 0,
                refuse_reserved: options & 2 > 0,
            };
            if let Err(error) = rules.check(&text, &CompiledIn) {
                prop_assert!(text.is_char_boundary(error.at), "{error:?}");
                prop_assert_eq!(error.found.is_some_and(|c| !text[error.at..].starts_with(c)), false);
            }
        }
    }

    #[test]
    fn what_is_proposed_is_another_address(text in NEAR) {
        if let Some(meant) = suggest(&text) {
            prop_assert_eq!(meant.parse::<Email>().unwrap().to_string(), meant.clone());
            prop_assert_ne!(meant, text);
        }
    }

    #[test]
    fn spans_lie_on_characters_and_in_order(text in NEAR) {
        let table = |delimiter| Some(Format::Table { delimiter });
        for format in [None, Some(Format::Addresses), Some(Format::UsersFile), table(Delimiter::Semicolon)] {
            let options = Options { format, ..Options::default() };
            let mut last = 0;
            for entry in read(&text, &options, &NoMapping).entries {
                prop_assert!(entry.span.start >= last, "{entry:?}");
                prop_assert!(text.get(entry.span.clone()).is_some(), "{entry:?}");
                prop_assert!(text.get(entry.address.clone()).is_some(), "{entry:?}");
                last = entry.span.end;
                let before = &text[..entry.span.start];
                // the line counts the ends before it, whichever they are
                let lines = before.replace("\r\n", "\n").matches(['\n', '\r']).count();
                prop_assert_eq!(entry.line as usize, lines + 1);
            }
        }
    }

    #[test]
    fn a_list_that_was_written_reads_back(
        people in prop::collection::vec((address(), "[A-Za-zé ,\"]{0,10}", 0..5_usize), 1..12),
    ) {
        let roles = Service::Astro.known_roles();
        let options = Options { roles: &roles, ..Options::default() };
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["Name", "Email", "Role"]).unwrap();
        let mut users = String::new();
        for (address, name, role) in &people {
            csv.write_record([&*guarded(name), &*guarded(address), roles[*role].label.as_str()]).unwrap();
            users.push_str(&format!("{address} {}\n", roles[*role].key));
        }
        let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        for text in [&csv, users.trim_end()] {
            let list = read(text, &options, &NoMapping);
            let found: Vec<_> = list
                .entries
                .iter()
                .map(|entry| match &entry.recipient {
                    Ok(recipient) => match &recipient.who {
                        Who::Email(email) => email.as_str().to_owned(),
                        other => format!("{other:?}"),
                    },
                    Err(error) => error.to_string(),
                })
                .collect();
            let expected: Vec<_> = people
                .iter()
                .map(|(address, ..)| address.parse::<Email>().unwrap().as_str().to_owned())
                .collect();
            prop_assert_eq!(found, expected, "{}", text);
        }
    }
}
