//! The same client hears the same; one that counts otherwise hears the same with its own numbers.

use super::stage::{Act, Stage, details, frame, history, opening, order, played, quotes, same, start};
use crate::replay::Player;
use crate::server::ServerSettings;
use crate::wire::proto;
use crate::wire::{Answer, Space};
use proptest::prelude::*;
use std::collections::BTreeSet;

const VERSIONS: [i32; 5] = [226, 213, 200, 178, 157];

/// A session in which everything happens: at once and later, with numbers and without, cancelled and not.
fn session(version: i32, first_request: i32, first_order: i32, reference: &str) -> Vec<Act> {
    let request = |number: i32| first_request + number;
    let cancel = proto::CancelMarketData { req_id: Some(request(1)) };
    let summary = proto::AccountSummaryRequest {
        req_id: Some(request(3)),
        group: Some("All".to_owned()),
        tags: Some("NetLiquidation,BuyingPower".to_owned()),
    };
    vec![
        (0, opening(version)),
        (3, frame(version, start(1))),
        (10, frame(version, details(request(0), "AAPL"))),
        (20, frame(version, quotes(request(1), "AAPL"))),
        (20, frame(version, history(request(2), ""))),
        (30, frame(version, proto::PositionsRequest {})),
        (40, frame(version, summary)),
        (50, frame(version, proto::OpenOrdersRequest {})),
        (400, frame(version, order(first_order, "10", reference))),
        (900, frame(version, proto::AllOpenOrdersRequest {})),
        (1_200, frame(version, order(first_order + 1, "7", reference))),
        (2_000, frame(version, cancel)),
        (2_100, frame(version, details(request(4), "NOWHERE"))),
    ]
}

#[test]
fn the_same_client_hears_the_same_bytes_at_the_same_moments() {
    for version in VERSIONS {
        let mut stage = Stage::new(ServerSettings::default());
        let acts = session(version, 1, 1, "r");
        let heard = stage.session(&acts, 4_000);
        let answers = heard.answers(version);
        let names: BTreeSet<&str> = answers.iter().map(Answer::name).collect();
        for name in ["TICK_PRICE", "HISTORICAL_DATA", "EXECUTION_DATA", "OPEN_ORDER_END", "POSITION_DATA"] {
            assert!(names.contains(name), "{name} is missing in {names:?}");
        }
        let again = played(&mut Player::new(stage.script()), &acts, 4_000);
        same(&again, &heard, version);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn other_numbers_and_references_hear_the_same_with_their_own(
        version in prop::sample::select(&VERSIONS[..]),
        first_request in 2_i32..1_000_000,
        first_order in 2_i32..1_000_000,
    ) {
        let mut stage = Stage::new(ServerSettings::default());
        let heard = stage.session(&session(version, 1, 1, "r"), 4_000);
        let acts = session(version, first_request, first_order, "another");
        let again = played(&mut Player::new(stage.script()), &acts, 4_000);
        let moments = |it: &[(tradeport_kernel::Timestamp, Vec<u8>)]| {
            it.iter().map(|(at, _)| *at).collect::<Vec<_>>()
        };
        prop_assert_eq!(moments(&again.pieces), moments(&heard.pieces));
        let mut expected = heard.answers(version);
        for answer in &mut expected {
            answer.visit_numbers(&mut |space, number| match space {
                // Requests 1 to 5, orders 1 and 2: an error of this session is about a request.
                Space::Request | Space::Either if (1..=5).contains(number) => *number += first_request - 1,
                Space::Order if (1..=2).contains(number) => *number += first_order - 1,
                _ => {}
            });
        }
        for (one, other) in again.answers(version).iter().zip(&expected) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(again.answers(version).len(), expected.len());
    }
}

#[test]
fn a_request_with_another_end_is_like_the_recorded_one() {
    let mut stage = Stage::new(ServerSettings::default());
    let acts =
        |end: &str| vec![(0, opening(226)), (1, frame(226, start(1))), (2, frame(226, history(1, end)))];
    let heard = stage.session(&acts(""), 1_000);
    let other = acts("20261119 20:00:00 UTC");
    assert_eq!(played(&mut Player::new(stage.script()), &other, 1_000), heard);
}

#[test]
fn requests_that_come_in_another_order_hear_their_own_answers() {
    let asked = |first: (i32, &str), second: (i32, &str)| {
        vec![
            (0, opening(178)),
            (1, frame(178, start(1))),
            (10, frame(178, details(first.0, first.1))),
            (20, frame(178, details(second.0, second.1))),
        ]
    };
    let mut stage = Stage::new(ServerSettings::default());
    stage.session(&asked((1, "AAPL"), (2, "MSFT")), 500);
    let heard = played(&mut Player::new(stage.script()), &asked((8, "MSFT"), (9, "AAPL")), 500);
    let symbols: Vec<_> = heard
        .answers(178)
        .into_iter()
        .filter_map(|answer| match answer {
            Answer::ContractData(it) => {
                Some((it.req_id, it.contract.expect("a contract").symbol.expect("a symbol")))
            }
            _ => None,
        })
        .collect();
    assert_eq!(symbols, [(Some(8), "MSFT".to_owned()), (Some(9), "AAPL".to_owned())]);
}

#[test]
fn a_request_is_played_again_when_it_is_asked_again() {
    let mut stage = Stage::new(ServerSettings::default());
    let mut acts = vec![(0, opening(226)), (1, frame(226, start(1)))];
    acts.push((10, frame(226, proto::CurrentTimeRequest {})));
    stage.session(&acts, 500);
    acts.extend([20, 30].map(|at| (at, frame(226, proto::CurrentTimeRequest {}))));
    let heard = played(&mut Player::new(stage.script()), &acts, 500);
    let times = heard.answers(226).iter().filter(|it| matches!(it, Answer::CurrentTime(_))).count();
    assert_eq!(times, 3);
}
