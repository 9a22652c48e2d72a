//! What JavaScript calls.

use std::str;

use rolecall_core::email::{Mapping, MappingError};
use rolecall_core::json::Json;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Misuse, allocator};

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
    let written = crate::answer(&crate::known_roles(service)?);
    // from a tree, so that there is a way to objects for one kind of value and not for each
    let tree = Json::parse(written.as_bytes()).map_err(|error| error.to_string())?;
    Tree(&tree)
        .serialize(&Serializer::json_compatible())
        .map_err(|error| error.to_string())
}

/// A tree for serde, of what a role holds. Core's own way there takes every number, and large tables to
/// parse fractions.
struct Tree<'j>(&'j Json<'j>);

impl Serialize for Tree<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Text(text) => serializer.serialize_str(text),
            Json::List(entries) => serializer.collect_seq(entries.iter().map(Tree)),
            Json::Object(pairs) => {
                let pairs = pairs.iter().map(|(name, it)| (name.as_ref(), Tree(it)));
                serializer.collect_map(pairs)
            }
            Json::Whole(number) if *number <= u32::MAX.into() => {
                serializer.serialize_u32(*number as u32)
            }
            _ => Err(serde::ser::Error::custom("no role holds such a value")),
        }
    }
}

/// Makes ready for a call: gives back the memory of all before it. Not while one is on its way: `rim.js` sees to that.
#[wasm_bindgen]
pub fn begin() {
    #[expect(unsafe_code, reason = "only the caller knows that a call is over")]
    // SAFETY: no call is on its way, answers of earlier ones have been taken over as values of JavaScript, and no static
    // holds anything. The list of the objects on the other side stays: it is made once, below, with room for 128, and
    // an answer holds some six at once.
    let is_known = unsafe { allocator::give_back() };
    if !is_known {
        drop(JsValue::from_str(""));
        allocator::set_floor();
    }
}

/// Every other function: one crossing for all of them, as each of its own would be code on both sides.
///
/// The question is the function's name and its arguments, a line each: JSON, or a plain word. `text` and `octets` are
/// what the function reads. Texts come as UTF-8, which engines write faster than a script does.
#[wasm_bindgen]
pub fn ask(question: &[u8], text: &[u8], octets: &[u8]) -> Result<String, Misuse> {
    let as_text = |octets| str::from_utf8(octets).map_err(|error| error.to_string());
    let text = as_text(text)?;
    let mut question = as_text(question)?.split('\n');
    let mut next = || question.next().unwrap_or_default();
    match next() {
        "matchRole" => crate::match_role(text, next(), next()),
        "readText" => crate::read_text(text, next(), &Host),
        "readBytes" => crate::read_bytes(octets, next(), &Host),
        "planInvites" => {
            let (kinds, _) = octets.as_chunks();
            let kinds: Vec<u32> = kinds.iter().map(|it| u32::from_le_bytes(*it)).collect();
            crate::plan_invites(text, &kinds, next(), next(), &Host)
        }
        "planRoleChange" => crate::plan_role_change(next(), next(), next(), &Host),
        "buildRequest" => crate::build_request(next(), next()),
        "readResponse" => crate::read_response(next(), next(), next(), octets),
        other => Err(format!("there is no function `{other}`")),
    }
}
