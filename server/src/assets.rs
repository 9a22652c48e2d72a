//! The built console: read once at start, served compressed, with the cache headers of its names.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, IF_NONE_MATCH, VARY,
};
use http::{Method, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

/// Pages of the console that have an address; all are drawn by `index.html`.
const PAGES: [&str; 5] = ["users", "invite", "roster", "activity", "connections"];

/// Smallest file that is worth compressing, in bytes.
const WORTH_COMPRESSING: usize = 1_024;

/// Why a console cannot be served from a folder.
#[derive(Debug, thiserror::Error)]
#[error("the console cannot be read from {folder}: {source}")]
pub struct UnreadableAssets {
    folder: String,
    #[source]
    source: std::io::Error,
}

/// All files of the console, by path.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, Arc<Asset>>,
}

struct Asset {
    mime: &'static str,
    immutable: bool,
    tag: HeaderValue,
    plain: Bytes,
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

impl Assets {
    /// Reads a folder that Trunk wrote. A file `x.br` or `x.gz` beside `x` is `x`, compressed.
    ///
    /// # Errors
    /// If the folder or one of its files cannot be read.
    pub fn read(folder: &Path) -> Result<Self, UnreadableAssets> {
        let mut files = Vec::new();
        collect(folder, "", &mut files).map_err(|source| UnreadableAssets {
            folder: folder.display().to_string(),
            source,
        })?;
        Ok(Self::new(files))
    }

    /// The console that was put into this binary.
    #[cfg(feature = "embed")]
    pub fn embedded() -> Self {
        // Cargo looks at the folder again whenever this changes.
        const _: Option<&str> = option_env!("ROLECALL_CONSOLE");
        static DIST: include_dir::Dir<'_> =
            include_dir::include_dir!("$CARGO_MANIFEST_DIR/../dist");
        fn walk(dir: &'static include_dir::Dir<'static>, files: &mut Vec<(String, Bytes)>) {
            for file in dir.files() {
                if let Some(name) = file.path().to_str() {
                    files.push((name.replace('\\', "/"), Bytes::from_static(file.contents())));
                }
            }
            for dir in dir.dirs() {
                walk(dir, files);
            }
        }
        let mut files = Vec::new();
        walk(&DIST, &mut files);
        Self::new(files)
    }

    /// The console of these files, by their path without a slash in front.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut all: HashMap<String, Bytes> = files.into_iter().collect();
        let names: Vec<String> = all
            .keys()
            .filter(|name| {
                let original = name.strip_suffix(".br").or(name.strip_suffix(".gz"));
                !original.is_some_and(|original| all.contains_key(original))
            })
            .cloned()
            .collect();
        let mut files = HashMap::new();
        for name in names {
            let Some(plain) = all.remove(&name) else {
                continue;
            };
            let asset = Asset {
                mime: mime(&name),
                immutable: has_content_hash(&name),
                tag: tag(&plain),
                plain,
                brotli: ready(all.remove(&format!("{name}.br"))),
                gzip: ready(all.remove(&format!("{name}.gz"))),
            };
            files.insert(name, Arc::new(asset));
        }
        Self { files }
    }

    /// Whether there is a console at all.
    pub fn is_empty(&self) -> bool {
        !self.files.contains_key("index.html")
    }

