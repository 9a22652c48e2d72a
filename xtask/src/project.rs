//! Where things are in this checkout.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// This checkout.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The checkout this program was built from.
    pub(crate) fn here() -> Result<Self, Failure> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest
            .parent()
            .filter(|root| root.join("Cargo.lock").is_file());
        let root = root.ok_or_else(|| {
            Failure::new(format!(
                "{} is no longer there: run this from the checkout with `cargo xtask`",
                manifest.display()
            ))
        })?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self {
            root: root.to_owned(),
            target,
        })
    }

    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            target: root.join("target"),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's folder of built things; what the set-up brings is kept in it too.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The tools that are built from source, in the layout of `cargo install --root`.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The built console.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The server as the development profile builds it.
    pub(crate) fn server(&self) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("rolecall{}", std::env::consts::EXE_SUFFIX))
    }
}
