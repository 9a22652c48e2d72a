//! Keeps other users of this machine out of a data folder that is there already, and of the files in it.
//!
//! A folder is changed only if it is this program's own: of the user who runs it, named by itself and not by
//! a link, and with nothing else in it. Whoever names their home or a folder that several share would not
//! expect it to be closed; there the files alone are closed, which is said. Where that is not enough, since
//! others could put files of theirs in the place of these, nothing begins.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::DataFolderError;

/// What others may do.
const OTHERS: u32 = 0o077;

/// What others may do and by which files can be replaced.
const OTHERS_WRITE: u32 = 0o022;

/// What all may do.
const ALL_WRITE: u32 = 0o002;

const ROOT: u32 = 0;

/// Files of a data folder, besides those that SQLite puts beside its own.
const FILES: [&str; 5] = [
    "lock",
    "server.json",
    "server.json.next",
    "journal.sqlite",
    "sandbox.sqlite",
];

/// How a file's name begins that is there for a moment, to see who makes files here.
const OWNER: &str = "owner-";

/// Ends of the names of what SQLite puts beside a file.
const BESIDE: [&str; 3] = ["-journal", "-shm", "-wal"];

/// Closes a folder to others, if it is this program's own.
pub(super) fn close_folder(path: &Path) -> Result<(), DataFolderError> {
    let name = || path.display().to_string();
    let io = |source| DataFolderError::Io {
        folder: name(),
        source,
    };
    // What is looked at and what is changed is one and the same, whatever its name leads to meanwhile.
    let folder = File::open(path).map_err(io)?;
    let found = folder.metadata().map_err(io)?;
    // Another user's is not changed, and not used either: its owner could put other files in the place of these. Root
    // can do that anywhere; and who is root has the last word on what is theirs, as in a container with a volume.
    let own = own_id(path).map_err(io)?;
    if found.uid() != own && found.uid() != ROOT && own != ROOT {
        return Err(DataFolderError::Foreign(name()));
    }
    if found.mode() & OTHERS == 0 {
        return Ok(());
    }
    if found.uid() != own {
        let (folder, why) = (name(), "belongs to another user");
        if found.mode() & ALL_WRITE != 0 {
            return Err(DataFolderError::Shared { folder, why });
        }
        tracing::warn!("the data folder {folder} is left as it is since it {why}");
        return Ok(());
    }
    let plain: PathBuf = path.components().collect();
    let why = if !is(&fs::symlink_metadata(plain).map_err(io)?, &found) {
        "is a link"
    } else if holds_other_things(path).map_err(io)? {
        "holds other things too"
    } else {
        return close(&folder, &found).map_err(io);
    };
    let folder = name();
    if found.mode() & OTHERS_WRITE != 0 {
        return Err(DataFolderError::Shared { folder, why });
    }
    tracing::warn!(
        "other users can see which files are in the data folder {folder}, which is left as it is since it {why}"
    );
    Ok(())
}

/// Closes a file that is open, and what SQLite left beside it.
pub(super) fn close_file(file: &File, path: &Path) -> io::Result<()> {
    let found = file.metadata()?;
    if found.mode() & OTHERS != 0 {
        let itself = is(&fs::symlink_metadata(path)?, &found) && is_only_here(&found);
        if !itself {
            return Err(linked(path));
        }
        close(file, &found).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => {
                let name = path.display();
                io::Error::other(format!(
                    "other users can read {name}, and it belongs to one of them; move it away"
                ))
            }
            _ => error,
        })?;
    }
    for end in BESIDE {
        let mut beside = path.as_os_str().to_owned();
        beside.push(end);
        let beside = PathBuf::from(beside);
        // It is not opened: where it is closed again, SQLite's locks on it would be gone.
        let found = match fs::symlink_metadata(&beside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            found => found?,
        };
        if found.mode() & OTHERS == 0 {
            continue;
        }
        if !is_only_here(&found) {
            return Err(linked(&beside));
        }
        fs::set_permissions(&beside, without_others(&found))?;
    }
    Ok(())
}

/// The user who runs this, as the system tells it of what they make.
fn own_id(folder: &Path) -> io::Result<u32> {
    let path = folder.join(format!("{OWNER}{}", std::process::id()));
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let made = match options.open(&path) {
        // a process with this number was killed before it could take it away
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(&path)?;
            options.open(&path)?
        }
        made => made?,
    };
    fs::remove_file(&path)?;
    Ok(made.metadata()?.uid())
}

