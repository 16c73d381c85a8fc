//! The messages by their numbers: one row each, and everything that goes by the number follows from the rows.
//!
//! Left out: what is in them (the schema), and how text lays them out.

use super::fields::Node;
use super::proto;
use super::text::{BondDetails, Cursor, Layout, TextError};

macro_rules! messages {
    (
        $(#[$about:meta])* $enum:ident, $kind:ident;
        $($id:literal $variant:ident($message:ident) $call:literal;)*
        $(besides: $other_id:literal $other:ident($other_message:ident as $other_layout:ident) $other_call:literal;)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $enum {
            $(
                #[doc = concat!("Number ", $id, ", `", $call, "`.")]
                $variant(Box<proto::$message>),
            )*
            $(
                #[doc = concat!("Number ", $other_id, ", `", $other_call, "`.")]
                $other(Box<proto::$other_message>),
            )*
        }

        /// The same without what is in them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind {
            $(
                #[doc = concat!("`", $call, "`.")]
                $variant,
            )*
            $(
                #[doc = concat!("`", $other_call, "`.")]
                $other,
            )*
        }

        impl $kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)* $(Self::$other,)*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $call,)* $(Self::$other => $other_call,)* }
            }
        }

        impl $enum {
            /// Which one it is.
            #[must_use]
            pub const fn kind(&self) -> $kind {
                match self { $(Self::$variant(_) => $kind::$variant,)* $(Self::$other(_) => $kind::$other,)* }
            }

            /// All numbers with their names, as the calls of the official clients have them.
            pub const ALL: &[(i32, &'static str)] = &[$(($id, $call),)* $(($other_id, $other_call),)*];

            /// Its number, before the 200 that protobuf adds.
            #[must_use]
            pub const fn id(&self) -> i32 {
                match self { $(Self::$variant(_) => $id,)* $(Self::$other(_) => $other_id,)* }
            }

            /// Its name.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $call,)* $(Self::$other(_) => $other_call,)* }
            }

            /// An empty one of a number; `None` for a number that nobody gave.
            #[must_use]
            pub fn empty(id: i32) -> Option<Self> {
                match id {
                    $($id => Some(Self::$variant(Box::default())),)*
                    $($other_id => Some(Self::$other(Box::default())),)*
                    _ => None,
                }
            }

            /// Reads the protobuf of a number; `None` for a number that nobody gave.
            #[must_use]
            pub fn from_protobuf(id: i32, body: &[u8]) -> Option<Result<Self, prost::DecodeError>> {
                match id {
                    $($id => Some(prost::Message::decode(body).map(|it| Self::$variant(Box::new(it)))),)*
                    $($other_id => Some(prost::Message::decode(body).map(|it| Self::$other(Box::new(it)))),)*
                    _ => None,
                }
            }

            /// Appends its protobuf.
            pub fn put_protobuf(&self, out: &mut Vec<u8>) {
                // A vector takes everything.
                match self {
                    $(Self::$variant(it) => prost::Message::encode_raw(it.as_ref(), out),)*
                    $(Self::$other(it) => prost::Message::encode_raw(it.as_ref(), out),)*
                }
            }

            /// Its fields with their names, to be shown.
            #[must_use]
            pub fn node(&self) -> Node {
                match self {
                    $(Self::$variant(it) => Node::of(it.as_ref()),)*
                    $(Self::$other(it) => Node::of(it.as_ref()),)*
                }
            }

            /// Its fields as text, read or written by `cursor`, which stands behind the number.
            pub fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
                match self {
                    $(Self::$variant(it) => Layout::lay(it.as_mut(), cursor),)*
                    $(Self::$other(it) => Layout::lay(&mut $other_layout(it.as_mut()), cursor),)*
                }
            }
        }

        $(
            impl From<proto::$message> for $enum {
                fn from(it: proto::$message) -> Self {
                    Self::$variant(Box::new(it))
                }
            }
        )*
    };
}

