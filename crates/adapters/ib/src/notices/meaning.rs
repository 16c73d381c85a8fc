//! The meanings that a code can have.

use tradeport_connection::{Farm, NoticeClass as Class};

macro_rules! meanings {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal => $class:expr),+ $(,)?) => {
        /// What a code means to this adapter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Meaning {
            $($(#[doc = $doc])+ $variant),+
        }

        impl Meaning {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is written in a table.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// What it is to the rest of the platform.
            #[must_use]
            pub const fn class(self) -> Class {
                match self {
                    $(Self::$variant => $class),+
                }
            }
        }
    };
}

meanings! {
    /// Nothing is wrong.
    Information = "information" => Class::Information,
    /// The question is refused.
    Refused = "refused" => Class::Refused,
    /// A new order is refused; of one that works, the change.
    OrderRefused = "order_refused" => Class::Refused,
    /// TWS takes no orders at all from this connection.
    ReadOnly = "read_only" => Class::ReadOnly,
    /// The order is cancelled.
    OrderCancelled = "order_cancelled" => Class::Information,
    /// The order lives; a person should read this.
    OrderWarning = "order_warning" => Class::Information,
    /// The change is refused, and the order stands as it was.
    ChangeRefused = "change_refused" => Class::Refused,
    /// The cancel is refused: where the order stands does not allow it.
    CancelRefused = "cancel_refused" => Class::Refused,
    /// There is no order of this number.
    NoSuchOrder = "no_such_order" => Class::Refused,
    /// No contract fits.
    UnknownContract = "unknown_contract" => Class::Refused,
    /// Several contracts fit.
    AmbiguousContract = "ambiguous_contract" => Class::Refused,
    /// There is none of the data that was asked for.
    NoData = "no_data" => Class::Information,
    /// The account may not see the data.
    NoPermission = "no_permission" => Class::Refused,
    /// Delayed data comes instead, or part of the data is missing.
    Delayed = "delayed" => Class::Delayed,
    /// Too fast: wait and ask again.
    Pacing = "pacing" => Class::Throttle,
    /// No line for another stream is left. Whoever asks is told at once: lines are given back by whoever holds them, not by
    /// waiting.
    Lines = "lines" => Class::Refused,
    /// A stream has ended; ask for it again.
    StreamEnded = "stream_ended" => Class::StreamEnded,
    /// A server of market data is down.
    MarketDataDown = "market_data_farm_down" => Class::FarmDown(Farm::MarketData),
    /// A server of history is down.
    HistoryDown = "history_farm_down" => Class::FarmDown(Farm::History),
    /// A server of contract descriptions is down.
    DefinitionsDown = "definitions_farm_down" => Class::FarmDown(Farm::Definitions),
    /// One of the broker's data servers is being connected to.
    FarmConnecting = "farm_connecting" => Class::Information,
    /// A server of market data is up.
    MarketDataUp = "market_data_farm_up" => Class::FarmUp(Farm::MarketData),
    /// A server of history is up.
    HistoryUp = "history_farm_up" => Class::FarmUp(Farm::History),
    /// A server of contract descriptions is up.
    DefinitionsUp = "definitions_farm_up" => Class::FarmUp(Farm::Definitions),
    /// A server of market data sleeps until it is needed.
    MarketDataIdle = "market_data_farm_idle" => Class::FarmIdle(Farm::MarketData),
    /// A server of history sleeps until it is needed.
    HistoryIdle = "history_farm_idle" => Class::FarmIdle(Farm::History),
    /// TWS has lost the broker's servers.
    BrokerOffline = "broker_offline" => Class::BrokerOffline,
    /// TWS has found the broker's servers again; every stream goes on.
    BrokerBack = "broker_back" => Class::BrokerOnline,
    /// TWS has found the broker's servers again; streams of market data are lost.
    BrokerBackDataLost = "broker_back_data_lost" => Class::DataLost,
    /// This connection is about to end.
    SessionEnds = "session_ends" => Class::SessionEnds,
    /// Another connection has our client id.
    ClientIdTaken = "client_id_taken" => Class::ClientIdTaken,
    /// Client libraries say this themselves; TWS never does.
    ClientSide = "client_side" => Class::Refused,
    /// In no table.
    Unknown = "unknown" => Class::Unknown,
}

impl Meaning {
    /// The meaning of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == name)
    }

    /// Does it end the order, or the wish about it, that it speaks of?
    #[must_use]
    pub const fn refuses_order(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::OrderRefused
                | Self::ReadOnly
                | Self::ChangeRefused
                | Self::UnknownContract
                | Self::AmbiguousContract
                | Self::NoPermission
                | Self::Pacing
        )
    }
}
