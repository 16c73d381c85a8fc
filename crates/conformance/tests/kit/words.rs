//! How every failure of a port reads: the message, and after it that of its cause. The lists of variants are exhaustive:
//! a new one does not compile here until it is named, and fails until a case shows its message.

use std::collections::BTreeSet;
use std::error::Error;
use std::time::Duration;
use tradeport_conformance::fixtures::{account, key, symbol};
use tradeport_connection::LinkError;
use tradeport_contracts::CatalogError;
use tradeport_kernel::{Cause, ConnectionEpoch, StoreError};
use tradeport_market_data::{BarSize, FeedError, HistoryError, OptionFeedError, TickFeedError, TickKind};
use tradeport_orders::{CancelError, GatewayError, JournalError, PreviewError, SubmitError};
use tradeport_portfolio::{AccountFeedError, PnlFeedError};
use tradeport_trading::NotifyError;

fn cause() -> Cause {
    "the cable is cut".into()
}

fn told(failure: &dyn Error) -> String {
    failure.source().map_or_else(|| failure.to_string(), |cause| format!("{failure}: {cause}"))
}

/// Checks that the cases of one port's failures show all of them, each with its words.
macro_rules! reads {
    ($test:ident, $port:ident: $($variant:ident $of:tt => $words:expr),+ $(,)?) => {
        #[test]
        fn $test() {
            fn name(failure: &$port) -> &'static str {
                match failure {
                    $($port::$variant { .. } => stringify!($variant)),+
                }
            }
            let cases = [$((reads!(@made $port::$variant $of), $words)),+];
            let shown: BTreeSet<&str> = cases.iter().map(|(failure, _)| name(failure)).collect();
            assert_eq!(shown.len(), cases.len());
            for (failure, words) in cases {
                assert_eq!(told(&failure), words);
            }
        }
    };
    (@made $port:ident::$variant:ident ()) => { $port::$variant };
    (@made $port:ident::$variant:ident ($($of:tt)+)) => { $port::$variant($($of)+) };
    (@made $port:ident::$variant:ident {$($of:tt)+}) => { $port::$variant { $($of)+ } };
}

reads!(stores, StoreError:
    Full(cause()) => "the store is full: the cable is cut",
    ReadOnly(cause()) => "the store is read-only: the cable is cut",
    Unavailable(cause()) => "the store cannot be reached: the cable is cut",
    Corrupt(cause()) => "the store holds what it cannot read: the cable is cut",
    Unsupported("backups") => "this store does not support backups",
);

reads!(journals, JournalError:
    DuplicateIntent(key("a")) => "an order with the key a exists already",
    Store(StoreError::Full(cause())) => "the journal cannot be used: the store is full",
    Unsupported("reading") => "this journal does not support reading",
);

reads!(links, LinkError:
    Down() => "there is no link to the broker",
    Refused(cause()) => "the broker refused the connection: the cable is cut",
    Unready(cause()) => "the broker's program is not ready: the cable is cut",
    ClientIdTaken(cause()) => "the client id is taken: the cable is cut",
    WrongAccount(cause()) => "the wanted account is not there: the cable is cut",
    Timeout(Duration::from_secs(2)) => "the broker did not answer within 2000 ms",
    Unsupported("probes") => "this link does not support probes",
);

reads!(catalogs, CatalogError:
    NotFound("NOPE".to_owned()) => "no contract is known for NOPE",
    Ambiguous { wanted: "TWIN".to_owned(), candidates: vec!["A".to_owned(), "B".to_owned()] } =>
        "TWIN fits several contracts: A, B",
    Unavailable(cause()) => "the contract catalog cannot be reached: the cable is cut",
    Unsupported("searches") => "this catalog does not support searches",
);

reads!(feeds, FeedError:
    UnknownSymbol(symbol("NOPE")) => "no market data is known for NOPE",
    NoData(symbol("IBM")) => "IBM has no quote yet",
    NoLine { symbol: symbol("IBM"), reason: "max tickers".to_owned() } =>
        "there is no line for IBM: max tickers",
    NotPermitted { symbol: symbol("IBM"), reason: "delayed data only".to_owned() } =>
        "the account has no permission for the data of IBM: delayed data only",
    Unavailable(cause()) => "the quote feed cannot be reached: the cable is cut",
    Unsupported("snapshots") => "this feed does not support snapshots",
);

