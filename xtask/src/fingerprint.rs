//! What a build was made from, as one number kept beside it: the same number means nothing to do.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The contents and names of files and folders as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Of all files below these paths; one that is not there counts as that.
    pub(crate) fn of(root: &Path, paths: &[&str]) -> Result<Self, Failure> {
        let mut hasher = DefaultHasher::new();
        for path in paths {
            let mut files = Vec::new();
            collect(&root.join(path), &mut files)?;
            files.sort();
            path.hash(&mut hasher);
            files.len().hash(&mut hasher);
            for file in files {
                file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
                fs::read(&file)
                    .map_err(|error| unreadable(&file, &error))?
                    .hash(&mut hasher);
            }
        }
        Ok(Self(hasher.finish()))
    }

    /// Of the same, built in this way.
    pub(crate) fn built(self, way: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        (self.0, way).hash(&mut hasher);
        Self(hasher.finish())
    }

    /// Whether `stamp` holds this number.
    pub(crate) fn is_in(self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).is_ok_and(|text| text == self.text())
    }

    /// Writes this number to `stamp`.
    pub(crate) fn write(self, stamp: &Path) -> Result<(), Failure> {
        fs::write(stamp, self.text()).map_err(|error| {
            Failure::new(format!("{} cannot be written: {error}", stamp.display()))
        })
    }

    /// This number in digits, as a line.
    pub(crate) fn text(self) -> String {
        format!("{:016x}\n", self.0)
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let Ok(about) = fs::metadata(path) else {
        return Ok(());
    };
    if about.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
        collect(
            &entry.map_err(|error| unreadable(path, &error))?.path(),
            files,
        )?;
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be read: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Fingerprint;
    use crate::hermetic::Scratch;

    #[test]
    fn changes_with_contents_names_and_absence() {
        let scratch = Scratch::new("fingerprint").unwrap();
        let folder = scratch.path().join("source");
        fs::create_dir(&folder).unwrap();
        let look = || Fingerprint::of(scratch.path(), &["source", "absent"]).unwrap();
        let mut seen = vec![look()];
        fs::write(folder.join("a"), "one").unwrap();
        seen.push(look());
        fs::write(folder.join("a"), "two").unwrap();
        seen.push(look());
        fs::rename(folder.join("a"), folder.join("b")).unwrap();
        seen.push(look());
        for (at, one) in seen.iter().enumerate() {
            assert!(!seen[at + 1..].contains(one), "state {at} is told apart");
        }
        assert_eq!(look(), look());
    }

    #[test]
    fn a_stamp_holds_the_number_it_was_given() {
        let scratch = Scratch::new("stamp").unwrap();
        let stamp = scratch.path().join("stamp");
        let print = Fingerprint::of(scratch.path(), &["absent"]).unwrap();
        assert!(!print.is_in(&stamp));
        print.write(&stamp).unwrap();
        assert!(print.is_in(&stamp));
    }
}
