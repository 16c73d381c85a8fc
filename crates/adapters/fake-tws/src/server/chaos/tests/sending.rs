//! What becomes of messages.

use super::play::{ERAS, Play, START, limit, market, place};
use crate::server::{Input, SessionId};
use crate::wire::Answer;
use crate::wire::proto::{CurrentTimeRequest, IdsRequest, Order, PositionsRequest};

fn rule(lines: &str, act: &str) -> String {
    format!("[[rule]]\non = \"sending\"\n{lines}\ndo = [{act}]\n")
}

#[test]
fn a_message_is_dropped_by_its_name_and_number() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"CURRENT_TIME\"\nnth = 2\ntimes = 2", "\"drop\""));
        play.connect(1);
        let heard: Vec<_> = (0..5).map(|_| play.ask(1, CurrentTimeRequest {}).len()).collect();
        assert_eq!(heard, [1, 0, 0, 1, 1]);
    }
}

#[test]
fn end_markers_and_statuses_are_missing_on_request() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"ends\"\ntimes = \"always\"", "\"drop\""));
        play.connect(1);
        assert!(play.ask(1, PositionsRequest {}).is_empty());
        let mut play = Play::of(version, &rule("status = \"Submitted\"", "\"drop\""));
        play.connect(1);
        let heard = play.ask(1, place(1, limit("BUY", "10", 400.0)));
        assert_eq!(heard, ["open 1 PreSubmitted", "status 1 PreSubmitted 0/10", "open 1 Submitted"]);
    }
}

#[test]
fn a_message_comes_more_than_once() {
    for version in ERAS {
        let mut play =
            Play::of(version, &rule("message = \"ORDER_STATUS\"\ntimes = \"always\"", "{ duplicate = 2 }"));
        play.connect(1);
        let heard = play.ask(1, place(1, limit("BUY", "10", 400.0)));
        assert_eq!(heard.iter().filter(|word| *word == "status 1 Submitted 0/10").count(), 3);
        assert_eq!(heard.iter().filter(|word| *word == "open 1 Submitted").count(), 1);
    }
}

#[test]
fn a_late_commission_comes_when_it_comes_and_others_overtake_it() {
    for version in ERAS {
        let mut play =
            Play::of(version, &rule("message = \"COMMISSION_AND_FEES_REPORT\"", "{ delay = \"10s\" }"));
        play.connect(1);
        let heard = play.ask(1, place(1, market("BUY", "10")));
        assert!(heard.contains(&"status 1 Filled 10/0".to_owned()));
        assert!(!heard.iter().any(|word| word.starts_with("cost")));
        play.pass(9_999);
        assert!(play.heard(1).is_empty());
        play.pass(1);
        assert_eq!(play.heard(1), ["cost 1"]);
    }
}

#[test]
fn a_slow_next_order_id_is_slow() {
    let mut play = Play::of(226, &rule("message = \"NEXT_VALID_ID\"", "{ delay = \"90s\" }"));
    let heard = play.connect(1);
    assert_eq!(heard, ["MANAGED_ACCTS", "error -1 2104", "error -1 2106", "error -1 2158"]);
    play.pass(90_000);
    assert_eq!(play.heard(1), ["NEXT_VALID_ID"]);
}

#[test]
fn a_message_falls_behind_others_or_waits_in_vain_for_them() {
    for version in ERAS {
        let act = "{ reorder = { behind = 2, within = \"3s\" } }";
        let mut play = Play::of(version, &rule("message = \"EXECUTION_DATA\"\ntimes = 2", act));
        play.connect(1);
        let heard = play.ask(1, place(1, market("BUY", "10")));
        let place_of = |wanted: &str| heard.iter().position(|word| word.starts_with(wanted)).unwrap();
        assert!(place_of("status 1 Filled") < place_of("exec 1 BOT"), "{heard:?}");
        // Nothing comes behind the second one but what waits no longer.
        let mut play = Play::of(version, &rule("message = \"CURRENT_TIME\"", act));
        play.connect(1);
        assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
        play.pass(3_000);
        assert_eq!(play.heard(1), ["CURRENT_TIME"]);
    }
}

