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
    Accepted, BLOCK, Line, MAX_ADDRESS, Outcome, accepted_line, check_lines_within,
    check_mapped_octets, check_octets, suggest_into, utf16_len,
};
use spin::Mutex;

/// Octets of input that fit without allocating.
const INPUT: usize = 48 * 1024;
/// Addresses in one pass. A pass is given at most so many UTF-16 units, and a line has at least one.
const LINES: usize = INPUT / 3;

/// Bits that are set for an accepted address, above the seven in which its `@` is.
mod flag {
    pub(super) const TRIMMED: i32 = 8;
    pub(super) const UPPER: i32 = 9;
    pub(super) const RESERVED: i32 = 10;
    pub(super) const SUGGESTION: i32 = 11;
    pub(super) const FOREIGN: i32 = 12;
    pub(super) const FOREIGN_LOCAL: i32 = 13;
}

/// Texts that fit, and a block behind them; long ones are in `LONG`.
static SHORT: Mutex<[u8; INPUT + BLOCK]> = Mutex::new([0; INPUT + BLOCK]);
static LONG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static CODES: Mutex<[u8; LINES]> = Mutex::new([0; LINES]);
static PLACES: Mutex<[u32; LINES]> = Mutex::new([0; LINES]);
static OUTPUT: Mutex<[u8; MAX_ADDRESS]> = Mutex::new([0; MAX_ADDRESS]);
/// Start, `@` and end of the last accepted address, or the position of the last error, in UTF-16
/// units.
static OUTLINE: Mutex<[usize; 3]> = Mutex::new([0; 3]);

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

/// Where to write a text of `len` octets.
#[unsafe(no_mangle)]
pub extern "C" fn input(len: usize) -> *mut u8 {
    if len <= INPUT {
        return SHORT.lock().as_mut_ptr();
    }
    let mut long = LONG.lock();
    if long.len() < len {
        // twice as much, so that growing texts leave behind no more than they take
        *long = alloc::vec![0; len * 2];
    }
    long.as_mut_ptr()
}

/// Where the codes of a batch are.
#[unsafe(no_mangle)]
pub extern "C" fn codes() -> *const u8 {
    CODES.lock().as_ptr()
}

/// Where the positions of a batch are, in UTF-16 units.
#[unsafe(no_mangle)]
pub extern "C" fn places() -> *const u32 {
    PLACES.lock().as_ptr()
}

/// Where a suggestion is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.lock().as_ptr()
}

/// Start, `@` and end of the last accepted address for 0, 1 and 2; the position of the last error
/// for 0. UTF-16 units.
#[unsafe(no_mangle)]
pub extern "C" fn outline(part: usize) -> usize {
    OUTLINE.lock().get(part).copied().unwrap_or(0)
}

/// Lends the text that was written.
fn with_input<T>(len: usize, then: impl FnOnce(&[u8]) -> T) -> T {
    if len <= INPUT {
        then(SHORT.lock().get(..len).unwrap_or_default())
    } else {
        then(LONG.lock().get(..len).unwrap_or_default())
    }
}

/// Checks one address.
///
/// For a valid one: how many octets stand before its `@`, and flags. For another: its code,
/// negative.
#[unsafe(no_mangle)]
pub extern "C" fn check(len: usize, allow_non_ascii_local: bool) -> i32 {
    if len < BLOCK {
        let mut short = SHORT.lock();
        end_line(&mut *short, len);
        let plain = short
            .first_chunk::<BLOCK>()
            .and_then(|block| accepted_line(block, len, plain_line(block)));
        if let Some(accepted) = plain {
            return packed(&accepted, len);
        }
    }
    check_in_full(len, allow_non_ascii_local)
}

/// The one copy of the fast path.
#[inline(never)]
fn plain_line(block: &[u8; BLOCK]) -> Line {
    rolecall_email::plain_line(block)
}

/// Puts a line feed behind the text.
fn end_line(short: &mut [u8], len: usize) {
    if let Some(octet) = short.get_mut(len) {
        *octet = b'\n';
    }
}

#[inline(never)]
fn check_in_full(len: usize, allow_non_ascii_local: bool) -> i32 {
    with_input(len, |text| {
        match check_octets(text, allow_non_ascii_local) {
            Ok(accepted) => {
                let units = |at| utf16_len(text, at);
                *OUTLINE.lock() = [accepted.start, accepted.at, accepted.end].map(units);
                packed(&accepted, len)
            }
            Err(Outcome { code, at }) => {
                *OUTLINE.lock() = [utf16_len(text, at), 0, 0];
                -i32::from(code)
            }
        }
    })
}

fn packed(accepted: &Accepted, len: usize) -> i32 {
    // a local part over its limit is one that is still to be normalized
    let at = (accepted.at - accepted.start).min(127) as i32;
    let trimmed = accepted.end - accepted.start < len;
    at | i32::from(trimmed) << flag::TRIMMED
        | i32::from(accepted.upper) << flag::UPPER
        | i32::from(accepted.reserved) << flag::RESERVED
        | i32::from(accepted.suggestion) << flag::SUGGESTION
        | i32::from(accepted.foreign) << flag::FOREIGN
        | i32::from(accepted.foreign_local) << flag::FOREIGN_LOCAL
}

/// Checks the domain that a host mapped to A-labels, behind `before` octets of local part and `@`.
/// Gives the code of what is wrong, 0 for nothing.
#[unsafe(no_mangle)]
pub extern "C" fn check_mapped(len: usize, before: usize) -> i32 {
    with_input(len, |mapped| i32::from(check_mapped_octets(mapped, before)))
}

/// Checks the lines of the input and gives their number. What does not fit is left out.
#[unsafe(no_mangle)]
pub extern "C" fn check_all(len: usize) -> usize {
    let (mut codes, mut places) = (CODES.lock(), PLACES.lock());
    let (mut short, long) = (SHORT.lock(), LONG.lock());
    end_line(&mut *short, len);
    let text = match len <= INPUT {
        true => &*short,
        false => long.get(..len).unwrap_or_default(),
    };
    let mut answers = codes.iter_mut().zip(places.iter_mut());
    let mut count = 0;
    check_lines_within(text, len, plain_line, |line, Outcome { code, at }| {
        if let Some((of_code, of_place)) = answers.next() {
            *of_code = code;
            *of_place = match code {
                0 => 0,
                _ => utf16_len(line, at) as u32,
            };
            count += 1;
        }
    });
    count
}

/// Writes the address that was probably meant where [`output`] says, and gives its octets; 0 for
/// nothing to propose.
#[unsafe(no_mangle)]
pub extern "C" fn suggest(len: usize) -> usize {
    with_input(len, |text| suggest_into(text, &mut OUTPUT.lock()))
}
