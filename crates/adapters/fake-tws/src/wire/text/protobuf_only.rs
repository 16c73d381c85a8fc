//! Messages that came when text was gone: no version lays them out.

use super::cursor::{Cursor, Layout, TextError};
use crate::wire::proto::{
    CancelContractData, CancelHistoricalTicks, ConfigRequest, ConfigResponse, UpdateConfigRequest,
    UpdateConfigResponse,
};

macro_rules! protobuf_only {
    ($($message:ident,)*) => {
        $(impl Layout for $message {
            fn lay<C: Cursor>(&mut self, _cursor: &mut C) -> Result<(), TextError> {
                Err(TextError::NoLayout(stringify!($message)))
            }
        })*
    };
}

protobuf_only! {
    CancelContractData, CancelHistoricalTicks, ConfigRequest, ConfigResponse, UpdateConfigRequest,
    UpdateConfigResponse,
}
