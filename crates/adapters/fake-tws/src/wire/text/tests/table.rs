//! How many fields each message has in which version when it is empty: measured at official clients, message by message.
//!
//! One row for each message: its number, and from which version on it has how many fields behind the number. A message
//! without a row was never laid out by those clients.

/// What clients send.
pub(super) const REQUESTS: &[(i32, &[(i32, usize)])] = &[
    (1, &[(157, 19)]), // reqMktData
    (2, &[(157, 2)]),  // cancelMktData
    (
        3,
        &[
            (157, 109),
            (158, 110),
            (160, 111),
            (162, 112),
            (166, 113),
            (169, 114),
            (177, 113),
            (183, 114),
            (184, 115),
            (187, 117),
            (189, 118),
            (190, 116),
            (192, 117),
            (199, 118),
        ],
    ), // placeOrder
    (4, &[(157, 2), (169, 3), (187, 6), (190, 3), (192, 4)]), // cancelOrder
    (5, &[(157, 1)]),  // reqOpenOrders
    (6, &[(157, 3)]),  // reqAccountUpdates
    (7, &[(157, 9), (200, 11)]), // reqExecutions
    (8, &[(157, 2)]),  // reqIds
    (9, &[(157, 17), (176, 18)]), // reqContractDetails
    (10, &[(157, 17)]), // reqMktDepth
    (11, &[(157, 3)]), // cancelMktDepth
    (12, &[(157, 2)]), // reqNewsBulletins
    (13, &[(157, 1)]), // cancelNewsBulletins
    (14, &[(157, 2)]), // setServerLogLevel
    (15, &[(157, 2)]), // reqAutoOpenOrders
    (16, &[(157, 1)]), // reqAllOpenOrders
    (17, &[(157, 1)]), // reqManagedAccts
    (18, &[(157, 2)]), // requestFA
    (19, &[(157, 4)]), // replaceFA
    (20, &[(157, 22)]), // reqHistoricalData
    (21, &[(157, 17), (180, 18), (183, 19), (184, 20)]), // exerciseOptions
    (22, &[(157, 24)]), // reqScannerSubscription
    (23, &[(157, 2)]), // cancelScannerSubscription
    (24, &[(157, 1)]), // reqScannerParameters
    (25, &[(157, 2)]), // cancelHistoricalData
    (49, &[(157, 1)]), // reqCurrentTime
    (50, &[(157, 18)]), // reqRealTimeBars
    (51, &[(157, 2)]), // cancelRealTimeBars
    (52, &[(157, 12)]), // reqFundamentalData
    (53, &[(157, 2)]), // cancelFundamentalData
    (54, &[(157, 17)]), // calculateImpliedVolatility
    (55, &[(157, 17)]), // calculateOptionPrice
    (56, &[(157, 2)]), // cancelCalculateImpliedVolatility
    (57, &[(157, 2)]), // cancelCalculateOptionPrice
    (58, &[(157, 1), (192, 2)]), // reqGlobalCancel
    (59, &[(157, 2)]), // reqMarketDataType
    (61, &[(157, 1)]), // reqPositions
    (62, &[(157, 4)]), // reqAccountSummary
    (63, &[(157, 2)]), // cancelAccountSummary
    (64, &[(157, 1)]), // cancelPositions
    (67, &[(157, 2)]), // queryDisplayGroups
    (68, &[(157, 3)]), // subscribeToGroupEvents
    (69, &[(157, 3)]), // updateDisplayGroup
    (70, &[(157, 2)]), // unsubscribeFromGroupEvents
    (71, &[(157, 3)]), // startApi
    (74, &[(157, 4)]), // reqPositionsMulti
    (75, &[(157, 2)]), // cancelPositionsMulti
    (76, &[(157, 5)]), // reqAccountUpdatesMulti
    (77, &[(157, 2)]), // cancelAccountUpdatesMulti
    (78, &[(157, 5)]), // reqSecDefOptParams
    (79, &[(157, 1)]), // reqSoftDollarTiers
    (80, &[(157, 0)]), // reqFamilyCodes
    (81, &[(157, 2)]), // reqMatchingSymbols
    (82, &[(157, 0)]), // reqMktDepthExchanges
    (83, &[(157, 2)]), // reqSmartComponents
    (84, &[(157, 4)]), // reqNewsArticle
    (85, &[(157, 0)]), // reqNewsProviders
    (86, &[(157, 7)]), // reqHistoricalNews
    (87, &[(157, 17)]), // reqHeadTimeStamp
    (88, &[(157, 16)]), // reqHistogramData
    (89, &[(157, 1)]), // cancelHistogramData
    (90, &[(157, 1)]), // cancelHeadTimeStamp
    (91, &[(157, 1)]), // reqMarketRule
    (92, &[(157, 3)]), // reqPnL
    (93, &[(157, 1)]), // cancelPnL
    (94, &[(157, 4)]), // reqPnLSingle
    (95, &[(157, 1)]), // cancelPnLSingle
    (96, &[(157, 21)]), // reqHistoricalTicks
    (97, &[(157, 16)]), // reqTickByTickData
    (98, &[(157, 1)]), // cancelTickByTickData
    (99, &[(157, 1)]), // reqCompletedOrders
    (100, &[(161, 1)]), // reqWshMetaData
    (101, &[(161, 1)]), // cancelWshMetaData
    (102, &[(161, 2), (171, 6), (173, 9)]), // reqWshEventData
    (103, &[(161, 1)]), // cancelWshEventData
    (104, &[(167, 1)]), // reqUserInfo
    (105, &[(197, 0)]), // reqCurrentTimeInMillis
];

