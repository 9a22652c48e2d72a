//! What the views show, decided without a browser.

pub(crate) mod chips;
pub(crate) mod filters;
pub(crate) mod growth;
pub(crate) mod invite_draft;
pub(crate) mod journal_view;
pub(crate) mod keymap;
pub(crate) mod palette;
pub(crate) mod review_view;
pub(crate) mod roster_view;
pub(crate) mod row_view;
pub(crate) mod run_view;
pub(crate) mod user_view;
pub(crate) mod window;
pub(crate) mod words;
