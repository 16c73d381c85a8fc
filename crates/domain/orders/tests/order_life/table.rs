//! The table of `docs/order-life.md`: every input in every state, asked of the state machine itself.

use std::fmt::Write;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, PermId, Quantity, Symbol, Timestamp};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, CancelTag, ExecutedPart, Execution, ExecutionId, Order, OrderDraft,
    OrderInput, OrderKind, OrderState, PreviewedMargin, RefusedBy, Side,
};

/// An input, what it is called, and who must have said so.
type Row = (&'static str, &'static str, OrderInput);

fn order() -> Order {
    let quantity = Quantity::new(Decimal::TEN).expect("ten is a quantity");
    let key = OrderKey::new("a").expect("a key");
    let account = AccountId::new("DU1").expect("an account");
    let symbol = Symbol::new("AAPL").expect("a symbol");
    let draft = OrderDraft::new(key, account, symbol, Side::Buy, quantity, OrderKind::Market);
    Order::open(draft.check().expect("a good order"), Timestamp::EPOCH)
}

fn status(phase: BrokerPhase) -> OrderInput {
    OrderInput::Status { status: BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None } }
}

fn executed(root: &str, quantity: i64) -> OrderInput {
    OrderInput::Executed {
        execution: Execution {
            id: ExecutionId::new(root, 1),
            key: None,
            perm_id: PermId::new(7),
            account: AccountId::new("DU1").expect("an account"),
            symbol: Symbol::new("AAPL").expect("a symbol"),
            side: Side::Buy,
            quantity: Quantity::new(Decimal::from(quantity)).expect("a quantity"),
            price: "100".parse().expect("a price"),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        },
    }
}

fn reason() -> String {
    "no".to_owned()
}

fn previewed() -> OrderInput {
    let nothing = Money::zero(Currency::USD);
    OrderInput::Previewed { margin: PreviewedMargin { initial: nothing, maintenance: nothing } }
}

fn accepted() -> OrderInput {
    OrderInput::Accepted { perm_id: None, broker_order_id: None }
}

/// What leads into each state.
fn way_to(state: OrderState) -> Vec<OrderInput> {
    use OrderState as S;
    let taken = |more: Vec<OrderInput>| [vec![OrderInput::Sent, accepted()], more].concat();
    match state {
        S::Recorded => Vec::new(),
        S::Sent => vec![OrderInput::Sent],
        S::Unknown => vec![OrderInput::Sent, OrderInput::OutcomeUnknown { reason: reason() }],
        S::Held => taken(vec![status(BrokerPhase::Held)]),
        S::Working => taken(Vec::new()),
        S::CancelPending => taken(vec![OrderInput::CancelRequested { tag: CancelTag::default() }]),
        S::Filled => taken(vec![executed("before", 10)]),
        S::Cancelled => taken(vec![status(BrokerPhase::Cancelled)]),
        S::Expired => taken(vec![status(BrokerPhase::Expired)]),
        S::Refused => vec![OrderInput::Sent, OrderInput::Refused { reason: reason() }],
        S::NotSent => vec![OrderInput::Sent, OrderInput::NotSent { reason: reason() }],
    }
}

fn inputs() -> Vec<Row> {
    use BrokerPhase as P;
    let refused_by_risk = || OrderInput::RiskRefused { rule: reason(), number: reason(), limit: reason() };
    vec![
        ("previewed", "the broker's answer before it was judged", previewed()),
        ("approved", "the risk gate's verdict", OrderInput::RiskApproved { findings: Vec::new().into() }),
        ("stopped by risk", "the risk gate's verdict", refused_by_risk()),
        (
            "stopped by validation",
            "the contract's description",
            OrderInput::ValidationRefused { broken: Vec::new() },
        ),
        ("sent", "our journal: it is durable", OrderInput::Sent),
        ("accepted", "the broker's answer", accepted()),
        ("refused", "the broker's answer", OrderInput::Refused { reason: reason() }),
        ("not sent", "the link: no byte left us", OrderInput::NotSent { reason: reason() }),
        ("no answer in time", "none: nobody knows", OrderInput::OutcomeUnknown { reason: reason() }),
        ("link lost", "none: nobody knows", OrderInput::LinkLost),
        ("no trace of it", "whole snapshots of one epoch", OrderInput::ProvenAbsent),
        (
            "one of several is gone",
            "whole snapshots of one epoch",
            OrderInput::TwinGone { perm_id: PermId::new(8) },
        ),
        (
            "given up",
            "a person's word, once it is in no list",
            OrderInput::GivenUp { by: reason(), reason: reason() },
        ),
        ("status: held", "the broker's status", status(P::Held)),
        ("status: working", "the broker's status", status(P::Working)),
        ("status: being cancelled", "the broker's status", status(P::CancelPending)),
        ("status: filled", "the broker's status", status(P::Filled)),
        ("status: cancelled", "the broker's status", status(P::Cancelled)),
        ("status: expired", "the broker's status", status(P::Expired)),
        ("status: refused", "the broker's status", status(P::Refused)),
        ("traded in part", "an execution, told once", executed("part", 4)),
        ("traded in full", "an execution, told once", executed("all", 10)),
        (
            "cancel asked",
            "our journal: it is durable",
            OrderInput::CancelRequested { tag: CancelTag::default() },
        ),
        (
            "cancel refused",
            "the broker's answer",
            OrderInput::CancelRefused { reason: reason(), by: RefusedBy::Broker },
        ),
    ]
}

/// Where an input leads from a state, and whether it fits there.
fn cell(from: OrderState, input: &OrderInput) -> String {
    let mut order = order();
    for step in way_to(from) {
        order.apply(&step, Timestamp::EPOCH);
    }
    assert_eq!(order.state(), from, "the way into the state is right");
    let applied = order.apply(input, Timestamp::EPOCH);
    let doubt = if applied.anomaly.is_some() { " (!)" } else { "" };
    match applied.moved {
        Some((_, to)) => format!("`{to}`{doubt}"),
        None if doubt.is_empty() => "·".to_owned(),
        None => "(!)".to_owned(),
    }
}

/// The table as it stands in the document.
pub(crate) fn table() -> String {
    let mut text = String::from("| input | proof |");
    for state in OrderState::ALL {
        write!(text, " {state} |").expect("a text takes what is written");
    }
    text.push_str("\n| --- | --- |");
    text.push_str(&" --- |".repeat(OrderState::ALL.len()));
    text.push('\n');
    for (name, proof, input) in inputs() {
        write!(text, "| {name} | {proof} |").expect("a text takes what is written");
        for state in OrderState::ALL {
            write!(text, " {} |", cell(state, &input)).expect("a text takes what is written");
        }
        text.push('\n');
    }
    text
}