fn holds_other_things(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let ends = BESIDE.iter().find_map(|end| name.strip_suffix(end));
        if !FILES.contains(&ends.unwrap_or(&name)) && !name.starts_with(OWNER) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Whether it is a file with one name: what has others may be somebody else's under those.
fn is_only_here(found: &Metadata) -> bool {
    found.is_file() && found.nlink() == 1
}

fn close(file: &File, found: &Metadata) -> io::Result<()> {
    file.set_permissions(without_others(found))
}

fn without_others(found: &Metadata) -> Permissions {
    Permissions::from_mode(found.mode() & 0o7777 & !OTHERS)
}

fn linked(path: &Path) -> io::Error {
    let name = path.display();
    io::Error::other(format!(
        "other users can read {name}, and it is a link, so it is left as it is; run `chmod 600 {name}`, or move it away"
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{chown, symlink};

    use super::super::{DataFolder, private};
    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    /// A folder that others can look into.
    fn folder(home: &tempfile::TempDir) -> PathBuf {
        let path = home.path().join("rolecall");
        fs::create_dir(&path).unwrap();
        set(&path, 0o755);
        path
    }

    fn opened(path: &Path) -> Result<DataFolder, String> {
        DataFolder::open(path).map_err(|error| error.to_string())
    }

    #[test]
    fn what_was_there_before_is_closed_to_others() {
        let home = tempfile::tempdir().unwrap();
        let path = folder(&home);
        let journal = path.join("journal.sqlite");
        let files = [
            "lock",
            "journal.sqlite",
            "journal.sqlite-wal",
            "journal.sqlite-shm",
        ];
        for name in files {
            fs::write(path.join(name), "").unwrap();
            set(&path.join(name), 0o644);
        }
        let folder = opened(&path).unwrap();
        private(journal).unwrap();
        assert_eq!(mode(&path), 0o700);
        for name in files {
            assert_eq!(mode(&folder.file(name)), 0o600, "{name}");
        }
        let names = fs::read_dir(&path).unwrap().count();
        assert_eq!(names, files.len(), "nothing is left behind");
    }

    #[test]
    fn a_folder_with_other_things_in_it_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let path = folder(&home);
        fs::write(path.join("notes.txt"), "").unwrap();
        let folder = opened(&path).unwrap();
        assert_eq!(mode(&path), 0o755);
        assert_eq!(mode(&folder.file("lock")), 0o600);
        drop(folder);
        for shared in [0o775, 0o1777] {
            set(&path, shared);
            let error = opened(&path).unwrap_err();
            assert!(error.contains("holds other things too"), "{error}");
            assert!(error.contains("chmod 700"), "{error}");
            assert_eq!(mode(&path), shared & 0o777);
        }
    }

    #[test]
    fn nothing_is_changed_that_a_link_leads_to() {
        let home = tempfile::tempdir().unwrap();
        let path = folder(&home);
        let link = home.path().join("link");
        symlink(&path, &link).unwrap();
        for link in [link.clone(), link.join("."), link.join("")] {
            opened(&link).unwrap();
            assert_eq!(mode(&path), 0o755, "{}", link.display());
        }
        set(&path, 0o777);
        let error = opened(&link).unwrap_err();
        assert!(error.contains("is a link"), "{error}");

        let other = home.path().join("other");
        fs::write(&other, "").unwrap();
        set(&other, 0o644);
        let (soft, hard) = (path.join("soft"), path.join("hard"));
        symlink(&other, &soft).unwrap();
        fs::hard_link(&other, &hard).unwrap();
        fs::write(path.join("journal.sqlite"), "").unwrap();
        symlink(&other, path.join("journal.sqlite-wal")).unwrap();
        for name in ["soft", "hard", "journal.sqlite"] {
            let error = private(path.join(name)).unwrap_err().to_string();
            assert!(error.contains("it is a link"), "{error}");
            assert_eq!(mode(&other), 0o644, "{name}");
        }
        // to what others cannot read anyway a link may lead
        set(&other, 0o600);
        private(soft).unwrap();
        private(hard).unwrap();
    }

    #[test]
    fn a_folder_that_was_given_away_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let path = folder(&home);
        if chown(&path, Some(12_345), None).is_err() {
            // Only root can give a folder away, and may go on using it.
            return;
        }
        drop(opened(&path).unwrap());
        assert_eq!(mode(&path), 0o755);
        set(&path, 0o777);
        let error = opened(&path).unwrap_err();
        assert!(error.contains("belongs to another user"), "{error}");
    }

    #[test]
    fn a_file_of_a_process_that_was_killed_is_in_nobodys_way() {
        let home = tempfile::tempdir().unwrap();
        let path = folder(&home);
        for id in [std::process::id(), 1] {
            fs::write(path.join(format!("{OWNER}{id}")), "").unwrap();
        }
        drop(opened(&path).unwrap());
        assert_eq!(mode(&path), 0o700);
    }
}
