//! One repair for each error that a slip of the hand explains.

use super::super::chars::{edge_len, trim, utf8_len};
use super::super::kind::EmailErrorKind::{self, *};
use super::draft::Draft;
use super::lookalike;

/// Drops one pair of signs around the whole. Says whether there was one.
pub(super) fn unwrap(draft: &mut Draft) -> bool {
    let (start, end) = trim(draft.as_slice());
    let wrapped = matches!(
        &draft.as_slice()[start..end],
        [b'"', .., b'"'] | [b'\'', .., b'\''] | [b'[', .., b']'] | [b'(', .., b')']
    );
    if wrapped && end - start > 2 {
        draft.truncate(end - 1);
        draft.remove(0, start + 1);
        return true;
    }
    false
}

/// Repairs one error, or gives up.
pub(super) fn repair(draft: &mut Draft, kind: EmailErrorKind, at: usize) -> Option<()> {
    match kind {
        MailtoPrefix => {
            draft.truncate(end_of_address(draft.as_slice()));
            draft.remove(at, "mailto:".len());
        }
        MissingAt => return missing_at(draft),
        DisplayName => {
            let close = draft.as_slice().iter().rposition(|&o| o == b'>')?;
            draft.truncate(close);
            draft.remove(0, at + 1);
        }
        LocalEmpty => {
            // a handle as in `@ann@company.example`, or an `@` typed twice
            let rest = &draft.as_slice()[at + 1..];
            (rest.iter().filter(|&&o| o == b'@').count() == 1).then_some(())?;
            draft.remove(at, 1);
        }
        LocalLeadingDot | LocalConsecutiveDots | LocalTrailingDot | DomainTrailingDot => {
            draft.remove(at, 1);
        }
        DomainEmptyLabel => {
            // either the dot that starts the empty label's successor, or the one before the end
            match draft.as_slice().get(at) {
                Some(b'.') => draft.remove(at, 1),
                _ => return None,
            }
        }
        Comment => return spelled_dot(draft, at).or_else(|| remark(draft, at)),
        WhitespaceInside => return blank(draft, at),
        ControlChar => draft.remove(at, 1),
        Separator => return separator(draft, at),
        LocalNonAscii => return look_alike_sign(draft, at),
        LocalInvalidChar => return bracket(draft, at).or_else(|| spelled_dot(draft, at)),
        ExtraAt => {
            let octets = draft.as_slice();
            let adjacent = octets[at - 1] == b'@';
            let last = trim(octets).1 == at + 1;
            (adjacent || last).then_some(())?;
            draft.remove(at, 1);
        }
        DomainInvalidChar => {
            if spelled_dot(draft, at).is_some() {
                return Some(());
            }
            // what was copied along with the end of an address
            let (_, end) = trim(draft.as_slice());
            let left_over = draft.as_slice()[at..end]
                .iter()
                .all(|o| b">\"':/!*".contains(o));
            left_over.then_some(())?;
            draft.truncate(at);
        }
        DomainSingleLabel | TldInvalid => {
            let domain = domain_start(draft)?;
            let end = trim(draft.as_slice()).1;
            draft.truncate(end);
            draft.lower_case(domain);
            let meant = lookalike::meant(draft.tail(domain))?;
            return draft.rewrite_domain(domain, &meant);
        }
        _ => return None,
    }
    Some(())
}

/// Writes signs of other alphabets in ASCII in a domain that would otherwise need a mapping.
pub(super) fn foreign_domain(draft: &mut Draft, start: usize) -> Option<()> {
    let foreign = draft.tail(start).iter().position(|&o| o >= 0x80)?;
    look_alike_sign(draft, start + foreign)
}

/// Where the domain starts.
fn domain_start(draft: &Draft) -> Option<usize> {
    draft
        .as_slice()
        .iter()
        .position(|&o| o == b'@')
        .map(|at| at + 1)
}

/// Where the address in a `mailto:` link ends: before its `?`.
fn end_of_address(octets: &[u8]) -> usize {
    let at = octets.iter().position(|&o| o == b'@').unwrap_or(0);
    octets[at..]
        .iter()
        .position(|&o| o == b'?')
        .map_or(octets.len(), |query| at + query)
}

/// `＠`, `﹫`, `(at)` or `[at]` in the place of the only `@`.
fn missing_at(draft: &mut Draft) -> Option<()> {
    let octets = draft.as_slice();
    for i in 0..octets.len() {
        let len = match &octets[i..] {
            [0xEF, 0xBC, 0xA0, ..] | [0xEF, 0xB9, 0xAB, ..] => 3,
            rest => spelled(rest, b"at"),
        };
        if len > 0 {
            let (start, end) = with_blanks(octets, i, i + len);
            draft.replace(start, end - start, b'@');
            return Some(());
        }
    }
    None
}

/// `(dot)` or `[dot]` at `at`.
fn spelled_dot(draft: &mut Draft, at: usize) -> Option<()> {
    let octets = draft.as_slice();
    let len = spelled(&octets[at..], b"dot");
    if len == 0 {
        return None;
    }
    let (start, end) = with_blanks(octets, at, at + len);
    draft.replace(start, end - start, b'.');
    Some(())
}

