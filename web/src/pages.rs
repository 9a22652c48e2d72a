//! The pages.

pub(crate) mod activity;
pub(crate) mod connections;
pub(crate) mod invite;
pub(crate) mod roster;
pub(crate) mod user;
pub(crate) mod users;
