//! Rows of the link's families in which the bytes decide: what the adapter makes of them is what the supervisor hears.

use crate::link::{at, broker_at, peer, run};
use crate::stand::{Stand, on_runtime};
use tradeport_connection::{BrokerLink, LinkError, LinkState};
use tradeport_ib::{IbBroker, IbSettings};
use tradeport_kernel::AccountId;

async fn refusal(settings: IbSettings) -> LinkError {
    let (broker, _clock) = broker_at(settings).await;
    connect(&broker).await.unwrap_err()
}

async fn connect(broker: &IbBroker) -> Result<(), LinkError> {
    let broker = broker.clone();
    on_runtime(async move { BrokerLink::connect(&broker).await.map(drop) }).await
}

#[test]
fn scenario_con_01_a_taken_client_id_is_told_as_such() {
    run(async {
        let stand = Stand::linked().await;
        let error = refusal(at("127.0.0.1", stand.wire.port())).await;
        assert!(matches!(error, LinkError::ClientIdTaken(_)), "{error:?}");
        assert_ne!(stand.broker.state(), LinkState::Down, "the first goes on");
    });
}

#[test]
fn scenario_con_09_who_takes_a_connection_and_closes_it_is_not_ready() {
    run(async {
        let error = refusal(at("127.0.0.1", peer(b"", false).await)).await;
        assert!(matches!(error, LinkError::Unready(_)), "{error:?}");
    });
}

#[test]
fn scenario_con_10_a_level_that_we_do_not_speak_is_refused_in_words() {
    run(async {
        let old = b"\0\0\0\x1a200\x0020260102 15:04:05 UTC\0";
        let LinkError::Refused(cause) = refusal(at("127.0.0.1", peer(old, true).await)).await else {
            panic!("it is no use to wait")
        };
        assert!(cause.to_string().contains("update"), "{cause}");
    });
}

#[test]
fn scenario_con_21_another_account_is_told_as_such() {
    run(async {
        let stand = Stand::down().await;
        let wanted = AccountId::new("DU999").unwrap();
        let error = refusal(at("127.0.0.1", stand.wire.port()).with_account(wanted)).await;
        assert!(matches!(error, LinkError::WrongAccount(_)), "{error:?}");
    });
}

#[test]
fn scenario_net_11_a_frame_that_is_cut_leaves_nothing_to_the_next_connection() {
    run(async {
        let stand = Stand::linked().await;
        for _ in 0..5 {
            // A frame of 256 bytes, of which three come.
            stand.wire.inject(vec![0, 0, 1, 0, 1, 2, 3]);
            stand.drop_link().await;
            stand.connect().await;
            stand.settle().await;
            assert!(stand.broker.probe(std::time::Duration::from_secs(60)).await.is_ok());
        }
    });
}
