//! What holds for every product, day and calendar.

use proptest::prelude::*;
use std::collections::BTreeSet;
use time::{Date, Duration, Weekday};
use tradeport_contracts::futures::{Besides, FuturesSpec, FuturesSpecs, Weekdays};
use tradeport_kernel::{Decimal, Price, SignedQuantity};

const FIRST: Date = time::macros::date!(1995 - 01 - 02);

fn product() -> impl Strategy<Value = &'static FuturesSpec> {
    let products: Vec<&'static FuturesSpec> = FuturesSpecs::bundled().iter().collect();
    prop::sample::select(products)
}

fn day() -> impl Strategy<Value = Date> {
    (0..20_000_i64).prop_map(|days| FIRST + Duration::days(days))
}

/// Up to one holiday in each of forty spans of fifteen days around the day: more than any exchange has.
fn holidays() -> impl Strategy<Value = BTreeSet<i64>> {
    let within_span = prop::collection::vec(0..15_i64, 0..40);
    within_span.prop_map(|days| (-7_i64..).zip(days).map(|(span, day)| span * 15 + day).collect())
}

fn calendar(around: Date, holidays: &BTreeSet<i64>) -> impl Fn(Date) -> bool {
    let holidays: BTreeSet<Date> = holidays.iter().map(|days| around + Duration::days(*days)).collect();
    move |day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !holidays.contains(&day)
}

proptest! {
    #[test]
    fn the_front_still_trades_is_of_the_cycle_and_never_goes_back(
        product in product(),
        day in day(),
        later in 0..400_i64,
        holidays in holidays(),
    ) {
        let calendar = calendar(day, &holidays);
        let schedule = product.schedule(&calendar);
        let front = schedule.front(day).unwrap();
        let last_trade = schedule.last_trade(front).unwrap();
        prop_assert!(last_trade >= day);
        prop_assert!(calendar(last_trade), "the last trade is on a business day");
        prop_assert!(product.months().lists(front.month()));
        prop_assert!(schedule.front(day + Duration::days(later)).unwrap() >= front);
        prop_assert_eq!(schedule.front(last_trade).unwrap(), front);
        prop_assert!(schedule.front(last_trade.next_day().unwrap()).unwrap() > front);
    }

    #[test]
    fn no_month_before_the_front_still_trades(product in product(), day in day()) {
        let schedule = product.schedule(&Weekdays);
        let front = schedule.front(day).unwrap();
        let monthly = product.months().besides() == Besides::NearMonths;
        for back in 1..=12 {
            let earlier = front.plus(-back).unwrap();
            if monthly || product.months().has(earlier.month()) {
                prop_assert!(schedule.last_trade(earlier).unwrap() < day);
            }
        }
    }

    #[test]
    fn a_chain_rises_from_the_front(product in product(), day in day(), count in 0..30_usize) {
        let schedule = product.schedule(&Weekdays);
        let chain = schedule.chain(day, count).unwrap();
        prop_assert_eq!(chain.len(), count);
        prop_assert!(chain.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(chain.iter().all(|month| product.months().lists(month.month())));
        let days: Vec<Date> = chain.iter().map(|month| schedule.last_trade(*month).unwrap()).collect();
        prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(chain.first().copied(), (count > 0).then(|| schedule.front(day).unwrap()));
        prop_assert_eq!(chain.get(1).copied(), (count > 1).then(|| schedule.next(day).unwrap()));
    }

    #[test]
    fn a_position_rolls_before_the_last_trade_and_never_back(
        product in product(),
        day in day(),
        later in 0..400_i64,
    ) {
        let schedule = product.schedule(&Weekdays);
        let rule = product.default_roll();
        let held = schedule.held(day, rule).unwrap();
        let roll = schedule.roll_date(held, rule).unwrap();
        let last_trade = schedule.last_trade(held).unwrap();
        prop_assert!(day < roll && roll < last_trade);
        prop_assert!(held >= schedule.front(day).unwrap());
        prop_assert!(schedule.held(day + Duration::days(later), rule).unwrap() >= held);
        prop_assert!(schedule.held(roll, rule).unwrap() > held);
        if let Some(notice) = schedule.first_notice(held).unwrap() {
            prop_assert!(roll < notice);
        }
    }

    #[test]
    fn steps_and_money_agree(
        product in product(),
        from in -100_000..100_000_i64,
        to in -100_000..100_000_i64,
        contracts in -1_000..1_000_i64,
    ) {
        let price = |steps: i64| Price::new(product.price_step() * Decimal::from(steps)).unwrap();
        let (start, end) = (price(from), price(to));
        prop_assert_eq!(product.steps_between(start, end).unwrap(), to - from);
        let contracts = SignedQuantity::new(Decimal::from(contracts)).unwrap();
        let gain = product.gain(start, end, contracts).unwrap();
        let steps = Decimal::from(to - from) * contracts.as_decimal();
        prop_assert_eq!(gain, product.step_value().times(steps).unwrap());
    }

    #[test]
    fn a_price_between_two_steps_is_refused_with_both(
        product in product(),
        steps in -1_000..1_000_i64,
        share in 1..100_i64,
    ) {
        let step = product.price_step();
        let lower = step * Decimal::from(steps);
        let price = Price::new(lower + step * Decimal::new(share, 2)).unwrap();
        prop_assert!(!product.fits_step(price));
        let refusal = product.steps_between(price, Price::new(lower).unwrap()).unwrap_err().to_string();
        let expected = format!(
            "{price} is not a whole number of {}'s price steps of {step}: {} and {} are",
            product.exchange_code(), lower.normalize(), (lower + step).normalize()
        );
        prop_assert_eq!(refusal, expected);
    }
}
