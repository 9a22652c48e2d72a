//! The e-mail check for JavaScript: plain functions over octets, packed numbers for answers.
//!
//! The host writes UTF-8 where [`input`] says, calls a check with the number of octets, and reads
//! the answer. `npm/js/email` is the face of this module and its only caller. Short texts and
//! batches use memory of fixed size, so that the host's views of it stay valid; only [`input`] for
//! a long text makes the memory grow.

#![expect(
    unsafe_code,
    reason = "`no_mangle` is an unsafe attribute; there is no other unsafe code"
)]
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::vec::Vec;

use rolecall_email::{
    Accepted, Outcome, Outline, PADDING, check_lines, check_lines_by_blocks, check_mapped_octets,
    check_octets, suggest_into, utf16_len,
};
use spin::Mutex;

/// Octets of input that fit without allocating: of a list of ten thousand addresses. Untouched memory
/// costs nothing.
const INPUT: usize = 384 * 1024;
/// Lines of which the answers fit: each has its end at least.
const LINES: usize = INPUT;
/// Of what was found, so many entries are written to by others than batches.
const OTHERS: usize = 256;

/// Bits that are set for an accepted address, above the seven in which its `@` is.
mod flag {
    pub(super) const TRIMMED: i32 = 8;
    pub(super) const UPPER: i32 = 9;
    pub(super) const RESERVED: i32 = 10;
    pub(super) const SUGGESTION: i32 = 11;
    pub(super) const FOREIGN: i32 = 12;
    pub(super) const FOREIGN_LOCAL: i32 = 13;
}

/// All that there is: what was written, and what was found. The host knows the order of the first
/// three.
#[repr(C)]
struct State {
    /// Texts that fit; long ones are in `long`.
    short: [u8; INPUT + PADDING],
    /// The code of each line of a batch, or a suggestion.
    octets: [u8; LINES],
    /// Positions in UTF-16 units: of the error of each line of a batch; start, `@` and end of an
    /// accepted address; the error of another.
    places: [u32; LINES],
    /// Lines of the last batch.
    lines: usize,
    long: Vec<u8>,
}

/// The text that was written.
fn written<'s>(short: &'s [u8], long: &'s [u8], len: usize) -> &'s [u8] {
    let text = match len <= INPUT {
        true => short,
        false => long,
    };
    text.get(..len).unwrap_or_default()
}

static STATE: Mutex<State> = Mutex::new(State {
    short: [0; INPUT + PADDING],
    octets: [0; LINES],
    places: [0; LINES],
    lines: 0,
    long: Vec::new(),
});

/// The only allocation is `LONG`, which grows to the longest text seen and is never given back: an
/// allocator that could would be most of this module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LeakingPageAllocator = lol_alloc::LeakingPageAllocator;

/// Ends in a trap. Without the standard library no message is formatted, and none is carried.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Works with the state. Nobody else does at the same time: there are no threads.
#[inline(always)]
fn with_state<T: Default>(work: impl FnOnce(&mut State) -> T) -> T {
    STATE
        .try_lock()
        .map(|mut state| work(&mut state))
        .unwrap_or_default()
}

/// Where to write a text of `len` octets.
#[unsafe(no_mangle)]
pub extern "C" fn input(len: usize) -> usize {
    with_state(|state| {
        if len <= INPUT {
            return state.short.as_ptr().addr();
        }
        if state.long.len() < len {
            // twice as much, so that growing texts leave behind no more than they take
            state.long = alloc::vec![0; len * 2];
        }
        state.long.as_ptr().addr()
    })
}

/// Checks one address.
///
/// For a valid one: how many octets stand before its `@`, and flags. For another: its code,
/// negative. The positions are the first of `State::places`.
#[unsafe(no_mangle)]
pub extern "C" fn check(len: usize, allow_non_ascii_local: bool) -> i32 {
    with_state(|state| {
        let text = written(&state.short, &state.long, len);
        let (places, packed) = match check_octets(text, allow_non_ascii_local) {
            Ok(accepted) => {
                let Outline { start, at, end, .. } = accepted.outline;
                ([start, at, end], packed(&accepted, len))
            }
            Err(Outcome { code, at }) => ([at, 0, 0], -i32::from(code)),
        };
        for (place, found) in state.places.iter_mut().zip(places) {
            *place = utf16_len(text, found) as u32;
        }
        packed
    })
}

fn packed(accepted: &Accepted, len: usize) -> i32 {
    let outline = &accepted.outline;
    // a local part over its limit is one that is still to be normalized
    let at = (outline.at - outline.start).min(127) as i32;
    let trimmed = outline.end - outline.start < len;
    at | i32::from(trimmed) << flag::TRIMMED
        | i32::from(outline.upper) << flag::UPPER
        | i32::from(accepted.reserved) << flag::RESERVED
        | i32::from(accepted.suggestion) << flag::SUGGESTION
        | i32::from(outline.foreign) << flag::FOREIGN
        | i32::from(outline.foreign_local) << flag::FOREIGN_LOCAL
}

/// Checks the domain that a host mapped to A-labels, behind `before` octets of local part and `@`.
/// Gives the code of what is wrong, 0 for nothing.
#[unsafe(no_mangle)]
pub extern "C" fn check_mapped(len: usize, before: usize) -> i32 {
    with_state(|state| {
        let mapped = written(&state.short, &state.long, len);
        i32::from(check_mapped_octets(mapped, before))
    })
}

/// Checks the lines of the input and gives their number. `State::octets` has the code of each, 0 for
/// a valid address, and `State::places` where the error is. `foreign` says whether there is anything
/// else but ASCII.
#[unsafe(no_mangle)]
pub extern "C" fn check_all(len: usize, foreign: bool) -> usize {
    with_state(|state| {
        let text = match len <= INPUT {
            true => &mut state.short[..],
            false => &mut state.long,
        };
        let used = state.lines.max(OTHERS);
        if let Some(codes) = state.octets.get_mut(..used) {
            codes.fill(0);
        }
        if let Some(places) = state.places.get_mut(..used) {
            places.fill(0);
        }
        let wrong = |index: usize, line: &[u8], Outcome { code, at }: Outcome| {
            let of = (state.octets.get_mut(index), state.places.get_mut(index));
            if let (Some(of_code), Some(of_place)) = of {
                let at = match foreign {
                    true => utf16_len(line, at),
                    false => at,
                };
                *of_code = code;
                *of_place = at as u32;
            }
        };
        state.lines = match cfg!(target_feature = "simd128") {
            true => check_lines_by_blocks(text, len, wrong),
            // without vectors the full check is as fast
            false => check_lines(text.get(..len).unwrap_or_default(), wrong),
        };
        state.lines
    })
}

/// Writes the address that was probably meant into `State::octets`, and gives its length; 0 for
/// nothing to propose.
#[unsafe(no_mangle)]
pub extern "C" fn suggest(len: usize) -> usize {
    with_state(|state| {
        let text = written(&state.short, &state.long, len);
        let meant = state.octets.first_chunk_mut();
        meant.map_or(0, |meant| suggest_into(text, meant))
    })
}
