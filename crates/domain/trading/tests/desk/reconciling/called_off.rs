//! A reconciliation that nobody waits for any more.

use super::*;
use futures::channel::oneshot;
use tradeport_orders::CancelTag;
use tradeport_trading::DeskError;

#[test]
fn one_that_waits_for_the_broker_is_called_off_at_once_and_changes_nothing() {
    block_on(async {
        let (house, desk) = working().await;
        desk.reconcile(None).await.unwrap();
        let before = desk.last_reconciliation().await;
        house.clock.advance(Duration::from_secs(1));
        house.broker.script(|script| {
            script.open_hangs = true;
            script.open.push(BrokerOrder { key: None, ..shown("b", 8) });
        });
        let (call_off, called_off) = oneshot::channel::<()>();
        let called_off = async { called_off.await.unwrap_or_default() };
        let mut waits = Box::pin(desk.reconcile_unless(Some(Patience::NONE), called_off));
        for _ in 0..20 {
            assert!(futures::poll!(&mut waits).is_pending(), "the broker has not answered");
        }
        // It holds nobody up.
        assert!(desk.submit(buy("c", 1)).now_or_never().unwrap().is_ok());
        assert!(desk.cancel(&key("a"), CancelTag::default()).now_or_never().unwrap().is_ok());
        call_off.send(()).unwrap();
        assert!(matches!(waits.await, Err(DeskError::CalledOff)));
        assert_eq!(desk.last_reconciliation().await, before);
        assert_eq!(causes(&desk).await, []);

        house.broker.script(|script| script.open_hangs = false);
        let next = desk.reconcile(None).await.unwrap();
        assert_eq!(next.others.len(), 1, "the next one is whole");
    });
}
