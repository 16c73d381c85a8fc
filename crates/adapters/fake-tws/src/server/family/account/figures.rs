//! What an account is worth and may do, in numbers.
//!
//! | figure | is |
//! | --- | --- |
//! | net liquidation, equity with loan | cash and the value of all positions |
//! | initial and maintenance margin | the broker's shares of the gross value of positions; none in a cash account |
//! | available funds, excess liquidity | net liquidation less the one or the other margin |
//! | cushion | excess liquidity as a share of net liquidation |
//! | leverage | gross value as a share of net liquidation |

use crate::server::family::parts::Parts;
use tradeport_contracts::InstrumentKind;
use tradeport_fake_broker::exchange::MarginRules;
use tradeport_kernel::{AccountId, Currency, Decimal};

/// The figures of one account, in its currency.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub(super) account: AccountId,
    pub(super) currency: Currency,
    pub(super) cash: Decimal,
    pub(super) stocks: Decimal,
    pub(super) options: Decimal,
    pub(super) others: Decimal,
    pub(super) gross: Decimal,
    pub(super) net: Decimal,
    pub(super) initial: Decimal,
    pub(super) maintenance: Decimal,
    pub(super) buying_power: Decimal,
    pub(super) unrealized: Decimal,
    pub(super) realized: Decimal,
}

impl Figures {
    pub(super) fn available(&self) -> Decimal {
        self.net - self.initial
    }

    pub(super) fn excess(&self) -> Decimal {
        self.net - self.maintenance
    }

    pub(super) fn cushion(&self) -> Decimal {
        self.excess().checked_div(self.net).unwrap_or_default().round_dp(6)
    }

    pub(super) fn leverage(&self) -> Decimal {
        self.gross.checked_div(self.net).unwrap_or_default().round_dp(2)
    }
}

impl Parts<'_> {
    /// The net liquidation value of an account, and its available funds; `None` for one that cannot be reckoned.
    pub(crate) fn worth_of(&mut self, account: &AccountId) -> Option<(Decimal, Decimal)> {
        let figures = self.figures(account)?;
        Some((figures.net, figures.available()))
    }

    /// The figures of an account now; `None` for an account that cannot be reckoned.
    pub(super) fn figures(&mut self, account: &AccountId) -> Option<Figures> {
        self.refresh_account(account);
        let summary = self.world.exchange().summary(account)?.ok()?;
        let zero = Decimal::ZERO;
        let (mut stocks, mut options, mut others) = (zero, zero, zero);
        let (mut gross, mut unrealized, mut realized) = (zero, zero, zero);
        for ledger in self.shared.account.of(account) {
            let price = self.price_of(ledger);
            let worth = ledger.worth(price).unwrap_or_default();
            let sum = match ledger.contract.instrument().kind() {
                Some(InstrumentKind::Stock) => &mut stocks,
                Some(InstrumentKind::Option | InstrumentKind::FuturesOption) => &mut options,
                _ => &mut others,
            };
            *sum += worth;
            gross += worth.abs();
            unrealized += ledger.unrealized(price).unwrap_or_default();
            realized += ledger.realized_today();
        }
        let rules = MarginRules::default();
        let maintenance = summary.maintenance_margin.amount();
        let initial = maintenance.checked_mul(rules.initial)?.checked_div(rules.maintenance)?;
        let cash = summary.cash.amount();
        Some(Figures {
            account: account.clone(),
            currency: summary.cash.currency(),
            cash,
            stocks,
            options,
            others,
            gross,
            net: cash + stocks + options + others,
            initial,
            maintenance,
            buying_power: summary.buying_power.amount(),
            unrealized,
            realized,
        })
    }
}
