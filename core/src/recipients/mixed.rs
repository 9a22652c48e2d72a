//! A role behind an address, in a list whose lines have no common form: `a@b.example OWNER`,
//! `Ann <a@b.example>, billing admin`, `a@b.example;Owner` beside bare addresses.

use std::borrow::Cow;
use std::ops::Range;

use super::item::parts;
use super::{Reader, trim_edges};
use crate::email::{Email, Mapping};
use crate::letters::is_letter;

/// What may stand between an address and a role.
const BETWEEN: [char; 6] = [',', ';', '\t', '|', ':', '='];

/// Reads a line that holds one address and behind it nothing but a role, or a slip for one, and
/// tells whether it was such a line. `start` is where the line starts in the text.
pub(super) fn read_line<'t, M: Mapping>(
    reader: &mut Reader<'t, M>,
    start: usize,
    line: &'t str,
) -> bool {
    let Some(Cut { who, role, apart }) = cut(line) else {
        return false;
    };
    let text = &line[role.clone()];
    let item = parts(&line[who.clone()]);
    let address = who.start + item.address.start..who.start + item.address.end;
    let is_role = match reader.roles(Cow::Borrowed(text)) {
        Ok(_) => true,
        // a slip in a role only beside a good address: `ann@example,org` is a slip in the address
        Err(error) => {
            let means_role = error.nearest.is_some() || apart && is_name(text);
            means_role && Email::read(&line[address.clone()], reader.mapping).is_ok()
        }
    };
    if is_role {
        reader.push(
            start + who.start..start + role.end,
            start + address.start..start + address.end,
            None,
            item.name,
            Some(Cow::Borrowed(text)),
        );
    }
    is_role
}

/// Whether a text could be the name of a role that there is not: nobody gets another role because of a word that is
/// not understood. An address without its `@` has a dot.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| is_letter(c) || " -_/&".contains(c))
}

/// A line with one address.
struct Cut {
    /// The item with the address.
    who: Range<usize>,
    /// What stands behind it.
    role: Range<usize>,
    /// Whether more than a space stands between them.
    apart: bool,
}