#[test]
fn a_frame_in_pieces_is_whole_in_the_end_and_nothing_comes_between() {
    for version in ERAS {
        let act = "{ split = { pieces = 3, pause = \"100ms\" } }";
        let mut play = Play::of(version, &rule("message = \"CURRENT_TIME\"", act));
        play.connect(1);
        play.pieces(1);
        assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
        assert!(play.ask(1, IdsRequest { num_ids: None }).is_empty(), "it waits behind the frame");
        assert!(play.server.is_torn(SessionId(1)));
        for _ in 0..4 {
            play.pass(50);
        }
        assert_eq!(play.heard(1), ["CURRENT_TIME", "NEXT_VALID_ID"]);
        assert!(!play.server.is_torn(SessionId(1)));
        let at: Vec<u128> = play.pieces(1).iter().map(|(at, _)| *at).collect();
        assert_eq!(at, [0, 100, 200, 200]);
    }
}

#[test]
fn messages_wait_for_one_another_and_come_in_one_piece() {
    for version in ERAS {
        let act = "{ merge = { messages = 3, within = \"1s\" } }";
        let mut play = Play::of(version, &rule("message = \"CURRENT_TIME\"\ntimes = \"always\"", act));
        play.connect(1);
        play.pieces(1);
        for count in 1..=4 {
            play.ask(1, CurrentTimeRequest {});
            assert_eq!(play.pieces(1).len(), usize::from(count == 3), "{count}");
        }
        play.pass(1_000);
        assert_eq!(play.pieces(1).len(), 1, "the fourth waits no longer");
    }
}

#[test]
fn a_truncated_frame_is_a_frame_and_the_next_one_is_read() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"MANAGED_ACCTS\"", "{ truncate = 5 }"));
        let heard = play.connect(1);
        assert!(heard.contains(&"NEXT_VALID_ID".to_owned()), "{heard:?}");
        assert_eq!(play.rest(1), 0);
        let mut whole = Play::of(version, &rule("message = \"MANAGED_ACCTS\"\nnth = 2", "\"drop\""));
        whole.connect(1);
        let length = |play: &mut Play| play.pieces(1).iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        assert!(length(&mut play) < length(&mut whole));
    }
}

#[test]
fn a_torn_frame_is_the_last_of_its_connection_and_the_next_one_begins_clean() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"CURRENT_TIME\"", "{ tear = 6 }"));
        play.connect(1);
        assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
        assert!(play.is_closed(1));
        assert_eq!(play.rest(1), 6);
        play.connect(2);
        assert_eq!(play.ask(2, CurrentTimeRequest {}), ["CURRENT_TIME"]);
    }
}

#[test]
fn rules_are_about_the_client_they_name_and_hold_in_their_time() {
    let mut play = Play::of(
        226,
        &rule(
            "message = \"CURRENT_TIME\"\nclient = 2\nfrom = \"1s\"\nuntil = \"2s\"\ntimes = \"always\"",
            "\"drop\"",
        ),
    );
    play.connect(1);
    play.connect(2);
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push((play.ask(1, CurrentTimeRequest {}).len(), play.ask(2, CurrentTimeRequest {}).len()));
        play.pass(1_000);
    }
    assert_eq!(heard, [(1, 1), (1, 0), (1, 1)]);
}

#[test]
fn chance_is_drawn_from_the_seed() {
    let document = rule("message = \"CURRENT_TIME\"\nchance = 0.3\ntimes = \"always\"", "\"drop\"");
    let run = || {
        let mut play = Play::of(226, &document);
        play.connect(1);
        (0..400).map(|_| play.ask(1, CurrentTimeRequest {}).len()).collect::<Vec<_>>()
    };
    let first = run();
    let dropped = first.iter().filter(|heard| **heard == 0).count();
    assert!((80..=160).contains(&dropped), "{dropped} of 400 at 0.3");
    assert_eq!(first, run());
}

