//! Addresses with or without names: what people paste.

use std::borrow::Cow;
use std::ops::Range;

use super::item::{closing_quote, group_label, parts};
use super::{Reader, mixed, trim_edges};
use crate::email::Mapping;
use crate::id;
use crate::role::{self, Role};

/// Reads one line, which starts at `start` in the text.
pub(super) fn read_line<'t, M: Mapping>(
    reader: &mut Reader<'t, M>,
    start: usize,
    line: &'t str,
    items: &mut Vec<Range<usize>>,
) {
    let text = reader.text;
    if !reader.roles.is_empty() && mixed::read_line(reader, start, line) {
        return;
    }
    if let Some(address) = slip(line) {
        let span = start + address.start..start + address.end;
        let parts = parts(&line[address]);
        let address = span.start + parts.address.start..span.start + parts.address.end;
        return reader.push(span, address, None, None, None);
    }
    items.clear();
    split(line, |range, ended_by| {
        let (moved, item) = trim_edges(&line[range.clone()]);
        // a group without members has none to report
        let empty_group = ended_by == Some(b';') && item.ends_with(':') && !item.contains('@');
        if !item.is_empty() && !empty_group {
            let from = start + range.start + moved;
            items.push(from..from + item.len());
        }
    });
    // a table row: what is no address beside one is another column
    let names_someone = |item: &str| item.contains('@') || id::looks_like(item.trim()).is_some();
    let row = line.contains('\t') && items.iter().any(|item| names_someone(&text[item.clone()]));
    let mut role = None;
    for span in &*items {
        let item = &text[span.clone()];
        if row && !names_someone(item) {
            continue;
        }
        let parts = parts(item);
        let address = span.start + parts.address.start..span.start + parts.address.end;
        let label = item[..group_label(item)].trim_end_matches(':');
        if !label.is_empty() {
            role = means_role(label, reader.roles).then_some(Cow::Borrowed(label));
        }
        reader.push(span.clone(), address, None, parts.name, role.clone());
    }
}

/// Whether the label of a group is a role, or a slip for one: `Owner: ann@example.org, bo@example.org`.
fn means_role(label: &str, roles: &[Role]) -> bool {
    let found = role::find(label, roles);
    found.map_or_else(|error| error.nearest.is_some(), |_| true)
}

/// A line without the bullet or number in front of its item, and where it goes on.
pub(super) fn behind_bullet(line: &str) -> (usize, &str) {
    let (start, text) = trim_edges(line);
    let behind_sign = text.strip_prefix(['*', '-', '•', '‣', '◦', '·', '–', '—']);
    let behind_number = || {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = (1..=4).contains(&(text.len() - rest.len()));
        rest.strip_prefix(['.', ')']).filter(|_| is_number)
    };
    let rest = behind_sign
        .or_else(behind_number)
        .filter(|rest| is_blank(rest));
    match rest {
        // what is trimmed at the end stays with the line
        Some(rest) => {
            let moved = start + text.len() - rest.len();
            (moved, &line[moved..])
        }
        None => (0, line),
    }
}

/// The only address of a line whose domain has a comma where its dot should be: `ann@example,org`.
/// Without it neither part is one, so nothing that could be read is lost.
fn slip(line: &str) -> Option<Range<usize>> {
    let (moved, text) = trim_edges(line);
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let (local, domain) = text.split_once('@')?;
    let (label, rest) = domain.split_once(',')?;
    let is_label = |it: &str| {
        let plain = |o: u8| o.is_ascii_alphanumeric() || o == b'-';
        !it.is_empty() && it.bytes().all(plain)
    };
    let one = !local.is_empty()
        && !local.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '<' | '('))
        && is_label(label)
        && rest.split('.').all(is_label)
        && rest.bytes().any(|o| o.is_ascii_alphabetic())
        && id::looks_like(rest).is_none();
    one.then_some(moved..moved + text.len())
}

