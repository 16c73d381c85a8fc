//! Every message of the schema, filled in, tells nothing private.

use super::*;
use crate::wire::text::tests::filled;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Parts of names that say that a field is private.
const PRIVATE: &[&str] = &[
    "account",
    "acct",
    "xml",
    "quantity",
    "shares",
    "filled",
    "remaining",
    "avg_",
    "average_cost",
    "position",
    "pnl",
    "market_value",
    "order_ref",
    "exec_id",
    "perm_id",
    "lmt_price",
    "aux_price",
    "action",
    "side",
    "margin",
    "commission",
    "equity",
    "reject",
    "warning_text",
    "advanced_order",
    "cash_qty",
    "trusted_ips",
    "cum_qty",
];
/// Names of market data that look like it.
const OF_MARKETS: &[&str] = &["position", "side"];

/// All leaves with the names that lead to them.
fn leaves(node: &Node, path: &str, found: &mut BTreeMap<String, Node>) {
    match node {
        Node::Group(fields) => {
            fields.iter().for_each(|(name, node)| leaves(node, &format!("{path}.{name}"), found))
        }
        Node::List(entries) => entries.iter().for_each(|node| leaves(node, path, found)),
        other => {
            found.insert(path.to_owned(), other.clone());
        }
    }
}

/// What is told of a message, and what it holds.
fn told(message: &str, kept: &Node, whole: &Node, untold: &Cell<usize>) {
    let (mut shown, mut all) = (BTreeMap::new(), BTreeMap::new());
    leaves(kept, "", &mut shown);
    leaves(whole, "", &mut all);
    assert!(!all.values().any(|it| *it == Node::Hidden), "{message}: everything is told on request");
    for (path, value) in all {
        let name = path.rsplit('.').next().unwrap_or_default();
        let depth = message.contains("DEPTH") || message == "reqMktDepth";
        let private = PRIVATE.iter().any(|it| name.contains(it)) && !(depth && OF_MARKETS.contains(&name));
        // The legs of a combo belong to the contract that is asked about.
        let private = private && !path.contains(".combo_legs.");
        let private = private && message != "SCANNER_PARAMETERS";
        // A list is hidden as a whole.
        let hidden = shown.get(&path).is_none_or(|it| *it == Node::Hidden);
        assert!(hidden || !private, "{message}{path} = {value:?} is told");
        untold.set(untold.get() + usize::from(hidden));
    }
}

#[test]
fn no_message_tells_what_is_private() {
    let untold = Cell::new(0);
    filled(
        |request| {
            told(request.name(), &Privacy::Kept.request(request), &Privacy::Told.request(request), &untold);
        },
        |answer| {
            told(answer.name(), &Privacy::Kept.answer(answer), &Privacy::Told.answer(answer), &untold);
        },
    );
    assert!(untold.get() > 300, "{untold:?}");
}

#[test]
fn market_data_is_told_whole() {
    let tick = Answer::from(crate::wire::proto::TickPrice {
        req_id: Some(1),
        price: Some(2.5),
        ..Default::default()
    });
    assert_eq!(Privacy::Kept.answer(&tick), tick.node());
}

#[test]
fn the_text_of_an_error_is_told_only_when_it_is_about_markets() {
    let text = |code| {
        let error = crate::wire::proto::ErrorMessage {
            error_code: Some(code),
            error_msg: Some("DU1234567".to_owned()),
            ..Default::default()
        };
        let mut found = BTreeMap::new();
        leaves(&Privacy::Kept.answer(&error.into()), "", &mut found);
        found.remove(".error_msg")
    };
    for code in [201, 202, 321, 399, 435, 436, 0, 99_999] {
        assert_eq!(text(code), Some(Node::Hidden), "{code}");
    }
    for code in [200, 354, 2104] {
        assert_ne!(text(code), Some(Node::Hidden), "{code}");
    }
}
