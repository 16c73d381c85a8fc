//! What one contract takes, asked of the broker.

use crate::support::{House, account, apple, audit_down};
use futures::executor::block_on;
use std::time::Duration;
use tradeport_contracts::futures::MarginAge;
use tradeport_kernel::{AccountId, Clock, Currency, Money, SignedQuantity};
use tradeport_orders::{AccountEffect, OrderPreview, PreviewError, Side};
use tradeport_portfolio::Position;
use tradeport_trading::{DeskError, DeskPorts};

fn usd(amount: i64) -> Money {
    Money::new(amount.into(), Currency::USD)
}

fn takes(initial: i64, maintenance: i64) -> OrderPreview {
    OrderPreview {
        initial_margin: AccountEffect::between(usd(100), usd(100 + initial)),
        maintenance_margin: AccountEffect::between(usd(100), usd(100 + maintenance)),
        ..OrderPreview::default()
    }
}

#[test]
fn a_margin_is_kept_with_the_moment_at_which_it_was_said() {
    block_on(async {
        let house = House::new();
        house.clock.advance(Duration::from_secs(60));
        house.broker.script(|script| script.previews.push_back(Ok(takes(50, 25))));
        let desk = house.desk().await;
        let day = Duration::from_secs(86_400);
        assert_eq!(desk.margins().fresh_within(apple(), day, house.clock.now()), MarginAge::Unknown);
        let margin = desk.refresh_margin(&account(), apple()).await.unwrap();
        assert_eq!((margin.initial(), margin.maintenance()), (usd(50), usd(25)));
        assert_eq!((margin.as_of(), margin.source()), (house.clock.now(), "what-if, account DU1"));
        assert_eq!(desk.margins().last(apple()), Some(&margin));
        let asked = house.broker.script(|script| script.previewed.clone());
        assert_eq!(
            (asked.len(), asked[0].side(), asked[0].size().to_string()),
            (1, Side::Buy, "1".to_owned())
        );
        assert!(desk.orders().await.is_empty() && house.written("margin-of-one").await.is_empty());
        house.broker.script(|script| script.previews.push_back(Ok(takes(60, 30))));
        assert_eq!(desk.refresh_margin(&account(), apple()).await.unwrap().initial(), usd(60), "asked anew");
    });
}

#[test]
fn who_is_short_is_asked_about_one_more_short() {
    block_on(async {
        let house = House::new();
        let short = SignedQuantity::new((-5).into()).unwrap();
        let one = tradeport_kernel::Decimal::ONE;
        let position = Position::reported(apple(), short, usd(-500), one, usd(0));
        house.broker.script(|script| {
            script.positions.push(position.clone());
            script.previews.push_back(Ok(takes(50, 25)));
        });
        house.desk().await.refresh_margin(&account(), apple()).await.unwrap();
        assert_eq!(house.broker.script(|script| script.previewed[0].side()), Side::Sell);
    });
}

#[test]
fn what_says_nothing_of_one_contract_is_not_kept() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| {
            script.previews.extend([
                Ok(OrderPreview::default()),
                Ok(takes(-50, 25)),
                Err(PreviewError::Unavailable("no link".into())),
            ]);
        });
        let answer = desk.refresh_margin(&account(), apple()).await;
        assert!(matches!(answer, Err(DeskError::NoMargin(symbol)) if symbol == apple()));
        assert!(matches!(desk.refresh_margin(&account(), apple()).await, Err(DeskError::Margin(_))));
        assert!(matches!(desk.refresh_margin(&account(), apple()).await, Err(DeskError::Preview(_))));
        let other = AccountId::new("DU9").unwrap();
        assert!(matches!(desk.refresh_margin(&other, apple()).await, Err(DeskError::UnknownAccount(_))));
        assert_eq!(desk.margins().last(apple()), None);
        let silent = House::desk_on(DeskPorts { audit: audit_down(), ..house.ports() }).await;
        assert!(matches!(silent.refresh_margin(&account(), apple()).await, Err(DeskError::Audit(_))));
        assert_eq!(house.broker.script(|script| script.previewed.len()), 3);
    });
}
