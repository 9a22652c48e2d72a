//! How values are written as JSON.
//!
//! serde's `Serialize` writes a function for each type of a field and each kind of serializer; what is written
//! here goes into one kind of writer, through `#[derive(ToJson)]`, which reads the same attributes. Whoever
//! writes through serde goes on doing so: the wire structs derive both.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Json;

/// A value that can be written as JSON.
pub trait ToJson {
    /// Writes it.
    fn to_json(&self, to: &mut Writer);

    /// Writes the fields of an object into the one that it is a part of. What is no object has none.
    fn fields(&self, _to: &mut Writer) {}
}

/// Writes a value as JSON text.
pub fn to_text<T: ToJson + ?Sized>(value: &T) -> String {
    let mut to = Writer::default();
    value.to_json(&mut to);
    to.text
}

/// JSON text that is already written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(pub String);

impl ToJson for Written {
    fn to_json(&self, to: &mut Writer) {
        to.text.push_str(&self.0);
    }
}

/// JSON text as it is written.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    /// Whether something stands before, in the same object or list.
    more: bool,
}

impl Writer {
    /// The text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Starts an object or list with its bracket.
    #[inline(never)]
    pub fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.more = false;
    }

    /// Ends an object or list with its bracket.
    #[inline(never)]
    pub fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.more = true;
    }

    /// Starts an entry of a list.
    #[inline(never)]
    pub fn entry(&mut self) {
        if self.more {
            self.text.push(',');
        }
        self.more = true;
    }

    /// Starts a field of an object.
    #[inline(never)]
    pub fn key(&mut self, name: &str) {
        self.entry();
        self.word(name);
        self.text.push(':');
    }

    /// A field of an object.
    #[inline]
    pub fn field<T: ToJson + ?Sized>(&mut self, name: &str, value: &T) {
        self.key(name);
        value.to_json(self);
    }

    /// A text.
    #[inline(never)]
    pub fn word(&mut self, text: &str) {
        self.text.push('"');
        let mut start = 0;
        for (at, octet) in text.bytes().enumerate() {
            if octet >= b' ' && octet != b'"' && octet != b'\\' {
                continue;
            }
            self.text.push_str(&text[start..at]);
            start = at + 1;
            self.text.push('\\');
            match octet {
                b'"' | b'\\' => self.text.push(char::from(octet)),
                b'\n' => self.text.push('n'),
                b'\r' => self.text.push('r'),
                b'\t' => self.text.push('t'),
                0x08 => self.text.push('b'),
                0x0C => self.text.push('f'),
                _ => {
                    self.text.push_str("u00");
                    for digit in [octet >> 4, octet & 15] {
                        self.text
                            .push(char::from(b"0123456789abcdef"[usize::from(digit)]));
                    }
                }
            }
        }
        self.text.push_str(&text[start..]);
        self.text.push('"');
    }

    /// A whole number that is not negative.
    #[inline(never)]
    pub fn whole(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut first = digits.len();
        while first == digits.len() || number > 0 {
            first -= 1;
            digits[first] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.text
            .extend(digits[first..].iter().map(|&digit| char::from(digit)));
    }

    #[inline(never)]
    fn list<'t, T: ToJson + 't>(&mut self, entries: impl Iterator<Item = &'t T>) {
        self.open('[');
        for entry in entries {
            self.entry();
            entry.to_json(self);
        }
        self.close(']');
    }
}

impl ToJson for str {
    fn to_json(&self, to: &mut Writer) {
        to.word(self);
    }
}

impl ToJson for String {
    fn to_json(&self, to: &mut Writer) {
        to.word(self);
    }
}

impl ToJson for Cow<'_, str> {
    fn to_json(&self, to: &mut Writer) {
        to.word(self);
    }
}

impl ToJson for char {
    fn to_json(&self, to: &mut Writer) {
        to.word(self.encode_utf8(&mut [0; 4]));
    }
}

impl ToJson for bool {
    fn to_json(&self, to: &mut Writer) {
        to.text.push_str(if *self { "true" } else { "false" });
    }
}

macro_rules! wholes {
    ($($whole:ty),+) => {$(
        impl ToJson for $whole {
            #[expect(clippy::allow_attributes, reason = "only some of them are cast in vain")]
            #[allow(clippy::unnecessary_cast, reason = "not all of them are 64 bits wide")]
            fn to_json(&self, to: &mut Writer) {
                to.whole(*self as u64);
            }
        }
    )+};
}

wholes!(u8, u16, u32, u64, usize);

impl ToJson for i64 {
    fn to_json(&self, to: &mut Writer) {
        if *self < 0 {
            to.text.push('-');
        }
        to.whole(self.unsigned_abs());
    }
}

impl ToJson for i32 {
    fn to_json(&self, to: &mut Writer) {
        i64::from(*self).to_json(to);
    }
}

macro_rules! through {
    ($($pointer:ty),+) => {$(
        impl<T: ToJson + ?Sized> ToJson for $pointer {
            fn to_json(&self, to: &mut Writer) {
                (**self).to_json(to);
            }

            fn fields(&self, to: &mut Writer) {
                (**self).fields(to);
            }
        }
    )+};
}

through!(&T, Box<T>, Rc<T>);

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, to: &mut Writer) {
        match self {
            Some(value) => value.to_json(to),
            None => to.text.push_str("null"),
        }
    }

    fn fields(&self, to: &mut Writer) {
        if let Some(value) = self {
            value.fields(to);
        }
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self, to: &mut Writer) {
        to.list(self.iter());
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, to: &mut Writer) {
        self.as_slice().to_json(to);
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self, to: &mut Writer) {
        self.as_slice().to_json(to);
    }
}

impl<A: ToJson, B: ToJson> ToJson for (A, B) {
    fn to_json(&self, to: &mut Writer) {
        to.open('[');
        to.entry();
        self.0.to_json(to);
        to.entry();
        self.1.to_json(to);
        to.close(']');
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self, to: &mut Writer) {
        to.open('{');
        self.fields(to);
        to.close('}');
    }

    fn fields(&self, to: &mut Writer) {
        for (name, value) in self {
            to.field(name, value);
        }
    }
}

impl ToJson for Json<'_> {
    fn to_json(&self, to: &mut Writer) {
        match self {
            Self::Null => to.text.push_str("null"),
            Self::Bool(value) => value.to_json(to),
            Self::Whole(number) => to.whole(*number),
            Self::Negative(number) => number.to_json(to),
            Self::Number(text) => to.text.push_str(text),
            Self::Text(text) => to.word(text),
            Self::List(entries) => entries.to_json(to),
            Self::Object(pairs) => {
                to.open('{');
                for (name, value) in pairs {
                    to.field(name, value);
                }
                to.close('}');
            }
        }
    }
}
