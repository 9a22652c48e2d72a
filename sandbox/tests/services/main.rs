//! The services' side as a client sees it, in memory.
#![cfg(test)]

mod astra;
mod astro;
mod client;
mod control;
mod door;
mod faults;
mod hostile;
mod seed;
