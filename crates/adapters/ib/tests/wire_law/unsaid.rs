//! What the library has no words for: the table names all of it, and nothing that the library has learned to say since.
//!
//! A cancel's operator and whether a person asked for it are the rest of it: the library's call for a cancel takes the
//! moment alone (`orders::cancels` looks at what arrives).

use crate::line::Line;
use crate::orders::{Case, plain};
use tradeport_ib::translate::CANNOT_SAY;
use tradeport_orders::{AuctionStrategy, MiscOption, OrderDraft, PhysicalExchange};

/// An order that says it, by the table's name of it.
fn saying(name: &str) -> OrderDraft {
    let mut draft = plain();
    match name {
        "auction strategy" => draft.attributes.routing.auction = Some(AuctionStrategy::Match),
        "price management off" => draft.attributes.routing.price_management = Some(false),
        "marketable to best bid or offer off" => draft.attributes.routing.marketable_to_best = Some(false),
        "basis points" => {
            let basis_points = "1.5".parse().ok();
            draft.attributes.physical =
                Some(PhysicalExchange { basis_points, basis_points_type: Some(1), future: None });
        }
        "a tag twice" => {
            let option =
                |value: &str| MiscOption { tag: "x".parse().unwrap(), value: value.parse().unwrap() };
            draft.attributes.routing.misc = vec![option("1"), option("2")];
        }
        other => panic!("{other} has no example"),
    }
    draft
}

#[test]
fn what_stands_in_the_table_is_refused_and_lost_if_it_is_sent_all_the_same() {
    let mut line = Line::new();
    for (name, reason) in CANNOT_SAY {
        assert!(!reason.is_empty());
        let draft = saying(name);
        assert!(Case::of(&draft).is_none(), "{name}: the adapter would send it");
        let case = Case::whatever_it_says(&draft);
        assert_eq!(case.cannot_say(), [name]);
        let request = line.place(&[case.sent()]).pop().unwrap();
        let heard = case.heard(&request).unwrap();
        assert_ne!(heard, case.intent, "{name}: the library says it now, so it has no place in the table");
        if name != "a tag twice" {
            let without = Case::of(&plain()).unwrap();
            assert_eq!(heard, without.intent, "{name}: more is lost than that");
        }
    }
}
