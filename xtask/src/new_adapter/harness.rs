//! The conformance test of a new adapter: one harness for each port, made from the kit's own `Harness` trait. Levers
//! that the adapter cannot pull yet do nothing where that is an answer, and stop the case where it is not.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, Item, ItemTrait, PathArguments, ReturnType, TraitItem, TraitItemConst,
    TraitItemFn, Type, TypeParamBound,
};

use super::port::{self, Port, Reach};
use super::render::{Names, use_lines};

const KIT: &str = "tradeport_conformance";

/// `tests/conformance.rs` for these ports.
pub(super) fn conformance(root: &Path, names: Names<'_>, ports: &[Port]) -> Result<String> {
    let mut uses = BTreeSet::from([format!("{}::Config", names.library())]);
    let mut harnesses = String::new();
    let mut invocations = String::new();
    for port in ports {
        let kit = kit(root, port)?;
        let Some(wanted) = harness_trait(&kit) else { bail!("the kit has no Harness for {}", port.name) };
        uses.insert(format!("{}::{}", names.library(), names.holder(port)));
        let claims = claims(&kit, wanted);
        harnesses.push_str(&harness(names, port, wanted, &claims)?);
        invocations.push_str(&invocation(port, &claims));
        uses.extend(imports(&kit, port, wanted));
    }
    let stops = harnesses.contains("panic!(");
    let expectation =
        "#![expect(clippy::panic, reason = \"a lever that is not built yet stops its case\")]\n\n";
    Ok(format!(
        "//! The promises that {name} keeps. Cases that fail are what is left to do.\n{}\n{}\n\
         fn config() -> Config {{\n    Config::new(\"nowhere\").expect(\"an endpoint\")\n}}\n\n{harnesses}{invocations}",
        if stops { expectation } else { "" },
        use_lines(&uses),
        name = names.0,
    ))
}

/// The file of the kit that declares the harness of a port.
fn kit(root: &Path, port: &Port) -> Result<syn::File> {
    let source = root.join("crates").join("conformance").join("src");
    let module = source.join(port.module());
    let candidates = [module.with_extension("rs"), module.join("harness.rs"), module.join("mod.rs")];
    for file in candidates.iter().filter(|file| file.exists()) {
        let file = port::parse(file)?;
        if harness_trait(&file).is_some() {
            return Ok(file);
        }
    }
    bail!("the conformance kit has no Harness for {}", port.name)
}

fn harness_trait(kit: &syn::File) -> Option<&ItemTrait> {
    kit.items.iter().find_map(|item| match item {
        Item::Trait(item) if item.ident == "Harness" => Some(item),
        _ => None,
    })
}

/// What the written methods name, by full path.
fn imports(kit: &syn::File, port: &Port, wanted: &ItemTrait) -> BTreeSet<String> {
    let scope = port::scope(kit, Reach::Module { library: KIT, module: &port.module() });
    let mut words = BTreeSet::new();
    for method in methods(wanted) {
        port::collect_parameters(&method.sig, &mut words);
        let (_, answer) = answer(method);
        port::collect_words(answer.map(|answer| answer.to_token_stream()).unwrap_or_default(), &mut words);
    }
    words.iter().filter_map(|word| scope.get(word).cloned()).collect()
}

/// The methods that a harness has to supply.
fn methods(wanted: &ItemTrait) -> impl Iterator<Item = &TraitItemFn> {
    wanted.items.iter().filter_map(|item| match item {
        TraitItem::Fn(method) if method.default.is_none() => Some(method),
        _ => None,
    })
}

fn invocation(port: &Port, claims: &[String]) -> String {
    let module = port.module();
    let not_claimed =
        if claims.is_empty() { String::new() } else { format!(", not_claimed: [{}]", claims.join(", ")) };
    format!("{KIT}::{module}_conformance!({}Harness{not_claimed});\n", port.name)
}