    /// Sources of the inline scripts of `index.html`, as a Content-Security-Policy writes them.
    pub fn inline_scripts(&self) -> Vec<String> {
        let Some(index) = self.files.get("index.html") else {
            return Vec::new();
        };
        inline_scripts(&String::from_utf8_lossy(&index.plain))
            .into_iter()
            .map(|script| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
            .collect()
    }

    /// Answers a request for a file or a page. To HEAD as to GET: the router leaves the body out and says how
    /// long it would be.
    pub async fn serve(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
        if *method != Method::GET && *method != Method::HEAD {
            return ApiError::Method.into_response();
        }
        let path = uri.path().trim_start_matches('/');
        let mut status = None;
        let asset = match self.find(path) {
            Some(asset) => asset,
            None if self.is_empty() && path.is_empty() => return NOT_BUILT.into_response(),
            None => {
                // somebody who mistypes an address wants a way on, not a line of JSON
                let index = self.files.get("index.html");
                let is_api = path.split('/').next() == Some("api");
                let Some(index) = index.filter(|_| !is_api && reads_pages(headers)) else {
                    return ApiError::NotFound.into_response();
                };
                status = Some(StatusCode::NOT_FOUND);
                index
            }
        };
        let mut response = asset.clone().answer(headers).await;
        if let Some(status) = status {
            *response.status_mut() = status;
        }
        response
    }

    fn find(&self, path: &str) -> Option<&Arc<Asset>> {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let last = rest.rsplit('/').next().unwrap_or_default();
        let page = path.is_empty() || (PAGES.contains(&first) && !last.contains('.'));
        self.files.get(if page { "index.html" } else { path })
    }
}

/// Whether it is a browser that goes to an address.
fn reads_pages(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/html"))
}

const NOT_BUILT: (StatusCode, &str) = (
    StatusCode::SERVICE_UNAVAILABLE,
    "The console is not built: run `cargo xtask start`, or name its folder with --assets.\n",
);

impl Asset {
    async fn answer(self: Arc<Self>, request: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        if !self.immutable {
            // whoever may keep a file for ever does not ask whether it is still the same
            headers.insert(ETAG, self.tag.clone());
        }
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        let cache = match self.immutable {
            true => "max-age=31536000, immutable",
            false => "no-cache",
        };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        let unchanged = request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == self.tag.as_bytes());
        if unchanged {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.mime));
        let mut body = self.plain.clone();
        for (name, encoding) in [("br", Encoding::Brotli), ("gzip", Encoding::Gzip)] {
            if accepts(request, name)
                && let Some(bytes) = self.compressed(encoding).await
            {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
                body = bytes;
                break;
            }
        }
        (headers, Body::new(Full::new(body))).into_response()
    }

    /// The file in an encoding, if that makes it smaller; compressed at its first use.
    async fn compressed(self: &Arc<Self>, encoding: Encoding) -> Option<Bytes> {
        let slot = match encoding {
            Encoding::Brotli => &self.brotli,
            Encoding::Gzip => &self.gzip,
        };
        if let Some(ready) = slot.get() {
            return ready.clone();
        }
        if self.plain.len() < WORTH_COMPRESSING || !compressible(self.mime) {
            return None;
        }
        let asset = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let slot = match encoding {
                Encoding::Brotli => &asset.brotli,
                Encoding::Gzip => &asset.gzip,
            };
            slot.get_or_init(|| {
                let bytes = compress(&asset.plain, encoding).ok()?;
                (bytes.len() < asset.plain.len()).then(|| Bytes::from(bytes))
            })
            .clone()
        });
        work.await.ok().flatten()
    }
}

#[derive(Clone, Copy)]
enum Encoding {
    Brotli,
    Gzip,
}

fn compress(plain: &[u8], encoding: Encoding) -> std::io::Result<Vec<u8>> {
    match encoding {
        Encoding::Brotli => {
            let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 5, 22);
            writer.write_all(plain)?;
            writer.flush()?;
            Ok(writer.into_inner())
        }
        Encoding::Gzip => {
            let level = flate2::Compression::new(6);
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
            writer.write_all(plain)?;
            writer.finish()
        }
    }
}

/// Whether a client takes an encoding by its name.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            let refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .and_then(|quality| quality.parse::<f32>().ok())
                    .is_some_and(|quality| quality <= 0.0)
            });
            named && !refused
        })
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Bytes)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, std::fs::read(entry.path())?.into()));
        }
    }
    Ok(())
}

fn ready(bytes: Option<Bytes>) -> OnceLock<Option<Bytes>> {
    match bytes {
        Some(bytes) => OnceLock::from(Some(bytes)),
        None => OnceLock::new(),
    }
}

