//! For every promise of every store, of the clock and of the notifier there is one that breaks it, and its case
//! catches it. The broken ones wrap those of the memory adapter.

mod audit_log;
mod bar_store;
mod break_store;
mod clock;
mod notifier;
mod order_journal;
mod portfolio_store;
mod switch_store;
mod tick_store;