/// What servers send; for lists without entries.
pub(super) const ANSWERS: &[(i32, &[(i32, usize)])] = &[
    (1, &[(157, 6)]),           // TICK_PRICE
    (2, &[(157, 4)]),           // TICK_SIZE
    (3, &[(157, 11)]),          // ORDER_STATUS
    (4, &[(157, 4), (166, 5)]), // ERR_MSG
    (
        5,
        &[
            (157, 119),
            (158, 120),
            (160, 121),
            (162, 122),
            (170, 127),
            (177, 126),
            (183, 127),
            (184, 128),
            (185, 129),
            (189, 130),
            (193, 132),
            (195, 145),
            (198, 146),
            (199, 147),
        ],
    ), // OPEN_ORDER
    (6, &[(157, 5)]),           // ACCT_VALUE
    (7, &[(157, 19)]),          // PORTFOLIO_VALUE
    (8, &[(157, 2)]),           // ACCT_UPDATE_TIME
    (9, &[(157, 2)]),           // NEXT_VALID_ID
    (10, &[(157, 38), (163, 39), (182, 40), (186, 41)]), // CONTRACT_DATA
    (11, &[(157, 30), (178, 31), (198, 32)]), // EXECUTION_DATA
    (12, &[(157, 7)]),          // MARKET_DEPTH
    (13, &[(157, 9)]),          // MARKET_DEPTH_L2
    (14, &[(157, 5)]),          // NEWS_BULLETINS
    (15, &[(157, 2)]),          // MANAGED_ACCTS
    (16, &[(157, 3)]),          // RECEIVE_FA
    (17, &[(157, 4), (196, 2)]), // HISTORICAL_DATA
    (18, &[(157, 34), (164, 35), (188, 38)]), // BOND_CONTRACT_DATA
    (19, &[(157, 2)]),          // SCANNER_PARAMETERS
    (20, &[(157, 3)]),          // SCANNER_DATA
    (21, &[(157, 11)]),         // TICK_OPTION_COMPUTATION
    (45, &[(157, 4)]),          // TICK_GENERIC
    (46, &[(157, 4)]),          // TICK_STRING
    (47, &[(157, 10)]),         // TICK_EFP
    (49, &[(157, 2)]),          // CURRENT_TIME
    (50, &[(157, 10)]),         // REAL_TIME_BARS
    (51, &[(157, 3)]),          // FUNDAMENTAL_DATA
    (52, &[(157, 2)]),          // CONTRACT_DATA_END
    (53, &[(157, 1)]),          // OPEN_ORDER_END
    (54, &[(157, 2)]),          // ACCT_DOWNLOAD_END
    (55, &[(157, 2)]),          // EXECUTION_DATA_END
    (56, &[(157, 5)]),          // DELTA_NEUTRAL_VALIDATION
    (57, &[(157, 2)]),          // TICK_SNAPSHOT_END
    (58, &[(157, 3)]),          // MARKET_DATA_TYPE
    (59, &[(157, 7)]),          // COMMISSION_AND_FEES_REPORT
    (61, &[(157, 15)]),         // POSITION_DATA
    (62, &[(157, 1)]),          // POSITION_END
    (63, &[(157, 6)]),          // ACCOUNT_SUMMARY
    (64, &[(157, 2)]),          // ACCOUNT_SUMMARY_END
    (65, &[(157, 2)]),          // VERIFY_MESSAGE_API
    (66, &[(157, 3)]),          // VERIFY_COMPLETED
    (67, &[(157, 3)]),          // DISPLAY_GROUP_LIST
    (68, &[(157, 3)]),          // DISPLAY_GROUP_UPDATED
    (69, &[(157, 3)]),          // VERIFY_AND_AUTH_MESSAGE_API
    (70, &[(157, 3)]),          // VERIFY_AND_AUTH_COMPLETED
    (71, &[(157, 17)]),         // POSITION_MULTI
    (72, &[(157, 2)]),          // POSITION_MULTI_END
    (73, &[(157, 7)]),          // ACCOUNT_UPDATE_MULTI
    (74, &[(157, 2)]),          // ACCOUNT_UPDATE_MULTI_END
    (75, &[(157, 7)]),          // SECURITY_DEFINITION_OPTION_PARAMETER
    (76, &[(157, 1)]),          // SECURITY_DEFINITION_OPTION_PARAMETER_END
    (77, &[(157, 2)]),          // SOFT_DOLLAR_TIERS
    (78, &[(157, 1)]),          // FAMILY_CODES
    (79, &[(157, 2)]),          // SYMBOL_SAMPLES
    (80, &[(157, 1)]),          // MKT_DEPTH_EXCHANGES
    (81, &[(157, 4)]),          // TICK_REQ_PARAMS
    (82, &[(157, 2)]),          // SMART_COMPONENTS
    (83, &[(157, 3)]),          // NEWS_ARTICLE
    (84, &[(157, 6)]),          // TICK_NEWS
    (85, &[(157, 1)]),          // NEWS_PROVIDERS
    (86, &[(157, 5)]),          // HISTORICAL_NEWS
    (87, &[(157, 2)]),          // HISTORICAL_NEWS_END
    (88, &[(157, 2)]),          // HEAD_TIMESTAMP
    (89, &[(157, 2)]),          // HISTOGRAM_DATA
    (90, &[(157, 9)]),          // HISTORICAL_DATA_UPDATE
    (91, &[(157, 3)]),          // REROUTE_MKT_DATA_REQ
    (92, &[(157, 3)]),          // REROUTE_MKT_DEPTH_REQ
    (93, &[(157, 2)]),          // MARKET_RULE
    (94, &[(157, 4)]),          // PNL
    (95, &[(157, 6)]),          // PNL_SINGLE
    (96, &[(157, 3)]),          // HISTORICAL_TICKS
    (97, &[(157, 3)]),          // HISTORICAL_TICKS_BID_ASK
    (98, &[(157, 3)]),          // HISTORICAL_TICKS_LAST
    (99, &[(157, 3)]),          // TICK_BY_TICK
    (100, &[(157, 3)]),         // ORDER_BOUND
    (101, &[(157, 91), (170, 96), (177, 95), (183, 96), (184, 97), (198, 98)]), // COMPLETED_ORDER
    (102, &[(157, 0)]),         // COMPLETED_ORDERS_END
    (103, &[(157, 2)]),         // REPLACE_FA_END
    (104, &[(157, 2)]),         // WSH_META_DATA
    (105, &[(157, 2)]),         // WSH_EVENT_DATA
    (106, &[(157, 5)]),         // HISTORICAL_SCHEDULE
    (107, &[(157, 2)]),         // USER_INFO
    (108, &[(157, 3)]),         // HISTORICAL_DATA_END
    (109, &[(157, 1)]),         // CURRENT_TIME_IN_MILLIS
];
