//! How the builders of the listed algos are made from tables.
//!
//! [`algos!`] makes of every row a struct with a setter a parameter, and the [`AlgoSpec`] that checks what was set. A
//! row names a parameter's kind; what the kinds mean stands beside this module, in `kinds`. [`choices!`] makes the enums.
//!
//! Left out: the rules themselves, which hold for algos from any source.

use super::refusal::{AlgoRefusal, shown};
use super::spec::AlgoSpec;
use super::value::{AlgoParam, ParamValue};
use super::{Algo, spec::ParamSpec};

/// What a builder has been told so far.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    spec: &'static AlgoSpec,
    params: Vec<AlgoParam>,
    refused: Option<AlgoRefusal>,
}

impl Draft {
    pub(super) const fn new(spec: &'static AlgoSpec) -> Self {
        Self { spec, params: Vec::new(), refused: None }
    }

    /// The last word about a parameter counts, at the place of the first.
    pub(super) fn set(&mut self, name: &'static str, value: ParamValue) {
        match self.params.iter_mut().find(|param| param.name() == name) {
            Some(param) => param.set(value),
            None => self.params.push(AlgoParam::new(name, value)),
        }
    }

    pub(super) fn blank(&mut self, name: &str) {
        if let Some(param) = self.spec.param(name) {
            return self.set(param.name(), ParamValue::Blank);
        }
        let known: Vec<&str> = self.spec.params().iter().map(ParamSpec::name).collect();
        self.refused.get_or_insert(AlgoRefusal::NoSuchParam {
            algo: format!("{} {}", self.spec.provider(), self.spec.strategy()),
            given: shown(name),
            accepted: known.join(", "),
        });
    }

    pub(super) fn build(self) -> Result<Algo, AlgoRefusal> {
        match self.refused {
            Some(refused) => Err(refused),
            None => Algo::new(self.spec.provider().clone(), self.spec.strategy(), self.params),
        }
    }
}

/// A table of algos as builders and as the list `LIST` of what is known about them.
macro_rules! algos {
    ($provider:ident; $(
        $(#[doc = $about:literal])+
        $name:ident = $strategy:literal $title:literal
        $(products($($product:ident)+))? $(kinds($($kind:literal)+))? {
            $($(#[doc = $meaning:literal])+ $setter:ident = $param:literal: $takes:ident $(($choice:ident))?,)*
        }
    )+) => {
        /// What is known about these algos.
        pub(in crate::algo) static LIST: &[&AlgoSpec] = &[$(&$name::SPEC),+];
        $(
            $(#[doc = $about])+
            #[derive(Clone, Debug)]
            pub struct $name(Draft);

            impl $name {
                /// What is known about it.
                pub const SPEC: AlgoSpec = AlgoSpec {
                    provider: Provider::$provider,
                    strategy: $strategy,
                    title: $title,
                    about: &[$($about),+],
                    products: &[$($(AlgoProduct::$product),+)?],
                    order_kinds: &[$($($kind),+)?],
                    params: &[$(ParamSpec {
                        name: $param,
                        about: &[$($meaning),+],
                        takes: takes!($takes $($choice)?),
                    }),*],
                };

                /// With every parameter left to the provider's default.
                #[must_use]
                pub fn new() -> Self {
                    static SPEC: AlgoSpec = $name::SPEC;
                    Self(Draft::new(&SPEC))
                }

                $(
                    $(#[doc = $meaning])+
                    #[must_use]
                    pub fn $setter(mut self, value: argument!($takes $($choice)?)) -> Self {
                        self.0.set($param, held!($takes $($choice)? value));
                        self
                    }
                )*

                /// Sends the parameter `name` (in the provider's spelling) without a value, for the provider's default.
                #[must_use]
                pub fn blank(mut self, name: &str) -> Self {
                    self.0.blank(name);
                    self
                }

                /// The algo, with its parameters in the order in which they were set.
                ///
                /// # Errors
                /// [`AlgoRefusal`] naming the first parameter that is out of range, or two that contradict each other.
                pub fn build(self) -> Result<Algo, AlgoRefusal> {
                    self.0.build()
                }
            }

            impl Default for $name {
                fn default() -> Self {
                    Self::new()
                }
            }
        )+
    };
}

/// An enum of a provider's words.
macro_rules! choices {
    ($(
        $(#[doc = $about:literal])+
        $name:ident { $($(#[doc = $meaning:literal])+ $choice:ident = $word:literal,)+ }
    )+) => { $(
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $meaning])+ $choice,)+ }

        impl $name {
            /// Every choice, in the order of the manual.
            pub const ALL: &[Self] = &[$(Self::$choice),+];
            /// Their names.
            pub const NAMES: &[&str] = &[$($word),+];

            /// Its name, in the provider's spelling.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$choice => $word),+ }
            }
        }
    )+ };
}

pub(super) use {algos, choices};
