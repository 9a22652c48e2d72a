//! Finding entries of a list by a text.
//!
//! The standard library's maps are compiled anew for each type of key and value; here one table serves all of them.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Which entries of some list have which text. The texts stay in the list: whoever asks compares them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Hash and number of each entry.
    table: HashTable<(u32, u32)>,
    /// The standard library's, though others are faster: for those, a stranger can write a list of thousands of
    /// addresses with one hash.
    hasher: RandomState,
}

/// A table goes by the bits at both ends of a hash.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Index {
    #[inline(never)]
    fn hash(&self, text: &str) -> u32 {
        self.hasher.hash_one(text) as u32
    }

    /// The entry that has a text, as `is` tells of entries that may.
    #[inline(never)]
    pub(crate) fn find(&self, text: &str, is: &dyn Fn(usize) -> bool) -> Option<usize> {
        self.with_hash(self.hash(text), is)
    }

    /// The entry that has a text by the first of these tests that any entry stands.
    #[inline(never)]
    pub(crate) fn find_by(&self, text: &str, tests: &[&dyn Fn(usize) -> bool]) -> Option<usize> {
        let hash = self.hash(text);
        tests.iter().find_map(|is| self.with_hash(hash, is))
    }

    /// The entry that has a text, as `is` tells of entries that may; where there is none, `entry` becomes it.
    ///
    /// # Panics
    /// If there are 4,294,967,296 entries before it.
    #[inline(never)]
    pub(crate) fn find_or_insert(
        &mut self,
        text: &str,
        entry: usize,
        is: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let hash = self.hash(text);
        let found = self.with_hash(hash, is);
        if found.is_none() {
            self.add(hash, entry);
        }
        found
    }

    /// Adds an entry, which is not there yet.
    ///
    /// # Panics
    /// If there are 4,294,967,296 entries before it.
    #[inline(never)]
    pub(crate) fn insert(&mut self, text: &str, entry: usize) {
        self.add(self.hash(text), entry);
    }

    #[inline(never)]
    fn with_hash(&self, hash: u32, is: &dyn Fn(usize) -> bool) -> Option<usize> {
        let same = |&(other, entry): &(u32, u32)| other == hash && is(entry as usize);
        let found = self.table.find(spread(hash), same);
        found.map(|&(_, entry)| entry as usize)
    }

    #[inline(never)]
    fn add(&mut self, hash: u32, entry: usize) {
        let entry = u32::try_from(entry).expect("texts of so many entries fit no memory");
        self.reserve(1);
        let again = |&(hash, _): &(u32, u32)| spread(hash);
        self.table.insert_unique(spread(hash), (hash, entry), again);
    }

    /// Makes room for so many more at once.
    #[inline(never)]
    pub(crate) fn reserve(&mut self, more: usize) {
        self.table.reserve(more, |&(hash, _)| spread(hash));
    }

    /// Takes all out.
    pub(crate) fn clear(&mut self) {
        self.table.clear();
    }
}

/// Values by text, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct TextMap<K, V> {
    entries: Vec<(K, V)>,
    index: Index,
}

impl<K, V> Default for TextMap<K, V> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            index: Index::default(),
        }
    }
}

impl<K: AsRef<str>, V> TextMap<K, V> {
    fn find(&self, text: &str) -> Option<usize> {
        let is = |entry: usize| self.entries[entry].0.as_ref() == text;
        self.index.find(text, &is)
    }

    /// The value of a text.
    pub(crate) fn get(&self, text: &str) -> Option<&V> {
        self.find(text).map(|entry| &self.entries[entry].1)
    }

    /// The value of a text, to change it.
    pub(crate) fn get_mut(&mut self, text: &str) -> Option<&mut V> {
        self.find(text).map(|entry| &mut self.entries[entry].1)
    }

    /// The value of a text, which is made if there is none.
    pub(crate) fn get_or_insert(&mut self, text: K, make: impl FnOnce() -> V) -> &mut V {
        let next = self.entries.len();
        let is = |entry: usize| self.entries[entry].0.as_ref() == text.as_ref();
        let found = self.index.find_or_insert(text.as_ref(), next, &is);
        if found.is_none() {
            self.entries.push((text, make()));
        }
        &mut self.entries[found.unwrap_or(next)].1
    }

    /// All of them.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut V)> {
        let entries = self.entries.iter_mut();
        entries.map(|(text, value)| ((*text).as_ref(), value))
    }

    /// All of them, to keep.
    pub(crate) fn into_entries(self) -> Vec<(K, V)> {
        self.entries
    }
}

/// Texts that are in it or not: ids that are selected.
#[derive(Clone, Debug, Default)]
pub struct TextSet {
    /// Whether each text that ever was in it still is.
    texts: TextMap<String, bool>,
    len: usize,
}

impl TextSet {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a text is in it.
    pub fn contains(&self, text: &str) -> bool {
        self.texts.get(text).is_some_and(|is| *is)
    }

    /// Puts a text in, or takes it out.
    pub fn put(&mut self, text: String, is: bool) {
        let was = self.texts.get_or_insert(text, || false);
        match (*was, is) {
            (false, true) => self.len += 1,
            (true, false) => self.len -= 1,
            _ => {}
        }
        *was = is;
    }

    /// All that are in it, in the order in which they came first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let texts = self.texts.entries.iter().filter(|(_, is)| *is);
        texts.map(|(text, _)| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_and_no_other() {
        let mut map = TextMap::default();
        for n in 0..2_000_u32 {
            *map.get_or_insert((n % 1_000).to_string(), || 0) += n;
        }
        assert_eq!(map.get("7"), Some(&1_014));
        assert_eq!(map.get("1000"), None);
        assert_eq!(map.iter_mut().count(), 1_000);
        assert_eq!(map.into_entries()[999], ("999".to_owned(), 2_998));
    }

    #[test]
    fn a_set_counts_what_is_in_it() {
        let mut set = TextSet::default();
        for (text, is) in [
            ("a", true),
            ("b", true),
            ("a", true),
            ("b", false),
            ("c", false),
        ] {
            set.put(text.to_owned(), is);
        }
        assert_eq!((set.len(), set.iter().collect::<Vec<_>>()), (1, vec!["a"]));
        assert!(set.contains("a") && !set.contains("b") && !set.contains("d"));
        set.put("a".to_owned(), false);
        assert!(set.is_empty());
    }

    #[test]
    fn a_cleared_index_has_nothing() {
        let mut index = Index::default();
        index.reserve(10);
        index.insert("a", 3);
        assert_eq!(index.find("a", &|entry| entry == 3), Some(3));
        assert_eq!(index.find("a", &|entry| entry != 3), None);
        index.clear();
        assert_eq!(index.find("a", &|_| true), None);
    }
}
