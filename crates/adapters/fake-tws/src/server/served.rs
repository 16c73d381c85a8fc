//! What is served: one row for each request of the API.
//!
//! The rows are what the documents of this server are made from, so that they cannot say what is not so: a test asks
//! every request and compares.

/// How true to the real server an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// As the real server answers, from the state of the simulated broker.
    Real,
    /// In the real shape, with made-up content that follows from the seed.
    Synthetic,
    /// The error with which the real server answers ordinary clients.
    Refused,
    /// Nothing, as from the real server.
    Silent,
}

/// How one request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// The number of the request.
    pub request: i32,
    /// Its family.
    pub family: &'static str,
    /// What is served.
    pub what: &'static str,
    /// How truly.
    pub truth: Truth,
    /// The numbers of the answers that it may get, besides errors.
    pub answers: &'static [i32],
}

const fn row(
    request: i32,
    family: &'static str,
    truth: Truth,
    answers: &'static [i32],
    what: &'static str,
) -> Served {
    Served { request, family, what, truth, answers }
}

use Truth::{Real, Refused, Silent, Synthetic};

const CONNECTION: &str = "connection";
const MARKET: &str = "market data";
const HISTORY: &str = "history";
const ORDERS: &str = "orders";
const ACCOUNTS: &str = "accounts";
const CONTRACTS: &str = "contracts";
const ADVISOR: &str = "advisors";
const SCANNER: &str = "scanners";
const NEWS: &str = "news";
const EVENTS: &str = "company events";
const OPTIONS: &str = "options";
const DISPLAY: &str = "display groups";
const VERIFY: &str = "verification";
const FUNDAMENTALS: &str = "fundamentals";
const SETTINGS: &str = "settings";
const LISTS: &str = "lists";

