//! Positions as JavaScript counts them.

/// Turns octets of a text into UTF-16 units, from the last position on: neighbors cost little, and
/// a text that is read in order is counted once.
pub(crate) struct Units<'t> {
    text: &'t str,
    octet: usize,
    unit: usize,
}

impl<'t> Units<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self {
            text,
            octet: 0,
            unit: 0,
        }
    }

    /// The position of an octet on a character boundary.
    pub(crate) fn at(&mut self, octet: usize) -> usize {
        if octet >= self.octet {
            self.unit += width(&self.text[self.octet..octet]);
        } else {
            self.unit -= width(&self.text[octet..self.octet]);
        }
        self.octet = octet;
        self.unit
    }
}

/// UTF-16 units of a text.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_forwards_and_backwards() {
        let text = "aé😀b, \u{FEFF}ü";
        let mut units = Units::of(text);
        let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        ends.push(text.len());
        for &at in ends
            .iter()
            .chain(ends.iter().rev())
            .chain([&0, &text.len()])
        {
            assert_eq!(units.at(at), text[..at].encode_utf16().count(), "{at}");
        }
    }
}
