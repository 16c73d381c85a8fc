//! What legs make of a combo, and which make none.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;
use tradeport_contracts::{
    Combo, ComboLeg, ComboTerms, Contract, ContractDraft, ContractId, DeltaNeutral, Instrument, LegAction,
    Session, TradingSessions, UnfitLegs,
};
use tradeport_kernel::{Currency, Decimal, Price, Timestamp};

fn contract(id: i64, name: &str, multiplier: i64) -> ContractDraft {
    let instrument: Instrument = name.parse().unwrap();
    ContractDraft {
        id: ContractId::new(id),
        symbol: instrument.symbol(),
        instrument,
        name: String::new(),
        currency: Currency::USD,
        price_step: Decimal::new(5, 2),
        lot: Decimal::ONE,
        multiplier: multiplier.into(),
        sessions: TradingSessions::always(),
        details: Default::default(),
    }
}

fn combo(legs: &[(i64, u32, LegAction)]) -> Combo {
    let leg = |(id, ratio, action): &_| ComboLeg::new(ContractId::new(*id), *ratio, *action).unwrap();
    Combo::new("IBM", legs.iter().map(leg).collect()).unwrap()
}

fn terms(legs: &[(i64, u32, LegAction)], contracts: Vec<ContractDraft>) -> Result<ComboTerms, UnfitLegs> {
    let contracts: Vec<Contract> = contracts.into_iter().map(|draft| draft.check().unwrap()).collect();
    ComboTerms::of(&combo(legs), &contracts)
}

const VERTICAL: [(i64, u32, LegAction); 2] = [(1, 1, LegAction::Buy), (2, 1, LegAction::Sell)];

proptest! {
    #[test]
    fn the_cash_of_the_legs_is_net_price_times_multiplier(
        legs in prop::collection::vec((1..8_u32, any::<bool>(), prop::sample::select(vec![1_i64, 5, 10, 50, 100]), 1..100_000_i64), 1..5),
    ) {
        let numbered = (1_i64..).zip(&legs);
        let contracts = numbered.clone().map(|(id, leg)| contract(id, &format!("S{id}"), leg.2)).collect();
        let action = |bought| if bought { LegAction::Buy } else { LegAction::SellShort };
        let wanted: Vec<_> = numbered.map(|(id, leg)| (id, leg.0, action(leg.1))).collect();
        let prices: Vec<Price> = legs.iter().map(|leg| Price::new(Decimal::new(leg.3, 2)).unwrap()).collect();
        let terms = terms(&wanted, contracts).unwrap();
        let cash: Decimal = legs
            .iter()
            .zip(&prices)
            .map(|(leg, price)| {
                let units = Decimal::from(leg.0) * Decimal::from(leg.2) * price.as_decimal();
                if leg.1 { units } else { -units }
            })
            .sum();
        prop_assert_eq!(terms.net(&prices).unwrap().as_decimal() * terms.multiplier(), cash);
    }
}

#[test]
fn a_covered_call_is_priced_like_a_share_and_a_credit_below_zero() {
    let covered = [(1, 100, LegAction::Buy), (2, 1, LegAction::Sell)];
    let terms_of_covered =
        terms(&covered, vec![contract(2, "IBM 20261218C105", 100), contract(1, "IBM", 1)]).unwrap();
    let prices = ["98.50".parse().unwrap(), "2.10".parse().unwrap()];
    assert_eq!(terms_of_covered.net(&prices), Some("96.40".parse().unwrap()));
    let both = vec![contract(1, "IBM 20261218C105", 100), contract(2, "IBM 20261218C100", 100)];
    let credit = terms(&VERTICAL, both).unwrap();
    let prices = ["2.10".parse().unwrap(), "4.00".parse().unwrap()];
    assert_eq!(credit.net(&prices), Some("-1.90".parse().unwrap()));
    assert_eq!(credit.net(&prices[..1]), None);
}

#[test]
fn its_contract_follows_from_its_legs() {
    let session =
        |open, close| Session { open: Timestamp::from_seconds(open), close: Timestamp::from_seconds(close) };
    let early = TradingSessions::new(vec![session(0, 20)]).unwrap();
    let late = TradingSessions::new(vec![session(10, 30)]).unwrap();
    let first = ContractDraft { sessions: early, ..contract(1, "IBM 20261218C105", 100) };
    let second = ContractDraft {
        sessions: late,
        price_step: Decimal::new(1, 2),
        ..contract(2, "IBM 20261218C100", 100)
    };
    let terms = terms(&VERTICAL, vec![first, second]).unwrap();
    let contract = terms.contract(&combo(&VERTICAL)).check().unwrap();
    assert_eq!(contract.sessions().as_slice(), [session(10, 20)]);
    assert_eq!((contract.price_step(), contract.multiplier()), (Decimal::new(1, 2), Decimal::ONE_HUNDRED));
    assert_eq!((contract.lot(), contract.currency()), (Decimal::ONE, Currency::USD));
    assert_eq!(contract.name(), "+1 IBM 20261218C105, -1 IBM 20261218C100");
    assert_eq!(contract.symbol(), Instrument::from(combo(&VERTICAL)).symbol());
    assert!(contract.instrument().can_cost_nothing());
    assert_eq!(contract.id(), ContractId::of_combo(&combo(&VERTICAL)));
    assert!((1 << 52..1 << 53).contains(&contract.id().number()), "{:?}", contract.id());
    assert_ne!(contract.id(), ContractId::of_combo(&combo(&VERTICAL[..1])));
}

#[test]
fn legs_that_make_no_combo_are_refused_by_name() {
    let pair = |change: fn(&mut ContractDraft)| {
        let mut second = contract(2, "MCD", 1);
        change(&mut second);
        vec![contract(1, "IBM", 1), second]
    };
    let said = |contracts| terms(&VERTICAL, contracts).unwrap_err().to_string();
    assert_eq!(
        said(vec![contract(1, "IBM", 1)]),
        "its leg of contract 2 is not known: resolve and list the legs first"
    );
    assert_eq!(
        said(pair(|it| it.currency = "EUR".parse().unwrap())),
        "its leg MCD is priced in EUR, the combo in USD"
    );
    assert_eq!(
        said(pair(|it| it.lot = Decimal::TEN)),
        "its leg MCD trades in lots of 10: a ratio of 1 is no whole number of them"
    );
    assert_eq!(
        said(pair(|it| it.multiplier = Decimal::from(3)).into_iter().collect()),
        "its leg IBM has a multiplier that the net price cannot be told in: 1 to 3"
    );
    let index = contract(2, "index:SPX@CBOE", 1);
    assert_eq!(
        said(vec![contract(1, "IBM", 1), index]),
        "its leg index:SPX@CBOE is of the kind index, which is no leg"
    );
    let twice = [(1, 1, LegAction::Buy), (1, 2, LegAction::Sell)];
    let found = terms(&twice, vec![contract(1, "IBM", 1)]).unwrap_err().to_string();
    assert_eq!(found, "IBM is in two of its legs: put both into one");
    let hedge = DeltaNeutral::new(ContractId::new(3), Decimal::ONE_HUNDRED).unwrap();
    let hedged = combo(&VERTICAL).hedged_with(hedge).unwrap();
    let contracts = pair(|_| ()).into_iter().map(|draft| draft.check().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        ComboTerms::of(&hedged, &contracts).unwrap_err().to_string(),
        "it is hedged, so its price is not that of its legs alone: leave the hedge out"
    );
}
