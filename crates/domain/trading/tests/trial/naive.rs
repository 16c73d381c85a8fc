//! A trader as most scripts are. Each of its habits is reasonable on a good day, and each is somebody's bug report.

use crate::stage::{Trader, key, price};
use crate::street::{Message, Request, Street, Way};
use std::collections::BTreeMap;
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::BrokerPhase;

/// What it remembers of an order, by the number it gave to it.
struct Note {
    name: OrderKey,
    units: Decimal,
    limit: &'static str,
    filled: Decimal,
    answered: bool,
    over: bool,
}

pub(crate) struct Naive {
    street: Street,
    client: i32,
    /// The next number, as the broker said when it was connected.
    next: i64,
    notes: BTreeMap<i64, Note>,
    /// Filled by orders whose notes made room for others.
    earlier: BTreeMap<OrderKey, Decimal>,
    /// The broker has lost its own line: what comes meanwhile is not believed.
    offline: bool,
}

impl Naive {
    pub(crate) fn new(street: &Street) -> Self {
        let next = street.next_number();
        let (notes, earlier) = (BTreeMap::new(), BTreeMap::new());
        Self { street: street.clone(), client: 1, next, notes, earlier, offline: false }
    }

    fn send(&mut self, name: &OrderKey, units: Decimal, limit: &'static str) {
        let number = self.next;
        self.next += 1;
        let note =
            Note { name: name.clone(), units, limit, filled: Decimal::ZERO, answered: false, over: false };
        if let Some(old) = self.notes.insert(number, note) {
            *self.earlier.entry(old.name).or_default() += old.filled;
        }
        self.street.place(Request {
            number,
            client: self.client,
            name: name.clone(),
            units,
            limit: price(limit),
        });
    }

    /// Whatever is left of it, under another number.
    fn again(&mut self, number: i64) {
        let Some(note) = self.notes.get_mut(&number).filter(|it| !it.over) else { return };
        note.over = true;
        let (name, units, limit) = (note.name.clone(), note.units - note.filled, note.limit);
        self.send(&name, units, limit);
    }

    fn hear_one(&mut self, message: &Message) {
        match *message {
            Message::Error { number: None, code: 1_100 } => self.offline = true,
            Message::Error { number: None, code: 1_101 | 1_102 } => self.offline = false,
            // A farm is down: the line must be broken, so it takes another, under an id that is surely free.
            Message::Error { number: None, code: 2_103 } => self.client += 1,
            _ if self.offline => {}
            // An error about an order: it is dead.
            Message::Error { number: Some(number), .. } => self.again(number),
            Message::Status { number, phase, filled } => {
                if let Some(note) = self.notes.get_mut(&number).filter(|it| !it.over) {
                    (note.answered, note.filled) = (true, filled);
                    note.over = matches!(phase, BrokerPhase::Cancelled | BrokerPhase::Filled);
                }
            }
            // The status says how much was filled.
            Message::Execution { .. } | Message::Error { .. } => {}
        }
    }
}

impl Trader for Naive {
    fn want(&mut self, name: &str, units: u32, limit: &'static str) {
        if !self.offline {
            self.send(&key(name), units.into(), limit);
        }
    }

    fn reprice(&mut self, name: &str, limit: &'static str) {
        let Some(number) = self.number_of(name) else { return };
        if let Some(note) = self.notes.get_mut(&number) {
            note.limit = limit;
        }
        // No answer is taken for a no.
        if self.street.change(number, self.client, Some(price(limit)), None) == Way::AnswerLost {
            self.again(number);
        }
    }

    fn cancel(&mut self, name: &str) {
        // What was cancelled is gone.
        if let Some(number) = self.number_of(name) {
            self.street.cancel(number, self.client);
            if let Some(note) = self.notes.get_mut(&number) {
                note.over = true;
            }
        }
    }

    fn hear(&mut self) {
        for message in self.street.read() {
            self.hear_one(&message);
        }
        let silent: Vec<i64> =
            self.notes.iter().filter(|(_, it)| !it.answered && !it.over).map(|(number, _)| *number).collect();
        for number in silent {
            self.again(number);
        }
    }

    fn linked_again(&mut self) {
        self.next = self.street.next_number();
    }

    fn restart(&mut self) {
        *self = Self::new(&self.street);
    }

    fn filled(&mut self, name: &OrderKey) -> Decimal {
        let noted: Decimal = self.notes.values().filter(|it| it.name == *name).map(|it| it.filled).sum();
        noted + self.earlier.get(name).copied().unwrap_or_default()
    }

    fn open_units(&mut self, name: &OrderKey) -> Decimal {
        self.notes.values().filter(|it| it.name == *name && !it.over).map(|it| it.units - it.filled).sum()
    }
}

impl Naive {
    fn number_of(&self, name: &str) -> Option<i64> {
        self.notes.iter().find(|(_, it)| it.name == key(name) && !it.over).map(|(number, _)| *number)
    }
}
