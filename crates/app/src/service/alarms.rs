//! Alarms of the service: told in its log, and kept while they stand, for whoever asks how it does.

use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_connection::Purpose;
use tradeport_kernel::Timestamp;
use tradeport_trading::{Alarm, Notifier, NotifyError, Severity};

/// The alarms that stand; clones are the same book.
#[derive(Clone, Debug, Default)]
pub struct AlarmBook(Arc<Mutex<BTreeMap<(Purpose, String), Alarm>>>);

/// The alarms of one link.
#[derive(Clone, Debug)]
pub struct LineAlarms {
    book: AlarmBook,
    purpose: Purpose,
}

impl AlarmBook {
    /// For the link of this purpose.
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> LineAlarms {
        LineAlarms { book: self.clone(), purpose }
    }

    /// What was said of a condition that stands.
    #[must_use]
    pub fn text(&self, purpose: Purpose, condition: &str) -> Option<(Severity, String)> {
        let alarms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alarms.get(&(purpose, condition.to_owned())).map(|alarm| (alarm.severity, alarm.text.clone()))
    }

    /// Something of our own that a person should know.
    pub fn note(&self, condition: &str, text: String, at: Timestamp) {
        let alarm = Alarm { at, severity: Severity::Warning, condition: condition.to_owned(), text };
        self.take(Purpose::Interactive, &alarm);
    }

    /// What was noted of a condition is over.
    pub fn clear(&self, condition: &str, at: Timestamp) {
        if self.text(Purpose::Interactive, condition).is_some() {
            let (severity, text) = (Severity::Information, "it is over".to_owned());
            self.take(Purpose::Interactive, &Alarm { at, severity, condition: condition.to_owned(), text });
        }
    }

    fn take(&self, purpose: Purpose, alarm: &Alarm) {
        let (condition, text) = (&alarm.condition, &alarm.text);
        let mut alarms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (purpose, condition.clone());
        match alarm.severity {
            Severity::Critical => tracing::error!(%purpose, %condition, %text, "alarm"),
            Severity::Warning => tracing::warn!(%purpose, %condition, %text, "alarm"),
            Severity::Information => {
                tracing::info!(%purpose, %condition, %text, "alarm");
                alarms.remove(&key);
                return;
            }
        }
        alarms.insert(key, alarm.clone());
    }
}

#[async_trait]
impl Notifier for LineAlarms {
    async fn notify(&self, alarm: &Alarm) -> Result<(), NotifyError> {
        self.book.take(self.purpose, alarm);
        Ok(())
    }
}
