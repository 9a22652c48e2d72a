//! "Did you mean": repairs of slips of the hand, and look-alikes of well-known providers.
//!
//! A wrong proposal costs more than a missed one. So a domain that is a provider itself, or has a
//! real ending and merely resembles one, is left alone, and a repair is offered only when the
//! result is an address. Nothing is allocated: drafts live in a buffer of fixed size.

mod draft;
mod lookalike;
mod repair;

use draft::Draft;

use crate::invitable;

pub use lookalike::{Meant, meant as meant_domain};

/// Octets of the longest text that is looked at; longer ones are no slip of the hand.
const MAX_TEXT: usize = 512;

/// How many slips in one text are repaired; each step repairs one.
const MAX_STEPS: usize = 12;

/// Writes the address that was probably meant into `out`: the octets written, 0 for nothing to
/// propose.
///
/// What is written passes the `Invitable` policy and differs from the text in more than blanks
/// around it and the case of the domain. The local part of a valid address is never changed.
#[inline(never)]
pub fn suggest_into(text: &[u8], out: &mut [u8; 254]) -> usize {
    let mut draft = Draft::new();
    if draft
        .push(text)
        .and_then(|()| find_meant(&mut draft))
        .is_none()
    {
        return 0;
    }
    let meant = draft.as_slice();
    for (out, octet) in out.iter_mut().zip(meant) {
        *out = *octet;
    }
    meant.len()
}

/// Turns a draft into the address that was meant; nothing when there is none to propose.
#[inline(never)]
fn find_meant(draft: &mut Draft) -> Option<()> {
    draft.trim();
    let mut repaired = repair::unwrap(draft);
    for _ in 0..MAX_STEPS {
        match invitable::scan(draft.as_slice(), false) {
            Ok(outline) if !outline.foreign => {
                let domain = outline.at + 1;
                draft.lower_case(domain);
                // once more, when another domain was found: what is proposed is an address
                match lookalike::meant(draft.tail(domain)) {
                    Some(meant) => draft.rewrite_domain(domain, &meant)?,
                    None => return repaired.then_some(()),
                }
            }
            Ok(outline) => repair::foreign_domain(draft, outline.at + 1)?,
            Err((kind, at)) => repair::repair(draft, kind, at)?,
        }
        repaired = true;
        draft.trim();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::borrow::ToOwned;
    use std::format;
    use std::string::String;

    use super::*;

    fn suggest(text: &str) -> Option<String> {
        let mut out = [0; 254];
        let len = suggest_into(text.as_bytes(), &mut out);
        (len > 0).then(|| core::str::from_utf8(&out[..len]).unwrap().to_owned())
    }

    #[test]
    fn proposes_what_was_meant() {
        for (text, meant) in [
            // each repair
            ("a@gmail.com.", "a@gmail.com"),
            ("a@gmail..com", "a@gmail.com"),
            ("a@.gmail.com", "a@gmail.com"),
            (".a@gmail.com", "a@gmail.com"),
            ("a..b.@gmail.com", "a.b@gmail.com"),
            ("a@@gmail.com", "a@gmail.com"),
            ("@a@gmail.com", "a@gmail.com"),
            ("mailto:a@gmail.com", "a@gmail.com"),
            ("MAILTO: a@gmail.com?subject=x", "a@gmail.com"),
            ("mailto:a(at)gmail.com?subject=x", "a@gmail.com"),
            ("mailto:a?b@gmail.com?subject=x", "a?b@gmail.com"),
            ("Ann <a@b.example>", "a@b.example"),
            ("Ann <a@b.example", "a@b.example"),
            ("\"a@b.example\"", "a@b.example"),
            ("'a@b.example'", "a@b.example"),
            ("[a@b.example]", "a@b.example"),
            ("a@b.example,;", "a@b.example"),
            ("a@b.example (work)", "a@b.example"),
            ("a@b,example", "a@b.example"),
            ("a@b.co,uk", "a@b.co.uk"),
            ("a@b.example>", "a@b.example"),
            ("a﹫b.example", "a@b.example"),
            ("a [AT] b (dot) example", "a@b.example"),
            ("o’neil@b.example", "o'neil@b.example"),
            ("a—b@b–c.example", "a-b@b-c.example"),
            ("ａｂ@b.example", "ab@b.example"),
            ("a @ b . example", "a@b.example"),
            ("a@b c.co m", "a@bc.com"),
            ("a\u{202E}b@c.example", "ab@c.example"),
            ("jo hn@b.example", "john@b.example"),
            ("a@gmail", "a@gmail.com"),
            ("a@gmailcom", "a@gmail.com"),
            // several at once
            ("  Ann <a.@GMIAL.con.> ", "a@gmail.com"),
        ] {
            assert_eq!(suggest(text).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn proposes_nothing_rather_than_something_wrong() {
        for text in [
            "",
            "a",
            "a@",
            "@b.example",
            "a@localhost",
            "a@gmial",
            " a@gmail.com ",
            "a@GMAIL.com",
            "a@b.example, c@d.example",
            "a@b.example c@d.example",
            "a@b.example,work",
            "a@b.example work",
            "a@b@c.example",
            "Ann Example ann@b.example",
            "Ann ann@b.example",
            "josé@b.example",
            "a@bücher.example",
            "a@b_c.example",
            "a@127.0.0.1",
            "a@[127.0.0.1]",
            "a.b.example",
            "a at b.example",
            "john,smith@b.example",
            "<<a@b.example>>>",
        ] {
            assert_eq!(suggest(text), None, "{text}");
        }
    }

    #[test]
    fn the_local_part_of_a_valid_address_is_never_changed() {
        for text in ["A.B+c@gmial.com", "gmial.com@gmial.com", "'a@gmial.com"] {
            let (local, _) = text.rsplit_once('@').unwrap();
            assert_eq!(suggest(text), Some(format!("{local}@gmail.com")));
        }
    }

    #[test]
    fn writes_into_what_it_is_given() {
        let mut out = [0; 254];
        assert_eq!(suggest_into(b"a@gmial.com", &mut out), 11);
        assert_eq!(&out[..11], b"a@gmail.com");
        assert_eq!(suggest_into(b"a@b.example", &mut out), 0);
        assert_eq!(suggest_into(&[0xFF; 600], &mut out), 0);
        assert_eq!(suggest_into(&[b'a', 0xE2, b'@', 0x80], &mut out), 0);
    }
}
