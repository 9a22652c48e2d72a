//! `rolecall link`: another link to the console that runs.

use std::path::Path;

use http::header::CONTENT_TYPE;
use reqwest::StatusCode;

use crate::data_folder::{DataFolder, DataFolderError};
use crate::session::{KeyAnswer, KeyRequest};

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No server, or no folder.
    #[error(transparent)]
    Data(#[from] DataFolderError),
    /// The server is not there any more, or is another program.
    #[error("the server at {0} does not answer; start one with `rolecall start`")]
    Gone(String),
}

/// Asks the server of a data folder for a key, and gives the link.
///
/// # Errors
/// If no server runs there.
pub async fn link(folder: Option<&Path>) -> Result<String, LinkError> {
    let folder = DataFolder::choose(folder)?;
    let server = DataFolder::announced(&folder)?;
    let gone = || LinkError::Gone(server.address.clone());
    // Another one that is installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .map_err(|_| gone())?;
    let body = serde_json::to_vec(&KeyRequest {
        control: server.control.clone(),
    });
    let answer = client
        .post(format!("{}/api/keys", server.address))
        .header(CONTENT_TYPE, "application/json")
        .body(body.unwrap_or_default())
        .send()
        .await
        .map_err(|_| gone())?;
    if answer.status() != StatusCode::OK {
        return Err(gone());
    }
    let body = answer.bytes().await.map_err(|_| gone())?;
    let key: KeyAnswer = serde_json::from_slice(&body).map_err(|_| gone())?;
    Ok(format!("{}/#key={}", server.url, key.key))
}
