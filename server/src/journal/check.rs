//! How a journal is, told without changing or making anything.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection as Database, ErrorCode, OpenFlags};

use super::{JournalError, VERSION};

/// How a journal is that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There is none yet; the first start makes it.
    Absent,
    /// There is nothing to be done about it.
    Fine {
        /// How many changes are in it.
        changes: i64,
    },
    /// It is of an earlier version of this program; the next start takes it up.
    Older {
        /// How many changes are in it.
        changes: i64,
    },
    /// Its last changes are still in the file that SQLite has beside it; the next start takes them up.
    Unfinished,
}

/// What stands in a file.
enum Contents {
    Nothing,
    Newer,
    Other,
    Changes { version: i64, changes: i64 },
}

/// Looks at a journal that this process does not have open; another one may write into it.
///
/// # Errors
/// If it cannot be used; the error says what to do.
pub fn check(path: &Path) -> Result<Condition, JournalError> {
    let name = || path.display().to_string();
    let forbidden = || {
        JournalError::Other(format!(
            "this user may not read and write {}; run rolecall as its owner, or name another folder with --data-dir",
            name()
        ))
    };
    let io = |error: io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied => forbidden(),
        _ => JournalError::Other(format!("{}: {error}", name())),
    };
    match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Condition::Absent),
        Err(error) => return Err(io(error)),
        Ok(found) if !found.is_file() => return Err(JournalError::Damaged(name())),
        Ok(_) => {}
    }
    // Nothing is written; but only so is known whether a start may.
    let may_write = OpenOptions::new().write(true).open(path);
    drop(may_write.map_err(io)?);
    let is_beside = |end: &str| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(end);
        let found = PathBuf::from(beside).metadata();
        found.is_ok_and(|found| found.len() > 0)
    };
    // Without its index, what lies beside cannot be read but by making one.
    let indexed = is_beside("-shm");
    let unfinished = !indexed && is_beside("-wal");
    let contents = look_into(path, indexed).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => forbidden(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => JournalError::Damaged(name()),
        _ => JournalError::of(&error),
    })?;
    match contents {
        Contents::Newer => Err(JournalError::Newer(name())),
        Contents::Other => Err(JournalError::Damaged(name())),
        _ if unfinished => Ok(Condition::Unfinished),
        Contents::Nothing => Ok(Condition::Absent),
        Contents::Changes { version, changes } => Ok(match version < VERSION {
            true => Condition::Older { changes },
            false => Condition::Fine { changes },
        }),
    }
}

/// Reads a file, with what lies beside it if that is `indexed`. Without, SQLite takes it for a file that
/// nobody changes, and makes none of its own.
fn look_into(path: &Path, indexed: bool) -> rusqlite::Result<Contents> {
    let how = match indexed {
        true => "mode=ro&readonly_shm=1",
        false => "mode=ro&immutable=1",
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let database = Database::open_with_flags(format!("{}?{how}", address(path)), flags)?;
    let version: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > VERSION {
        return Ok(Contents::Newer);
    }
    let number = |sql| database.query_row(sql, [], |row| row.get::<_, i64>(0));
    // A start that ended before it had made the tables leaves an empty file.
    if number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(match version {
            0 => Contents::Nothing,
            _ => Contents::Other,
        });
    }
    if version < 1 || !database.table_exists(None, "sent")? {
        return Ok(Contents::Other);
    }
    let found: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Ok(Contents::Other);
    }
    let changes = number("SELECT count(*) FROM sent")?;
    Ok(Contents::Changes { version, changes })
}

