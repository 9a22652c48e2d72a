//! Answers of the services in common words.

use rolecall_core::endpoint::{self, Refusal, RetryAfter, UnreadableKind};
use rolecall_core::json::ToJson;
use rolecall_core::plan::Failure;
use rolecall_core::service;

use crate::call;
use crate::issue::{Issue, Params};
use crate::{Misuse, answer, argument, kept};

/// Why a call did not succeed.
#[derive(ToJson)]
#[serde(rename_all = "camelCase")]
struct Failed {
    #[serde(rename = "type")]
    kind: &'static str,
    issue: Issue,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<Wait>,
    /// Whether the change may have happened all the same.
    may_be_done: bool,
    /// Whether sending the same call again does no harm.
    repeats_safely: bool,
}

/// How long to wait before the next try.
#[derive(ToJson)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Wait {
    Seconds { seconds: u32 },
    At { seconds: u64 },
}

impl From<RetryAfter> for Wait {
    fn from(it: RetryAfter) -> Self {
        match it {
            RetryAfter::Seconds(seconds) => Self::Seconds { seconds },
            RetryAfter::At(seconds) => Self::At { seconds },
        }
    }
}

impl Failed {
    fn of(failure: &Failure, call: &service::Call) -> Self {
        let none = Params::none;
        let (kind, code, params) = match failure {
            Failure::Unreachable { message } => {
                ("unreachable", "Unreachable", none().with("cause", message))
            }
            Failure::Unanswered { message } => {
                ("unanswered", "Unanswered", none().with("cause", message))
            }
            Failure::Refused(refusal) => ("refused", "Refused", params_of(refusal)),
            Failure::Unreadable(unreadable) => {
                let params = none().with("status", &unreadable.status);
                let params = match &unreadable.kind {
                    UnreadableKind::Shape(at) => params.with("kind", "shape").with("at", at),
                    plain => params.with("kind", plain),
                };
                ("unreadable", "Unreadable", params)
            }
            Failure::SignedOut => ("signedOut", "SignedOut", none()),
            Failure::NotForwarded { message } => (
                "notForwarded",
                "NotForwarded",
                none().with("cause", message),
            ),
            // a failure that is newer than this rim still has its sentence
            _ => ("failed", "Failed", none()),
        };
        let may_be_done = failure.leaves_open() && call.changes();
        Self {
            kind,
            issue: Issue::new(code, params, failure.to_string()),
            status: failure.status(),
            request_id: failure.request_id().map(str::to_owned),
            retry_after: match failure {
                Failure::Refused(refusal) => refusal.retry_after.map(Wait::from),
                _ => None,
            },
            may_be_done,
            // what was not done can be sent again
            repeats_safely: call.repeats_safely() || !may_be_done,
        }
    }
}

fn params_of(refusal: &Refusal) -> Params {
    let mut params = Params::none().with("status", &refusal.status);
    if let Some(message) = &refusal.message {
        params = params.with("said", message);
    }
    if let Some(code) = refusal.code {
        params = params.with("number", &code);
    }
    if !refusal.fields.is_empty() {
        params = params.with("fields", &refusal.fields);
    }
    params
}

/// Reads the answer to a call. `headers` is a JSON array of pairs; those that mean nothing
/// here are left out.
///
/// # Errors
///
/// If the call lacks something, or the status is none of HTTP.
pub fn read_response(
    call: &str,
    status: &str,
    headers: &str,
    body: &[u8],
) -> Result<String, Misuse> {
    let call = kept(call::read(call)?);
    let status: u16 = *argument("response.status", status)?;
    let headers: &mut Vec<(String, String)> = argument("response.headers", headers)?;
    if !(100..1000).contains(&status) {
        return Err(format!("response.status: {status} is no status of HTTP"));
    }
    let header = |meant: &'static str| {
        let mut headers = headers.iter();
        let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(meant));
        found.map(|(_, value)| value.clone())
    };
    let response = endpoint::Answer::new(status, &header, body.to_vec());
    Ok(match call.read_answer(&response) {
        Ok(change) => answer(kept(change)),
        Err(failure) => answer(kept(Failed::of(kept(failure), call))),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(call: Value, status: u16, headers: Value, body: &str) -> Value {
        let read = read_response(
            &call.to_string(),
            &status.to_string(),
            &headers.to_string(),
            body.as_bytes(),
        );
        serde_json::from_str(&read.unwrap()).unwrap()
    }

    #[test]
    fn a_success_has_the_type_of_what_it_told() {
        let remove = json!({ "service": "astra", "type": "removeUser", "user": "u1" });
        assert_eq!(
            read(remove, 204, json!([]), ""),
            json!({ "type": "removed", "user": "u1" })
        );
        let me = json!({ "service": "astro", "type": "getSelfUser" });
        let body = r#"{"id":"u1","username":"a@b.example","status":"ACTIVE",
            "roles":[{"role":"ORGANIZATION_OWNER","scope":{"type":"ORGANIZATION","entityId":"o1"}}]}"#;
        let me = read(me, 200, json!([]), body);
        assert_eq!(me["roles"], json!([["o1", "ORGANIZATION_OWNER"]]));
    }

    #[test]
    fn a_refusal_has_the_services_words() {
        let list = json!({ "service": "astra", "type": "listUsers" });
        let headers = json!([["Retry-After", "7"], ["no header", "\n"]]);
        let answer = read(list, 429, headers, r#"{"message":"slow down"}"#);
        assert_eq!(answer["type"], "refused");
        assert_eq!(answer["issue"]["params"]["said"], "slow down");
        assert_eq!(
            answer["retryAfter"],
            json!({ "type": "seconds", "seconds": 7 })
        );
        assert_eq!(answer["mayBeDone"], false);
        assert_eq!(answer["repeatsSafely"], true);
    }

    #[test]
    fn an_answer_of_another_kind_is_unreadable() {
        let list = json!({ "service": "astra", "type": "listUsers" });
        for (body, kind) in [
            ("", "empty"),
            ("<html>", "notJson"),
            ("{}", "shape"),
            ("{\"Users\":[", "truncated"),
        ] {
            let answer = read(list.clone(), 200, json!([]), body);
            assert_eq!(answer["type"], "unreadable", "{body}");
            assert_eq!(answer["issue"]["params"]["kind"], kind, "{body}");
        }
    }

    #[test]
    fn misuse_names_what_is_wrong() {
        let list = r#"{"service":"astra","type":"listUsers"}"#;
        let misuse = |status: u16, headers| {
            read_response(list, &status.to_string(), headers, b"").unwrap_err()
        };
        assert!(misuse(99, "[]").starts_with("response.status"));
        assert!(misuse(200, "7").starts_with("response.headers"));
    }
}
