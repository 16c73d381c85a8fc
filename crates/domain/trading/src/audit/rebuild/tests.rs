//! What accounts hold, from the log alone: by the broker's word, and by everything that traded since.

use super::*;
use crate::AuditEntry;
use crate::audit::{ChainHash, JournalWitness};
use tradeport_kernel::{AccountId, OrderKey, Quantity, Symbol, Timestamp};
use tradeport_orders::{JournalEntry, JournalRecord, OrderDraft, OrderKind, Side};

const READ: (&str, &str, &str) =
    (ACCOUNT_READ, "DU1", "cash=1 currency=USD symbol=AAPL quantity=10 symbol=IBM quantity=-7");

fn log(lines: &[(&str, &str, &str)]) -> Result<Rebuilt, Unreadable> {
    let mut rebuilt = Rebuilt::default();
    for (sequence, (action, subject, detail)) in (1..).zip(lines) {
        let entry = AuditEntry {
            at: Timestamp::EPOCH,
            actor: "test".to_owned(),
            action: (*action).to_owned(),
            subject: (*subject).to_owned(),
            detail: (*detail).to_owned(),
        };
        rebuilt.take(&AuditRecord { sequence, entry, hash: ChainHash::START })?;
    }
    Ok(rebuilt)
}

fn held(rebuilt: &Rebuilt) -> Vec<(String, Decimal)> {
    rebuilt.holdings("DU1").unwrap().into_iter().collect()
}

fn holds(symbol: &str, quantity: i64) -> (String, Decimal) {
    (symbol.to_owned(), quantity.into())
}

#[test]
fn an_account_holds_what_the_broker_said_and_what_traded_since() {
    let traded = "execution=x revision=1 account=DU1 symbol=AAPL side=buy quantity=3 price=1 part=whole";
    let again = "execution=x revision=2 account=DU1 symbol=AAPL side=buy quantity=2 price=1 part=whole";
    let other = "execution=y revision=1 account=DU1 symbol=IBM side=buy quantity=7 price=1 part=leg";
    let combo = "execution=z revision=1 account=DU1 symbol=IBM side=buy quantity=1 price=1 part=combo";
    let of = |details: &[&str]| {
        let lines: Vec<_> = details.iter().map(|detail| (FOREIGN_EXECUTION, "DU1", *detail)).collect();
        held(&log(&[&[READ][..], &lines].concat()).unwrap())
    };
    assert_eq!(of(&[]), [holds("AAPL", 10), holds("IBM", -7)]);
    assert_eq!(
        of(&[traded, traded]),
        [holds("AAPL", 13), holds("IBM", -7)],
        "once, however often it is told"
    );
    assert_eq!(of(&[traded, again]), [holds("AAPL", 12), holds("IBM", -7)], "a correction replaces it");
    assert_eq!(
        of(&[other, combo]),
        [holds("AAPL", 10)],
        "what is flat is not held, and of a combo nothing is"
    );
    let unread = log(&[(FOREIGN_EXECUTION, "DU1", traded)]).unwrap();
    assert_eq!(unread.holdings("DU1"), None, "nobody has asked the broker yet");
    let reread =
        log(&[(FOREIGN_EXECUTION, "DU1", traded), READ, (FOREIGN_EXECUTION, "DU1", traded)]).unwrap();
    assert_eq!(held(&reread)[0], holds("AAPL", 10), "the broker's word has it already");
}

#[test]
fn an_order_that_began_before_the_log_moves_its_account_and_is_no_order_of_the_log() {
    let facts = |anomaly: &str| {
        format!(
            "journal=8 execution=x revision=1 account=DU1 symbol=AAPL side=sell quantity=4 price=1 part=whole{anomaly}"
        )
    };
    let of = |begun: &str, action: &str, detail: &str| {
        log(&[(LOG_BEGUN, "journal", begun), READ, (action, "old", detail)])
    };
    let rebuilt = of("journal=7", "order executed", &facts("")).unwrap();
    assert_eq!((held(&rebuilt)[0].clone(), rebuilt.orders().len()), (holds("AAPL", 6), 0));
    assert_eq!((rebuilt.begun_after(), rebuilt.told()), (7, 8));
    let odd = of("journal=7", "order executed", &facts(" anomaly=Overfilled")).unwrap();
    assert_eq!(held(&odd)[0], holds("AAPL", 6), "too much is money all the same");
    let foreign = of("journal=7", "order executed", &facts(" anomaly=Foreign")).unwrap();
    assert_eq!(held(&foreign)[0], holds("AAPL", 6), "so is what traded on other terms");
    let status = of("journal=7", "order status", "journal=8 phase=working").unwrap();
    assert_eq!(held(&status)[0], holds("AAPL", 10));
    let never = log(&[READ, ("order executed", "old", &facts("").replace("journal=8", "journal=1"))]);
    assert_eq!(never.unwrap_err().to_string(), "record 2: order old was never intended");
}

