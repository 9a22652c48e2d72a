//! An address being repaired, in a buffer of fixed size.

use super::MAX_TEXT;
use super::lookalike::Meant;
use crate::chars::{count, find, octet, part, trim};

/// At most [`MAX_TEXT`] octets. Positions that it does not have read as 0 and change nothing.
pub(super) struct Draft {
    octets: [u8; MAX_TEXT],
    len: usize,
}

impl Draft {
    pub(super) const fn new() -> Self {
        Self {
            octets: [0; MAX_TEXT],
            len: 0,
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        part(&self.octets, 0, self.len)
    }

    /// What stands from `start` on.
    pub(super) fn tail(&self, start: usize) -> &[u8] {
        part(&self.octets, start, self.len)
    }

    /// The octet at `at`.
    #[inline(never)]
    pub(super) fn get(&self, at: usize) -> u8 {
        octet(self.as_slice(), at)
    }

    /// Where `octet` stands first, from `start` on; the end where it does not.
    #[inline(never)]
    pub(super) fn find(&self, octet: u8, start: usize) -> usize {
        start + find(self.tail(start), octet)
    }

    /// How often `octet` stands there.
    pub(super) fn count(&self, octet: u8) -> usize {
        count(self.as_slice(), octet)
    }

    /// Drops edge characters at both ends.
    pub(super) fn trim(&mut self) {
        let (start, end) = trim(self.as_slice());
        self.truncate(end);
        self.remove(0, start);
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline(never)]
    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Removes `count` octets at `at`.
    #[inline(never)]
    pub(super) fn remove(&mut self, at: usize, count: usize) {
        let len = self.len.saturating_sub(count);
        for i in at..len {
            let moved = self.get(i + count);
            if let Some(octet) = self.octets.get_mut(i) {
                *octet = moved;
            }
        }
        self.len = len;
    }

    /// Puts `octet` in the place of `count` octets at `at`.
    pub(super) fn replace(&mut self, at: usize, count: usize, octet: u8) {
        self.remove(at, count - 1);
        if let Some(place) = self.octets.get_mut(at) {
            *place = octet;
        }
    }

    /// Adds to the end, if it fits.
    #[inline(never)]
    pub(super) fn push(&mut self, octets: &[u8]) -> Option<()> {
        for &octet in octets {
            *self.octets.get_mut(self.len)? = octet;
            self.len += 1;
        }
        Some(())
    }

    /// Writes the domain that was meant in the place of the one that starts at `domain`.
    #[inline(never)]
    pub(super) fn rewrite_domain(&mut self, domain: usize, meant: &Meant) -> Option<()> {
        self.truncate(domain + meant.keep);
        for part in meant.parts() {
            self.push(part)?;
        }
        Some(())
    }

    /// Lower-cases the letters of ASCII from `start` on.
    pub(super) fn lower_case(&mut self, start: usize) {
        if let Some(tail) = self.octets.get_mut(start..) {
            tail.make_ascii_lowercase();
        }
    }
}
