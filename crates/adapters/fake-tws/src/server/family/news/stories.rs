//! Headlines and what stands under them.
//!
//! Time is cut into pieces of an hour for each contract; most pieces have one story, at a second that follows from
//! chance. An article's id says its contract and its piece, so that the story can be told again without being kept.

use tradeport_contracts::Contract;
use tradeport_fake_broker::house::mix;
use tradeport_kernel::Timestamp;

/// Who gives news: code and name.
pub(super) const PROVIDERS: &[(&str, &str)] = &[
    ("BRFG", "Briefing.com General Market Columns"),
    ("BRFUPDN", "Briefing.com Analyst Actions"),
    ("DJ-N", "Dow Jones Global Equity Trader"),
    ("DJ-RT", "Dow Jones Trader News"),
    ("DJ-RTA", "Dow Jones Top Stories Asia Pacific"),
    ("DJ-RTE", "Dow Jones Top Stories Europe"),
    ("DJ-RTG", "Dow Jones Top Stories Global"),
    ("DJNL", "Dow Jones Newsletters"),
];

const PIECE: i64 = 3_600;

const SUBJECTS: &[&str] = &[
    "shares move ahead of the open",
    "raised to Buy at a broker",
    "cut to Hold at a broker",
    "says demand is in line with its plan",
    "names a new head of finance",
    "opens a plant",
    "to present at a conference",
    "trades above its average volume",
];

/// One story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) at: Timestamp,
    pub(crate) provider: &'static str,
    /// The article's id, such as `BRFG$3e9.1a2b`.
    pub(crate) article: String,
    pub(crate) headline: String,
    symbol: String,
    /// The contract that it is about.
    pub(super) number: i64,
}

impl Story {
    /// The story of a piece of time, if it has one.
    pub(super) fn of(seed: u64, contract: &Contract, piece: i64) -> Option<Self> {
        let number = contract.id().number();
        let chance = mix(mix(seed ^ mix(number.cast_unsigned())) ^ mix(piece.cast_unsigned()));
        // One piece in four is quiet.
        if chance & 3 == 0 {
            return None;
        }
        let pick = |bits: u64, count: usize| {
            usize::try_from((chance >> bits) % u64::try_from(count).unwrap_or(1)).unwrap_or(0)
        };
        let (provider, _) = PROVIDERS.get(pick(8, PROVIDERS.len()))?;
        let subject = SUBJECTS.get(pick(16, SUBJECTS.len()))?;
        let within = i64::try_from((chance >> 24) % PIECE.unsigned_abs()).ok()?;
        let at = Timestamp::from_seconds(piece.checked_mul(PIECE)?.checked_add(within)?);
        let symbol = contract.instrument().description().symbol.clone();
        let symbol = symbol.unwrap_or_else(|| contract.name().to_owned());
        let headline = format!("{} ({symbol}) {subject}", contract.name());
        let article = format!("{provider}${number:x}.{piece:x}");
        Some(Self { at, provider, article, headline, symbol, number })
    }

    /// As the past tells it: what it is about stands in front, in braces.
    pub(super) fn headline_with_tags(&self) -> String {
        let tags = format!("{{A:{}:L:en:K:n/a:C:0.9}}", self.number);
        tags + &self.headline
    }

    /// The whole article.
    pub(super) fn text(&self) -> String {
        format!(
            "{}\n\nThis story is made up. It is about {}, it is always the same, and nothing follows from it.\n",
            self.headline, self.symbol
        )
    }
}

pub(super) fn piece_of(at: Timestamp) -> i64 {
    at.nanos().div_euclid(1_000_000_000).div_euclid(PIECE)
}

/// The newest stories of some providers between two moments, at most so many.
pub(super) fn newest(
    seed: u64,
    contract: &Contract,
    from: Timestamp,
    until: Timestamp,
    providers: &[&str],
    most: usize,
) -> Vec<Story> {
    let pieces = piece_of(from)..=piece_of(until);
    let stories = pieces.rev().filter_map(|piece| Story::of(seed, contract, piece));
    let is_meant =
        |story: &Story| story.at >= from && story.at <= until && providers.contains(&story.provider);
    stories.filter(is_meant).take(most).collect()
}

/// The story behind an article's id.
pub(super) fn of_article(
    seed: u64,
    provider: &str,
    article: &str,
    contract: impl FnOnce(i32) -> Option<Contract>,
) -> Option<Story> {
    let (number, piece) = article.split_once('$')?.1.split_once('.')?;
    let contract = contract(i32::from_str_radix(number, 16).ok()?)?;
    let story = Story::of(seed, &contract, i64::from_str_radix(piece, 16).ok()?)?;
    (story.provider == provider && story.article == article).then_some(story)
}
