//! The whole vocabulary of scenarios, one row for each word, for the documents.

use super::act::Act;
use std::fmt::Write as _;

/// One word of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is written.
    pub word: &'static str,
    /// What it is.
    pub part: Part,
    /// What it means.
    pub meaning: &'static str,
    /// How it is written: a rule's line for what sets it off, an item of `do` for an act.
    pub example: &'static str,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It sets a rule off.
    Trigger,
    /// It says which events, how often, and for whom.
    Filter,
    /// An act on a message that is sent.
    Sent,
    /// An act on a request.
    Asked,
    /// An act on connections: that of the event, else the client's of the rule, else all.
    Connections,
    /// An act on the whole server.
    Server,
    /// An act on the order of the event, else on the newest.
    Order,
}

const fn row(word: &'static str, part: Part, example: &'static str, meaning: &'static str) -> Word {
    Word { word, part, meaning, example }
}

/// All words.
pub const WORDS: &[Word] = &[
    row(
        "at",
        Part::Trigger,
        "at = \"90s\"",
        "so long after the start; or at a time of day, \"23:45 America/New_York\", on one day of the week with \"Sun \" in front",
    ),
    row("every", Part::Trigger, "every = \"5m\"", "again and again, each time unless `times` says otherwise"),
    row(
        "on connection",
        Part::Trigger,
        "on = \"connection\"",
        "somebody connects; nothing has been said yet",
    ),
    row(
        "on start",
        Part::Trigger,
        "on = \"start\"",
        "a client has said who it is and was told its accounts and its next order id",
    ),
    row(
        "on received",
        Part::Trigger,
        "on = \"received\", message = \"placeOrder\"",
        "a request has arrived and is not answered yet; `message` is its name or \"any\"",
    ),
    row(
        "on sending",
        Part::Trigger,
        "on = \"sending\", message = \"ORDER_STATUS\"",
        "a message is about to be sent; `message` is its name, \"any\", \"ends\" (end markers) or \"data\" (streams of market data)",
    ),
    row(
        "on order",
        Part::Trigger,
        "on = \"order\", status = \"Filled\"",
        "an order comes to a status, whether anybody is told or not",
    ),
    row("on execution", Part::Trigger, "on = \"execution\"", "an order trades"),
    row(
        "code",
        Part::Filter,
        "code = 202",
        "with `on = \"sending\"`: only errors and notices with this code",
    ),
    row(
        "status",
        Part::Filter,
        "status = \"Submitted\"",
        "with `on = \"sending\"`: only orders and statuses with this status",
    ),
    row("nth", Part::Filter, "nth = 3", "from the third such event on"),
    row("times", Part::Filter, "times = \"always\"", "so many times, or each time; once without it"),
    row("chance", Part::Filter, "chance = 0.25", "by chance, drawn from the seed"),
    row("client", Part::Filter, "client = 7", "only this client id"),
    row("from", Part::Filter, "from = \"10m\"", "not before so long after the start"),
    row("until", Part::Filter, "until = \"1h\"", "not from so long after the start on"),
    row("after", Part::Filter, "after = \"2s\"", "so long after what set it off"),
    row("drop", Part::Sent, "\"drop\"", "the message is not sent"),
    row("duplicate", Part::Sent, "{ duplicate = 1 }", "it is sent so many times more"),
    row("delay", Part::Sent, "{ delay = \"10s\" }", "it is sent later; others overtake it"),
    row(
        "reorder",
        Part::Sent,
        "{ reorder = { behind = 2, within = \"1s\" } }",
        "so many messages of the connection overtake it, but it waits no longer than `within`",
    ),
    row(
        "split",
        Part::Sent,
        "{ split = { pieces = 3, pause = \"5ms\" } }",
        "its frame comes in pieces, with pauses between them",
    ),
    row(
        "merge",
        Part::Sent,
        "{ merge = { messages = 10, within = \"1s\" } }",
        "it waits for others, and they come in one go",
    ),
    row(
        "truncate",
        Part::Sent,
        "{ truncate = 8 }",
        "only so many bytes of its body are sent, as a well-formed frame",
    ),
    row(
        "tear",
        Part::Sent,
        "{ tear = 9 }",
        "only so many bytes of its frame are sent, and the connection ends",
    ),
    row(
        "alter",
        Part::Sent,
        "{ alter = \"no_perm_id\" }",
        "it lacks something, or says what cannot be: `no_perm_id` (0), `no_order_ref`, `no_average_price` (0), `commission_pending` (-1), `no_quote` (-1 with size 0), `tenfold_price`, `unset_amounts` (profits and losses of 1.797E308)",
    ),
    row("ignore", Part::Asked, "\"ignore\"", "the request is not done, and nothing is said"),
    row("hold", Part::Asked, "{ hold = \"30s\" }", "it is done later; others overtake it"),
    row(
        "refuse",
        Part::Asked,
        "{ refuse = { code = 10147 } }",
        "it is not done and answered with an error; `text` has other words than those of TWS",
    ),
    row(
        "double",
        Part::Asked,
        "\"double\"",
        "a change of an order does not find it: a second order with the same id and another permanent id works beside the first; other requests are done as usual",
    ),
    row(
        "notice",
        Part::Connections,
        "{ notice = { code = 2103 } }",
        "a notice or an error, any code; `text` has its words, and `about = \"it\"` gives it the id of the event's request or order",
    ),
    row("cut", Part::Connections, "\"cut\"", "the connection is closed"),
    row(
        "half_open",
        Part::Connections,
        "\"half_open\"",
        "the connection stays open, and nothing is sent or read on it any more",
    ),
    row(
        "stall",
        Part::Connections,
        "{ stall = \"40s\" }",
        "nothing is sent or read for a while; then everything comes at once",
    ),
    row(
        "stop_data",
        Part::Connections,
        "{ stop_data = { code = 10197, lasts = \"5m\" } }",
        "each stream of market data is told an error and stops, for a while or until the client connects anew; 10197 is a competing session",
    ),
    row(
        "raw",
        Part::Connections,
        "{ raw = \"00000004 000003e7\" }",
        "bytes are sent as they are, in hexadecimal: a message that nobody knows, a length that no frame has",
    ),
    row(
        "reset_depth",
        Part::Connections,
        "\"reset_depth\"",
        "depth is emptied and built anew, with error 317",
    ),
    row(
        "restart",
        Part::Server,
        "{ restart = { down = \"2m\", port = \"refuses\", roll_back = 4 } }",
        "every connection is closed; for a while the port `refuses`, is `silent` or `closes` what it took; the next order id goes back; afterwards connectivity and farms stand",
    ),
    row("next_order_id", Part::Server, "{ next_order_id = 38099 }", "the next order id is this one"),
    row("roll_back", Part::Server, "{ roll_back = 4 }", "the next order id goes back by so many"),
    row(
        "lose_connectivity",
        Part::Server,
        "{ lose_connectivity = { orders = \"hold\" } }",
        "1100: market data stops, requests that need IB wait, history is refused (162), fills are told later; orders and cancels wait (`hold`) or are refused (201)",
    ),
    row(
        "restore_connectivity",
        Part::Server,
        "{ restore_connectivity = \"lost\" }",
        "`lost`: 1101, and streams are gone until asked for anew; `kept`: 1102, and streams go on; what waited is done",
    ),
    row(
        "farm",
        Part::Server,
        "{ farm = { name = \"usfarm\", is = \"broken\" } }",
        "2103 to 2158; while a farm is `broken` market data stops, history (`hmds` in the name) is refused with 162, contracts (`secdef`) are not found (200); `ok` again with `data = \"lost\"` leaves streams silent until asked for anew; `inactive` and `connecting` only say so",
    ),
    row(
        "language",
        Part::Server,
        "{ language = \"german\" }",
        "errors and notices in `german`, `french`, `spanish`, `chinese`, `japanese` or `english`",
    ),
    row(
        "clock",
        Part::Server,
        "{ clock = { ahead = \"90s\" } }",
        "the server tells the time so much `ahead` or `behind`",
    ),
    row(
        "enter_by_hand",
        Part::Server,
        "{ enter_by_hand = { symbol = \"AAPL\", side = \"buy\", quantity = 100, limit = 500 } }",
        "a person enters an order in TWS, at a limit or at the market",
    ),
    row("fill", Part::Order, "\"fill\"", "the working order trades, all that is left of it"),
    row(
        "correct",
        Part::Order,
        "{ correct = { by = 0.05 } }",
        "the price of its last execution was wrong: the execution comes anew, its id one revision on (`.02`)",
    ),
    row(
        "bust",
        Part::Order,
        "{ bust = { left = 10 } }",
        "the quantity of its last execution was wrong; without `left` it counts no more, and no message says so",
    ),
    row("repeat", Part::Order, "\"repeat\"", "its last execution is told once more"),
    row(
        "pretend",
        Part::Order,
        "{ pretend = \"Cancelled\" }",
        "its client is told a status that is not so; with `Cancelled` error 202 as well",
    ),
];

