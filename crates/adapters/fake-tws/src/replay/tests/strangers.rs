//! What was never recorded, and clients that nobody expected.

use super::stage::{Stage, details, frame, opening, order, played, quotes, script, start};
use crate::record::{Event, Record, Side};
use crate::replay::player::Theatre;
use crate::replay::{Player, Script};
use crate::server::{RateLimit, ServerSettings};
use crate::wire::Answer;
use crate::wire::proto::{self, ErrorMessage};
use proptest::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use tradeport_kernel::Timestamp;

fn errors(answers: &[Answer]) -> Vec<&ErrorMessage> {
    fn error(answer: &Answer) -> Option<&ErrorMessage> {
        if let Answer::ErrorMessage(error) = answer { Some(error) } else { None }
    }
    answers.iter().filter_map(error).filter(|it| it.error_code == Some(320)).collect()
}

#[test]
fn what_was_never_recorded_is_error_320_about_it() {
    let mut stage = Stage::new(ServerSettings::default());
    let mut acts = vec![(0, opening(226)), (1, frame(226, start(1)))];
    acts.push((10, frame(226, details(1, "AAPL"))));
    acts.push((20, frame(226, order(1, "10", "r"))));
    stage.session(&acts, 500);
    for version in [226, 178] {
        assert_eq!(
            Player::new(stage.script()).receive(&opening(version), Timestamp::EPOCH, &mut Vec::new()).is_ok(),
            version == 226
        );
    }
    acts.push((30, frame(226, details(7, "MSFT"))));
    acts.push((40, frame(226, order(2, "11", "r"))));
    acts.push((50, frame(226, proto::CancelOrderRequest { order_id: Some(2), order_cancel: None })));
    acts.push((60, frame(226, proto::FamilyCodesRequest {})));
    acts.push((70, vec![0, 0, 0, 5, 0, 0, 0, 1, 0xff]));
    let heard = played(&mut Player::new(stage.script()), &acts, 500).answers(226);
    let ids: Vec<_> = errors(&heard).iter().map(|it| it.id).collect();
    assert_eq!(ids, [Some(7), Some(2), Some(2), Some(-1), Some(-1)]);
    assert!(errors(&heard)[0].error_msg.as_deref().is_some_and(|it| it.contains("reqContractDetails")));
}

#[test]
fn a_cancel_that_was_never_recorded_ends_its_stream_alone() {
    let mut stage = Stage::new(ServerSettings::default());
    let mut acts = vec![(0, opening(226)), (1, frame(226, start(1)))];
    acts.push((10, frame(226, quotes(1, "AAPL"))));
    acts.push((20, frame(226, quotes(2, "MSFT"))));
    stage.session(&acts, 9_000);
    acts.push((3_000, frame(226, proto::CancelMarketData { req_id: Some(1) })));
    let heard = played(&mut Player::new(stage.script()), &acts, 9_000);
    assert!(errors(&heard.answers(226)).is_empty());
    let mut last = [Timestamp::EPOCH; 3];
    for (at, bytes) in &heard.pieces[1..] {
        let mut buffer = crate::wire::FrameBuffer::opened();
        buffer.push(bytes);
        while let Some(frame) = buffer.next_frame().expect("frames") {
            let answer = crate::wire::Codec::new(226).answer(frame).expect("an answer");
            let req_id = match answer {
                Answer::TickPrice(it) => it.req_id,
                Answer::TickSize(it) => it.req_id,
                _ => continue,
            };
            last[usize::try_from(req_id.expect("a number")).expect("a small one")] = *at;
        }
    }
    let cancelled = super::stage::NOW.after(Duration::from_secs(3));
    assert!(last[1] <= cancelled && cancelled < last[2], "{last:?}");
}

#[test]
fn a_connection_that_the_server_closed_is_closed_again() {
    let limit = RateLimit { per_second: 2, breaches: 1 };
    let mut stage = Stage::new(ServerSettings { message_rate: Some(limit), ..ServerSettings::default() });
    let time = || frame(226, proto::CurrentTimeRequest {});
    let acts: Vec<_> = [(0, opening(226)), (1, frame(226, start(1)))]
        .into_iter()
        .chain((2..9).map(|at| (at, time())))
        .collect();
    let heard = stage.session(&acts, 1_000);
    assert!(heard.closed.is_some());
    assert_eq!(played(&mut Player::new(stage.script()), &acts, 1_000), heard);
}

#[test]
fn clients_get_the_part_with_their_id_and_parts_are_given_out_again() {
    let mut stage = Stage::new(ServerSettings::default());
    let acts =
        |id, symbol| vec![(0, opening(226)), (1, frame(226, start(id))), (2, frame(226, details(1, symbol)))];
    let one = stage.session(&acts(1, "AAPL"), 100);
    let two = stage.session(&acts(2, "MSFT"), 100);
    let theatre = Theatre { script: stage.script(), casting: Arc::default() };
    let hear = |id, symbol| played(&mut Player::in_theatre(theatre.clone()), &acts(id, symbol), 100);
    for _ in 0..2 {
        assert_eq!(hear(2, "MSFT"), two);
        assert_eq!(hear(1, "AAPL"), one);
    }
    // A stranger takes what is there.
    assert_eq!(hear(9, "AAPL"), one);
}

#[test]
fn a_server_that_says_no_frames_is_repeated_as_it_was() {
    let mut stage = Stage::new(ServerSettings::default());
    let acts = vec![(0, opening(226)), (1, frame(226, start(1)))];
    stage.session(&acts, 100);
    stage.recording.pop();
    let at = stage.recording.last().expect("records").at.after(Duration::from_millis(50));
    let garbage = vec![0xff; 12];
    stage.recording.push(Record { at, connection: 1, event: Event::Sent(Side::Server, garbage.clone()) });
    let heard = played(&mut Player::new(script(&stage.recording)), &acts, 1_000);
    assert_eq!(heard.pieces.last(), Some(&(at, garbage)));
}

fn recorded() -> Arc<Script> {
    let mut stage = Stage::new(ServerSettings::default());
    stage.session(&[(0, opening(226)), (1, frame(226, start(1))), (2, frame(226, details(1, "AAPL")))], 100);
    stage.script()
}

proptest! {
    #[test]
    fn whatever_a_client_sends_is_answered_or_closed(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..10),
    ) {
        let mut player = Player::new(recorded());
        let mut out = Vec::new();
        player.receive(&opening(226), Timestamp::EPOCH, &mut out).expect("a version");
        for piece in pieces {
            if player.receive(&piece, Timestamp::EPOCH, &mut out).is_err() {
                break;
            }
        }
    }

    #[test]
    fn whatever_is_recorded_makes_a_script(
        pieces in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..60)), 0..12),
    ) {
        let mut stage = Stage::new(ServerSettings::default());
        stage.session(&[(0, opening(226)), (1, frame(226, start(1)))], 100);
        stage.recording.pop();
        for (from_client, bytes) in pieces {
            let side = if from_client { Side::Client } else { Side::Server };
            let at = stage.recording.last().expect("records").at;
            stage.recording.push(Record { at, connection: 1, event: Event::Sent(side, bytes) });
        }
        prop_assert_eq!(script(&stage.recording).connections(), 1);
    }
}
