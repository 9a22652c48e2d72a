//! Recipient lists: spans inside the text and on characters, entries in order, doubles before.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_core::email::NoMapping;
use rolecall_core::recipients::{Delimiter, Format, Options, decode, read};
use rolecall_core::service::Service;

fuzz_target!(|octets: &[u8]| {
    let (text, _) = decode(octets);
    let roles = Service::Astro.known_roles();
    let table = |delimiter| Some(Format::Table { delimiter });
    for format in [
        None,
        Some(Format::Addresses),
        Some(Format::UsersFile),
        table(Delimiter::Comma),
        table(Delimiter::Tab),
        table(Delimiter::Bar),
        table(Delimiter::Blanks),
    ] {
        let options = Options {
            format,
            roles: &roles,
            ..Options::default()
        };
        let list = read(&text, &options, &NoMapping);
        let mut last = 0;
        for (i, entry) in list.entries.iter().enumerate() {
            assert!(entry.span.start >= last && entry.line > 0 && entry.column > 0);
            last = entry.span.end;
            assert!(text.get(entry.span.clone()).is_some(), "{entry:?}");
            assert!(text.get(entry.address.clone()).is_some(), "{entry:?}");
            assert!(entry.span.start <= entry.address.start && entry.address.end <= entry.span.end);
            assert!(entry.duplicate_of.is_none_or(|first| first < i));
            if let Some(at) = entry.error_at() {
                assert!(text.is_char_boundary(at), "{entry:?}");
            }
        }
    }
});
