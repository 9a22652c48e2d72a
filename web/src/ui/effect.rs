//! Work that follows signals, compiled once: Leptos would make a task of its own for each closure.

use leptos::prelude::*;

/// Does it now, and again whenever a signal changes that it read.
pub(crate) fn effect(work: impl FnMut() + 'static) {
    follow(Box::new(work));
}

fn follow(mut work: Box<dyn FnMut()>) {
    Effect::new(move |_| work());
}
