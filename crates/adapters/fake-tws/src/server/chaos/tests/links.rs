//! Connections, connectivity, farms and restarts.

use super::play::{ERAS, Play, cancel, limit, market, place};
use crate::chaos::{Act, Restart};
use crate::server::{Input, SessionId};
use crate::wire::Answer;
use crate::wire::proto::{
    ContractDataRequest, CurrentTimeRequest, HistoricalDataRequest, IdsRequest, MarketDepthRequest,
    OpenOrdersRequest, StartApiRequest,
};

fn at(lines: &str) -> String {
    format!("[[rule]]\nat = \"10s\"\n{lines}\n")
}

#[test]
fn notices_come_in_the_words_of_tws_or_in_others() {
    for version in ERAS {
        let document = at("do = [{ notice = { code = 2110 } }, { notice = { code = 4, text = \"so\" } }]");
        let mut play = Play::of(version, &document);
        play.connect(1);
        play.pass(10_000);
        let texts: Vec<_> = play
            .answers(1)
            .into_iter()
            .map(|answer| match answer {
                Answer::ErrorMessage(it) => (it.id.unwrap(), it.error_code.unwrap(), it.error_msg.unwrap()),
                other => panic!("{other:?}"),
            })
            .collect();
        let lost = "Connectivity between Trader Workstation and server is broken. It will be restored automatically.";
        let [.., first, second] = texts.as_slice() else { panic!("{texts:?}") };
        assert_eq!((first.0, first.1, first.2.as_str()), (-1, 2110, lost));
        assert_eq!((second.0, second.1, second.2.as_str()), (-1, 4, "so"));
    }
}

#[test]
fn a_notice_can_be_about_the_request_that_brought_it() {
    let mut play = Play::of(
        226,
        "[[rule]]\non = \"received\"\nmessage = \"placeOrder\"\ndo = [{ notice = { code = 10349, about = \"it\" } }]\n",
    );
    play.connect(1);
    let heard = play.ask(1, place(7, limit("BUY", "10", 400.0)));
    assert_eq!(heard[0], "error 7 10349");
    assert!(heard.contains(&"status 7 Submitted 0/10".to_owned()), "it is information: the order works");
}

#[test]
fn a_half_open_link_says_nothing_reads_nothing_and_stays() {
    for version in ERAS {
        let mut play = Play::of(version, &at("client = 1\ndo = [\"half_open\"]"));
        play.connect(1);
        play.connect(2);
        play.watch(1, 5);
        play.pass(10_000);
        play.heard(1);
        assert!(play.ask(1, place(1, market("BUY", "10"))).is_empty());
        assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
        play.pass(60_000);
        assert!(play.heard(1).is_empty() && !play.is_closed(1));
        assert_eq!(play.ask(2, CurrentTimeRequest {}), ["CURRENT_TIME"]);
        // The client has the same number again only once the dead connection is gone.
        play.open(3);
        let mut heard = play.start(3, 1);
        play.pass(1_000);
        heard.extend(play.heard(3));
        assert_eq!(heard, ["error -1 326"]);
        play.hang_up(1);
        play.open(4);
        assert_eq!(play.start(4, 1).len(), 5);
    }
}

#[test]
fn a_stalled_connection_says_everything_at_once_afterwards() {
    for version in ERAS {
        let mut play = Play::of(version, &at("do = [{ stall = \"30s\" }]"));
        play.connect(1);
        play.pass(10_000);
        assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
        assert!(play.ask(1, IdsRequest { num_ids: None }).is_empty());
        play.pass(29_999);
        assert!(play.heard(1).is_empty());
        play.pass(1);
        assert_eq!(play.heard(1), ["CURRENT_TIME", "NEXT_VALID_ID"]);
    }
}

#[test]
fn who_writes_without_end_into_a_stalled_connection_is_closed() {
    let mut play = Play::of(226, &at("do = [{ stall = \"1h\" }]"));
    play.connect(1);
    play.pass(10_000);
    let bytes = [0_u8; 64 * 1024];
    for _ in 0..20 {
        if !play.is_closed(1) {
            play.step(Input::Received(SessionId(1), &bytes));
        }
    }
    assert!(play.is_closed(1));
}

