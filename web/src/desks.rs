//! What pages hold that stays while somebody looks at another: lists as typed, as read, and what they would do.

mod draft;
pub(crate) mod invite;
pub(crate) mod roster;
