//! The scenarios that come with the crate, played.

use super::play::{ERAS, Play, START, cancel, limit, market, place};
use crate::wire::Answer;
use crate::wire::proto::{
    AccountDataRequest, CurrentTimeRequest, ExecutionRequest, IdsRequest, OpenOrdersRequest,
};

const DAILY_RESTART: &str = include_str!("../../../../scenarios/daily-restart.toml");
const LOST_LINKS: &str = include_str!("../../../../scenarios/lost-links.toml");
const TORN_FRAMES: &str = include_str!("../../../../scenarios/torn-frames.toml");
const LOST_COMMISSIONS: &str = include_str!("../../../../scenarios/lost-commissions.toml");
const BAD_ORDERS: &str = include_str!("../../../../scenarios/bad-orders.toml");

/// Lets time pass until so many seconds from the start.
fn until(play: &mut Play, seconds: u64) {
    let passed = u64::try_from(play.now.since(START).as_millis()).unwrap();
    play.pass(seconds * 1_000 - passed);
}

fn next_id(play: &mut Play, client: u64) -> i32 {
    let bytes = play.bytes_of(IdsRequest { num_ids: None });
    play.heard(client);
    play.step(crate::server::Input::Received(crate::server::SessionId(client), &bytes));
    play.pass(5_000);
    let answers = play.answers(client);
    let [Answer::NextValidId(it)] = answers.as_slice() else { panic!("{answers:?}") };
    it.order_id.unwrap()
}

#[test]
fn the_night_of_a_gateway() {
    // A quarter to twelve in New York is 13:40:55 after the start.
    const RESTART: u64 = 49_255;
    for version in ERAS {
        let mut play = Play::of(version, DAILY_RESTART);
        until(&mut play, RESTART - 20);
        play.connect(1);
        until(&mut play, RESTART - 9);
        assert_eq!(play.heard(1), ["NEXT_VALID_ID", "error -1 2103", "error -1 2105"]);
        for id in 1..=6 {
            play.ask(1, place(id, limit("BUY", "10", 400.0)));
        }
        assert_eq!(next_id(&mut play, 1), 7);
        until(&mut play, RESTART);
        assert!(play.is_closed(1) && !play.server.listens());
        until(&mut play, RESTART + 90);
        assert!(play.server.listens());
        until(&mut play, RESTART + 92);
        play.open(2);
        assert!(play.pieces(2).is_empty() && !play.is_closed(2), "it is taken and hears nothing");
        until(&mut play, RESTART + 112);
        assert!(play.is_closed(2));
        play.open(3);
        let heard = play.start(3, 1);
        assert!(!heard.contains(&"NEXT_VALID_ID".to_owned()), "{heard:?}");
        play.pass(5_000);
        assert_eq!(play.heard(3), ["NEXT_VALID_ID"]);
        assert_eq!(next_id(&mut play, 3), 3, "ids that were given are given again");
        let open = play.ask(3, OpenOrdersRequest {});
        assert_eq!(open.iter().filter(|word| word.starts_with("open ")).count(), 6, "the orders work still");
    }
}

#[test]
fn a_weekend_of_lost_links() {
    for version in ERAS {
        let mut play = Play::of(version, LOST_LINKS);
        play.connect(1);
        play.watch(1, 5);
        let mut price = 431;
        let mut flows = |play: &mut Play| {
            price += 1;
            play.heard(1);
            play.quote(&format!("{price}.00"), &format!("{price}.10"));
            play.heard(1) == ["ticks"]
        };
        assert!(flows(&mut play));
        let mut seen = Vec::new();
        for (at, expected) in [
            (61, false),
            (81, true),
            (181, false),
            (201, false),
            // Asked for anew, below.
            (202, true),
            (301, false),
            (310, false),
            (311, true),
            (421, false),
            (482, true),
        ] {
            until(&mut play, at);
            seen.extend(play.heard(1).into_iter().filter(|word| word.starts_with("error")));
            if [202, 311].contains(&at) {
                play.watch(1, 5);
            }
            assert_eq!(flows(&mut play), expected, "at {at} s");
        }
        let codes: Vec<&str> = seen.iter().filter_map(|word| word.split(' ').nth(2)).collect();
        assert_eq!(codes, ["1100", "1102", "1100", "1101", "2103", "2104", "10197"]);
        until(&mut play, 541);
        assert_eq!(play.heard(1).last().map(String::as_str), Some("error -1 1100"));
        until(&mut play, 545);
        assert!(play.is_closed(1));
        assert_eq!(play.connect(2).len(), 5, "nothing says that it was ever away");
        until(&mut play, 661);
        assert!(play.ask(2, CurrentTimeRequest {}).is_empty());
        until(&mut play, 690);
        assert_eq!(play.heard(2), ["CURRENT_TIME"]);
        until(&mut play, 781);
        assert!(play.ask(2, CurrentTimeRequest {}).is_empty() && !play.is_closed(2));
    }
}