#[test]
fn a_connection_is_thrown_out_or_hears_nothing_from_the_start() {
    for version in ERAS {
        let mut play = Play::of(
            version,
            "[[rule]]\non = \"connection\"\ndo = [\"cut\"]\n[[rule]]\non = \"connection\"\nnth = 2\ndo = [\"half_open\"]\n",
        );
        play.open(1);
        assert!(play.is_closed(1));
        play.open(2);
        assert!(!play.is_closed(2) && play.pieces(2).is_empty());
        assert_eq!(play.connect(3).len(), 5);
    }
}

#[test]
fn a_competing_session_takes_the_market_data() {
    for version in ERAS {
        let mut play = Play::of(version, &at("do = [{ stop_data = { lasts = \"20s\" } }]"));
        play.connect(1);
        play.watch(1, 5);
        play.pass(9_000);
        play.heard(1);
        play.pass(1_000);
        assert!(play.heard(1).contains(&"error 5 10197".to_owned()));
        play.quote("431.00", "431.10");
        play.pass(5_000);
        assert!(play.heard(1).is_empty());
        assert_eq!(play.watch(1, 6), ["error 6 10197"]);
        play.pass(15_000);
        play.quote("432.00", "432.10");
        assert_eq!(play.heard(1), ["ticks"]);
    }
}

#[test]
fn depth_is_emptied_and_built_anew() {
    let mut play = Play::of(226, &at("do = [\"reset_depth\"]"));
    play.connect(1);
    let request = MarketDepthRequest {
        req_id: Some(4),
        contract: Some(super::play::apple()),
        num_rows: Some(2),
        ..MarketDepthRequest::default()
    };
    play.ask(1, request);
    play.pass(9_999);
    play.heard(1);
    play.pass(1);
    let heard = play.heard(1);
    let reset = heard.iter().position(|word| word == "error 4 317").unwrap();
    assert_eq!(heard[reset + 1..].iter().filter(|word| *word == "MARKET_DEPTH").count(), 4);
}

#[test]
fn a_restart_closes_everything_and_takes_nobody_until_it_is_over() {
    for (port, listens) in [("refuses", false), ("closes", true), ("silent", true)] {
        let act = format!("do = [{{ restart = {{ down = \"30s\", port = \"{port}\", roll_back = 2 }} }}]");
        let mut play = Play::of(226, &at(&act));
        play.connect(1);
        for id in 1..=4 {
            play.ask(1, place(id, limit("BUY", "10", 400.0)));
        }
        play.ask(1, cancel(3));
        play.pass(10_000);
        assert!(play.is_closed(1));
        assert_eq!(play.server.listens(), listens, "{port}");
        play.open(2);
        assert!(play.pieces(2).is_empty());
        assert_eq!(play.is_closed(2), port != "silent");
        play.pass(30_000);
        assert!(play.is_closed(2) && play.server.listens());
        play.open(3);
        play.start(3, 1);
        let ids = play.ask(3, IdsRequest { num_ids: None });
        assert_eq!(ids, ["NEXT_VALID_ID"]);
        // Three and four come again: three has ended and may be used anew, four still works and is changed.
        let heard = play.ask(3, place(3, limit("BUY", "10", 401.0)));
        assert!(heard.contains(&"status 3 Submitted 0/10".to_owned()), "{heard:?}");
        let open = play.ask(3, OpenOrdersRequest {});
        assert_eq!(open.iter().filter(|word| word.starts_with("open")).count(), 4);
    }
}

#[test]
fn the_next_order_id_goes_where_it_is_sent() {
    let mut play = Play::of(
        226,
        &at("do = [{ next_order_id = 38103 }]\n[[rule]]\nat = \"20s\"\ndo = [{ roll_back = 4 }]"),
    );
    play.connect(1);
    let mut told = Vec::new();
    for _ in 0..3 {
        play.ask(1, IdsRequest { num_ids: None });
        play.pass(10_000);
    }
    for client in 2..4 {
        play.connect(client);
    }
    play.pass(0);
    for client in 1..4 {
        play.heard(client);
        let bytes = play.bytes_of(IdsRequest { num_ids: None });
        play.step(Input::Received(SessionId(client), &bytes));
        for answer in play.answers(client) {
            if let Answer::NextValidId(it) = answer {
                told.push(it.order_id.unwrap());
            }
        }
    }
    assert_eq!(told, [38_099, 38_099, 38_099]);
}

