//! The messages, as the schema in `proto/tws.proto` gives them.

#![expect(
    missing_docs,
    reason = "made from the schema, where each message says which number it has on the wire"
)]

include!(concat!(env!("OUT_DIR"), "/tradeport.tws.rs"));
