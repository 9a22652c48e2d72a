//! Requests built of calls.

use rolecall_core::endpoint::{Site, Token};
use rolecall_core::json::{FromJson, ToJson, Writer};

use crate::{Misuse, answer, argument, call, kept};

/// Where a request goes, and as whom.
#[derive(FromJson)]
struct Destination {
    base: Option<String>,
    token: Option<String>,
}

/// What `fetch` takes.
#[derive(ToJson)]
struct Built<'r> {
    method: &'r str,
    url: String,
    headers: Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'r str>,
}

/// Names and values, in order of the names.
struct Headers(Vec<(&'static str, String)>);

impl ToJson for Headers {
    fn to_json(&self, to: &mut Writer) {
        to.open('{');
        for (name, value) in &self.0 {
            to.field(name, value);
        }
        to.close('}');
    }
}

/// Builds the request of a call: to the service itself, or below `options.base`; with the
/// `Authorization` of `options.token`, if there is one.
///
/// # Errors
///
/// If the call lacks something, an id could lead elsewhere, or base or token cannot stand in a
/// request.
pub fn build_request(call: &str, options: &str) -> Result<String, Misuse> {
    let call = kept(call::read(call)?);
    let given: &mut Destination = argument("options", options)?;
    let base = given.base.as_deref().unwrap_or(call.service().base());
    let base = base.strip_suffix('/').unwrap_or(base);
    if !is_base(base) {
        return Err(format!(
            "options.base: `{base}` is neither the address of a server nor a path from its root"
        ));
    }
    let token = given.token.as_deref().map(Token::new);
    if let Some(token) = &token
        && (token.expose().is_empty() || token.authorization().is_none())
    {
        return Err("options.token: this cannot stand in a header".to_owned());
    }
    let request = call.outgoing(&Site {
        base,
        token: token.as_ref(),
    });
    Ok(answer(&Built {
        method: request.method.as_str(),
        headers: Headers(request.headers()),
        url: request.url,
        body: request
            .body
            .as_deref()
            .and_then(|body| std::str::from_utf8(body).ok()),
    }))
}

/// Whether a path can follow: an address with `http` or `https`, a path from the root, or nothing.
fn is_base(base: &str) -> bool {
    let plain = |b: u8| b.is_ascii_graphic() && !br#"?#"<>\^`{|}"#.contains(&b);
    let rooted = base.starts_with('/') && !base.starts_with("//");
    let host = base.split_once(':').and_then(|(scheme, rest)| {
        let known = ["http", "https"];
        let is_known = known.iter().any(|it| scheme.eq_ignore_ascii_case(it));
        let rest = rest.strip_prefix("//").filter(|_| is_known)?;
        rest.split('/').next()
    });
    let named = host.is_some_and(is_host);
    base.is_empty() || ((rooted || named) && base.bytes().all(plain))
}

/// Whether a host with or without a port; credentials in an address are none of ours.
fn is_host(text: &str) -> bool {
    let is_port = |it: &str| it.bytes().all(|b| b.is_ascii_digit());
    match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').is_some_and(|(ip, end)| {
            !ip.is_empty() && (end.is_empty() || end.strip_prefix(':').is_some_and(is_port))
        }),
        None => {
            let (name, port) = text.split_once(':').unwrap_or((text, ""));
            !name.is_empty() && !name.contains(['@', '[', ']']) && is_port(port)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn built(call: Value, options: Value) -> Value {
        let built = build_request(&call.to_string(), &options.to_string()).unwrap();
        serde_json::from_str(&built).unwrap()
    }

    #[test]
    fn a_request_is_what_fetch_takes() {
        let invite = json!({ "service": "astro", "type": "createInvite", "organization": "o1",
            "email": "a@b.example", "role": "ORGANIZATION_MEMBER" });
        assert_eq!(
            built(invite, json!({ "token": "t0" })),
            json!({
                "method": "POST",
                "url": "https://api.astronomer.io/v1/organizations/o1/invites",
                "headers": { "accept": "application/json", "authorization": "Bearer t0",
                    "content-type": "application/json" },
                "body": r#"{"inviteeEmail":"a@b.example","role":"ORGANIZATION_MEMBER"}"#,
            })
        );
        let list = json!({ "service": "astra", "type": "listUsers" });
        let request = built(list, json!({ "base": "/api/c/x/" }));
        assert_eq!(request["url"], "/api/c/x/organizations/users");
        assert_eq!(request.get("body"), None);
    }

    #[test]
    fn misuse_names_what_is_wrong() {
        let user = json!({ "service": "astra", "type": "getUser", "user": "u" });
        let built = |options: Value| build_request(&user.to_string(), &options.to_string());
        for base in [
            "api",
            "//host",
            "ftp://host",
            "http://host/a?b",
            "http://host/#a",
            "http://a b",
            "http://",
            "http://a:b:c",
            "http://[::1",
            "http://me@host",
        ] {
            let misuse = built(json!({ "base": base })).unwrap_err();
            assert!(misuse.starts_with("options.base"), "{base}");
        }
        for base in [
            "http://host:8080/v1",
            "https://[::1]:8080",
            "HTTP://host",
            "/api",
        ] {
            assert!(built(json!({ "base": base })).is_ok(), "{base}");
        }
        for token in ["", " ", "a\nb"] {
            let misuse = built(json!({ "token": token })).unwrap_err();
            assert!(misuse.starts_with("options.token"), "{token:?}");
        }
    }
}
