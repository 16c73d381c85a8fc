//! Sequences without holes: places in the journal, from 1.

use tradeport_kernel::StoreError;

/// The last place given out, once it is known.
#[derive(Default)]
pub(crate) struct LastSequence(Option<i64>);

impl LastSequence {
    /// The last one, where it was given out since it was asked for.
    pub(crate) const fn known(&self) -> Option<i64> {
        self.0
    }

    /// The next place; `kept` asks the file for its last one, the first time.
    pub(crate) fn next(
        &mut self,
        kept: impl FnOnce() -> Result<Option<i64>, StoreError>,
    ) -> Result<i64, StoreError> {
        let last = match self.0 {
            Some(last) => last,
            None => kept()?.unwrap_or(0),
        };
        let next = last
            .checked_add(1)
            .ok_or_else(|| StoreError::Full("no sequence is left for another entry".into()))?;
        self.0 = Some(next);
        Ok(next)
    }
}
