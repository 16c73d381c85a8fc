//! Which family answers which request.

use super::context::Context;
use super::error::{ApiError, Code, NO_REQUEST};
use super::family::{
    account, advisor, config, connection, details, display, history, market_data, news, orders, scanner,
    standing, wsh,
};
use super::outbox::Outbox;
use super::session::SessionId;
use crate::wire::{Request, WireError};
use tradeport_kernel::Timestamp;

/// Answers a request, or says why not: no request is met with silence.
pub(crate) fn answer(context: &mut Context<'_>, request: Request) {
    if let Request::StartApi(start) = request {
        return connection::start(context, &start);
    }
    if !context.is_ready() {
        let text = format!("{} came before startApi", request.name());
        return context.outbox.close(context.id, text);
    }
    match request {
        Request::CurrentTime(_) => connection::time(context),
        Request::CurrentTimeInMillis(_) => connection::time_in_millis(context),
        Request::Ids(_) => connection::ids(context),
        Request::ManagedAccounts(_) => connection::accounts(context),
        Request::SetServerLogLevel(level) => connection::log_level(context, &level),
        other => trading(context, other),
    }
}

/// Orders and accounts.
fn trading(context: &mut Context<'_>, request: Request) {
    match request {
        Request::PlaceOrder(it) => orders::place(context, *it),
        Request::CancelOrder(it) => orders::cancel(context, &it),
        Request::GlobalCancel(_) => orders::global(context),
        Request::OpenOrders(_) => orders::open(context),
        Request::AllOpenOrders(_) => orders::all_open(context),
        Request::AutoOpenOrders(it) => orders::auto_open(context, &it),
        Request::CompletedOrders(it) => orders::completed(context, &it),
        Request::Execution(it) => orders::executions(context, &it),
        Request::ExerciseOptions(it) => orders::exercise(context, &it),
        Request::AccountData(it) => account::updates(context, &it),
        Request::AccountUpdatesMulti(it) => account::multi(context, &it),
        Request::CancelAccountUpdatesMulti(it) => account::cancel_multi(context, &it),
        Request::AccountSummary(it) => account::summary(context, &it),
        Request::CancelAccountSummary(it) => account::cancel_summary(context, &it),
        Request::Positions(_) => account::positions(context),
        Request::CancelPositions(_) => account::cancel_positions(context),
        Request::PositionsMulti(it) => account::positions_multi(context, &it),
        Request::CancelPositionsMulti(it) => account::cancel_positions_multi(context, &it),
        Request::Pnl(it) => account::pnl(context, &it),
        Request::CancelPnl(it) => account::cancel_pnl(context, &it),
        Request::PnlSingle(it) => account::single(context, &it),
        Request::CancelPnlSingle(it) => account::cancel_single(context, &it),
        other => prices(context, other),
    }
}

/// Market data and history.
fn prices(context: &mut Context<'_>, request: Request) {
    match request {
        Request::MarketData(it) => market_data::lines::request(context, &it),
        Request::CancelMarketData(it) => market_data::lines::cancel(context, &it),
        Request::MarketDataType(it) => market_data::lines::kind(context, &it),
        Request::MarketDepth(it) => market_data::depth::request(context, &it),
        Request::CancelMarketDepth(it) => market_data::depth::cancel(context, &it),
        Request::TickByTick(it) => market_data::tick_by_tick::request(context, &it),
        Request::CancelTickByTick(it) => market_data::tick_by_tick::cancel(context, &it),
        Request::RealTimeBars(it) => market_data::bars::request(context, &it),
        Request::CancelRealTimeBars(it) => market_data::bars::cancel(context, &it),
        Request::CalculateImpliedVolatility(it) => market_data::options::implied_volatility(context, &it),
        Request::CalculateOptionPrice(it) => market_data::options::option_price(context, &it),
        Request::CancelCalculateImpliedVolatility(it) => {
            market_data::options::cancel_implied_volatility(context, &it);
        }
        Request::CancelCalculateOptionPrice(it) => market_data::options::cancel_option_price(context, &it),
        Request::HistoricalData(it) => history::request::request(context, &it),
        Request::CancelHistoricalData(it) => history::request::cancel(context, &it),
        Request::HeadTimestamp(it) => history::reach::head(context, &it),
        Request::CancelHeadTimestamp(it) => history::reach::cancel_head(context, &it),
        Request::HistogramData(it) => history::reach::histogram(context, &it),
        Request::CancelHistogramData(it) => history::reach::cancel_histogram(context, &it),
        Request::HistoricalTicks(it) => history::past_ticks::request(context, &it),
        Request::CancelHistoricalTicks(it) => history::past_ticks::cancel(context, &it),
        other => reference(context, other),
    }
}

