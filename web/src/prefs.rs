//! What somebody likes, kept in this browser: look, keys, and the organizations opened last. Nothing of
//! it is about other people.

use crate::reactive::State;
use crate::ui::effect::effect;

use crate::host;
use crate::model::keymap::Keymap;

/// Most organizations that are remembered as opened last.
const RECENT: usize = 8;

/// Colors: as the system has them, or one of two.
pub(crate) const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// What somebody likes.
#[derive(Clone, Copy)]
pub(crate) struct Prefs {
    /// One of [`THEMES`].
    pub(crate) theme: State<&'static str>,
    /// Whether rows are lower.
    pub(crate) dense: State<bool>,
    /// Whether single keys do something outside fields.
    pub(crate) keys: State<bool>,
    /// Which single key does what.
    pub(crate) keymap: State<Keymap>,
    /// Organizations opened last, the newest first, as "connection/organization".
    pub(crate) recent: State<Vec<String>>,
}

impl Prefs {
    /// As they were left.
    pub(crate) fn read() -> Self {
        let theme = host::stored("theme").unwrap_or_default();
        let theme = THEMES.into_iter().find(|it| *it == theme);
        let recent = host::stored("recent").unwrap_or_default();
        Self {
            theme: State::new(theme.unwrap_or(THEMES[0])),
            dense: State::new(host::stored("density").as_deref() == Some("dense")),
            keys: State::new(host::stored("keys").as_deref() != Some("off")),
            keymap: State::new(Keymap::from_text(
                &host::stored("keymap").unwrap_or_default(),
            )),
            recent: State::new(recent.lines().map(str::to_owned).collect()),
        }
    }

    /// Keeps them, and dresses the page by them.
    pub(crate) fn keep(self) {
        follow("theme", "data-theme", move || self.theme.get().to_owned());
        follow("density", "data-density", move || {
            let density = if self.dense.get() { "dense" } else { "roomy" };
            density.to_owned()
        });
        follow("keymap", "", move || self.keymap.get().to_text());
        follow("keys", "", move || {
            let keys = if self.keys.get() { "on" } else { "off" };
            keys.to_owned()
        });
    }

    /// Remembers that an organization was opened.
    pub(crate) fn opened(self, place: String) {
        self.recent.update(|all| {
            all.retain(|it| *it != place);
            all.insert(0, place);
            all.truncate(RECENT);
            host::store("recent", &all.join("\n"));
        });
    }
}

/// Dresses the page by an attribute, if there is one, and keeps what changes under a name.
fn follow(name: &'static str, attribute: &'static str, text: impl Fn() -> String + 'static) {
    let text: Box<dyn Fn() -> String> = Box::new(text);
    let mut first = true;
    effect(move || {
        let text = text();
        if !attribute.is_empty() {
            host::dress(attribute, &text);
        }
        // what was read needs no writing, for which the page would wait
        if !std::mem::take(&mut first) {
            host::store(name, &text);
        }
    });
}
