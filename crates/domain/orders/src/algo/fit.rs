//! Whether an algo suits an order, as far as its provider says what it works with.

use super::refusal::AlgoRefusal;
use super::spec::AlgoProduct;
use super::{Algo, ParamValue, Provider};
use tradeport_kernel::{Decimal, Quantity};

/// Parameters that are never above the size of the order.
const PARTS: [&str; 3] = ["componentSize", "displaySize", "DisplaySize"];

impl Algo {
    /// Does it work with orders of the kind of that short name (`LMT`)? With any, when its provider does not say.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::Adaptive;
    /// let algo = Adaptive::new().build().unwrap();
    /// assert!(algo.suits_kind("LMT").is_ok());
    /// let refused = algo.suits_kind("STP").unwrap_err();
    /// assert_eq!(refused.to_string(), "ib Adaptive does not work with STP, expected one of MKT, LMT");
    /// ```
    ///
    /// # Errors
    /// [`AlgoRefusal::Unsuited`], naming the kinds that it works with.
    pub fn suits_kind(&self, kind: &str) -> Result<(), AlgoRefusal> {
        let kinds = self.spec().map_or(&[][..], |spec| spec.order_kinds());
        if kinds.is_empty() || kinds.contains(&kind) {
            return Ok(());
        }
        Err(self.unsuited(kind.to_owned(), format!("one of {}", kinds.join(", "))))
    }

    /// Does it trade `product`? Any, when its provider does not say.
    ///
    /// # Errors
    /// [`AlgoRefusal::Unsuited`], naming the products that it trades.
    pub fn suits_product(&self, product: AlgoProduct) -> Result<(), AlgoRefusal> {
        let products = self.spec().map_or(&[][..], |spec| spec.products());
        if products.is_empty() || products.contains(&product) {
            return Ok(());
        }
        let names: Vec<&str> = products.iter().map(|product| product.name()).collect();
        Err(self.unsuited(product.to_string(), format!("one of {}", names.join(", "))))
    }

    /// Does it run for orders that are sent to the exchange `route`? The broker's own algos run at any exchange but at
    /// other providers' routes; theirs only there.
    ///
    /// # Errors
    /// [`AlgoRefusal::Unsuited`], naming the route that it needs.
    pub fn suits_route(&self, route: &str) -> Result<(), AlgoRefusal> {
        let others = Provider::LISTED.iter().filter(|listed| listed.needs_own_route());
        let suited = match self.provider() {
            Provider::Ib => others.into_iter().all(|listed| listed.route() != route),
            provider => provider.route() == route,
        };
        if suited {
            return Ok(());
        }
        let native = if self.provider().needs_own_route() { "" } else { " or a native exchange" };
        let given = format!("the route {}", super::refusal::shown(route));
        Err(self.unsuited(given, format!("{}{native}", self.provider().route())))
    }

    /// Is every part that it cuts or shows of the order at most `size`?
    ///
    /// # Errors
    /// [`AlgoRefusal::Value`], naming the parameter that is above the size.
    pub fn suits_size(&self, size: Quantity) -> Result<(), AlgoRefusal> {
        let size = size.as_decimal();
        let above = self.params().iter().find(|param| {
            let part = match param.value() {
                ParamValue::Integer(part) => Decimal::from(*part),
                ParamValue::Number(part) => *part,
                _ => return false,
            };
            PARTS.contains(&param.name()) && part > size
        });
        let Some(param) = above else { return Ok(()) };
        Err(AlgoRefusal::Value {
            algo: self.name(),
            param: param.name().to_owned(),
            given: param.value().to_string(),
            accepted: format!("at most the order's size, {size}"),
        })
    }

    fn unsuited(&self, given: String, accepted: String) -> AlgoRefusal {
        AlgoRefusal::Unsuited { algo: self.name(), given, accepted }
    }
}