reads!(tick_feeds, TickFeedError:
    UnknownSymbol(symbol("NOPE")) => "no ticks are known for NOPE",
    NotOffered { symbol: symbol("EUR.USD"), kind: TickKind::AllPrints } => "EUR.USD has no ticks of all_prints",
    NotPermitted { symbol: symbol("IBM"), reason: "no subscription".to_owned() } =>
        "the account has no permission for the ticks of IBM: no subscription",
    NoLine { symbol: symbol("IBM"), reason: "five at most".to_owned() } =>
        "there is no line for the ticks of IBM: five at most",
    Unavailable(cause()) => "the tick feed cannot be reached: the cable is cut",
    Unsupported("mids") => "this tick feed does not support mids",
);

reads!(option_feeds, OptionFeedError:
    UnknownSymbol(symbol("NOPE")) => "no option NOPE is known",
    NotAnOption(symbol("IBM")) => "IBM is not an option",
    NoData(symbol("IBM")) => "nothing is computed of IBM yet",
    NotPermitted { symbol: symbol("IBM"), reason: "no subscription".to_owned() } =>
        "the account has no permission for the data of IBM: no subscription",
    NoLine { symbol: symbol("IBM"), reason: "a hundred at most".to_owned() } =>
        "there is no line for IBM: a hundred at most",
    Unavailable(cause()) => "the option feed cannot be reached: the cable is cut",
    Unsupported("snapshots") => "this option feed does not support snapshots",
);

reads!(histories, HistoryError:
    UnknownSymbol(symbol("NOPE")) => "no history is known for NOPE",
    UnknownSize { symbol: symbol("IBM"), size: BarSize::MINUTE } => "bars of 1m are not served for IBM",
    Paced("60 in 10 minutes".to_owned()) => "too many requests for history: 60 in 10 minutes",
    Unavailable(cause()) => "the history cannot be reached: the cable is cut",
    Unsupported("the earliest bar") => "this history does not support the earliest bar",
);

reads!(submits, SubmitError:
    Refused { reason: "no margin".to_owned() } => "the broker refused it: no margin",
    NotSent(cause()) => "it never left this process: the cable is cut",
    OutcomeUnknown(cause()) => "the broker may or may not hold it: the cable is cut",
    Unsupported("changes") => "this gateway does not support changes",
);

reads!(previews, PreviewError:
    Refused { reason: "no margin".to_owned() } => "the broker would refuse it: no margin",
    Unavailable(cause()) => "the broker gave no preview: the cable is cut",
    Unsupported("previews") => "this gateway does not support previews",
);

reads!(cancels, CancelError:
    NoSuchOrder(key("a")) => "the broker has no live order a",
    Refused { reason: "too late".to_owned() } => "the broker refused to cancel: too late",
    NotSent(cause()) => "the cancel never left this process: the cable is cut",
    OutcomeUnknown(cause()) => "the broker may or may not have the cancel: the cable is cut",
    Unsupported("cancels") => "this gateway does not support cancels",
);

reads!(gateways, GatewayError:
    EpochLost(ConnectionEpoch::new(3)) => "the link was lost in epoch 3",
    Unavailable(cause()) => "the broker cannot be reached: the cable is cut",
    Unsupported("completed orders") => "this gateway does not support completed orders",
);

reads!(account_feeds, AccountFeedError:
    UnknownAccount(account("DU9")) => "account DU9 is not one of this connection",
    EpochLost(ConnectionEpoch::new(3)) => "the link was lost in epoch 3",
    Unavailable(cause()) => "the account feed cannot be reached: the cable is cut",
    Unsupported("events") => "this account feed does not support events",
);

reads!(pnl_feeds, PnlFeedError:
    UnknownAccount(account("DU9")) => "account DU9 is not one of this connection",
    UnknownSymbol(symbol("NOPE")) => "no contract is known for NOPE",
    EpochLost(ConnectionEpoch::new(3)) => "the link was lost in epoch 3",
    Unavailable(cause()) => "the gains and losses cannot be reached: the cable is cut",
    Unsupported("positions") => "this feed of gains does not support positions",
);

reads!(notifiers, NotifyError:
    Unavailable(cause()) => "the alarm could not be passed on: the cable is cut",
    Unsupported("e-mail") => "this notifier does not support e-mail",
);
