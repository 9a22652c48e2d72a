//! A check with all its choices: policy and options in, the address with its notices out.

use std::borrow::Cow;

use rolecall_email::{self as octets, EmailErrorKind, MAX_ADDRESS, MAX_LOCAL};

use super::InvalidEmail;
use super::mapping::{self, Mapping};

/// What counts as an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Policy {
    /// An address to which a hosted service can really send an invitation today.
    #[default]
    Invitable,
    /// Exactly the "valid e-mail address" of the WHATWG HTML standard, on the text as given.
    Html,
    /// The `Mailbox` of RFC 5321 4.1.2, ASCII only, on the text as given.
    Rfc5321,
}

/// A policy with its options. The options are about `Invitable`; the other two are exactly their
/// specifications.
///
/// # Example
///
/// ```
/// use rolecall_core::email::{EmailErrorKind, NoMapping, Notice, Policy, Rules};
///
/// let rules = Rules::default();
/// let checked = rules.check(" a@printer.local", &NoMapping)?;
/// assert_eq!(checked.as_str(), "a@printer.local");
/// assert_eq!(checked.notices, [Notice::Trimmed, Notice::ReservedDomain]);
///
/// let strict = Rules { refuse_reserved: true, ..Rules::default() };
/// let error = strict.check("a@printer.local", &NoMapping).unwrap_err();
/// assert_eq!((error.kind, error.at), (EmailErrorKind::ReservedDomain, 10));
///
/// let html = Rules { policy: Policy::Html, ..Rules::default() };
/// assert!(html.check("a@localhost", &NoMapping).is_ok());
/// # Ok::<(), rolecall_core::email::InvalidEmail>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rules {
    /// What counts as an address.
    pub policy: Policy,
    /// Accept non-ASCII characters before the `@`. Such a mailbox works only if every hop speaks
    /// SMTPUTF8. They are normalized to NFC, which the [`Mapping`] has to provide.
    pub allow_non_ascii_local: bool,
    /// Refuse domains to which no mail arrives over the public Internet, instead of noticing them.
    pub refuse_reserved: bool,
}

/// Something worth saying about an accepted address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Notice {
    /// Blanks or invisible characters around it were dropped.
    Trimmed,
    /// Case or writing of the domain was changed.
    Normalized,
    /// Mail to this domain does not arrive over the public Internet.
    ReservedDomain,
    /// The domain looks like a slip; this address was probably meant.
    Suggestion(String),
}

impl Notice {
    /// The notice's name, as in `ReservedDomain`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Trimmed => "Trimmed",
            Self::Normalized => "Normalized",
            Self::ReservedDomain => "ReservedDomain",
            Self::Suggestion(_) => "Suggestion",
        }
    }
}

/// An accepted address in its normalized form, with what is worth saying about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<'a> {
    address: Cow<'a, str>,
    at: usize,
    /// What is worth saying, in the order of [`Notice`].
    pub notices: Vec<Notice>,
}

impl Checked<'_> {
    /// The normalized address.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        &self.address[..self.at]
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        &self.address[self.at + 1..]
    }

    /// What to compare addresses by: the domain without regard to case, the local part exactly.
    pub fn key(&self) -> Cow<'_, str> {
        if self.domain().bytes().any(|o| o.is_ascii_uppercase()) {
            let mut key = self.address.to_string();
            key[self.at..].make_ascii_lowercase();
            return Cow::Owned(key);
        }
        Cow::Borrowed(&self.address)
    }

    /// The normalized address.
    pub fn into_string(self) -> String {
        self.address.into_owned()
    }
}

impl Rules {
    /// Checks one address.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and where.
    pub fn check<'a>(
        &self,
        text: &'a str,
        mapping: &impl Mapping,
    ) -> Result<Checked<'a>, InvalidEmail> {
        let outline = match self.policy {
            Policy::Invitable => return self.check_invitable(text, mapping),
            Policy::Html => octets::scan_html(text.as_bytes()),
            Policy::Rfc5321 => octets::scan_rfc5321(text.as_bytes()),
        };
        let outline = outline.map_err(|(kind, at)| InvalidEmail::new(text, kind, at))?;
        Ok(Checked {
            address: Cow::Borrowed(text),
            at: outline.at,
            notices: Vec::new(),
        })
    }

    fn check_invitable<'a>(
        &self,
        text: &'a str,
        mapping: &impl Mapping,
    ) -> Result<Checked<'a>, InvalidEmail> {
        let invalid = |(kind, at)| InvalidEmail::new(text, kind, at);
        let outline =
            octets::scan_invitable(text.as_bytes(), self.allow_non_ascii_local).map_err(invalid)?;
        let given = &text[outline.start..outline.end];
        let mut local = Cow::Borrowed(&text[outline.start..outline.at]);
        let mut domain = Cow::Borrowed(&text[outline.at + 1..outline.end]);
        let in_domain = |kind| invalid((kind, outline.at + 1));

        if outline.foreign_local {
            let first = local.find(|c: char| !c.is_ascii()).unwrap_or(0);
            let Some(composed) = mapping.nfc(&local) else {
                return Err(invalid((
                    EmailErrorKind::LocalNonAscii,
                    outline.start + first,
                )));
            };
            local = Cow::Owned(composed.into_owned());
            if local.len() > MAX_LOCAL {
                let at = octets::floor_boundary(text.as_bytes(), outline.start + MAX_LOCAL);
                return Err(invalid((EmailErrorKind::LocalTooLong, at)));
            }
        }
        if outline.foreign {
            let mapped = mapping::map(&domain, mapping).map_err(in_domain)?;
            octets::check_mapped(mapped.as_bytes(), local.len() + 1).map_err(in_domain)?;
            domain = Cow::Owned(mapped);
        } else if outline.foreign_local && local.len() + 1 + domain.len() > MAX_ADDRESS {
            let at = octets::floor_boundary(text.as_bytes(), outline.start + MAX_ADDRESS);
            return Err(invalid((EmailErrorKind::TooLong, at)));
        }
        if outline.upper && !outline.foreign {
            domain.to_mut().make_ascii_lowercase();
        }

        let mut notices = Vec::new();
        if given.len() < text.len() {
            notices.push(Notice::Trimmed);
        }
        let at = local.len();
        let address = match (local, domain) {
            (Cow::Borrowed(_), Cow::Borrowed(_)) => Cow::Borrowed(given),
            (local, domain) => Cow::Owned(format!("{local}@{domain}")),
        };
        if address != given {
            notices.push(Notice::Normalized);
        }
        let domain = &address[at + 1..];
        if octets::is_reserved(octets::last_label(domain.as_bytes())) {
            if self.refuse_reserved {
                let label = match outline.foreign {
                    true => outline.at + 1,
                    false => outline.end - octets::last_label(domain.as_bytes()).len(),
                };
                return Err(invalid((EmailErrorKind::ReservedDomain, label)));
            }
            notices.push(Notice::ReservedDomain);
        }
        if let Some(meant) = octets::meant_domain(domain.as_bytes()) {
            let kept = &address[..at + 1 + meant.keep];
            notices.push(Notice::Suggestion(format!(
                "{kept}{}",
                String::from_utf8_lossy(&meant.parts().concat())
            )));
        }
        Ok(Checked {
            address,
            at,
            notices,
        })
    }
}
