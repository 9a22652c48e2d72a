//! What can be wrong with an address.

/// Declares the kinds once: variant, code, and the sentence shown to a person.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// What is wrong with an address. The names are part of the interface: `name` gives them to
        /// JavaScript, reports and journals.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum EmailErrorKind {
            $($(#[$doc])* $name = $code,)*
        }

        impl EmailErrorKind {
            /// Every kind, in the order of precedence.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The kind's name, as in `MissingAt`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The sentence a person can act on: lower case, no full stop, no position.
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$name => $message,)*
                }
            }
        }
    };
}

kinds! {
    /// Nothing is left after trimming.
    Empty = 1, "enter an email address";
    /// Starts with `mailto:`.
    MailtoPrefix = 2, "remove `mailto:` in front of the address";
    /// No `@`.
    MissingAt = 3, "an email address has an `@` between name and domain";
    /// The whole has the form `Name <address>`.
    DisplayName = 4, "enter the address alone, without name and angle brackets";
    /// Nothing before the `@`.
    LocalEmpty = 5, "the name before the `@` is missing";
    /// The local part is quoted.
    LocalQuoted = 6, "a name in quotation marks cannot be invited";
    /// A dot in front of the local part.
    LocalLeadingDot = 7, "the address cannot start with a dot";
    /// Two dots in a row in the local part.
    LocalConsecutiveDots = 8, "two dots in a row are not allowed";
    /// A dot right before the `@`.
    LocalTrailingDot = 9, "the name before the `@` cannot end with a dot";
    /// A parenthesis.
    Comment = 10, "parentheses are not allowed in an address";
    /// A blank or an invisible character inside.
    WhitespaceInside = 11, "remove the blank or invisible character inside the address";
    /// A control character inside.
    ControlChar = 12, "remove the control character";
    /// A comma or semicolon.
    Separator = 13, "enter one address at a time, without comma or semicolon";
    /// A non-ASCII character before the `@`.
    LocalNonAscii = 14, "only unaccented letters, digits and common signs can stand before the `@`";
    /// An ASCII character that cannot stand before the `@`.
    LocalInvalidChar = 15, "this character cannot stand before the `@`";
    /// The local part is over 64 octets.
    LocalTooLong = 16, "the name before the `@` is longer than 64 characters";
    /// Nothing after the `@`.
    DomainEmpty = 17, "the domain after the `@` is missing";
    /// The domain is an address literal, `[127.0.0.1]`.
    AddressLiteral = 18, "enter a domain name instead of an address in brackets";
    /// A second `@`.
    ExtraAt = 19, "an email address has only one `@`";
    /// An ASCII character that cannot stand in a domain.
    DomainInvalidChar = 20, "this character cannot stand in a domain";
    /// A non-ASCII domain, and nothing at hand that maps it.
    DomainNeedsIdna = 21, "enter the domain in its ASCII form, starting with `xn--`";
    /// The domain is no valid internationalized name.
    IdnaInvalid = 22, "the domain contains a character that domain names cannot have";
    /// The domain is an IPv4 address.
    DomainIsIpAddress = 23, "enter a domain name instead of an IP address";
    /// A dot at the end of the domain.
    DomainTrailingDot = 24, "remove the dot at the end";
    /// Two dots in a row in the domain, or a dot right after the `@`.
    DomainEmptyLabel = 25, "a part of the domain between two dots is missing";
    /// A label that starts with a hyphen.
    LabelHyphenStart = 26, "a part of the domain cannot start with a hyphen";
    /// A label that ends with a hyphen.
    LabelHyphenEnd = 27, "a part of the domain cannot end with a hyphen";
    /// A label over 63 octets.
    LabelTooLong = 28, "a part of the domain is longer than 63 characters";
    /// A domain without a dot.
    DomainSingleLabel = 29, "the domain needs an ending such as `.com`";
    /// The last label can be no top-level domain.
    TldInvalid = 30, "the ending of the domain does not exist";
    /// The domain is over 253 octets.
    DomainTooLong = 31, "the domain is longer than 253 characters";
    /// The whole is over 254 octets.
    TooLong = 32, "the address is longer than 254 characters";
    /// Mail to this domain does not travel over the public Internet. An error only where asked for.
    ReservedDomain = 33, "mail to this domain does not arrive over the public Internet";
}

impl EmailErrorKind {
    /// The number that stands for the kind in packed results; 0 stands for a valid address.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The kind with this [`code`](Self::code).
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code).wrapping_sub(1)).copied()
    }

    /// Whether the character at the position of the error is what is wrong with the address.
    pub const fn names_character(self) -> bool {
        matches!(
            self,
            Self::Comment
                | Self::WhitespaceInside
                | Self::ControlChar
                | Self::Separator
                | Self::LocalNonAscii
                | Self::LocalInvalidChar
                | Self::DomainInvalidChar
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_from_one_without_a_gap() {
        for (i, kind) in EmailErrorKind::ALL.iter().enumerate() {
            assert_eq!(usize::from(kind.code()), i + 1);
            assert_eq!(EmailErrorKind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(EmailErrorKind::from_code(0), None);
        assert_eq!(EmailErrorKind::from_code(34), None);
    }

    #[test]
    fn messages_are_sentences_for_people() {
        for kind in EmailErrorKind::ALL {
            let message = kind.message();
            assert!(message.starts_with(|c: char| c.is_lowercase()), "{message}");
            assert!(!message.ends_with('.'), "{message}");
        }
    }
}
