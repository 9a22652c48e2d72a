//! What holds for any list, whatever its form: pieces that mean something, in any order.

use proptest::prelude::*;
use rolecall_core::directory::{Directory, HeldRole, Status, User};
use rolecall_core::email::{CompiledIn, NoMapping};
use rolecall_core::plan::{Change, Context, plan};
use rolecall_core::recipients::{Delimiter, Format, Options, read};
use rolecall_core::review::Review;
use rolecall_core::roster::{Roster, difference};
use rolecall_core::service::Service;

/// Signs, words and invisible characters that some form of a list gives a meaning.
const PIECES: [&str; 30] = [
    "a@b.co", "c@d.co", "@", "owner", "member", "x", "ä", "email", "role", "name", "mailto:",
    "group:", " ", "\t", "\n", "\r\n", ",", ";", ":", "|", "=", "\"", "<", ">", "(", ")",
    "\u{200b}", "\u{feff}", "\u{2069}", "\u{a0}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn spans_lie_in_the_text_and_in_order(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14),
        service in prop::sample::select(vec![Service::Astro, Service::Astra]),
    ) {
        let text = pieces.concat();
        let roles = service.known_roles();
        let table = |delimiter| Some(Format::Table { delimiter });
        for format in [
            None,
            Some(Format::Addresses),
            Some(Format::UsersFile),
            table(Delimiter::Comma),
            table(Delimiter::Semicolon),
            table(Delimiter::Tab),
            table(Delimiter::Bar),
            table(Delimiter::Blanks),
        ] {
            let options = Options { format, roles: &roles, ..Options::default() };
            let list = read(&text, &options, &NoMapping);
            let mut last = 0;
            for (i, entry) in list.entries.iter().enumerate() {
                prop_assert!(entry.span.start >= last && entry.line > 0 && entry.column > 0);
                last = entry.span.end;
                prop_assert!(text.get(entry.span.clone()).is_some(), "{:?}", entry);
                prop_assert!(text.get(entry.address.clone()).is_some(), "{:?}", entry);
                prop_assert!(entry.span.start <= entry.address.start && entry.address.end <= entry.span.end);
                prop_assert!(entry.duplicate_of.is_none_or(|first| first < i));
                if let Some(at) = entry.error_at() {
                    prop_assert!(text.is_char_boundary(at), "{:?}", entry);
                }
            }
        }
    }

    #[test]
    fn every_line_has_a_verdict_and_every_intent_a_step_or_a_reason(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14),
        edited in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..4),
        service in prop::sample::select(vec![Service::Astro, Service::Astra]),
    ) {
        let (text, edited) = (pieces.concat(), edited.concat());
        let roles = service.known_roles();
        let directory = organization(service);
        let default = [roles[roles.len() - 1].id.clone()];
        let mut review = Review::read(&text, &roles, usize::MAX, &CompiledIn);
        if !review.lines.is_empty() {
            review.edit(pieces.len() % review.lines.len(), &edited, &CompiledIn);
        }
        let verdicts = review.verdicts(&directory, &default);
        prop_assert_eq!(verdicts.len(), review.lines.len());
        let intents = review.intents(&verdicts, &default);
        let wanted: Vec<_> = intents.into_iter().map(|(_, intent)| intent).collect();
        let context = Context { service, organization: "o1".into(), me: None };
        let planned = plan(&wanted, &directory, &context);
        prop_assert_eq!(planned.steps.len() + planned.refused.len(), wanted.len());

        let options = Options { roles: &roles, ..Options::default() };
        let roster = Roster::read(&text, &options, &CompiledIn);
        let wanted = difference(&roster, &directory, &default).intents();
        let planned = plan(&wanted, &directory, &context);
        prop_assert_eq!(planned.steps.len() + planned.refused.len(), wanted.len());
    }
}

/// One user, whom some lists name.
fn organization(service: Service) -> Directory {
    let roles = service.known_roles();
    let held = HeldRole {
        id: roles[0].id.clone(),
        name: String::new(),
    };
    let mut directory = Directory::new(roles);
    directory.apply(&Change::User {
        user: User {
            id: "u1".into(),
            email: "a@b.co".to_owned(),
            name: "Ann".to_owned(),
            status: Status::Active,
            roles: vec![held],
            scoped: Vec::new(),
            created: String::new(),
        },
    });
    directory
}
