//! From text to a tree.

use std::borrow::Cow;

use super::{Error, Json};

/// How deep lists and objects may lie in one another.
const DEEPEST: usize = 128;

/// Reads a whole text.
pub(super) fn parse(text: &[u8]) -> Result<Json<'_>, Error> {
    let text = std::str::from_utf8(text).map_err(|error| match error.error_len() {
        Some(_) => Error::syntax(error.valid_up_to()),
        None => Error::end(),
    })?;
    let mut reader = Reader { text, at: 0 };
    let json = reader.value(0)?;
    match reader.next_sign() {
        Some(_) => Err(reader.wrong()),
        None => Ok(json),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Octets that were read.
    at: usize,
}

impl<'a> Reader<'a> {
    fn octet(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next octet that is no blank.
    fn next_sign(&mut self) -> Option<u8> {
        while matches!(self.octet(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.octet()
    }

    /// What stands here is not what should, or there is nothing.
    #[inline(never)]
    fn wrong(&self) -> Error {
        match self.octet() {
            Some(_) => Error::syntax(self.at),
            None => Error::end(),
        }
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[inline(never)]
    fn value(&mut self, depth: usize) -> Result<Json<'a>, Error> {
        match self.next_sign() {
            Some(b'n') => self.word("null", Json::Null),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[' | b'{') if depth == DEEPEST => Err(self.wrong()),
            Some(b'[') => self.list(depth + 1),
            Some(b'{') => self.object(depth + 1),
            _ => Err(self.wrong()),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Error> {
        for octet in word.bytes() {
            if self.octet() != Some(octet) {
                return Err(self.wrong());
            }
            self.at += 1;
        }
        Ok(value)
    }

    /// Digits, one at least.
    fn digits(&mut self) -> Result<(), Error> {
        if !self.octet().is_some_and(|octet| octet.is_ascii_digit()) {
            return Err(self.wrong());
        }
        while self.octet().is_some_and(|octet| octet.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json<'a>, Error> {
        let start = self.at;
        if self.octet() == Some(b'-') {
            self.at += 1;
        }
        let first = self.at;
        self.digits()?;
        if self.at - first > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            self.at = first + 1;
            return Err(self.wrong());
        }
        let whole = self.since(start);
        if self.octet() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.octet() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.octet() {
                self.at += 1;
            }
            self.digits()?;
        }
        let number = self.since(start);
        if number.len() == whole.len() {
            if let Ok(whole) = whole.parse() {
                return Ok(Json::Whole(whole));
            }
            if let Ok(negative) = whole.parse()
                && negative < 0
            {
                return Ok(Json::Negative(negative));
            }
        }
        Ok(Json::Number(Cow::Borrowed(number)))
    }

    /// A string, which starts here.
    #[inline(never)]
    fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        self.at += 1;
        let mut start = self.at;
        let mut read = String::new();
        loop {
            match self.octet() {
                Some(b'"') => {
                    let last = self.since(start);
                    self.at += 1;
                    if read.is_empty() {
                        return Ok(Cow::Borrowed(last));
                    }
                    read.push_str(last);
                    return Ok(Cow::Owned(read));
                }
                Some(b'\\') => {
                    read.push_str(self.since(start));
                    self.at += 1;
                    read.push(self.escaped()?);
                    start = self.at;
                }
                Some(b' '..) => self.at += 1,
                _ => return Err(self.wrong()),
            }
        }
    }

    /// A character behind its backslash.
    fn escaped(&mut self) -> Result<char, Error> {
        let sign = match self.octet() {
            Some(sign @ (b'"' | b'\\' | b'/')) => char::from(sign),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => {
                self.at += 1;
                return self.by_number();
            }
            _ => return Err(self.wrong()),
        };
        self.at += 1;
        Ok(sign)
    }

    /// A character by its number in UTF-16: one of four digits, or two that belong together. A half without the
    /// other, as where a name was cut, is the character that stands for what cannot be read.
    fn by_number(&mut self) -> Result<char, Error> {
        let mut unit = self.four_digits()?;
        if (0xD800..0xDC00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
            let behind = self.at;
            self.at += 2;
            let low = self.four_digits()?;
            if (0xDC00..0xE000).contains(&low) {
                unit = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            } else {
                self.at = behind;
            }
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self) -> Result<u32, Error> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = self
                .octet()
                .and_then(|octet| char::from(octet).to_digit(16));
            number = number << 4 | digit.ok_or_else(|| self.wrong())?;
            self.at += 1;
        }
        Ok(number)
    }

    /// Goes behind a comma, or behind the bracket that ends a list or object.
    fn ends(&mut self, bracket: u8) -> Result<bool, Error> {
        let sign = self.next_sign();
        if sign != Some(b',') && sign != Some(bracket) {
            return Err(self.wrong());
        }
        self.at += 1;
        Ok(sign == Some(bracket))
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, Error> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.next_sign() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(entries));
        }
        loop {
            entries.push(self.value(depth)?);
            if self.ends(b']')? {
                return Ok(Json::List(entries));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Error> {
        self.at += 1;
        let mut pairs = Vec::new();
        if self.next_sign() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(pairs));
        }
        loop {
            if self.next_sign() != Some(b'"') {
                return Err(self.wrong());
            }
            let name = self.string()?;
            if self.next_sign() != Some(b':') {
                return Err(self.wrong());
            }
            self.at += 1;
            pairs.push((name, self.value(depth)?));
            if self.ends(b'}')? {
                return Ok(Json::Object(pairs));
            }
        }
    }
}
