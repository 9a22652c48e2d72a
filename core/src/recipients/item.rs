//! One item of a list: the address in it, and what stands around.

use std::borrow::Cow;
use std::ops::Range;

use super::trim_edges;

/// Where the address is, and the name beside it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'t> {
    /// Octets of the item.
    pub(super) address: Range<usize>,
    /// As a person would write it: without quotes and escapes.
    pub(super) name: Option<Cow<'t, str>>,
}

/// Takes an item apart: `Name <address>`, `"Quoted, Name" <address>`, `address (remark)`,
/// `mailto:address?…`, `"address"`, and the label in front of a group.
///
/// What has none of these forms is all address, so that its error says what is wrong.
pub(super) fn parts(item: &str) -> Parts<'_> {
    if item.bytes().all(is_plain) {
        return Parts {
            address: 0..item.len(),
            name: None,
        };
    }
    in_any_form(item)
}

fn in_any_form(item: &str) -> Parts<'_> {
    let whole = |text: &str, start: usize| {
        let (moved, address) = trim_edges(text);
        start + moved..start + moved + address.len()
    };
    let label = group_label(item);
    let rest = &item[label..];

    if let Some((name, inner, behind)) = brackets(rest) {
        let (_, behind) = trim_edges(behind);
        if behind.is_empty() || (behind.starts_with('(') && behind.ends_with(')')) {
            let start = label + name.len() + 1;
            return Parts {
                address: bare(item, whole(inner, start)),
                name: Some(unquote(name)).filter(|name| !name.is_empty()),
            };
        }
        return Parts {
            address: whole(item, 0),
            name: None,
        };
    }
    let rest = without_remark(rest);
    Parts {
        address: bare(item, whole(rest, label)),
        name: None,
    }
}

/// Whether an octet is no sign of any of the forms, nor anything that is trimmed: most addresses have no other.
fn is_plain(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'@' | b'-' | b'_' | b'+')
}

/// Octets of the label of a group (RFC 6854) in front, with its colon; 0 when there is none.
pub(super) fn group_label(item: &str) -> usize {
    let (moved, text) = trim_edges(item);
    if is_mailto(text) {
        return 0;
    }
    let quoted = match text.starts_with('"') {
        true => closing_quote(text, 0).map_or(0, |close| close + 1),
        false => 0,
    };
    match text[quoted..].find([':', '@', '<', '"']) {
        Some(i)
            if text[quoted + i..].starts_with(':') && !text[quoted + i..].starts_with("://") =>
        {
            moved + quoted + i + 1
        }
        _ => 0,
    }
}

fn is_mailto(text: &str) -> bool {
    text.get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("mailto:"))
}

/// What stands before, in and behind the only pair of angle brackets outside quotes.
fn brackets(item: &str) -> Option<(&str, &str, &str)> {
    let (moved, text) = trim_edges(item);
    let quoted = match text.starts_with('"') {
        true => closing_quote(text, 0).map_or(0, |close| moved + close + 1),
        false => 0,
    };
    let open = quoted + item[quoted..].find('<')?;
    let close = open + item[open..].find('>')?;
    let (inner, behind) = (&item[open + 1..close], &item[close + 1..]);
    let once = !inner.contains('<') && !behind.contains(['<', '>']);
    once.then_some((&item[..open], inner, behind))
}

/// The item without a remark in parentheses at its end, if an address stands before it.
fn without_remark(item: &str) -> &str {
    let (_, text) = trim_edges(item);
    if !text.ends_with(')') {
        return item;
    }
    match item.find('(') {
        Some(open) if item[..open].contains('@') => &item[..open],
        _ => item,
    }
}

/// The address without `mailto:` and what follows its `?`, and without one pair of quotes.
fn bare(item: &str, mut address: Range<usize>) -> Range<usize> {
    let text = &item[address.clone()];
    if is_mailto(text) {
        let link = address.start + 7;
        let target = &item[link..address.end];
        let sign = target.find('@').unwrap_or(0);
        let end = target[sign..]
            .find('?')
            .map_or(address.end, |query| link + sign + query);
        let (moved, target) = trim_edges(&item[link..end]);
        address = link + moved..link + moved + target.len();
    }
    let text = &item[address.clone()];
    if let [b'"', inner @ .., b'"'] = text.as_bytes()
        && inner.contains(&b'@')
        && !inner.contains(&b'"')
    {
        address = address.start + 1..address.end - 1;
    }
    address
}

/// Where the quotation that opens at `open` closes, on the same line.
pub(super) fn closing_quote(text: &str, open: usize) -> Option<usize> {
    let octets = text.as_bytes();
    let mut i = open + 1;
    while let Some(&octet) = octets.get(i) {
        match octet {
            b'"' => return Some(i),
            b'\n' | b'\r' => return None,
            b'\\' => i += 2,
            _ => i += 1,
        }
    }
    None
}

/// A display name without the quotes around and the escapes inside.
fn unquote(name: &str) -> Cow<'_, str> {
    let (_, name) = trim_edges(name);
    if !name.starts_with('"') || closing_quote(name, 0) != Some(name.len() - 1) {
        return Cow::Borrowed(name);
    }
    let inner = &name[1..name.len() - 1];
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_address_is_in_no_form(item in "[a-zA-Z0-9.@_+-]{0,12}") {
            prop_assert!(item.bytes().all(is_plain));
            prop_assert_eq!(in_any_form(&item), parts(&item));
        }
    }

    #[test]
    fn takes_items_apart() {
        for (item, address, name) in [
            ("a@b.example", "a@b.example", None),
            ("Ann <a@b.example>", "a@b.example", Some("Ann")),
            ("<a@b.example>", "a@b.example", None),
            ("Ann Lee< a@b.example >", "a@b.example", Some("Ann Lee")),
            (
                "\"Lee, Ann\" <a@b.example>",
                "a@b.example",
                Some("Lee, Ann"),
            ),
            (
                "\"Ann \\\"A\\\" \\\\\" <a@b.example>",
                "a@b.example",
                Some("Ann \"A\" \\"),
            ),
            ("\"<x>\" <a@b.example>", "a@b.example", Some("<x>")),
            ("Ann <mailto:a@b.example>", "a@b.example", Some("Ann")),
            ("mailto:a@b.example?subject=x", "a@b.example", None),
            ("mailto:a?b@c.example", "a?b@c.example", None),
            ("\"a@b.example\"", "a@b.example", None),
            ("a@b.example (work)", "a@b.example", None),
            ("Ann <a@b.example> (work)", "a@b.example", Some("Ann")),
            ("Team: a@b.example", "a@b.example", None),
            ("\"A: team\": Ann <a@b.example>", "a@b.example", Some("Ann")),
            // no form: all of it
            ("Ann <a@b.example", "Ann <a@b.example", None),
            ("<a@b.example> Ann", "<a@b.example> Ann", None),
            (
                "<a@b.example> <c@d.example>",
                "<a@b.example> <c@d.example>",
                None,
            ),
            ("\"a b\"@c.example", "\"a b\"@c.example", None),
            ("https://a@b.example", "https://a@b.example", None),
            ("(work)", "(work)", None),
            ("\"", "\"", None),
        ] {
            let parts = parts(item);
            assert_eq!(&item[parts.address.clone()], address, "{item}");
            assert_eq!(parts.name.as_deref(), name, "{item}");
        }
    }
}
