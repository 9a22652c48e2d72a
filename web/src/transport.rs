//! Carries requests to the gateway and brings the answers back; decides nothing.

use gloo_net::http::RequestBuilder;
use http::{HeaderName, Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_core::endpoint::{Site, meant_headers};
use rolecall_core::json::{self, FromJson};
use rolecall_core::plan::{Change, Failure, Step};
use rolecall_core::role::RoleId;
use rolecall_core::service::Call;

/// Header by which the journal learns what a request does not say: percent-encoded JSON.
const ABOUT: HeaderName = HeaderName::from_static("rolecall-about");

/// Makes a call through a connection of the gateway.
pub(crate) async fn call(connection: &str, call: &Call) -> Result<Change, Failure> {
    call.read(&exchange(through(connection, call)).await?)
}

/// Makes a call that lists: what the first load needs, and nothing that reads other answers.
pub(crate) async fn list(connection: &str, call: &Call) -> Result<Change, Failure> {
    call.read_listing(&exchange(through(connection, call)).await?)
}

/// Sends a step of a plan through a connection of the gateway, and tells the journal whom it is about
/// and how it stood.
pub(crate) async fn send(connection: &str, step: &Step) -> Result<Change, Failure> {
    let mut request = through(connection, &step.call);
    let about = about(&step.email, &step.before).and_then(|it| it.parse().ok());
    if let Some(about) = about {
        request.headers_mut().insert(ABOUT, about);
    }
    step.call.read(&exchange(request).await?)
}

fn through(connection: &str, call: &Call) -> Request<Vec<u8>> {
    let base = format!("/api/c/{connection}");
    call.to_http(&Site {
        base: &base,
        token: None,
    })
}

fn about(email: &str, before: &[RoleId]) -> Option<String> {
    let email = serde_json::to_string(email).ok()?;
    let before = serde_json::to_string(before).ok()?;
    let text = format!("{{\"email\":{email},\"before\":{before}}}");
    Some(utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string())
}

/// Reads something of the gateway itself.
pub(crate) async fn get<T: FromJson>(path: &str) -> Result<T, Failure> {
    let request = Request::get(path).body(Vec::new());
    read(request.expect("paths of the gateway are plain")).await
}

/// Asks something of the gateway itself and reads the answer.
pub(crate) async fn read<T: FromJson>(request: Request<Vec<u8>>) -> Result<T, Failure> {
    let response = own(request).await?;
    json::from_slice(response.body()).map_err(|error| Failure::Unreachable {
        message: format!("Rolecall answered something unknown: {error}"),
    })
}

/// Asks something of the gateway itself that has no answer but that it was done.
pub(crate) async fn done(request: Request<Vec<u8>>) -> Result<(), Failure> {
    own(request).await.map(|_| ())
}

async fn own(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let response = exchange(request).await?;
    if let Some(failure) = Failure::of_gateway(&response) {
        return Err(failure);
    }
    if !response.status().is_success() {
        let message = format!("Rolecall answered {}", response.status());
        return Err(Failure::Unreachable { message });
    }
    Ok(response)
}

/// Sends a request and reads the whole answer.
pub(crate) async fn exchange(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let unsent = |error: gloo_net::Error| Failure::Unreachable {
        message: plain(&error),
    };
    let cut = |error: gloo_net::Error| Failure::Unanswered {
        message: plain(&error),
    };
    let mut builder =
        RequestBuilder::new(&request.uri().to_string()).method(request.method().clone());
    for (name, value) in request.headers() {
        builder = builder.header(name.as_str(), value.to_str().unwrap_or_default());
    }
    let changes = request.method() != http::Method::GET;
    let sent = if request.body().is_empty() {
        builder.send().await
    } else {
        let body = js_sys::Uint8Array::from(request.body().as_slice());
        builder.body(body).map_err(unsent)?.send().await
    };
    // A browser does not tell whether a failed request had reached the server; a change may have.
    let answer = sent.map_err(|error| if changes { cut(error) } else { unsent(error) })?;
    let mut response = Response::builder().status(answer.status());
    let given = answer.headers();
    for name in meant_headers() {
        if let Some(value) = given.get(name.as_str()) {
            response = response.header(name, value);
        }
    }
    let body = answer.binary().await.map_err(cut)?;
    response.body(body).map_err(|error| Failure::Unanswered {
        message: error.to_string(),
    })
}

/// A browser's error without its machinery.
fn plain(error: &gloo_net::Error) -> String {
    match error {
        gloo_net::Error::JsError(error) if error.message == "Failed to fetch" => {
            "Rolecall itself does not answer; is it still running?".to_owned()
        }
        gloo_net::Error::JsError(error) => error.message.clone(),
        other => other.to_string(),
    }
}
