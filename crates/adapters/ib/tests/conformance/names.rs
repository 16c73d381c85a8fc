//! Names of contracts: each means one, however it was asked for, in this process and in the next.

use crate::link::run;
use crate::stand::Stand;
use tradeport_contracts::{CatalogError, ContractCatalog, ContractId, Instrument};
use tradeport_fake_tws::chaos::{Act, Event, Refusal, Scenario};
use tradeport_fake_tws::wire::RequestKind;

const APPLE: ContractId = ContractId::new(265_598);

/// Whoever is told that several fit asks for one of them.
#[test]
fn what_fits_is_named_so_that_it_can_be_asked_for() {
    run(async {
        let stand = Stand::linked().await;
        let several: Instrument = "futures:ES@CME".parse().unwrap();
        let answer = stand.broker.resolve(&several).await;
        let Err(CatalogError::Ambiguous { candidates, .. }) = answer else { panic!("{answer:?}") };
        let (others, named): (Vec<_>, Vec<_>) = candidates.iter().partition(|it| *it == "and others");
        assert!((2..=8).contains(&named.len()) && others.len() <= 1, "{candidates:?}");
        for name in named {
            let one: Instrument = name.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(stand.broker.resolve(&one).await.is_ok(), "{name} means one contract");
        }
    });
}

/// TWS says so of the symbol, and not of the number.
#[test]
fn a_symbol_that_several_companies_have_is_told_apart_by_where_it_is_at_home() {
    run(async {
        let stand = Stand::linked().await;
        let several = Refusal {
            code: 200,
            text: Some("The contract description specified for AAPL is ambiguous.".to_owned()),
        };
        let second = Scenario::new().on(Event::received(RequestKind::ContractData)).nth(2);
        stand.tws.play(second.act(Act::Refuse(several)).done().unwrap()).await.unwrap();
        let by_number = stand.broker.by_id(APPLE).await.unwrap();
        assert_eq!(by_number.symbol().as_str(), "AAPL@SMART:NASDAQ");
        let by_name = stand.broker.resolve(by_number.instrument()).await.unwrap();
        assert_eq!((by_name.id(), by_name.symbol()), (APPLE, by_number.symbol()));
        assert_eq!(stand.broker.by_id(APPLE).await.unwrap().symbol(), by_number.symbol(), "and so it stays");
    });
}

/// A share that is listed no more is held still.
#[test]
fn what_no_symbol_finds_has_its_number() {
    run(async {
        let stand = Stand::linked().await;
        let second = Scenario::new().on(Event::received(RequestKind::ContractData)).nth(2);
        stand.tws.play(second.act(Act::Refuse(Refusal::of(200))).done().unwrap()).await.unwrap();
        let delisted = stand.broker.by_id(APPLE).await.unwrap();
        assert_eq!(delisted.symbol().as_str(), "id:265598");
        let again = stand.broker.resolve(delisted.instrument()).await.unwrap();
        assert_eq!((again.id(), again.symbol()), (APPLE, delisted.symbol()));
    });
}

#[test]
fn however_it_is_asked_for_it_has_its_everyday_name() {
    run(async {
        let stand = Stand::linked().await;
        for asked in ["AAPL@SMART:NASDAQ", "isin:US0378331005", "AAPL@ISLAND", "id:265598", "AAPL"] {
            let asked: Instrument = asked.parse().unwrap();
            let found = stand.broker.resolve(&asked).await.unwrap();
            assert_eq!(found.id(), APPLE, "{asked}");
            assert_eq!(stand.broker.by_id(APPLE).await.unwrap().symbol().as_str(), "AAPL", "{asked}");
        }
    });
}