#[test]
fn what_traded_under_a_key_on_other_terms_moves_its_account_once_and_is_no_fill() {
    let sold = |journal: u64| {
        let of = "execution=x revision=1 account=DU1 symbol=AAPL side=sell quantity=4 price=1 part=whole";
        format!("journal={journal} {of} anomaly=Foreign")
    };
    let intended = ("order intended", "a", "journal=1 side=buy");
    let (told, again) = (sold(2), sold(3));
    let rebuilt =
        log(&[READ, intended, ("order executed", "a", &told), ("order executed", "a", &again)]).unwrap();
    assert_eq!(held(&rebuilt)[0], holds("AAPL", 6));
    assert_eq!(rebuilt.orders()["a"].filled(), Decimal::ZERO);
}

#[test]
fn a_cost_in_another_currency_does_not_count() {
    let begin = [
        ("order intended", "a", "journal=1 side=buy"),
        (
            "order executed",
            "a",
            "journal=2 execution=x revision=1 account=DU1 symbol=AAPL side=buy quantity=3 price=1 part=whole",
        ),
    ];
    let charged = |anomaly: &str| {
        let cost = format!("journal=3 execution=x amount=1.5 currency=USD{anomaly}");
        let rebuilt = log(&[&begin[..], &[("order charged", "a", &cost)]].concat()).unwrap();
        rebuilt.orders()["a"].charged().get("USD").copied()
    };
    assert_eq!(charged(""), Some(Decimal::new(15, 1)));
    assert_eq!(charged(" anomaly=OutOfPlace"), Some(Decimal::new(15, 1)));
    assert_eq!(charged(" anomaly=OtherCurrency"), None);
}

#[test]
fn a_cost_that_was_told_before_its_execution_counts_once_that_is_there() {
    let begin = [
        ("order intended", "a", "journal=1 side=buy"),
        ("order charged", "a", "journal=2 execution=x amount=1.5 currency=USD anomaly=UnknownExecution"),
    ];
    let traded = (
        "order executed",
        "a",
        "journal=3 execution=x revision=1 account=DU1 symbol=AAPL side=buy quantity=3 price=1 part=whole",
    );
    let charged = |lines: &[(&str, &str, &str)]| log(lines).unwrap().orders()["a"].charged();
    assert_eq!(charged(&begin).len(), 0, "what nobody saw cost nothing");
    assert_eq!(charged(&[begin[0], begin[1], traded]).get("USD"), Some(&Decimal::new(15, 1)));
}

#[test]
fn the_journal_names_the_orders_that_are_older_than_the_log() {
    let record = |sequence: u64, key: &str| {
        let (account, symbol) = (AccountId::new("DU1").unwrap(), Symbol::new("AAPL").unwrap());
        let (key, units) = (OrderKey::new(key).unwrap(), Quantity::new(Decimal::ONE).unwrap());
        let draft = OrderDraft::new(key, account, symbol, Side::Buy, units, OrderKind::Market);
        let entry = JournalEntry::intended(draft.check().unwrap(), Timestamp::EPOCH);
        JournalRecord { sequence, entry }
    };
    let mut witness = JournalWitness::of_log_begun_after(2);
    for (sequence, key) in [(1, "a"), (2, "b"), (3, "c")] {
        witness.take(&record(sequence, key)).unwrap();
    }
    assert_eq!((witness.older(), witness.last()), (2, 3));
}

const TRADED: &str = "execution=x revision=1 account=DU1 symbol=AAPL side=buy quantity=3 price=1 part=whole";

/// What a log comes to that was written by another program, or by a hand: whoever reads it is told what is wrong, and where.
#[test]
fn a_record_that_cannot_be_is_told_with_its_number() {
    let intended = ("order intended", "a", "journal=1 side=buy");
    let of_order = |action, detail| vec![intended, (action, "a", detail)];
    let twice = vec![intended, ("order intended", "a", "journal=2 side=buy")];
    let cases = [
        (vec![(LOG_BEGUN, "journal", "after=7")], "record 1: it says nothing of its journal"),
        (vec![(LOG_BEGUN, "journal", "journal=many")], "record 1: its journal is \"many\""),
        (vec![(LOG_BEGUN, "journal", "journal")], "record 1: not a line of facts: a name without a value"),
        (vec![READ, (ACCOUNT_READ, "DU1", "symbol=IBM quantity=ten")], "record 2: it holds \"ten\" of IBM"),
        (vec![(SHARES_SPLIT, "AAPL", "ratio=2")], "record 1: it says nothing of its journal"),
        (twice, "record 2: order a is intended twice"),
        (
            of_order("order status", "journal=2 from=sent to=working"),
            "record 2: order a leaves the state sent, and it was in recorded",
        ),
        (of_order("order status", "journal=2 to=working"), "record 2: it says nothing of its from"),
        (
            of_order("order approved", "journal=2 rule=size number=1 limit=2"),
            "record 2: it says nothing of its verdict",
        ),
        (
            of_order("order approved", "journal=2 verdict=approved rule=size number=1"),
            "record 2: its verdict is not whole",
        ),
        (
            of_order("order refused by risk", "journal=2 verdict=refused number=1 rule=size limit=2"),
            "record 2: its verdict is not whole",
        ),
        (
            of_order("order charged", "journal=2 amount=1 currency=USD"),
            "record 2: it says nothing of its execution",
        ),
        (
            of_order("order charged", "journal=2 execution=x amount=free currency=USD"),
            "record 2: its amount is \"free\"",
        ),
        (
            of_order("order charged", "journal=2 execution=x amount=1"),
            "record 2: it says nothing of its currency",
        ),
        (of_order("order sent", "journal=3"), "record 2: it tells of journal record 3, and 1 was told last"),
    ];
    for (lines, told) in cases {
        assert_eq!(log(&lines).unwrap_err().to_string(), told);
    }
}