/// What can be looked up.
fn reference(context: &mut Context<'_>, request: Request) {
    match request {
        Request::ContractData(request) => details::contract_details(context, &request),
        Request::MatchingSymbols(request) => details::matching(context, &request),
        Request::SecDefOptParams(request) => details::option_chains(context, &request),
        Request::MarketRule(request) => details::market_rule(context, &request),
        Request::SmartComponents(request) => standing::smart_components(context, &request),
        Request::MarketDepthExchanges(_) => standing::depth_exchanges(context),
        Request::FamilyCodes(_) => standing::family_codes(context),
        Request::SoftDollarTiers(request) => standing::soft_dollar_tiers(context, &request),
        Request::UserInfo(request) => standing::user_info(context, &request),
        Request::FundamentalsData(request) => standing::fundamentals(context, &request),
        Request::Verify(_)
        | Request::VerifyMessage(_)
        | Request::VerifyAndAuth(_)
        | Request::VerifyAndAuthMessage(_) => standing::verify(context),
        Request::RequestFa(request) => advisor::request(context, &request),
        Request::ReplaceFa(request) => advisor::replace(context, &request),
        Request::QueryDisplayGroups(request) => display::query(context, &request),
        Request::SubscribeToGroupEvents(request) => display::subscribe(context, &request),
        Request::UpdateDisplayGroup(request) => display::update(context, &request),
        Request::UnsubscribeFromGroupEvents(request) => display::unsubscribe(context, &request),
        Request::ScannerParameters(_) => scanner::parameters(context),
        Request::ScannerSubscription(request) => scanner::subscribe(context, &request),
        Request::CancelScannerSubscription(request) => scanner::cancel(context, &request),
        Request::NewsProviders(_) => news::providers(context),
        Request::HistoricalNews(request) => news::historical(context, &request),
        Request::NewsArticle(request) => news::article(context, &request),
        Request::NewsBulletins(request) => news::request_bulletins(context, &request),
        Request::CancelNewsBulletins(_) => news::cancel_bulletins(context),
        Request::WshMetaData(request) => wsh::meta(context, &request),
        Request::WshEventData(request) => wsh::events(context, &request),
        Request::Config(request) => config::read(context, &request),
        Request::UpdateConfig(request) => config::update(context, &request),
        // What is answered whole, or never, has nothing left to cancel.
        Request::CancelContractData(_)
        | Request::CancelFundamentalsData(_)
        | Request::CancelWshMetaData(_)
        | Request::CancelWshEventData(_) => {}
        other => {
            let text = format!("Error validating request: {} is not served here", other.name());
            context.refuse(ApiError::about(NO_REQUEST, Code::BadRequest, text));
        }
    }
}

/// A frame that is no request: TWS says what is wrong and goes on with the next one.
pub(crate) fn unreadable(outbox: &mut Outbox, id: SessionId, error: &WireError, now: Timestamp) {
    tracing::warn!(session = id.0, %error, "a request could not be read");
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    let text = format!("Error reading request. Unable to parse data. {error}{cause}");
    let about = error.request_id().unwrap_or(NO_REQUEST);
    outbox.say(id, ApiError::about(about, Code::Unreadable, text).message(now));
}