/// What adapters may differ in: the fields of the type of `CLAIMS`.
fn claims(kit: &syn::File, wanted: &ItemTrait) -> Vec<String> {
    let kind = wanted.items.iter().find_map(|item| match item {
        TraitItem::Const(item) if item.ident == "CLAIMS" => Some(item.ty.to_token_stream().to_string()),
        _ => None,
    });
    let fields = kit.items.iter().find_map(|item| match item {
        Item::Struct(item) if kind.as_deref() == Some(&item.ident.to_string()) => Some(&item.fields),
        _ => None,
    });
    fields.into_iter().flatten().filter_map(|field| field.ident.as_ref().map(ToString::to_string)).collect()
}

fn harness(names: Names<'_>, port: &Port, wanted: &ItemTrait, claims: &[String]) -> Result<String> {
    let holder = names.holder(port);
    let mut items = String::new();
    for item in &wanted.items {
        match item {
            TraitItem::Type(item) => items.push_str(&format!("type {} = {holder};\n", item.ident)),
            TraitItem::Const(item) if item.default.is_none() => {
                items.push_str(&constant(port, item, claims)?)
            }
            _ => {}
        }
    }
    let methods: String = methods(wanted).map(|method| write_method(method, &holder)).collect();
    Ok(format!(
        "struct {port}Harness {{\n    adapter: {holder},\n}}\n\nimpl {KIT}::{module}::Harness for {port}Harness {{\n\
         {items}\n{methods}}}\n\n",
        port = port.name,
        module = port.module(),
    ))
}

/// An adapter that does nothing claims nothing, and needs no time for it.
fn constant(port: &Port, item: &TraitItemConst, claims: &[String]) -> Result<String> {
    let kind = item.ty.to_token_stream().to_string();
    if item.ident == "CLAIMS" {
        let path = format!("{KIT}::{}::{kind}", port.module());
        let fields: String = claims.iter().map(|claim| format!("{claim}: false, ")).collect();
        return Ok(format!("const CLAIMS: {path} = {path} {{ {fields} }};\n"));
    }
    let value = match kind.as_str() {
        "Duration" => "std::time::Duration::from_millis(1)",
        "bool" => "false",
        _ => bail!("what {} of the harness for {} is to be is not known", item.ident, port.name),
    };
    Ok(format!("const {}: {} = {value};\n", item.ident, kind.replace("Duration", "std::time::Duration")))
}

/// Whether a method is awaited, and what it gives in the end.
fn answer(method: &TraitItemFn) -> (bool, Option<&Type>) {
    let ReturnType::Type(_, output) = &method.sig.output else {
        return (method.sig.asyncness.is_some(), None);
    };
    match output.as_ref() {
        Type::ImplTrait(future) => (true, future.bounds.iter().find_map(future_output)),
        output => (method.sig.asyncness.is_some(), Some(output)),
    }
}

/// `X` of `Future<Output = X>`.
fn future_output(bound: &TypeParamBound) -> Option<&Type> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let future = bound.path.segments.last().filter(|segment| segment.ident == "Future")?;
    let PathArguments::AngleBracketed(arguments) = &future.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
        _ => None,
    })
}

fn write_method(method: &TraitItemFn, holder: &str) -> String {
    let signature = port::unused(&method.sig);
    let (awaited, answer) = answer(method);
    let text = answer.map(|answer| answer.to_token_stream().to_string()).unwrap_or_default();
    let arrow = if text.is_empty() || text == "()" { String::new() } else { format!(" -> {text}") };
    let receives = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
    let owns = matches!(signature.inputs.first(), Some(FnArg::Receiver(own)) if own.to_token_stream().to_string() == "self");
    format!(
        "{}fn {}({}){arrow} {{\n    {}\n}}\n\n",
        if awaited { "async " } else { "" },
        signature.ident,
        signature.inputs.to_token_stream(),
        body(&text.replace(' ', ""), &signature.ident.to_string(), holder, Lever { awaited, receives, owns }),
    )
}

/// How a lever is called: awaited, on a harness, and whether it takes the harness over.
#[derive(Clone, Copy)]
struct Lever {
    awaited: bool,
    receives: bool,
    owns: bool,
}

