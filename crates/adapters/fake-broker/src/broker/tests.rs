//! Cases of the broker around the exchange.
