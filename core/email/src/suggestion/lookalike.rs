//! Domains one slip away from a well-known provider, and endings one slip away from a common one.
//!
//! What is listed here is what may be *proposed*; everything else a person types is left alone. A
//! provider is only compared with domains that start like it, and endings are listed one by one:
//! none of them is in the root zone, where a general distance would reach `.cam` or `.ong`.

use crate::chars::part;

/// Providers: the name, then the endings under which it gives out addresses. After `!` nobody else
/// can be meant by the name under `co`, `cm` or `om`.
///
/// Names under five letters are left out of the comparison: too much is one letter away from them.
/// So are providers one letter away from a word of their language.
static PROVIDERS: [&str; 22] = [
    "aol com",
    "btinternet com",
    "comcast net",
    "fastmail com fm",
    "gmail! com",
    "googlemail com",
    "hotmail! com co.uk fr de it es nl be se ch com.br",
    "hushmail com",
    "icloud! com",
    "live com",
    "msn com",
    "outlook! com fr de it es jp be co.th com.br com.au",
    "protonmail! com ch",
    "rediffmail com",
    "rocketmail com",
    "sbcglobal net",
    "tutanota com de",
    "verizon net",
    "virginmedia com",
    "wanadoo fr",
    "yahoo! com co.uk fr de it es ca in co.in co.jp co.id com.br com.au com.mx com.ar com.tw com.hk com.sg",
    "yandex ru com",
];

/// Names one slip away from a provider that are somebody's own.
static OTHERS: [&str; 2] = ["gail", "grail"];

/// Endings that do not exist: transposed, doubled and neighboring keys of the common ones, each in
/// four octets. First those of `com`, then of `net`, `org`, `edu` and `co.uk`.
static NO_ENDINGS: [u32; 56] = no_endings();

const fn no_endings() -> [u32; 56] {
    let written = b"\
        con.cmo.ocm.xom.vom.fom.cim.cpm.clm.ckm.c0m.c9m.cok.coj.commcoomccomcomnconmcomk\
        copmcpomcoimciomcvomvcomxcomcxomcomjnte.ent.ner.ney.nwt.nrt.nettneetnnetnertnetr\
        ogr.rog.prg.irg.orf.orh.otg.oeg.orggorrgoorgeud.deu.eduuedy.couk";
    let mut table = [0; 56];
    let mut i = 0;
    while i < table.len() {
        let at = 4 * i;
        table[i] = packed([
            written[at],
            written[at + 1],
            written[at + 2],
            written[at + 3],
        ]);
        i += 1;
    }
    table
}

/// What was meant, and how many of the endings above are for it or one before it.
static ENDINGS: [(&str, usize); 5] = [
    ("com", 29),
    ("net", 40),
    ("org", 51),
    ("edu", 55),
    ("co.uk", 56),
];

const fn packed(label: [u8; 4]) -> u32 {
    u32::from_le_bytes(label)
}

/// For each letter the providers, as bits, that have it first, second and third.
static BY_LETTER: [[u32; 26]; 3] = [by_letter(0), by_letter(1), by_letter(2)];

const fn by_letter(place: usize) -> [u32; 26] {
    let mut table = [0; 26];
    let mut i = 0;
    while i < PROVIDERS.len() {
        let name = PROVIDERS[i].as_bytes();
        table[(name[place] - b'a') as usize] |= 1 << i;
        i += 1;
    }
    table
}

/// The providers, as bits, that a name with these first two letters and this length could mean: the
/// first letter is the provider's, or the first two are swapped, or the first is left out.
fn near(first: u8, second: u8, len: usize) -> u32 {
    let having = |place: usize, letter: u8| {
        let letters = BY_LETTER.get(place)?;
        letters.get(usize::from(letter.wrapping_sub(b'a')))
    };
    let having = |place, letter| having(place, letter).copied().unwrap_or(0);
    let beheaded = if len + 1 < MIN_BEHEADED {
        0
    } else {
        having(2, second)
    };
    let moved = having(1, first) & (having(0, second) | beheaded);
    (having(0, first) | moved) & BY_LENGTH.get(len).copied().unwrap_or(0)
}

/// For each length of a name the providers, as bits, whose name is at most one letter shorter or
/// longer, or whose name with `com` it could be.
static BY_LENGTH: [u32; 16] = by_length();

