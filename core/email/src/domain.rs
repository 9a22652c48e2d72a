//! Domain names: labels, their limits, and what the last one must look like.

use crate::chars::{LDH, find, is, part, word};
use crate::kind::EmailErrorKind::{self, *};

/// Octets of the longest label (RFC 1035 2.3.4).
pub(crate) const MAX_LABEL: usize = 63;
/// Octets of the longest domain as text (RFC 1035 2.3.4: 255 on the wire).
pub(crate) const MAX_DOMAIN: usize = 253;

/// Checks the labels of a domain that holds nothing but letters, digits, hyphens and dots.
///
/// # Errors
///
/// The first kind by precedence, with its octet offset in `domain`.
pub(crate) fn check_invitable(domain: &[u8]) -> Result<(), (EmailErrorKind, usize)> {
    if is_ipv4(domain) {
        return Err((DomainIsIpAddress, 0));
    }
    let last = check_labels(domain)?;
    if last == 0 {
        return Err((DomainSingleLabel, domain.len()));
    }
    if !is_tld(part(domain, last, domain.len())) {
        return Err((TldInvalid, last));
    }
    if domain.len() > MAX_DOMAIN {
        return Err((DomainTooLong, MAX_DOMAIN));
    }
    Ok(())
}

/// Checks each label in turn and gives the offset of the last one.
pub(crate) fn check_labels(domain: &[u8]) -> Result<usize, (EmailErrorKind, usize)> {
    let mut start = 0;
    loop {
        let rest = part(domain, start, domain.len());
        let len = find(rest, b'.');
        let last = len == rest.len();
        let label = part(rest, 0, len);
        match label {
            [] if last && start > 0 => return Err((DomainTrailingDot, start - 1)),
            [] => return Err((DomainEmptyLabel, start)),
            [b'-', ..] => return Err((LabelHyphenStart, start)),
            [.., b'-'] => return Err((LabelHyphenEnd, start + label.len() - 1)),
            _ if label.len() > MAX_LABEL => return Err((LabelTooLong, start + MAX_LABEL)),
            _ => {}
        }
        if last {
            return Ok(start);
        }
        start += len + 1;
    }
}

/// Whether a label can be a top-level domain: letters only, or an A-label.
///
/// All names of the root zone have this form; it does not say that the name exists.
pub(crate) fn is_tld(label: &[u8]) -> bool {
    match label {
        [b'x' | b'X', b'n' | b'N', b'-', b'-', .., last] if label.len() > 4 => *last != b'-',
        _ => label.len() >= 2 && label.iter().all(u8::is_ascii_alphabetic),
    }
}

/// Four decimal numbers of at most three digits, 0 to 255, joined by dots.
pub(crate) fn is_ipv4(domain: &[u8]) -> bool {
    let (mut dots, mut digits, mut value) = (0, 0, 0);
    for &octet in domain {
        match octet {
            b'.' if digits > 0 => (dots, digits, value) = (dots + 1, 0, 0),
            b'0'..=b'9' if digits < 3 => {
                digits += 1;
                value = value * 10 + u32::from(octet - b'0');
            }
            _ => return false,
        }
        if value > 255 {
            return false;
        }
    }
    dots == 3 && digits > 0
}

/// Whether every octet is a letter, a digit, a hyphen or a dot.
pub(crate) fn is_ldh_and_dots(domain: &[u8]) -> bool {
    domain.iter().all(|&o| o == b'.' || is(o, LDH))
}

/// The last label of a domain.
pub fn last_label(domain: &[u8]) -> &[u8] {
    let dot = domain.iter().rposition(|&o| o == b'.');
    part(domain, dot.map_or(0, |dot| dot + 1), domain.len())
}

/// Whether mail to names under this label, in lower case, stays away from the public Internet: the special-use
/// names of the IANA registry (RFC 6761 and later) except `example`, which RFC 6761 6.5 asks
/// applications to treat as ordinary.
#[inline(never)]
pub fn is_reserved(label: &[u8]) -> bool {
    word(RESERVED, label).is_some()
}

static RESERVED: &[u8] = b"test invalid localhost local onion alt internal arpa";

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn a_label_at_its_limit_passes_and_one_over_does_not() {
        let fits = format!("{}.com", "b".repeat(63));
        assert_eq!(check_invitable(fits.as_bytes()), Ok(()));
        let over = format!("b.{}.com", "b".repeat(64));
        assert_eq!(
            check_invitable(over.as_bytes()),
            Err((LabelTooLong, 2 + 63))
        );
    }

    #[test]
    fn only_what_the_root_zone_could_hold_is_a_top_level_domain() {
        for good in ["co", "museum", "xn--p1ai", "XN--P1AI", "xn--a"] {
            assert!(is_tld(good.as_bytes()), "{good}");
        }
        for bad in ["c", "c0m", "c-m", "123", "xn--", "xn--a-", ""] {
            assert!(!is_tld(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn four_numbers_are_an_address_and_five_are_not() {
        assert!(is_ipv4(b"127.0.0.1"));
        assert!(is_ipv4(b"255.255.255.255"));
        for other in ["256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.", "1.2.3.a"] {
            assert!(!is_ipv4(other.as_bytes()), "{other}");
        }
    }
}
