//! Which of our keys has which number in this connection.

use foldhash::{HashMap, HashMapExt};
use tradeport_kernel::OrderKey;

/// Keys and the numbers that one client gave them: the library's `order_id` and `parent_id`. They mean nothing in another
/// connection or client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderNumbers {
    by_key: HashMap<OrderKey, i32>,
    by_number: HashMap<i32, OrderKey>,
}

impl OrderNumbers {
    /// No order has a number.
    #[must_use]
    pub fn new() -> Self {
        Self { by_key: HashMap::new(), by_number: HashMap::new() }
    }

    /// Gives an order its number. Both must be new, and the number above zero; otherwise nothing changes and it is
    /// `false`.
    pub fn give(&mut self, key: &OrderKey, number: i32) -> bool {
        if number <= 0 || self.by_key.contains_key(key) || self.by_number.contains_key(&number) {
            return false;
        }
        self.by_key.insert(key.clone(), number);
        self.by_number.insert(number, key.clone());
        true
    }

    /// Takes a number back from an order that was not sent.
    pub fn take(&mut self, number: i32) {
        if let Some(key) = self.by_number.remove(&number) {
            self.by_key.remove(&key);
        }
    }

    /// The number of an order.
    #[must_use]
    pub fn number(&self, key: &OrderKey) -> Option<i32> {
        self.by_key.get(key).copied()
    }

    /// The order of a number.
    #[must_use]
    pub fn key(&self, number: i32) -> Option<&OrderKey> {
        self.by_number.get(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_one_number() {
        let mut numbers = OrderNumbers::new();
        let (a, b): (OrderKey, OrderKey) = ("a".parse().unwrap(), "b".parse().unwrap());
        assert!(numbers.give(&a, 1) && !numbers.give(&a, 2) && !numbers.give(&b, 1) && !numbers.give(&b, 0));
        assert_eq!((numbers.number(&a), numbers.key(1), numbers.number(&b)), (Some(1), Some(&a), None));
    }
}
