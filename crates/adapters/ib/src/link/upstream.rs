//! What stands behind TWS: the broker's servers, as its notices tell. Pure.
//!
//! TWS stays connected to us while it has lost the broker: orders and data do not flow then, and the socket says nothing of
//! it. Left out: the socket itself.

use crate::notices::Said;
use std::collections::BTreeSet;
use tradeport_connection::{Farm, NoticeClass};

/// Whether the broker's servers are there, as far as TWS has said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    is_offline: bool,
    broken: BTreeSet<(Farm, String)>,
}

impl Upstream {
    /// Takes a notice in; is it news?
    pub fn hear(&mut self, said: &Said) -> bool {
        let name = || said.farm().unwrap_or_default().to_owned();
        match said.class() {
            NoticeClass::BrokerOffline => !std::mem::replace(&mut self.is_offline, true),
            NoticeClass::BrokerOnline => std::mem::replace(&mut self.is_offline, false),
            // Streams are lost, whatever was said before.
            NoticeClass::DataLost => {
                self.is_offline = false;
                true
            }
            NoticeClass::FarmDown(farm) => self.broken.insert((farm, name())),
            NoticeClass::FarmUp(farm) | NoticeClass::FarmIdle(farm) => self.broken.remove(&(farm, name())),
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
        self.is_offline || self.broken.iter().any(|(farm, _)| *farm == Farm::Definitions)
    }

    /// The data servers that are down, by name.
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        self.broken.iter().map(|(_, name)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::NoticeTable;

    fn hear(upstream: &mut Upstream, code: i32, text: &str) -> bool {
        upstream.hear(&NoticeTable::default().said(code, text))
    }

    #[test]
    fn only_changes_are_news() {
        let mut upstream = Upstream::default();
        let ok = "Market data farm connection is OK:usfarm";
        assert!(!hear(&mut upstream, 2104, ok), "nobody said that it was down");
        assert!(hear(&mut upstream, 2103, "Verbindung unterbrochen:usfarm"));
        assert!(!hear(&mut upstream, 2103, "Verbindung unterbrochen: usfarm"));
        assert_eq!(upstream.broken().collect::<Vec<_>>(), ["usfarm"]);
        assert!(!hear(&mut upstream, 2106, "OK:ushmds"), "another one");
        assert!(hear(&mut upstream, 2104, ok));
        assert!(hear(&mut upstream, 2157, "Sec-def data farm connection is broken:secdefil"));
        assert!(upstream.is_blind());
        assert!(hear(&mut upstream, 2158, ":secdefil") && !upstream.is_blind());
        assert_eq!(upstream, Upstream::default());
    }

    #[test]
    fn lost_data_is_news_even_when_nobody_said_that_the_link_was_lost() {
        let mut upstream = Upstream::default();
        assert!(!hear(&mut upstream, 1102, ""));
        assert!(hear(&mut upstream, 1100, "") && upstream.is_offline() && upstream.is_blind());
        assert!(!hear(&mut upstream, 1100, ""));
        assert!(hear(&mut upstream, 1101, "") && !upstream.is_offline());
        assert!(hear(&mut upstream, 1101, ""));
        assert!(hear(&mut upstream, 77777, "") && hear(&mut upstream, 77777, ""));
    }
}
