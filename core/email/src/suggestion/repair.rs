//! One repair for each error that a slip of the hand explains.
//!
//! Drafts come trimmed.

use super::draft::Draft;
use super::lookalike;
use crate::chars::{edge_len, foreign_char, utf8_len};
use crate::kind::EmailErrorKind::{self, *};

/// Drops one pair of signs around the whole. Says whether there was one.
pub(super) fn unwrap(draft: &mut Draft) -> bool {
    let last = draft.len().saturating_sub(1);
    let wrapped = matches!(
        (draft.get(0), draft.get(last)),
        (b'"', b'"') | (b'\'', b'\'') | (b'[', b']') | (b'(', b')')
    );
    if wrapped && last > 1 {
        draft.truncate(last);
        draft.remove(0, 1);
        draft.trim();
        return true;
    }
    false
}

/// Repairs one error, or gives up.
#[inline(never)]
pub(super) fn repair(draft: &mut Draft, kind: EmailErrorKind, at: usize) -> Option<()> {
    let sign = draft.find(b'@', 0);
    let found = draft.get(at);
    match kind {
        MailtoPrefix => {
            let before = if sign < draft.len() { sign } else { 0 };
            draft.truncate(draft.find(b'?', before));
            draft.remove(0, "mailto:".len());
        }
        MissingAt => {
            for i in 0..draft.len() {
                let len = match foreign_char(draft.tail(i)) {
                    0xFF20 | 0xFE6B => 3,
                    _ => spelled(draft, i, b"at"),
                };
                if len > 0 {
                    join(draft, i, len, b'@');
                    return Some(());
                }
            }
            return None;
        }
        DisplayName => {
            draft.truncate(draft.len() - 1);
            draft.remove(0, at + 1);
        }
        // a handle as in `@ann@company.example`, or an `@` typed twice
        LocalEmpty if draft.count(b'@') == 2 => draft.remove(0, 1),
        LocalLeadingDot | LocalConsecutiveDots | LocalTrailingDot | DomainTrailingDot
        | ControlChar => draft.remove(at, 1),
        DomainEmptyLabel if found == b'.' => draft.remove(at, 1),
        WhitespaceInside => return blank(draft, at),
        Separator => return separator(draft, at, sign),
        LocalNonAscii => return look_alike_sign(draft, at),
        // typed twice, or once more at the end
        ExtraAt if sign + 1 == at || at + 1 == draft.len() => draft.remove(at, 1),
        Comment | LocalInvalidChar | DomainInvalidChar => {
            let dot = spelled(draft, at, b"dot");
            if dot > 0 {
                join(draft, at, dot, b'.');
            } else if found == b'(' && at > sign && draft.get(draft.len() - 1) == b')' {
                // a remark behind the address
                draft.truncate(at);
            } else if found == b'<' && at < sign {
                return bracket(draft, at);
            } else if at > sign && draft.tail(at).iter().all(is_left_over) {
                draft.truncate(at);
            } else {
                return None;
            }
        }
        DomainSingleLabel | TldInvalid => {
            let domain = sign + 1;
            draft.lower_case(domain);
            let meant = lookalike::meant(draft.tail(domain))?;
            return draft.rewrite_domain(domain, &meant);
        }
        _ => return None,
    }
    Some(())
}

/// Writes the first sign of another alphabet in ASCII, in a domain that would need a mapping.
pub(super) fn foreign_domain(draft: &mut Draft, start: usize) -> Option<()> {
    let foreign = (start..draft.len()).find(|&at| draft.get(at) >= 0x80)?;
    look_alike_sign(draft, foreign)
}

/// What is copied along with the end of an address.
fn is_left_over(octet: &u8) -> bool {
    matches!(octet, b'>' | b'"' | b'\'' | b':' | b'/' | b'!' | b'*')
}

