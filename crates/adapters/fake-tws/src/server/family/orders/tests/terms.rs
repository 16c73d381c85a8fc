//! The table of what orders say, against what becomes of an order of every kind.

use super::stage::{APPLE, Stage, limit, place, words};
use crate::server::{Carried, TERMS};
use crate::wire::proto;

const TRANSLATION: &str = include_str!("../../../../translate/order/kind.rs");

/// Every order type that is read from the wire, from the very lines that read them.
fn types() -> Vec<&'static str> {
    let (reading, _) = TRANSLATION.split_once("\nfn limit(").unwrap();
    let quoted = |line: &'static str| {
        let line = line.trim().trim_start_matches('(');
        let (name, rest) = line.strip_prefix('"')?.split_once('"')?;
        let is_type =
            rest.starts_with(" =>") || rest.starts_with(" if ") || rest.starts_with(", VolatilityPeg");
        is_type.then_some(name)
    };
    let mut names: Vec<_> = reading.lines().filter_map(quoted).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn carried(name: &str) -> Option<Carried> {
    let found: Vec<_> = TERMS.iter().filter(|row| row.names.contains(&name)).map(|row| row.carried).collect();
    assert!(found.len() < 2, "{name} is told twice");
    found.first().copied()
}

/// An order of a type, with whatever the type needs.
fn of_type(name: &str) -> proto::Order {
    let bare = |order: proto::Order| proto::Order { lmt_price: None, ..order };
    let order = proto::Order { order_type: Some(name.to_owned()), ..limit("BUY", "10", 400.0) };
    let aux = |order: proto::Order, aux: f64| proto::Order { aux_price: Some(aux), ..order };
    match name {
        "MKT" | "MKT PRT" | "BOX TOP" | "VWAP" | "MOC" | "MTL" => bare(order),
        "STP" | "STP PRT" => aux(bare(order), 440.0),
        "STP LMT" => proto::Order { lmt_price: Some(440.0), ..aux(order, 440.0) },
        "MIT" => aux(bare(order), 420.0),
        "LIT" => aux(order, 420.0),
        "TRAIL LIMIT" | "TRAIL LIT" | "TRAIL LMT + MKT" => {
            proto::Order { lmt_price_offset: Some(0.5), ..aux(bare(order), 5.0) }
        }
        name if name.starts_with("TRAIL") => aux(bare(order), 5.0),
        "PEG STK" => proto::Order { delta: Some(0.5), ..bare(order) },
        "PEG BENCH" => proto::Order {
            reference_contract_id: Some(APPLE),
            reference_exchange_id: Some("NASDAQ".to_owned()),
            pegged_change_amount: Some(0.1),
            reference_change_amount: Some(0.5),
            ..bare(order)
        },
        "VOL" | "PPV" | "PDV" | "PMV" | "PSV" => {
            proto::Order { volatility: Some(20.0), volatility_type: Some(2), ..bare(order) }
        }
        _ => order,
    }
}

/// Does an order end up at the exchange?
fn reaches_the_exchange(order: proto::Order) -> bool {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let name = order.order_type.clone();
    let on_option = matches!(name.as_deref(), Some("VOL" | "PPV" | "PDV" | "PMV" | "PSV" | "PEG STK"));
    let mut request = place(1, order);
    if on_option {
        request.contract = Some(proto::Contract {
            symbol: Some("AAPL".to_owned()),
            sec_type: Some("OPT".to_owned()),
            exchange: Some("SMART".to_owned()),
            currency: Some("USD".to_owned()),
            right: Some("C".to_owned()),
            strike: Some(430.0),
            last_trade_date_or_contract_month: Some("20270115".to_owned()),
            ..proto::Contract::default()
        });
    }
    let told = words(&stage.ask(1, request));
    // What must trade at once and cannot has been there.
    let refused = told.iter().any(|word| word.starts_with("error") && !word.ends_with(" 202"));
    assert!(!refused, "{name:?}: {told:?}");
    let exchange = stage.server.world_mut().exchange();
    !exchange.open_orders().is_empty() || exchange.ended_orders().count() > 0
}

#[test]
fn every_kind_of_order_is_in_the_table() {
    let types = types();
    assert!(types.len() > 35, "{types:?}");
    for name in types {
        assert!(carried(name).is_some(), "{name} is missing in the table");
    }
}

#[test]
fn kinds_are_carried_out_as_the_table_says() {
    for name in types() {
        let reaches = reaches_the_exchange(of_type(name));
        assert_eq!(reaches, carried(name) != Some(Carried::Rests), "{name}");
    }
}

#[test]
fn times_in_force_are_carried_out_as_the_table_says() {
    for name in ["DAY", "GTC", "IOC", "FOK", "OPG", "DTC", "AUC", "GTX", "Minutes"] {
        // An auction takes market-to-limit orders.
        let kind = if name == "AUC" { "MTL" } else { "LMT" };
        let order = proto::Order { tif: Some(name.to_owned()), ..of_type(kind) };
        assert_eq!(reaches_the_exchange(order), carried(name) != Some(Carried::Rests), "{name}");
    }
}