#[test]
fn frames_as_a_bad_network_makes_them() {
    for version in ERAS {
        let mut play = Play::of(version, TORN_FRAMES);
        play.connect(1);
        play.pass(1_000);
        play.watch(1, 5);
        play.ask(1, AccountDataRequest { subscribe: Some(true), acct_code: None });
        let mut heard = Vec::new();
        for id in 1..=20 {
            heard.extend(play.ask(1, place(id, market("BUY", "10"))));
            play.pass(3_000);
            heard.extend(play.heard(1));
        }
        let count = |wanted: &str| heard.iter().filter(|word| word.starts_with(wanted)).count();
        assert_eq!(count("exec "), 20, "each is told, and once");
        assert!(count("status ") > count("open "), "statuses come more than once");
        let first = |wanted: &str| heard.iter().position(|word| word == wanted).unwrap();
        let late = (1..=20).filter(|id| {
            let exec = heard.iter().position(|word| word.starts_with(&format!("exec {id} "))).unwrap();
            first(&format!("status {id} Filled 10/0")) < exec
        });
        let late = late.count();
        assert!((2..=18).contains(&late), "{late} of 20 executions come behind their status: {heard:?}");
        play.pass(30);
        assert_eq!(play.rest(1), 0, "whatever came in pieces is whole");
        until(&mut play, 300);
        play.pass(1_000);
        assert!(play.is_closed(1));
        assert!((1..=6).contains(&play.rest(1)), "it ends within a frame");
    }
}

#[test]
fn trades_whose_paper_is_late_missing_or_wrong() {
    for version in ERAS {
        let mut play = Play::of(version, LOST_COMMISSIONS);
        play.connect(1);
        let mut heard = Vec::new();
        for id in 1..=5 {
            heard.push(play.ask(1, place(id, market("BUY", "10"))));
        }
        let has = |nth: usize, wanted: &str| heard[nth].iter().any(|word| word.starts_with(wanted));
        assert_eq!((0..5).map(|nth| has(nth, "cost ")).collect::<Vec<_>>(), [false, true, false, true, true]);
        assert!((0..5).all(|nth| has(nth, "exec ")));
        let filled: Vec<bool> = (0..5).map(|nth| has(nth, &format!("status {} Filled", nth + 1))).collect();
        assert_eq!(filled, [true, true, true, false, false]);
        play.pass(2_000);
        assert_eq!(play.heard(1), ["exec 3 BOT 10 @430.1"]);
        play.pass(8_000);
        assert_eq!(play.heard(1), ["exec 2 BOT 10 @430.15"]);
        play.pass(50_000);
        assert_eq!(play.heard(1), ["cost 1"]);
        let all = play.ask(1, ExecutionRequest { req_id: Some(1), execution_filter: None });
        assert_eq!(all.iter().filter(|word| word.starts_with("exec ")).count(), 5);
    }
}

#[test]
fn orders_that_are_lost_late_and_said_to_be_what_they_are_not() {
    for version in ERAS {
        let mut play = Play::of(version, BAD_ORDERS);
        play.connect(1);
        let placed: Vec<_> = (1..=5).map(|id| play.ask(1, place(id, limit("BUY", "10", 400.0)))).collect();
        assert_eq!(placed[1][0], "error 2 10349");
        assert!(placed[1].contains(&"status 2 Submitted 0/10".to_owned()));
        assert!(placed[3].is_empty());
        assert!(play.ask(1, cancel(1)).contains(&"error 1 10148".to_owned()));
        assert_eq!(play.ask(1, cancel(2)), ["error 2 10147"]);
        assert_eq!(play.ask(1, cancel(3)), ["status 3 Cancelled 0/10", "error 3 202"]);
        play.pass(2_000);
        let filled: Vec<_> = play.heard(1).into_iter().filter(|word| word.starts_with("exec")).collect();
        assert_eq!(filled, ["exec 2 BOT 10 @400", "exec 3 BOT 10 @400"]);
        play.pass(300_000);
        play.ask(1, cancel(99));
        assert!(play.ask(1, OpenOrdersRequest {}).len() == 3, "only the fifth is left");
    }
}
