//! The files of a new adapter as text: manifest, `lib.rs`, `config.rs`, `error.rs`, one file per port, and the
//! conformance test. The text is laid out by rustfmt afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use super::Files;
use super::harness;
use super::port::{self, Domain, Method, Port};

/// Words of an adapter, such as `my-broker`.
#[derive(Clone, Copy)]
pub(super) struct Names<'a>(pub(super) &'a str);

impl Names<'_> {
    /// `MyBroker`.
    pub(super) fn camel(self) -> String {
        let part = |part: &str| part[..1].to_uppercase() + &part[1..];
        self.0.split('-').map(part).collect()
    }

    /// `tradeport_my_broker`.
    pub(super) fn library(self) -> String {
        format!("tradeport_{}", self.0.replace('-', "_"))
    }

    /// The type that holds a port: technology and role.
    pub(super) fn holder(self, port: &Port) -> String {
        format!("{}{}", self.camel(), port.name)
    }
}

/// All files of an adapter that holds these ports.
pub(super) fn adapter(root: &Path, name: &str, ports: &[Port]) -> Result<Files> {
    let names = Names(name);
    let domain = port::domain(root)?;
    let known = known_crates(root)?;
    let mut files = vec![
        ("src/lib.rs".to_owned(), library(names, ports)),
        ("src/config.rs".to_owned(), config(names)),
        ("src/error.rs".to_owned(), error(names, ports, &domain)),
    ];
    for port in ports {
        files.push((format!("src/{}.rs", port.module()), holder(names, port, &domain)?));
    }
    files.push(("tests/conformance.rs".to_owned(), harness::conformance(root, names, ports)?));
    let manifest = manifest(name, &files, &known)?;
    files.push(("Cargo.toml".to_owned(), manifest));
    Ok(files)
}

/// Names that `[workspace.dependencies]` offers.
fn known_crates(root: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(root.join("Cargo.toml")).context("could not read the root manifest")?;
    let manifest: Table = text.parse().context("the root manifest is not TOML")?;
    let shared =
        manifest.get("workspace").and_then(|table| table.get("dependencies")).and_then(Value::as_table);
    Ok(shared.into_iter().flat_map(Table::keys).cloned().collect())
}

fn manifest(name: &str, files: &Files, known: &BTreeSet<String>) -> Result<String> {
    let (tests, product): (Files, Files) =
        files.iter().cloned().partition(|(file, _)| file.starts_with("tests/"));
    let own = Names(name).library();
    let normal = crates_in(&product, known, &own);
    let mut dev: BTreeSet<String> = crates_in(&tests, known, &own);
    dev.retain(|each| !normal.contains(each));
    if normal.is_empty() {
        bail!("the ports of {name} use no crate at all");
    }
    let list = |crates: &BTreeSet<String>| -> String {
        crates.iter().map(|each| format!("{each}.workspace = true\n")).collect()
    };
    Ok(format!(
        "[package]\nname = \"tradeport-{name}\"\nversion.workspace = true\nedition.workspace = true\n\
         rust-version.workspace = true\nlicense.workspace = true\n\
         publish.workspace = true\n\n[lints]\nworkspace = true\n\n[dependencies]\n{}\n[dev-dependencies]\n{}",
        list(&normal),
        list(&dev)
    ))
}

/// The crates that paths in these files begin with.
fn crates_in(files: &Files, known: &BTreeSet<String>, own: &str) -> BTreeSet<String> {
    let part_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut crates = BTreeSet::new();
    for (_, text) in files {
        for (place, _) in text.match_indices("::") {
            let before = text[..place].trim_end_matches(part_of_name);
            let word = &text[before.len()..place];
            let begins_path = !before.ends_with("::") && word != own;
            let spellings = [word.to_owned(), word.replace('_', "-")];
            crates.extend(spellings.into_iter().find(|each| begins_path && known.contains(each)));
        }
    }
    crates
}

fn library(names: Names<'_>, ports: &[Port]) -> String {
    let mut modules: Vec<String> = ports.iter().map(Port::module).collect();
    modules.extend(["config".to_owned(), "error".to_owned()]);
    modules.sort();
    let modules: String = modules.iter().map(|module| format!("mod {module};\n")).collect();
    let exports: String =
        ports.iter().map(|port| format!("pub use {}::{};\n", port.module(), names.holder(port))).collect();
    let list: String = ports.iter().map(|port| format!("//! - `{}`\n", port.name)).collect();
    format!(
        "//! Adapts {name}. It holds these ports:\n//!\n{list}//!\n//! Nothing is done yet: every method answers \
         `Unsupported`, and the conformance cases say what is missing.\n\n{modules}\npub use config::{{Config, NotAConfig}};\n\
         pub use error::{camel}Error;\n{exports}",
        name = names.0,
        camel = names.camel(),
    )
}

fn config(names: Names<'_>) -> String {
    CONFIG.replace("NAME", names.0)
}

const CONFIG: &str = r#"//! What NAME needs to be told. Checked on construction; unknown keys are refused.

use serde::Deserialize;

/// Settings of the adapter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Config {
    endpoint: String,
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the endpoint of NAME is empty")]
pub struct NotAConfig;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    endpoint: String,
}

impl Config {
    /// Settings for this endpoint; an empty one is refused.
    pub fn new(endpoint: &str) -> Result<Self, NotAConfig> {
        match endpoint.trim() {
            "" => Err(NotAConfig),
            endpoint => Ok(Self { endpoint: endpoint.to_owned() }),
        }
    }

    /// Where the other side is found.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl TryFrom<Raw> for Config {
    type Error = NotAConfig;

