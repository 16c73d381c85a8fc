//! Who decided, who entered it and how, for whom.

use crate::translate::FromIbError;
use crate::translate::order::Surroundings;
use crate::translate::order::field::{UNSET_COUNT, refused, text_in, text_out};
use crate::translate::order::time::{WrittenTime, time_in_opt, time_out_opt};
use ibapi::orders::{Order, OrderOrigin, Rule80A as Rule, SoftDollarTier as Tier};
use tradeport_orders::{Compliance, Entry, EntryTag, Responsible, Rule80A, SoftDollarTier};

const RULES: [(Rule, Rule80A); 9] = [
    (Rule::Individual, Rule80A::Individual),
    (Rule::Agency, Rule80A::Agency),
    (Rule::AgentOtherMember, Rule80A::AgentOtherMember),
    (Rule::IndividualPTIA, Rule80A::IndividualIndexArbitrage),
    (Rule::AgencyPTIA, Rule80A::AgencyIndexArbitrage),
    (Rule::AgentOtherMemberPTIA, Rule80A::AgentOtherMemberIndexArbitrage),
    (Rule::IndividualPT, Rule80A::IndividualProgramme),
    (Rule::AgencyPT, Rule80A::AgencyProgramme),
    (Rule::AgentOtherMemberPT, Rule80A::AgentOtherMemberProgramme),
];

pub(in crate::translate::order) fn entry_out(entry: Option<Entry>) -> Option<i32> {
    entry.map(|entry| i32::from(entry == Entry::Manual))
}

pub(in crate::translate::order) fn entry_in(indicator: Option<i32>) -> Result<Option<Entry>, FromIbError> {
    match indicator {
        None | Some(UNSET_COUNT) => Ok(None),
        Some(0) => Ok(Some(Entry::Automated)),
        Some(1) => Ok(Some(Entry::Manual)),
        Some(other) => Err(refused("manualOrderIndicator", other, "neither automated (0) nor manual (1)")),
    }
}

pub(super) fn to_ib(compliance: &Compliance, order: &mut Order) {
    let person = |who: &Option<Responsible>| match who {
        Some(Responsible::Person(code)) => code.as_str().to_owned(),
        _ => String::new(),
    };
    let machine = |who: &Option<Responsible>| match who {
        Some(Responsible::Algorithm(code)) => code.as_str().to_owned(),
        _ => String::new(),
    };
    order.ext_operator = text_out(compliance.tag.operator.as_ref());
    order.manual_order_indicator = entry_out(compliance.tag.entry);
    // The broker wants this one in UTC always.
    order.manual_order_time = time_out_opt(compliance.tag.entered_at, WrittenTime::Utc);
    order.mifid2_decision_maker = person(&compliance.decided_by);
    order.mifid2_decision_algo = machine(&compliance.decided_by);
    order.mifid2_execution_trader = person(&compliance.executed_by);
    order.mifid2_execution_algo = machine(&compliance.executed_by);
    order.origin = if compliance.for_firm { OrderOrigin::Firm } else { OrderOrigin::Customer };
    order.rule_80_a = compliance
        .rule_80a
        .and_then(|rule| RULES.iter().find(|(_, known)| *known == rule).map(|(foreign, _)| foreign.clone()));
    order.customer_account = text_out(compliance.customer_account.as_ref());
    order.professional_customer = compliance.professional_customer;
    order.solicited = compliance.solicited;
    order.shareholder = text_out(compliance.shareholder.as_ref());
    order.submitter = text_out(compliance.submitter.as_ref());
    if let Some(tier) = &compliance.soft_dollar {
        order.soft_dollar_tier = Tier {
            name: tier.name.as_str().to_owned(),
            value: tier.value.as_str().to_owned(),
            display_name: text_out(tier.shown_as.as_ref()),
        };
    }
    order.bond_accrued_interest = text_out(compliance.bond_accrued_interest.as_ref());
    order.advanced_error_override = text_out(compliance.accepted_warnings.as_ref());
    order.override_percentage_constraints = compliance.override_constraints;
    order.is_oms_container = compliance.for_order_management;
}

pub(super) fn from_ib(order: &Order, around: &Surroundings<'_>) -> Result<Compliance, FromIbError> {
    let for_firm = match order.origin {
        OrderOrigin::Customer => false,
        OrderOrigin::Firm => true,
        OrderOrigin::Unknown(code) => {
            return Err(refused("origin", code, "neither customer (0) nor firm (1)"));
        }
    };
    let rule_80a = match &order.rule_80_a {
        None => None,
        Some(Rule::Unknown(text)) if text.is_empty() => None,
        Some(rule) => {
            let known = RULES.iter().find(|(foreign, _)| foreign == rule);
            Some(known.ok_or_else(|| refused("rule80A", rule.as_str(), "no capacity that is known"))?.1)
        }
    };
    Ok(Compliance {
        tag: EntryTag {
            entry: entry_in(order.manual_order_indicator)?,
            operator: text_in("extOperator", &order.ext_operator)?,
            entered_at: time_in_opt("manualOrderTime", &order.manual_order_time, around.times)?,
        },
        decided_by: responsible(
            ("mifid2DecisionMaker", &order.mifid2_decision_maker),
            ("mifid2DecisionAlgo", &order.mifid2_decision_algo),
        )?,
        executed_by: responsible(
            ("mifid2ExecutionTrader", &order.mifid2_execution_trader),
            ("mifid2ExecutionAlgo", &order.mifid2_execution_algo),
        )?,
        for_firm,
        rule_80a,
        customer_account: text_in("customerAccount", &order.customer_account)?,
        professional_customer: order.professional_customer,
        solicited: order.solicited,
        shareholder: text_in("shareholder", &order.shareholder)?,
        submitter: text_in("submitter", &order.submitter)?,
        soft_dollar: soft_dollar(&order.soft_dollar_tier)?,
        bond_accrued_interest: text_in("bondAccruedInterest", &order.bond_accrued_interest)?,
        accepted_warnings: text_in("advancedErrorOverride", &order.advanced_error_override)?,
        override_constraints: order.override_percentage_constraints,
        for_order_management: order.is_oms_container,
    })
}

fn responsible(
    (person_field, person): (&'static str, &str),
    (machine_field, machine): (&'static str, &str),
) -> Result<Option<Responsible>, FromIbError> {
    match (text_in(person_field, person)?, text_in(machine_field, machine)?) {
        (None, None) => Ok(None),
        (Some(code), None) => Ok(Some(Responsible::Person(code))),
        (None, Some(code)) => Ok(Some(Responsible::Algorithm(code))),
        (Some(_), Some(_)) => {
            Err(refused(machine_field, machine, "a person is named too: one of both decides"))
        }
    }
}

fn soft_dollar(tier: &Tier) -> Result<Option<SoftDollarTier>, FromIbError> {
    let field = "softDollarTier";
    match (text_in(field, &tier.name)?, text_in(field, &tier.value)?, text_in(field, &tier.display_name)?) {
        (None, None, None) => Ok(None),
        (Some(name), Some(value), shown_as) => Ok(Some(SoftDollarTier { name, value, shown_as })),
        _ => Err(refused(field, tier, "it needs a name and a value")),
    }
}
