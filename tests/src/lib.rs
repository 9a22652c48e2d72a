//! What tests from outside share: starting the real binary, and talking to it as a stranger would.
//!
//! Nothing here uses the product's own code; what is tested is what anybody else would meet. (The
//! contract with the services, in `tests/contract`, is tested on the code itself.)

mod client;
mod process;

pub use crate::client::{Answer, Client};
pub use crate::process::{Ended, Rolecall, command};