/// One row for each request, in the order of their numbers.
pub const SERVED: &[Served] = &[
    row(
        1,
        MARKET,
        Synthetic,
        &[1, 2, 21, 45, 46, 57, 58, 81, 84],
        "streaming, snapshots, generic ticks, delayed data, broad tapes of news",
    ),
    row(2, MARKET, Silent, &[], "the stream ends; error 300 when there is none"),
    row(3, ORDERS, Real, &[3, 5, 11, 59], "every kind, condition, combo and algo; what-if"),
    row(4, ORDERS, Real, &[3], "the cancel of one order, or why it cannot be"),
    row(5, ORDERS, Real, &[3, 5, 53], "the client's own open orders, then the end"),
    row(6, ACCOUNTS, Real, &[6, 7, 8, 54], "values and holdings of an account, kept up to date"),
    row(7, ORDERS, Real, &[11, 55, 59], "executions that pass the filter, then the end"),
    row(8, CONNECTION, Real, &[9], "the next order id"),
    row(9, CONTRACTS, Real, &[10, 18, 52], "every contract that fits, then the end"),
    row(10, MARKET, Synthetic, &[12, 13], "depth of one exchange or of all together"),
    row(11, MARKET, Silent, &[], "the depth ends; error 310 when there is none"),
    row(12, NEWS, Synthetic, &[14], "bulletins at the open and the close in New York"),
    row(13, NEWS, Silent, &[], "bulletins end"),
    row(14, CONNECTION, Silent, &[], "taken note of"),
    row(
        15,
        ORDERS,
        Real,
        &[3, 5, 100],
        "client 0 is bound to orders that nobody placed by API, now and later; error 327 for others",
    ),
    row(16, ORDERS, Real, &[3, 5, 53], "the open orders of all clients, then the end"),
    row(17, CONNECTION, Real, &[15], "the accounts"),
    row(18, ADVISOR, Real, &[16], "groups and aliases; error 321 for who has one account, and for profiles"),
    row(
        19,
        ADVISOR,
        Real,
        &[103],
        "groups and aliases are checked and kept; error 10231 for accounts of others",
    ),
    row(20, HISTORY, Synthetic, &[17, 90, 106, 108], "bars of all sizes, kept up to date; schedules"),
    row(21, OPTIONS, Real, &[3, 5, 11, 59], "exercise at the close of the session, lapse at the last one"),
    row(22, SCANNER, Synthetic, &[20], "ranks computed from the quotes, again every 30 seconds"),
    row(23, SCANNER, Real, &[], "error 162 says that the scan is cancelled; 365 when there is none"),
    row(24, SCANNER, Real, &[19], "the document of the scans that are served"),
    row(25, HISTORY, Real, &[], "error 162 says that the updates are cancelled; 366 when there are none"),
    row(49, CONNECTION, Real, &[49], "the time in seconds"),
    row(50, MARKET, Synthetic, &[50], "bars of five seconds"),
    row(51, MARKET, Silent, &[], "bars end"),
    row(52, FUNDAMENTALS, Refused, &[], "error 10358: fundamentals are no longer given"),
    row(53, FUNDAMENTALS, Silent, &[], "nothing was begun"),
    row(54, OPTIONS, Synthetic, &[21], "the volatility that a price implies"),
    row(55, OPTIONS, Synthetic, &[21], "the price that a volatility implies"),
    row(56, OPTIONS, Silent, &[], "nothing is left to cancel"),
    row(57, OPTIONS, Silent, &[], "nothing is left to cancel"),
    row(58, ORDERS, Real, &[3], "every open order of everybody is cancelled"),
    row(59, MARKET, Silent, &[], "live, frozen, delayed or delayed and frozen from now on"),
    row(61, ACCOUNTS, Real, &[61, 62], "positions of all accounts, the end, then changes"),
    row(62, ACCOUNTS, Real, &[63, 64], "values of all accounts, the end, then changes"),
    row(63, ACCOUNTS, Silent, &[], "the summary ends"),
    row(64, ACCOUNTS, Silent, &[], "positions end"),
    row(65, VERIFY, Refused, &[], "error 321: no program is verified"),
    row(66, VERIFY, Refused, &[], "error 321: no program is verified"),
    row(67, DISPLAY, Real, &[67], "seven groups"),
    row(68, DISPLAY, Real, &[68], "what a group shows, and each change"),
    row(69, DISPLAY, Real, &[68], "the group of a subscription shows something else"),
    row(70, DISPLAY, Silent, &[], "the subscription ends"),
    row(71, CONNECTION, Real, &[3, 5, 9, 15, 53], "what is open, accounts, the next order id, farms"),
    row(72, VERIFY, Refused, &[], "error 321: no program is verified"),
    row(73, VERIFY, Refused, &[], "error 321: no program is verified"),
    row(74, ACCOUNTS, Real, &[71, 72], "positions of an account or a model, the end, then changes"),
    row(75, ACCOUNTS, Silent, &[], "positions end"),
    row(76, ACCOUNTS, Real, &[73, 74], "values of an account or a model, the end, then changes"),
    row(77, ACCOUNTS, Silent, &[], "values end"),
    row(78, CONTRACTS, Real, &[75, 76], "expiries and strikes by exchange and class, then the end"),
    row(79, LISTS, Synthetic, &[77], "seven tiers"),
    row(80, LISTS, Real, &[78], "every account, in no family"),
    row(81, CONTRACTS, Real, &[79], "symbols and names that begin so, with what is derived from them"),
    row(82, LISTS, Real, &[80], "where depth is shown"),
    row(83, LISTS, Real, &[82], "the exchanges behind the codes that market data names"),
    row(84, NEWS, Synthetic, &[83], "the article of a headline; error 10172 for what is none"),
    row(85, NEWS, Real, &[85], "eight providers"),
    row(86, NEWS, Synthetic, &[86, 87], "headlines of a year, the newest first, then the end"),
    row(87, HISTORY, Synthetic, &[88], "how far back a history goes"),
    row(88, HISTORY, Synthetic, &[89], "how often which price was traded"),
    row(89, HISTORY, Silent, &[], "nothing is left to cancel"),
    row(90, HISTORY, Silent, &[], "nothing is left to cancel"),
    row(91, CONTRACTS, Real, &[93], "the price steps of a rule"),
    row(92, ACCOUNTS, Real, &[94], "profit and loss of an account, each second"),
    row(93, ACCOUNTS, Silent, &[], "profit and loss ends"),
    row(94, ACCOUNTS, Real, &[95], "profit and loss of a position, each second"),
    row(95, ACCOUNTS, Silent, &[], "profit and loss ends"),
    row(96, HISTORY, Synthetic, &[96, 97, 98], "ticks of the past, up to a thousand"),
    row(97, MARKET, Synthetic, &[96, 97, 98, 99], "tick by tick, all four kinds, after those of the past"),
    row(98, MARKET, Silent, &[], "the ticks end"),
    row(99, ORDERS, Real, &[101, 102], "orders that have ended today, then the end"),
    row(100, EVENTS, Synthetic, &[104], "which kinds of events there are"),
    row(101, EVENTS, Silent, &[], "nothing is left to cancel"),
    row(102, EVENTS, Synthetic, &[105], "events of companies; error 10282 before their kinds were asked for"),
    row(103, EVENTS, Silent, &[], "nothing is left to cancel"),
    row(104, CONNECTION, Real, &[107], "the user belongs to the broker itself"),
    row(105, CONNECTION, Real, &[109], "the time in milliseconds"),
    row(106, CONTRACTS, Silent, &[], "nothing is left to cancel"),
    row(107, HISTORY, Silent, &[], "nothing is left to cancel"),
    row(108, SETTINGS, Real, &[110], "all settings"),
    row(
        109,
        SETTINGS,
        Real,
        &[111],
        "settings are checked and kept; what is dangerous must be accepted first",
    ),
];

