//! The pages.

pub(crate) mod activity;
pub(crate) mod invite;
pub(crate) mod users;
