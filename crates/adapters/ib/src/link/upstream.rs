//! What stands behind TWS: the broker's servers, as its notices tell. Pure.
//!
//! TWS stays connected to us while it has lost the broker: orders and data do not flow then, and the socket says nothing of
//! it. Left out: the socket itself.

use crate::notices::Meaning;
use std::collections::BTreeSet;

/// The servers of contract descriptions are named so: `secdefil`, `secdefeu`.
const DEFINITIONS: &str = "secdef";

/// Whether the broker's servers are there, as far as TWS has said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    is_offline: bool,
    broken: BTreeSet<String>,
}

impl Upstream {
    /// Takes a notice in; is it news?
    pub fn hear(&mut self, meaning: Meaning, text: &str) -> bool {
        match meaning {
            Meaning::BrokerOffline => !std::mem::replace(&mut self.is_offline, true),
            Meaning::BrokerBack => std::mem::replace(&mut self.is_offline, false),
            // Streams are lost, whatever was said before.
            Meaning::BrokerBackDataLost => {
                self.is_offline = false;
                true
            }
            Meaning::FarmDown => self.broken.insert(farm(text)),
            Meaning::FarmUp | Meaning::FarmIdle => self.broken.remove(&farm(text)),
            _ => true,
        }
    }

    /// Has TWS lost the broker?
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        self.is_offline
    }

    /// Can TWS not look contracts up? An answer that there is none proves nothing then.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.is_offline || self.broken.iter().any(|name| name.starts_with(DEFINITIONS))
    }

    /// The data servers that are down, by name.
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        self.broken.iter().map(String::as_str)
    }
}

/// The server's name stands behind the last colon, in every language.
fn farm(text: &str) -> String {
    text.rsplit(':').next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_news() {
        let mut upstream = Upstream::default();
        let ok = "Market data farm connection is OK:usfarm";
        assert!(!upstream.hear(Meaning::FarmUp, ok), "nobody said that it was down");
        assert!(upstream.hear(Meaning::FarmDown, "Verbindung unterbrochen:usfarm"));
        assert!(!upstream.hear(Meaning::FarmDown, "Verbindung unterbrochen: usfarm"));
        assert_eq!(upstream.broken().collect::<Vec<_>>(), ["usfarm"]);
        assert!(!upstream.hear(Meaning::FarmUp, "OK:ushmds"), "another one");
        assert!(upstream.hear(Meaning::FarmUp, ok));
        assert!(upstream.hear(Meaning::FarmDown, "Sec-def data farm connection is broken:secdefil"));
        assert!(upstream.is_blind());
        assert!(upstream.hear(Meaning::FarmUp, ":secdefil") && !upstream.is_blind());
        assert_eq!(upstream, Upstream::default());
    }

    #[test]
    fn lost_data_is_news_even_when_nobody_said_that_the_link_was_lost() {
        let mut upstream = Upstream::default();
        assert!(!upstream.hear(Meaning::BrokerBack, ""));
        assert!(upstream.hear(Meaning::BrokerOffline, "") && upstream.is_offline() && upstream.is_blind());
        assert!(!upstream.hear(Meaning::BrokerOffline, ""));
        assert!(upstream.hear(Meaning::BrokerBackDataLost, "") && !upstream.is_offline());
        assert!(upstream.hear(Meaning::BrokerBackDataLost, ""));
        assert!(upstream.hear(Meaning::Unknown, "") && upstream.hear(Meaning::Unknown, ""));
    }
}
