//! A plain HTTP client for either service, which knows of it only what the vendors document.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, header};

/// Somebody's client: a base URL and a token.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What a service answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body, parameters included; empty when there was none.
    pub content_type: String,
    /// The body as it came.
    pub text: String,
}

impl Client {
    /// A client of the service at `base` that sends `token`, or none.
    pub fn new(base: &str, token: Option<&str>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .max_redirects(0)
            .proxy(None)
            .build();
        Self {
            agent: config.into(),
            base: base.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// Sends a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    /// Sends a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some(body))
    }

    /// Removes.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let sent = match body {
            Some(body) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.agent.run(
                    request
                        .body(body.to_string())
                        .expect("a test writes sound headers"),
                )
            }
            None => self
                .agent
                .run(request.body(()).expect("a test writes sound headers")),
        };
        let mut answer = sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let content_type = answer.headers().get(header::CONTENT_TYPE);
        Answer {
            status: answer.status().as_u16(),
            content_type: content_type
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .unwrap_or_default(),
            text: answer
                .body_mut()
                .with_config()
                .limit(64 << 20)
                .read_to_string()
                .expect("the body is text"),
        }
    }
}

impl Answer {
    /// The body, which must be JSON and say so, with exactly this status.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(
            self.content_type.contains("json"),
            "{:?} of {}",
            self.content_type,
            self.text
        );
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts a 204, which has no body.
    #[track_caller]
    pub fn no_content(&self) {
        assert_eq!((self.status, self.text.as_str()), (204, ""));
    }
}
