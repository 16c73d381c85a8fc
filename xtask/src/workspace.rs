//! What `cargo metadata` says about this workspace, cut down to what the chores ask. The versions and licences of
//! outside crates are left to `deny`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, TargetKind};

/// The workspace that the current folder belongs to.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Folder that cargo builds into.
    pub(crate) target: PathBuf,
    /// Every member, sorted by name.
    pub(crate) packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Folder from the root, with `/` between the parts on every system.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

/// What a package's manifest asks for, once per kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) usage: Usage,
    /// Whether it is a member of this workspace.
    pub(crate) inside: bool,
    pub(crate) features: Vec<String>,
}

/// Where a dependency counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Usage {
    /// In the product.
    Normal,
    /// In build scripts.
    Build,
    /// In tests, benches and examples alone.
    Dev,
}

/// Something cargo builds out of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// The kinds of target that the chores tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Library,
    Binary,
    Test,
    Bench,
    Example,
    Other,
}

impl Workspace {
    /// Asks cargo about the workspace around the current folder.
    pub(crate) fn load() -> Result<Self> {
        let metadata = MetadataCommand::new()
            .no_deps()
            .exec()
            .context("cargo metadata could not read this workspace")?;
        Ok(Self::from_metadata(&metadata))
    }

    fn from_metadata(metadata: &Metadata) -> Self {
        let root = metadata.workspace_root.as_std_path().to_path_buf();
        let mut packages: Vec<Package> =
            metadata.workspace_packages().into_iter().map(|package| Package::read(package, &root)).collect();
        packages.sort_by(|left, right| left.name.cmp(&right.name));
        Self { root, target: metadata.target_directory.as_std_path().to_path_buf(), packages }
    }

    /// Names of all targets of a kind, each once, sorted.
    pub(crate) fn target_names(&self, kind: Kind) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .packages
            .iter()
            .flat_map(|package| &package.targets)
            .filter(|target| target.kind == kind)
            .map(|target| target.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether some package has this target.
    pub(crate) fn has_target(&self, package: &str, kind: Kind, name: &str) -> bool {
        self.packages
            .iter()
            .filter(|candidate| candidate.name == package)
            .flat_map(|candidate| &candidate.targets)
            .any(|target| target.kind == kind && target.name == name)
    }
}

impl Package {
    fn read(package: &cargo_metadata::Package, root: &Path) -> Self {
        let folder = package.manifest_path.parent().map_or(root, |folder| folder.as_std_path());
        Self {
            name: package.name.to_string(),
            folder: relative(folder, root),
            dependencies: package.dependencies.iter().map(Dependency::read).collect(),
            targets: package.targets.iter().map(Target::read).collect(),
        }
    }
}

impl Dependency {
    fn read(dependency: &cargo_metadata::Dependency) -> Self {
        let usage = match dependency.kind {
            DependencyKind::Development => Usage::Dev,
            DependencyKind::Build => Usage::Build,
            DependencyKind::Normal | DependencyKind::Unknown => Usage::Normal,
        };
        Self {
            name: dependency.name.clone(),
            usage,
            inside: dependency.path.is_some(),
            features: dependency.features.clone(),
        }
    }
}

impl Target {
    fn read(target: &cargo_metadata::Target) -> Self {
        let kind = match target.kind.first() {
            Some(TargetKind::Lib | TargetKind::RLib | TargetKind::ProcMacro) => Kind::Library,
            Some(TargetKind::Bin) => Kind::Binary,
            Some(TargetKind::Test) => Kind::Test,
            Some(TargetKind::Bench) => Kind::Bench,
            Some(TargetKind::Example) => Kind::Example,
            _ => Kind::Other,
        };
        Self { name: target.name.clone(), kind }
    }
}

/// The way from `root` to `path`, with `/` between the parts on every system.
pub(crate) fn relative(path: &Path, root: &Path) -> String {
    let way = path.strip_prefix(root).unwrap_or(path);
    way.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_written_with_slashes() {
        let root = Path::new("house");
        assert_eq!(relative(&root.join("crates").join("domain"), root), "crates/domain");
        assert_eq!(relative(root, root), "");
    }
}
