//! Memory is taken and never given back.
//!
//! No call leaves anything behind that another one needs, and the face makes the module anew before it has grown large:
//! see `npm/js/full/rim.js`. Freeing would be the allocator's own code and some in each place where a value ends,
//! together a twelfth of the module.

#![expect(
    unsafe_code,
    reason = "only this says that nobody else allocates at the same time; there is no other unsafe code"
)]

use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};

// SAFETY: the module is compiled without threads, and its memory is not shared.
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<LeakingAllocator> =
    unsafe { AssumeSingleThreaded::new(LeakingAllocator::new()) };
