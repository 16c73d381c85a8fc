//! Orders that a person enters at the server itself, as at the window of TWS.

use super::place::exchange_key;
use crate::server::error::ApiError;
use crate::server::family::parts::Parts;
use crate::wire::proto;

impl Parts<'_> {
    /// Enters an order by hand. It belongs to client 0 without a number, until that client binds it.
    pub(crate) fn enter(
        &mut self,
        contract: &proto::Contract,
        order: &proto::Order,
    ) -> Result<i64, ApiError> {
        let perm_id = self.shared.orders.next_perm_id();
        let key = exchange_key(perm_id, 0);
        let understood = self.understand(0, 0, order, contract, None, &key)?;
        self.take_in(0, 0, (perm_id, key), understood);
        if self.shared.orders.binds {
            self.bind_all();
        }
        self.transmit(perm_id);
        Ok(perm_id.0)
    }
}
