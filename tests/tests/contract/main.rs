//! What core sends and reads, and what the sandbox answers, held against recorded exchanges.
#![cfg(test)]

mod core;
mod exchange;
mod sandbox;
mod shape;
