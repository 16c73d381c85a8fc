//! The ports of the domain, read from their sources: which traits there are, their methods, and where the names in the
//! signatures come from. A new port needs nothing here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, Item, ItemTrait, Pat, PathArguments, ReturnType, Signature, TraitItem, Type,
    UseTree,
};

/// A port and what its signatures need.
#[derive(Clone, Debug)]
pub(super) struct Port {
    /// Such as `TickStore`.
    pub(super) name: String,
    pub(super) methods: Vec<Method>,
    /// Full paths of the names in the signatures, such as `tradeport_kernel::Symbol`.
    pub(super) uses: BTreeSet<String>,
}

/// One method, ready to be written down.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) name: String,
    /// The signature with parameters that are not used yet.
    pub(super) signature: String,
    /// The error type of its `Result`; `None` when it cannot fail.
    pub(super) error: Option<String>,
    /// The type of its answer, when that is a plain name.
    pub(super) answer: Option<String>,
}

/// The enums of the domain: name to variants, in order, each with the types of its fields or nothing.
#[derive(Debug, Default)]
pub(super) struct Domain(BTreeMap<String, Vec<(String, Option<String>)>>);

impl Domain {
    /// Whether an enum has a variant with one field of this type.
    pub(super) fn has_variant(&self, name: &str, variant: &str, field: &str) -> bool {
        self.0
            .get(name)
            .into_iter()
            .flatten()
            .any(|(each, of)| each == variant && of.as_deref() == Some(field))
    }

    /// The first variant of an enum, if it has no fields: by habit the state in which nothing has happened.
    pub(super) fn resting(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().filter(|(_, field)| field.is_none()).map(|(variant, _)| variant.as_str())
    }

    fn collect(&mut self, file: &syn::File) {
        for item in &file.items {
            let Item::Enum(item) = item else { continue };
            let variants = item.variants.iter().map(|variant| {
                let fields: Vec<String> =
                    variant.fields.iter().map(|field| field.ty.to_token_stream().to_string()).collect();
                (variant.ident.to_string(), (!fields.is_empty()).then(|| fields.join(", ")))
            });
            self.0.insert(item.ident.to_string(), variants.collect());
        }
    }
}

impl Port {
    /// Such as `tick_store`.
    pub(super) fn module(&self) -> String {
        snake(&self.name)
    }
}

