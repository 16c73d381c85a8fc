//! History as clients see it: bars, their laws, their formats, and what is refused.

mod bars;
mod other;
mod pace;

use crate::server::desk::apple;
use crate::wire::Answer;
use crate::wire::proto::{HistoricalDataBar, HistoricalDataRequest};

/// Trades of Apple in regular hours, with times in seconds.
fn bars_of(duration: &str, size: &str) -> HistoricalDataRequest {
    HistoricalDataRequest {
        req_id: Some(3),
        contract: apple(),
        bar_size_setting: Some(size.to_owned()),
        duration: Some(duration.to_owned()),
        use_rth: Some(true),
        what_to_show: Some("TRADES".to_owned()),
        format_date: Some(2),
        ..HistoricalDataRequest::default()
    }
}

/// The bars of an answer that has nothing but them and their end.
fn only_bars(answers: &[Answer]) -> Vec<HistoricalDataBar> {
    let [Answer::HistoricalData(bars), Answer::HistoricalDataEnd(end)] = answers else {
        panic!("bars and their end, not {answers:?}")
    };
    assert_eq!((bars.req_id, end.req_id), (Some(3), Some(3)));
    bars.historical_data_bars.clone()
}