fn tag(bytes: &[u8]) -> HeaderValue {
    let hash = STANDARD.encode(&Sha256::digest(bytes)[..12]);
    HeaderValue::from_str(&format!("\"{hash}\"")).expect("base64 is plain ASCII")
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn compressible(mime: &str) -> bool {
    !matches!(mime, "image/png" | "image/x-icon" | "font/woff2")
}

/// Whether a name changes with its content: Trunk and the build for release write
/// `name-<16 hex digits>.ext`, Trunk alone also `name-<16 hex digits>_bg.wasm`.
fn has_content_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(['-', '.', '_'])
        .skip(1)
        .any(|part| part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What stands between `<script …>` without a `src` and `</script>`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let lower = html.to_ascii_lowercase();
    let mut at = 0;
    while let Some(start) = lower[at..].find("<script").map(|i| at + i) {
        let Some(open) = lower[start..].find('>').map(|i| start + i + 1) else {
            break;
        };
        let Some(close) = lower[open..].find("</script").map(|i| open + i) else {
            break;
        };
        let attributes = &lower[start + "<script".len()..open];
        if !attributes
            .split_ascii_whitespace()
            .any(|word| word.starts_with("src="))
        {
            found.push(&html[open..close]);
        }
        at = close;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn console() -> Assets {
        let script = "a".repeat(4_000);
        Assets::new(
            [
                ("index.html", "<html><script>boot()</script></html>"),
                ("app-0123456789abcdef.js", &script),
                ("app-0123456789abcdef_bg.wasm", "wasm"),
                ("app-0123456789abcdef_bg.wasm.br", "smaller"),
                ("favicon.svg", "<svg/>"),
            ]
            .map(|(name, text)| (name.to_owned(), Bytes::from(text.to_owned()))),
        )
    }

    async fn get(
        path: &str,
        headers: &[(http::HeaderName, &str)],
    ) -> (StatusCode, HeaderMap, Bytes) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let response = console()
            .serve(&Method::GET, &path.parse().unwrap(), &map)
            .await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, parts.headers, body)
    }

    #[tokio::test]
    async fn pages_are_the_index_and_other_paths_are_files() {
        for path in [
            "/",
            "/users",
            "/users?q=a.b",
            "/invite",
            "/activity",
            "/connections/astro",
        ] {
            let (status, headers, body) = get(path, &[]).await;
            assert_eq!(status, 200, "{path}");
            assert_eq!(headers[CACHE_CONTROL], "no-cache");
            assert!(body.starts_with(b"<html>"));
        }
        for path in [
            "/nothing",
            "/users/app.js",
            "/../Cargo.toml",
            "/app",
            "/.git/config",
        ] {
            assert_eq!(get(path, &[]).await.0, 404, "{path}");
        }
    }

    #[tokio::test]
    async fn a_browser_that_goes_astray_gets_the_console() {
        let browser = [(ACCEPT, "text/html,application/xhtml+xml;q=0.9")];
        let (status, _, body) = get("/what", &browser).await;
        assert_eq!(status, 404);
        assert!(body.starts_with(b"<html>"));
        let (status, _, body) = get("/api/what", &browser).await;
        assert_eq!(status, 404);
        assert!(body.starts_with(b"{"));
    }

    #[tokio::test]
    async fn names_with_a_content_hash_never_expire() {
        let (_, headers, _) = get("/app-0123456789abcdef.js", &[]).await;
        assert_eq!(headers[CACHE_CONTROL], "max-age=31536000, immutable");
        let (_, headers, _) = get("/favicon.svg", &[]).await;
        assert_eq!(headers[CACHE_CONTROL], "no-cache");
        assert!(!has_content_hash("0123456789abcdef-not-a-name"));
    }

    #[tokio::test]
    async fn files_go_out_compressed_where_that_helps() {
        let accept = [(ACCEPT_ENCODING, "gzip, br")];
        let (_, headers, body) = get("/app-0123456789abcdef.js", &accept).await;
        assert_eq!(headers[CONTENT_ENCODING], "br");
        assert_eq!(headers[VARY], "accept-encoding");
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &body[..], &mut plain).unwrap();
        assert_eq!(plain, "a".repeat(4_000).as_bytes());

        let (_, headers, body) = get("/app-0123456789abcdef_bg.wasm", &accept).await;
        assert_eq!(
            (&headers[CONTENT_ENCODING], &body[..]),
            (&HeaderValue::from_static("br"), &b"smaller"[..])
        );
        assert_eq!(headers[CONTENT_TYPE], "application/wasm");

        let (_, headers, _) = get("/favicon.svg", &accept).await;
        assert!(!headers.contains_key(CONTENT_ENCODING));
        let refused = [(ACCEPT_ENCODING, "br;q=0, gzip")];
        let (_, headers, _) = get("/app-0123456789abcdef.js", &refused).await;
        assert_eq!(headers[CONTENT_ENCODING], "gzip");
    }

    #[tokio::test]
    async fn an_unchanged_file_is_not_sent_again() {
        let (_, headers, _) = get("/", &[]).await;
        let tag = headers[ETAG].to_str().unwrap();
        let (status, _, body) = get("/", &[(IF_NONE_MATCH, tag)]).await;
        assert_eq!((status.as_u16(), body.len()), (304, 0));
    }

    #[test]
    fn inline_scripts_are_found_and_hashed() {
        let html = r#"<SCRIPT type="module">boot('<')</SCRIPT><script src="/a.js"></script><script>
two</script>"#;
        assert_eq!(inline_scripts(html), ["boot('<')", "\ntwo"]);
        // printf 'boot()' | openssl dgst -sha256 -binary | base64
        assert_eq!(
            console().inline_scripts(),
            ["'sha256-MeZS89WlF0u+o0hCvHTBt4q1WHU+U+sJKgbdRUc36mY='"]
        );
    }
}
