//! Who decided, who entered it and how, for whom.

use crate::translate::order::field::{Read, flag, refused, said, text, text_out};
use crate::translate::order::time::{moment_opt, moment_out};
use crate::wire::proto::{Order, SoftDollarTier as Tier};
use tradeport_orders::{Compliance, Entry, EntryTag, Responsible, Rule80A, SoftDollarTier};

const RULES: [(&str, Rule80A); 9] = [
    ("I", Rule80A::Individual),
    ("A", Rule80A::Agency),
    ("W", Rule80A::AgentOtherMember),
    ("J", Rule80A::IndividualIndexArbitrage),
    ("U", Rule80A::AgencyIndexArbitrage),
    ("M", Rule80A::AgentOtherMemberIndexArbitrage),
    ("K", Rule80A::IndividualProgramme),
    ("Y", Rule80A::AgencyProgramme),
    ("N", Rule80A::AgentOtherMemberProgramme),
];

pub(super) fn compliance_in(order: &Order) -> Read<Compliance> {
    let for_firm = match order.origin.unwrap_or_default() {
        0 | i32::MAX => false,
        1 => true,
        code => return Err(refused("origin", code, "neither customer (0) nor firm (1)")),
    };
    let entry = match order.manual_order_indicator {
        None | Some(i32::MAX) => None,
        Some(0) => Some(Entry::Automated),
        Some(1) => Some(Entry::Manual),
        Some(other) => {
            return Err(refused("manualOrderIndicator", other, "neither automated (0) nor manual (1)"));
        }
    };
    let rule_80a = match said(order.rule80_a.as_ref()) {
        None | Some("0") => None,
        Some(code) => {
            let found = RULES.iter().find(|(known, _)| *known == code);
            Some(found.ok_or_else(|| refused("rule80A", code, "no capacity that is known"))?.1)
        }
    };
    let tag = EntryTag {
        entry,
        operator: text("extOperator", order.ext_operator.as_ref())?,
        entered_at: moment_opt("manualOrderTime", order.manual_order_time.as_ref())?,
    };
    Ok(Compliance {
        tag,
        decided_by: responsible(
            text("mifid2DecisionMaker", order.mifid2_decision_maker.as_ref())?,
            text("mifid2DecisionAlgo", order.mifid2_decision_algo.as_ref())?,
        )?,
        executed_by: responsible(
            text("mifid2ExecutionTrader", order.mifid2_execution_trader.as_ref())?,
            text("mifid2ExecutionAlgo", order.mifid2_execution_algo.as_ref())?,
        )?,
        for_firm,
        rule_80a,
        customer_account: text("customerAccount", order.customer_account.as_ref())?,
        professional_customer: order.professional_customer.unwrap_or_default(),
        solicited: order.solicited.unwrap_or_default(),
        shareholder: text("shareholder", order.shareholder.as_ref())?,
        submitter: text("submitter", order.submitter.as_ref())?,
        soft_dollar: soft_dollar(order.soft_dollar_tier.as_ref())?,
        bond_accrued_interest: text("bondAccruedInterest", order.bond_accrued_interest.as_ref())?,
        accepted_warnings: text("advancedErrorOverride", order.advanced_error_override.as_ref())?,
        override_constraints: order.override_percentage_constraints.unwrap_or_default(),
        for_order_management: order.is_oms_container.unwrap_or_default(),
    })
}

type Named = Option<tradeport_orders::Text>;

fn responsible(person: Named, machine: Named) -> Read<Option<Responsible>> {
    match (person, machine) {
        (None, None) => Ok(None),
        (Some(code), None) => Ok(Some(Responsible::Person(code))),
        (None, Some(code)) => Ok(Some(Responsible::Algorithm(code))),
        (Some(_), Some(machine)) => {
            Err(refused("mifid2", machine, "a person is named too: one of both decides"))
        }
    }
}

fn soft_dollar(tier: Option<&Tier>) -> Read<Option<SoftDollarTier>> {
    let (field, Some(tier)) = ("softDollarTier", tier) else { return Ok(None) };
    let shown_as = text(field, tier.display_name.as_ref())?;
    match (text(field, tier.name.as_ref())?, text(field, tier.value.as_ref())?) {
        (None, None) => Ok(None),
        (Some(name), Some(value)) => Ok(Some(SoftDollarTier { name, value, shown_as })),
        (Some(one), None) | (None, Some(one)) => Err(refused(field, one, "it needs a name and a value")),
    }
}

pub(super) fn compliance_out(it: &Compliance, order: &mut Order) {
    order.ext_operator = text_out(it.tag.operator.as_ref());
    order.manual_order_indicator = it.tag.entry.map(|entry| i32::from(entry == Entry::Manual));
    order.manual_order_time = it.tag.entered_at.map(moment_out);
    match &it.decided_by {
        Some(Responsible::Person(code)) => order.mifid2_decision_maker = text_out(Some(code)),
        Some(Responsible::Algorithm(code)) => order.mifid2_decision_algo = text_out(Some(code)),
        None => {}
    }
    match &it.executed_by {
        Some(Responsible::Person(code)) => order.mifid2_execution_trader = text_out(Some(code)),
        Some(Responsible::Algorithm(code)) => order.mifid2_execution_algo = text_out(Some(code)),
        None => {}
    }
    order.origin = it.for_firm.then_some(1);
    let rule = it.rule_80a.and_then(|rule| RULES.iter().find(|(_, known)| *known == rule));
    order.rule80_a = rule.map(|(code, _)| (*code).to_owned());
    order.customer_account = text_out(it.customer_account.as_ref());
    order.professional_customer = flag(it.professional_customer);
    order.solicited = flag(it.solicited);
    order.shareholder = text_out(it.shareholder.as_ref());
    order.submitter = text_out(it.submitter.as_ref());
    order.soft_dollar_tier = it.soft_dollar.as_ref().map(|tier| Tier {
        name: text_out(Some(&tier.name)),
        value: text_out(Some(&tier.value)),
        display_name: text_out(tier.shown_as.as_ref()),
    });
    order.bond_accrued_interest = text_out(it.bond_accrued_interest.as_ref());
    order.advanced_error_override = text_out(it.accepted_warnings.as_ref());
    order.override_percentage_constraints = flag(it.override_constraints);
    order.is_oms_container = flag(it.for_order_management);
}
