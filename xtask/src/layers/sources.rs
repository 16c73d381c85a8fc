//! What sources may say, and how long they may be. Works on tokens, so that comments and texts do not count, and code
//! inside macros does; names that a macro makes up stay unseen.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::Finding;
use crate::workspace::relative;

/// Files above this many lines are counted: nine in ten should be shorter.
pub(super) const LONG_FILE: usize = 400;
const LONGEST_FILE: usize = 800;
/// From `fn` to its closing brace.
const LONGEST_FUNCTION: usize = 70;

/// Folders with our sources.
const SOURCES: &[&str] = &["crates", "xtask"];

/// Crates that the pure domain does not know.
const IMPURE_CRATES: &[&str] = &["tokio", "diesel", "ibapi"];
/// Modules of `std` that the pure domain does not know.
const IMPURE_STD: &[&str] = &["fs", "net", "env", "thread", "process"];

/// Functions ending so make the proof that an order passed the desk.
const DESK_SEAL: &str = "by_desk";
/// The desk itself, the type it seals, and the kit that plays the desk.
const DESK_HOMES: &[&str] = &["crates/domain/trading/", "crates/domain/orders/", "crates/conformance/"];

/// What came of reading every source file.
pub(super) struct Survey {
    pub(super) files: usize,
    pub(super) long_files: usize,
    pub(super) findings: Vec<Finding>,
}

/// Reads every `.rs` file of the workspace.
pub(super) fn survey(root: &Path) -> Result<Survey> {
    let mut survey = Survey { files: 0, long_files: 0, findings: Vec::new() };
    for folder in SOURCES {
        visit(&root.join(folder), root, &mut survey)?;
    }
    Ok(survey)
}

fn visit(folder: &Path, root: &Path, survey: &mut Survey) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            // A build folder inside a crate holds generated sources.
            if path.file_name().is_none_or(|name| name != "target") {
                visit(&path, root, survey)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
            survey.files += 1;
            survey.long_files += usize::from(text.lines().count() > LONG_FILE);
            survey.findings.extend(check(&relative(&path, root), &text)?);
        }
    }
    Ok(())
}

/// Every rule on one file; `path` is relative to the root, with `/`.
fn check(path: &str, text: &str) -> Result<Vec<Finding>> {
    let tokens: TokenStream = text.parse().map_err(|error| anyhow!("{path} is not Rust: {error}"))?;
    let lines = text.lines().count();
    let mut findings = Vec::new();
    if lines > LONGEST_FILE {
        findings.push(Finding::new(path, format!("{lines} lines; the most is {LONGEST_FILE}")));
    }
    let mut reader =
        Reader { path, pure: is_pure(path), seals_freely: may_seal(path), findings: &mut findings };
    reader.read(tokens, false);
    proc_macro2::extra::invalidate_current_thread_spans();
    Ok(findings)
}

/// The product code of the domain; its tests may read files.
fn is_pure(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("crates") && parts.next() == Some("domain") && parts.nth(1) == Some("src")
}

fn may_seal(path: &str) -> bool {
    let is_test =
        |part: &str| matches!(part, "tests" | "benches" | "tests.rs") || part.ends_with("_tests.rs");
    DESK_HOMES.iter().any(|home| path.starts_with(home)) || path.split('/').any(is_test)
}

