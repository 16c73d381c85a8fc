//! What the broker says of orders of others between two lists, and in lists that are odd.

use super::*;

async fn fits(desk: &OrderDesk, units: u32) {
    assert_eq!((may_buy(desk, units).await, may_buy(desk, units + 1).await), (Ok(()), too_many(51)));
}

#[test]
fn a_word_on_an_order_of_others_that_goes_on_ends_nothing() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        for phase in [BrokerPhase::Held, BrokerPhase::Working, BrokerPhase::CancelPending] {
            house.broker.say(None, BrokerNews::Status(status(phase, 0)));
            desk.pump().await.unwrap();
            fits(&desk, 10).await;
        }
    });
}

#[test]
fn an_order_of_others_that_is_listed_as_ended_counts_for_nothing() {
    use BrokerPhase::{Cancelled, Expired, Filled, Refused};
    block_on(async {
        for phase in [Cancelled, Expired, Filled, Refused] {
            let house = House::new();
            lists(&house.broker, vec![BrokerOrder { status: status(phase, 0), ..by_hand(Side::Buy, 40, 0) }]);
            fits(&house.desk_under(at_most(50)).await, 50).await;
        }
    });
}

#[test]
fn what_an_order_of_others_has_traded_beyond_its_size_is_no_room_for_ours() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        house.broker.say(None, BrokerNews::Executed(traded("x", 45)));
        desk.pump().await.unwrap();
        fits(&desk, 5).await;
    });
}

#[test]
fn what_an_order_without_a_number_has_traded_is_held() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        lists(&house.broker, vec![BrokerOrder { perm_id: None, ..by_hand(Side::Buy, 40, 10) }]);
        let desk = house.desk_under(at_most(50)).await;
        for _ in 0..2 {
            fits(&desk, 10).await;
            look(&desk).await;
        }
    });
}

#[test]
fn what_one_of_a_group_by_hand_had_traded_at_its_end_counts_beside_the_other_until_it_is_told() {
    block_on(async {
        let house = House::new();
        let of =
            |number, units| in_group("g", OcaEffect::ReduceWithBlock, numbered(number, Side::Buy, units));
        lists(&house.broker, vec![of(1, 10), of(2, 20)]);
        let desk = house.desk_under(at_most(50)).await;
        fits(&desk, 30).await;
        let ended = BrokerStatus { perm_id: Some(PermId::new(1)), ..status(BrokerPhase::Cancelled, 4) };
        house.broker.say(None, BrokerNews::Status(ended));
        desk.pump().await.unwrap();
        fits(&desk, 26).await;
    });
}

#[test]
fn what_an_order_of_others_frees_by_its_end_is_exposure_no_more() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft {
            max_gross_share: Some("0.05".parse().unwrap()),
            max_position_share: "0.05".parse().unwrap(),
            ..PolicyDraft::default()
        };
        let msft = Symbol::new("MSFT").unwrap();
        lists(&house.broker, vec![BrokerOrder { symbol: msft, ..by_hand(Side::Buy, 30, 0) }]);
        house.broker.script(|script| script.listed = vec![share(msft)]);
        let desk = house.desk_under(limits).await;
        let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
        let now = tradeport_kernel::Timestamp::EPOCH;
        desk.note_quote(Quote::new(msft, now, level("99"), level("101")).unwrap());
        let most = async |units| {
            assert_eq!(may_buy(&desk, units).await, Ok(()));
            let more = may_buy(&desk, units + 1).await;
            assert_eq!(more, Err((Rule::MaxGrossShare, "0.051".to_owned())));
        };
        most(20).await;
        // Ten of them have traded, and no execution has told it.
        house.broker.say(None, BrokerNews::Status(status(BrokerPhase::Cancelled, 10)));
        desk.pump().await.unwrap();
        most(40).await;
    });
}