/// `TickStore` as `tick_store`.
pub(super) fn snake(name: &str) -> String {
    let mut text = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && place > 0 {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// Every port of every domain crate, by name.
pub(super) fn all(root: &Path) -> Result<Vec<Port>> {
    let mut ports = Vec::new();
    for (library, folder) in domain_crates(root)? {
        for file in sources(&folder)? {
            if file.file_name().is_some_and(|name| name == "ports.rs")
                || file.parent().is_some_and(|folder| folder.ends_with("ports"))
            {
                ports.extend(
                    read(&parse(&file)?, &library).with_context(|| format!("in {}", file.display()))?,
                );
            }
        }
    }
    ports.sort_by(|left: &Port, right| left.name.cmp(&right.name));
    Ok(ports)
}

/// The enums of every domain crate.
pub(super) fn domain(root: &Path) -> Result<Domain> {
    let mut domain = Domain::default();
    for (_, folder) in domain_crates(root)? {
        for file in sources(&folder)? {
            domain.collect(&parse(&file)?);
        }
    }
    Ok(domain)
}

fn domain_crates(root: &Path) -> Result<Vec<(String, PathBuf)>> {
    let domain = root.join("crates").join("domain");
    let mut crates = Vec::new();
    for entry in fs::read_dir(&domain).with_context(|| format!("could not read {}", domain.display()))? {
        let folder = entry?.path();
        let name =
            folder.file_name().map(|name| name.to_string_lossy().replace('-', "_")).unwrap_or_default();
        crates.push((format!("tradeport_{name}"), folder.join("src")));
    }
    crates.sort();
    Ok(crates)
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads one source file.
pub(super) fn parse(file: &Path) -> Result<syn::File> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    syn::parse_file(&text).map_err(|error| anyhow!("{} is not Rust: {error}", file.display()))
}

/// The ports declared in a file of a crate.
fn read(file: &syn::File, library: &str) -> Result<Vec<Port>> {
    let scope = scope(file, Reach::Root { library });
    let traits = file.items.iter().filter_map(|item| match item {
        Item::Trait(item) if matches!(item.vis, syn::Visibility::Public(_)) => Some(item),
        _ => None,
    });
    traits.map(|item| read_port(item, &scope)).collect()
}

fn read_port(item: &ItemTrait, scope: &BTreeMap<String, String>) -> Result<Port> {
    let mut methods = Vec::new();
    let mut words = BTreeSet::from([item.ident.to_string()]);
    for part in &item.items {
        let TraitItem::Fn(method) = part else {
            bail!("{} has more than methods, which no adapter can be generated for", item.ident)
        };
        collect_parameters(&method.sig, &mut words);
        collect_words(method.sig.output.to_token_stream(), &mut words);
        methods.push(Method {
            name: method.sig.ident.to_string(),
            signature: unused(&method.sig).to_token_stream().to_string(),
            error: error_of(&method.sig.output),
            answer: answer_of(&method.sig.output),
        });
    }
    words.extend(methods.iter().filter_map(|method| method.error.clone()));
    let uses = words.iter().filter_map(|word| scope.get(word).cloned()).collect();
    Ok(Port { name: item.ident.to_string(), methods, uses })
}

/// The signature with `_` before each parameter: nothing uses them before there is a body.
pub(super) fn unused(signature: &Signature) -> Signature {
    let mut signature = signature.clone();
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input
            && let Pat::Ident(name) = typed.pat.as_mut()
        {
            name.ident = syn::Ident::new(&format!("_{}", name.ident), name.ident.span());
        }
    }
    signature
}

/// `E` of `Result<T, E>`.
fn error_of(output: &ReturnType) -> Option<String> {
    let ReturnType::Type(_, output) = output else { return None };
    let Type::Path(path) = output.as_ref() else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.iter().nth(1)? {
        GenericArgument::Type(Type::Path(error)) => Some(error.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn answer_of(output: &ReturnType) -> Option<String> {
    match output {
        ReturnType::Type(_, output) => match output.as_ref() {
            Type::Path(path) => path.path.get_ident().map(ToString::to_string),
            _ => None,
        },
        ReturnType::Default => None,
    }
}

/// The names in the types of parameters.
pub(super) fn collect_parameters(signature: &Signature, words: &mut BTreeSet<String>) {
    for input in &signature.inputs {
        if let FnArg::Typed(typed) = input {
            collect_words(typed.ty.to_token_stream(), words);
        }
    }
}

/// The names that paths begin with; what follows `::` is found through them.
pub(super) fn collect_words(tokens: TokenStream, words: &mut BTreeSet<String>) {
    let mut after_colon = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if !after_colon => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) => collect_words(group.stream(), words),
            _ => {}
        }
        after_colon = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ':');
    }
}

/// How a name is reached from another crate.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach<'a> {
    /// Every public word of a domain crate stands at its root.
    Root { library: &'a str },
    /// The words of a module of this library stand in that module.
    Module { library: &'a str, module: &'a str },
}

impl Reach<'_> {
    fn own(self) -> String {
        match self {
            Self::Root { library } => library.to_owned(),
            Self::Module { library, module } => format!("{library}::{module}"),
        }
    }

    fn origin(self, way: &[String]) -> String {
        let inner = way.first().is_none_or(|first| matches!(first.as_str(), "crate" | "super" | "self"));
        match self {
            _ if !inner => way.join("::"),
            Self::Root { library } => library.to_owned(),
            Self::Module { library, .. } => std::iter::once(library)
                .chain(way.iter().skip(1).map(String::as_str))
                .collect::<Vec<_>>()
                .join("::"),
        }
    }
}

