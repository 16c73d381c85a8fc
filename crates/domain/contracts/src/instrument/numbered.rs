//! What a number names alone: the broker's, a public one, or an issuer's.

use super::listed::{checked, kind, priced};
use super::{Description, InstrumentKind, NotAnInstrument};
use crate::{ContractId, Identifier};

kind! {
    /// A contract by the broker's number.
    ///
    /// ```
    /// use tradeport_contracts::{ById, ContractId, InstrumentKind};
    /// let pair = ById::new(ContractId::new(12_087_792))?.on("IDEALPRO")?.of_kind(InstrumentKind::Forex)?;
    /// assert_eq!(pair.to_string(), "id:12087792@IDEALPRO;kind=forex");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    ById
}

kind! {
    /// A security by a public number.
    ///
    /// ```
    /// use tradeport_contracts::{Identified, InstrumentKind, Isin};
    /// let stock = Identified::new(Isin::new("US45841N1072")?)
    ///     .of_kind(InstrumentKind::Stock)?
    ///     .in_currency("USD".parse().unwrap());
    /// assert_eq!(stock.to_string(), "isin:US45841N1072/USD;kind=stock");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Identified
}

kind! {
    /// All bonds of an issuer, by the broker's code of it: a question to the catalog, not a contract.
    ///
    /// ```
    /// use tradeport_contracts::Issued;
    /// assert_eq!(Issued::new("e1453318")?.to_string(), "issuer:e1453318");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Issued
}

priced!(ById, Identified, Issued);

/// Where what a number names is routed to, when nothing is said.
pub(super) const USUAL_EXCHANGE: &str = "SMART";

impl ById {
    /// By its number, above zero, routed by the broker.
    pub fn new(id: ContractId) -> Result<Self, NotAnInstrument> {
        let exchange = Some(USUAL_EXCHANGE.to_owned());
        checked(Description { id: Some(id), exchange, ..Description::default() })
    }

    /// The same, said to be of a kind.
    pub fn of_kind(self, kind: InstrumentKind) -> Result<Self, NotAnInstrument> {
        self.changed(|it| it.kind = Some(kind))
    }
}

impl Identified {
    /// By its number, routed by the broker.
    #[must_use]
    pub fn new(identifier: impl Into<Identifier>) -> Self {
        let (identifier, exchange) = (Some(identifier.into()), Some(USUAL_EXCHANGE.to_owned()));
        checked(Description { identifier, exchange, ..Description::default() })
            .expect("an identifier breaks no rule")
    }

    /// The same, said to be of a kind.
    pub fn of_kind(self, kind: InstrumentKind) -> Result<Self, NotAnInstrument> {
        self.changed(|it| it.kind = Some(kind))
    }
}

impl Issued {
    /// By the code of the issuer: 1 to 64 printable characters, no blank at either end.
    pub fn new(issuer: &str) -> Result<Self, NotAnInstrument> {
        checked(Description { issuer: Some(issuer.to_owned()), ..Description::default() })
    }

    /// The same, of one kind.
    pub fn of_kind(self, kind: InstrumentKind) -> Result<Self, NotAnInstrument> {
        self.changed(|it| it.kind = Some(kind))
    }
}
