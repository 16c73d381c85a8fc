//! What to do next, for each error that the parts of the platform can give.

use crate::config::ConfigError;
use crate::exit::Exit;
use crate::fake::{KeptStateError, SyntheticMarket};
use crate::futures::FuturesFileError;
use std::error::Error;
use std::io::{self, ErrorKind};
use tradeport_contracts::CatalogError;
use tradeport_files::FlexError;
use tradeport_kernel::{StoreError, Symbol};
use tradeport_market_data::FeedError;
use tradeport_orders::{CancelError, GatewayError};
use tradeport_portfolio::AccountFeedError;
use tradeport_risk::ResumeError;
use tradeport_sqlite::{BackupError, NotAConfig, OpenError};
use tradeport_trading::DeskError;

/// A question was not answered, or not as a whole.
const LOOK_AT_THE_BROKER: &str = "tradeport status shows whether the broker answers; then again";

/// Exit code and advice, if the error is one that we know. Errors that only wrap another are not: what they wrap is
/// asked next.
pub(super) fn of(cause: &(dyn Error + 'static)) -> Option<(Exit, String)> {
    if let Some(error) = cause.downcast_ref::<ConfigError>() {
        return Some((Exit::Usage, error.advice()));
    }
    if let Some(error) = cause.downcast_ref::<FuturesFileError>() {
        return Some((Exit::Usage, error.advice().to_owned()));
    }
    if let Some(error) = cause.downcast_ref::<FlexError>() {
        return Some((Exit::Usage, on_statement(error).to_owned()));
    }
    if let Some(error) = cause.downcast_ref::<NotAConfig>() {
        return Some((Exit::Usage, on_database_settings(error).to_owned()));
    }
    if let Some(BackupError::Exists { .. } | BackupError::Unwritable { .. }) = cause.downcast_ref() {
        return Some((
            Exit::Failed,
            "name a new folder that can be written, with room for the copy".to_owned(),
        ));
    }
    if let Some(error) = cause.downcast_ref::<DeskError>() {
        return on_desk(error);
    }
    if let Some(FeedError::UnknownSymbol(symbol)) = cause.downcast_ref() {
        return Some((Exit::Failed, on_unknown_symbol(*symbol)));
    }
    if let Some(CatalogError::Unavailable(_)) = cause.downcast_ref() {
        return Some((Exit::Failed, LOOK_AT_THE_BROKER.to_owned()));
    }
    if let Some(ResumeError::NotResumed(_)) = cause.downcast_ref() {
        return Some((Exit::Failed, "tradeport risk show tells how it stands".to_owned()));
    }
    if let Some(advice) = on_system(cause) {
        return Some((Exit::Failed, advice.to_owned()));
    }
    let advice = if let Some(error) = cause.downcast_ref() {
        on_opening(error)
    } else if let Some(error) = cause.downcast_ref() {
        on_feed(error)
    } else if let Some(error) = cause.downcast_ref() {
        on_gateway(error)
    } else if let Some(error) = cause.downcast_ref() {
        on_accounts(error)
    } else if let Some(error) = cause.downcast_ref() {
        on_kept_state(error)
    } else {
        on_store(cause.downcast_ref()?)
    };
    Some((Exit::Failed, advice.to_owned()))
}

const fn on_statement(error: &FlexError) -> &'static str {
    match error {
        FlexError::Unreadable { .. } => "look at the path and its permissions",
        FlexError::TooLarge => {
            "a Flex query of fewer days, with the sections Trades, Open Positions and Cash Report"
        }
        FlexError::Wrong { .. } => {
            "a Flex query of IB as XML, with the sections Trades, Open Positions and Cash Report"
        }
    }
}

const fn on_database_settings(error: &NotAConfig) -> &'static str {
    match error {
        NotAConfig::NotAPath(_) | NotAConfig::SameFile(_) => "give --data-dir or DB_PATH a folder",
        NotAConfig::TooSmall { .. } => "raise storage.size_limit",
        NotAConfig::Readers { .. } => "use fewer readers",
    }
}

