//! Domains one slip away from a well-known provider, and endings one slip away from a common one.
//!
//! What is listed here is what may be *proposed*; everything else a person types is left alone. A
//! provider is only compared with domains that start like it, and endings are listed one by one:
//! none of them is in the root zone, where a general distance would reach `.cam` or `.ong`.

/// A provider: its name and the endings under which it gives out addresses.
struct Provider {
    name: &'static str,
    endings: &'static [&'static str],
    /// Whether nobody else can be meant by the name under `co`, `cm` or `om`.
    unmistakable: bool,
}

const fn known(name: &'static str, endings: &'static [&'static str]) -> Provider {
    Provider {
        name,
        endings,
        unmistakable: false,
    }
}

const fn unmistakable(name: &'static str, endings: &'static [&'static str]) -> Provider {
    Provider {
        name,
        endings,
        unmistakable: true,
    }
}

/// Names under five letters are left out of the comparison: too much is one letter away from them.
/// So are providers one letter away from a word of their language.
static PROVIDERS: [Provider; 22] = [
    known("aol", &["com"]),
    known("btinternet", &["com"]),
    known("comcast", &["net"]),
    known("fastmail", &["com", "fm"]),
    unmistakable("gmail", &["com"]),
    known("googlemail", &["com"]),
    unmistakable(
        "hotmail",
        &[
            "com", "co.uk", "fr", "de", "it", "es", "nl", "be", "se", "ch", "com.br",
        ],
    ),
    known("hushmail", &["com"]),
    unmistakable("icloud", &["com"]),
    known("live", &["com"]),
    known("msn", &["com"]),
    unmistakable(
        "outlook",
        &[
            "com", "fr", "de", "it", "es", "jp", "be", "co.th", "com.br", "com.au",
        ],
    ),
    unmistakable("protonmail", &["com", "ch"]),
    known("rediffmail", &["com"]),
    known("rocketmail", &["com"]),
    known("sbcglobal", &["net"]),
    known("tutanota", &["com", "de"]),
    known("verizon", &["net"]),
    known("virginmedia", &["com"]),
    known("wanadoo", &["fr"]),
    unmistakable(
        "yahoo",
        &[
            "com", "co.uk", "fr", "de", "it", "es", "ca", "in", "co.in", "co.jp", "co.id",
            "com.br", "com.au", "com.mx", "com.ar", "com.tw", "com.hk", "com.sg",
        ],
    ),
    known("yandex", &["ru", "com"]),
];

/// Names one slip away from a provider that are somebody's own.
static OTHERS: [&str; 2] = ["gail", "grail"];

/// Endings that do not exist, and what was meant: transposed, doubled and neighboring keys.
static ENDINGS: [(&str, &[&str]); 5] = [
    (
        "com",
        &[
            "con", "cmo", "ocm", "xom", "vom", "fom", "cim", "cpm", "clm", "ckm", "c0m", "c9m",
            "cok", "coj", "comm", "coom", "ccom", "comn", "conm", "comk", "copm", "cpom", "coim",
            "ciom", "cvom", "vcom", "xcom", "cxom", "comj",
        ],
    ),
    (
        "net",
        &[
            "nte", "ent", "ner", "ney", "nwt", "nrt", "nett", "neet", "nnet", "nert", "netr",
        ],
    ),
    (
        "org",
        &[
            "ogr", "rog", "prg", "irg", "orf", "orh", "otg", "oeg", "orgg", "orrg", "oorg",
        ],
    ),
    ("edu", &["eud", "deu", "eduu", "edy"]),
    ("co.uk", &["couk"]),
];

/// For each letter the providers, as bits, which start with it or have it in second place.
static BY_LETTER: [u32; 26] = by_letter();

const fn by_letter() -> [u32; 26] {
    let mut table = [0; 26];
    let mut i = 0;
    while i < PROVIDERS.len() {
        let name = PROVIDERS[i].name.as_bytes();
        table[(name[0] - b'a') as usize] |= 1 << i;
        if name.len() >= MIN_COMPARED {
            table[(name[1] - b'a') as usize] |= 1 << i;
        }
        i += 1;
    }
    table
}

/// Letters of the shortest name that is compared.
const MIN_COMPARED: usize = 5;
/// Letters of the shortest name whose first letter may be missing: `otmail`, but not `mail`.
const MIN_BEHEADED: usize = 7;

/// The domain that was meant: what stays of the one given, a provider's name and an ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Meant {
    /// Octets of the given domain that stay in front.
    pub(super) keep: usize,
    /// A provider's name, or nothing.
    name: &'static str,
    /// What follows the last dot of the name, or of what stays.
    ending: &'static str,
}

impl Meant {
    /// What follows the octets that stay.
    pub(super) fn parts(&self) -> [&'static str; 3] {
        let dot = if self.name.is_empty() { "" } else { "." };
        [self.name, dot, self.ending]
    }
}

/// The domain that was probably meant with this one, which is valid and in lower case.
pub(in super::super) fn domain_meant(domain: &str) -> Option<String> {
    let meant = meant(domain.as_bytes())?;
    Some(format!(
        "{}{}",
        &domain[..meant.keep],
        meant.parts().concat()
    ))
}

/// [`domain_meant`] on octets; the domain may be one that its ending alone makes invalid.
#[inline]
pub(in super::super) fn meant(domain: &[u8]) -> Option<Meant> {
    let dot = domain.iter().position(|&o| o == b'.');
    let (name, ending) = match dot {
        Some(dot) => (&domain[..dot], &domain[dot + 1..]),
        None => (domain, &[][..]),
    };
    let last = ending
        .iter()
        .rposition(|&o| o == b'.')
        .map_or(0, |dot| dot + 1);
    let repaired = repaired_ending(&ending[last..]);

    let first = name.first()?.wrapping_sub(b'a');
    let mut candidates = BY_LETTER.get(usize::from(first)).copied().unwrap_or(0);
    while candidates != 0 {
        let provider = &PROVIDERS[candidates.trailing_zeros() as usize];
        candidates &= candidates - 1;
        // a slip in the last label of several is no slip in the whole ending
        let repaired = repaired.filter(|_| last == 0);
        if let Some(answer) = compare(provider, domain, name, ending, repaired) {
            return answer;
        }
    }
    repaired.map(|ending| Meant {
        keep: dot.map_or(0, |dot| dot + 1 + last),
        name: "",
        ending,
    })
}

/// What was meant if it was this provider; the inner nothing says that the domain is the provider's.
fn compare(
    provider: &'static Provider,
    domain: &[u8],
    name: &[u8],
    ending: &[u8],
    repaired: Option<&'static str>,
) -> Option<Option<Meant>> {
    let meant = |ending| {
        Some(Some(Meant {
            keep: 0,
            name: provider.name,
            ending,
        }))
    };
    let own = |wanted: &[u8]| {
        provider
            .endings
            .iter()
            .find(|ending| ending.as_bytes() == wanted)
            .copied()
    };
    let common = own(b"com");
    let exact = name == provider.name.as_bytes();
    if exact && own(ending).is_some() {
        return Some(None);
    }
    if exact && let Some(com) = common {
        let short = matches!(ending, b"co" | b"cm" | b"om") && provider.unmistakable;
        if ending.is_empty() || short {
            return meant(com);
        }
    }
    if exact || is_slip(name, provider.name.as_bytes()) {
        let ending = match repaired {
            Some(repaired) => own(repaired.as_bytes()),
            None => own(ending),
        };
        if let Some(ending) = ending {
            return meant(ending);
        }
    }
    if let Some(com) = common
        && has_misplaced_dot(domain, provider.name.as_bytes())
    {
        return meant(com);
    }
    None
}

/// Whether the domain is `<name>com` with the dot left out or one place off.
fn has_misplaced_dot(domain: &[u8], name: &[u8]) -> bool {
    if name.len() < MIN_COMPARED {
        return false;
    }
    let without_dot = |o: &&u8| **o != b'.';
    let dots = domain.len().wrapping_sub(name.len() + 3);
    let place = domain.iter().position(|&o| o == b'.');
    dots <= 1
        && place.is_none_or(|place| place.abs_diff(name.len()) == 1)
        && domain
            .iter()
            .filter(without_dot)
            .eq(name.iter().chain(b"com"))
}

/// Whether `typed` is one slip away from `name`: a letter added, left out or exchanged, or two
/// neighbors swapped. The first letter is rarely mistyped, and what it would reach is often
/// somebody else: it may be swapped, and in long names left out.
fn is_slip(typed: &[u8], name: &[u8]) -> bool {
    let (long, short) = match typed.len() < name.len() {
        true => (name, typed),
        false => (typed, name),
    };
    if name.len() < MIN_COMPARED || long.len() - short.len() > 1 {
        return false;
    }
    if OTHERS.iter().any(|other| other.as_bytes() == typed) {
        return false;
    }
    let prefix = typed.iter().zip(name).take_while(|(a, b)| a == b).count();
    let suffix = typed[prefix.min(typed.len())..]
        .iter()
        .rev()
        .zip(name[prefix..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    if long.len() > short.len() {
        let beheaded = typed.len() < name.len() && name.len() >= MIN_BEHEADED;
        return prefix + suffix >= short.len() && (prefix > 0 || beheaded);
    }
    let differing = prefix..name.len() - suffix;
    match (&typed[differing.clone()], &name[differing]) {
        ([_], [_]) => prefix > 0,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// The ending that was meant with one that does not exist.
fn repaired_ending(label: &[u8]) -> Option<&'static str> {
    if !matches!(label.len(), 3 | 4) || matches!(label, b"com" | b"net" | b"org" | b"info") {
        return None;
    }
    ENDINGS
        .iter()
        .find(|(_, slips)| slips.iter().any(|slip| slip.as_bytes() == label))
        .map(|(ending, _)| *ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_slips() {
        for (typed, wanted) in [
            ("gmial.com", "gmail.com"),
            ("gmal.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gnail.com", "gmail.com"),
            ("mgail.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("gmial.cmo", "gmail.com"),
            ("gmailc.om", "gmail.com"),
            ("gmai.lcom", "gmail.com"),
            ("otmail.com", "hotmail.com"),
            ("hotmal.co.uk", "hotmail.co.uk"),
            ("hotmial.couk", "hotmail.co.uk"),
            ("hotmail.couk", "hotmail.co.uk"),
            ("yaho.co.jp", "yahoo.co.jp"),
            ("iclould.com", "icloud.com"),
            ("aol.con", "aol.com"),
            ("comcast.nte", "comcast.net"),
            ("yandx.ru", "yandex.ru"),
            ("mail.company.con", "mail.company.com"),
            ("company.ogr", "company.org"),
            ("company.couk", "company.co.uk"),
        ] {
            assert_eq!(domain_meant(typed).as_deref(), Some(wanted), "{typed}");
        }
    }

    #[test]
    fn leaves_everybody_else_alone() {
        for domain in [
            "gmail.com",
            "googlemail.com",
            "hotmail.co.uk",
            "outlook.jp",
            "yahoo.co.in",
            "ymail.com",
            "email.com",
            "mail.com",
            "fmail.com",
            "gmx.de",
            "gmx.fr",
            "mac.com",
            "me.com",
            "pm.me",
            "bt.com",
            "aol.de",
            "love.com",
            "cloud.com",
            "gail.com",
            "grail.com",
            "never.com",
            "g.mail.com",
            "gmail.company.com",
            "gmail.xyz",
            "aol.co",
            "company.co",
            "company.cm",
            "company.om",
            "company.cam",
            "company.ong",
            "company.pet",
            "company.next",
            "con.com",
            "con.company.com",
            "1and1.de",
            "-",
            "a",
            "",
        ] {
            assert_eq!(domain_meant(domain), None, "{domain}");
        }
    }

    #[test]
    fn no_provider_is_a_slip_of_another() {
        for provider in &PROVIDERS {
            for ending in provider.endings {
                let domain = format!("{}.{ending}", provider.name);
                assert_eq!(domain_meant(&domain), None, "{domain}");
            }
        }
    }
}
