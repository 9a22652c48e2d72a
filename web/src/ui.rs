//! Parts that pages and forms are made of.

pub(crate) mod after_paint;
pub(crate) mod cursor;
pub(crate) mod dialog;
pub(crate) mod effect;
pub(crate) mod icon;
pub(crate) mod keys;
pub(crate) mod list_field;
pub(crate) mod palette;
pub(crate) mod role_picker;
pub(crate) mod shortcuts;
pub(crate) mod spoken;
pub(crate) mod switcher;
pub(crate) mod toast;
pub(crate) mod users_table;
pub(crate) mod virtual_table;