/// Which symbols there are; or the very one, if only its letters are small.
fn on_unknown_symbol(symbol: Symbol) -> String {
    let capitals = symbol.as_str().to_ascii_uppercase();
    if capitals == symbol.as_str() {
        let known: Vec<_> = SyntheticMarket::listings().map(|listing| listing.symbol.to_string()).collect();
        format!("a symbol that is traded: the simulated broker knows {}", known.join(", "))
    } else {
        format!("{capitals}, in capital letters")
    }
}

fn on_desk(error: &DeskError) -> Option<(Exit, String)> {
    let (exit, advice) = match error {
        DeskError::UnknownSymbol(symbol) => return Some((Exit::Failed, on_unknown_symbol(*symbol))),
        DeskError::HeldAs { held_as, .. } => {
            return Some((Exit::Usage, format!("{held_as} in its place; an exchange is the order's route")));
        }
        DeskError::UnknownAccount(_) => {
            (Exit::Failed, "leave out --account, or set IB_ACCOUNT to one that exists")
        }
        DeskError::StatementOfAnother { .. } => {
            (Exit::Usage, "a statement of an account that is here; nothing was compared with this one")
        }
        DeskError::StatementOfLater { .. } => {
            (Exit::Usage, "a statement of days that are over; nothing was compared with this one")
        }
        DeskError::UnknownOrder(_) => (Exit::Failed, "tradeport order list --all prints the keys"),
        DeskError::NotOurs { .. } => (
            Exit::Failed,
            "cancel it in TWS, or with the program that placed it; a cancel names an order by its client's own number",
        ),
        DeskError::KeyReused(_) => {
            (Exit::Usage, "another --key for another order; tradeport order show KEY prints the first one")
        }
        DeskError::Question(_) => {
            (Exit::Usage, "order preview asks it; leave out \"what_if\" to place the order")
        }
        DeskError::Cancel(CancelError::Refused { .. }) => (
            Exit::Failed,
            "it stands as it was: cancel it in TWS, or again with the IB_CLIENT_ID under which it was placed",
        ),
        DeskError::Cancel(CancelError::NoSuchOrder(_)) => (
            Exit::Failed,
            "tradeport reconcile tells what this login shows of it; then, where it was placed, again",
        ),
        DeskError::Ended { .. } => (Exit::Failed, "nothing: there is nothing left to cancel"),
        DeskError::Change { .. } => (Exit::Failed, "tradeport order show KEY tells how it stands"),
        DeskError::Family(_) => (Exit::Usage, "tradeport order bracket --help"),
        DeskError::Strategy(_) | DeskError::Legs(_) => {
            (Exit::Usage, "other legs: tradeport order spread --help")
        }
        DeskError::NoSuchBreak(_) => {
            (Exit::Usage, "tradeport reconcile prints the breaks that stand, each with its name")
        }
        DeskError::NotResumed(_) => (Exit::Failed, "tradeport risk show tells how it stands"),
        DeskError::SwitchNotKept(_) => {
            (Exit::Failed, "make room on the disk or its folder writable, then tradeport risk kill once more")
        }
        DeskError::Wording(_) => (Exit::Usage, "correct what is named"),
        DeskError::TooLarge(_) => (Exit::Usage, "give a smaller quantity"),
        DeskError::NoPrice(_) => {
            (Exit::Failed, "tradeport quote SYMBOL shows whether there is a price; then again")
        }
        DeskError::Target(_) => (Exit::Usage, "give a fraction of the portfolio, such as 0.25"),
        _ => return None,
    };
    Some((exit, advice.to_owned()))
}

/// What helps where it is the system that does not let a file of ours be opened or written.
fn on_system(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let is_of_files = matches!(
        error.downcast_ref(),
        Some(OpenError::ReadOnly { .. } | OpenError::NoFolder { .. } | OpenError::Unavailable { .. })
    ) || matches!(error.downcast_ref(), Some(KeptStateError::File { .. }));
    error.source().filter(|_| is_of_files)?.downcast_ref().and_then(on_file)
}

/// What helps where the system does not let a file be written.
pub(crate) fn on_file(cause: &io::Error) -> Option<&'static str> {
    Some(match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space, or use a folder on another disk: --data-dir DIR"
        }
        ErrorKind::ReadOnlyFilesystem => {
            "have its disk mounted for writing, or use a folder on another: --data-dir DIR"
        }
        ErrorKind::PermissionDenied => {
            "make the folder and its files writable for this user, or use another: --data-dir DIR"
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "name another folder: a part of its path is a file: --data-dir DIR"
        }
        ErrorKind::IsADirectory => {
            "move the folder away that lies where the file should, or use another: --data-dir DIR"
        }
        _ => return None,
    })
}

