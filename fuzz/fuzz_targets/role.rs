//! Names of roles: no panic, and a message for everything.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_core::role::find;
use rolecall_core::service::Service;

fuzz_target!(|text: &str| {
    for service in [Service::Astro, Service::Astra] {
        let roles = service.known_roles();
        match find(text, &roles) {
            Ok(role) => assert!(roles.contains(role)),
            Err(error) => assert!(error.to_string().len() < 2000),
        }
    }
});
