//! The default policy: an address to which a hosted service can really send an invitation today.
//!
//! The checks run in the order of precedence of [`EmailErrorKind`], so the first one that applies
//! names the error. Nothing is allocated.

use crate::chars::{
    ATEXT, LDH, UPPER, count, edge_len, find, floor_boundary, is, is_control, part, trim, utf8_len,
};
use crate::domain;
use crate::kind::EmailErrorKind::{self, *};

/// Octets of the longest local part (RFC 5321 4.5.3.1.1).
pub const MAX_LOCAL: usize = 64;
/// Octets of the longest address (RFC 5321 4.5.3.1.3: a path of 256 less its angle brackets).
pub const MAX_ADDRESS: usize = 254;

/// Where the parts of an accepted text are; offsets in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Where the address starts, after what was trimmed.
    pub start: usize,
    /// Where the first `@` is.
    pub at: usize,
    /// Where the address ends.
    pub end: usize,
    /// Whether the domain holds upper-case letters.
    pub upper: bool,
    /// Whether the domain holds non-ASCII characters: it must be mapped and checked again.
    pub foreign: bool,
    /// Whether the local part holds non-ASCII characters.
    pub foreign_local: bool,
}

type Error = (EmailErrorKind, usize);

/// Checks everything that can be decided without mapping a non-ASCII domain.
///
/// # Errors
///
/// The first kind by precedence, with its octet offset in `text`.
#[inline]
pub fn scan(text: &[u8], foreign_local: bool) -> Result<Outline, Error> {
    let (start, end) = trim(text);
    if start >= end {
        return Err((Empty, 0));
    }
    let address = part(text, start, end);
    if part(address, 0, 7).eq_ignore_ascii_case(b"mailto:") {
        return Err((MailtoPrefix, start));
    }
    let at = find(address, b'@');
    if at == address.len() {
        return Err((MissingAt, end));
    }
    if let Some(bracket) = display_name(address) {
        return Err((DisplayName, start + bracket));
    }
    let (local, rest) = (part(address, 0, at), part(address, at + 1, address.len()));
    let foreign_local = scan_local(local, foreign_local)
        .map_err(|(kind, offset)| (kind, start + floor_boundary(address, offset)))?;
    let (upper, foreign) =
        scan_domain(rest).map_err(|(kind, offset)| (kind, start + at + 1 + offset))?;
    if !foreign {
        domain::check_invitable(rest).map_err(|(kind, offset)| (kind, start + at + 1 + offset))?;
        // With a local part that is still to be normalized the caller counts again.
        if address.len() > MAX_ADDRESS && !foreign_local {
            return Err((TooLong, start + MAX_ADDRESS));
        }
    }
    Ok(Outline {
        start,
        at: start + at,
        end,
        upper,
        foreign,
        foreign_local,
    })
}

/// The offset of the `<` when the whole has the form `…<…>` with one pair of brackets.
fn display_name(address: &[u8]) -> Option<usize> {
    let (b'>', before) = address.split_last()? else {
        return None;
    };
    let once = count(before, b'<') == 1 && count(before, b'>') == 0;
    once.then(|| find(before, b'<'))
}

/// Steps 5 to 9. Says whether the local part holds non-ASCII characters.
#[inline]
fn scan_local(local: &[u8], foreign_allowed: bool) -> Result<bool, Error> {
    match local.first() {
        None => return Err((LocalEmpty, 0)),
        Some(b'"') => return Err((LocalQuoted, 0)),
        Some(_) => {}
    }
    let mut foreign = false;
    let mut i = 0;
    let mut before = 0;
    while let Some(&octet) = local.get(i) {
        let last = core::mem::replace(&mut before, octet);
        if is(octet, ATEXT) {
            i += 1;
            continue;
        }
        if octet == b'.' {
            if i == 0 {
                return Err((LocalLeadingDot, i));
            }
            if last == b'.' {
                return Err((LocalConsecutiveDots, i));
            }
            if i + 1 == local.len() {
                return Err((LocalTrailingDot, i));
            }
            i += 1;
            continue;
        }
        match refused_anywhere(part(local, i, local.len())) {
            Some(kind) => return Err((kind, i)),
            None if octet < 0x80 => return Err((LocalInvalidChar, i)),
            None if foreign_allowed && !is_c1_control(part(local, i, local.len())) => {
                foreign = true;
                i += utf8_len(octet);
            }
            None => return Err((LocalNonAscii, i)),
        }
    }
    // A foreign local part is counted after its normalization.
    if local.len() > MAX_LOCAL && !foreign {
        return Err((LocalTooLong, MAX_LOCAL));
    }
    Ok(foreign)
}

/// Steps 10 to 14. Says whether the domain holds upper-case letters and non-ASCII characters.
#[inline]
fn scan_domain(domain: &[u8]) -> Result<(bool, bool), Error> {
    match domain.first() {
        None => return Err((DomainEmpty, 0)),
        Some(b'[') => return Err((AddressLiteral, 0)),
        Some(_) => {}
    }
    let (mut upper, mut foreign) = (false, false);
    for (i, &octet) in domain.iter().enumerate() {
        if is(octet, LDH) {
            upper |= is(octet, UPPER);
            continue;
        }
        match octet {
            b'.' => continue,
            b'@' => return Err((ExtraAt, i)),
            _ => {}
        }
        match refused_anywhere(part(domain, i, domain.len())) {
            Some(kind) => return Err((kind, i)),
            None if octet < 0x80 => return Err((DomainInvalidChar, i)),
            None => foreign = true,
        }
    }
    Ok((upper, foreign))
}

/// Steps 7 and 13: what is refused on both sides of the `@`, and has a name of its own.
fn refused_anywhere(text: &[u8]) -> Option<EmailErrorKind> {
    match text {
        [b'(' | b')', ..] => Some(Comment),
        _ if edge_len(text) > 0 => Some(WhitespaceInside),
        [octet, ..] if is_control(*octet) => Some(ControlChar),
        [b',' | b';', ..] => Some(Separator),
        _ => None,
    }
}

/// What a character is called that stands where the grammar of a policy has no place for it.
pub(crate) fn scan_other(text: &[u8], in_local: bool) -> EmailErrorKind {
    match refused_anywhere(text) {
        Some(kind) => kind,
        None => match (text.first() < Some(&0x80), in_local) {
            (true, true) => LocalInvalidChar,
            (true, false) => DomainInvalidChar,
            (false, true) => LocalNonAscii,
            (false, false) => DomainNeedsIdna,
        },
    }
}

/// U+0080 to U+009F.
fn is_c1_control(text: &[u8]) -> bool {
    matches!(text, [0xC2, 0x80..=0x9F, ..])
}

/// Checks a domain that came back from the mapping to A-labels, and the length with it.
///
/// `before` counts the octets of the local part and the `@`.
pub fn check_mapped(mapped: &[u8], before: usize) -> Result<(), EmailErrorKind> {
    if mapped.is_empty() || !domain::is_ldh_and_dots(mapped) {
        return Err(IdnaInvalid);
    }
    domain::check_invitable(mapped).map_err(|(kind, _)| kind)?;
    if before + mapped.len() > MAX_ADDRESS {
        return Err(TooLong);
    }
    Ok(())
}
