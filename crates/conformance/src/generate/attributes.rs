//! Attributes, one group at a time, put on a draft where they fit.

use super::numbers::{above_zero, count, moment, number, percent, price, words};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tradeport_contracts::{ContractId, InstrumentKind};
use tradeport_orders::algo::ib::{Adaptive, AdaptivePriority};
use tradeport_orders::{
    AdjustedStop, Allocation, AllocationMethod, AuctionStrategy, Clearing, ClearingIntent, ComboRouting,
    ComboTerms, Compliance, Condition, Conditions, Connector, DeltaNeutral, DeltaNeutralKind, Entry,
    EntryTag, Handling, Hedge, HedgeForm, HedgeKind, Link, MiscOption, OrderAttributes, OrderDraft,
    OrderKind, OrderSize, PhysicalExchange, PositionEffect, PresetChildren, Responsible, Routing, Rule80A,
    SaleKind, Scale, ScaleDrift, ShortSaleSource, Side, SoftDollarTier, StopAdjustment, Threshold, Timing,
    TrailBy, TriggerMethod, Watched, WhatIf,
};

/// One group of attributes, whatever it comes to stand on.
#[derive(Clone, Debug)]
pub struct AttributeGroup(OrderAttributes);

impl AttributeGroup {
    /// Puts on a draft what fits its kind and side, and gives legs their prices.
    pub fn put_on(&self, draft: &mut OrderDraft) {
        let mut said = self.0.clone();
        if draft.side == Side::Buy {
            (said.clearing.sale, said.clearing.short_source, said.clearing.exempt_code) = (None, None, None);
        }
        if !draft.kind.is_stop() {
            said.adjustment = None;
        }
        if !draft.kind.is_volatility() {
            said.delta_neutral = None;
            (said.handling.randomize_size, said.handling.randomize_price) = (false, false);
        }
        if !matches!(draft.kind, OrderKind::Limit { .. }) {
            said.handling.discretionary_amount = None;
        }
        said.handling.post_only &= draft.kind.limit_price().is_some();
        said.handling.sweep_to_fill &= !draft.kind.is_auction();
        if draft.kind == OrderKind::LimitPerLeg {
            said.combo.leg_prices = vec![Some("1.5".parse().expect("made within the rules")), None];
        }
        if said.hedge.is_some() || said.allocation.as_ref().is_some_and(Allocation::sizes) {
            draft.size = OrderSize::FollowsParent;
        }
        if said.hedge.is_some() || said.cancels_parent {
            draft.parent = Some("parent".parse().expect("made within the rules"));
        }
        draft.attributes = said.into();
    }
}

/// None, or one of the groups: conditions, scale, hedge, clearing, compliance and so on, each with values of its own.
pub fn attributes() -> impl Strategy<Value = AttributeGroup> {
    let said = |put: fn(&mut OrderAttributes)| {
        let mut said = OrderAttributes::default();
        put(&mut said);
        Just(said)
    };
    let with = |set: fn() -> BoxedStrategy<OrderAttributes>| set();
    prop_oneof![
        said(|_| {}),
        with(|| conditions().prop_map(|it| OrderAttributes { conditions: Some(it), ..none() }).boxed()),
        with(|| handling().prop_map(|handling| OrderAttributes { handling, ..none() }).boxed()),
        with(|| timing().prop_map(|timing| OrderAttributes { timing, ..none() }).boxed()),
        with(|| routing().prop_map(|routing| OrderAttributes { routing, ..none() }).boxed()),
        with(|| combo().prop_map(|combo| OrderAttributes { combo, ..none() }).boxed()),
        with(|| scale().prop_map(|it| OrderAttributes { scale: Some(it), ..none() }).boxed()),
        with(|| hedge().prop_map(|it| OrderAttributes { hedge: Some(it), ..none() }).boxed()),
        with(|| delta_neutral().prop_map(|it| OrderAttributes { delta_neutral: Some(it), ..none() }).boxed()),
        with(|| adjustment().prop_map(|it| OrderAttributes { adjustment: Some(it), ..none() }).boxed()),
        with(|| allocation().prop_map(|it| OrderAttributes { allocation: Some(it), ..none() }).boxed()),
        with(|| clearing().prop_map(|clearing| OrderAttributes { clearing, ..none() }).boxed()),
        with(|| compliance().prop_map(|compliance| OrderAttributes { compliance, ..none() }).boxed()),
        with(|| rest().boxed()),
    ]
    .prop_map(AttributeGroup)
}

fn none() -> OrderAttributes {
    OrderAttributes::default()
}

