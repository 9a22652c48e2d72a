//! What the browser does for the core: internationalized domain names, by its own `URL`.

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
