//! Why JSON is not the value that was wanted.

use std::fmt;

use super::Json;

/// What is wrong, and where: `users[3].status: expected a text, found a number`.
///
/// It never holds a value of the input. Where is found out at the end, by looking for the value in the tree:
/// if whoever reads a field had to add its name, that would be code in each of hundreds of places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    what: String,
    /// The address of the value in its tree.
    value: usize,
}

fn address(json: &Json<'_>) -> usize {
    std::ptr::from_ref(json).addr()
}

/// What did not fit while something was read: the first counts, as others may come of it.
#[derive(Debug, Default)]
pub struct Misfits(Option<Misfit>);

impl Misfits {
    /// The first, if there is any.
    pub fn first(self) -> Option<Misfit> {
        self.0
    }

    /// Whether anything did not fit: what is still read then is dropped.
    pub(super) fn is_any(&self) -> bool {
        self.0.is_some()
    }

    fn note(&mut self, what: &[&str], json: &Json<'_>) {
        if !self.is_any() {
            let (what, value) = (what.concat(), address(json));
            self.0 = Some(Misfit(Box::new(Inner { what, value })));
        }
    }

    /// Another kind of value stands there.
    #[inline(never)]
    pub fn expected(&mut self, wanted: &str, found: &Json<'_>) {
        self.note(&["expected ", wanted, ", found ", found.kind()], found);
    }

    /// A field is absent from an object.
    #[inline(never)]
    pub fn missing(&mut self, name: &str, object: &Json<'_>) {
        self.note(&["missing field `", name, "`"], object);
    }

    /// A word that is none of those there are. It is shown if it looks like one.
    #[inline(never)]
    pub fn unknown(&mut self, word: &str, json: &Json<'_>) {
        let plain =
            word.len() <= 40 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let word = if plain { word } else { "…" };
        self.note(&["unknown word `", word, "`"], json);
    }

    /// None of the shapes that the value can have.
    pub fn other(&mut self, found: &Json<'_>) {
        self.expected("another shape", found);
    }

    /// What the value's own rules say.
    pub fn because(&mut self, error: &dyn fmt::Display, json: &Json<'_>) {
        if !self.is_any() {
            self.note(&[&error.to_string()], json);
        }
    }
}

impl Misfit {
    /// A sentence: what is wrong, behind the place in the tree from which the value was read.
    #[inline(never)]
    pub fn told(&self, tree: &Json<'_>) -> String {
        let mut place = String::new();
        find(tree, self.0.value, &mut place);
        if !place.is_empty() {
            place.push_str(": ");
        }
        place + &self.0.what
    }
}

/// Finds the value at an address, and leaves its place behind.
fn find(tree: &Json<'_>, value: usize, place: &mut String) -> bool {
    if address(tree) == value {
        return true;
    }
    let len = place.len();
    match tree {
        Json::List(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                place.push_str(&["[", &index.to_string(), "]"].concat());
                if find(entry, value, place) {
                    return true;
                }
                place.truncate(len);
            }
        }
        Json::Object(pairs) => {
            for (name, entry) in pairs {
                if len > 0 {
                    place.push('.');
                }
                place.push_str(name);
                if find(entry, value, place) {
                    return true;
                }
                place.truncate(len);
            }
        }
        _ => {}
    }
    false
}
