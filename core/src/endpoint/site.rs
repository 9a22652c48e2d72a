//! Where requests go, and the secret that opens it.

use std::fmt;

use http::header::HeaderValue;

/// A secret that opens a service. `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps a token, dropping blanks around it and the word `Bearer` in front.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let bare = match text.split_at_checked(7) {
            Some((word, rest)) if word.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
            _ => text,
        };
        Self(bare.to_owned())
    }

    /// The secret itself, for the one place that writes it on the wire.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text of an `Authorization` header; `None` if the token cannot stand in one.
    pub fn authorization(&self) -> Option<String> {
        let plain = |b: u8| b == b'\t' || matches!(b, b' '..=b'~');
        (self.0.bytes().all(plain)).then(|| ["Bearer ", &self.0].concat())
    }

    /// The `Authorization` value, marked sensitive; `None` if the token cannot stand in a header.
    pub fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.authorization()?).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where requests go: a base address, and the token if the sender holds it.
///
/// In the browser the base is a path (`/api/c/…`) and there is no token: the gateway adds it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// Address before an operation's path, without a slash at its end.
    pub base: &'a str,
    /// Secret to send along.
    pub token: Option<&'a Token>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_shows() {
        let token = Token::new(" Bearer secret-1 ");
        assert_eq!(token.expose(), "secret-1");
        assert_eq!(format!("{token:?}"), "Token(…)");
        let header = token.header().unwrap();
        assert!(header.is_sensitive());
        assert!(!format!("{header:?}").contains("secret"));
        assert!(Token::new("a\nb").header().is_none());
    }
}
