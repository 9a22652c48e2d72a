//! The rules for e-mail addresses, on octets of UTF-8.
//!
//! Nothing here allocates, uses the standard library or brings Unicode tables, so that the module
//! for forms (`npm/email`) stays within a few KB. The types that people use are in
//! `rolecall_core::email`; what a host has to lend, the mapping of non-ASCII domains, is asked for
//! there.
//!
//! Octets that are not UTF-8 never panic.

#![no_std]

#[cfg(test)]
extern crate std;

mod chars;
mod domain;
mod html;
mod invitable;
mod kind;
mod packed;
mod plain;
mod rfc5321;
mod suggestion;

pub use chars::{floor_boundary, is_edge};
pub use domain::{is_reserved, last_label};
pub use html::scan as scan_html;
pub use invitable::{MAX_ADDRESS, MAX_LOCAL, Outline, check_mapped, scan as scan_invitable};
pub use kind::EmailErrorKind;
pub use packed::{
    Accepted, Outcome, PADDING, check_lines, check_lines_by_blocks, check_mapped_octets,
    check_octets, utf16_len,
};
pub use rfc5321::scan as scan_rfc5321;
pub use suggestion::{Meant, meant_domain, suggest_into};
