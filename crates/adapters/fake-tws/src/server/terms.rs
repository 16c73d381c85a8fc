//! How truly the simulated broker executes what an order says. Everything is told back as it came.
//!
//! The rows are what the documents of this server are made from; tests place an order of every kind and compare.

use std::fmt::Write as _;

/// What becomes of a term of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    /// Executed with its meaning.
    Exact,
    /// Executed as the nearest that the simulated exchange trades.
    Near,
    /// Told back; it changes nothing about how the order is executed.
    Told,
    /// The order rests: it is told back, can be changed and cancelled, and never trades.
    Rests,
}

/// Some terms, and what becomes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Order types and times in force by the names of the API, or a word for fields that belong together.
    pub names: &'static [&'static str],
    /// What becomes of them.
    pub carried: Carried,
    /// In words.
    pub what: &'static str,
}

const fn row(carried: Carried, names: &'static [&'static str], what: &'static str) -> Terms {
    Terms { names, carried, what }
}

use Carried::{Exact, Near, Rests, Told};

/// One row for each sort of terms.
pub const TERMS: &[Terms] = &[
    row(
        Exact,
        &[
            "MKT",
            "LMT",
            "STP",
            "STP LMT",
            "TRAIL",
            "TRAIL LIMIT",
            "MIT",
            "LIT",
            "TRAIL MIT",
            "TRAIL LIT",
            "MOC",
            "LOC",
        ],
        "traded against the displayed quote, in price-time priority; auctions at one price half way between the sides",
    ),
    row(Exact, &["MTL"], "a market order; what its first trade leaves has the price of that for a limit"),
    row(Near, &["MKT PRT", "STP PRT", "BOX TOP", "VWAP"], "a market or stop order"),
    row(
        Exact,
        &[
            "REL",
            "PASSV REL",
            "PEG MKT",
            "PEG PRIM",
            "PEG MID",
            "PEG BEST",
            "MIDPRICE",
            "SNAP MKT",
            "SNAP MID",
            "SNAP PRIM",
            "PEG STK",
            "PEG BENCH",
            "VOL",
            "PPV",
            "PDV",
            "PMV",
            "PSV",
        ],
        "a limit order whose price follows the market, without a word about it; ranges of a benchmark and offsets by the \
         width of the spread are left out",
    ),
    row(
        Near,
        &["LMT + MKT", "REL + LMT", "REL + MKT", "TRAIL LMT + MKT", "TRAIL REL + MKT"],
        "for a combo that works leg by leg: a limit, market or trailing order for the whole, which keeps or loses all legs \
         together",
    ),
    row(
        Exact,
        &["triggers on combos"],
        "stops, orders if touched and those that trail watch the net of what the legs display; it may be zero or below. \
         Auctions are of one instrument each: an order on a combo for one is refused (201)",
    ),
    row(
        Near,
        &["FIX PEGGED"],
        "a limit order at its limit, whatever its offset; without a limit it rests, as what it is pegged to is not documented",
    ),
    row(
        Rests,
        &["QUOTE"],
        "it asks market makers for quotes, of whom there are none here: what is displayed is displayed to all",
    ),
    row(Exact, &["DAY", "GTC", "GTD", "GTT", "IOC", "FOK", "OPG", "DTC"], "ends when it says"),
    row(Near, &["AUC"], "traded in the next opening auction; what does not trade there ends"),
    row(Near, &["GTX"], "for the day: when it would cross the market is not told apart"),
    row(Exact, &["Minutes"], "for five minutes"),
    row(
        Exact,
        &[
            "parents and children",
            "autoCancelParent",
            "ocaGroup",
            "ocaType",
            "conditions",
            "goodAfterTime",
            "activeStartTime",
        ],
        "children wait for the whole of their parent; a group of type 1 ends with the first trade of one of it; types 2 and 3 \
         shrink by the same share, type 3 only after a quote has done all that it does",
    ),
    row(
        Exact,
        &["allOrNone", "minQty"],
        "all of it in one trade, or so much in the first one; not for combos",
    ),
    row(
        Exact,
        &["adjustedOrderType", "triggerPrice", "adjustable stops"],
        "once the bid rises to the trigger of a sale, or the ask falls to that of a buy, the stop turns into the other one",
    ),
    row(
        Exact,
        &["faGroup", "faMethod", "faPercentage"],
        "one order, an execution and a cost for each account of the group: whole lots, what is left over to whoever lacks \
         the most; its money is checked when the order comes and not kept",
    ),
    row(
        Exact,
        &["hedgeType", "hedgeParam", "hedgeMaxSize"],
        "the child grows with each fill of its parent; a beta that is not given is one",
    ),
    row(
        Near,
        &["deltaNeutralOrderType", "deltaNeutralConId"],
        "each trade of the option brings an order without an id in what it is on, against its delta; the delta is not \
         followed afterwards",
    ),
    row(
        Near,
        &["prices for legs"],
        "once every leg can trade at its price, a limit order for the whole at the net of these prices",
    ),
    row(
        Near,
        &["scale orders"],
        "one component at the exchange at a time; profits are taken by orders without an id; initial positions are \
         told back only; scales by a table rest, as the form of the table is not documented",
    ),
    row(
        Told,
        &["algoStrategy", "displaySize", "hidden", "sweepToFill", "auctionStrategy", "nbboPriceCap"],
        "how an order is worked, shows itself or is routed: it trades as if it did not say so",
    ),
    row(
        Rests,
        &["refFuturesConId", "deactivate"],
        "what trades against a future needs a counterparty that is not simulated; what is deactivated rests everywhere",
    ),
];

/// One line for each sort of terms.
#[must_use]
pub fn terms_table() -> String {
    let mut table = String::from("| what an order says | how | what that means |\n|---|---|---|\n");
    for row in TERMS {
        // A string takes everything.
        writeln!(table, "| {} | {} | {} |", row.names.join(", "), how(row.carried), row.what)
            .unwrap_or_default();
    }
    table
}

const fn how(carried: Carried) -> &'static str {
    match carried {
        Carried::Exact => "executed",
        Carried::Near => "nearly",
        Carried::Told => "told back",
        Carried::Rests => "rests",
    }
}