#[test]
fn without_connectivity_data_stops_orders_wait_and_fills_are_told_later() {
    for (data, code) in [("kept", 1102), ("lost", 1101)] {
        for version in ERAS {
            let document = format!(
                "[[rule]]\nat = \"10s\"\ndo = [{{ lose_connectivity = {{}} }}]\n\
                 [[rule]]\nat = \"40s\"\ndo = [{{ restore_connectivity = \"{data}\" }}]\n"
            );
            let mut play = Play::of(version, &document);
            play.connect(1);
            play.ask(1, place(1, limit("BUY", "10", 425.0)));
            play.watch(1, 5);
            play.pass(9_999);
            play.heard(1);
            play.pass(1);
            assert_eq!(besides_ticks(&mut play), ["error -1 1100"]);
            play.quote("424.00", "424.10");
            assert!(play.heard(1).is_empty(), "the fill is not known yet");
            assert!(play.ask(1, place(2, limit("BUY", "10", 400.0))).is_empty());
            assert_eq!(play.ask(1, CurrentTimeRequest {}), ["CURRENT_TIME"]);
            assert_eq!(play.ask(1, history(8)), ["error 8 162"]);
            play.pass(30_000);
            let heard = play.heard(1);
            assert_eq!(heard[0], format!("error -1 {code}"));
            assert!(heard.contains(&"exec 1 BOT 10 @425".to_owned()), "{heard:?}");
            assert!(heard.contains(&"status 2 Submitted 0/10".to_owned()), "{heard:?}");
            play.quote("423.00", "423.10");
            let ticks: Vec<_> = play.heard(1).into_iter().filter(|word| word == "ticks").collect();
            assert_eq!(ticks.is_empty(), data == "lost");
            // Asked for anew, data flows again; an id whose stream stands is refused.
            let again = play.watch(1, 5);
            assert_eq!(again == ["error 5 322"], data == "kept", "{again:?}");
        }
    }
}

#[test]
fn without_connectivity_orders_can_be_refused() {
    let mut play = Play::of(226, &at("do = [{ lose_connectivity = { orders = \"refuse\" } }]"));
    play.connect(1);
    play.pass(10_000);
    play.heard(1);
    assert_eq!(play.ask(1, place(1, market("BUY", "10"))), ["error 1 201"]);
    assert_eq!(play.connect(2), ["MANAGED_ACCTS", "NEXT_VALID_ID", "error -1 2110"]);
}

fn besides_ticks(play: &mut Play) -> Vec<String> {
    play.heard(1).into_iter().filter(|word| word != "ticks").collect()
}

fn history(id: i32) -> HistoricalDataRequest {
    HistoricalDataRequest {
        req_id: Some(id),
        contract: Some(super::play::apple()),
        duration: Some("1 D".to_owned()),
        bar_size_setting: Some("1 hour".to_owned()),
        what_to_show: Some("TRADES".to_owned()),
        format_date: Some(2),
        ..HistoricalDataRequest::default()
    }
}

