//! Recorded exchanges, read from their files.

use std::fs;
use std::path::PathBuf;

use http::{Method, Response};
use rolecall_core::service::Service;
use serde::Deserialize;
use serde_json::Value;

/// One exchange with a service.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Exchange {
    #[serde(skip)]
    pub(crate) name: String,
    /// Who sends it like this, if not core.
    pub(crate) by: Option<String>,
    /// Whether the answer has a form which the sandbox does not write.
    #[serde(default)]
    pub(crate) variant: bool,
    pub(crate) request: Request,
    pub(crate) response: Recorded,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recorded {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) retry_after: Option<String>,
    /// `null` is a body too.
    #[serde(default, deserialize_with = "some")]
    pub(crate) body: Option<Value>,
}

/// A value that is there, `null` included.
fn some<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// An operation as its service describes it.
#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<String>,
    pub(crate) success: u16,
}

/// Path before each operation's own.
pub(crate) fn prefix(service: Service) -> &'static str {
    match service {
        Service::Astro => "/v1",
        Service::Astra => "/v2",
    }
}

fn folder(service: Service) -> PathBuf {
    let name = service.name().to_lowercase();
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// All exchanges of a service, by name.
pub(crate) fn exchanges(service: Service) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = fs::read_dir(folder(service))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "operations.json")
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let exchange: Exchange = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Exchange { name, ..exchange }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// All operations of a service.
pub(crate) fn operations(service: Service) -> Vec<Operation> {
    let text = fs::read_to_string(folder(service).join("operations.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

impl Exchange {
    /// Name of the operation, as the file has it: `list-users`.
    pub(crate) fn operation(&self) -> &str {
        self.name.split('.').next().unwrap()
    }

    pub(crate) fn method(&self) -> Method {
        self.request.method.parse().unwrap()
    }

    /// Path below the service's base address, and query.
    pub(crate) fn target(&self, service: Service) -> (&str, &str) {
        let path = self.request.path.strip_prefix(prefix(service)).unwrap();
        path.split_once('?').unwrap_or((path, ""))
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        let body = self.request.body.as_ref();
        body.map(|it| it.to_string().into_bytes())
            .unwrap_or_default()
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.response.status)
    }

    /// The answer as it came over the wire.
    pub(crate) fn response(&self) -> Response<Vec<u8>> {
        let recorded = &self.response;
        let mut response = Response::builder().status(recorded.status);
        if let Some(kind) = &recorded.content_type {
            response = response.header("content-type", kind);
        }
        if let Some(after) = &recorded.retry_after {
            response = response.header("retry-after", after);
        }
        let html = recorded.content_type.as_deref() == Some("text/html");
        let body = match &recorded.body {
            None => Vec::new(),
            Some(Value::String(page)) if html => page.clone().into_bytes(),
            Some(json) => json.to_string().into_bytes(),
        };
        response.body(body).unwrap()
    }
}
