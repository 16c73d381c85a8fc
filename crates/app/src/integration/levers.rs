//! What can be done to a broker from outside, where it is a simulated one.

use super::scenario::Need;
use futures::future::LocalBoxFuture;

/// Moves a simulated broker; a real one has no levers.
pub(super) trait Levers {
    /// Is this there?
    fn has(&self, need: Need) -> bool;

    /// Cuts the link from the broker's side.
    fn cut_link(&self) -> LocalBoxFuture<'_, anyhow::Result<()>>;

    /// Takes the broker down: until [`Self::bring_up`] nobody can connect. Its orders live on.
    fn take_down(&self) -> LocalBoxFuture<'_, anyhow::Result<()>>;

    /// Brings it up again.
    fn bring_up(&self) -> LocalBoxFuture<'_, anyhow::Result<()>>;

    /// Lets virtual time pass until the market's next quotes; real time passes by itself.
    fn let_time_pass(&self);
}
