//! Domains one slip away from a well-known provider, and endings one slip away from a common one.
//!
//! What is listed here is what may be *proposed*; everything else a person types is left alone. A
//! provider is only compared with domains that start like it, and endings are listed one by one:
//! none of them is in the root zone, where a general distance would reach `.cam` or `.ong`.

use crate::chars::{find, octet, part, word};

/// Providers: the name, then the endings under which it gives out addresses. After `!` nobody else
/// can be meant by the name under `co`, `cm` or `om`.
///
/// Names under five letters are left out of the comparison: too much is one letter away from them.
/// So are providers one letter away from a word of their language.
const PROVIDERS: [&str; 22] = [
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
static OTHERS: &[u8] = b"gail grail";

/// Endings that do not exist: transposed, doubled and neighboring keys of the common ones, each in
/// four octets, and behind those of an ending the one that was meant.
const ENDINGS: [&str; 10] = [
    "con.cmo.ocm.xom.vom.fom.cim.cpm.clm.ckm.c0m.c9m.cok.coj.commcoomccomcomnconmcomk\
     copmcpomcoimciomcvomvcomxcomcxomcomj",
    "com",
    "nte.ent.ner.ney.nwt.nrt.nettneetnnetnertnetr",
    "net",
    "ogr.rog.prg.irg.orf.orh.otg.oeg.orggorrgoorg",
    "org",
    "eud.deu.eduuedy.",
    "edu",
    "couk",
    "co.uk",
];

static PACKED_PROVIDERS: [u8; packed_len(&PROVIDERS)] = packed(&PROVIDERS);
static PACKED_ENDINGS: [u8; packed_len(&ENDINGS)] = packed(&ENDINGS);

/// Texts one after the other, each behind its length: one that is not looked at is passed over, and
/// a table of slices would be more.
const fn packed<const LEN: usize>(texts: &[&str]) -> [u8; LEN] {
    let mut all = [0; LEN];
    let (mut text, mut at) = (0, 0);
    while text < texts.len() {
        let octets = texts[text].as_bytes();
        assert!(octets.len() < 256);
        all[at] = octets.len() as u8;
        let mut i = 0;
        while i < octets.len() {
            all[at + 1 + i] = octets[i];
            i += 1;
        }
        at += 1 + octets.len();
        text += 1;
    }
    all
}

const fn packed_len(texts: &[&str]) -> usize {
    let (mut text, mut len) = (0, texts.len());
    while text < texts.len() {
        len += texts[text].len();
        text += 1;
    }
    len
}

/// Takes the next of the texts that were packed.
#[inline(never)]
fn next(packed: &mut &'static [u8]) -> Option<&'static [u8]> {
    let (len, rest) = packed.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(*len))?;
    *packed = rest;
    Some(text)
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
    name: &'static [u8],
    /// What follows the last dot of the name, or of what stays.
    ending: &'static [u8],
}

impl Meant {
    /// What follows the octets that stay.
    pub fn parts(&self) -> [&'static [u8]; 3] {
        let dot: &[u8] = if self.name.is_empty() { b"" } else { b"." };
        [self.name, dot, self.ending]
    }
}

/// The domain that was probably meant with this one, which is in lower case, and valid or made
/// invalid by its ending alone.
#[inline(never)]
pub fn meant(domain: &[u8]) -> Option<Meant> {
    let dot = find(domain, b'.');
    let repaired = repaired_ending(domain);

    let name = part(domain, 0, dot);
    let ending = part(domain, dot + 1, domain.len());
    // a slip in the last label of several is no slip in the whole ending
    let wanted = match repaired {
        Some((keep, meant)) if keep == dot + 1 => meant,
        _ => ending,
    };
    let first = octet(domain, 0);
    let mut providers = &PACKED_PROVIDERS[..];
    while let Some(provider) = next(&mut providers) {
        // a slip leaves the first letter where it is, or puts the second in its place
        if !matches!(*provider, [one, other, ..] if one == first || other == first) {
            continue;
        }
        let space = find(provider, b' ');
        let own = part(provider, 0, find(provider, b'!').min(space));
        let endings = part(provider, space + 1, provider.len());
        let exact = name == own;
        let misplaced = is_misplaced_dot(domain, dot, own);
        if !exact && !misplaced && !is_slip(name, own) {
            continue;
        }
        let own_ending = word(endings, wanted);
        if exact && own_ending.is_some() && wanted == ending {
            return None;
        }
        let unmistakable = own.len() < space;
        let short = unmistakable && word(b"co cm om", ending).is_some();
        let found = match misplaced || exact && (ending.is_empty() || short) {
            true => word(endings, b"com"),
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
        name: b"",
        ending,
    })
}

/// An ending that does not exist, as the octets before it and what was meant.
type Repaired = Option<(usize, &'static [u8])>;

/// Whether the domain is `<name>com` with the dot left out or one place off.
fn is_misplaced_dot(domain: &[u8], dot: usize, name: &[u8]) -> bool {
    let (len, all) = (name.len(), domain.len());
    let off = dot == all || dot + 1 == len || dot == len + 1;
    let same = |i| {
        let typed = octet(domain, i + usize::from(i >= dot));
        typed
            == match i < len {
                true => octet(name, i),
                false => octet(b"com", i - len),
            }
    };
    off && len >= MIN_COMPARED && all == len + 3 + usize::from(dot < all) && (0..len + 3).all(same)
}

/// Whether `typed` is one slip away from `name`: a letter added, left out or exchanged, or two
/// neighbors swapped. The first letter is rarely mistyped, and what it would reach is often
/// somebody else: it may be swapped, and in long names left out.
fn is_slip(typed: &[u8], name: &[u8]) -> bool {
    let (mine, other) = (typed.len(), name.len());
    if other < MIN_COMPARED || word(OTHERS, typed).is_some() {
        return false;
    }
    let same = alike(typed, name, false);
    // octets in front of the slip and behind it
    let kept = same + alike(typed, name, true);
    let swapped =
        octet(typed, same) == octet(name, same + 1) && octet(typed, same + 1) == octet(name, same);
    same > 0 && (mine == other + 1 && kept >= other || mine == other && kept + 1 >= other)
        || (same > 0 || other >= MIN_BEHEADED) && mine + 1 == other && kept >= mine
        || swapped && mine == other && kept + 2 >= other
}

/// How many octets in front are the same, or at the end.
#[inline(never)]
fn alike(one: &[u8], other: &[u8], at_end: bool) -> usize {
    let same = |&i: &usize| match at_end {
        true => octet(one, one.len() - 1 - i) == octet(other, other.len() - 1 - i),
        false => octet(one, i) == octet(other, i),
    };
    (0..one.len().min(other.len())).take_while(same).count()
}

/// The octets before an ending that does not exist, and the ending that was meant.
fn repaired_ending(domain: &[u8]) -> Repaired {
    let (keep, label) = match *domain {
        [.., b'.', a, b, c] => (domain.len() - 3, [a, b, c, b'.']),
        [.., b'.', a, b, c, d] => (domain.len() - 4, [a, b, c, d]),
        _ => return None,
    };
    let mut endings = &PACKED_ENDINGS[..];
    loop {
        let (wrong, meant) = (next(&mut endings)?, next(&mut endings)?);
        if wrong.as_chunks().0.contains(&label) {
            return Some((keep, meant));
        }
    }
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
            String::from_utf8(meant.parts().concat()).unwrap()
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
    fn what_was_packed_comes_out_again() {
        let mut packed = &PACKED_PROVIDERS[..];
        for provider in PROVIDERS {
            assert_eq!(next(&mut packed), Some(provider.as_bytes()));
        }
        assert_eq!(next(&mut packed), None);
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
