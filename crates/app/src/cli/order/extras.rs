//! Everything else that an order may say, as it is typed: how it fills, with which others, under which conditions, by
//! which algo; and `--attributes` for all that has no flag.

use super::algo::AlgoArgs;
use super::condition::ConditionArgs;
use super::known::Known;
use clap::{Args, ValueEnum};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{OcaEffect, OcaGroup, OrderAttributes, OrderDraft};

/// Everything else that an order may say.
#[derive(Clone, Debug, Default, Args)]
pub struct Extras {
    /// How it fills.
    #[command(flatten)]
    pub fill: FillArgs,
    /// With which others.
    #[command(flatten)]
    pub group: GroupArgs,
    /// Under which conditions.
    #[command(flatten)]
    pub conditions: ConditionArgs,
    /// By which algo.
    #[command(flatten)]
    pub algo: AlgoArgs,
    /// Everything that has no flag, as JSON: '{"scale":{"first_size":100,"increment":"0.05"}}'
    #[arg(long, value_name = "JSON", hide_short_help = true, help_heading = "Everything else")]
    pub attributes: Option<AttributesText>,
}

/// How it shows itself, and how it fills.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Showing and filling")]
pub struct FillArgs {
    /// It shows nothing
    #[arg(long, hide_short_help = true)]
    pub hidden: bool,
    /// It shows so many units at a time
    #[arg(long, value_name = "UNITS", hide_short_help = true)]
    pub display_size: Option<u32>,
    /// All in one fill, or it waits
    #[arg(long, hide_short_help = true)]
    pub all_or_none: bool,
    /// The first fill is of so many units at least
    #[arg(long, value_name = "UNITS", hide_short_help = true)]
    pub min_quantity: Option<u32>,
    /// It only adds to the book, and never takes from it
    #[arg(long, hide_short_help = true)]
    pub post_only: bool,
    /// It takes all venues' best prices at once
    #[arg(long, hide_short_help = true)]
    pub sweep: bool,
    /// It is a block order
    #[arg(long, hide_short_help = true)]
    pub block: bool,
    /// The broker is free in when and how to fill it
    #[arg(long, hide_short_help = true)]
    pub not_held: bool,
    /// So far beyond its limit it trades at its discretion, unseen
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, hide_short_help = true)]
    pub discretion: Option<Decimal>,
}

/// With which other orders it lives and dies.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "With other orders")]
pub struct GroupArgs {
    /// Its group: when one of the group fills, the others are cancelled
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub oca: Option<OrderKey>,
    /// What a fill does to the others of the group [default: reduce]
    #[arg(long, value_enum, value_name = "EFFECT", requires = "oca", hide_short_help = true)]
    pub oca_effect: Option<OcaEffectText>,
    /// It comes alive when the order of this key fills, and dies with it
    #[arg(long, value_name = "KEY", hide_short_help = true)]
    pub parent: Option<OrderKey>,
}

/// What a fill does to the other orders of a group, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OcaEffectText {
    /// It cancels them; one at a time is at the exchange
    Cancel,
    /// It makes them smaller; one at a time is at the exchange
    Reduce,
    /// It makes them smaller; all are at the exchange, and more than wanted can fill
    ReduceWithoutBlock,
}

/// Attributes of an order in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributesText(OrderAttributes);

impl std::str::FromStr for AttributesText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| {
            format!("{error}; expected a JSON object of attributes such as {{\"model\":\"growth\"}}")
        })
    }
}

impl Extras {
    /// Says it of an order, what was given by `--attributes` first.
    pub(super) fn say(&self, draft: &mut OrderDraft, known: &Known) -> Result<(), String> {
        if let Some(AttributesText(attributes)) = &self.attributes {
            draft.attributes = attributes.clone().into();
        }
        self.fill.say(draft);
        self.group.say(draft);
        if let Some(conditions) = self.conditions.conditions(known)? {
            draft.attributes.conditions = Some(conditions);
        }
        if let Some(algo) = self.algo.algo()? {
            draft.attributes.algo = Some(algo);
        }
        Ok(())
    }
}

impl FillArgs {
    fn say(&self, draft: &mut OrderDraft) {
        let handling = &mut draft.attributes.handling;
        handling.hidden |= self.hidden;
        handling.all_or_none |= self.all_or_none;
        handling.post_only |= self.post_only;
        handling.sweep_to_fill |= self.sweep;
        handling.block |= self.block;
        handling.not_held |= self.not_held;
        handling.display_size = self.display_size.or(handling.display_size);
        handling.min_quantity = self.min_quantity.or(handling.min_quantity);
        handling.discretionary_amount = self.discretion.or(handling.discretionary_amount);
    }
}

impl GroupArgs {
    fn say(&self, draft: &mut OrderDraft) {
        draft.parent.clone_from(&self.parent);
        draft.oca = self.oca.clone().map(|name| {
            let group = OcaGroup::new(name);
            // What a broker does where nothing is said is documented nowhere, and limits count one order of a group.
            group.with_effect(match self.oca_effect.unwrap_or(OcaEffectText::Reduce) {
                OcaEffectText::Cancel => OcaEffect::CancelWithBlock,
                OcaEffectText::Reduce => OcaEffect::ReduceWithBlock,
                OcaEffectText::ReduceWithoutBlock => OcaEffect::ReduceWithoutBlock,
            })
        });
    }
}