const fn on_opening(error: &OpenError) -> &'static str {
    match error {
        OpenError::Missing { .. } => {
            "tradeport record AAPL --for 10s, or tradeport order buy AAPL 1; or name another folder by --data-dir"
        }
        OpenError::Empty { .. } => {
            "restore it from a backup where there were orders; any command that writes begins a new one"
        }
        OpenError::Forgot { .. } => {
            "put the file or its newest backup back; where that is all there is, look at what is open at the broker, then move away \
             the file that tells of it"
        }
        OpenError::InUse { .. } => "stop the other process, or use another folder: --data-dir DIR",
        OpenError::NewerSchema { .. } => "update tradeport, or use another folder: --data-dir DIR",
        OpenError::OlderSchema { .. } => {
            "stop the process that records, then run any command that writes once"
        }
        OpenError::Foreign { .. } => "use another folder: --data-dir DIR",
        OpenError::Corrupt { .. } => "restore the file from a backup, or use another folder: --data-dir DIR",
        OpenError::ReadOnly { .. } => {
            "make the folder and its files writable, or use another: --data-dir DIR"
        }
        OpenError::LogUnread { .. } => {
            "make the folder writable, or copy all of it elsewhere and read it there: --data-dir DIR"
        }
        OpenError::Full { .. } => {
            "free some space, raise storage.size_limit, or use another disk: --data-dir DIR"
        }
        OpenError::NoFolder { .. } => "make the folder, or use another: --data-dir DIR",
        OpenError::Unavailable { .. } => {
            "look at the path and at its disk, which may fail; or use another: --data-dir DIR"
        }
        OpenError::OnANetwork { .. } => "use a folder on a disk of this machine: --data-dir DIR",
        OpenError::OldSqlite { .. } => "build tradeport with its bundled SQLite",
    }
}

const fn on_feed(error: &FeedError) -> &'static str {
    match error {
        FeedError::UnknownSymbol(_) => "a symbol that is traded",
        FeedError::NoData(_) => "wait for the first quote: tradeport quote SYMBOL --watch",
        FeedError::NotPermitted { .. } => "subscribe to the data at the broker, or ask for delayed data",
        FeedError::NoLine { .. } => {
            "end other quotes of this login, in TWS or in other programs; or buy more lines of market data"
        }
        FeedError::Unavailable(_) => LOOK_AT_THE_BROKER,
        FeedError::Unsupported(_) => "use another broker: --broker fake",
    }
}

const fn on_gateway(error: &GatewayError) -> &'static str {
    match error {
        GatewayError::EpochLost(_) | GatewayError::Unavailable(_) => LOOK_AT_THE_BROKER,
        GatewayError::Unsupported(_) => "use another broker: --broker fake",
    }
}

const fn on_accounts(error: &AccountFeedError) -> &'static str {
    match error {
        AccountFeedError::UnknownAccount(_) => "leave out --account, or set IB_ACCOUNT to one that exists",
        AccountFeedError::EpochLost(_) | AccountFeedError::Unavailable(_) => LOOK_AT_THE_BROKER,
        AccountFeedError::Unsupported(_) => "use another broker: --broker fake",
    }
}

const fn on_kept_state(error: &KeptStateError) -> &'static str {
    match error {
        KeptStateError::File { .. } => {
            "look at it and at its disk, which may fail; or use another: --data-dir DIR"
        }
        KeptStateError::Damaged { .. } | KeptStateError::Format { .. } => {
            "restore it from a backup, or move it away to begin with a new simulated account"
        }
    }
}

const fn on_store(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full(_) => {
            "free some space or raise storage.size_limit, then again: nothing of it was kept"
        }
        StoreError::ReadOnly(_) => "make the database writable, or use another folder: --data-dir DIR",
        StoreError::Unavailable(_) => "again in a moment: nothing of it was kept",
        StoreError::Corrupt(_) => "keep a copy of the database as it is, then restore a backup",
        StoreError::Unsupported(_) => "use another store",
    }
}
