//! A column of texts in one piece of memory.

/// Texts behind one another, with the end of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    bytes: String,
    ends: Vec<u32>,
}

impl Text {
    fn span(&self, index: usize) -> std::ops::Range<usize> {
        let start = if index == 0 {
            0
        } else {
            self.ends[index - 1] as usize
        };
        start..self.ends[index] as usize
    }

    /// The text at an index.
    pub(crate) fn get(&self, index: usize) -> &str {
        &self.bytes[self.span(index)]
    }

    /// Adds a text at the end.
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.len());
    }

    /// Puts another text in the place of one.
    pub(crate) fn set(&mut self, index: usize, text: &str) {
        let span = self.span(index);
        let (old, new) = (span.len(), text.len());
        self.bytes.replace_range(span, text);
        for end in &mut self.ends[index..] {
            *end = u32::try_from(*end as usize - old + new).expect(Self::SIZE);
        }
    }

    /// Leaves those texts only of which it is told that they stay, all in one pass.
    pub(crate) fn keep(&mut self, stays: &[bool]) {
        let mut kept = Self::default();
        for (index, _) in stays.iter().enumerate().filter(|(_, stays)| **stays) {
            kept.push(self.get(index));
        }
        *self = kept;
    }

    /// All texts as one, without anything between them.
    pub(crate) fn whole(&self) -> &str {
        &self.bytes
    }

    /// Where each text ends, in bytes of [`whole`](Self::whole).
    pub(crate) fn ends(&self) -> &[u32] {
        &self.ends
    }

    const SIZE: &'static str = "a column holds less than 4 GiB";

    fn len(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect(Self::SIZE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &Text) -> Vec<&str> {
        (0..text.ends.len()).map(|i| text.get(i)).collect()
    }

    #[test]
    fn texts_of_any_length_come_and_go() {
        let mut text = Text::default();
        for part in ["ä", "", "ccc", "d"] {
            text.push(part);
        }
        assert_eq!(all(&text), ["ä", "", "ccc", "d"]);
        text.set(1, "longer");
        text.set(2, "");
        assert_eq!(all(&text), ["ä", "longer", "", "d"]);
        text.keep(&[false, true, true, false]);
        assert_eq!(all(&text), ["longer", ""]);
        assert_eq!(text.whole(), "longer");
    }
}
