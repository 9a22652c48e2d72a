//! Work that can wait until the answer to what somebody did is painted.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;

/// How long it waits for a frame: a page that is not seen has none.
const PATIENCE: Duration = Duration::from_millis(200);

/// Does it once the frame that is in the making has been painted, and the next one has begun: what is done right
/// after a frame keeps its picture, and the next key, waiting.
pub(crate) fn after_paint(work: impl FnOnce() + 'static) {
    wait(Box::new(work));
}

fn wait(work: Box<dyn FnOnce()>) {
    let work = Rc::new(Cell::new(Some(work)));
    let or_else = Rc::clone(&work);
    let once = |work: &Cell<Option<Box<dyn FnOnce()>>>| {
        if let Some(work) = work.take() {
            work();
        }
    };
    // callbacks of a frame run before it is painted, and a task they set after
    request_animation_frame(move || {
        request_animation_frame(move || set_timeout(move || once(&work), Duration::ZERO));
    });
    set_timeout(move || once(&or_else), PATIENCE);
}
