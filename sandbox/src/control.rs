//! What only a sandbox has: paths below `/sandbox` that do what no API can.

use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::{Broken, OpenError, Reply, Sandbox, visit};

/// Body of an acceptance.
#[derive(Deserialize)]
struct Acceptance {
    email: String,
}

impl Sandbox {
    /// Answers a request below `/sandbox`; any token of either service opens it.
    pub(crate) fn control(&mut self, request: &Request<Vec<u8>>, path: &str, now_ms: u64) -> Reply {
        let outcome = self.controlled(request, path, now_ms);
        outcome.map_or_else(
            |OpenError(cause)| Reply {
                broken: Some(Broken::Store(cause)),
                ..Reply::whole(words(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "the sandbox failed",
                ))
            },
            Reply::whole,
        )
    }

    fn controlled(
        &mut self,
        request: &Request<Vec<u8>>,
        path: &str,
        now_ms: u64,
    ) -> Result<Response<Vec<u8>>, OpenError> {
        if !self.knows(visit::bearer(request).unwrap_or_default())? {
            return Ok(words(
                StatusCode::UNAUTHORIZED,
                "a token of either service is needed",
            ));
        }
        let done = || {
            let mut response = Response::new(Vec::new());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        };
        Ok(match (request.method(), path) {
            (&Method::POST, "/reset") => {
                self.reset()?;
                done()
            }
            (&Method::POST, "/accept") => {
                let Ok(Acceptance { email }) = serde_json::from_slice(request.body()) else {
                    return Ok(words(
                        StatusCode::BAD_REQUEST,
                        r#"the body is {"email": "…"}"#,
                    ));
                };
                match self.accept(&email, now_ms)? {
                    0 => words(StatusCode::NOT_FOUND, "no invitation is pending for it"),
                    _ => done(),
                }
            }
            (&Method::GET, "/mails") => {
                let mails = json!({ "mails": self.mails()? });
                crate::json(StatusCode::OK, mails.to_string().into_bytes())
            }
            _ => words(
                StatusCode::NOT_FOUND,
                "there are POST /sandbox/reset, POST /sandbox/accept and GET /sandbox/mails",
            ),
        })
    }
}

fn words(status: StatusCode, message: &str) -> Response<Vec<u8>> {
    crate::json(
        status,
        json!({ "message": message }).to_string().into_bytes(),
    )
}