/// The length of `(word)` or `[word]` at `at`, in any case; 0 when it is not there.
#[inline(never)]
fn spelled(draft: &Draft, at: usize, word: &[u8]) -> usize {
    let close = match draft.get(at) {
        b'(' => b')',
        b'[' => b']',
        _ => return 0,
    };
    let same = |(i, octet): (usize, &u8)| draft.get(at + 1 + i).to_ascii_lowercase() == *octet;
    let len = word.len() + 2;
    match word.iter().enumerate().all(same) && draft.get(at + len - 1) == close {
        true => len,
        false => 0,
    }
}

/// Puts `octet` in the place of `len` octets at `at` and the ASCII spaces around them.
#[inline(never)]
fn join(draft: &mut Draft, at: usize, len: usize, octet: u8) {
    let (mut start, mut end) = (at, at + len);
    while start > 0 && draft.get(start - 1) == b' ' {
        start -= 1;
    }
    while draft.get(end) == b' ' {
        end += 1;
    }
    draft.replace(start, end - start, octet);
}

/// Removes the blank at `at`, unless the blanks rather separate words or addresses.
fn blank(draft: &mut Draft, at: usize) -> Option<()> {
    let mut stop = at;
    let mut visible = false;
    loop {
        visible |= matches!(draft.get(stop), b'\t'..=b'\r' | b' ' | 0xC2);
        match edge_len(draft.tail(stop)) {
            0 => break,
            len => stop += len,
        }
    }
    let sign = draft.find(b'@', 0);
    let next = draft.get(stop);
    let open = draft.find(b'<', 0);
    if open < draft.len() {
        return bracket(draft, open);
    }
    // what is spelled or remarked behind the blank is looked at when it has gone
    let joins = |octet: u8| matches!(octet, b'@' | b'.' | b'-' | b'_' | b'+' | b'(' | b'[');
    if visible && !joins(next) && !joins(draft.get(at - 1)) {
        // `jo hn@…` is a slip, `Ann ann@…` and `Ann Lee ann@…` are a name
        let blanks = (stop..sign).any(|i| draft.get(i) == b' ');
        let name = at < sign && (draft.get(0).is_ascii_uppercase() || blanks);
        // `a@b.co m` is a slip, `a@b.com work` a remark
        let dot = draft.find(b'.', sign);
        let remark = dot < at && draft.len() - stop > 2;
        if name || remark || draft.count(b'@') > 1 {
            return None;
        }
    }
    draft.remove(at, stop - at);
    Some(())
}

/// Drops a separator at either end; turns a comma between labels into a dot.
fn separator(draft: &mut Draft, at: usize, sign: usize) -> Option<()> {
    let behind = |octet: &u8| matches!(octet, b',' | b';' | b' ' | b'>');
    if draft.tail(at).iter().all(behind) {
        draft.truncate(at);
    } else if at == 0 {
        draft.remove(0, 1);
    } else {
        // `a@b,com` and `a@b.co,uk`, but not `a@b.com,work`
        let dot = draft.find(b'.', sign);
        let between = dot > at || draft.len() - at == 3;
        let one = draft.get(at) == b',' && at > sign && draft.find(b'@', at) == draft.len();
        (between && one).then_some(())?;
        draft.replace(at, 1, b'.');
    }
    Some(())
}

/// Drops a bracket that stands in front of the address, with the name before it.
#[inline(never)]
fn bracket(draft: &mut Draft, at: usize) -> Option<()> {
    let once = draft.count(b'<') == 1 && draft.count(b'>') == 0;
    once.then_some(())?;
    draft.remove(0, at + 1);
    Some(())
}

/// Writes a typographic apostrophe or dash, an ideographic full stop or a full-width character in
/// ASCII.
#[inline(never)]
fn look_alike_sign(draft: &mut Draft, at: usize) -> Option<()> {
    let ascii = match foreign_char(draft.tail(at)) {
        0x2018 | 0x2019 | 0x02BC => b'\'',
        0x2010..=0x2015 | 0x2212 => b'-',
        0x3002 | 0xFF61 => b'.',
        // all of ASCII that can be seen, moved
        wide @ 0xFF01..=0xFF5E => (wide - 0xFEE0) as u8,
        _ => return None,
    };
    draft.replace(at, utf8_len(draft.get(at)), ascii);
    Some(())
}