struct Reader<'a> {
    path: &'a str,
    pure: bool,
    seals_freely: bool,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn read(&mut self, tokens: TokenStream, in_test: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut test_item = false;
        for (place, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(word) => self.word(word, &tokens, place, in_test || test_item),
                TokenTree::Group(group) => {
                    let attribute = is_attribute(&tokens, place);
                    test_item |= attribute && marks_test(group);
                    self.read(group.stream(), in_test || test_item);
                    // The item that the attribute belongs to ends with its braces.
                    test_item &= group.delimiter() != Delimiter::Brace;
                }
                TokenTree::Punct(mark) => test_item &= mark.as_char() != ';',
                TokenTree::Literal(_) => {}
            }
        }
    }

    fn word(&mut self, word: &Ident, tokens: &[TokenTree], place: usize, in_test: bool) {
        let text = word.to_string();
        let line = word.span().start().line;
        if self.pure && IMPURE_CRATES.contains(&text.as_str()) {
            self.find(line, format!("the domain does not know {text}"));
        }
        if self.pure && text == "std" {
            for module in std_modules(&tokens[place + 1..]) {
                self.find(line, format!("the domain does not know std::{module}"));
            }
        }
        let declared = place > 0 && is_word(&tokens[place - 1], "fn");
        if text.ends_with(DESK_SEAL) && !declared && !in_test && !self.seals_freely {
            self.find(line, format!("{text} belongs to the desk: orders go out through OrderDesk alone"));
        }
        if text == "fn" {
            self.function(word, &tokens[place + 1..]);
        }
    }

    fn function(&mut self, word: &Ident, rest: &[TokenTree]) {
        let Some(TokenTree::Ident(name)) = rest.first() else { return };
        let Some(body) = body(rest) else { return };
        let first = word.span().start().line;
        let lines = body.span_close().end().line.saturating_sub(first) + 1;
        if lines > LONGEST_FUNCTION {
            self.find(first, format!("fn {name} has {lines} lines; the most is {LONGEST_FUNCTION}"));
        }
    }

    fn find(&mut self, line: usize, message: String) {
        self.findings.push(Finding::new(format!("{}:{line}", self.path), message));
    }
}

/// The braces of a function, unless it is a declaration that ends with `;`.
fn body(rest: &[TokenTree]) -> Option<&Group> {
    rest.iter()
        .find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(Some(group)),
            TokenTree::Punct(mark) if mark.as_char() == ';' => Some(None),
            _ => None,
        })
        .flatten()
}

fn is_attribute(tokens: &[TokenTree], place: usize) -> bool {
    matches!(&tokens[place], TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
        && place > 0
        && matches!(&tokens[place - 1], TokenTree::Punct(mark) if mark.as_char() == '#')
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]` and the like; `#[cfg(not(test))]` is the product.
fn marks_test(attribute: &Group) -> bool {
    let mut tokens = attribute.stream().into_iter();
    let is_cfg = tokens.next().is_some_and(|token| is_word(&token, "cfg"));
    let words = tokens.map(|token| token.to_string()).collect::<String>();
    let words: Vec<&str> = words.split(|character: char| !character.is_alphanumeric()).collect();
    is_cfg && words.contains(&"test") && !words.contains(&"not")
}

fn is_word(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == text)
}

/// The forbidden modules named right after `std`: `::fs`, or any of `::{fs, io}`.
fn std_modules(rest: &[TokenTree]) -> Vec<String> {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':');
    let [first, second, named, ..] = rest else { return Vec::new() };
    if !is_colon(first) || !is_colon(second) {
        return Vec::new();
    }
    let names: Vec<String> = match named {
        TokenTree::Ident(word) => vec![word.to_string()],
        TokenTree::Group(group) => first_words(group),
        _ => Vec::new(),
    };
    names.into_iter().filter(|name| IMPURE_STD.contains(&name.as_str())).collect()
}

