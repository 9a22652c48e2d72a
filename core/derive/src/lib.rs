//! `#[derive(FromJson)]`: how a value is read from `rolecall_core::json::Json`.
//!
//! It reads the attributes of serde, so that a wire struct names its fields once for both directions:
//! `rename`, `rename_all`, `alias`, `default`, `flatten`, `from`, `try_from`, `transparent`, `tag`,
//! `untagged`. What it does not know, it refuses when compiling. The code it writes asks a tree for
//! fields by name, where serde's would drive a parser, and is much less WebAssembly.

mod attributes;
mod shapes;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `FromJson`, and serde's `Deserialize` by way of it.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    shapes::derive(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
