//! Laws of the exchange that hold for any inputs, by random scripts.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod ledger;
mod previews;
mod script;
mod splits;

use ledger::Ledger;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use script::{Step, exchange, steps};
use tradeport_fake_broker::Exchange;
use tradeport_fake_broker::exchange::{Effect, Input};
use tradeport_kernel::Decimal;

/// Gives every step to the exchange: time first, then the input, so that what time does can be told from it.
fn run(exchange: &mut Exchange, steps: &[Step], mut after: impl FnMut(&Exchange, &Input, &[Effect])) {
    let mut out = Vec::new();
    for step in steps {
        for input in [Input::Advance, step.input.clone()] {
            out.clear();
            exchange.step(input.clone(), step.at, &mut out);
            after(exchange, &input, &out);
        }
    }
}

fn bytes_of(exchange: &mut Exchange, steps: &[Step]) -> String {
    let mut bytes = String::new();
    run(exchange, steps, |_, _, effects| bytes += &serde_json::to_string(effects).unwrap());
    bytes
}

/// Laws about combos would hold of scripts without any.
#[test]
fn combos_do_trade_in_the_scripts() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut trades = 0;
    for seed in 7..87 {
        let script = steps(120).new_tree(&mut runner).unwrap().current();
        run(&mut exchange(seed), &script, |_, _, effects| trades += Ledger::check_combos(effects));
    }
    assert!(trades > 20, "only {trades} in 80 scripts");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_local_rejects: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    fn cash_and_positions_conserve_value_to_the_last_digit(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let mut ledger = Ledger::new(&exchange);
        run(&mut exchange, &steps, |exchange, _, effects| {
            ledger.note(effects);
            ledger.check_money(exchange);
        });
    }

    #[test]
    fn nothing_fills_beyond_its_limit_or_beyond_what_is_displayed(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let mut ledger = Ledger::new(&exchange);
        run(&mut exchange, &steps, |_, input, effects| {
            ledger.note_display(input);
            ledger.check_prices_and_sizes(input, effects);
        });
    }

    #[test]
    fn the_legs_of_a_combo_add_up_to_it(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        run(&mut exchange, &steps, |_, _, effects| {
            Ledger::check_combos(effects);
        });
    }

    #[test]
    fn a_cash_account_is_never_overdrawn_and_never_short(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let corrected = steps.iter().any(|step| matches!(step.input, Input::Correct { .. } | Input::Bust { .. }));
        let busted = steps.iter().any(|step| matches!(step.input, Input::Bust { .. }));
        run(&mut exchange, &steps, |exchange, _, _| {
            let summary = exchange.summary(&script::account(2)).unwrap().unwrap();
            // What the exchange corrects or cancels may overdraw, and what it cancels may leave an account short of what it
            // has sold since; an order may not.
            assert!(corrected || summary.cash.amount() >= Decimal::ZERO, "{summary:?}");
            for position in exchange.positions(&script::account(2)).unwrap() {
                assert!(busted || position.quantity().as_decimal() > Decimal::ZERO, "{position:?}");
            }
        });
    }

    #[test]
    fn at_most_one_of_a_group_fills_in_full_and_children_wait_for_their_parent(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let mut ledger = Ledger::new(&exchange);
        run(&mut exchange, &steps, |exchange, input, effects| {
            ledger.note_intent(input);
            ledger.check_families(exchange, effects);
        });
    }

    #[test]
    fn an_order_says_what_its_executions_say_and_nothing_after_its_end(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let mut ledger = Ledger::new(&exchange);
        run(&mut exchange, &steps, |_, _, effects| {
            ledger.note(effects);
            ledger.check_statuses(effects);
        });
    }

    #[test]
    fn the_same_seed_and_inputs_give_the_same_bytes_also_across_a_restart(seed in 7..9_u64, steps in steps(80), cut in 0..80_usize) {
        let whole = bytes_of(&mut exchange(seed), &steps);
        let (head, tail) = steps.split_at(cut.min(steps.len()));
        let mut first = exchange(seed);
        let mut bytes = bytes_of(&mut first, head);
        let kept = serde_json::to_string(&first).unwrap();
        let mut second: Exchange = serde_json::from_str(&kept).unwrap();
        prop_assert_eq!(&first, &second);
        bytes += &bytes_of(&mut second, tail);
        prop_assert_eq!(whole, bytes);
    }

    #[test]
    fn a_damaged_state_is_refused_or_runs_but_never_panics(
        seed in 7..9_u64,
        steps in steps(60),
        place in any::<prop::sample::Index>(),
        damage in script::damage(),
    ) {
        let mut exchange = exchange(seed);
        run(&mut exchange, &steps, |_, _, _| {});
        let kept = serde_json::to_value(&exchange).unwrap();
        let damaged = script::damaged(kept, place, &damage);
        if let Ok(mut read) = serde_json::from_value::<Exchange>(damaged) {
            run(&mut read, &steps, |_, _, _| {});
        }
    }

    #[test]
    fn nothing_is_kept_once_no_order_is_open(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let keys: Vec<_> = steps.iter().filter_map(script::submitted).collect();
        run(&mut exchange, &steps, |_, _, _| {});
        let now = exchange.now();
        for key in keys {
            exchange.step(Input::Cancel { key }, now, &mut Vec::new());
        }
        let after = now.after(std::time::Duration::from_secs(60));
        exchange.step(Input::Advance, after, &mut Vec::new());
        prop_assert_eq!(exchange.open_orders().len(), 0);
        for account in 0..3 {
            let account = script::account(account);
            prop_assert_eq!(exchange.reserved(&account), Some(Decimal::ZERO), "{}", account);
        }
    }

    #[test]
    fn no_numbers_make_it_panic(seed in 7..9_u64, steps in script::wild_steps(60)) {
        let mut exchange = exchange(seed);
        run(&mut exchange, &steps, |exchange, _, _| {
            for account in 0..3 {
                drop(exchange.summary(&script::account(account)));
            }
        });
    }
}