fn contract() -> impl Strategy<Value = ContractId> {
    count().prop_map(|number| ContractId::new(i64::from(number)))
}

fn condition() -> impl Strategy<Value = Condition> {
    let watched = || {
        (contract(), select(vec!["SMART", "NYSE"]))
            .prop_map(|(id, at)| Watched::new(id, at.parse().expect("made within the rules")))
    };
    let side = || select(vec![Threshold::Above, Threshold::Below]);
    let kind = select(vec![
        InstrumentKind::Stock,
        InstrumentKind::Forex,
        InstrumentKind::Combo,
        InstrumentKind::Bill,
    ]);
    prop_oneof![
        (watched(), side(), price(), of(select(TriggerMethod::ALL.to_vec())))
            .prop_map(|(watched, side, price, method)| Condition::Price { watched, side, price, method }),
        (side(), moment()).prop_map(|(side, at)| Condition::Time { side, at }),
        (side(), count()).prop_map(|(side, percent)| Condition::Margin { side, percent }),
        (watched(), side(), number()).prop_map(|(watched, side, percent)| Condition::PercentChange {
            watched,
            side,
            percent
        }),
        (watched(), side(), count()).prop_map(|(watched, side, volume)| Condition::Volume {
            watched,
            side,
            volume
        }),
        (words(), kind).prop_map(|(symbol, kind)| Condition::Execution {
            symbol,
            kind,
            venue: "SMART".parse().expect("made within the rules")
        }),
    ]
}

/// One to three conditions of any kind, linked in whatever way, with what they say together.
pub fn conditions() -> impl Strategy<Value = Conditions> {
    let link = (condition(), any::<bool>()).prop_map(|(condition, and)| Link {
        condition,
        connector: if and { Connector::And } else { Connector::Or },
    });
    (prop::collection::vec(link, 1..4), any::<[bool; 3]>()).prop_map(
        |(links, [cancel, outside, overnight])| {
            let mut conditions = Conditions::from_links(links).expect("made within the rules");
            // Conditions that cancel fit few kinds: seldom, so that most drafts are good.
            if cancel && outside && overnight {
                conditions = conditions.cancel_order();
            }
            if outside {
                conditions = conditions.outside_sessions();
            }
            if overnight { conditions.overnight() } else { conditions }
        },
    )
}

fn handling() -> impl Strategy<Value = Handling> {
    (of(above_zero()), [of(count()), of(count()), of(count()), of(count())], any::<[bool; 8]>()).prop_map(
        |(discretionary_amount, [display, min, min_trade, min_compete], flags)| {
            let [
                hidden,
                all_or_none,
                sweep_to_fill,
                block,
                not_held,
                post_only,
                randomize_size,
                randomize_price,
            ] = flags;
            Handling {
                discretionary_amount,
                display_size: display.filter(|_| !hidden),
                hidden,
                all_or_none,
                min_quantity: min,
                sweep_to_fill,
                block,
                not_held,
                post_only,
                randomize_size,
                randomize_price,
                min_trade_quantity: min_trade,
                min_compete_size: min_compete,
            }
        },
    )
}

fn timing() -> impl Strategy<Value = Timing> {
    (of(moment()), of(moment()), of(count()), of(select(TriggerMethod::ALL.to_vec())), any::<[bool; 3]>())
        .prop_map(
            |(
                active_until,
                auto_cancel,
                duration_seconds,
                trigger_method,
                [overnight, pre_open, skip_open_auction],
            )| {
                Timing {
                    // Early, so that no end lies before it.
                    good_after: auto_cancel
                        .map(|_| "1975-06-01T12:00:00Z".parse().expect("made within the rules")),
                    active_from: active_until
                        .map(|_| "1979-01-01T12:00:00Z".parse().expect("made within the rules")),
                    active_until,
                    duration_seconds,
                    auto_cancel,
                    overnight,
                    pre_open,
                    skip_open_auction,
                    trigger_method,
                }
            },
        )
}

fn routing() -> impl Strategy<Value = Routing> {
    let auction =
        of(select(vec![AuctionStrategy::Match, AuctionStrategy::Improvement, AuctionStrategy::Transparent]));
    let misc = (words(), words()).prop_map(|(tag, value)| MiscOption { tag, value });
    let switches = [of(any::<bool>()), of(any::<bool>()), of(any::<bool>())];
    (any::<[bool; 2]>(), switches, of(count()), auction, prop::collection::vec(misc, 0..3)).prop_map(
        |([opt_out, imbalance_only], [to_best, seek, managed], own_book_seconds, auction, misc)| Routing {
            opt_out_smart_routing: opt_out,
            marketable_to_best: to_best,
            seek_price_improvement: seek,
            price_management: managed,
            own_book_seconds,
            auction,
            imbalance_only,
            misc,
        },
    )
}