/// Where each name of a file comes from, as another crate writes it.
pub(super) fn scope(file: &syn::File, reach: Reach<'_>) -> BTreeMap<String, String> {
    let mut scope = BTreeMap::new();
    for item in &file.items {
        let name = match item {
            Item::Use(item) => {
                imported(&item.tree, &[], reach, &mut scope);
                continue;
            }
            Item::Trait(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Type(item) => &item.ident,
            _ => continue,
        };
        scope.insert(name.to_string(), format!("{}::{name}", reach.own()));
    }
    scope
}

fn imported(tree: &UseTree, before: &[String], reach: Reach<'_>, scope: &mut BTreeMap<String, String>) {
    match tree {
        UseTree::Path(path) => {
            let mut way = before.to_vec();
            way.push(path.ident.to_string());
            imported(&path.tree, &way, reach, scope);
        }
        UseTree::Group(group) => group.items.iter().for_each(|item| imported(item, before, reach, scope)),
        UseTree::Name(name) if name.ident == "self" => {
            if let Some(module) = before.last() {
                scope.insert(module.clone(), reach.origin(before));
            }
        }
        UseTree::Name(name) => {
            scope.insert(name.ident.to_string(), format!("{}::{}", reach.origin(before), name.ident));
        }
        UseTree::Rename(name) => {
            let path = format!("{}::{} as {}", reach.origin(before), name.ident, name.rename);
            scope.insert(name.rename.to_string(), path);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
        use crate::{quote::Quote, Gap};
        use async_trait::async_trait;
        use futures::stream::BoxStream;
        use tradeport_kernel::{StoreError, Symbol as Name};
        pub type Stream = BoxStream<'static, Quote>;
        #[async_trait]
        pub trait TickStore: Send + Sync {
            /// Promises much.
            async fn append(&self, quotes: &[Quote], name: Name) -> Result<Stream, StoreError>;
            fn now(&self) -> u64;
        }
        trait Private { fn hidden(&self); }
    ";

    fn port() -> Port {
        let ports = read(&syn::parse_file(SOURCE).unwrap(), "tradeport_market_data").unwrap();
        assert_eq!(ports.len(), 1, "private traits are no ports");
        ports[0].clone()
    }

    #[test]
    fn names_are_traced_to_where_another_crate_finds_them() {
        let uses: Vec<String> = port().uses.into_iter().collect();
        assert_eq!(
            uses,
            [
                "tradeport_kernel::StoreError",
                "tradeport_kernel::Symbol as Name",
                "tradeport_market_data::Quote",
                "tradeport_market_data::Stream",
                "tradeport_market_data::TickStore",
            ]
        );
    }

    #[test]
    fn methods_keep_their_signature_and_error() {
        let methods = port().methods;
        assert_eq!(methods[0].error.as_deref(), Some("StoreError"));
        assert!(
            methods[0]
                .signature
                .replace(' ', "")
                .contains("asyncfnappend(&self,_quotes:&[Quote],_name:Name)")
        );
        assert_eq!(methods[1].error, None);
        assert_eq!(methods[1].answer.as_deref(), Some("u64"));
    }

    #[test]
    fn names_of_modules() {
        assert_eq!(snake("TickStore"), "tick_store");
        assert_eq!(port().module(), "tick_store");
    }

    #[test]
    fn variants_are_read_with_their_field() {
        let source = "
            pub enum StoreError { Unsupported(&'static str), Unavailable(#[source] Cause), Lost { a: u8, b: u8 } }
            pub enum LinkState { Down, Up(u64) }
        ";
        let mut domain = Domain::default();
        domain.collect(&syn::parse_file(source).unwrap());
        assert!(domain.has_variant("StoreError", "Unsupported", "& 'static str"));
        assert!(domain.has_variant("StoreError", "Unavailable", "Cause"));
        assert!(!domain.has_variant("StoreError", "Lost", "u8"));
        assert_eq!(domain.resting("LinkState"), Some("Down"));
        assert_eq!(domain.resting("StoreError"), None);
    }
}
