use crate::catching::catches;
use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tradeport_conformance::account_feed::{Claims, Harness};
use tradeport_conformance::fixtures::{account, decimal, symbol};
use tradeport_kernel::{
    AccountId, ConnectionEpoch, Currency, Decimal, Money, Quantity, SignedQuantity, Snapshot, Symbol,
    Timestamp,
};
use tradeport_orders::Side;
use tradeport_portfolio::{
    AccountEvent, AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Balances, Position,
};

catches! { account_feed, account_feed_conformance:
    ShufflesAccounts: at_least_one_account_each_once_in_the_same_order_every_time,
    TakesAnyAccount: an_account_that_is_not_ours_is_unknown_account,
    LeavesPositionsOutOfNetLiquidation: net_liquidation_is_cash_plus_positions,
    LeavesACurrencyOut: balances_come_to_the_cash_at_their_rates,
    PaysFromAnotherCurrency: a_fill_moves_the_balance_of_its_own_currency,
    PassesPartsForWholes: the_snapshot_is_whole_or_an_error,
    NothingIsAnError: nothing_held_is_an_empty_snapshot,
    ForgetsSales: a_filled_order_shows_in_the_position,
    KeepsFlatPositions: flat_positions_are_left_out,
    TellsPositionsAlone: a_fill_brings_the_new_position_and_new_figures,
}

const EPOCH: ConnectionEpoch = ConnectionEpoch::new(1);
const NOW: Timestamp = Timestamp::from_seconds(1_357_137_000);

/// Everything trades at 100.
#[derive(Default)]
struct State {
    held: BTreeMap<Symbol, Decimal>,
    cut: bool,
    asked: usize,
    listeners: Vec<UnboundedSender<AccountEvent>>,
}

impl State {
    fn value(&self) -> Decimal {
        self.held.values().sum::<Decimal>() * Decimal::ONE_HUNDRED
    }
}

struct Scripted {
    fault: Fault,
    state: Mutex<State>,
}

fn usd(amount: Decimal) -> Money {
    Money::new(amount, Currency::USD)
}

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn position(of: Symbol, units: Decimal) -> Position {
    let (quantity, cost) = (SignedQuantity::new(units).unwrap(), usd(units * Decimal::ONE_HUNDRED));
    Position::reported(of, quantity, cost, Decimal::ONE, usd(Decimal::ZERO))
}

impl Scripted {
    fn check(&self, whose: &AccountId) -> Result<(), AccountFeedError> {
        if ["DU1", "DU2"].contains(&whose.as_str()) || self.fault == Fault::TakesAnyAccount {
            return Ok(());
        }
        Err(AccountFeedError::UnknownAccount(whose.clone()))
    }

    /// 10,000 of it in euros, each worth two dollars.
    fn balances(&self, cash: Decimal) -> Balances {
        let (all, at_first) = (decimal("100000"), decimal("80000"));
        let (dollars, euros) = match self.fault {
            Fault::LeavesACurrencyOut => (cash - decimal("20000"), Decimal::ZERO),
            Fault::PaysFromAnotherCurrency => (at_first, decimal("10000") - (all - cash) / Decimal::TWO),
            _ => (cash - decimal("20000"), decimal("10000")),
        };
        [usd(dollars), Money::new(euros, euro())].into_iter().collect()
    }

    fn figures(&self, state: &State) -> AccountSummary {
        let (worth, positions) = (decimal("100000"), state.value());
        let cash = worth - positions;
        let forgets = self.fault == Fault::LeavesPositionsOutOfNetLiquidation;
        AccountSummary {
            account: account("DU1"),
            at: NOW,
            net_liquidation: usd(if forgets { cash } else { worth }),
            cash: usd(cash),
            positions_value: usd(positions),
            buying_power: usd(cash),
            maintenance_margin: usd(Decimal::ZERO),
            realized_pnl: usd(Decimal::ZERO),
            unrealized_pnl: usd(Decimal::ZERO),
            rates: BTreeMap::from([(euro(), Decimal::TWO)]),
            balances: Some(self.balances(cash)),
        }
    }
}

#[async_trait]
impl AccountFeed for Scripted {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        let mut state = self.state.lock().unwrap();
        state.asked += 1;
        let mut accounts = vec![account("DU1"), account("DU2")];
        if self.fault == Fault::ShufflesAccounts && state.asked.is_multiple_of(2) {
            accounts.reverse();
        }
        Ok(accounts)
    }

    async fn summary(&self, whose: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        self.check(whose)?;
        Ok(self.figures(&self.state.lock().unwrap()))
    }

    async fn positions(&self, whose: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        self.check(whose)?;
        let mut state = self.state.lock().unwrap();
        let keeps_flat = self.fault == Fault::KeepsFlatPositions;
        let ours = state
            .held
            .iter()
            .filter(|(_, units)| whose.as_str() == "DU1" && (keeps_flat || !units.is_zero()));
        let mut rows: Vec<_> = ours.map(|(of, units)| position(*of, *units)).collect();
        if rows.is_empty() && self.fault == Fault::NothingIsAnError {
            return Err(AccountFeedError::Unavailable("no rows".into()));
        }
        if std::mem::take(&mut state.cut) {
            if self.fault != Fault::PassesPartsForWholes {
                return Err(AccountFeedError::EpochLost(EPOCH));
            }
            rows.truncate(1);
        }
        Ok(Snapshot::complete(EPOCH, NOW, rows))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        let (listener, events) = unbounded();
        self.state.lock().unwrap().listeners.push(listener);
        Ok(events.boxed())
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Feed = Scripted;
    const CLAIMS: Claims = Claims::ALL;
    async fn fresh() -> Self {
        Self(Scripted { fault: FAULTS[FAULT], state: Mutex::default() })
    }
    fn feed(&self) -> &Scripted {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        ["AAPL", "MSFT"].map(symbol)
    }
    fn unknown_account(&self) -> AccountId {
        account("DU999")
    }
    async fn fill(&self, of: Symbol, side: Side, quantity: Quantity) {
        let mut state = self.0.state.lock().unwrap();
        if self.0.fault == Fault::ForgetsSales && side == Side::Sell {
            return;
        }
        *state.held.entry(of).or_default() += side.signed(quantity).as_decimal();
        let mut news =
            vec![AccountEvent::Position { account: account("DU1"), position: position(of, state.held[&of]) }];
        if self.0.fault != Fault::TellsPositionsAlone {
            news.push(AccountEvent::Summary(self.0.figures(&state)));
        }
        for event in news {
            state.listeners.retain(|listener| listener.unbounded_send(event.clone()).is_ok());
        }
    }
    async fn cut_next_answer(&self) {
        self.0.state.lock().unwrap().cut = true;
    }
    async fn reconnect(&self) {}
    async fn settle(&self) {}
}
