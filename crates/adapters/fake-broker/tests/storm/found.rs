//! What storms have found, each by itself.

use crate::act::Act;
use crate::house::{House, key};
use crate::line::Death;
use futures::executor::block_on;
use tradeport_fake_broker::WayFault;

/// The second order of the group.
const SECOND: usize = 8;
/// The first target of the bracket that has two.
const NEAR: usize = 4;
/// That of the first bracket.
const TARGET: usize = 1;

fn after(acts: &[Act]) -> Vec<String> {
    let mut house = House::new();
    acts.iter().for_each(|act| house.act(*act));
    house.calm();
    house.judge()
}

const fn a_little_trades(ask_units: u32) -> Act {
    Act::Quote { cents: 9_880, bid_units: 1, ask_units }
}

#[test]
fn another_size_whose_answer_was_lost_is_proven_after_another_of_its_group_has_traded() {
    for units in [3, 12, 19, 20, 40] {
        let lost = [Act::Want(2), Act::OnTheWay(WayFault::AnswerLost), Act::Resize(SECOND, units)];
        for traded in [1, 5] {
            let acts = [&lost[..], &[Act::Hear, a_little_trades(traded)]].concat();
            assert_eq!(after(&acts), Vec::<String>::new(), "{units} wanted, {traded} traded beside it");
        }
        let lost = [Act::Want(2), Act::OnTheWay(WayFault::RequestLost), Act::Resize(SECOND, units)];
        let acts = [&lost[..], &[Act::Hear, a_little_trades(5)]].concat();
        assert_eq!(after(&acts), Vec::<String>::new(), "{units} wanted, and never asked for");
    }
}

#[test]
fn a_change_to_what_it_is_already_keeps_nothing_open() {
    for fault in [WayFault::AnswerLost, WayFault::RequestLost] {
        let acts = [Act::Want(2), a_little_trades(1), Act::OnTheWay(fault), Act::Reprice(SECOND, 0)];
        assert_eq!(after(&acts), Vec::<String>::new(), "{fault:?}");
    }
}

#[test]
fn who_joins_a_group_or_grows_in_it_counts_beside_what_of_it_has_traded() {
    let lonely = [Act::Die(Death::After), Act::Want(2), Act::Hear];
    let joins =
        [&lonely[..], &[Act::Want(0), Act::Resize(0, 60), Act::Trade(SECOND - 1, 5), Act::Want(2)]].concat();
    let grows = [Act::Want(1), Act::Want(2), Act::Trade(SECOND, 6), Act::Resize(SECOND - 1, 45)];
    // The stop has sold six of forty, and left the target as large.
    let stopped = Act::Quote { cents: 9_880, bid_units: 6, ask_units: 1 };
    let grows_back = [Act::Want(0), Act::Trade(0, 40), Act::Hear, stopped, Act::Resize(TARGET, 35)];
    for acts in [&joins[..], &grows, &grows_back] {
        let mut house = House::new();
        for act in acts {
            house.act(*act);
            assert_eq!(house.faults(), Vec::<String>::new(), "after {act:?}");
        }
    }
}

/// The near target is for ten of thirty: what it fills is none of the far one's, and none of the stop for the other twenty.
#[test]
fn a_target_for_a_part_leaves_the_exits_of_the_rest_as_they_are() {
    let mut house = House::new();
    [Act::Want(1), Act::Trade(NEAR - 1, 30), Act::Hear, Act::Trade(NEAR, 10)]
        .iter()
        .for_each(|act| house.act(*act));
    house.calm();
    let desk = house.desk.as_ref().unwrap();
    let open = |name: &str| {
        let order = block_on(desk.order(&key(name))).unwrap();
        order.open_quantity().filter(|_| order.state().may_trade()).unwrap_or_default()
    };
    let left = ["b.target1", "b.stop1", "b.target2", "b.stop2"].map(open);
    assert_eq!(left.map(|units| units.to_string()), ["0", "0", "20", "20"]);
    assert_eq!(house.judge(), Vec::<String>::new());
}
