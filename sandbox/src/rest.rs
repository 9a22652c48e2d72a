//! What answers say besides: fields that the wire structs of `rolecall_core` only pass on.

use rolecall_core::json::Rest;
use serde_json::Value;

/// The fields of a JSON object.
pub(crate) fn object(value: Value) -> Rest {
    match value {
        Value::Object(fields) => fields.into(),
        other => unreachable!("written as an object: {other}"),
    }
}
