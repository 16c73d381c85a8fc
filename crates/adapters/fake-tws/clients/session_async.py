"""A full session of ib_async or ib_insync against a TWS: python session_async.py ib_async|ib_insync HOST PORT

Prints one line for each check, and at last how many there were. Ends with 1 when one has failed.
"""

import asyncio
import importlib
import math
import sys
import traceback


class Checks:
    """Counts what was checked; a failure is told and the session goes on."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def __call__(self, name, condition, seen=""):
        if condition:
            self.passed += 1
            print(f"ok   {name}")
        else:
            self.failed += 1
            print(f"FAIL {name}: {seen!r}")

    def end(self):
        print(f"{self.passed + self.failed} checks, {self.failed} failed")
        return 1 if self.failed else 0


def known(value):
    """Is it a number that means something?"""
    return value is not None and not math.isnan(value) and value < 1e300


async def until(condition, seconds=10.0):
    """Waits until something holds, and tells whether it did."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return bool(condition())


async def reference(ib, api, check):
    details = await ib.reqContractDetailsAsync(api.Stock("AAPL", "SMART", "USD"))
    check("contract details of a share", len(details) == 1, details)
    detail = details[0]
    check("details name the company", "APPLE" in detail.longName.upper(), detail.longName)
    check("details have a price step", 0 < detail.minTick <= 0.01, detail.minTick)
    check("details have trading hours", ":" in detail.tradingHours, detail.tradingHours)
    stock = detail.contract
    check("a share has the broker's own number", stock.conId == 265598, stock)
    by_number = await ib.qualifyContractsAsync(api.Contract(conId=756733, exchange="SMART"))
    check("a number leads to its contract", [it.symbol for it in by_number] == ["SPY"], by_number)
    for other in (
        api.Contract(secType="FUND", symbol="VINIX", exchange="FUNDSERV", currency="USD"),
        api.Contract(secType="CFD", symbol="IBDE30", exchange="SMART", currency="EUR"),
        api.Contract(secType="CMDTY", symbol="XAUUSD", exchange="SMART", currency="USD"),
        api.Contract(secType="WAR", symbol="GOOG", exchange="FWB", currency="EUR"),
        api.Contract(secType="IOPT", localSymbol="B881G", exchange="SBF", currency="EUR"),
        api.Crypto("ETH", "PAXOS", "USD"),
        api.Index("SPX", "CBOE", "USD"),
    ):
        found = await ib.reqContractDetailsAsync(other)
        check(f"there is a contract of kind {other.secType}", len(found) == 1, found)
    qualified = await ib.qualifyContractsAsync(api.Forex("EURUSD"))
    check("a pair is qualified", len(qualified) == 1 and qualified[0].conId > 0, qualified)
    nothing = await ib.reqContractDetailsAsync(api.Stock("NOSUCHTHING", "SMART", "USD"))
    check("an unknown share has no details", nothing == [] or nothing is None, nothing)
    futures = await ib.reqContractDetailsAsync(api.Future("ES", exchange="CME"))
    check("a future has several months", len(futures) > 1, len(futures))
    symbols = await ib.reqMatchingSymbolsAsync("AAPL")
    check("symbols are found", any(it.contract.symbol == "AAPL" for it in symbols or []), symbols)
    chains = await ib.reqSecDefOptParamsAsync("AAPL", "", "STK", stock.conId)
    check("an option chain has expiries and strikes", bool(chains) and chains[0].expirations and chains[0].strikes, chains)
    far = api.Option("AAPL", max(chains[0].expirations), 150, "C", "SMART")
    check("an option far from the price is there", len(await ib.qualifyContractsAsync(far)) == 1, far)
    tape = await ib.reqContractDetailsAsync(api.Contract(secType="NEWS", exchange="BRFG"))
    check("a tape of news is a contract", [it.contract.symbol for it in tape] == ["BRFG:BRFG_ALL"], tape)
    rule = await ib.reqMarketRuleAsync(int(detail.marketRuleIds.split(",")[0]))
    check("a market rule has a step", bool(rule) and rule[0].increment > 0, rule)
    time = await ib.reqCurrentTimeAsync()
    check("the time is told", time.year >= 2000, time)
    return stock, chains


async def history(ib, api, stock, check):
    daily = await ib.reqHistoricalDataAsync(stock, "", "10 D", "1 day", "TRADES", True)
    check("daily bars", len(daily) >= 5, len(daily))
    check("bars are sound", all(bar.low <= bar.open <= bar.high for bar in daily), daily[:1])
    minutes = await ib.reqHistoricalDataAsync(stock, "", "3600 S", "1 min", "MIDPOINT", False, 2)
    check("minute bars with dates of epoch", len(minutes) > 10, len(minutes))
    head = await ib.reqHeadTimeStampAsync(stock, "TRADES", True, 1)
    check("history has a beginning", head is not None, head)
    ticks = await ib.reqHistoricalTicksAsync(stock, minutes[0].date, "", 50, "BID_ASK", False)
    check("historical ticks", len(ticks) > 0, len(ticks))
    both = await ib.reqHistoricalTicksAsync(stock, minutes[0].date, minutes[1].date, 50, "TRADES", False)
    check("historical ticks of a start and an end", len(both) > 0, len(both))
    weekly = await ib.reqHistoricalDataAsync(stock, "", "3 M", "1 week", "TRADES", False)
    check("weeks are dated by a day of trading", all(bar.date.weekday() < 5 for bar in weekly[:-1]), weekly)
    histogram = await ib.reqHistogramDataAsync(stock, True, "1 day")
    check("a histogram", len(histogram) > 0, histogram)
    schedule = await ib.reqHistoricalScheduleAsync(stock, 5)
    check("a schedule", len(schedule.sessions) > 0, schedule)


