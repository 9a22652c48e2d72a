//! All chunks as one: everything is there.

use leptos::prelude::AnyView;

use crate::later::{Chunk, Part};

/// Whether anything has to come.
pub(super) const ARE_FETCHED: bool = false;

/// There is nothing to fetch.
pub(super) async fn fetch(_chunk: Chunk) -> bool {
    true
}

/// Shows a part.
pub(super) fn show(part: Part) -> AnyView {
    match part.chunk() {
        Chunk::Changes => super::changes(part),
        Chunk::Facts => super::facts(part),
        Chunk::Menus => super::menus(part),
    }
}
