//! The pages.

pub(crate) mod users;