fn combo() -> impl Strategy<Value = ComboTerms> {
    let word = prop_oneof![
        any::<bool>().prop_map(ComboRouting::NonGuaranteed),
        (-1..2_i32).prop_map(ComboRouting::LegInPriority),
        count().prop_map(ComboRouting::MaxSegmentSize),
        any::<bool>().prop_map(ComboRouting::WaitForLegIn),
        contract().prop_map(ComboRouting::ConditionContract),
        price().prop_map(ComboRouting::ConditionPriceMin),
        price().prop_map(ComboRouting::ConditionPriceMax),
        count().prop_map(ComboRouting::MarketAfterFirst),
        count().prop_map(ComboRouting::MarketAfterSecond),
        percent().prop_map(ComboRouting::DiscretionaryPercent),
        (words(), words()).prop_map(|(tag, value)| ComboRouting::Other { tag, value }),
    ];
    prop::collection::vec(word, 1..4).prop_map(|routing| ComboTerms { leg_prices: Vec::new(), routing })
}

fn scale() -> impl Strategy<Value = Scale> {
    let drift =
        (number(), count()).prop_map(|(amount, interval_seconds)| ScaleDrift { amount, interval_seconds });
    let sizes = (count(), of(count()), above_zero());
    let further = (of(drift), of(above_zero()), any::<[bool; 2]>());
    (sizes, further, of(-1_000..1_000_i32), of(count()), of(words())).prop_map(
        |(
            (first, next_size, increment),
            (drift, profit_offset, [reset, random_sizes]),
            position,
            first_fill,
            table,
        )| Scale {
            first_size: Some(first),
            next_size,
            increment: Some(increment),
            drift,
            profit_offset,
            auto_reset: reset && profit_offset.is_some(),
            random_sizes,
            first_position: position,
            first_fill,
            table,
        },
    )
}

fn hedge() -> impl Strategy<Value = Hedge> {
    let kind = prop_oneof![
        Just(HedgeKind::Delta),
        of(number()).prop_map(|beta| HedgeKind::Beta { beta }),
        Just(HedgeKind::Currency),
        number().prop_map(|ratio| HedgeKind::Pair { ratio }),
    ];
    let form = select(vec![HedgeForm::Bare, HedgeForm::Named]);
    (kind, of(count()), any::<bool>(), form).prop_map(|(kind, max_size, own_price, form)| {
        let mut hedge = Hedge::new(kind).written(form);
        (hedge.max_size, hedge.own_price) = (max_size, own_price);
        hedge
    })
}

fn intent() -> impl Strategy<Value = Option<ClearingIntent>> {
    of(select(vec![ClearingIntent::Broker, ClearingIntent::Away, ClearingIntent::PostTradeAllocation]))
}

fn effect() -> impl Strategy<Value = Option<PositionEffect>> {
    of(select(vec![PositionEffect::Open, PositionEffect::Close]))
}

fn source() -> impl Strategy<Value = Option<ShortSaleSource>> {
    of(prop_oneof![Just(ShortSaleSource::ClearingBroker), words().prop_map(ShortSaleSource::Elsewhere)])
}

fn delta_neutral() -> impl Strategy<Value = DeltaNeutral> {
    let kind = prop_oneof![
        Just(DeltaNeutralKind::None),
        Just(DeltaNeutralKind::Market),
        Just(DeltaNeutralKind::MarketToLimit),
        number().prop_map(|limit| DeltaNeutralKind::Limit { limit }),
        number().prop_map(|offset| DeltaNeutralKind::Relative { offset }),
    ];
    (kind, of(contract()), of(words()), of(words()), intent(), effect(), source(), any::<bool>()).prop_map(
        |(
            kind,
            contract,
            settling_firm,
            clearing_account,
            clearing_intent,
            effect,
            short_source,
            short_sale,
        )| {
            DeltaNeutral {
                kind,
                contract,
                settling_firm,
                clearing_account,
                clearing_intent,
                effect,
                short_sale,
                short_source,
            }
        },
    )
}

