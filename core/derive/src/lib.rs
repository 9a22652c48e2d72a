//! `#[derive(FromJson)]`: how a value is read from `rolecall_core::json::Json`; `#[derive(ToJson)]`: how it is
//! written by `rolecall_core::json::Writer`.
//!
//! They read the attributes of serde, so that a wire struct names its fields once for both directions:
//! `rename`, `rename_all`, `alias`, `default`, `flatten`, `from`, `transparent`, `tag`,
//! `untagged`, `into`, `skip_serializing_if`. What they do not know, they refuse when compiling. The code asks a tree for
//! fields by name, where serde's would drive a parser, and is much less WebAssembly.

mod attributes;
mod shapes;
mod writing;

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

/// Implements `ToJson`.
#[proc_macro_derive(ToJson, attributes(serde))]
pub fn to_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    writing::derive(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