/// How a request is served; `None` for a number that no request has.
#[must_use]
pub fn served(request: i32) -> Option<&'static Served> {
    let place = SERVED.binary_search_by_key(&request, |row| row.request).ok()?;
    SERVED.get(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::Client;
    use crate::wire::{Answer, Request};

    #[test]
    fn every_request_has_its_row_and_every_row_its_request() {
        let requests: Vec<i32> = Request::ALL.iter().map(|(number, _)| *number).collect();
        let rows: Vec<i32> = SERVED.iter().map(|row| row.request).collect();
        assert_eq!(rows, requests);
        let answers: Vec<i32> = Answer::ALL.iter().map(|(number, _)| *number).collect();
        for row in SERVED {
            assert!(row.answers.iter().all(|number| answers.contains(number)), "{row:?}");
            assert_eq!(
                row.answers.is_empty(),
                matches!(row.truth, Silent | Refused) || matches!(row.request, 23 | 25),
                "{row:?}"
            );
            assert_eq!(served(row.request), Some(row));
        }
    }

    #[test]
    fn the_same_questions_have_the_same_answers() {
        let all = || {
            let mut client = Client::new();
            let ask = |row: &Served| {
                let answers = client.ask(Request::empty(row.request).unwrap());
                // No more than a server takes in a second.
                let later = client.wait(1);
                (answers, later)
            };
            SERVED.iter().map(ask).collect::<Vec<_>>()
        };
        assert_eq!(all(), all());
    }

    /// Bulletins come when they come; without orders nothing is bound, and nothing is cancelled.
    const LATER: [i32; 3] = [12, 15, 58];

    /// An empty request is mostly wrong: then it is told so. It is never met with silence, unless its row says that.
    #[test]
    fn no_request_is_met_with_silence() {
        for row in SERVED {
            let mut client = Client::new();
            let answers = client.ask(Request::empty(row.request).unwrap());
            let silent = answers.is_empty() && !client.is_closed();
            assert!(
                !silent || row.truth == Silent || LATER.contains(&row.request),
                "{row:?} is met with silence"
            );
            for answer in answers {
                let expected =
                    row.answers.contains(&answer.id()) || matches!(answer, Answer::ErrorMessage(_));
                assert!(expected, "{row:?} is answered with {answer:?}");
            }
        }
    }
}
