//! Headlines as market data streams them: generic tick 292.
//!
//! They are the stories that the past tells afterwards, so that their articles can be read.

use super::stories::{self, PROVIDERS, Story, piece_of};
use crate::wire::proto::TickNews;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::Timestamp;

/// The newest headline is looked for so far back.
const LATELY: Duration = Duration::from_secs(30 * 86_400);
/// The next headline is looked for in so many pieces of time: a month.
const MOST_PIECES: i64 = 720;

impl Story {
    /// As a stream of market data tells it.
    pub(crate) fn tick(&self, req_id: i32) -> TickNews {
        TickNews {
            req_id: Some(req_id),
            timestamp: Some(self.at.nanos() / 1_000_000),
            provider_code: Some(self.provider.to_owned()),
            article_id: Some(self.article.clone()),
            headline: Some(self.headline.clone()),
            extra_data: Some(format!("A:{}:L:en:K:n/a:C:0.9", self.number)),
        }
    }
}

/// What a stream begins with: the newest story of each provider that is named, or of each that there is.
pub(crate) fn latest(seed: u64, contract: &Contract, from: &[&str], at: Timestamp) -> Vec<Story> {
    let all = PROVIDERS.iter().map(|(code, _)| *code);
    let wanted = all.filter(|code| from.is_empty() || from.contains(code));
    wanted.flat_map(|code| stories::newest(seed, contract, at.before(LATELY), at, &[code], 1)).collect()
}

/// The stories about a contract after one moment and up to another, the oldest first.
pub(crate) fn headlines_between(
    seed: u64,
    contract: &Contract,
    after: Timestamp,
    until: Timestamp,
) -> Vec<Story> {
    let pieces = piece_of(after)..=piece_of(until);
    let stories = pieces.filter_map(|piece| Story::of(seed, contract, piece));
    stories.filter(|story| story.at > after && story.at <= until).collect()
}

/// When the next story about a contract comes.
pub(crate) fn next_headline_after(seed: u64, contract: &Contract, after: Timestamp) -> Option<Timestamp> {
    let first = piece_of(after);
    let stories = (first..=first + MOST_PIECES).filter_map(|piece| Story::of(seed, contract, piece));
    stories.map(|story| story.at).find(|at| *at > after)
}