messages! {
    /// What a client asks.
    Request, RequestKind;
    1 MarketData(MarketDataRequest) "reqMktData";
    2 CancelMarketData(CancelMarketData) "cancelMktData";
    3 PlaceOrder(PlaceOrderRequest) "placeOrder";
    4 CancelOrder(CancelOrderRequest) "cancelOrder";
    5 OpenOrders(OpenOrdersRequest) "reqOpenOrders";
    6 AccountData(AccountDataRequest) "reqAccountUpdates";
    7 Execution(ExecutionRequest) "reqExecutions";
    8 Ids(IdsRequest) "reqIds";
    9 ContractData(ContractDataRequest) "reqContractDetails";
    10 MarketDepth(MarketDepthRequest) "reqMktDepth";
    11 CancelMarketDepth(CancelMarketDepth) "cancelMktDepth";
    12 NewsBulletins(NewsBulletinsRequest) "reqNewsBulletins";
    13 CancelNewsBulletins(CancelNewsBulletins) "cancelNewsBulletins";
    14 SetServerLogLevel(SetServerLogLevelRequest) "setServerLogLevel";
    15 AutoOpenOrders(AutoOpenOrdersRequest) "reqAutoOpenOrders";
    16 AllOpenOrders(AllOpenOrdersRequest) "reqAllOpenOrders";
    17 ManagedAccounts(ManagedAccountsRequest) "reqManagedAccts";
    18 RequestFa(FaRequest) "requestFA";
    19 ReplaceFa(FaReplace) "replaceFA";
    20 HistoricalData(HistoricalDataRequest) "reqHistoricalData";
    21 ExerciseOptions(ExerciseOptionsRequest) "exerciseOptions";
    22 ScannerSubscription(ScannerSubscriptionRequest) "reqScannerSubscription";
    23 CancelScannerSubscription(CancelScannerSubscription) "cancelScannerSubscription";
    24 ScannerParameters(ScannerParametersRequest) "reqScannerParameters";
    25 CancelHistoricalData(CancelHistoricalData) "cancelHistoricalData";
    49 CurrentTime(CurrentTimeRequest) "reqCurrentTime";
    50 RealTimeBars(RealTimeBarsRequest) "reqRealTimeBars";
    51 CancelRealTimeBars(CancelRealTimeBars) "cancelRealTimeBars";
    52 FundamentalsData(FundamentalsDataRequest) "reqFundamentalData";
    53 CancelFundamentalsData(CancelFundamentalsData) "cancelFundamentalData";
    54 CalculateImpliedVolatility(CalculateImpliedVolatilityRequest) "calculateImpliedVolatility";
    55 CalculateOptionPrice(CalculateOptionPriceRequest) "calculateOptionPrice";
    56 CancelCalculateImpliedVolatility(CancelCalculateImpliedVolatility) "cancelCalculateImpliedVolatility";
    57 CancelCalculateOptionPrice(CancelCalculateOptionPrice) "cancelCalculateOptionPrice";
    58 GlobalCancel(GlobalCancelRequest) "reqGlobalCancel";
    59 MarketDataType(MarketDataTypeRequest) "reqMarketDataType";
    61 Positions(PositionsRequest) "reqPositions";
    62 AccountSummary(AccountSummaryRequest) "reqAccountSummary";
    63 CancelAccountSummary(CancelAccountSummary) "cancelAccountSummary";
    64 CancelPositions(CancelPositions) "cancelPositions";
    65 Verify(VerifyRequest) "verifyRequest";
    66 VerifyMessage(VerifyMessageRequest) "verifyMessage";
    67 QueryDisplayGroups(QueryDisplayGroupsRequest) "queryDisplayGroups";
    68 SubscribeToGroupEvents(SubscribeToGroupEventsRequest) "subscribeToGroupEvents";
    69 UpdateDisplayGroup(UpdateDisplayGroupRequest) "updateDisplayGroup";
    70 UnsubscribeFromGroupEvents(UnsubscribeFromGroupEventsRequest) "unsubscribeFromGroupEvents";
    71 StartApi(StartApiRequest) "startApi";
    72 VerifyAndAuth(VerifyAndAuthRequest) "verifyAndAuthRequest";
    73 VerifyAndAuthMessage(VerifyAndAuthMessage) "verifyAndAuthMessage";
    74 PositionsMulti(PositionsMultiRequest) "reqPositionsMulti";
    75 CancelPositionsMulti(CancelPositionsMulti) "cancelPositionsMulti";
    76 AccountUpdatesMulti(AccountUpdatesMultiRequest) "reqAccountUpdatesMulti";
    77 CancelAccountUpdatesMulti(CancelAccountUpdatesMulti) "cancelAccountUpdatesMulti";
    78 SecDefOptParams(SecDefOptParamsRequest) "reqSecDefOptParams";
    79 SoftDollarTiers(SoftDollarTiersRequest) "reqSoftDollarTiers";
    80 FamilyCodes(FamilyCodesRequest) "reqFamilyCodes";
    81 MatchingSymbols(MatchingSymbolsRequest) "reqMatchingSymbols";
    82 MarketDepthExchanges(MarketDepthExchangesRequest) "reqMktDepthExchanges";
    83 SmartComponents(SmartComponentsRequest) "reqSmartComponents";
    84 NewsArticle(NewsArticleRequest) "reqNewsArticle";
    85 NewsProviders(NewsProvidersRequest) "reqNewsProviders";
    86 HistoricalNews(HistoricalNewsRequest) "reqHistoricalNews";
    87 HeadTimestamp(HeadTimestampRequest) "reqHeadTimeStamp";
    88 HistogramData(HistogramDataRequest) "reqHistogramData";
    89 CancelHistogramData(CancelHistogramData) "cancelHistogramData";
    90 CancelHeadTimestamp(CancelHeadTimestamp) "cancelHeadTimeStamp";
    91 MarketRule(MarketRuleRequest) "reqMarketRule";
    92 Pnl(PnLRequest) "reqPnL";
    93 CancelPnl(CancelPnL) "cancelPnL";
    94 PnlSingle(PnLSingleRequest) "reqPnLSingle";
    95 CancelPnlSingle(CancelPnLSingle) "cancelPnLSingle";
    96 HistoricalTicks(HistoricalTicksRequest) "reqHistoricalTicks";
    97 TickByTick(TickByTickRequest) "reqTickByTickData";
    98 CancelTickByTick(CancelTickByTick) "cancelTickByTickData";
    99 CompletedOrders(CompletedOrdersRequest) "reqCompletedOrders";
    100 WshMetaData(WshMetaDataRequest) "reqWshMetaData";
    101 CancelWshMetaData(CancelWshMetaData) "cancelWshMetaData";
    102 WshEventData(WshEventDataRequest) "reqWshEventData";
    103 CancelWshEventData(CancelWshEventData) "cancelWshEventData";
    104 UserInfo(UserInfoRequest) "reqUserInfo";
    105 CurrentTimeInMillis(CurrentTimeInMillisRequest) "reqCurrentTimeInMillis";
    106 CancelContractData(CancelContractData) "cancelContractData";
    107 CancelHistoricalTicks(CancelHistoricalTicks) "cancelHistoricalTicks";
    108 Config(ConfigRequest) "reqConfig";
    109 UpdateConfig(UpdateConfigRequest) "updateConfig";
}

