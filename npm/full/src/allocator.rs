//! Memory is taken piece by piece and given back all at once, before the next call.
//!
//! No call leaves anything behind that another one needs. Freeing would be the allocator's own code and some in each
//! place where a value ends. What one call made large is given back by the face, which makes the module anew then: see
//! `npm/js/full/rim.js`.
//!
//! `lol_alloc`, which `npm/email` has, takes one page at a time. Here that would be thousands for a long list, and the
//! engines collect garbage every few of them.

#![expect(
    unsafe_code,
    reason = "an allocator is unsafe by contract; the only other unsafe code is the call that gives all back"
)]

use core::arch::wasm32::{memory_grow, memory_size};
use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr::{copy_nonoverlapping, null_mut, with_exposed_provenance_mut};

const PAGE: usize = 65_536;

#[global_allocator]
static ALLOCATOR: Bump = Bump {
    next: Cell::new(0),
    end: Cell::new(0),
    floor: Cell::new(0),
};

/// Addresses: of what is free, behind it, and behind what stays; 0 as long as that is not known.
struct Bump {
    next: Cell<usize>,
    end: Cell<usize>,
    floor: Cell<usize>,
}

/// Has all that is there now stay.
pub(crate) fn set_floor() {
    ALLOCATOR.floor.set(ALLOCATOR.next.get());
}

/// Gives back all that came after [`set_floor`]; false if that was never called.
///
/// # Safety
///
/// Nothing of it may be used any more.
pub(crate) unsafe fn give_back() -> bool {
    let floor = ALLOCATOR.floor.get();
    if floor != 0 {
        ALLOCATOR.next.set(floor);
    }
    floor != 0
}

// SAFETY: the module is compiled without threads, and its memory is not shared.
unsafe impl Sync for Bump {}

impl Bump {
    /// Makes a block that starts there the last one; null if memory does not suffice.
    fn last(&self, start: usize, size: usize) -> *mut u8 {
        let Some(next) = start.checked_add(size) else {
            return null_mut();
        };
        if next > self.end.get() {
            let pages = memory_size(0);
            let needed = (next - pages * PAGE).div_ceil(PAGE);
            // half as much again, where there is so much; else what is needed
            let grown = [needed.max(pages / 2), needed]
                .into_iter()
                .any(|more| memory_grow(0, more) != usize::MAX);
            if !grown {
                return null_mut();
            }
            self.end.set(memory_size(0) * PAGE);
        }
        self.next.set(next);
        with_exposed_provenance_mut(start)
    }
}

// SAFETY: blocks lie one behind the other in memory that is taken here and by nobody else, each aligned.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.end.get() == 0 {
            // what lies below belongs to the linker
            let end = memory_size(0) * PAGE;
            self.next.set(end);
            self.end.set(end);
        }
        self.last(
            self.next.get().next_multiple_of(layout.align()),
            layout.size(),
        )
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if old.addr() + layout.size() == self.next.get() {
            // the last block grows where it is
            return self.last(old.addr(), size);
        }
        if size <= layout.size() {
            return old;
        }
        // SAFETY: `size` is what the caller answers for, and the blocks lie apart.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                copy_nonoverlapping(old, new, layout.size());
            }
            new
        }
    }
}
