//! The places where the splitter cuts: one function a chunk, and all code that only it leads to is fetched
//! with it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::later::{Chunk, Part};

/// Whether anything has to come.
pub(super) const ARE_FETCHED: bool = true;

type Cut = Result<AnyView, SplitLoaderError>;

#[wasm_split(changes, wasm_split_path = ::leptos::wasm_split, preload(fetch_changes), fallible)]
fn changes(part: Box<Part>) -> Cut {
    Ok(super::changes(*part))
}

#[wasm_split(facts, wasm_split_path = ::leptos::wasm_split, preload(fetch_facts), fallible)]
fn facts(part: Box<Part>) -> Cut {
    Ok(super::facts(*part))
}

#[wasm_split(menus, wasm_split_path = ::leptos::wasm_split, preload(fetch_menus), fallible)]
fn menus(part: Box<Part>) -> Cut {
    Ok(super::menus(*part))
}

/// Fetches a chunk; tells whether it came.
pub(super) async fn fetch(chunk: Chunk) -> bool {
    let fetched = match chunk {
        Chunk::Changes => fetch_changes().await,
        Chunk::Facts => fetch_facts().await,
        Chunk::Menus => fetch_menus().await,
    };
    fetched.is_ok()
}

/// Shows a part of a chunk that is there; then the first look at the future ends it, and the view belongs
/// to whoever asks now.
pub(super) fn show(part: Part) -> AnyView {
    let mut context = Context::from_waker(Waker::noop());
    let chunk = part.chunk();
    let part = Box::new(part);
    let shown = match chunk {
        Chunk::Changes => pin!(changes(part)).poll(&mut context),
        Chunk::Facts => pin!(facts(part)).poll(&mut context),
        Chunk::Menus => pin!(menus(part)).poll(&mut context),
    };
    match shown {
        Poll::Ready(Ok(view)) => view,
        Poll::Ready(Err(_)) | Poll::Pending => ().into_any(),
    }
}
