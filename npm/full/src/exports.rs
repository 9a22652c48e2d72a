//! What JavaScript calls.

use rolecall_core::email::{Mapping, MappingError};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Misuse;

#[wasm_bindgen(raw_module = "rolecall:host")]
extern "C" {
    /// The domain as A-labels by the host's `URL` parser; nothing for a domain that it refuses.
    #[wasm_bindgen(js_name = domainToAscii)]
    fn domain_to_ascii(domain: &str) -> Option<String>;
}

/// The host's own tables of UTS #46.
struct Host;

impl Mapping for Host {
    fn domain_to_ascii(&self, domain: &str) -> Result<String, MappingError> {
        domain_to_ascii(domain).ok_or(MappingError::Invalid)
    }
}

/// See [`crate::known_roles`]. A few roles cross as objects; what may be thousands crosses as one text, which
/// `JSON.parse` turns into objects faster than as many calls from here.
#[wasm_bindgen(js_name = knownRoles)]
pub fn known_roles(service: &str) -> Result<JsValue, Misuse> {
    crate::known_roles(service)?
        .serialize(&Serializer::json_compatible())
        .map_err(|error| error.to_string())
}

/// See [`crate::match_role`].
#[wasm_bindgen(js_name = matchRole)]
pub fn match_role(text: &str, service: &str, roles: &str) -> Result<String, Misuse> {
    crate::match_role(text, service, roles)
}

/// See [`crate::read_text`].
#[wasm_bindgen(js_name = readText)]
pub fn read_text(text: &str, options: &str) -> Result<String, Misuse> {
    crate::read_text(text, options, &Host)
}

/// See [`crate::read_bytes`].
#[wasm_bindgen(js_name = readBytes)]
pub fn read_bytes(bytes: &[u8], options: &str) -> Result<String, Misuse> {
    crate::read_bytes(bytes, options, &Host)
}

/// See [`crate::plan_invites`].
#[wasm_bindgen(js_name = planInvites)]
pub fn plan_invites(
    who: &str,
    kinds: &[u32],
    users: &str,
    options: &str,
) -> Result<String, Misuse> {
    crate::plan_invites(who, kinds, users, options, &Host)
}

/// See [`crate::plan_role_change`].
#[wasm_bindgen(js_name = planRoleChange)]
pub fn plan_role_change(changes: &str, users: &str, options: &str) -> Result<String, Misuse> {
    crate::plan_role_change(changes, users, options)
}

/// See [`crate::build_request`].
#[wasm_bindgen(js_name = buildRequest)]
pub fn build_request(call: &str, options: &str) -> Result<String, Misuse> {
    crate::build_request(call, options)
}

/// See [`crate::read_response`].
#[wasm_bindgen(js_name = readResponse)]
pub fn read_response(
    call: &str,
    status: u16,
    headers: &str,
    body: &[u8],
) -> Result<String, Misuse> {
    crate::read_response(call, status, headers, body)
}
