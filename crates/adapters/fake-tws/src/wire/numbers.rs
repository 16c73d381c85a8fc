//! The numbers by which messages belong together: those of requests and those of orders.
//!
//! Left out: permanent ids and the ids of executions, which the server gives and no client chooses.

use super::message::{Answer, Request};

/// Who gave a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// It is a request's.
    Request,
    /// It is an order's.
    Order,
    /// It is either's: an error does not say.
    Either,
}

/// What sees every number, and may change it.
type Visit<'a> = &'a mut dyn FnMut(Space, &mut i32);

/// The number with which a live answer says that it answers no request.
const NO_REQUEST: i32 = -1;

fn see(visit: Visit<'_>, space: Space, number: &mut Option<i32>) {
    if let Some(number) = number.as_mut().filter(|number| **number != NO_REQUEST) {
        visit(space, number);
    }
}

macro_rules! requests {
    ($message:expr, $visit:expr; $($variant:ident)*; $($other:pat => $seen:expr,)*) => {
        match $message {
            $(Self::$variant(it) => see($visit, Space::Request, &mut it.req_id),)*
            $($other => $seen,)*
        }
    };
}

impl Request {
    /// Shows every number to `visit`: first what the request is about, then what it refers to.
    #[rustfmt::skip]
    pub fn visit_numbers(&mut self, visit: &mut dyn FnMut(Space, &mut i32)) {
        requests! { self, visit;
            MarketData CancelMarketData Execution ContractData MarketDepth CancelMarketDepth ReplaceFa HistoricalData
            ScannerSubscription CancelScannerSubscription CancelHistoricalData RealTimeBars CancelRealTimeBars
            FundamentalsData CancelFundamentalsData CalculateImpliedVolatility CalculateOptionPrice
            CancelCalculateImpliedVolatility CancelCalculateOptionPrice AccountSummary CancelAccountSummary
            QueryDisplayGroups SubscribeToGroupEvents UpdateDisplayGroup UnsubscribeFromGroupEvents PositionsMulti
            CancelPositionsMulti AccountUpdatesMulti CancelAccountUpdatesMulti SecDefOptParams SoftDollarTiers
            MatchingSymbols SmartComponents NewsArticle HistoricalNews HeadTimestamp HistogramData CancelHistogramData
            CancelHeadTimestamp Pnl CancelPnl PnlSingle CancelPnlSingle HistoricalTicks TickByTick CancelTickByTick
            WshMetaData CancelWshMetaData WshEventData CancelWshEventData UserInfo CancelContractData
            CancelHistoricalTicks Config UpdateConfig;
            Self::PlaceOrder(it) => {
                see(visit, Space::Order, &mut it.order_id);
                if let Some(order) = &mut it.order {
                    see(visit, Space::Order, &mut order.order_id);
                    see(visit, Space::Order, &mut order.parent_id);
                }
                if let Some(attached) = &mut it.attached_orders {
                    see(visit, Space::Order, &mut attached.sl_order_id);
                    see(visit, Space::Order, &mut attached.pt_order_id);
                }
            },
            Self::CancelOrder(it) => see(visit, Space::Order, &mut it.order_id),
            Self::ExerciseOptions(it) => see(visit, Space::Order, &mut it.order_id),
            Self::OpenOrders(_) | Self::AccountData(_) | Self::Ids(_) | Self::NewsBulletins(_)
            | Self::CancelNewsBulletins(_) | Self::SetServerLogLevel(_) | Self::AutoOpenOrders(_)
            | Self::AllOpenOrders(_) | Self::ManagedAccounts(_) | Self::RequestFa(_) | Self::ScannerParameters(_)
            | Self::CurrentTime(_) | Self::GlobalCancel(_) | Self::MarketDataType(_) | Self::Positions(_)
            | Self::CancelPositions(_) | Self::Verify(_) | Self::VerifyMessage(_) | Self::StartApi(_)
            | Self::VerifyAndAuth(_) | Self::VerifyAndAuthMessage(_) | Self::FamilyCodes(_)
            | Self::MarketDepthExchanges(_) | Self::NewsProviders(_) | Self::MarketRule(_)
            | Self::CompletedOrders(_) | Self::CurrentTimeInMillis(_) => {},
        }
    }

