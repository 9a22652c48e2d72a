//! Ids which the services give out: opaque text, a type of its own for each kind.

use std::fmt;

/// Declares a type for one kind of id, so that a user's id cannot stand where an invite's belongs.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, $crate::json::ToJson, $crate::json::FromJson)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as the service wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use id;

/// What a piece of text would be if it were an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooksLike {
    /// 25 characters, `c` and 24 lower-case letters or digits: an id of Astro.
    Cuid,
    /// 8-4-4-4-12 hexadecimal digits: an id of Astra.
    Uuid,
}

impl fmt::Display for LooksLike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cuid => "an Astro id",
            Self::Uuid => "an Astra id",
        })
    }
}

/// Recognizes an id of either service, or says that the text is none.
pub fn looks_like(text: &str) -> Option<LooksLike> {
    let bytes = text.as_bytes();
    match bytes.len() {
        25 if bytes[0] == b'c'
            && bytes[1..]
                .iter()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) =>
        {
            Some(LooksLike::Cuid)
        }
        36 if bytes.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        }) =>
        {
            Some(LooksLike::Uuid)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_ids_of_both_services() {
        assert_eq!(
            looks_like("clm8qv74h000008mlf08scq7k"),
            Some(LooksLike::Cuid)
        );
        assert_eq!(
            looks_like("AD0566b5-2a67-49de-89e8-92258c2f2c98"),
            Some(LooksLike::Uuid)
        );
    }

    #[test]
    fn takes_nothing_else_for_an_id() {
        for text in [
            "",
            "dlm8qv74h000008mlf08scq7k",
            "clm8qv74h000008mlf08scq7",
            "clm8qv74h000008mlf08scq7K",
            "ad0566b52a6749de89e892258c2f2c98xxxx",
            "a@b.example",
        ] {
            assert_eq!(looks_like(text), None, "{text}");
        }
    }
}
