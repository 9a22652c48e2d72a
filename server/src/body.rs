//! Bodies of requests to this server: all of one within bounds, and JSON that says it is JSON.

use axum::body::Body;
use axum::extract::Request;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// Longest body of a request, in bytes: 64 KiB.
pub const MAX_REQUEST: usize = 64 << 10;

/// The whole body, within bounds.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    use http_body_util::{BodyExt as _, LengthLimitError, Limited};
    match Limited::new(body, limit).collect().await {
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
