//! What stands between a session and its proofs: some are never made, or the contrary is shown, when a test wants it.

use async_trait::async_trait;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use tradeport_connection::Proof;
use tradeport_kernel::ConnectionEpoch;
use tradeport_trading::{BrokerProver, Disproof, Prover};

/// Clones are the same doubts.
#[derive(Clone)]
pub(crate) struct Doubts(Arc<Inner>);

struct Inner {
    prover: Arc<BrokerProver>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    unanswered: BTreeSet<Proof>,
    refuted: BTreeSet<Proof>,
    asked: Vec<(ConnectionEpoch, Proof)>,
}

impl Doubts {
    pub(crate) fn over(prover: Arc<BrokerProver>) -> Self {
        Self(Arc::new(Inner { prover, state: Mutex::default() }))
    }

    /// From now on this is never answered, or is again.
    pub(crate) fn withhold(&self, proof: Proof, withheld: bool) {
        let mut state = self.0.state.lock().unwrap();
        if withheld {
            state.unanswered.insert(proof)
        } else {
            state.unanswered.remove(&proof)
        };
    }

    /// From now on the contrary is shown.
    pub(crate) fn refute(&self, proof: Proof) {
        self.0.state.lock().unwrap().refuted.insert(proof);
    }

    /// What was asked for in an epoch.
    pub(crate) fn asked_in(&self, epoch: u64) -> BTreeSet<Proof> {
        let state = self.0.state.lock().unwrap();
        state
            .asked
            .iter()
            .filter(|(in_epoch, _)| in_epoch.number() == epoch)
            .map(|(_, proof)| *proof)
            .collect()
    }
}

#[async_trait]
impl Prover for Doubts {
    async fn prove(&self, proof: Proof, epoch: ConnectionEpoch) -> Result<(), Disproof> {
        let (is_withheld, is_refuted) = {
            let mut state = self.0.state.lock().unwrap();
            state.asked.push((epoch, proof));
            (state.unanswered.contains(&proof), state.refuted.contains(&proof))
        };
        if is_withheld {
            std::future::pending::<()>().await;
        }
        if is_refuted {
            return Err(Disproof::Refuted("it is another one now".to_owned()));
        }
        self.0.prover.prove(proof, epoch).await
    }
}
