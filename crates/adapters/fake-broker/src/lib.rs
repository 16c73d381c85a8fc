//! fake-broker.
