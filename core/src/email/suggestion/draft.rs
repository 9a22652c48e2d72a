//! An address being repaired, in a buffer of fixed size.

use super::MAX_TEXT;
use super::lookalike::Meant;

/// At most [`MAX_TEXT`] octets.
pub(super) struct Draft {
    octets: [u8; MAX_TEXT],
    len: usize,
}

impl Draft {
    /// A draft of the text, if it fits.
    pub(super) fn new(text: &[u8]) -> Option<Self> {
        let mut octets = [0; MAX_TEXT];
        octets.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self {
            octets,
            len: text.len(),
        })
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.octets[..self.len]
    }

    /// What stands from `start` on.
    pub(super) fn tail(&self, start: usize) -> &[u8] {
        &self.octets[start..self.len]
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Removes `count` octets at `at`.
    pub(super) fn remove(&mut self, at: usize, count: usize) {
        self.octets.copy_within(at + count..self.len, at);
        self.len -= count;
    }

    /// Puts `octet` in the place of `count` octets at `at`.
    pub(super) fn replace(&mut self, at: usize, count: usize, octet: u8) {
        self.octets[at] = octet;
        self.remove(at + 1, count - 1);
    }

    /// Adds to the end, if it fits.
    pub(super) fn push(&mut self, octets: &[u8]) -> Option<()> {
        let end = self.len + octets.len();
        self.octets.get_mut(self.len..end)?.copy_from_slice(octets);
        self.len = end;
        Some(())
    }

    /// Writes the domain that was meant in the place of the one that starts at `domain`.
    pub(super) fn rewrite_domain(&mut self, domain: usize, meant: &Meant) -> Option<()> {
        self.truncate(domain + meant.keep);
        for part in meant.parts() {
            self.push(part.as_bytes())?;
        }
        Some(())
    }

    /// Lower-cases the letters of ASCII from `start` on.
    pub(super) fn lower_case(&mut self, start: usize) {
        self.octets[start..self.len].make_ascii_lowercase();
    }
}