/// Cuts a line at separators outside quotes, brackets and parentheses, and at blanks between two
/// addresses. Items may be empty; each comes with the separator that ended it.
fn split(line: &str, mut item: impl FnMut(Range<usize>, Option<u8>)) {
    let octets = line.as_bytes();
    let last_sign = octets.iter().rposition(|&o| o == b'@').unwrap_or(0);
    // once a sign that opens has no counterpart on the line, no later one is looked for
    let (mut quotes, mut brackets, mut parentheses) = (true, true, true);
    let mut start = 0;
    let mut token = 0;
    // whether the word before, and the one being read, hold an address
    let (mut before, mut here) = (false, false);
    let mut i = 0;
    while let Some(&octet) = octets.get(i) {
        let mut end = i + 1;
        match octet {
            b',' | b';' | b'\t' => {
                item(start..i, Some(octet));
                (start, token) = (end, end);
                (before, here) = (false, false);
            }
            b'"' if quotes && i == token => match closing_quote(line, i) {
                Some(close) => end = close + 1,
                None => quotes = false,
            },
            b'<' if brackets => {
                let close = octets[end..].iter().position(|o| matches!(o, b'<' | b'>'));
                match close {
                    Some(close) if octets[end + close] == b'>' => {
                        here |= octets[end..end + close].contains(&b'@');
                        end += close + 1;
                        // `<a@b.example> Bob …`: whoever follows is somebody else
                        let next = octets[end..].iter().position(|o| !matches!(o, b' '));
                        if here && next.is_some_and(|next| next > 0) && last_sign > end {
                            let next = end + next.unwrap_or(0);
                            if !matches!(octets[next], b',' | b';' | b'\t' | b'(') {
                                item(start..end, None);
                                (start, token) = (next, next);
                                (before, here) = (false, false);
                                end = next;
                            }
                        }
                    }
                    Some(_) => {}
                    None => brackets = false,
                }
            }
            b'(' if parentheses => match closing_parenthesis(octets, i) {
                Some(close) => end = close + 1,
                None => parentheses = false,
            },
            b'@' => {
                here = true;
                if before {
                    item(start..token, None);
                    start = token;
                    before = false;
                }
            }
            _ if is_blank(&line[i..]) => {
                end = i + utf8_len(octet);
                if i > token {
                    before = here;
                    here = false;
                }
                token = end;
            }
            _ => {}
        }
        i = end;
        while i < octets.len() && !line.is_char_boundary(i) {
            i += 1;
        }
    }
    item(start..octets.len(), None);
}

fn is_blank(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_whitespace)
}

