use crate::catching::catches;
use tradeport_conformance::notifier::Harness;
use tradeport_memory::MemoryNotifier;
use tradeport_trading::Alarm;

catches! { notifier, notifier_conformance:
    DeliversTheWorstFirst: an_alarm_that_was_accepted_is_delivered_in_order_with_its_text_as_it_was_given,
}

struct Fixture<const FAULT: usize>(MemoryNotifier);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Notifier = MemoryNotifier;
    async fn fresh() -> Self {
        Self(MemoryNotifier::default())
    }
    fn notifier(&self) -> &MemoryNotifier {
        &self.0
    }
    async fn delivered(&self) -> Vec<Alarm> {
        let mut alarms = self.0.alarms();
        if FAULTS[FAULT] == Fault::DeliversTheWorstFirst {
            alarms.sort_by_key(|alarm| std::cmp::Reverse(alarm.severity));
        }
        alarms
    }
}