/// Cuts a line with one address behind that.
fn cut(line: &str) -> Option<Cut> {
    let sign = line.find('@')?;
    if line[sign + 1..].contains('@') {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || c == '>' || BETWEEN.contains(&c);
    let mut end = sign + line[sign..].find(ends)?;
    if line[end..].starts_with('>') {
        end += 1;
    }
    let behind = |c: char| c.is_whitespace() || BETWEEN.contains(&c);
    let (tail, item) = (&line[end..], &line[..end]);
    let role = tail.trim_start_matches(behind);
    let apart = tail[..tail.len() - role.len()].contains(BETWEEN);
    let (invisible, trimmed) = trim_edges(role);
    let from = line.len() - role.len() + invisible;
    let role = trimmed.trim_end_matches(behind);
    let (moved, item) = trim_edges(item);
    // what stands in parentheses is a remark
    (!role.is_empty() && !role.starts_with('(')).then_some(Cut {
        who: moved..moved + item.len(),
        role: from..from + role.len(),
        apart,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::names;
    use super::super::{Entry, Format, InvalidEntry, Options, read};
    use crate::email::NoMapping;
    use crate::service::Service;

    /// Each entry as `address=roles`, `address!role` or `text!`.
    fn told(service: Service, text: &str) -> Vec<String> {
        let roles = service.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        let list = read(text, &options, &NoMapping);
        assert_eq!(list.format, Format::Addresses, "{text}");
        let entry = |entry: &Entry| {
            let address = &text[entry.address.clone()];
            match &entry.recipient {
                Ok(recipient) if recipient.roles.is_empty() => address.to_owned(),
                Ok(recipient) => format!("{address}={}", names(recipient).join("+")),
                Err(InvalidEntry::Role(_)) => format!("{address}!role"),
                Err(_) => format!("{}!", &text[entry.span.clone()]),
            }
        };
        list.entries.iter().map(entry).collect()
    }

    #[test]
    fn lines_without_a_common_form_keep_their_roles() {
        let text = "lena.fischer@cosmicenergy.example
Omar Haddad <omar@cosmicenergy.example>  ORGANIZATION_BILLING_ADMIN
chen.wei@cosmicenergy.example;billing admin
ada.okafor@cosmicenergy.example owner
casey@partner.example
priya@cosmicenergy,example
tom@gmial.com\tMember
\"Lee, Kim\" <lee@cosmicenergy.example>, Owner;
kim@cosmicenergy.example OWNR";
        assert_eq!(
            told(Service::Astro, text),
            [
                "lena.fischer@cosmicenergy.example",
                "omar@cosmicenergy.example=ORGANIZATION_BILLING_ADMIN",
                "chen.wei@cosmicenergy.example=ORGANIZATION_BILLING_ADMIN",
                "ada.okafor@cosmicenergy.example=ORGANIZATION_OWNER",
                "casey@partner.example",
                "priya@cosmicenergy,example!",
                "tom@gmial.com=ORGANIZATION_MEMBER",
                "lee@cosmicenergy.example=ORGANIZATION_OWNER",
                "kim@cosmicenergy.example!role",
            ]
        );
    }

    #[test]
    fn a_word_that_is_no_role_gives_nobody_the_default_role() {
        assert_eq!(
            told(
                Service::Astro,
                "a@b.example\nc@d.example, superhero\ne@f.example; Grand-Duke of all, \ng@h.example, owner\ni@j.example, k.l.example\nm@n.example Bob"
            ),
            [
                "a@b.example",
                "c@d.example!role",
                "e@f.example!role",
                "g@h.example=ORGANIZATION_OWNER",
                "i@j.example",
                "k.l.example!",
                "m@n.example Bob!",
            ]
        );
    }

    #[test]
    fn a_role_in_front_of_a_group_is_that_of_its_people() {
        assert_eq!(
            told(
                Service::Astro,
                "Owner: a@b.example, Cy <c@d.example>\nteam: e@f.example\nOwners: g@h.example\n\
                 Owner: i@j.example; Billing admin: k@l.example; Team: m@n.example\nOwner: o@p.example, member"
            ),
            [
                "a@b.example=ORGANIZATION_OWNER",
                "c@d.example=ORGANIZATION_OWNER",
                "e@f.example",
                "g@h.example!role",
                "i@j.example=ORGANIZATION_OWNER",
                "k@l.example=ORGANIZATION_BILLING_ADMIN",
                "m@n.example",
                "o@p.example=ORGANIZATION_MEMBER",
            ]
        );
    }

    #[test]
    fn the_span_holds_the_line_and_the_address_the_address() {
        let text = "a@b.example\n  Ann <c@d.example> ; billing admin ,\n";
        let roles = Service::Astro.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        let entry = &read(text, &options, &NoMapping).entries[1];
        assert_eq!(
            &text[entry.span.clone()],
            "Ann <c@d.example> ; billing admin"
        );
        assert_eq!(&text[entry.address.clone()], "c@d.example");
        assert_eq!((entry.line, entry.column), (2, 3));
        let recipient = entry.recipient.as_ref().unwrap();
        assert_eq!(recipient.name.as_deref(), Some("Ann"));
    }

    #[test]
    fn invisible_characters_around_a_role_are_no_part_of_it() {
        for text in [
            "a@b.example\nAnn <c@d.example>; \u{200b}owner",
            "a@b.example\nc@d.example \u{feff}owner\u{200b};",
            "a@b.example\nc@d.example,\u{2066}Owner\u{2069}",
        ] {
            let told = told(Service::Astro, text);
            assert_eq!(told[1], "c@d.example=ORGANIZATION_OWNER", "{text:?}");
        }
        // what is left may be shorter than what went away
        assert_eq!(
            told(Service::Astro, "Ann <a@b.example>; \u{200b}me"),
            ["a@b.example!role"]
        );
    }

    #[test]
    fn several_roles_of_one_person_stay_together() {
        let text = "a@b.example\nc@d.example Billing Administrator;UI View Only";
        let roles = Service::Astra.known_roles();
        let id = |label: &str| {
            let role = roles.iter().find(|role| role.label == label);
            role.unwrap().id.to_string()
        };
        assert_eq!(
            told(Service::Astra, text)[1],
            format!(
                "c@d.example={}+{}",
                id("Billing Administrator"),
                id("UI View Only")
            )
        );
    }

    #[test]
    fn what_is_no_role_is_read_as_before() {
        for text in [
            "a@b.example\nc@d.example Bob",
            "a@b.example\nc@d.example e@f.example",
            "a@b.example\nc@d.example, e@f.example Owner",
            "a@b.example (Owner)\nc@d.example",
        ] {
            let format = Some(Format::Addresses);
            let options = Options {
                format,
                ..Options::default()
            };
            let bare = read(text, &options, &NoMapping);
            let roles = Service::Astro.known_roles();
            let options = Options {
                roles: &roles,
                ..options
            };
            assert_eq!(
                read(text, &options, &NoMapping).entries,
                bare.entries,
                "{text}"
            );
        }
    }
}
