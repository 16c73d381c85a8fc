//! The ticks that streams tell most: numbers until they are written.
//!
//! A tick as an answer of its own costs two pieces of memory, and streams tell millions. So it waits as numbers, and is
//! written with the one answer of its sort that is kept for that.

use crate::translate::number;
use crate::wire::Answer;
use crate::wire::proto::{TickGeneric, TickPrice, TickSize, TickString};
use tradeport_kernel::Decimal;

/// One tick of a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    /// The request that it answers.
    pub(crate) id: i32,
    /// What it is of.
    pub(crate) number: i32,
    pub(crate) told: Told,
}

/// What a tick tells.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told {
    Price {
        price: f64,
        size: Decimal,
        mask: i32,
    },
    Size(Decimal),
    Value(f64),
    /// A second since 1970, as text.
    Second(i64),
}

/// One answer of each sort, filled anew for each tick.
#[derive(Debug)]
pub(super) struct Forms {
    price: Answer,
    size: Answer,
    value: Answer,
    text: Answer,
}

impl Default for Forms {
    fn default() -> Self {
        Self {
            price: TickPrice::default().into(),
            size: TickSize::default().into(),
            value: TickGeneric::default().into(),
            text: TickString::default().into(),
        }
    }
}

impl Forms {
    /// The answer that says a tick.
    pub(super) fn fill(&mut self, tick: &Tick) -> &mut Answer {
        let answer = match tick.told {
            Told::Price { .. } => &mut self.price,
            Told::Size(_) => &mut self.size,
            Told::Value(_) => &mut self.value,
            Told::Second(_) => &mut self.text,
        };
        let (id, number) = (Some(tick.id), Some(tick.number));
        match (&mut *answer, tick.told) {
            (Answer::TickPrice(it), Told::Price { price, size, mask }) => {
                (it.req_id, it.tick_type) = (id, number);
                (it.price, it.attr_mask) = (Some(price), Some(mask));
                spell(&mut it.size, size);
            }
            (Answer::TickSize(it), Told::Size(size)) => {
                (it.req_id, it.tick_type) = (id, number);
                spell(&mut it.size, size);
            }
            (Answer::TickGeneric(it), Told::Value(value)) => {
                (it.req_id, it.tick_type, it.value) = (id, number, Some(value));
            }
            (Answer::TickString(it), Told::Second(second)) => {
                (it.req_id, it.tick_type) = (id, number);
                spell(&mut it.value, Decimal::from(second));
            }
            _ => {}
        }
        answer
    }
}

/// Writes a number into a field of text, in the memory that it has already.
fn spell(field: &mut Option<String>, number: Decimal) {
    let text = field.get_or_insert_default();
    text.clear();
    number::push(text, number);
}
