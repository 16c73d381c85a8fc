//! What is known about the listed algos.
//!
//! Left out: the lists themselves, which stand in the providers' modules.

use super::provider::Provider;
use super::takes::Takes;
use std::fmt;

/// What is known about an algo that this crate lists.
#[derive(Debug)]
pub struct AlgoSpec {
    pub(super) provider: Provider,
    pub(super) strategy: &'static str,
    pub(super) title: &'static str,
    pub(super) about: &'static [&'static str],
    pub(super) products: &'static [AlgoProduct],
    pub(super) order_kinds: &'static [&'static str],
    pub(super) params: &'static [ParamSpec],
}

/// What is known about a parameter of a listed algo.
#[derive(Debug)]
pub struct ParamSpec {
    pub(super) name: &'static str,
    pub(super) about: &'static [&'static str],
    pub(super) takes: Takes,
}

/// A family of instruments that an algo trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlgoProduct {
    /// Shares of companies and funds.
    Stock,
    /// Options.
    Option,
    /// Futures.
    Future,
    /// Pairs of currencies.
    Forex,
}

impl AlgoProduct {
    /// Its name: `stock`, `option`, `future`, `forex`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Option => "option",
            Self::Future => "future",
            Self::Forex => "forex",
        }
    }
}

impl fmt::Display for AlgoProduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl ParamSpec {
    /// Its name, in the provider's spelling: `maxPctVol`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it means, with its unit.
    #[must_use]
    pub fn about(&self) -> String {
        joined(self.about)
    }

    /// What it takes.
    #[must_use]
    pub const fn takes(&self) -> Takes {
        self.takes
    }
}

impl AlgoSpec {
    /// Every listed algo, by provider, in the order of the manual.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        super::LISTS.iter().copied().flatten().copied()
    }

    /// The algo of that provider and name; capitals matter.
    #[must_use]
    pub fn find(provider: &Provider, strategy: &str) -> Option<&'static Self> {
        Self::all().find(|spec| spec.strategy == strategy && spec.provider == *provider)
    }

    /// Who runs it.
    #[must_use]
    pub const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Its name, in the provider's spelling: `Vwap`.
    #[must_use]
    pub const fn strategy(&self) -> &'static str {
        self.strategy
    }

    /// What people call it.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// What it does.
    #[must_use]
    pub fn about(&self) -> String {
        joined(self.about)
    }

    /// What it trades; empty when its provider does not say.
    #[must_use]
    pub const fn products(&self) -> &'static [AlgoProduct] {
        self.products
    }

    /// The order kinds it works with, by their short names (`LMT`); empty when its provider does not say.
    #[must_use]
    pub const fn order_kinds(&self) -> &'static [&'static str] {
        self.order_kinds
    }

    /// Its parameters, in the order of the manual.
    #[must_use]
    pub const fn params(&self) -> &'static [ParamSpec] {
        self.params
    }

    /// The parameter of that name; capitals matter.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'static ParamSpec> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// The lines of a doc comment as one text, up to its example, which is for programmers alone.
fn joined(lines: &[&str]) -> String {
    let told = lines.iter().map(|line| line.trim()).take_while(|line| !line.starts_with("```"));
    told.collect::<Vec<_>>().join("\n").trim().to_owned()
}
