//! Bodies of requests to this server: all of one within bounds of size and time, and JSON that says it is
//! JSON.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::error::ApiError;

/// Longest body of a request, in bytes: 64 KiB.
pub const MAX_REQUEST: usize = 64 << 10;

/// Longest time until a body is whole: whoever sends more slowly would keep a connection from others.
pub(crate) const WITHIN: Duration = Duration::from_secs(30);

/// Longest time until a body is whole that may be larger than [`MAX_REQUEST`]: a plan, over a slow tunnel.
const LARGE_WITHIN: Duration = Duration::from_secs(5 * 60);

/// The whole body, within bounds.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let within = match limit > MAX_REQUEST {
        true => LARGE_WITHIN,
        false => WITHIN,
    };
    read_within(body, limit, within).await
}

async fn read_within(body: Body, limit: usize, within: Duration) -> Result<Vec<u8>, ApiError> {
    use http_body_util::{BodyExt as _, LengthLimitError, Limited};
    let Ok(read) = timeout(within, Limited::new(body, limit).collect()).await else {
        return Err(ApiError::TooSlow {
            seconds: within.as_secs(),
        });
    };
    match read {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::TooLarge { limit }),
        Err(_) => Err(ApiError::Invalid("the request broke off".to_owned())),
    }
}

/// A body of JSON that says so: no form of another site can send that type unasked.
pub(crate) async fn json<T: DeserializeOwned>(
    request: Request,
    limit: usize,
) -> Result<T, ApiError> {
    let said = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            let mime = value.split(';').next().unwrap_or_default();
            mime.trim().eq_ignore_ascii_case("application/json")
        });
    if !said {
        return Err(ApiError::Invalid(
            "send JSON with the content type application/json".to_owned(),
        ));
    }
    let body = read_body(request.into_body(), limit).await?;
    serde_json::from_slice(&body)
        .map_err(|error| ApiError::Invalid(format!("the body is not what belongs here: {error}")))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpStream};
    use std::time::Instant;

    use axum::Router;
    use axum::routing::post;

    use super::*;
    use crate::serve::{listen, serve, service};

    /// Sends a beginning and then a byte at a time until the other side has ended; what it said.
    fn trickle(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_millis(50)))
            .unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let (mut said, begun) = (Vec::new(), Instant::now());
        let mut part = [0; 1_024];
        while begun.elapsed() < Duration::from_secs(10) {
            match stream.read(&mut part) {
                Ok(0) => return String::from_utf8(said).unwrap(),
                Ok(read) => said.extend_from_slice(&part[..read]),
                // Nothing yet.
                Err(_) if said.is_empty() => stream.write_all(b" ").unwrap(),
                Err(_) => {}
            }
        }
        panic!(
            "the connection was not closed: {}",
            String::from_utf8_lossy(&said)
        );
    }

    #[tokio::test]
    async fn a_body_that_does_not_end_gives_its_connection_free() {
        let read = async |body: Body| {
            let read = read_within(body, MAX_REQUEST, Duration::from_millis(300)).await;
            read.map(|_| "whole")
        };
        let router = Router::new()
            .route("/read", post(read))
            .route("/refused", post(async || ApiError::Unauthorized));
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, service(router), std::future::pending()));
        for (path, status) in [("/read", "408"), ("/refused", "401")] {
            let said = tokio::task::spawn_blocking(move || trickle(address, path));
            let said = said.await.unwrap();
            assert!(said.starts_with(&format!("HTTP/1.1 {status} ")), "{said}");
            if path == "/read" {
                assert!(said.contains("connection: close"), "{said}");
                assert!(said.contains("too slowly"), "{said}");
            }
        }
    }
}
