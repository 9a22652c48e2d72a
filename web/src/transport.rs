//! Carries requests to the gateway and brings the answers back; decides nothing.

use gloo_net::http::{RequestBuilder, Response};
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_core::endpoint::{Answer, Outgoing, Site};
use rolecall_core::json::{self, FromJson};
use rolecall_core::plan::{Change, Failure, Step};
use rolecall_core::role::RoleId;
use rolecall_core::service::Call;
use wasm_bindgen::JsCast;

use crate::{early, host};

/// Header by which the journal learns what a request does not say: percent-encoded JSON.
const ABOUT: &str = "rolecall-about";

/// Header with the half of the session that no cookie has.
const PAGE: &str = "rolecall-page";

/// The half of the session that no cookie has: the page's script keeps it, and another tab may have got a new one.
pub(crate) fn page_half() -> String {
    host::stored("page").unwrap_or_default()
}

/// Makes a call through a connection of the gateway.
pub(crate) async fn call(connection: &str, call: &Call) -> Result<Change, Failure> {
    call.read_answer(&exchange(through(connection, call)).await?)
}

/// Makes a call that lists: what the first load needs, and nothing that reads other answers. The page's script may
/// have made it already.
pub(crate) async fn list(connection: &str, call: &Call) -> Result<Change, Failure> {
    let request = through(connection, call);
    let answer = match early::answer_to(&request.path).await {
        Some((head, body)) => told(&head.into(), body),
        None => exchange(request).await?,
    };
    call.read_listing(&answer)
}

/// Sends a step of a plan through a connection of the gateway, and tells the journal whom it is about
/// and how it stood.
pub(crate) async fn send(connection: &str, step: &Step) -> Result<Change, Failure> {
    let mut request = through(connection, &step.call);
    request.about = about(&step.email, &step.before);
    step.call.read_answer(&exchange(request).await?)
}

fn through(connection: &str, call: &Call) -> Ask {
    let base = format!("/api/c/{connection}");
    let site = Site {
        base: &base,
        token: None,
    };
    let Outgoing {
        method, url, body, ..
    } = call.outgoing(&site);
    Ask {
        method,
        path: url,
        about: None,
        body,
    }
}

fn about(email: &str, before: &[RoleId]) -> Option<String> {
    let email = serde_json::to_string(email).ok()?;
    let before = serde_json::to_string(before).ok()?;
    let text = format!("{{\"email\":{email},\"before\":{before}}}");
    Some(utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string())
}

/// What is asked of the gateway.
pub(crate) struct Ask {
    method: Method,
    /// From the root; ids in it are plain.
    path: String,
    /// See [`ABOUT`].
    about: Option<String>,
    /// JSON.
    body: Option<Vec<u8>>,
}

impl Ask {
    /// Has it do something.
    pub(crate) fn post(path: impl Into<String>, body: Option<Vec<u8>>) -> Self {
        Self::new(Method::POST, path.into(), body)
    }

    /// Has it take something away.
    pub(crate) fn delete(path: String) -> Self {
        Self::new(Method::DELETE, path, None)
    }

    fn new(method: Method, path: String, body: Option<Vec<u8>>) -> Self {
        Self {
            method,
            path,
            about: None,
            body,
        }
    }
}

/// Reads something of the gateway itself.
pub(crate) async fn get<T: FromJson>(path: &str) -> Result<T, Failure> {
    read(Ask::new(Method::GET, path.to_owned(), None)).await
}

/// Asks something of the gateway itself and reads the answer.
pub(crate) async fn read<T: FromJson>(request: Ask) -> Result<T, Failure> {
    let answer = own(request).await?;
    json::from_slice(&answer.body).map_err(|error| Failure::Unreachable {
        message: format!("Rolecall answered something unknown: {error}"),
    })
}

/// Asks something of the gateway itself that has no answer but that it was done.
pub(crate) async fn done(request: Ask) -> Result<(), Failure> {
    own(request).await.map(|_| ())
}

/// Reads a file of the gateway itself, which the browser holds: it may be long.
pub(crate) async fn file(path: &str) -> Result<web_sys::Blob, Failure> {
    let lost = |error: gloo_net::Error| Failure::Unreachable {
        message: plain(error),
    };
    let answer = RequestBuilder::new(path).header(PAGE, &page_half()).send();
    let answer = answer.await.map_err(lost)?;
    if !answer.ok() {
        let body = answer.binary().await.map_err(lost)?;
        return Err(refusal(&told(&answer, body)));
    }
    let cut = |_| Failure::Unreachable {
        message: "the file broke off".to_owned(),
    };
    let answer: web_sys::Response = answer.into();
    let blob = wasm_bindgen_futures::JsFuture::from(answer.blob().map_err(cut)?);
    Ok(blob.await.map_err(cut)?.unchecked_into())
}

async fn own(request: Ask) -> Result<Answer, Failure> {
    let answer = exchange(request).await?;
    match answer.status {
        200..=299 => Ok(answer),
        _ => Err(refusal(&answer)),
    }
}

/// What an answer without success says.
fn refusal(answer: &Answer) -> Failure {
    Failure::of_gateway(answer).unwrap_or_else(|| Failure::Unreachable {
        message: format!("Rolecall answered with status {}", answer.status),
    })
}

/// Sends a request and reads the whole answer.
pub(crate) async fn exchange(request: Ask) -> Result<Answer, Failure> {
    let unsent = |error: gloo_net::Error| Failure::Unreachable {
        message: plain(error),
    };
    let cut = |error: gloo_net::Error| Failure::Unanswered {
        message: plain(error),
    };
    let changes = request.method != Method::GET;
    let mut builder = RequestBuilder::new(&request.path)
        .method(request.method)
        .header("accept", "application/json")
        .header(PAGE, &page_half());
    if let Some(about) = &request.about {
        builder = builder.header(ABOUT, about);
    }
    let sent = match &request.body {
        None => builder.send().await,
        Some(body) => {
            let body = js_sys::Uint8Array::from(body.as_slice());
            let builder = builder.header("content-type", "application/json");
            builder.body(body).map_err(unsent)?.send().await
        }
    };
    // A browser does not tell whether a failed request had reached the server; a change may have.
    let answer = sent.map_err(|error| if changes { cut(error) } else { unsent(error) })?;
    let body = answer.binary().await.map_err(cut)?;
    Ok(told(&answer, body))
}

/// What an answer tells.
fn told(head: &Response, body: Vec<u8>) -> Answer {
    let given = head.headers();
    Answer::new(head.status(), &|name| given.get(name), body)
}

/// A browser's error without its machinery.
fn plain(error: gloo_net::Error) -> String {
    match error {
        gloo_net::Error::JsError(error) if error.message == "Failed to fetch" => {
            "Rolecall itself does not answer; is it still running?".to_owned()
        }
        gloo_net::Error::JsError(error) => error.message,
        gloo_net::Error::GlooError(message) => message,
        // nothing here has gloo read JSON
        _ => "the browser did not take the request".to_owned(),
    }
}
