//! The folder that a running server owns: locked, readable by its user only, and saying where the
//! server is.

#[cfg(unix)]
mod access;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataFolderError {
    /// The platform does not say where data belongs.
    #[error("this user has no home folder; name a data folder with --data-dir")]
    NoHome,
    /// Another server has it.
    #[error(
        "the data folder {folder} is in use by a server{at}; stop it, or name another folder with --data-dir"
    )]
    InUse {
        /// The folder.
        folder: String,
        /// ` at http://…`, if it says where.
        at: String,
    },
    /// It is not this user's.
    #[error(
        "the data folder {0} belongs to another user, who could read and replace what is in it; name a folder of your own with --data-dir"
    )]
    Foreign(String),
    /// Others may write into it, and it is not this program's own to change.
    #[error(
        "other users may write into the data folder {folder}, which is left as it is since it {why}; run `chmod 700 {folder}`, or name another folder with --data-dir"
    )]
    Shared {
        /// The folder.
        folder: String,
        /// `is a link`, or the like.
        why: &'static str,
    },
    /// The system refuses.
    #[error("the data folder {folder} cannot be used: {source}")]
    Io {
        /// The folder.
        folder: String,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// No server has announced itself there.
    #[error("no server runs on the data folder {0}; start one with `rolecall start`")]
    NoServer(String),
}

/// What a running server says of itself, to its own user.
#[derive(Clone, Serialize, Deserialize)]
pub struct Announcement {
    /// Where it listens: `http://127.0.0.1:8787`.
    pub address: String,
    /// Where people reach it, which may be a proxy's address.
    pub url: String,
    /// Secret with which another process of the same user asks for a link.
    pub control: String,
}

/// A data folder, owned until dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// The platform's place for this program's data.
    ///
    /// # Errors
    /// If the user has no home folder.
    pub fn usual() -> Result<PathBuf, DataFolderError> {
        let places = etcetera::choose_base_strategy().map_err(|_| DataFolderError::NoHome)?;
        Ok(places.data_dir().join("rolecall"))
    }

    /// A folder that was named, or else the usual one.
    ///
    /// # Errors
    /// If the user has no home folder.
    pub fn choose(named: Option<&Path>) -> Result<PathBuf, DataFolderError> {
        match named {
            Some(path) => Ok(path.to_owned()),
            None => Self::usual(),
        }
    }

    /// Takes a folder, making it where there is none, and closes it to other users.
    ///
    /// # Errors
    /// If it cannot be made, another server has it, or other users cannot be kept out.
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let folder = || path.display().to_string();
        let io = |source| DataFolderError::Io {
            folder: folder(),
            source,
        };
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        if path.is_file() {
            return Err(io(io::Error::other("it is a file, not a folder")));
        }
        builder.recursive(true).create(path).map_err(io)?;
        #[cfg(unix)]
        access::close_folder(path)?;
        let lock = private(path.join("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => {
                let at = Self::announced(path).map_or_else(
                    |_| String::new(),
                    |announcement| format!(" at {}", announcement.url),
                );
                Err(DataFolderError::InUse {
                    folder: folder(),
                    at,
                })
            }
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }

    /// Path of a file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Says where the server is.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn announce(&self, announcement: &Announcement) -> io::Result<()> {
        let next = self.file("server.json.next");
        let mut file = private(next.clone())?;
        file.set_len(0)?;
        file.write_all(&serde_json::to_vec(announcement)?)?;
        fs::rename(next, self.file("server.json"))
    }

    /// What the server that has a folder says of itself.
    ///
    /// # Errors
    /// If none has announced itself.
    pub fn announced(path: &Path) -> Result<Announcement, DataFolderError> {
        let none = || DataFolderError::NoServer(path.display().to_string());
        let bytes = fs::read(path.join("server.json")).map_err(|_| none())?;
        serde_json::from_slice(&bytes).map_err(|_| none())
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = fs::remove_file(self.file("server.json"));
    }
}

/// Opens a file, making it readable by its user only; what SQLite left beside it too.
pub(crate) fn private(path: PathBuf) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    #[cfg(unix)]
    access::close_file(&file, &path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_who_says_where_it_is() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("deep/rolecall");
        let first = DataFolder::open(&path).unwrap();
        let second = DataFolder::open(&path).unwrap_err().to_string();
        assert!(second.contains("in use by a server;"), "{second}");
        first
            .announce(&Announcement {
                address: "http://127.0.0.1:1".to_owned(),
                url: "http://127.0.0.1:1".to_owned(),
                control: "secret".to_owned(),
            })
            .unwrap();
        let second = DataFolder::open(&path).unwrap_err().to_string();
        assert!(second.contains("at http://127.0.0.1:1;"), "{second}");
        assert!(!second.contains("secret"));
        drop(first);
        assert!(DataFolder::announced(&path).is_err());
        DataFolder::open(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("rolecall");
        let folder = DataFolder::open(&path).unwrap();
        folder
            .announce(&Announcement {
                address: String::new(),
                url: String::new(),
                control: String::new(),
            })
            .unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join("server.json")), 0o600);
        assert_eq!(mode(&path.join("lock")), 0o600);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        let error = DataFolder::open(&file).unwrap_err().to_string();
        assert!(error.contains("not a folder"), "{error}");
        let error = DataFolder::open(&file.join("sub")).unwrap_err().to_string();
        assert!(error.contains("file/sub"), "{error}");
    }
}