#[test]
fn farms_break_each_for_itself() {
    for version in ERAS {
        let farm = |at: u32, name: &str, is: &str, data: &str| {
            format!(
                "[[rule]]\nat = \"{at}s\"\ndo = [{{ farm = {{ name = \"{name}\", is = \"{is}\", data = \"{data}\" }} }}]\n"
            )
        };
        let document = [
            farm(10, "usfarm", "broken", "kept"),
            farm(20, "usfarm", "ok", "lost"),
            farm(30, "ushmds", "broken", "kept"),
            farm(40, "ushmds", "ok", "kept"),
            farm(50, "secdefil", "broken", "kept"),
            farm(60, "secdefil", "ok", "kept"),
            farm(70, "ushmds", "inactive", "kept"),
        ]
        .concat();
        let mut play = Play::of(version, &document);
        play.connect(1);
        play.watch(1, 5);
        play.pass(9_999);
        play.heard(1);
        play.pass(1);
        assert_eq!(besides_ticks(&mut play), ["error -1 2103"]);
        play.quote("431.00", "431.10");
        assert!(play.heard(1).is_empty());
        assert!(play.ask(1, history(6)).contains(&"HISTORICAL_DATA".to_owned()));
        assert!(play.connect(2).contains(&"error -1 2103".to_owned()), "who comes now is told so");
        play.pass(10_000);
        assert_eq!(play.heard(1), ["error -1 2104"]);
        play.quote("432.00", "432.10");
        assert!(play.heard(1).is_empty(), "three seconds of trouble, and silence for hours");
        play.pass(10_000);
        assert_eq!(play.heard(1), ["error -1 2105"]);
        assert_eq!(play.ask(1, history(7)), ["error 7 162"]);
        play.pass(20_000);
        assert_eq!(play.heard(1), ["error -1 2106", "error -1 2157"]);
        let details = ContractDataRequest { req_id: Some(9), contract: Some(super::play::apple()) };
        assert_eq!(play.ask(1, details.clone()), ["error 9 200"]);
        play.pass(20_000);
        assert_eq!(play.heard(1), ["error -1 2158", "error -1 2107"]);
        assert!(play.ask(1, details).contains(&"CONTRACT_DATA".to_owned()));
    }
}

#[test]
fn errors_come_in_the_language_of_the_server() {
    for version in ERAS {
        let mut play =
            Play::of(version, "[[rule]]\non = \"connection\"\ndo = [{ language = \"chinese\" }]\n");
        play.connect(1);
        play.open(2);
        let again = StartApiRequest { client_id: Some(1), optional_capabilities: None };
        let again = play.bytes_of(again);
        play.step(Input::Received(SessionId(2), &again));
        play.pass(1_000);
        let texts: Vec<_> = play
            .answers(2)
            .into_iter()
            .filter_map(|answer| match answer {
                Answer::ErrorMessage(it) => Some((it.error_code.unwrap(), it.error_msg.unwrap())),
                _ => None,
            })
            .collect();
        assert_eq!(texts, [(326, "客户号已被使用，无法连接。请使用唯一的客户号重试。".to_owned())]);
    }
}

#[test]
fn bytes_that_nobody_knows_are_sent_as_they_are_and_the_next_message_is_read() {
    for (version, frame) in [(178, "00000004 39393900"), (226, "00000004 000003e7")] {
        let mut play = Play::of(version, &at(&format!("do = [{{ raw = \"{frame}\" }}]")));
        play.connect(1);
        play.pieces(1);
        play.pass(10_000);
        let pieces = play.pieces(1);
        let [(10_000, bytes)] = pieces.as_slice() else { panic!("{pieces:?}") };
        assert_eq!(bytes.len(), 8);
        assert_eq!(play.ask(1, CurrentTimeRequest {}), ["CURRENT_TIME"]);
    }
}

#[test]
fn time_of_day_and_periods_set_rules_off() {
    // The play begins at 10:04:05 in New York.
    let mut play = Play::of(
        226,
        "[[rule]]\nat = \"10:05 America/New_York\"\ntimes = \"always\"\ndo = [{ notice = { code = 1 } }]\n\
         [[rule]]\nevery = \"20s\"\ntimes = 2\ndo = [{ notice = { code = 2 } }]\n",
    );
    play.connect(1);
    play.heard(1);
    play.pass(54_999);
    assert_eq!(play.heard(1), ["error -1 2", "error -1 2"]);
    play.pass(1);
    assert_eq!(play.heard(1), ["error -1 1"]);
    play.pass(86_400_000);
    assert_eq!(play.heard(1).iter().filter(|word| *word == "error -1 1").count(), 1);
}

#[test]
fn a_running_server_takes_acts_and_scenarios() {
    let mut play = Play::of(226, "[[rule]]\non = \"start\"\nnth = 9\ndo = [\"cut\"]\n");
    play.connect(1);
    play.server.act(Act::Restart(Restart::default()));
    play.pass(0);
    assert!(play.is_closed(1));
    play.pass(60_000);
    play.connect(2);
    play.server.play(&"[[rule]]\nat = \"5s\"\ndo = [\"cut\"]\n".parse().unwrap());
    play.pass(4_999);
    assert!(!play.is_closed(2));
    play.pass(1);
    assert!(play.is_closed(2));
}
