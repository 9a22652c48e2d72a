//! The real program, from outside: a process with an empty home, spoken to over sockets.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it failed"
)]

mod binary;
mod killed;
mod live;
mod plans;
mod program;
mod runs;
mod ways;
