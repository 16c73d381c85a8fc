//! The use cases: what happens across domains, in the order that keeps money safe.

mod ports;

pub use ports::{Alarm, AuditEntry, AuditLog, AuditRecord, Notifier, NotifyError, Severity};
