//! The `Mailbox` of RFC 5321 4.1.2, ASCII only.

use crate::chars::{ATEXT, LDH, UPPER, is, is_control};
use crate::domain::{self, is_ipv4};
use crate::invitable::{MAX_ADDRESS, MAX_LOCAL, Outline, scan_other};
use crate::kind::EmailErrorKind::{self, *};

type Error = (EmailErrorKind, usize);

/// Checks the text exactly as given.
///
/// # Errors
///
/// What the grammar stumbles over first, in the words of the default policy; a literal that is
/// none is `AddressLiteral` at its bracket, a quotation that does not end `LocalQuoted`.
pub fn scan(text: &[u8]) -> Result<Outline, Error> {
    let at = match text.first() {
        None => return Err((Empty, 0)),
        Some(b'"') => quoted_string(text)?,
        Some(_) => dot_string(text)?,
    };
    match text.get(at) {
        Some(b'@') => {}
        None => return Err((MissingAt, text.len())),
        Some(_) => return Err((LocalQuoted, at)),
    }
    if at > MAX_LOCAL {
        return Err((LocalTooLong, MAX_LOCAL));
    }
    let host = &text[at + 1..];
    check_host(host).map_err(|(kind, offset)| (kind, at + 1 + offset))?;
    if text.len() > MAX_ADDRESS {
        return Err((TooLong, MAX_ADDRESS));
    }
    Ok(Outline {
        start: 0,
        at,
        end: text.len(),
        upper: host.iter().any(|&o| is(o, UPPER)),
        foreign: false,
        foreign_local: false,
    })
}

/// The length of the quoted string in front.
fn quoted_string(text: &[u8]) -> Result<usize, Error> {
    let mut i = 1;
    while let Some(&octet) = text.get(i) {
        match octet {
            b'"' => return Ok(i + 1),
            b'\\' if matches!(text.get(i + 1), Some(b' '..=b'~')) => i += 2,
            b'\\' => return Err((LocalInvalidChar, i)),
            b' '..=b'~' => i += 1,
            _ if is_control(octet) => return Err((ControlChar, i)),
            _ => return Err((LocalNonAscii, i)),
        }
    }
    Err((LocalQuoted, 0))
}

/// The length of the dot-string in front.
fn dot_string(text: &[u8]) -> Result<usize, Error> {
    let Some(at) = text.iter().position(|&o| o == b'@') else {
        return Err((MissingAt, text.len()));
    };
    let local = &text[..at];
    if local.is_empty() {
        return Err((LocalEmpty, 0));
    }
    for (i, &octet) in local.iter().enumerate() {
        match octet {
            b'.' if i == 0 => return Err((LocalLeadingDot, i)),
            b'.' if local[i - 1] == b'.' => return Err((LocalConsecutiveDots, i)),
            b'.' if i + 1 == at => return Err((LocalTrailingDot, i)),
            b'.' => {}
            _ if is(octet, ATEXT) => {}
            _ => return Err((scan_other(&local[i..], true), i)),
        }
    }
    Ok(at)
}

/// A domain or an address literal.
fn check_host(host: &[u8]) -> Result<(), Error> {
    match host {
        [] => return Err((DomainEmpty, 0)),
        [b'[', literal @ .., b']'] if is_literal(literal) => return Ok(()),
        [b'[', ..] => return Err((AddressLiteral, 0)),
        _ => {}
    }
    if let Some(i) = host.iter().position(|&o| o != b'.' && !is(o, LDH)) {
        return Err(match host[i] {
            b'@' => (ExtraAt, i),
            _ => (scan_other(&host[i..], false), i),
        });
    }
    domain::check_labels(host)?;
    // Over 253 octets an address is over 254 too, but the cause is the domain.
    if host.len() > domain::MAX_DOMAIN {
        return Err((DomainTooLong, domain::MAX_DOMAIN));
    }
    Ok(())
}

/// What stands between the brackets: 4.1.3. No other tag than `IPv6` is registered.
fn is_literal(literal: &[u8]) -> bool {
    match literal.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case(b"IPv6:") => is_ipv6(address),
        _ => is_ipv4(literal),
    }
}

/// The four forms of 4.1.3, where `::` stands for at least two groups.
fn is_ipv6(address: &[u8]) -> bool {
    if address.len() > "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".len() {
        return false;
    }
    let gap = address.windows(2).position(|pair| pair == b"::");
    match gap {
        None => groups(address, true) == Some(8),
        Some(gap) => {
            let (before, after) = (&address[..gap], &address[gap + 2..]);
            let before = if before.is_empty() {
                Some(0)
            } else {
                groups(before, false)
            };
            let after = if after.is_empty() {
                Some(0)
            } else {
                groups(after, true)
            };
            matches!((before, after), (Some(before), Some(after)) if before + after <= 6)
        }
    }
}

/// How many groups of 16 bits the text writes; an IPv4 tail counts as two.
fn groups(text: &[u8], tail_allowed: bool) -> Option<usize> {
    let mut count = 0;
    let mut rest = text.split(|&o| o == b':').peekable();
    while let Some(group) = rest.next() {
        let last = rest.peek().is_none();
        if (1..=4).contains(&group.len()) && group.iter().all(u8::is_ascii_hexdigit) {
            count += 1;
        } else if last && tail_allowed && is_ipv4(group) {
            count += 2;
        } else {
            return None;
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_the_grammar_accepts() {
        for text in [
            "a@b",
            "a@b.123",
            "\"\"@b",
            "\"a b\"@b",
            "\"a\\\"\\\\ @\"@b",
            "a@[127.0.0.1]",
            "a@[IPv6:::]",
            "a@[ipv6:1:2:3:4:5:6:7:8]",
            "a@[IPv6:1:2:3:4:5:6:127.0.0.1]",
            "a@[IPv6:1:2:3:4::127.0.0.1]",
            "a@[IPv6:1:2:3:4:5:6::]",
            "a@[IPv6:::1:2:3:4:5:6]",
        ] {
            assert!(scan(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn names_what_it_refuses() {
        for (text, kind, at) in [
            ("", Empty, 0),
            ("a", MissingAt, 1),
            ("\"a\"", MissingAt, 3),
            ("\"a\"b@c", LocalQuoted, 3),
            ("\"a@b", LocalQuoted, 0),
            ("\"a\tb\"@c", ControlChar, 2),
            ("\"é\"@c", LocalNonAscii, 1),
            ("\"a\\é\"@c", LocalInvalidChar, 2),
            (".a@b", LocalLeadingDot, 0),
            ("a.@b", LocalTrailingDot, 1),
            ("a@", DomainEmpty, 2),
            ("a@b.", DomainTrailingDot, 3),
            ("a@[256.0.0.1]", AddressLiteral, 2),
            ("a@[127.0.0.1", AddressLiteral, 2),
            ("a@[2001:db8::1]", AddressLiteral, 2),
            ("a@[IPv6:1:2:3:4:5:6:7::]", AddressLiteral, 2),
            ("a@[IPv6:1:2:3:4:5::127.0.0.1]", AddressLiteral, 2),
            ("a@[IPv6:1:2::3::4]", AddressLiteral, 2),
            ("a@[IPv6:12345::]", AddressLiteral, 2),
            ("a@[IPv6:1::127.0.0.1:2]", AddressLiteral, 2),
            ("a@[tag:x]", AddressLiteral, 2),
        ] {
            assert_eq!(scan(text.as_bytes()), Err((kind, at)), "{text}");
        }
    }
}
