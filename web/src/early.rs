//! What was asked while this code was still on the way, by the script `web/early.js` of the page.

use js_sys::{Array, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Name under which the script leaves its promise.
const NAME: &str = "early";

/// The gateway's answers on the session and on its connections, as text; none if there was an error or
/// they have been taken already: they are true of the page's start only.
pub(crate) async fn answers() -> Option<(String, String)> {
    let (window, name) = (window(), JsValue::from_str(NAME));
    let promise: Promise = Reflect::get(&window, &name).ok()?.dyn_into().ok()?;
    Reflect::set(&window, &name, &JsValue::NULL).ok()?;
    let texts: Array = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    Some((texts.get(0).as_string()?, texts.get(1).as_string()?))
}