fn adjustment() -> impl Strategy<Value = StopAdjustment> {
    let by = || prop_oneof![above_zero().prop_map(TrailBy::Amount), percent().prop_map(TrailBy::Percent)];
    let into = prop_oneof![
        price().prop_map(|stop| AdjustedStop::Stop { stop }),
        (price(), price()).prop_map(|(stop, limit)| AdjustedStop::StopLimit { stop, limit }),
        (price(), by()).prop_map(|(stop, by)| AdjustedStop::Trail { stop, by }),
        (price(), price(), by()).prop_map(|(stop, limit, by)| AdjustedStop::TrailLimit { stop, limit, by }),
    ];
    (price(), into).prop_map(|(trigger, into)| StopAdjustment::once_at(trigger, into))
}

fn allocation() -> impl Strategy<Value = Allocation> {
    use AllocationMethod as M;
    let method = of(prop_oneof![
        select(vec![
            M::Equal,
            M::AvailableEquity,
            M::NetLiquidation,
            M::Units,
            M::Ratio,
            M::Percent,
            M::Money,
            M::EqualQuantity
        ]),
        number().prop_map(M::PercentChange),
    ]);
    (words(), method).prop_map(|(group, method)| Allocation { group, method })
}

fn clearing() -> impl Strategy<Value = Clearing> {
    let sale = of(select(vec![SaleKind::Short, SaleKind::Long]));
    (of(words()), of(words()), intent(), effect(), sale, source(), of(count())).prop_map(
        |(settling_firm, account, intent, effect, sale, short_source, exempt_code)| Clearing {
            settling_firm,
            account,
            intent,
            effect,
            sale,
            short_source,
            exempt_code,
        },
    )
}

fn compliance() -> impl Strategy<Value = Compliance> {
    let entry = of(select(vec![Entry::Manual, Entry::Automated]));
    let tag = (entry, of(words()), of(moment())).prop_map(|(entry, operator, entered_at)| EntryTag {
        entry,
        operator,
        entered_at,
    });
    let who =
        || of(prop_oneof![words().prop_map(Responsible::Person), words().prop_map(Responsible::Algorithm)]);
    let rule = of(select(vec![
        Rule80A::Individual,
        Rule80A::Agency,
        Rule80A::AgentOtherMember,
        Rule80A::IndividualIndexArbitrage,
        Rule80A::AgencyIndexArbitrage,
        Rule80A::AgentOtherMemberIndexArbitrage,
        Rule80A::IndividualProgramme,
        Rule80A::AgencyProgramme,
        Rule80A::AgentOtherMemberProgramme,
    ]));
    let tier = of((words(), words(), of(words())))
        .prop_map(|tier| tier.map(|(name, value, shown_as)| SoftDollarTier { name, value, shown_as }));
    let texts = [of(words()), of(words()), of(words()), of(words()), of(words())];
    (tag, who(), who(), rule, tier, texts, any::<[bool; 5]>()).prop_map(
        |(tag, decided_by, executed_by, rule_80a, soft_dollar, texts, flags)| {
            let [customer_account, shareholder, submitter, bond_accrued_interest, accepted_warnings] = texts;
            let [for_firm, professional_customer, solicited, override_constraints, for_order_management] =
                flags;
            Compliance {
                tag,
                decided_by,
                executed_by,
                for_firm,
                rule_80a,
                customer_account,
                professional_customer,
                solicited,
                shareholder,
                submitter,
                soft_dollar,
                bond_accrued_interest,
                accepted_warnings,
                override_constraints,
                for_order_management,
            }
        },
    )
}

fn rest() -> impl Strategy<Value = OrderAttributes> {
    let what_if = of(select(vec![WhatIf::Default, WhatIf::WholeOrder, WhatIf::MarginOnly]));
    let physical = (of(number()), of(count()), of(contract()));
    (what_if, physical, of(words()), of(words()), any::<[bool; 5]>()).prop_map(
        |(what_if, (basis_points, basis_points_type, future), model, algo_id, flags)| {
            let [algo, stop, target, cancels_parent, deactivated] = flags;
            let physical = PhysicalExchange { basis_points, basis_points_type, future };
            let said = basis_points.is_some() || basis_points_type.is_some() || future.is_some();
            let key = |said: bool, key: &str| said.then(|| key.parse().expect("made within the rules"));
            OrderAttributes {
                algo: algo.then(|| {
                    Adaptive::new()
                        .priority(AdaptivePriority::Patient)
                        .build()
                        .expect("made within the rules")
                }),
                algo_id,
                model,
                what_if,
                physical: said.then_some(physical),
                presets: PresetChildren { stop_loss: key(stop, "stop"), profit_taker: key(target, "target") },
                cancels_parent,
                deactivated,
                ..none()
            }
        },
    )
}
