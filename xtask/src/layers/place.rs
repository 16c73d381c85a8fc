//! Where a crate lives decides what it is. Its name plays no part.

use crate::workspace::Package;

/// The part a crate plays, read off its folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// `crates/domain/NAME`: pure.
    Domain(String),
    /// `crates/adapters/NAME`: one technology.
    Adapter(String),
    /// `crates/conformance`: the promises of the ports.
    Conformance,
    /// `crates/simulation`: the whole platform under faults.
    Simulation,
    /// `crates/app`: the program.
    App,
    /// `xtask`: the chores.
    Xtask,
}

impl Place {
    /// The place that a folder (from the root, with `/`) stands for; `None` outside the plan.
    pub(super) fn of_folder(folder: &str) -> Option<Self> {
        let parts: Vec<&str> = folder.split('/').collect();
        match parts.as_slice() {
            ["crates", "domain", name] => Some(Self::Domain((*name).to_owned())),
            ["crates", "adapters", name] => Some(Self::Adapter((*name).to_owned())),
            ["crates", "conformance"] => Some(Self::Conformance),
            ["crates", "simulation"] => Some(Self::Simulation),
            ["crates", "app"] => Some(Self::App),
            ["xtask"] => Some(Self::Xtask),
            _ => None,
        }
    }

    /// The place of a package.
    pub(super) fn of(package: &Package) -> Option<Self> {
        Self::of_folder(&package.folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_names_the_place() {
        assert_eq!(Place::of_folder("crates/domain/risk"), Some(Place::Domain("risk".to_owned())));
        assert_eq!(Place::of_folder("crates/adapters/ib"), Some(Place::Adapter("ib".to_owned())));
        assert_eq!(Place::of_folder("crates/app"), Some(Place::App));
        assert_eq!(Place::of_folder("crates/helpers"), None);
        assert_eq!(Place::of_folder("crates/domain/risk/deeper"), None);
    }
}
