//! Whatever clients do and the market does, the books agree.

use super::stage::{Stage, cancel, limit, market, place, stop};
use crate::wire::{Answer, proto};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tradeport_kernel::Decimal;

#[derive(Clone, Debug)]
enum Act {
    Place {
        client: u64,
        id: i32,
        buys: bool,
        quantity: u32,
        kind: u8,
        cents: i64,
        parent: i32,
        transmit: bool,
    },
    Cancel {
        client: u64,
        id: i32,
    },
    Quote {
        cents: i64,
    },
    Pass,
    CancelAll {
        client: u64,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let place = (1..=2_u64, 1..12_i32, any::<bool>(), 1..300_u32, 0..5_u8, -300..300_i64, 0..14_i32, 0..4_u8);
    prop_oneof![
        6 => place.prop_map(|(client, id, buys, quantity, kind, cents, parent, held)| Act::Place {
            client,
            id,
            buys,
            quantity,
            kind,
            cents,
            // Mostly without a parent.
            parent: if parent > 11 { parent - 11 } else { 0 },
            transmit: held > 0,
        }),
        3 => (1..=2_u64, 1..12_i32).prop_map(|(client, id)| Act::Cancel { client, id }),
        4 => (-300..300_i64).prop_map(|cents| Act::Quote { cents }),
        1 => Just(Act::Pass),
        1 => (1..=2_u64).prop_map(|client| Act::CancelAll { client }),
    ]
}

/// What one client has heard.
#[derive(Default)]
struct Ears {
    /// Signed units by execution.
    executions: BTreeMap<String, Decimal>,
    /// Final statuses by order.
    ends: BTreeMap<i32, Vec<String>>,
    costs: usize,
}

impl Ears {
    fn hear(&mut self, answers: &[Answer]) {
        for answer in answers {
            match answer {
                Answer::ExecutionDetails(it) => {
                    let it = it.execution.as_ref().unwrap();
                    let units: Decimal = it.shares.as_ref().unwrap().parse().unwrap();
                    let signed = if it.side.as_deref() == Some("BOT") { units } else { -units };
                    let known = self.executions.insert(it.exec_id.clone().unwrap(), signed);
                    assert!(known.is_none(), "told twice");
                    let ended = self.ends.get(&it.order_id.unwrap());
                    assert!(ended.is_none(), "an execution of an order that has ended");
                }
                Answer::CommissionAndFeesReport(it) => {
                    assert!(self.executions.contains_key(it.exec_id.as_ref().unwrap()));
                    self.costs += 1;
                }
                Answer::OrderStatus(it) => {
                    let status = it.status.clone().unwrap();
                    if matches!(status.as_str(), "Filled" | "Cancelled" | "Inactive") {
                        self.ends.entry(it.order_id.unwrap()).or_default().push(status);
                    }
                }
                _ => {}
            }
        }
    }
}

fn run(acts: Vec<Act>) {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.connect(2, 8);
    let mut ears = [Ears::default(), Ears::default()];
    let price = |cents: i64| Decimal::new(43_000 + cents, 2);
    for act in acts {
        match act {
            Act::Place { client, id, buys, quantity, kind, cents, parent, transmit } => {
                let (action, units) = (if buys { "BUY" } else { "SELL" }, quantity.to_string());
                let at: f64 = price(cents).to_string().parse().unwrap();
                let mut order = match kind {
                    0 => market(action, &units),
                    1 => stop(action, &units, at),
                    2 => proto::Order { order_type: Some("REL".to_owned()), ..limit(action, &units, at) },
                    _ => limit(action, &units, at),
                };
                (order.parent_id, order.transmit) = (Some(parent), Some(transmit));
                let told = stage.ask(client, place(id, order));
                assert!(!told.is_empty(), "no answer to an order");
                ears[usize::from(client == 2)].hear(&told);
            }
            Act::Cancel { client, id } => {
                let told = stage.ask(client, cancel(id));
                assert!(!told.is_empty(), "no answer to a cancel");
                ears[usize::from(client == 2)].hear(&told);
            }
            Act::Quote { cents } => {
                let (bid, ask) = (price(cents).to_string(), price(cents + 10).to_string());
                stage.quote_of("AAPL", &bid, &ask, "150");
            }
            Act::Pass => stage.pass(1),
            Act::CancelAll { client } => {
                let told = stage.ask(client, proto::GlobalCancelRequest::default());
                ears[usize::from(client == 2)].hear(&told);
            }
        }
        for session in [1, 2] {
            let told = stage.told(session);
            ears[usize::from(session == 2)].hear(&told);
        }
    }
    check(&mut stage, &mut ears);
}

fn check(stage: &mut Stage, ears: &mut [Ears; 2]) {
    let open = stage.ask(1, proto::AllOpenOrdersRequest {});
    let alive: Vec<(i32, i32)> = open
        .iter()
        .filter_map(|answer| match answer {
            Answer::OpenOrder(it) => Some((it.order.as_ref()?.client_id?, it.order_id?)),
            _ => None,
        })
        .collect();
    for (client_id, ears) in [7, 8].into_iter().zip(ears.iter()) {
        for (order_id, ends) in &ears.ends {
            assert_eq!(ends.len(), 1, "order {order_id} of {client_id} ended more than once: {ends:?}");
            assert!(!alive.contains(&(client_id, *order_id)), "order {order_id} has ended and lives");
        }
        assert_eq!(ears.costs, ears.executions.len());
    }
    let traded: Decimal = ears.iter().flat_map(|ears| ears.executions.values()).sum();
    let told = stage.ask(1, proto::PositionsRequest {});
    let held = told.iter().find_map(|answer| match answer {
        Answer::Position(it) => it.position.as_ref().and_then(|it| it.parse().ok()),
        _ => None,
    });
    assert_eq!(traded, held.unwrap_or_default(), "executions and position differ");
    let account = stage.server.world_mut().accounts()[0].clone();
    let real = stage.server.world_mut().exchange().positions(&account).unwrap();
    let real = real.first().map_or(Decimal::ZERO, |it| it.quantity().as_decimal());
    assert_eq!(traded, real);
    let told = stage.ask(1, proto::GlobalCancelRequest::default());
    ears[0].hear(&told);
    assert_eq!(stage.ask(1, proto::AllOpenOrdersRequest {}).len(), 1, "something outlived a global cancel");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn executions_positions_and_ends_agree(acts in proptest::collection::vec(act(), 1..60)) {
        run(acts);
    }
}
