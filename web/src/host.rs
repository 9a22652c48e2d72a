//! What the browser does for us: internationalized domain names by its own `URL`, files, the clipboard.

use rolecall_core::email::{Mapping, MappingError};

/// The browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Browser;

impl Mapping for Browser {
    #[cfg(target_arch = "wasm32")]
    fn domain_to_ascii(&self, domain: &str) -> Result<String, MappingError> {
        let url =
            web_sys::Url::new(&format!("http://{domain}/")).map_err(|_| MappingError::Invalid)?;
        Ok(url.hostname())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn domain_to_ascii(&self, _: &str) -> Result<String, MappingError> {
        Err(MappingError::Unsupported)
    }
}

/// A part of a long work, after which the browser paints and answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice {
    /// When it began, in milliseconds.
    begun: f64,
}

impl Slice {
    /// How long a slice is, in milliseconds: two fit into a frame that is not missed.
    const LENGTH: f64 = 8.0;

    /// Begins at once.
    pub(crate) fn begin() -> Self {
        Self {
            begun: js_sys::Date::now(),
        }
    }

    /// Whether it is time to let the browser do something else.
    pub(crate) fn is_over(self) -> bool {
        js_sys::Date::now() - self.begun >= Self::LENGTH
    }

    /// Begins when the browser has done what was waiting. A message comes at once, where a timer
    /// would wait for some milliseconds each time.
    pub(crate) async fn next() -> Self {
        let Ok(channel) = web_sys::MessageChannel::new() else {
            return Self::begin();
        };
        let port = channel.port1();
        let came = js_sys::Promise::new(&mut |resolve, _| port.set_onmessage(Some(&resolve)));
        let sent = channel.port2().post_message(&wasm_bindgen::JsValue::NULL);
        if sent.is_ok() {
            // a promise that only resolves
            let _came = wasm_bindgen_futures::JsFuture::from(came).await;
        }
        channel.port1().close();
        Self::begin()
    }
}

/// Milliseconds since 1970-01-01 UTC.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// A time in milliseconds as RFC 3339, UTC.
pub(crate) fn rfc3339(time: f64) -> String {
    js_sys::Date::new(&time.into()).to_iso_string().into()
}

/// Lets others work for a while.
pub(crate) async fn pause(wait: std::time::Duration) {
    let passed = js_sys::Promise::new(&mut |resolve, _| {
        let end = move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL));
        leptos::leptos_dom::helpers::set_timeout(end, wait);
    });
    // a promise that only resolves
    let _passed = wasm_bindgen_futures::JsFuture::from(passed).await;
}

/// A text that nothing else has been called: for two requests to be known as the same.
pub(crate) fn name_of_its_own() -> String {
    let chance = (js_sys::Math::random() * 9e15) as u64;
    format!("{}-{chance}", js_sys::Date::now() as u64)
}

/// Gives somebody a text as a file.
pub(crate) fn download(name: &str, media_type: &str, text: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&text.into());
    if let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) {
        give(name, &blob);
    }
}

/// Gives somebody what the browser holds as a file.
pub(crate) fn give(name: &str, blob: &web_sys::Blob) {
    use wasm_bindgen::JsCast;

    let made = web_sys::Url::create_object_url_with_blob(blob);
    let anchor = leptos::prelude::document().create_element("a");
    let (Ok(url), Ok(anchor)) = (made, anchor) else {
        return;
    };
    let anchor: web_sys::HtmlAnchorElement = anchor.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // the browser has taken the file's data with the click
    drop(web_sys::Url::revoke_object_url(&url));
}

/// Puts a text into the clipboard; tells whether the browser took it.
pub(crate) async fn copy(text: &str) -> bool {
    let promise = leptos::prelude::window()
        .navigator()
        .clipboard()
        .write_text(text);
    wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()
}

/// Reads what this browser keeps under a name; nothing where it keeps nothing or may not.
pub(crate) fn stored(name: &str) -> Option<String> {
    let storage = leptos::prelude::window().local_storage().ok().flatten()?;
    storage.get_item(&format!("rolecall.{name}")).ok().flatten()
}

/// Keeps something in this browser, as far as it may.
pub(crate) fn store(name: &str, value: &str) {
    if let Ok(Some(storage)) = leptos::prelude::window().local_storage() {
        // a browser that keeps nothing forgets it with the tab
        drop(storage.set_item(&format!("rolecall.{name}"), value));
    }
}

/// Reads what this tab holds under a name.
pub(crate) fn held(name: &str) -> Option<String> {
    let storage = leptos::prelude::window().session_storage().ok().flatten()?;
    storage.get_item(&format!("rolecall.{name}")).ok().flatten()
}

/// Holds something in this tab, or nothing any more; tells whether it could.
pub(crate) fn hold(name: &str, value: Option<&str>) -> bool {
    let Ok(Some(storage)) = leptos::prelude::window().session_storage() else {
        return value.is_none();
    };
    let name = format!("rolecall.{name}");
    // what was held before is not the same any more, whether there is room for the new one or not
    let removed = storage.remove_item(&name).is_ok();
    value.map_or(removed, |value| storage.set_item(&name, value).is_ok())
}

/// Sets an attribute of the whole page, which the style sheet goes by.
pub(crate) fn dress(attribute: &str, value: &str) {
    if let Some(root) = leptos::prelude::document().document_element() {
        // names and values are plain
        drop(root.set_attribute(attribute, value));
    }
}

/// Whether a dialog is open.
pub(crate) fn dialog_is_open() -> bool {
    let page = leptos::prelude::document();
    matches!(page.query_selector("dialog[open]"), Ok(Some(_)))
}

/// Whether keys belong to something: a field or a dialog.
pub(crate) fn keys_are_taken() -> bool {
    let page = leptos::prelude::document();
    let field = page.active_element().is_some_and(|it| {
        let name = it.tag_name();
        matches!(name.as_str(), "TEXTAREA" | "SELECT")
            || name == "INPUT" && it.get_attribute("type").as_deref() != Some("checkbox")
    });
    field || dialog_is_open()
}
