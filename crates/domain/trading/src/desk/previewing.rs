//! Asking before sending: what the risk gate, validation and the broker would say to an order.

use super::exposure::Supposing;
use super::judging::Described;
use super::submitting::detail_of;
use super::{DeskError, OrderDesk, Previewed};
use tradeport_orders::{ClearedPreview, OrderIntent};
use tradeport_risk::RiskVerdict;

impl OrderDesk {
    /// What an order would meet, were it placed now. Nothing of it enters the order journal, nothing is counted against
    /// a limit, and its key is still free.
    ///
    /// The broker is asked unless validation knows already that it would refuse; the risk gate's verdict does not keep
    /// it from being asked, since what an order would cost helps to word a better one.
    pub async fn preview(&self, intent: OrderIntent) -> Result<Previewed, DeskError> {
        let described = self.describe(&intent).await?;
        described.check_name(intent.symbol())?;
        let (verdict, validation) = self.foresee(&intent, &described).await?;
        if !validation.is_accepted() {
            return Ok(Previewed { verdict, validation, broker: None });
        }
        self.audit("preview asked", intent.key(), detail_of(&intent)).await?;
        let asked = self.ports.clock.now();
        let broker = self.ports.gateway.preview(&ClearedPreview::by_desk(intent.clone())).await;
        let verdict = match self.policy().limits_of(intent.account()).wants_preview() {
            true => {
                let _told = self.heard(&intent, asked, &broker).await;
                self.verdict_on(&intent).await?
            }
            false => verdict,
        };
        Ok(Previewed { verdict, validation, broker: Some(broker) })
    }

    /// What the risk gate says of an order now. Nobody else is asked; nothing is kept, and nothing is counted.
    pub async fn verdict_on(&self, intent: &OrderIntent) -> Result<RiskVerdict, DeskError> {
        let switch = self.switch().await;
        let now = self.ports.clock.now();
        let state = self.to_judge().await;
        self.is_repeat(&state, intent)?;
        Ok(self.verdict(&state, intent, now, Supposing::default(), &switch))
    }

    async fn foresee(
        &self,
        intent: &OrderIntent,
        described: &Described,
    ) -> Result<(RiskVerdict, tradeport_orders::validation::Validation), DeskError> {
        let switch = self.switch().await;
        let now = self.ports.clock.now();
        let state = self.to_judge().await;
        // A key that stands for another order would be refused, whatever else is said of it.
        self.is_repeat(&state, intent)?;
        let verdict = self.verdict(&state, intent, now, Supposing::default(), &switch);
        Ok((verdict, described.validate(intent, now)))
    }
}
