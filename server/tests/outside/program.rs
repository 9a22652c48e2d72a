//! The real program as a process, and a console that speaks to it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// The program with an empty home and no variables of the vendors' tools.
pub(crate) fn rolecall(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .env_clear()
        .env("HOME", home)
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A program that runs, ended with its scope.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) line: Value,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let line = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut said = String::new();
            child
                .stderr
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            panic!("{error} in {line:?}; it said {said}")
        });
        // Keeps the pipe open: the program may not be ended by writing to it.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Self { child, line }
    }

    pub(crate) fn address(&self) -> &str {
        let link = self.line["link"].as_str().unwrap();
        link.split_once("/#key=").unwrap().0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A console with a session.
pub(crate) struct Console {
    client: reqwest::Client,
    address: String,
    pub(crate) cookie: String,
    /// The page's half of the session.
    pub(crate) page: String,
}

impl Console {
    /// Opens a session with the link that the program printed.
    pub(crate) async fn open(running: &Running) -> Self {
        // Another one that is installed already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            // the program may have been started again on the same address
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let address = running.address().to_owned();
        let (_, key) = running.line["link"]
            .as_str()
            .unwrap()
            .split_once("#key=")
            .unwrap();
        let answer = client
            .post(format!("{address}/api/session"))
            .header("content-type", "application/json")
            .body(json!({ "key": key }).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let page = answer.headers()["rolecall-page"].to_str().unwrap();
        let page = page.to_owned();
        Self {
            client,
            address,
            cookie,
            page,
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().unwrap();
        self.client
            .request(method, format!("{}{path}", self.address))
            .header("cookie", &self.cookie)
            .header("rolecall-page", &self.page)
            .header("origin", &self.address)
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let answer = self.request("GET", path).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }

    /// Posts JSON; the answer, or null where it has no body.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self
            .request("POST", path)
            .header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}