#[test]
fn a_trade_of_which_anything_is_missing_is_none() {
    let told = |detail: &str| log(&[READ, (FOREIGN_EXECUTION, "DU1", detail)]).unwrap_err().to_string();
    for name in ["execution", "revision", "account", "symbol", "side", "quantity", "price", "part"] {
        let rest: Vec<&str> =
            TRADED.split(' ').filter(|fact| !fact.starts_with(&format!("{name}="))).collect();
        assert_eq!(told(&rest.join(" ")), format!("record 2: it says nothing of its {name}"));
    }
    assert_eq!(told(&TRADED.replace("side=buy", "side=held")), "record 2: its side is \"held\"");
    for (name, value) in [("revision", "1"), ("quantity", "3"), ("price", "1")] {
        let otherwise = TRADED.replace(&format!("{name}={value}"), &format!("{name}=some"));
        assert_eq!(told(&otherwise), format!("record 2: its {name} is \"some\""));
    }
    // So it is for our own orders, and for those that are older than the log.
    let older = [(LOG_BEGUN, "journal", "journal=7"), ("order executed", "old", "journal=8 execution=x")];
    assert_eq!(log(&older).unwrap_err().to_string(), "record 2: it says nothing of its quantity");
    let ours = [("order intended", "a", "journal=1"), ("order executed", "a", "journal=2 execution=x")];
    assert_eq!(log(&ours).unwrap_err().to_string(), "record 2: it says nothing of its quantity");
}

/// What tells of no record of the journal is for people; a line that lost its record shows with the next that has one.
#[test]
fn what_tells_of_no_record_changes_nothing_and_a_record_that_is_lost_shows() {
    let intended = ("order intended", "a", "journal=1 side=buy");
    let words = [
        ("order previewed", "a", "margin=7"),
        ("risk killed", "all", "not facts"),
        ("order sent", "a", "journal="),
    ];
    let rebuilt = log(&[&[intended][..], &words].concat()).unwrap();
    assert_eq!((rebuilt.told(), rebuilt.orders()["a"].state.as_str()), (1, "recorded"));
    let next = ("order sent", "a", "journal=3 from=sent to=working");
    let told = log(&[&[intended][..], &words, &[next]].concat()).unwrap_err();
    assert_eq!(told.to_string(), "record 5: it tells of journal record 3, and 1 was told last");
}

#[test]
fn an_account_holds_what_has_a_name_and_a_number() {
    let odd = (ACCOUNT_READ, "DU1", "quantity=4 symbol=IBM symbol=AAPL quantity=10 quantity=5 cash=1");
    assert_eq!(held(&log(&[odd]).unwrap()), [holds("AAPL", 10)]);
    let elsewhere = (FOREIGN_EXECUTION, "DU2", TRADED.replace("DU1", "DU2"));
    let rebuilt = log(&[odd, (elsewhere.0, elsewhere.1, &elsewhere.2)]).unwrap();
    assert_eq!(
        (held(&rebuilt), rebuilt.holdings("DU2")),
        (vec![holds("AAPL", 10)], None),
        "nobody asked for it"
    );
}

#[test]
fn an_execution_of_another_order_fills_nothing_whoever_it_is_told_of() {
    let detail = format!("journal=2 {TRADED} anomaly=Foreign");
    let rebuilt = log(&[("order intended", "a", "journal=1"), ("order executed", "a", &detail)]).unwrap();
    assert_eq!((rebuilt.orders()["a"].filled(), rebuilt.traded().len()), (Decimal::ZERO, 0));
    let detail = format!("journal=2 {TRADED} anomaly=Overfilled");
    let rebuilt = log(&[("order intended", "a", "journal=1"), ("order executed", "a", &detail)]).unwrap();
    assert_eq!(rebuilt.orders()["a"].filled(), Decimal::from(3), "too much of it counts all the same");
}
