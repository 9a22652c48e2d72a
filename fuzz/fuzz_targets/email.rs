//! Addresses: whatever the octets, no panic; what is accepted or proposed is an address.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_core::email::{
    CompiledIn, Email, NoMapping, Policy, Rules, check_lines, html_input_value, suggest,
};

fuzz_target!(|octets: &[u8]| {
    // the rules on octets, which need not be UTF-8
    let mut wrong = Vec::new();
    let count = check_lines(octets, |index, line, outcome| {
        assert!(outcome.at <= line.len());
        wrong.push((index, line, outcome));
    });
    assert_eq!(count, octets.split_inclusive(|&o| o == b'\n').count());
    let mut expected = wrong.iter();
    rolecall_email::check_lines_by_blocks(octets, |index, line, outcome| {
        assert_eq!(Some(&(index, line, outcome)), expected.next());
    });
    assert_eq!(expected.next(), None);
    let mut out = [0; 254];
    let len = rolecall_email::suggest_into(octets, &mut out);
    assert!(len == 0 || rolecall_email::scan_invitable(&out[..len], false).is_ok());

    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    match text.parse::<Email>() {
        Ok(email) => {
            assert_eq!(Email::read(email.as_str(), &NoMapping).as_ref(), Ok(&email));
            assert_eq!(format!("{}@{}", email.local(), email.domain()), email.as_str());
        }
        Err(error) => assert!(text.is_char_boundary(error.at), "{error:?}"),
    }
    for policy in [Policy::Invitable, Policy::Html, Policy::Rfc5321] {
        for options in 0..4 {
            let rules = Rules {
                policy,
                allow_non_ascii_local: options & 1 > 0,
                refuse_reserved: options & 2 > 0,
            };
            match rules.check(text, &CompiledIn) {
                Ok(checked) => {
                    let again = rules.check(checked.as_str(), &CompiledIn).expect("still valid");
                    assert_eq!(again.as_str(), checked.as_str());
                }
                Err(error) => assert!(text.is_char_boundary(error.at), "{error:?}"),
            }
        }
    }
    let _ = html_input_value(text);
    if let Some(meant) = suggest(text) {
        assert_eq!(meant.parse::<Email>().expect("an address").as_str(), meant);
    }
});