/// The length of `(word)` or `[word]` in front, in any case; 0 when it is not there.
fn spelled(text: &[u8], word: &[u8]) -> usize {
    let close = match text.first() {
        Some(b'(') => b')',
        Some(b'[') => b']',
        _ => return 0,
    };
    let len = word.len();
    match text.get(1..len + 2) {
        Some(inner) if inner[len] == close && inner[..len].eq_ignore_ascii_case(word) => len + 2,
        _ => 0,
    }
}

/// Widens a range over the ASCII spaces around it.
fn with_blanks(octets: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    while start > 0 && octets[start - 1] == b' ' {
        start -= 1;
    }
    while octets.get(end) == Some(&b' ') {
        end += 1;
    }
    (start, end)
}

/// Removes a remark in parentheses behind the address.
fn remark(draft: &mut Draft, at: usize) -> Option<()> {
    let (_, end) = trim(draft.as_slice());
    let octets = &draft.as_slice()[..end];
    let domain = octets.iter().position(|&o| o == b'@')?;
    (at > domain && octets[at] == b'(' && octets[end - 1] == b')').then_some(())?;
    draft.truncate(at);
    Some(())
}

/// Removes the blank at `at`, unless the blanks rather separate words or addresses.
fn blank(draft: &mut Draft, at: usize) -> Option<()> {
    let octets = draft.as_slice();
    let (first, end) = trim(octets);
    let mut stop = at;
    while stop < end {
        match edge_len(&octets[stop..]) {
            0 => break,
            len => stop += len,
        }
    }
    let signs = octets.iter().filter(|&&o| o == b'@').count();
    let domain = octets.iter().position(|&o| o == b'@')?;
    if let Some(open) = octets.iter().position(|&o| o == b'<') {
        return bracket(draft, open);
    }
    if octets.get(stop) == Some(&b'(') {
        return spelled_dot(draft, stop).or_else(|| remark(draft, stop));
    }
    if spelled(&octets[stop..], b"dot") > 0 {
        return spelled_dot(draft, stop);
    }
    let invisible = !octets[at..stop]
        .iter()
        .any(|o| b" \t\r\n\x0B\x0C".contains(o))
        && !octets[at..stop].starts_with(&[0xC2, 0xA0]);
    let joins = |octet: u8| matches!(octet, b'@' | b'.' | b'-' | b'_' | b'+');
    let beside_sign = joins(octets[at - 1]) || octets.get(stop).is_some_and(|&o| joins(o));
    if !invisible && !beside_sign {
        // `jo hn@…` is a slip, `Ann ann@…` and `Ann Lee ann@…` are a name
        let words = octets[first..domain]
            .split(|&o| o == b' ')
            .filter(|word| !word.is_empty())
            .count();
        let name = octets[first].is_ascii_uppercase() || words > 2;
        // `a@b.co m` is a slip, `a@b.com work` a remark
        let remark = octets[domain..at.max(domain)].contains(&b'.') && end - stop > 2;
        if signs > 1 || (at < domain && name) || remark {
            return None;
        }
    }
    draft.remove(at, stop - at);
    Some(())
}

/// Drops a separator at either end; turns a comma between labels into a dot.
fn separator(draft: &mut Draft, at: usize) -> Option<()> {
    let octets = draft.as_slice();
    let (start, end) = trim(octets);
    let behind = octets[at..end]
        .iter()
        .all(|o| matches!(o, b',' | b';' | b' ' | b'>'));
    if behind {
        draft.truncate(at);
        return Some(());
    }
    if at == start {
        draft.remove(at, 1);
        return Some(());
    }
    let sign = octets.iter().position(|&o| o == b'@')?;
    if octets[at] != b',' || at < sign {
        return None;
    }
    // `a@b,com` and `a@b.co,uk`, but not `a@b.com,work`
    let rest = &octets[at + 1..end];
    let between = !octets[sign..at].contains(&b'.') || rest.len() == 2;
    if rest.contains(&b'@') || !between {
        return None;
    }
    draft.replace(at, 1, b'.');
    Some(())
}

/// Drops a bracket that stands in front of the address, with the name before it.
fn bracket(draft: &mut Draft, at: usize) -> Option<()> {
    let octets = draft.as_slice();
    let once = octets[at] == b'<' && octets[at + 1..].iter().all(|o| !b"<>".contains(o));
    once.then_some(())?;
    draft.remove(0, at + 1);
    Some(())
}

/// Writes a typographic apostrophe or dash, an ideographic full stop or a full-width character in
/// ASCII.
fn look_alike_sign(draft: &mut Draft, at: usize) -> Option<()> {
    let text = &draft.as_slice()[at..];
    let ascii = match *text {
        // U+2018, U+2019, U+02BC
        [0xE2, 0x80, 0x98 | 0x99, ..] | [0xCA, 0xBC, ..] => b'\'',
        // U+2010 to U+2015, U+2212
        [0xE2, 0x80, 0x90..=0x95, ..] | [0xE2, 0x88, 0x92, ..] => b'-',
        // U+3002, U+FF61
        [0xE3, 0x80, 0x82, ..] | [0xEF, 0xBD, 0xA1, ..] => b'.',
        // U+FF01 to U+FF3F and U+FF40 to U+FF5E are ASCII, moved
        [0xEF, 0xBC, last @ 0x81..=0xBF, ..] => last - 0x60,
        [0xEF, 0xBD, last @ 0x80..=0x9E, ..] => last - 0x20,
        _ => return None,
    };
    draft.replace(at, utf8_len(text[0]), ascii);
    Some(())
}