const fn by_length() -> [u32; 16] {
    let mut table = [0; 16];
    let mut i = 0;
    while i < PROVIDERS.len() {
        let provider = PROVIDERS[i].as_bytes();
        let mut len = 0;
        while provider[len] != b' ' && provider[len] != b'!' {
            len += 1;
        }
        table[len - 1] |= 1 << i;
        table[len] |= 1 << i;
        table[len + 1] |= 1 << i;
        table[len + 3] |= 1 << i;
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
pub struct Meant {
    /// Octets of the given domain that stay in front.
    pub keep: usize,
    /// A provider's name, or nothing.
    name: &'static str,
    /// What follows the last dot of the name, or of what stays.
    ending: &'static str,
}

impl Meant {
    /// What follows the octets that stay.
    pub fn parts(&self) -> [&'static str; 3] {
        let dot = if self.name.is_empty() { "" } else { "." };
        [self.name, dot, self.ending]
    }
}

/// The domain that was probably meant with this one, which is in lower case, and valid or made
/// invalid by its ending alone.
#[inline(never)]
pub fn meant(domain: &[u8]) -> Option<Meant> {
    let dot = domain.iter().position(|&o| o == b'.');
    let letter = |place| domain.get(place).copied().unwrap_or(0);
    let candidates = near(letter(0), letter(1), dot.unwrap_or(domain.len()));
    let ending = repaired_ending(domain);
    if candidates == 0 && ending.is_none() {
        return None;
    }
    compare(domain, candidates, ending)
}

/// An ending that does not exist, as the octets before it and what was meant.
type Repaired = Option<(usize, &'static str)>;

#[inline(never)]
fn compare(domain: &[u8], mut candidates: u32, repaired: Repaired) -> Option<Meant> {
    let dot = domain
        .iter()
        .position(|&o| o == b'.')
        .unwrap_or(domain.len());
    let name = part(domain, 0, dot);
    let ending = part(domain, dot + 1, domain.len());
    // a slip in the last label of several is no slip in the whole ending
    let wanted = match repaired {
        Some((keep, meant)) if keep == dot + 1 => meant.as_bytes(),
        _ => ending,
    };
    while candidates != 0 {
        let provider = PROVIDERS.get(candidates.trailing_zeros() as usize)?;
        candidates &= candidates - 1;
        let mut start = provider.find(' ')?;
        let unmistakable = provider.as_bytes().get(start - 1) == Some(&b'!');
        let own = provider.get(..start - usize::from(unmistakable))?;
        let exact = name == own.as_bytes();
        let misplaced = is_misplaced_dot(domain, own);
        if !exact && !misplaced && !is_slip(name, own.as_bytes()) {
            continue;
        }
        let (mut com, mut own_ending) = (None, None);
        while start < provider.len() {
            let words = provider.get(start + 1..)?;
            let len = words.find(' ').unwrap_or(words.len());
            let word = words.get(..len)?;
            start += 1 + len;
            if word == "com" {
                com = Some(word);
            }
            if word.as_bytes() == wanted {
                own_ending = Some(word);
            }
        }
        if exact && own_ending.is_some() && wanted == ending {
            return None;
        }
        let short = unmistakable && matches!(ending, b"co" | b"cm" | b"om");
        let found = match misplaced || exact && (ending.is_empty() || short) {
            true => com,
            false => own_ending,
        };
        if let Some(ending) = found {
            return Some(Meant {
                keep: 0,
                name: own,
                ending,
            });
        }
    }
    repaired.map(|(keep, ending)| Meant {
        keep,
        name: "",
        ending,
    })
}

/// Whether the domain is `<name>com` with the dot left out or one place off.
fn is_misplaced_dot(domain: &[u8], name: &str) -> bool {
    let place = domain.iter().position(|&o| o == b'.');
    if name.len() < MIN_COMPARED || place.is_some_and(|place| place.abs_diff(name.len()) != 1) {
        return false;
    }
    let mut letters = name.bytes().chain(*b"com");
    let mut dots = 0;
    let same = domain.iter().all(|&octet| match octet {
        b'.' => {
            dots += 1;
            true
        }
        _ => letters.next() == Some(octet),
    });
    same && dots < 2 && letters.next().is_none()
}

/// Whether `typed` is one slip away from `name`: a letter added, left out or exchanged, or two
/// neighbors swapped. The first letter is rarely mistyped, and what it would reach is often
/// somebody else: it may be swapped, and in long names left out.
fn is_slip(typed: &[u8], name: &[u8]) -> bool {
    if name.len() < MIN_COMPARED || typed.len().abs_diff(name.len()) > 1 {
        return false;
    }
    if OTHERS.iter().any(|other| other.as_bytes() == typed) {
        return false;
    }
    let same = |(a, b): &(&u8, &u8)| a == b;
    let prefix = typed.iter().zip(name).take_while(same).count();
    let short = typed.len().min(name.len()) - prefix;
    let suffix = typed.iter().rev().zip(name.iter().rev());
    let suffix = suffix.take(short).take_while(same).count();
    let (mine, other) = (
        part(typed, prefix, typed.len() - suffix),
        part(name, prefix, name.len() - suffix),
    );
    match (mine, other) {
        ([], [_]) => prefix > 0 || name.len() >= MIN_BEHEADED,
        ([_], [] | [_]) => prefix > 0,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// The octets before an ending that does not exist, and the ending that was meant.
fn repaired_ending(domain: &[u8]) -> Repaired {
    let (keep, label) = match *domain {
        [.., b'.', a, b, c] => (domain.len() - 3, packed([a, b, c, b'.'])),
        [.., b'.', a, b, c, d] => (domain.len() - 4, packed([a, b, c, d])),
        _ => return None,
    };
    let place = NO_ENDINGS.iter().position(|ending| *ending == label)?;
    let (meant, _) = ENDINGS.iter().find(|(_, end)| place < *end)?;
    Some((keep, meant))
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;

    use super::*;

    fn domain_meant(domain: &str) -> Option<String> {
        let meant = meant(domain.as_bytes())?;
        Some(format!(
            "{}{}",
            &domain[..meant.keep],
            meant.parts().concat()
        ))
    }

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
        for provider in PROVIDERS {
            let (name, endings) = provider.split_once(' ').unwrap();
            for ending in endings.split(' ') {
                let domain = format!("{}.{ending}", name.trim_end_matches('!'));
                assert_eq!(domain_meant(&domain), None, "{domain}");
            }
        }
    }
}
