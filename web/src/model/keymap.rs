//! Which single key does what; somebody may choose other keys.

/// What a single key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Goes to the search box.
    Search,
    /// Shows the list of keys.
    Help,
    /// Invites somebody.
    Invite,
    /// Reads the list again.
    Refresh,
}

impl Deed {
    /// All, in the order in which they are listed.
    pub(crate) const ALL: [Self; 4] = [Self::Search, Self::Help, Self::Invite, Self::Refresh];

    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Search => "Search",
            Self::Help => "This list",
            Self::Invite => "Invite",
            Self::Refresh => "Read the list again",
        }
    }
}

/// The key of each deed, in the order of [`Deed::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keymap([char; 4]);

impl Default for Keymap {
    fn default() -> Self {
        Self(['/', '?', 'i', 'r'])
    }
}

impl Keymap {
    /// Reads what [`to_text`](Self::to_text) wrote; what is no keymap is the usual one.
    pub(crate) fn from_text(text: &str) -> Self {
        let mut map = Self::default();
        let mut keys = text.chars();
        for deed in Deed::ALL {
            let Some(key) = keys.next() else {
                return Self::default();
            };
            map.0[deed as usize] = key;
        }
        let distinct = (1..map.0.len()).all(|at| !map.0[..at].contains(&map.0[at]));
        match keys.next().is_none() && distinct && map.0.iter().all(|key| is_key(*key)) {
            true => map,
            false => Self::default(),
        }
    }

    /// One character for each deed.
    pub(crate) fn to_text(self) -> String {
        self.0.iter().collect()
    }

    /// The key of a deed.
    pub(crate) fn key(self, deed: Deed) -> char {
        self.0[deed as usize]
    }

    /// What a key does, named as the browser names it.
    pub(crate) fn deed(self, key: &str) -> Option<Deed> {
        let mut letters = key.chars();
        let (first, rest) = (letters.next()?, letters.next());
        let found = Deed::ALL.into_iter().find(|deed| self.key(*deed) == first);
        found.filter(|_| rest.is_none())
    }

    /// Gives a deed another key.
    ///
    /// # Errors
    /// A sentence if it is no key for this, or does something else already.
    pub(crate) fn set(&mut self, deed: Deed, text: &str) -> Result<(), String> {
        let mut letters = text.chars();
        let (Some(key), None) = (letters.next(), letters.next()) else {
            return Err("One character is a key.".to_owned());
        };
        if !is_key(key) {
            return Err("This key belongs to the browser or to the table.".to_owned());
        }
        match self.deed(text) {
            Some(other) if other != deed => {
                Err(format!("“{key}” is the key of “{}” already.", other.name()))
            }
            _ => {
                self.0[deed as usize] = key;
                Ok(())
            }
        }
    }
}

/// Space selects rows.
fn is_key(key: char) -> bool {
    !key.is_whitespace() && !key.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_can_be_others_but_not_the_same() {
        let mut map = Keymap::default();
        assert_eq!(map.deed("/"), Some(Deed::Search));
        assert_eq!(map.deed("Enter"), None);
        assert_eq!(map.set(Deed::Search, "s"), Ok(()));
        assert_eq!((map.deed("s"), map.deed("/")), (Some(Deed::Search), None));
        assert_eq!(map.set(Deed::Search, "s"), Ok(()), "its own");
        let taken = map.set(Deed::Invite, "r").unwrap_err();
        assert_eq!(taken, "“r” is the key of “Read the list again” already.");
        for bad in ["", " ", "ab", "\u{1}"] {
            assert!(map.set(Deed::Invite, bad).is_err(), "{bad:?}");
        }
        assert_eq!(map.key(Deed::Invite), 'i');
    }

    #[test]
    fn it_is_kept_as_text() {
        let mut map = Keymap::default();
        map.set(Deed::Refresh, "ö").unwrap();
        assert_eq!(Keymap::from_text(&map.to_text()), map);
        for broken in ["", "/?i", "/?irx", "/?ii", "/? r"] {
            assert_eq!(Keymap::from_text(broken), Keymap::default(), "{broken}");
        }
    }
}
