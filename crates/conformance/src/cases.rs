//! The list of all cases, and the macros that make lists and tests out of one table per port.
//!
//! Left out: the cases themselves. Each port's module has its own.

/// One promise of a port, and the function that tests it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// The function in the port's module.
    pub name: &'static str,
    /// The promise, in the words of the port's documentation.
    pub promise: &'static str,
    /// The claim that an adapter must make for the case to run; `None` for a promise that everybody keeps.
    pub claim: Option<&'static str>,
}

/// The cases of one port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortCases {
    /// The trait.
    pub port: &'static str,
    /// One for each of its promises, in their order.
    pub cases: &'static [Case],
}

/// Every port with its cases.
pub const CASES: &[PortCases] = &[
    PortCases { port: "Clock", cases: crate::clock::CASES },
    PortCases { port: "ContractCatalog", cases: crate::contract_catalog::CASES },
    PortCases { port: "QuoteFeed", cases: crate::quote_feed::CASES },
    PortCases { port: "TickFeed", cases: crate::tick_feed::CASES },
    PortCases { port: "OptionFeed", cases: crate::option_feed::CASES },
    PortCases { port: "BarHistory", cases: crate::bar_history::CASES },
    PortCases { port: "TickStore", cases: crate::tick_store::CASES },
    PortCases { port: "BarStore", cases: crate::bar_store::CASES },
    PortCases { port: "OrderGateway", cases: crate::order_gateway::CASES },
    PortCases { port: "OrderJournal", cases: crate::order_journal::CASES },
    PortCases { port: "AccountFeed", cases: crate::account_feed::CASES },
    PortCases { port: "PnlFeed", cases: crate::pnl_feed::CASES },
    PortCases { port: "PortfolioStore", cases: crate::portfolio_store::CASES },
    PortCases { port: "BrokerLink", cases: crate::broker_link::CASES },
    PortCases { port: "AuditLog", cases: crate::audit_log::CASES },
    PortCases { port: "BreakStore", cases: crate::break_store::CASES },
    PortCases { port: "Notifier", cases: crate::notifier::CASES },
    PortCases { port: "SwitchStore", cases: crate::switch_store::CASES },
];

/// From one table `case [claim] = "promise"`: the port's `CASES`, and its exported macro. The leading `$` lets the
/// macro that is made here have parameters of its own.
macro_rules! port_cases {
    ($d:tt $module:ident, $macro:ident: $($case:ident [$($claim:ident)?] = $promise:literal),+ $(,)?) => {
        /// One case for each promise of the port, in the order of its documentation.
        pub const CASES: &[$crate::Case] = &[$($crate::Case {
            name: stringify!($case),
            promise: $promise,
            claim: $crate::cases::claim_name!($($claim)?),
        }),+];

        /// Makes a test of every promise of the port for one harness. Claims that the harness does not make are
        /// named after it: `not_claimed: [claim]`.
        #[macro_export]
        macro_rules! $macro {
            ($d harness:ty $d(, not_claimed: [$d($d claim:ident),* $d(,)?])? $d(,)?) => {
                mod $module {
                    use super::*;
                    $d($d(const _: () = assert!(
                        !<$d harness as $crate::$module::Harness>::CLAIMS.$d claim,
                        "a claim that the harness makes is listed as not claimed",
                    );)*)?
                    $($crate::__case! {
                        $d harness, $module, $case, [$($claim)?], [$d($d($d claim)*)?]
                    })+
                }
            };
        }
    };
}
pub(crate) use port_cases;

macro_rules! claim_name {
    () => {
        None
    };
    ($claim:ident) => {
        Some(stringify!($claim))
    };
}
pub(crate) use claim_name;

/// One case as a test: run, or ignored when its claim is among those that are not made. The macro inside compares the
/// claim with that list, name by name.
#[doc(hidden)]
#[macro_export]
macro_rules! __case {
    ($harness:ty, $port:ident, $case:ident, [$($claim:ident)?], [$($not_claimed:ident)*]) => {
        macro_rules! __declare {
            $(($not_claimed) => {
                #[test]
                #[ignore = "not claimed"]
                fn $case() {
                    panic!("not claimed");
                }
            };)*
            ($($claim)?) => {
                $(const _: () = assert!(
                    <$harness as $crate::$port::Harness>::CLAIMS.$claim,
                    "the harness does not make a claim: name it under `not_claimed`",
                );)?
                #[test]
                fn $case() {
                    $crate::run_case($crate::$port::$case::<$harness>);
                }
            };
        }
        __declare! { $($claim)? }
    };
}