impl Act {
    /// The word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Duplicate(_) => "duplicate",
            Self::Delay(_) => "delay",
            Self::Reorder(_) => "reorder",
            Self::Split(_) => "split",
            Self::Merge(_) => "merge",
            Self::Truncate(_) => "truncate",
            Self::Tear(_) => "tear",
            Self::Alter(_) => "alter",
            Self::Ignore => "ignore",
            Self::Hold(_) => "hold",
            Self::Refuse(_) => "refuse",
            Self::Double => "double",
            Self::Notice(_) => "notice",
            Self::Cut => "cut",
            Self::HalfOpen => "half_open",
            Self::Stall(_) => "stall",
            Self::StopData(_) => "stop_data",
            Self::Raw(_) => "raw",
            Self::ResetDepth => "reset_depth",
            Self::Restart(_) => "restart",
            Self::NextOrderId(_) => "next_order_id",
            Self::RollBack(_) => "roll_back",
            Self::LoseConnectivity(_) => "lose_connectivity",
            Self::RestoreConnectivity(_) => "restore_connectivity",
            Self::Farm(_) => "farm",
            Self::Language(_) => "language",
            Self::Clock(_) => "clock",
            Self::Fill => "fill",
            Self::Correct(_) => "correct",
            Self::Bust(_) => "bust",
            Self::Repeat => "repeat",
            Self::Pretend(_) => "pretend",
            Self::EnterByHand(_) => "enter_by_hand",
        }
    }
}

/// The vocabulary as tables of Markdown.
#[must_use]
pub fn words_table() -> String {
    const PARTS: [(Part, &str); 7] = [
        (Part::Trigger, "What sets a rule off, exactly one of these"),
        (Part::Filter, "Which events, how often, for whom"),
        (Part::Sent, "Acts on the message that is being sent (with `on = \"sending\"`)"),
        (Part::Asked, "Acts on the request that has arrived (with `on = \"received\"`)"),
        (Part::Connections, "Acts on connections: the event's, else the `client`'s, else all"),
        (Part::Server, "Acts on the whole server"),
        (Part::Order, "Acts on the order of the event, else on the newest"),
    ];
    let mut table = String::new();
    for (part, title) in PARTS {
        // A string takes everything.
        write!(table, "{title}:\n\n| word | written | meaning |\n|---|---|---|\n").unwrap_or_default();
        for row in WORDS.iter().filter(|row| row.part == part) {
            writeln!(table, "| {} | `{}` | {} |", row.word, row.example, row.meaning).unwrap_or_default();
        }
        table.push('\n');
    }
    table.truncate(table.trim_end().len());
    table.push('\n');
    table
}
