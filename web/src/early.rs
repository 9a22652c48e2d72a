//! What was asked while this code was still on the way, by the script `web/early.js` of the page.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The gateway's answer on the session, as text; none if there was an error. It comes once there are users to show, or
/// so late that somebody wants to see that they come.
pub(crate) async fn session() -> Option<String> {
    let window = window();
    taken(&window, "early").await?.as_string()
}

/// The answer to a question that was asked already, with its body; each is given once.
pub(crate) async fn answer_to(path: &str) -> Option<(Response, Vec<u8>)> {
    let asked = Reflect::get(&window(), &JsValue::from_str("asked")).ok()?;
    let answer: Array = taken(&asked, path).await?.dyn_into().ok()?;
    let head: Response = answer.get(0).dyn_into().ok()?;
    Some((head, Uint8Array::new(&answer.get(1)).to_vec()))
}

/// What a promise brings that is there under a name, and then no more.
async fn taken(from: &JsValue, name: &str) -> Option<JsValue> {
    let name = JsValue::from_str(name);
    let promise: Promise = Reflect::get(from, &name).ok()?.dyn_into().ok()?;
    Reflect::set(from, &name, &JsValue::NULL).ok()?;
    JsFuture::from(promise).await.ok()
}
