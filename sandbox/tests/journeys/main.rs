//! Whole journeys in memory: core plans and walks, the sandbox answers.
#![cfg(test)]

mod bulk;
mod console;
mod single;
