//! Non-ASCII domains: the seam through which a host maps them to A-labels.
//!
//! The tables of UTS #46 cost 49 KB in the browser, which already has them: the console and the npm
//! package hand the domain to the host's `URL` parser. Natively the crate `idna` does it, behind
//! the feature of that name.

use std::borrow::Cow;

use super::EmailErrorKind;

/// Octets of the longest non-ASCII domain that is handed on: a domain of 253 octets, had every one
/// been written with a character of four, four times over. Hosts need more than linear time.
const MAX_FOREIGN: usize = 4096;

/// What a host lends to the checker: the mapping of UTS #46 (non-transitional, CheckBidi and
/// CheckJoiners on, CheckHyphens off).
///
/// The answer is checked again; a host may give anything.
pub trait Mapping {
    /// The domain as A-labels.
    ///
    /// The domain holds a non-ASCII character, and no ASCII other than letters, digits, hyphens and
    /// dots.
    ///
    /// # Errors
    ///
    /// [`MappingError::Unsupported`] where nothing can map, [`MappingError::Invalid`] for a domain
    /// that is no internationalized name.
    fn domain_to_ascii(&self, domain: &str) -> Result<String, MappingError>;

    /// The text in Unicode's normalization form C, or nothing where that cannot be had.
    ///
    /// Only asked for when a non-ASCII local part was allowed.
    fn nfc<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        let _ = text;
        None
    }
}

/// Why a domain was not mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Nothing here can map domains.
    #[error("non-ASCII domains cannot be mapped here")]
    Unsupported,
    /// The domain is no internationalized domain name.
    #[error("the domain is no internationalized domain name")]
    Invalid,
}

/// Maps nothing: a non-ASCII domain is `DomainNeedsIdna`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMapping;

impl Mapping for NoMapping {
    fn domain_to_ascii(&self, _: &str) -> Result<String, MappingError> {
        Err(MappingError::Unsupported)
    }
}

/// The mapping that was compiled in: the crate `idna` with the feature of that name, else none.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompiledIn;

#[cfg(not(feature = "idna"))]
impl Mapping for CompiledIn {
    fn domain_to_ascii(&self, domain: &str) -> Result<String, MappingError> {
        NoMapping.domain_to_ascii(domain)
    }
}

#[cfg(feature = "idna")]
mod native {
    use std::borrow::Cow;

    use icu_normalizer::ComposingNormalizerBorrowed;
    use idna::AsciiDenyList;
    use idna::uts46::{DnsLength, Hyphens, Uts46};

    use super::{CompiledIn, Mapping, MappingError};

    impl Mapping for CompiledIn {
        fn domain_to_ascii(&self, domain: &str) -> Result<String, MappingError> {
            Uts46::new()
                .to_ascii(
                    domain.as_bytes(),
                    AsciiDenyList::URL,
                    Hyphens::Allow,
                    DnsLength::Ignore,
                )
                .map(|mapped| mapped.into_owned())
                .map_err(|_| MappingError::Invalid)
        }

        fn nfc<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
            Some(ComposingNormalizerBorrowed::new_nfc().normalize(text))
        }
    }
}

/// Maps a domain that `rolecall_email::scan_invitable` called foreign.
pub(super) fn map(domain: &str, mapping: &impl Mapping) -> Result<String, EmailErrorKind> {
    if domain.len() > MAX_FOREIGN {
        return Err(EmailErrorKind::DomainTooLong);
    }
    mapping
        .domain_to_ascii(domain)
        .map(|mut mapped| {
            mapped.make_ascii_lowercase();
            mapped
        })
        .map_err(|error| match error {
            MappingError::Unsupported => EmailErrorKind::DomainNeedsIdna,
            MappingError::Invalid => EmailErrorKind::IdnaInvalid,
        })
}
