//! Tells the linker to keep what the splitter goes by, if there is something to split, and how much room the
//! stack takes.

use std::env::{var, var_os};

/// Bytes of the stack. The linker would make it a mebibyte, and all of it is memory that each open page
/// takes. The browser tests pass with a quarter of this; without optimization much more is used.
const STACK: u32 = 256 * 1024;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|it| it == value);
    if !is("CARGO_CFG_TARGET_FAMILY", "wasm") {
        return;
    }
    if var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    if is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-zstack-size={STACK}");
    }
}