#[test]
fn acts_on_one_message_add_up() {
    let mut play = Play::of(
        226,
        &rule("message = \"CURRENT_TIME\"", "{ duplicate = 1 }, { delay = \"1s\" }, { delay = \"1s\" }"),
    );
    play.connect(1);
    assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
    play.pass(2_000);
    assert_eq!(play.heard(1), ["CURRENT_TIME", "CURRENT_TIME"]);
}

/// What is told of an order that trades, altered.
fn altered(version: i32, how: &str) -> Vec<Answer> {
    let act = format!("{{ alter = \"{how}\" }}");
    let mut play = Play::of(version, &rule("message = \"any\"\ntimes = \"always\"", &act));
    play.connect(1);
    play.watch(1, 5);
    play.heard(1);
    let order = Order { order_ref: Some("mine".to_owned()), ..market("BUY", "10") };
    let bytes = play.bytes_of(place(1, order));
    play.step(Input::Received(SessionId(1), &bytes));
    play.quote("431.00", "431.10");
    play.answers(1)
}

#[test]
fn messages_lack_what_they_have_been_seen_to_lack() {
    for version in ERAS {
        let count = |how: &str, is_so: fn(&Answer) -> Option<bool>| {
            let said: Vec<bool> = altered(version, how).iter().filter_map(is_so).collect();
            assert!(!said.is_empty() && said.iter().all(|so| *so), "{how} at {version}: {said:?}");
        };
        count("no_perm_id", |it| match it {
            Answer::OrderStatus(it) => Some(it.perm_id == Some(0)),
            Answer::OpenOrder(it) => Some(it.order.as_ref().unwrap().perm_id == Some(0)),
            Answer::ExecutionDetails(it) => Some(it.execution.as_ref().unwrap().perm_id == Some(0)),
            _ => None,
        });
        count("no_order_ref", |it| match it {
            Answer::OpenOrder(it) => {
                Some(it.order.as_ref().unwrap().order_ref.as_deref().is_none_or(str::is_empty))
            }
            Answer::ExecutionDetails(it) => {
                Some(it.execution.as_ref().unwrap().order_ref.as_deref().is_none_or(str::is_empty))
            }
            _ => None,
        });
        count("no_average_price", |it| match it {
            Answer::OrderStatus(it) => Some(it.avg_fill_price.unwrap_or_default().abs() < 1e-9),
            _ => None,
        });
        count("commission_pending", |it| match it {
            Answer::CommissionAndFeesReport(it) => {
                let unset = it.realized_pnl.is_none_or(|it| it > 1e300);
                Some((it.commission_and_fees.unwrap() + 1.0).abs() < 1e-9 && unset)
            }
            _ => None,
        });
        count("no_quote", |it| match it {
            Answer::TickPrice(it) if [1, 2].contains(&it.tick_type.unwrap()) => {
                Some((it.price.unwrap() + 1.0).abs() < 1e-9 && it.size.as_deref() == Some("0"))
            }
            _ => None,
        });
        count("tenfold_price", |it| match it {
            Answer::TickPrice(it) if [1, 2].contains(&it.tick_type.unwrap()) => {
                Some(it.price.unwrap() > 4_000.0)
            }
            _ => None,
        });
        count("unset_amounts", |it| match it {
            Answer::CommissionAndFeesReport(it) => Some(it.realized_pnl.is_none_or(|it| it > 1e300)),
            _ => None,
        });
    }
}

#[test]
fn the_clock_of_the_server_is_off() {
    for version in ERAS {
        let mut play =
            Play::of(version, "[[rule]]\non = \"start\"\ndo = [{ clock = { behind = \"90s\" } }]\n");
        play.connect(1);
        let bytes = play.bytes_of(CurrentTimeRequest {});
        play.step(Input::Received(SessionId(1), &bytes));
        let answers = play.answers(1);
        let [Answer::CurrentTime(it)] = answers.as_slice() else { panic!("{answers:?}") };
        assert_eq!(it.current_time, Some(START.nanos() / 1_000_000_000 - 90));
    }
}
