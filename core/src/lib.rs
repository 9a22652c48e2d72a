//! The middle of Rolecall: e-mail addresses, roles, recipient lists, plans, and the requests and
//! answers of Astro and Astra.
//!
//! Nothing here does I/O, reads a clock, knows JavaScript or is `async`. One user action runs in a
//! straight line, and each arrow is one function in one file:
//!
//! ```text
//! text → Email / Role → Intent → Plan → http::Request → (somebody sends it)
//!      → http::Response → Change | Failure → Directory::apply → rows
//! ```

extern crate self as rolecall_core; // the name by which the derive calls it

mod act;
pub mod ahead;
pub mod astra;
pub mod astro;
mod change;
pub mod directory;
pub mod email;
pub mod endpoint;
pub mod export;
mod failure;
pub mod id;
pub mod index;
pub mod json;
pub mod letters;
pub mod plan;
pub mod recipients;
pub mod review;
pub mod role;
pub mod roster;
pub mod service;
#[cfg(test)]
mod testing;
mod user;