messages! {
    /// What a server says.
    Answer, AnswerKind;
    1 TickPrice(TickPrice) "TICK_PRICE";
    2 TickSize(TickSize) "TICK_SIZE";
    3 OrderStatus(OrderStatus) "ORDER_STATUS";
    4 ErrorMessage(ErrorMessage) "ERR_MSG";
    5 OpenOrder(OpenOrder) "OPEN_ORDER";
    6 AccountValue(AccountValue) "ACCT_VALUE";
    7 PortfolioValue(PortfolioValue) "PORTFOLIO_VALUE";
    8 AccountUpdateTime(AccountUpdateTime) "ACCT_UPDATE_TIME";
    9 NextValidId(NextValidId) "NEXT_VALID_ID";
    10 ContractData(ContractData) "CONTRACT_DATA";
    11 ExecutionDetails(ExecutionDetails) "EXECUTION_DATA";
    12 MarketDepth(MarketDepth) "MARKET_DEPTH";
    13 MarketDepthL2(MarketDepthL2) "MARKET_DEPTH_L2";
    14 NewsBulletin(NewsBulletin) "NEWS_BULLETINS";
    15 ManagedAccounts(ManagedAccounts) "MANAGED_ACCTS";
    16 ReceiveFa(ReceiveFa) "RECEIVE_FA";
    17 HistoricalData(HistoricalData) "HISTORICAL_DATA";
    19 ScannerParameters(ScannerParameters) "SCANNER_PARAMETERS";
    20 ScannerData(ScannerData) "SCANNER_DATA";
    21 TickOptionComputation(TickOptionComputation) "TICK_OPTION_COMPUTATION";
    45 TickGeneric(TickGeneric) "TICK_GENERIC";
    46 TickString(TickString) "TICK_STRING";
    47 TickEfp(TickEfp) "TICK_EFP";
    49 CurrentTime(CurrentTime) "CURRENT_TIME";
    50 RealTimeBarTick(RealTimeBarTick) "REAL_TIME_BARS";
    51 FundamentalsData(FundamentalsData) "FUNDAMENTAL_DATA";
    52 ContractDataEnd(ContractDataEnd) "CONTRACT_DATA_END";
    53 OpenOrdersEnd(OpenOrdersEnd) "OPEN_ORDER_END";
    54 AccountDataEnd(AccountDataEnd) "ACCT_DOWNLOAD_END";
    55 ExecutionDetailsEnd(ExecutionDetailsEnd) "EXECUTION_DATA_END";
    56 DeltaNeutralValidation(DeltaNeutralValidation) "DELTA_NEUTRAL_VALIDATION";
    57 TickSnapshotEnd(TickSnapshotEnd) "TICK_SNAPSHOT_END";
    58 MarketDataType(MarketDataType) "MARKET_DATA_TYPE";
    59 CommissionAndFeesReport(CommissionAndFeesReport) "COMMISSION_AND_FEES_REPORT";
    61 Position(Position) "POSITION_DATA";
    62 PositionEnd(PositionEnd) "POSITION_END";
    63 AccountSummary(AccountSummary) "ACCOUNT_SUMMARY";
    64 AccountSummaryEnd(AccountSummaryEnd) "ACCOUNT_SUMMARY_END";
    65 VerifyMessageApi(VerifyMessageApi) "VERIFY_MESSAGE_API";
    66 VerifyCompleted(VerifyCompleted) "VERIFY_COMPLETED";
    67 DisplayGroupList(DisplayGroupList) "DISPLAY_GROUP_LIST";
    68 DisplayGroupUpdated(DisplayGroupUpdated) "DISPLAY_GROUP_UPDATED";
    69 VerifyAndAuthMessageApi(VerifyAndAuthMessageApi) "VERIFY_AND_AUTH_MESSAGE_API";
    70 VerifyAndAuthCompleted(VerifyAndAuthCompleted) "VERIFY_AND_AUTH_COMPLETED";
    71 PositionMulti(PositionMulti) "POSITION_MULTI";
    72 PositionMultiEnd(PositionMultiEnd) "POSITION_MULTI_END";
    73 AccountUpdateMulti(AccountUpdateMulti) "ACCOUNT_UPDATE_MULTI";
    74 AccountUpdateMultiEnd(AccountUpdateMultiEnd) "ACCOUNT_UPDATE_MULTI_END";
    75 SecDefOptParameter(SecDefOptParameter) "SECURITY_DEFINITION_OPTION_PARAMETER";
    76 SecDefOptParameterEnd(SecDefOptParameterEnd) "SECURITY_DEFINITION_OPTION_PARAMETER_END";
    77 SoftDollarTiers(SoftDollarTiers) "SOFT_DOLLAR_TIERS";
    78 FamilyCodes(FamilyCodes) "FAMILY_CODES";
    79 SymbolSamples(SymbolSamples) "SYMBOL_SAMPLES";
    80 MarketDepthExchanges(MarketDepthExchanges) "MKT_DEPTH_EXCHANGES";
    81 TickReqParams(TickReqParams) "TICK_REQ_PARAMS";
    82 SmartComponents(SmartComponents) "SMART_COMPONENTS";
    83 NewsArticle(NewsArticle) "NEWS_ARTICLE";
    84 TickNews(TickNews) "TICK_NEWS";
    85 NewsProviders(NewsProviders) "NEWS_PROVIDERS";
    86 HistoricalNews(HistoricalNews) "HISTORICAL_NEWS";
    87 HistoricalNewsEnd(HistoricalNewsEnd) "HISTORICAL_NEWS_END";
    88 HeadTimestamp(HeadTimestamp) "HEAD_TIMESTAMP";
    89 HistogramData(HistogramData) "HISTOGRAM_DATA";
    90 HistoricalDataUpdate(HistoricalDataUpdate) "HISTORICAL_DATA_UPDATE";
    91 RerouteMarketDataRequest(RerouteMarketDataRequest) "REROUTE_MKT_DATA_REQ";
    92 RerouteMarketDepthRequest(RerouteMarketDepthRequest) "REROUTE_MKT_DEPTH_REQ";
    93 MarketRule(MarketRule) "MARKET_RULE";
    94 Pnl(PnL) "PNL";
    95 PnlSingle(PnLSingle) "PNL_SINGLE";
    96 HistoricalTicks(HistoricalTicks) "HISTORICAL_TICKS";
    97 HistoricalTicksBidAsk(HistoricalTicksBidAsk) "HISTORICAL_TICKS_BID_ASK";
    98 HistoricalTicksLast(HistoricalTicksLast) "HISTORICAL_TICKS_LAST";
    99 TickByTickData(TickByTickData) "TICK_BY_TICK";
    100 OrderBound(OrderBound) "ORDER_BOUND";
    101 CompletedOrder(CompletedOrder) "COMPLETED_ORDER";
    102 CompletedOrdersEnd(CompletedOrdersEnd) "COMPLETED_ORDERS_END";
    103 ReplaceFaEnd(ReplaceFaEnd) "REPLACE_FA_END";
    104 WshMetaData(WshMetaData) "WSH_META_DATA";
    105 WshEventData(WshEventData) "WSH_EVENT_DATA";
    106 HistoricalSchedule(HistoricalSchedule) "HISTORICAL_SCHEDULE";
    107 UserInfo(UserInfo) "USER_INFO";
    108 HistoricalDataEnd(HistoricalDataEnd) "HISTORICAL_DATA_END";
    109 CurrentTimeInMillis(CurrentTimeInMillis) "CURRENT_TIME_IN_MILLIS";
    110 ConfigResponse(ConfigResponse) "CONFIG_RESPONSE";
    111 UpdateConfigResponse(UpdateConfigResponse) "UPDATE_CONFIG_RESPONSE";
    besides: 18 BondContractData(ContractData as BondDetails) "BOND_CONTRACT_DATA";
}
