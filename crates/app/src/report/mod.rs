//! What a run came to: one plain value, and three ways to show it (terminal, HTML, JSON by its `Serialize`).
//!
//! Left out: how the run went about it, and any wall-clock time: the same run gives the same report, byte for byte.

mod calendar;
mod charts;
mod equity_curve;
mod figures;
mod html;
mod terminal;
mod text;
pub(crate) mod value;

pub(crate) use figures::Comparison;
pub(crate) use html::to_html;
pub(crate) use terminal::to_terminal;
pub(crate) use text::{amount, bytes, count};
pub(crate) use value::{
    AccountFigures, DatabaseFile, DayValue, DemoReport, ListedInstrument, OrderFigures, OutcomeCount, Period,
    PositionLine, RecordingFigures, Setting, TableCount,
};
