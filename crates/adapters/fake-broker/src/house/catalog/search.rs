//! Finding a contract by the beginning of its symbol or its name, and the nearest to what is not there.

use super::asset::{self, Asset};
use super::currency::Pair;
use super::listed::Listed;
use super::product::Product;
use super::{Catalog, symbol};
use tradeport_contracts::{Contract, Instrument};

/// How well something fits a pattern; the best is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Code,
    CodeBegins,
    NameBegins,
}

/// Something that can be found by name.
struct Entry {
    listed: Listed,
    codes: Vec<&'static str>,
    name: String,
}

impl Catalog {
    /// Contracts whose symbol or name begins with `pattern`, whatever its case, the best match first: what a symbol
    /// names, the front month of a product, pairs. A pattern that is the whole symbol of any contract finds that first.
    #[must_use]
    pub fn search(&self, pattern: &str) -> Vec<Contract> {
        let pattern = pattern.trim().to_uppercase();
        let mut found: Vec<(Fit, Listed)> =
            self.exact(&pattern).map(|it| (Fit::Exact, it)).into_iter().collect();
        for entry in self.entries() {
            if let Some(fit) = entry.fit(&pattern)
                && !found.iter().any(|(_, known)| *known == entry.listed)
            {
                found.push((fit, entry.listed));
            }
        }
        found.sort_by_key(|(fit, _)| *fit);
        found.into_iter().map(|(_, listed)| self.contract(listed)).collect()
    }

    /// The symbols nearest to a text that names nothing: what begins with it, or with its longest beginning that
    /// something begins with.
    #[must_use]
    pub fn nearest(&self, text: &str, most: usize) -> Vec<String> {
        // The symbol alone says what was meant: `SPX` of `SPX 202612@CME`.
        let word = text.rsplit_once(':').map_or(text, |(_, word)| word);
        let word: String = word.chars().take_while(|c| c.is_ascii_alphanumeric()).take(12).collect();
        let word = word.to_uppercase();
        let entries: Vec<Entry> = self.entries().collect();
        for length in (1..=word.len()).rev() {
            let Some(beginning) = word.get(..length) else { continue };
            // One letter of a longer word says nothing.
            if length == 1 && word.len() > 2 {
                break;
            }
            let mut found: Vec<(Fit, Listed)> =
                entries.iter().filter_map(|entry| Some((entry.fit(beginning)?, entry.listed))).collect();
            if !found.is_empty() {
                found.sort_by_key(|(fit, _)| *fit);
                return found.iter().take(most).map(|(_, listed)| listed.instrument().to_string()).collect();
            }
        }
        Vec::new()
    }

    /// The contract whose whole symbol this is, whatever the case of either.
    fn exact(&self, pattern: &str) -> Option<Listed> {
        let worded = |text: &str| {
            let instrument: Instrument = text.parse().ok()?;
            match self.fitting(&instrument, 2).ok()?.as_slice() {
                [one] if symbol(one).as_str().eq_ignore_ascii_case(pattern) => Some(*one),
                _ => None,
            }
        };
        // The words of kinds and keys are in small letters.
        let lowered = || {
            let (head, keys) =
                pattern.split_once(';').map_or((pattern, None), |(head, keys)| (head, Some(keys)));
            let head = match head.split_once(':') {
                Some((kind, rest)) => format!("{}:{rest}", kind.to_lowercase()),
                None => head.to_owned(),
            };
            let key = |key: &str| match key.split_once('=') {
                Some((key, value)) => format!(";{}={value}", key.to_lowercase()),
                None => format!(";{key}"),
            };
            head + &keys.map(|keys| keys.split(';').map(key).collect::<String>()).unwrap_or_default()
        };
        worded(pattern).or_else(|| worded(&lowered()))
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        let assets = asset::all().map(|asset: &'static Asset| Entry {
            listed: Listed::Security(asset),
            codes: vec![asset.symbol],
            name: asset.name.to_uppercase(),
        });
        let front = |product: Product| Some(Listed::Future(product, *self.months(product).first()?));
        let futures = Product::all().filter_map(move |product| {
            let spec = product.spec();
            let codes = vec![product.code, spec.broker_symbol()];
            Some(Entry { listed: front(product)?, codes, name: product.name.to_uppercase() })
        });
        let pairs = Pair::all().map(|pair| Entry {
            listed: Listed::Pair(pair),
            codes: vec![pair.base.code],
            name: pair.name().to_uppercase(),
        });
        assets.chain(futures).chain(pairs)
    }
}

impl Entry {
    /// `pattern` is in capital letters.
    fn fit(&self, pattern: &str) -> Option<Fit> {
        let is_pair = matches!(self.listed, Listed::Pair(_));
        if !is_pair && self.codes.contains(&pattern) {
            return Some(Fit::Code);
        }
        let symbol = symbol(&self.listed);
        let begins = symbol.as_str().to_uppercase().starts_with(pattern);
        if begins || self.codes.iter().any(|code| code.starts_with(pattern)) {
            return Some(Fit::CodeBegins);
        }
        self.name.starts_with(pattern).then_some(Fit::NameBegins)
    }
}