/// The first word of each part of `{fs::File, io}`.
fn first_words(group: &Group) -> Vec<String> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','))
        .filter_map(|part| part.first().map(ToString::to_string))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOMAIN: &str = "crates/domain/orders/src/order.rs";
    const ADAPTER: &str = "crates/adapters/sqlite/src/order.rs";

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(path, text).unwrap().iter().map(ToString::to_string).collect()
    }

    fn function(lines: usize) -> String {
        format!(
            "/// Says a lot.\n#[inline]\npub fn long() -> [u8; 2] {{\n{}[0; 2]\n}}\n",
            "f();\n".repeat(lines - 3)
        )
    }

    #[test]
    fn functions_have_at_most_seventy_lines() {
        assert!(findings(ADAPTER, &function(70)).is_empty());
        let found = findings(ADAPTER, &function(71));
        assert_eq!(found, [format!("{ADAPTER}:3: fn long has 71 lines; the most is 70")]);
    }

    #[test]
    fn functions_inside_macros_and_modules_are_measured() {
        let inside = format!("mod deep {{ proptest! {{ {} }} }}", function(71));
        assert_eq!(findings(ADAPTER, &inside).len(), 1);
        let declared =
            format!("trait Port {{ fn short(&self); }}\nmod other {{ {} }}", "const A: u8 = 1;\n".repeat(90));
        assert!(findings(ADAPTER, &declared).is_empty());
    }

    #[test]
    fn files_have_at_most_eight_hundred_lines() {
        assert!(findings(ADAPTER, &"\n".repeat(800)).is_empty());
        assert_eq!(findings(ADAPTER, &"\n".repeat(801)).len(), 1);
    }

    #[test]
    fn the_domain_does_not_mention_what_is_impure() {
        for text in ["use tokio::sync::mpsc;", "use diesel::prelude::*;", "fn f(client: ibapi::Client) {}"] {
            assert_eq!(findings(DOMAIN, text).len(), 1, "{text}");
            assert!(findings(ADAPTER, text).is_empty(), "{text}");
        }
        for module in IMPURE_STD {
            assert_eq!(findings(DOMAIN, &format!("use std::{module}::x;")).len(), 1, "{module}");
            assert_eq!(findings(DOMAIN, &format!("fn f() {{ g(std::{module}::x()) }}")).len(), 1, "{module}");
            assert_eq!(findings(DOMAIN, &format!("use std::{{fmt, {module}::x}};")).len(), 1, "{module}");
        }
    }

    #[test]
    fn words_in_comments_texts_and_other_paths_are_free() {
        assert!(
            findings(
                DOMAIN,
                "//! No tokio, no std::fs.\n/// Not diesel.\nfn f() -> &'static str { \"ibapi\" }"
            )
            .is_empty()
        );
        assert!(
            findings(DOMAIN, "use std::fmt;\nuse std::{collections::BTreeMap, time::Duration};").is_empty()
        );
        assert!(findings(DOMAIN, "fn fs() { env!(\"CARGO_MANIFEST_DIR\"); net::f() }").is_empty());
        assert!(findings("crates/domain/orders/tests/golden.rs", "use std::fs;").is_empty());
    }

    #[test]
    fn only_the_desk_and_tests_seal_orders() {
        let call = "fn f() { ClearedOrder::by_desk(order) }";
        assert_eq!(findings(ADAPTER, call).len(), 1);
        assert_eq!(
            findings("crates/app/src/wiring.rs", "fn f() { map(ClearedChange::changed_by_desk) }").len(),
            1
        );
        for home in [
            "crates/domain/trading/src/desk.rs",
            "crates/domain/orders/src/cleared.rs",
            "crates/conformance/src/order_gateway.rs",
            "crates/adapters/sqlite/tests/conformance.rs",
            "crates/adapters/sqlite/src/journal/tests.rs",
        ] {
            assert!(findings(home, call).is_empty(), "{home}");
        }
    }

    #[test]
    fn test_modules_may_seal_and_end_where_they_end() {
        let call = "fn f() { ClearedOrder::by_desk(order) }";
        assert!(findings(ADAPTER, &format!("#[cfg(test)] mod tests {{ {call} }}")).is_empty());
        assert!(findings(ADAPTER, &format!("#[cfg(all(test, unix))] mod tests {{ {call} }}")).is_empty());
        assert_eq!(findings(ADAPTER, &format!("#[cfg(not(test))] mod product {{ {call} }}")).len(), 1);
        assert_eq!(findings(ADAPTER, &format!("#[cfg(test)] mod tests {{ }} {call}")).len(), 1);
        assert_eq!(findings(ADAPTER, &format!("#[cfg(test)] mod tests; {call}")).len(), 1);
        assert_eq!(findings(ADAPTER, &format!("#[cfg(unix)] mod product {{ {call} }}")).len(), 1);
    }

    #[test]
    fn what_is_not_rust_is_an_error() {
        assert!(check(ADAPTER, "fn f( {").is_err());
    }
}
