//! Work that can wait until the answer to what somebody did is painted.

use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;

/// Does it once the frame that is in the making has been painted.
pub(crate) fn after_paint(work: impl FnOnce() + 'static) {
    wait(Box::new(work));
}

fn wait(work: Box<dyn FnOnce()>) {
    // callbacks of a frame run before it is painted, and a task they set after
    request_animation_frame(move || set_timeout(work, Duration::ZERO));
}
