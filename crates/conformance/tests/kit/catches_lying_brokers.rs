//! For every promise of what a broker tells besides orders there is one that breaks it, and its case catches it. Each
//! file holds a small honest one, and its faults.

mod account_feed;
mod bar_history;
mod broker_link;
mod contract_catalog;
mod option_feed;
mod pnl_feed;
mod quote_feed;
mod tick_feed;
mod told;