    fn try_from(raw: Raw) -> Result<Self, NotAConfig> {
        Self::new(&raw.endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_endpoint_is_refused() {
        assert_eq!(Config::new(" "), Err(NotAConfig));
        assert_eq!(Config::new("here").unwrap().endpoint(), "here");
    }
}
"#;

/// The adapter's own errors, and what they are to each port that knows `Unavailable`.
fn error(names: Names<'_>, ports: &[Port], domain: &Domain) -> String {
    let camel = names.camel();
    let wanted: BTreeSet<&str> =
        ports.iter().flat_map(|port| &port.methods).filter_map(|method| method.error.as_deref()).collect();
    let mut uses = BTreeSet::from(["tradeport_kernel::Cause".to_owned()]);
    let mut impls = String::new();
    for error in wanted.into_iter().filter(|error| domain.has_variant(error, "Unavailable", "Cause")) {
        let full =
            ports.iter().flat_map(|port| &port.uses).find(|path| path.ends_with(&format!("::{error}")));
        uses.extend(full.cloned());
        impls.push_str(&format!(
            "impl From<{camel}Error> for {error} {{\n    fn from(error: {camel}Error) -> Self {{\n        \
             Self::Unavailable(Box::new(error))\n    }}\n}}\n\n"
        ));
    }
    format!(
        "//! What goes wrong on the other side, sorted into the outcomes that the ports know.\n\n{}\n\
         /// Why the other side did not do what it was asked.\n#[derive(Debug, thiserror::Error)]\n\
         pub enum {camel}Error {{\n    /// It cannot be reached now; try again.\n    \
         #[error(\"{} cannot be reached\")]\n    Unreachable(#[source] Cause),\n}}\n\n{impls}",
        use_lines(&uses),
        names.0,
    )
}

fn holder(names: Names<'_>, port: &Port, domain: &Domain) -> Result<String> {
    let holder = names.holder(port);
    let mut uses = port.uses.clone();
    uses.insert("async_trait::async_trait".to_owned());
    uses.insert("crate::Config".to_owned());
    let mut methods = String::new();
    for method in &port.methods {
        methods.push_str(&format!("{} {{ {} }}\n\n", method.signature, body(port, method, domain)?));
    }
    Ok(format!(
        "//! `{port}` over {name}. Nothing is done yet.\n\n{uses}\n/// Holds `{port}`.\n#[derive(Clone, Debug)]\n\
         pub struct {holder} {{\n    config: Config,\n}}\n\nimpl {holder} {{\n    /// An adapter with these settings; \
         asks nobody yet.\n    #[must_use]\n    pub const fn new(config: Config) -> Self {{\n        Self {{ config }}\n    \
         }}\n\n    /// The settings it was made with.\n    #[must_use]\n    pub const fn config(&self) -> &Config {{\n        \
         &self.config\n    }}\n}}\n\n#[async_trait]\nimpl {port} for {holder} {{\n{methods}}}\n",
        port = port.name,
        name = names.0,
        uses = use_lines(&uses),
    ))
}

/// `Unsupported` where a method can fail, and the resting state where it tells one.
fn body(port: &Port, method: &Method, domain: &Domain) -> Result<String> {
    let words = method.name.replace('_', " ");
    if let Some(error) = &method.error {
        if domain.has_variant(error, "Unsupported", "& 'static str") {
            return Ok(format!("Err({error}::Unsupported(\"{words}\"))"));
        }
        bail!("{error} has no `Unsupported(&'static str)`, so {} cannot be left undone", port.name);
    }
    match method.answer.as_deref().and_then(|answer| Some((answer, domain.resting(answer)?))) {
        Some((answer, variant)) => Ok(format!("{answer}::{variant}")),
        None => {
            bail!("{}::{} can neither fail nor rest, so it cannot be left undone", port.name, method.name)
        }
    }
}

/// Imports, one line for each module they come from.
pub(super) fn use_lines(uses: &BTreeSet<String>) -> String {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in uses {
        let module = path.split(" as ").next().unwrap_or(path).rfind("::").map_or("", |end| &path[..end]);
        modules.entry(module).or_default().push(path.get(module.len() + 2..).unwrap_or(path));
    }
    let line = |(module, names): (&str, Vec<&str>)| match names.as_slice() {
        [name] => format!("use {module}::{name};\n"),
        names => format!("use {module}::{{{}}};\n", names.join(", ")),
    };
    modules.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_one_word() {
        assert_eq!(Names("my-broker").camel(), "MyBroker");
        assert_eq!(Names("my-broker").library(), "tradeport_my_broker");
    }

    #[test]
    fn dependencies_are_what_the_files_name() {
        let known = BTreeSet::from(
            ["async-trait", "serde", "time", "tradeport-kernel", "tradeport-my"].map(str::to_owned),
        );
        let files = vec![(
            "src/a.rs".to_owned(),
            "use async_trait::async_trait;\nuse tradeport_kernel::Symbol;\nuse std::time::Duration;\nuse tradeport_my::A;".to_owned(),
        )];
        let found: Vec<String> = crates_in(&files, &known, "tradeport_my").into_iter().collect();
        assert_eq!(found, ["async-trait", "tradeport-kernel"]);
    }

    #[test]
    fn imports_are_gathered_by_module() {
        let uses = BTreeSet::from(["a::B", "a::C", "a::d::E", "a::F as G"].map(str::to_owned));
        assert_eq!(use_lines(&uses), "use a::{B, C, F as G};\nuse a::d::E;\n");
    }
}
