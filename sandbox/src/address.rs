//! What the services refuse as an address: their rule is not known, so only what nobody takes.

/// Longest address: 254 bytes, the limit of a path (RFC 5321) less its angle brackets.
const MAX_BYTES: usize = 254;

/// Whether a service would take a text for an address.
pub(crate) fn is_plausible(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let foreign = |ch: char| ch.is_whitespace() || ch.is_control() || "<>(),;:\\\"[]@".contains(ch);
    let labels_stand = domain.contains('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    text.len() <= MAX_BYTES
        && !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !text.replacen('@', "", 1).contains(foreign)
        && labels_stand
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_people_have() {
        for text in [
            "pete.pending@example.com",
            "o'neil+tag@sub.example.co",
            "x@xn--bcher-kva.example",
            "jörg@example.de",
        ] {
            assert!(is_plausible(text), "{text}");
        }
    }

    #[test]
    fn refuses_what_nobody_takes() {
        for text in [
            "",
            "not-an-email",
            "@example.com",
            "a@",
            "a@b",
            "a@b..c",
            "a@-b.c",
            "a@@b.c",
            "a@b@c.d",
            "a b@c.d",
            "a\u{a0}b@c.d",
            "<a@b.c>",
            "a@b.c,d@e.f",
            ".a@b.c",
            "a..b@c.d",
        ] {
            assert!(!is_plausible(text), "{text}");
        }
        assert!(!is_plausible(&format!("{}@example.com", "a".repeat(243))));
    }
}
