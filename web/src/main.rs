//! The console: a single page, compiled to WebAssembly by Trunk.

#![expect(unreachable_pub, reason = "what `#[component]` writes is `pub`")]

mod app;
mod console;
mod desks;
mod early;
mod forms;
mod freshness;
mod host;
mod later;
mod model;
mod pages;
mod parts;
mod paths;
mod prefs;
mod reactive;
mod roster;
mod session;
mod transport;
mod ui;
mod wanted;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