/// A file's name as SQLite reads it in an address.
fn address(path: &Path) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_');
    let name = path.as_os_str().as_encoded_bytes();
    #[cfg(windows)]
    let name = &name
        .iter()
        .map(|byte| if *byte == b'\\' { b'/' } else { *byte })
        .collect::<Vec<u8>>()[..];
    let name = percent_encode(name, KEPT);
    match path.is_absolute() {
        true if cfg!(windows) => format!("file:///{name}"),
        true => format!("file://{name}"),
        false => format!("file:{name}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::time::SystemTime;

    use super::super::Journal;
    use super::*;
    use crate::clock::World;
    use crate::journal::tests::sent;

    /// A journal of one change that somebody has open, and its file.
    async fn journal(folder: &Path) -> (Journal, PathBuf) {
        let path = folder.join("journal.sqlite");
        let journal = Journal::open(&path, World::real()).unwrap();
        journal.sent(sent("/one")).await.unwrap();
        (journal, path)
    }

    /// A journal as a process leaves it that is killed.
    async fn killed(folder: &Path) -> PathBuf {
        let home = tempfile::tempdir().unwrap();
        let (_journal, path) = journal(home.path()).await;
        for end in ["", "-wal", "-shm"] {
            let name = format!("journal.sqlite{end}");
            fs::copy(path.with_file_name(&name), folder.join(&name)).unwrap();
        }
        folder.join("journal.sqlite")
    }

    /// A journal as a process leaves it that ends.
    async fn ended(folder: &Path) -> PathBuf {
        let path = killed(folder).await;
        let database = Database::open(&path).unwrap();
        database.execute_batch("PRAGMA wal_checkpoint").unwrap();
        drop(database);
        assert!(!folder.join("journal.sqlite-wal").exists());
        path
    }

    /// All that is in a folder, and when it was written.
    fn all(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
        let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
        let kept = |path: PathBuf| {
            let written = path.metadata().unwrap().modified().unwrap();
            let bytes = fs::read(&path).unwrap();
            (path, (written, bytes))
        };
        files.map(kept).collect()
    }

    /// Looks, and holds that nothing is changed by it.
    fn look(path: &Path) -> Result<Condition, String> {
        let folder = path.parent().unwrap();
        let before = all(folder);
        let found = check(path).map_err(|error| error.to_string());
        assert!(all(folder) == before, "something was changed");
        found
    }

    fn set_version(path: &Path, version: i64) {
        let database = Database::open(path).unwrap();
        database
            .pragma_update(None, "user_version", version)
            .unwrap();
    }

    #[tokio::test]
    async fn a_journal_is_looked_at_and_not_touched() {
        let fine = Ok(Condition::Fine { changes: 1 });
        let home = tempfile::tempdir().unwrap();
        let strange = home.path().join("a b?c#d%20é");
        fs::create_dir(&strange).unwrap();
        assert_eq!(look(&ended(&strange).await), fine, "of one that ended");

        let home = tempfile::tempdir().unwrap();
        let path = killed(home.path()).await;
        assert_eq!(look(&path), fine, "of one that was killed");
        fs::remove_file(home.path().join("journal.sqlite-shm")).unwrap();
        assert_eq!(look(&path), Ok(Condition::Unfinished), "of a copy");
    }

    #[tokio::test]
    async fn a_journal_of_another_version_is_told_from_a_damaged_one() {
        let home = tempfile::tempdir().unwrap();
        let path = ended(home.path()).await;
        set_version(&path, VERSION - 1);
        assert_eq!(look(&path), Ok(Condition::Older { changes: 1 }));
        set_version(&path, VERSION + 1);
        let error = look(&path).unwrap_err();
        assert!(error.contains("newer version of rolecall"), "{error}");
        set_version(&path, VERSION);
        let mut bytes = fs::read(&path).unwrap();
        let end = bytes.len();
        bytes[4_096..end].fill(7);
        fs::write(&path, bytes).unwrap();
        let error = look(&path).unwrap_err();
        assert!(error.contains("is damaged or no journal"), "{error}");
    }

    #[test]
    fn what_is_no_journal_is_not_made_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("journal.sqlite");
        assert_eq!(look(&path), Ok(Condition::Absent));
        let nowhere = check(&home.path().join("no/folder"));
        assert_eq!(nowhere.unwrap(), Condition::Absent);
        fs::write(&path, "").unwrap();
        assert_eq!(look(&path), Ok(Condition::Absent));
        let database = Database::open(&path).unwrap();
        database.execute_batch("CREATE TABLE a (b)").unwrap();
        drop(database);
        for text in [None, Some("notes\n".repeat(1_000))] {
            if let Some(text) = text {
                fs::write(&path, text).unwrap();
            }
            let error = look(&path).unwrap_err();
            assert!(error.contains("is damaged or no journal"), "{error}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let error = check(&path).unwrap_err().to_string();
        assert!(error.contains("no journal"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_journal_of_somebody_else_is_told_of() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let path = ended(home.path()).await;
        for mode in [0o400, 0] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            if OpenOptions::new().write(true).open(&path).is_ok() {
                // Root may read and write anything.
                return;
            }
            let error = check(&path).unwrap_err().to_string();
            assert!(
                error.contains("this user may not read and write"),
                "{error}"
            );
        }
    }
}
