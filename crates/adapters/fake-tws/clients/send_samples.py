"""Sends samples to a TWS as ib_async words them: python send_samples.py HOST PORT WORK

WORK is a JSON file: `unspoken`, the fields of the broker's newest client that this one does not know, and `items`, each
with what it is and its fields in the broker's spelling. Every item is sent once, in order. A field that this client does
not know is an error: nothing is left out unseen.
"""

import asyncio
import dataclasses
import json
import logging
import math
import sys

import ib_async as api

def made(kind, fields, **special):
    """An object of a kind, from fields that it must have."""
    known = {field.name for field in dataclasses.fields(kind)}
    values = {}
    for name, value in fields.items():
        if name not in known:
            raise KeyError(f"{kind.__name__} has no {name}")
        values[name] = special[name](value) if name in special else number(value)
    return kind(**values)


def number(value):
    return math.inf if value == "Infinity" else value


def contract(fields):
    legs = lambda legs: [made(api.ComboLeg, leg) for leg in legs]
    hedge = lambda hedge: hedge and made(api.DeltaNeutralContract, hedge)
    return made(api.Contract, fields, comboLegs=legs, deltaNeutralContract=hedge)


def tags(pairs):
    return [api.TagValue(tag, value) for tag, value in pairs]


def condition(fields):
    fields = dict(fields)
    fields.pop("type")
    kind = api.OrderCondition.createClass(fields.pop("condType"))
    fields["conjunction"] = "a" if fields.pop("isConjunctionConnection", True) else "o"
    if "exchange" in fields:
        fields["exch"] = fields.pop("exchange")
    return made(kind, fields)


def order(fields):
    # Where a sample is silent it means the broker's own defaults: this client has others for these two.
    fields = {"openClose": "", "usePriceMgmtAlgo": None, **fields}
    tier = lambda it: api.SoftDollarTier(it.get("name", ""), it.get("val", ""), it.get("displayName", ""))
    return made(
        api.Order,
        fields,
        totalQuantity=float,
        filledQuantity=float,
        algoParams=tags,
        smartComboRoutingParams=tags,
        orderMiscOptions=tags,
        orderComboLegs=lambda legs: [made(api.OrderComboLeg, leg) for leg in legs],
        conditions=lambda all: [condition(one) for one in all],
        softDollarTier=tier,
    )


async def main(host, port, work):
    logging.disable(logging.CRITICAL)
    with open(work, encoding="utf-8") as file:
        work = json.load(file)
    for name in work["unspoken"]:
        if any(field.name == name for field in dataclasses.fields(api.Order)):
            raise AssertionError(f"Order.{name} is known here, and has no place among the unspoken ones")
    ib = api.IB()
    await ib.connectAsync(host, port, clientId=1, fetchFields=api.StartupFetchNONE)
    client = ib.client
    client.MaxRequests = 0
    for number, item in enumerate(work["items"], start=1):
        what = item["what"]
        if what == "contract":
            client.reqContractDetails(number, contract(item["contract"]))
        elif what == "order":
            client.placeOrder(item["number"], contract(item["contract"]), order(item["order"]))
        elif what == "cancel":
            client.cancelOrder(item["number"], item["order"].get("manualOrderCancelTime", ""))
        elif what == "scanner":
            subscription = made(api.ScannerSubscription, item["subscription"])
            client.reqScannerSubscription(number, subscription, [], tags(item["filters"]))
        elif what == "groups":
            client.replaceFA(number, 1, item["document"])
        else:
            raise KeyError(what)
    # An answer to this means that all of it was read.
    await ib.reqCurrentTimeAsync()
    ib.disconnect()
    print(f"{len(work['items'])} sent")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
