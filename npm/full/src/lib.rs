//! The rim of the npm package over all of `rolecall_core`: JSON and text in, JSON out.
//!
//! `npm/js` is the face of this module and its only caller. It reads the caller's objects *before*
//! it comes here, so that no getter and no proxy of the caller ever runs in the middle of a call,
//! and it makes the `Error`s. A text that is refused here is misuse; what a person can do wrong
//! with an address, a role or a list is an answer.
//!
//! Positions in answers count UTF-16 units, as JavaScript does.

mod call;
mod issue;
mod planning;
mod reading;
mod request;
mod response;
mod role;
mod units;

#[cfg(target_arch = "wasm32")]
mod allocator;
#[cfg(target_arch = "wasm32")]
pub mod exports;

pub use call::Call;
pub use issue::Issue;
pub use planning::{plan_invites, plan_role_change};
pub use reading::{read_bytes, read_text};
pub use request::build_request;
pub use response::read_response;
pub use role::{known_roles, match_role};

use rolecall_core::endpoint::decode_json;
use rolecall_core::json::{self, FromJson, ToJson, to_text};

/// Misuse: which argument, and what is wrong with it.
pub type Misuse = String;

/// Reads an argument.
fn argument<T: FromJson>(name: &str, json: &str) -> Result<&'static mut T, Misuse> {
    let read = decode_json(json.as_bytes());
    read.map(kept).map_err(|error| misfit(name, &error))
}

/// What is wrong with an argument.
fn misfit(name: &str, error: &json::Error) -> Misuse {
    format!("{name}: {error}")
}

/// Writes an answer.
fn answer(value: &impl ToJson) -> String {
    to_text(value)
}

/// Keeps a value for the rest of the call, and no longer, though its lifetime says so. Memory is given back all at once
/// after it (see `allocator.rs`), so taking a value apart would be for nothing.
fn kept<T>(value: T) -> &'static mut T {
    Box::leak(Box::new(value))
}
