//! Everything that the server says of one contract.

use super::{hours, kinds, rules, sectors};
use crate::server::lookup::{contract_of, product, venues};
use crate::server::world::World;
use crate::translate::contract::security_type;
use crate::translate::number::to_float;
use crate::wire::proto::{self, TagValue};
use tradeport_contracts::futures::FuturesSpec;
use tradeport_contracts::{Contract, Expiry, InstrumentKind as Kind};
use tradeport_fake_broker::house::Catalog;

/// What stands for no number where a client wants one.
const NO_GROUP: i32 = i32::MAX;

/// The details of a contract; `told` gets what only they know: the last day, and of a continuous future what its front
/// one is called.
pub(super) fn details(
    world: &World,
    contract: &Contract,
    told: &mut proto::Contract,
) -> proto::ContractDetails {
    let catalog = world.catalog();
    let kind = contract.instrument().kind();
    let dated = catalog.front(contract);
    let dated = dated.as_ref().unwrap_or(contract);
    if kind == Some(Kind::ContinuousFuture) {
        let front = contract_of(dated);
        told.local_symbol = front.local_symbol;
        told.last_trade_date_or_contract_month = front.last_trade_date_or_contract_month;
    }
    let known = contract.details();
    let last_day = dated.details().expiry.map(String::from);
    told.last_trade_date.clone_from(&last_day);
    let exchanges = venues::exchanges(contract);
    let under = catalog.underlying(contract);
    let sector = sectors::of(contract);
    let rule = rules::rule_of(contract).to_string();
    proto::ContractDetails {
        market_name: venues::class_of(contract),
        min_tick: Some(contract.price_step().normalize().to_string()),
        order_types: Some(kinds::order_types(contract)),
        market_rule_ids: Some(vec![rule; exchanges.len()].join(",")),
        valid_exchanges: Some(exchanges.join(",")),
        price_magnifier: Some(
            known.price_magnifier.or(product(contract).map(FuturesSpec::price_magnifier)).map_or(1, whole),
        ),
        under_con_id: under.as_ref().and_then(|it| i32::try_from(it.id().number()).ok()),
        under_symbol: known.underlying_symbol.clone(),
        under_sec_type: under_type(kind, under.as_ref()).map(str::to_owned),
        long_name: Some(long_name(contract, under.as_ref())),
        contract_month: month_of(dated),
        industry: sector.map(|it| it.industry.to_owned()),
        category: sector.map(|it| it.category.to_owned()),
        subcategory: sector.map(|it| it.subcategory.to_owned()),
        time_zone_id: Some(hours::zone_of(contract)),
        trading_hours: Some(hours::trading(world, contract)),
        liquid_hours: Some(hours::liquid(world, contract)),
        sec_id_list: Catalog::isin(contract)
            .map(|isin| TagValue { key: Some("ISIN".to_owned()), value: Some(isin.as_str().to_owned()) })
            .into_iter()
            .collect(),
        agg_group: Some(group(kind)),
        real_expiration_date: last_day,
        stock_type: (kind == Some(Kind::Stock)).then(|| stock_type(contract).to_owned()),
        min_size: known.minimum_size.map(|size| size.normalize().to_string()),
        size_increment: known.size_increment.map(|size| size.normalize().to_string()),
        suggested_size_increment: Some(suggested(contract)),
        last_price_precision: Some(contract.price_step().normalize().to_string()),
        last_size_precision: Some(contract.lot().normalize().to_string()),
        ..bond(contract)
    }
}

/// What only bonds have.
fn bond(contract: &Contract) -> proto::ContractDetails {
    let Some(coupon) = Catalog::coupon(contract) else { return proto::ContractDetails::default() };
    let no = Some(false);
    proto::ContractDetails {
        cusip: contract.instrument().description().symbol.clone(),
        ratings: Some(String::new()),
        bond_type: Some("US Govt".to_owned()),
        coupon: Some(to_float(coupon)),
        coupon_type: Some("FIXED".to_owned()),
        convertible: no,
        callable: no,
        puttable: no,
        next_option_partial: no,
        desc_append: Some(contract.name().to_owned()),
        ..proto::ContractDetails::default()
    }
}

fn whole(by: u32) -> i32 {
    i32::try_from(by).unwrap_or(1)
}

/// An option has the name of what it is on.
fn long_name(contract: &Contract, under: Option<&Contract>) -> String {
    match under.filter(|_| contract.instrument().kind() == Some(Kind::Option)) {
        Some(under) => under.name().to_owned(),
        None => contract.name().to_owned(),
    }
}

/// `202612`: a future's own month, an option's month of expiry.
fn month_of(contract: &Contract) -> Option<String> {
    let own = Catalog::contract_month(contract).map(|month| String::from(Expiry::from(month)));
    own.or_else(|| {
        let day = String::from(contract.details().expiry?);
        day.get(..6).map(str::to_owned)
    })
}

/// The kind of what a contract is derived from: futures are on indices, whatever they are on.
fn under_type(kind: Option<Kind>, under: Option<&Contract>) -> Option<&'static str> {
    match kind? {
        Kind::Option => under?.instrument().kind().and_then(security_type),
        Kind::Future | Kind::ContinuousFuture => Some("IND"),
        _ => None,
    }
}

/// Contracts whose depth can be shown together.
fn group(kind: Option<Kind>) -> i32 {
    match kind {
        Some(Kind::Stock) => 1,
        Some(Kind::Option) => 2,
        Some(Kind::Forex) => 4,
        _ => NO_GROUP,
    }
}

fn stock_type(contract: &Contract) -> &'static str {
    if Catalog::is_fund(contract) { "ETF" } else { "COMMON" }
}

/// Stocks go in round lots of a hundred.
fn suggested(contract: &Contract) -> String {
    match contract.instrument().kind() {
        Some(Kind::Stock) => "100".to_owned(),
        _ => contract.lot().normalize().to_string(),
    }
}
