"""A full session of the official client, any age of it, against a TWS: python session_official.py HOST PORT

Prints one line for each check, and at last how many there were. Ends with 1 when one has failed.
"""

import collections
import queue
import struct
import sys
import threading
import time
import traceback

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.order import Order
from ibapi.scanner import ScannerSubscription
from ibapi.wrapper import EWrapper

try:
    from ibapi.order_cancel import OrderCancel
except ImportError:
    OrderCancel = None
try:
    from ibapi.execution import ExecutionFilter
except ImportError:
    ExecutionFilter = None


# The broker refuses what comes beyond 50 messages a second, and this client, unlike the others, does not count them itself.
MOST_A_SECOND = 40


class Checks:
    """Counts what was checked; a failure is told and the session goes on."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def __call__(self, name, condition, seen=""):
        if condition:
            self.passed += 1
            print(f"ok   {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {name}: {str(seen)[:400]}", flush=True)

    def end(self):
        print(f"{self.passed + self.failed} checks, {self.failed} failed", flush=True)
        return 1 if self.failed else 0


class Client(EWrapper, EClient):
    """Keeps every callback with its arguments, in order."""

    def __init__(self):
        EWrapper.__init__(self)
        EClient.__init__(self, self)
        self.calls = []
        self.news = queue.Queue()

    def __getattribute__(self, name):
        found = object.__getattribute__(self, name)
        if name.startswith("_") or not callable(found) or not hasattr(EWrapper, name) or hasattr(EClient, name):
            return found

        def keep(*arguments, **named):
            self.calls.append((name, arguments + tuple(named.values())))
            self.news.put(None)

        return keep

    def told(self, name, where=lambda arguments: True):
        return [arguments for call, arguments in list(self.calls) if call == name and where(arguments)]

    def until(self, condition, seconds=15.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            try:
                self.news.get(timeout=0.05)
            except queue.Empty:
                pass
        return bool(condition())

    def answered(self, name, request, seconds=15.0):
        """Waits until something was told about a request, and gives it."""
        self.until(lambda: self.told(name, lambda it: it and it[0] == request), seconds)
        return self.told(name, lambda it: it and it[0] == request)


def contract(symbol, kind="STK", exchange="SMART", currency="USD", **more):
    it = Contract()
    it.symbol, it.secType, it.exchange, it.currency = symbol, kind, exchange, currency
    for name, value in more.items():
        setattr(it, name, value)
    return it


def order(action, quantity, kind, limit=None, **more):
    it = Order()
    it.action, it.totalQuantity, it.orderType = action, quantity, kind
    # Flags that today's servers refuse, and older clients set on their own.
    it.eTradeOnly, it.firmQuoteOnly = False, False
    if limit is not None:
        it.lmtPrice = limit
    for name, value in more.items():
        setattr(it, name, value)
    return it


def paced(send):
    """Sends as before, and waits where one more would be too many within a second."""
    sent = collections.deque(maxlen=MOST_A_SECOND)

    def later(*arguments):
        if len(sent) == MOST_A_SECOND:
            time.sleep(max(0.0, sent[0] + 1.0 - time.monotonic()))
        sent.append(time.monotonic())
        return send(*arguments)

    return later


def connect(host, port, client_id):
    client = Client()
    client.connect(host, port, client_id)
    client.conn.sendMsg = paced(client.conn.sendMsg)
    thread = threading.Thread(target=client.run, daemon=True)
    thread.start()
    return client, thread


def cancel(client, order_id):
    if OrderCancel is None:
        client.cancelOrder(order_id)
        return
    try:
        client.cancelOrder(order_id, OrderCancel())
    except TypeError:
        client.cancelOrder(order_id)


def global_cancel(client):
    if OrderCancel is None:
        client.reqGlobalCancel()
        return
    try:
        client.reqGlobalCancel(OrderCancel())
    except TypeError:
        client.reqGlobalCancel()


def unreadable(client, check):
    """A cancel of order "x", which is no number, in the words of the version that is spoken."""
    body = struct.pack(">i", 204) + b"\x08" if client.serverVersion() > 200 else b"4\x001\x00x\x00x\x00x\x00"
    client.conn.socket.sendall(struct.pack(">i", len(body)) + body)
    told = lambda: [it for it in client.told("error") if 320 in it[1:3]]
    check("what cannot be read is told", client.until(told), client.told("error"))
    before = len(client.told("currentTime"))
    client.reqCurrentTime()
    check("and the connection goes on", client.until(lambda: len(client.told("currentTime")) > before), client.calls[-3:])


def reference(client, check):
    client.reqCurrentTime()
    check("the time is told", client.until(lambda: client.told("currentTime")), client.calls)
    client.reqContractDetails(101, contract("AAPL"))
    client.answered("contractDetailsEnd", 101)
    details = client.told("contractDetails", lambda it: it[0] == 101)
    check("contract details of a share", len(details) == 1, client.calls[-5:])
    check("a share has the broker's own number", details[0][1].contract.conId == 265598, details)
    client.reqContractDetails(191, contract("ES", "FOP", "CME", right="C", strike=1500))
    client.answered("contractDetailsEnd", 191)
    check("options on futures", len(client.told("contractDetails", lambda it: it[0] == 191)) > 3, client.calls[-5:])
    detail = details[0][1]
    check("a share has a number", detail.contract.conId > 0, detail)
    check("details name the company", "APPLE" in detail.longName.upper(), detail.longName)
    client.reqContractDetails(102, contract("NOSUCHTHING"))
    failed = client.until(lambda: client.told("error", lambda it: it[0] == 102 and 200 in it))
    check("an unknown share is an error", failed, client.told("error"))
    client.reqContractDetails(103, contract("ES", "FUT", "CME"))
    client.answered("contractDetailsEnd", 103)
    check("a future has several months", len(client.told("contractDetails", lambda it: it[0] == 103)) > 1)
    client.reqMatchingSymbols(104, "AAPL")
    check("symbols are found", bool(client.answered("symbolSamples", 104)))
    client.reqSecDefOptParams(105, "AAPL", "", "STK", detail.contract.conId)
    check("an option chain", bool(client.answered("securityDefinitionOptionParameterEnd", 105)))
    chains = client.told("securityDefinitionOptionParameter", lambda it: it[0] == 105)
    check("it has expiries and strikes", bool(chains) and chains[0][5] and chains[0][6], chains)
    client.reqMarketRule(int(detail.marketRuleIds.split(",")[0]))
    check("a market rule", client.until(lambda: client.told("marketRule")))
    client.reqMktDepthExchanges()
    check("depth exchanges", client.until(lambda: client.told("mktDepthExchanges")))
    client.reqFamilyCodes()
    check("family codes", client.until(lambda: client.told("familyCodes")))
    client.reqNewsProviders()
    check("news providers", client.until(lambda: client.told("newsProviders")))
    return detail.contract, chains[0] if chains else None


def history(client, stock, check):
    client.reqHistoricalData(201, stock, "", "10 D", "1 day", "TRADES", 1, 1, False, [])
    check("daily bars end", bool(client.answered("historicalDataEnd", 201)), client.told("error"))
    bars = [it[1] for it in client.told("historicalData", lambda it: it[0] == 201)]
    check("daily bars", len(bars) >= 5 and all(bar.low <= bar.close <= bar.high for bar in bars), bars)
    client.reqHistoricalData(202, stock, "", "3600 S", "1 min", "MIDPOINT", 0, 2, False, [])
    check("minute bars end", bool(client.answered("historicalDataEnd", 202)), client.told("error"))
    minutes = [it[1] for it in client.told("historicalData", lambda it: it[0] == 202)]
    check("minute bars have epochs", len(minutes) > 10 and str(minutes[0].date).isdigit(), minutes[:2])
    client.reqHeadTimeStamp(203, stock, "TRADES", 1, 1)
    check("history has a beginning", bool(client.answered("headTimestamp", 203)), client.told("error"))
    start = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime(int(minutes[0].date)))
    client.reqHistoricalTicks(204, stock, start, "", 20, "BID_ASK", 0, False, [])
    check("historical ticks", bool(client.answered("historicalTicksBidAsk", 204)), client.told("error"))
    client.reqHistoricalTicks(208, stock, start, start, 20, "TRADES", 0, False, [])
    check("historical ticks of a start and an end", bool(client.answered("historicalTicksLast", 208)), client.told("error"))
    client.reqHistogramData(205, stock, True, "1 day")
    check("a histogram", bool(client.answered("histogramData", 205)), client.told("error"))


def quotes(client, stock, chain, check):
    client.reqMarketDataType(1)
    client.reqMktData(301, stock, "233", False, False, [])
    both = lambda: {it[1] for it in client.told("tickPrice", lambda it: it[0] == 301)} >= {1, 2, 4}
    check("a quote streams", client.until(both), client.told("tickPrice"))
    prices = {it[1]: it[2] for it in client.told("tickPrice", lambda it: it[0] == 301)}
    check("the ask is not below the bid", prices.get(2, 0) >= prices.get(1, 1) > 0, prices)
    client.cancelMktData(301)
    client.reqMktData(302, stock, "", True, False, [])
    check("a snapshot ends", bool(client.answered("tickSnapshotEnd", 302)))
    client.reqRealTimeBars(303, stock, 5, "MIDPOINT", False, [])
    check("real-time bars", bool(client.answered("realtimeBar", 303)), client.told("error"))
    client.cancelRealTimeBars(303)
    client.reqTickByTickData(304, stock, "BidAsk", 0, False)
    check("tick by tick", bool(client.answered("tickByTickBidAsk", 304)), client.told("error"))
    client.cancelTickByTickData(304)
    client.reqMktDepth(305, stock, 5, False, [])
    deep = lambda: client.told("updateMktDepth", lambda it: it[0] == 305) or client.told("updateMktDepthL2", lambda it: it[0] == 305)
    check("depth", client.until(deep), client.told("error"))
    client.cancelMktDepth(305, False)
    if chain:
        strike = min(chain[6], key=lambda it: abs(it - prices.get(4, 100)))
        expiry = sorted(chain[5])[min(3, len(chain[5]) - 1)]
        option = contract("AAPL", "OPT", lastTradeDateOrContractMonth=expiry, strike=strike, right="C", multiplier="100")
        client.reqMktData(306, option, "", False, False, [])
        check("an option has Greeks", bool(client.answered("tickOptionComputation", 306)), client.told("error"))
        client.cancelMktData(306)
    return prices


def orders(client, stock, prices, check):
    number = client.told("nextValidId")[0][0]
    status = lambda order_id: [it[1] for it in client.told("orderStatus", lambda it: it[0] == order_id)]
    client.placeOrder(number, stock, order("BUY", 100, "MKT", whatIf=True))
    preview = client.answered("openOrder", number)
    check("what-if tells margins", bool(preview) and float(preview[0][3].initMarginChange) > 0, client.told("error"))
    far = round(prices.get(2, 100) * 0.8, 2)
    resting = number + 1
    client.placeOrder(resting, stock, order("BUY", 10, "LMT", far))
    check("an order far away rests", client.until(lambda: "Submitted" in status(resting)), client.told("error"))
    client.placeOrder(resting, stock, order("BUY", 10, "LMT", round(far - 1, 2)))
    changed = lambda: client.told("openOrder", lambda it: it[0] == resting and abs(it[2].lmtPrice - far + 1) < 0.011)
    check("a change is taken", client.until(changed), client.told("openOrder"))
    cancel(client, resting)
    check("a cancel is confirmed", client.until(lambda: "Cancelled" in status(resting)), status(resting))
    market = number + 2
    client.placeOrder(market, stock, order("BUY", 10, "MKT"))
    check("a market order fills", client.until(lambda: "Filled" in status(market)), client.told("error"))
    fills = client.told("execDetails", lambda it: it[2].orderId == market)
    check("its fills add up", sum(float(it[2].shares) for it in fills) == 10, fills)
    reports = lambda: client.told("commissionReport") or client.told("commissionAndFeesReport")
    check("it has a commission", client.until(lambda: reports()), client.calls[-5:])
    entry, target, stop = number + 3, number + 4, number + 5
    client.placeOrder(entry, stock, order("BUY", 10, "LMT", round(far * 1.3, 2), transmit=False))
    client.placeOrder(target, stock, order("SELL", 10, "LMT", round(far * 1.6, 2), parentId=entry, transmit=False))
    client.placeOrder(stop, stock, order("SELL", 10, "STP", auxPrice=round(far * 0.7, 2), parentId=entry, transmit=True))
    check("a bracket's entry fills", client.until(lambda: "Filled" in status(entry)), client.told("error"))
    check("its exits come alive", client.until(lambda: status(target) and status(stop)), (status(target), status(stop)))
    global_cancel(client)
    gone = lambda: "Cancelled" in status(target) and "Cancelled" in status(stop)
    check("all are cancelled", client.until(gone), (status(target), status(stop)))
    client.reqExecutions(401, ExecutionFilter())
    check("executions end", bool(client.answered("execDetailsEnd", 401)))
    check("executions are told again", len(client.told("execDetails", lambda it: it[0] == 401)) >= 2)
    client.reqAllOpenOrders()
    check("open orders end", client.until(lambda: client.told("openOrderEnd")))
    client.reqCompletedOrders(False)
    check("completed orders end", client.until(lambda: client.told("completedOrdersEnd")), client.told("error"))
    check("completed orders are told", bool(client.told("completedOrder")))


def account(client, stock, check):
    client.reqPositions()
    check("positions end", client.until(lambda: client.told("positionEnd")))
    check("a position stands", bool(client.told("position")), client.calls[-5:])
    client.cancelPositions()
    name = client.told("managedAccounts")[0][0].split(",")[0]
    client.reqAccountUpdates(True, name)
    check("account updates end", client.until(lambda: client.told("accountDownloadEnd")))
    check("account values", any(it[0] == "NetLiquidation" for it in client.told("updateAccountValue")))
    check("a portfolio", bool(client.told("updatePortfolio")))
    client.reqAccountUpdates(False, name)
    client.reqAccountSummary(501, "All", "NetLiquidation,BuyingPower")
    check("an account summary", bool(client.answered("accountSummaryEnd", 501)))
    client.cancelAccountSummary(501)
    client.reqPnL(502, name, "")
    check("profit and loss", bool(client.answered("pnl", 502)), client.told("error")[-3:])
    client.cancelPnL(502)
    client.reqPnLSingle(503, name, "", stock.conId)
    check("profit and loss of a position", bool(client.answered("pnlSingle", 503)), client.told("error")[-3:])
    client.cancelPnLSingle(503)


def others(client, stock, check):
    scan = ScannerSubscription()
    scan.instrument, scan.locationCode, scan.scanCode, scan.numberOfRows = "STK", "STK.US.MAJOR", "TOP_PERC_GAIN", 5
    client.reqScannerSubscription(601, scan, [], [])
    check("a scanner finds something", bool(client.answered("scannerData", 601)), client.told("error"))
    client.cancelScannerSubscription(601)
    client.reqScannerParameters()
    check("scanner parameters", client.until(lambda: client.told("scannerParameters")))
    code = client.told("newsProviders")[0][0][0].code
    client.reqHistoricalNews(602, stock.conId, code, "", "", 5, [])
    check("headlines end", bool(client.answered("historicalNewsEnd", 602)), client.told("error"))
    news = client.told("historicalNews", lambda it: it[0] == 602)
    check("headlines", len(news) > 0)
    if news:
        client.reqNewsArticle(603, code, news[0][3], [])
        check("an article", bool(client.answered("newsArticle", 603)), client.told("error"))


def session(host, port, check):
    client, thread = connect(host, port, 21)
    started = client.until(lambda: client.told("nextValidId") and client.told("managedAccounts"))
    check("connects", started, client.calls)
    stock, chain = reference(client, check)
    unreadable(client, check)
    prices = {}
    for part in (history, lambda *it: prices.update(quotes(it[0], it[1], chain, it[2])),
                 lambda *it: orders(it[0], it[1], prices, it[2]), account, others):
        try:
            part(client, stock, check)
        except Exception:
            check("no exception", False, traceback.format_exc())
    check("its reader lives", thread.is_alive())
    client.disconnect()
    thread.join(5)
    # Its reader looks up once a second: until then the connection stands, and its id is taken.
    time.sleep(2)
    again, thread = connect(host, port, 21)
    check("connects again under the same id", again.until(lambda: again.told("nextValidId")), again.calls)
    again.reqPositions()
    check("positions are there again", again.until(lambda: again.told("positionEnd")) and again.told("position"))
    again.disconnect()
    thread.join(5)
    check("disconnects", not again.isConnected())


def main():
    host, port = sys.argv[1], int(sys.argv[2])
    check = Checks()
    try:
        session(host, port, check)
    except Exception:
        check("no exception", False, traceback.format_exc())
    sys.exit(check.end())


main()