async def quotes(ib, api, stock, chains, check):
    ticker = ib.reqMktData(stock, "233,236", False, False)
    check("a quote streams", await until(lambda: known(ticker.bid) and known(ticker.ask)), ticker)
    check("the ask is not below the bid", ticker.ask >= ticker.bid > 0, ticker)
    check("the quote has sizes", await until(lambda: known(ticker.bidSize) and ticker.bidSize > 0), ticker)
    check("a last price", await until(lambda: known(ticker.last) and ticker.last > 0), ticker)
    ib.cancelMktData(stock)
    snapshot = (await ib.reqTickersAsync(stock))[0]
    check("a snapshot", known(snapshot.bid) and known(snapshot.ask), snapshot)
    bars = ib.reqRealTimeBars(stock, 5, "MIDPOINT", False)
    check("real-time bars", await until(lambda: len(bars) > 0, 15), bars)
    ib.cancelRealTimeBars(bars)
    tick = ib.reqTickByTickData(stock, "BidAsk", 0, False)
    check("tick by tick", await until(lambda: len(tick.tickByTicks) > 0, 15), tick)
    ib.cancelTickByTickData(stock, "BidAsk")
    depth = ib.reqMktDepth(stock, 5, False)
    check("depth", await until(lambda: depth.domBids and depth.domAsks), depth)
    ib.cancelMktDepth(stock, False)
    chain = chains[0]
    strikes = sorted(chain.strikes)
    middle = min(strikes, key=lambda strike: abs(strike - ticker.last))
    expiry = sorted(chain.expirations)[min(3, len(chain.expirations) - 1)]
    option = api.Option("AAPL", expiry, middle, "C", "SMART", currency="USD")
    check("an option is qualified", len(await ib.qualifyContractsAsync(option)) == 1, option)
    greeks = ib.reqMktData(option, "", False, False)
    check("an option has Greeks", await until(lambda: greeks.modelGreeks is not None and known(greeks.modelGreeks.delta)), greeks)
    ib.cancelMktData(option)


async def orders(ib, api, stock, check):
    preview = await ib.whatIfOrderAsync(stock, api.MarketOrder("BUY", 100))
    check("what-if tells margins", float(preview.initMarginChange) > 0, preview)
    if api.__name__ == "ib_insync":  # The other one takes 321 for a warning, and waits for ever.
        ib.RaiseRequestErrors = True
        try:
            await ib.whatIfOrderAsync(api.Stock("XXX"), api.MarketOrder("BUY", 100))
            check("what-if without an exchange is refused", False)
        except api.RequestError as error:
            check("what-if without an exchange is refused", error.code == 321, error)
        ib.RaiseRequestErrors = False
    price = round((await ib.reqTickersAsync(stock))[0].ask * 0.8, 2)
    resting = ib.placeOrder(stock, api.LimitOrder("BUY", 10, price))
    check("an order far away rests", await until(lambda: resting.orderStatus.status in ("Submitted", "PreSubmitted")), resting)
    check("it has a permanent number", resting.orderStatus.permId > 0, resting)
    resting.order.lmtPrice = round(price - 1, 2)
    resting = ib.placeOrder(stock, resting.order)
    await asyncio.sleep(0.3)
    opened = await ib.reqAllOpenOrdersAsync()
    mine = [it for it in opened if it.order.orderId == resting.order.orderId]
    check("a change is taken", len(mine) == 1 and abs(mine[0].order.lmtPrice - price + 1) < 0.011, opened)
    ib.cancelOrder(resting.order)
    check("a cancel is confirmed", await until(lambda: resting.orderStatus.status == "Cancelled"), resting)
    market = ib.placeOrder(stock, api.MarketOrder("BUY", 10))
    check("a market order fills", await until(lambda: market.orderStatus.status == "Filled"), market)
    check("its fills add up", sum(fill.execution.shares for fill in market.fills) == 10, market.fills)
    check("it has a commission", await until(lambda: all(fill.commissionReport.commission > 0 for fill in market.fills)), market.fills)
    pegged = ib.placeOrder(stock, api.Order(action="BUY", totalQuantity=10, orderType="REL", auxPrice=0.01))
    check("a relative order works", await until(lambda: pegged.orderStatus.status in ("Submitted", "Filled")), pegged)
    ib.cancelOrder(pegged.order)
    check("and ends", await until(pegged.isDone), pegged)
    bracket = ib.bracketOrder("BUY", 10, round(price * 1.3, 2), round(price * 1.6, 2), round(price * 0.7, 2))
    trades = [ib.placeOrder(stock, order) for order in bracket]
    check("a bracket's entry fills", await until(lambda: trades[0].orderStatus.status == "Filled"), trades[0])
    working = ("Submitted", "PreSubmitted")
    check("its exits come alive", await until(lambda: all(it.orderStatus.status in working for it in trades[1:])), trades)
    ib.cancelOrder(trades[1].order)
    check("one exit takes the other along", await until(lambda: trades[2].orderStatus.status in ("Cancelled", "Submitted", "PreSubmitted")), trades)
    ib.reqGlobalCancel()
    check("nothing is left open", await until(lambda: not ib.openTrades()), ib.openTrades())
    executions = await ib.reqExecutionsAsync()
    check("executions are told again", len(executions) >= 2, executions)
    completed = await ib.reqCompletedOrdersAsync(False)
    check("completed orders are told", len(completed) >= 2, completed)