/// What a lever answers before there is anything behind it.
fn body(answer: &str, method: &str, holder: &str, lever: Lever) -> String {
    let Lever { awaited, receives, owns } = lever;
    let fresh = format!("Self {{ adapter: {holder}::new(config()) }}");
    match answer {
        "" | "()" => String::new(),
        "Self" if owns => "self".to_owned(),
        "Self" => fresh,
        "Option<Self>" if owns => "Some(self)".to_owned(),
        "Option<Self>" => format!("Some({fresh})"),
        "bool" => "false".to_owned(),
        _ if receives && answer.starts_with('&') => "&self.adapter".to_owned(),
        _ if receives && (answer.starts_with("Arc<dyn") || answer.starts_with("Arc<Self::")) => {
            "Arc::new(self.adapter.clone())".to_owned()
        }
        _ if answer.starts_with("Option<") => "None".to_owned(),
        // What is awaited is an observation, and nothing was seen; anything else the case stands on.
        _ if awaited && answer.starts_with("Vec<") => "Vec::new()".to_owned(),
        _ => format!("panic!(\"the lever `{}` is not built yet\")", method.replace('_', " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIT_SOURCE: &str = "
        use crate::levers::Drop;
        use std::sync::Arc;
        use tradeport_kernel::Symbol;
        use crate::fixtures::{self, moment};
        use tradeport_market_data::{Store, TickStore};
        pub struct Claims { pub keeps_order: bool, pub streams: bool }
        pub trait Harness: Sized {
            type Store: TickStore;
            const CLAIMS: Claims;
            const STEP: Duration;
            fn fresh() -> impl Future<Output = Self> + Send;
            fn store(&self) -> &Self::Store;
            fn shared(&self) -> Arc<dyn TickStore>;
            fn reopen(self) -> impl Future<Output = Self> + Send;
            async fn drop_link(&self, moment: Drop);
            fn known(&self) -> Symbol;
            fn optional(&self) -> bool { true }
        }
    ";

    fn port() -> Port {
        Port { name: "TickStore".to_owned(), methods: Vec::new(), uses: BTreeSet::new() }
    }

    fn written() -> String {
        let kit = syn::parse_file(KIT_SOURCE).unwrap();
        let wanted = harness_trait(&kit).unwrap();
        harness(Names("my"), &port(), wanted, &claims(&kit, wanted))
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn every_lever_gets_a_body() {
        let text = written();
        for part in [
            "impl tradeport_conformance::tick_store::Harness for TickStoreHarness",
            "type Store = MyTickStore;",
            "tick_store::Claims { keeps_order: false, streams: false, };",
            "const STEP: std::time::Duration = std::time::Duration::from_millis(1);",
            "async fn fresh() -> Self { Self { adapter: MyTickStore::new(config()) } }",
            "{ &self.adapter }",
            "{ Arc::new(self.adapter.clone()) }",
            "async fn reopen(self) -> Self { self }",
            "panic!(\"the lever `known` is not built yet\")",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("optional"), "levers with a body of their own are left to the kit");
    }

    #[test]
    fn claims_that_are_not_made_are_named() {
        let claims = ["keeps_order".to_owned(), "streams".to_owned()];
        let text = invocation(&port(), &claims);
        assert_eq!(
            text,
            "tradeport_conformance::tick_store_conformance!(TickStoreHarness, not_claimed: [keeps_order, streams]);\n"
        );
        assert_eq!(
            invocation(&port(), &[]),
            "tradeport_conformance::tick_store_conformance!(TickStoreHarness);\n"
        );
    }

    #[test]
    fn the_words_of_the_levers_are_imported() {
        let kit = syn::parse_file(KIT_SOURCE).unwrap();
        let found: Vec<String> = imports(&kit, &port(), harness_trait(&kit).unwrap()).into_iter().collect();
        assert_eq!(
            found,
            [
                "std::sync::Arc",
                "tradeport_conformance::levers::Drop",
                "tradeport_kernel::Symbol",
                "tradeport_market_data::TickStore"
            ]
        );
    }
}