fn utf8_len(first: u8) -> usize {
    match first {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Where the parenthesis that opens at `open` closes; they nest.
fn closing_parenthesis(octets: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, octet) in octets.iter().enumerate().skip(open) {
        match octet {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(i);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Format, InvalidEntry, Options, Who, read};
    use crate::email::NoMapping;

    fn entries(text: &str) -> Vec<Entry> {
        let options = Options {
            format: Some(Format::Addresses),
            ..Options::default()
        };
        read(text, &options, &NoMapping).entries
    }

    /// Each entry as address, `address=name` or `text!error`.
    fn told(text: &str) -> Vec<String> {
        entries(text)
            .iter()
            .map(|entry| match &entry.recipient {
                Ok(recipient) => {
                    let who = match &recipient.who {
                        Who::Email(email) => email.to_string(),
                        Who::User { id, kind } => format!("{id} is {kind}"),
                    };
                    match &recipient.name {
                        Some(name) => format!("{who}={name}"),
                        None => who,
                    }
                }
                Err(InvalidEntry::Email(error)) => {
                    format!("{}!{}", &text[entry.span.clone()], error.kind.name())
                }
                Err(other) => other.to_string(),
            })
            .collect()
    }

    #[test]
    fn separates_what_people_separate() {
        for (text, expected) in [
            (
                "a@b.co,c@d.co;e@f.co\tg@h.co\ni@j.co",
                "a@b.co c@d.co e@f.co g@h.co i@j.co",
            ),
            ("a@b.co c@d.co\u{A0}e@f.co", "a@b.co c@d.co e@f.co"),
            (" , ;; \t\r\n a@b.co \r\r", "a@b.co"),
            ("Ann <a@b.co> Bob <c@d.co>", "a@b.co=Ann c@d.co=Bob"),
            ("<a@b.co> <c@d.co>", "a@b.co c@d.co"),
            (
                "\"Lee, Ann; x\" <a@b.co>, b@c.co",
                "a@b.co=Lee, Ann; x b@c.co",
            ),
            (
                "Team: a@b.co, Bob <c@d.co>; e@f.co",
                "a@b.co c@d.co=Bob e@f.co",
            ),
            ("undisclosed-recipients:; a@b.co", "a@b.co"),
            ("a@b.co (one, (two)), c@d.co (three)", "a@b.co c@d.co"),
            ("\"a@b.co\", mailto:c@d.co?x=y@z", "a@b.co c@d.co"),
            ("O'Neil, Pat <p@q.co>", "O'Neil!MissingAt p@q.co=Pat"),
            (
                "Ann\ta@b.co\tOwner\nBob\tx",
                "a@b.co Bob!MissingAt x!MissingAt",
            ),
            ("ann bob@c.co", "ann bob@c.co!WhitespaceInside"),
            ("a@b.co c", "a@b.co c!WhitespaceInside"),
            ("\"a, b@c.co", "\"a!MissingAt b@c.co"),
            ("(a, b@c.co", "(a!MissingAt b@c.co"),
            ("<a, b@c.co", "<a!MissingAt b@c.co"),
            ("<a,b@c.co>", "<a,b@c.co>!Separator"),
            ("", ""),
        ] {
            assert_eq!(told(text).join(" "), expected, "{text:?}");
        }
    }

    #[test]
    fn bullets_and_numbers_in_front_are_left_out() {
        let text = "* a@b.co\n - Ann <c@d.co>\n•\u{a0}e@f.co, g@h.co\n1. i@j.co\n12) k@l.co\n-m@n.co\n2.o@p.co";
        assert_eq!(
            told(text).join(" "),
            "a@b.co c@d.co=Ann e@f.co g@h.co i@j.co k@l.co -m@n.co 2.o@p.co"
        );
        let found = entries(text);
        assert_eq!((found[1].line, found[1].column), (2, 4));
        assert_eq!(&text[found[1].span.clone()], "Ann <c@d.co>");
    }

    #[test]
    fn a_comma_for_the_dot_of_a_domain_makes_one_entry_that_says_so() {
        for (text, expected) in [
            ("kim@paste,example", "kim@paste,example!Separator"),
            (" kim@paste,example ; ", "kim@paste,example!Separator"),
            ("kim@paste,co.uk", "kim@paste,co.uk!Separator"),
            // a list, as soon as it could be one
            (
                "kim@paste.example,example",
                "kim@paste.example example!MissingAt",
            ),
            (
                "kim@paste, example",
                "kim@paste!DomainSingleLabel example!MissingAt",
            ),
            ("kim@paste,a@b.co", "kim@paste!DomainSingleLabel a@b.co"),
            (
                "a@b.co,kim@paste,example",
                "a@b.co kim@paste!DomainSingleLabel example!MissingAt",
            ),
            (
                "kim@paste,example,x",
                "kim@paste!DomainSingleLabel example!MissingAt x!MissingAt",
            ),
            (
                "ann kim@paste,example",
                "ann kim@paste!WhitespaceInside example!MissingAt",
            ),
            (
                "kim@paste,clm8qv74h000008mlf08scq7k",
                "kim@paste!DomainSingleLabel clm8qv74h000008mlf08scq7k is an Astro id",
            ),
        ] {
            assert_eq!(told(text).join(" "), expected, "{text:?}");
        }
        let text = "a@b.co\n kim@paste,example";
        let slip = &entries(text)[1];
        assert_eq!(slip.error_at(), text.find(','));
        assert_eq!((slip.line, slip.column), (2, 2));
        let meant = crate::email::suggest(&text[slip.address.clone()]);
        assert_eq!(meant.as_deref(), Some("kim@paste.example"));
    }

    #[test]
    fn ids_are_users_and_not_bad_addresses() {
        assert_eq!(
            told("clm8qv74h000008mlf08scq7k, ad0566b5-2a67-49de-89e8-92258c2f2c98, nobody"),
            [
                "clm8qv74h000008mlf08scq7k is an Astro id",
                "ad0566b5-2a67-49de-89e8-92258c2f2c98 is an Astra id",
                "nobody!MissingAt"
            ]
        );
    }

    #[test]
    fn entries_know_their_place_and_their_double() {
        let text = "é, a@b.co\r\n  Ann <A@B.CO>;\ra@b.co x\na@B.co";
        let found = entries(text);
        let places: Vec<_> = found.iter().map(|e| (e.line, e.column)).collect();
        assert_eq!(places, [(1, 1), (1, 4), (2, 3), (3, 1), (4, 1)]);
        assert_eq!(&text[found[2].span.clone()], "Ann <A@B.CO>");
        assert_eq!(&text[found[2].address.clone()], "A@B.CO");
        assert_eq!(found[3].error_at(), Some(text.find(" x").unwrap()));
        let doubles: Vec<_> = found.iter().map(|e| e.duplicate_of).collect();
        assert_eq!(doubles, [None, None, None, None, Some(1)]);
        let folded = Options {
            ignore_case: true,
            ..Options::default()
        };
        let list = read(text, &folded, &NoMapping);
        assert_eq!(list.entries[2].duplicate_of, Some(1));
    }

    #[test]
    fn more_than_was_asked_for_is_counted() {
        let options = Options {
            max_entries: 2,
            ..Options::default()
        };
        let list = read("a@b.co,c@d.co,e@f.co,g", &options, &NoMapping);
        assert_eq!((list.entries.len(), list.left_out), (2, 2));
    }

    #[test]
    fn hostile_lengths_take_linear_time() {
        for piece in [
            "@",
            "\"",
            ",",
            "(",
            "<",
            "<>",
            "\"\\",
            "(\"",
            "a@ ",
            "<a@b.co> ",
            "\\\"",
            ":",
            "\t",
            "\r",
            " \"",
            ";\"",
            "(<",
            "é",
        ] {
            let text = piece.repeat(300_000);
            let list = entries(&text);
            assert!(list.iter().all(|entry| entry.span.end <= text.len()));
        }
    }
}