    /// What it is about.
    pub fn number(&mut self) -> Option<(Space, i32)> {
        first(|visit| self.visit_numbers(visit))
    }
}

impl Answer {
    /// Shows every number to `visit`: first what the answer is about, then what it refers to. The next order id is not
    /// among them, since it is about no order yet.
    #[rustfmt::skip]
    pub fn visit_numbers(&mut self, visit: &mut dyn FnMut(Space, &mut i32)) {
        requests! { self, visit;
            TickPrice TickSize ContractData MarketDepth MarketDepthL2 HistoricalData ScannerData
            TickOptionComputation TickGeneric TickString TickEfp RealTimeBarTick FundamentalsData ContractDataEnd
            ExecutionDetailsEnd DeltaNeutralValidation TickSnapshotEnd MarketDataType AccountSummary AccountSummaryEnd
            DisplayGroupList DisplayGroupUpdated PositionMulti PositionMultiEnd AccountUpdateMulti AccountUpdateMultiEnd
            SecDefOptParameter SecDefOptParameterEnd SoftDollarTiers SymbolSamples TickReqParams SmartComponents
            NewsArticle TickNews HistoricalNews HistoricalNewsEnd HeadTimestamp HistogramData HistoricalDataUpdate
            RerouteMarketDataRequest RerouteMarketDepthRequest Pnl PnlSingle HistoricalTicks HistoricalTicksBidAsk
            HistoricalTicksLast TickByTickData ReplaceFaEnd WshMetaData WshEventData HistoricalSchedule UserInfo
            HistoricalDataEnd ConfigResponse UpdateConfigResponse BondContractData;
            Self::ExecutionDetails(it) => {
                see(visit, Space::Request, &mut it.req_id);
                if let Some(execution) = &mut it.execution {
                    see(visit, Space::Order, &mut execution.order_id);
                }
            },
            Self::OrderStatus(it) => {
                see(visit, Space::Order, &mut it.order_id);
                see(visit, Space::Order, &mut it.parent_id);
            },
            Self::OpenOrder(it) => {
                see(visit, Space::Order, &mut it.order_id);
                if let Some(order) = &mut it.order {
                    see(visit, Space::Order, &mut order.order_id);
                    see(visit, Space::Order, &mut order.parent_id);
                }
            },
            Self::OrderBound(it) => see(visit, Space::Order, &mut it.order_id),
            Self::ErrorMessage(it) => see(visit, Space::Either, &mut it.id),
            Self::NextValidId(_) | Self::AccountValue(_) | Self::PortfolioValue(_) | Self::AccountUpdateTime(_)
            | Self::NewsBulletin(_) | Self::ManagedAccounts(_) | Self::ReceiveFa(_) | Self::ScannerParameters(_)
            | Self::CurrentTime(_) | Self::OpenOrdersEnd(_) | Self::AccountDataEnd(_)
            | Self::CommissionAndFeesReport(_) | Self::Position(_) | Self::PositionEnd(_)
            | Self::VerifyMessageApi(_) | Self::VerifyCompleted(_) | Self::VerifyAndAuthMessageApi(_)
            | Self::VerifyAndAuthCompleted(_) | Self::FamilyCodes(_) | Self::MarketDepthExchanges(_)
            | Self::NewsProviders(_) | Self::MarketRule(_) | Self::CompletedOrder(_)
            | Self::CompletedOrdersEnd(_) | Self::CurrentTimeInMillis(_) => {},
        }
    }

    /// What it is about.
    pub fn number(&mut self) -> Option<(Space, i32)> {
        first(|visit| self.visit_numbers(visit))
    }
}

fn first(visit_all: impl FnOnce(Visit<'_>)) -> Option<(Space, i32)> {
    let mut found = None;
    visit_all(&mut |space, number| {
        found.get_or_insert((space, *number));
    });
    found
}