async def exercise(ib, api, stock, chains, check):
    spot = (await ib.reqTickersAsync(stock))[0].ask
    expiry = sorted(chains[0].expirations)[2]
    strike = min(chains[0].strikes, key=lambda it: abs(it - 0.95 * spot))
    option = api.Option("AAPL", expiry, strike, "C", "SMART", currency="USD")
    await ib.qualifyContractsAsync(option)
    bought = ib.placeOrder(option, api.MarketOrder("BUY", 1))
    check("an option is bought", await until(lambda: bought.orderStatus.status == "Filled"), bought)
    before = sum(it.position for it in ib.positions() if it.contract.conId == stock.conId)
    ib.exerciseOptions(option, 1, 1, ib.managedAccounts()[0], 1)
    held = lambda conId: sum(it.position for it in ib.positions() if it.contract.conId == conId)
    check("an option that is exercised goes", await until(lambda: held(option.conId) == 0), ib.positions())
    check("and its shares come", await until(lambda: held(stock.conId) == before + 100), ib.positions())


async def account(ib, api, stock, check):
    held = await until(lambda: any(it.contract.symbol == "AAPL" for it in ib.positions()))
    check("a position stands", held, ib.positions())
    check("account values", any(it.tag == "NetLiquidation" for it in ib.accountValues()), len(ib.accountValues()))
    summary = await ib.accountSummaryAsync()
    check("an account summary", any(it.tag == "NetLiquidation" and float(it.value) > 0 for it in summary), len(summary))
    name = ib.managedAccounts()[0]
    pnl = ib.reqPnL(name)
    check("profit and loss", await until(lambda: known(pnl.unrealizedPnL)), pnl)
    ib.cancelPnL(name)
    single = ib.reqPnLSingle(name, "", stock.conId)
    check("profit and loss of a position", await until(lambda: single.position != 0 and known(single.value)), single)
    ib.cancelPnLSingle(name, "", stock.conId)


async def others(ib, api, stock, check):
    scanned = await ib.reqScannerDataAsync(api.ScannerSubscription(numberOfRows=5, instrument="STK", locationCode="STK.US.MAJOR", scanCode="TOP_PERC_GAIN"))
    check("a scanner finds something", len(scanned) > 0, scanned)
    parameters = await ib.reqScannerParametersAsync()
    check("scanner parameters are XML", parameters.lstrip().startswith("<"), parameters[:40])
    providers = await ib.reqNewsProvidersAsync()
    check("news providers", len(providers) > 0, providers)
    news = await ib.reqHistoricalNewsAsync(stock.conId, providers[0].code, "", "", 5)
    news = news if isinstance(news, list) else [news] if news else []
    check("headlines", len(news) > 0, news)
    if news:
        article = await ib.reqNewsArticleAsync(providers[0].code, news[0].articleId)
        check("an article", len(article.articleText) > 0, article)


async def session(api, host, port, check):
    ib = api.IB()
    await ib.connectAsync(host, port, clientId=11)
    check("connects", ib.isConnected())
    check("has an account", len(ib.managedAccounts()) == 1, ib.managedAccounts())
    stock, chains = await reference(ib, api, check)
    for part in (history(ib, api, stock, check), quotes(ib, api, stock, chains, check), orders(ib, api, stock, check),
                 exercise(ib, api, stock, chains, check), account(ib, api, stock, check), others(ib, api, stock, check)):
        try:
            await asyncio.wait_for(part, 60)
        except Exception:
            check("no exception", False, traceback.format_exc())
    ib.disconnect()
    check("disconnects", not ib.isConnected())
    await asyncio.sleep(0.2)
    await ib.connectAsync(host, port, clientId=11)
    check("connects again under the same id", ib.isConnected())
    check("positions are there again", len(ib.positions()) > 0, ib.positions())
    ib.disconnect()


def main():
    api = importlib.import_module(sys.argv[1])
    host, port = sys.argv[2], int(sys.argv[3])
    check = Checks()
    try:
        asyncio.run(asyncio.wait_for(session(api, host, port, check), 240))
    except Exception:
        check("no exception", False, traceback.format_exc())
    sys.exit(check.end())


main()
