"""Catallax's market of posted prices, written plainly in Mesa: one object an agent, one a link.

    python mesa_market.py '{"network": "network.npz", "weeks": 12, "settings": {...}}'

The same week as in `mechanisms.market` and `economy.week` of `catallax.domains.production`, with
exact messages that take a week, still facts, no lead times, losses or tariffs, and one class of
owners. Prints one line of JSON with the seconds of each week; writes prices and sales to `out`, if
given.
"""

import json
import math
import sys
import time

import mesa
import numpy as np

TINY = 1e-9


class Link:
    """What a buyer has of one supplier of a good."""

    def __init__(self, seller, share, norm, held):
        self.seller = seller
        self.share = share  # in what the buyer spends
        self.part = share  # in what the buyer spends on the good
        self.norm = norm
        self.held = held
        self.ask = 0.0
        self.got = 0.0
        self.use = 0.0


class Buyer:
    """Recipes and tastes: goods with elasticity sigma, suppliers of a good with elasticity eps."""

    def set_links(self, nests, sigma, eps):
        """Take up links, as a list of lists: one list a good."""
        self.sigma, self.eps = sigma, eps
        self.goods = []
        for links in nests:
            share = sum(link.share for link in links)
            for link in links:
                link.part = link.share / share
            self.goods.append((share, links))
        self.links = [link for _, links in self.goods for link in links]

    def choose(self):
        """Unit cost at quoted prices, and cheapest arrivals per unit of composite on each link."""
        sigma, eps = self.sigma, self.eps
        costs, total = [], 0.0
        for share, links in self.goods:
            if len(links) == 1:
                cost = links[0].seller.quote * links[0].norm / links[0].share
            else:
                cost = 0.0
                for link in links:
                    q = link.seller.quote * link.norm / link.share
                    cost += link.part * q ** (1.0 - eps)
                cost **= 1.0 / (1.0 - eps)
            costs.append(cost)
            total += share * math.log(cost) if sigma == 1.0 else share * cost ** (1.0 - sigma)
        unit = math.exp(total) if sigma == 1.0 else total ** (1.0 / (1.0 - sigma))
        wanted = []
        for (_, links), cost in zip(self.goods, costs, strict=True):
            between = (unit / cost) ** sigma
            if len(links) == 1:
                wanted.append(links[0].norm * between)
            else:
                for link in links:
                    q = link.seller.quote * link.norm / link.share
                    wanted.append(link.norm * between * (cost / q) ** eps)
        return unit, wanted

    def composite(self):
        """What the inputs used make together."""
        sigma, total, least = self.sigma, 0.0, math.inf
        for share, links in self.goods:
            if len(links) == 1:
                x = links[0].use / links[0].norm
            else:
                x = self._mean([(link.part, link.use / link.norm) for link in links], self.eps)
            if x <= 0.0 and sigma < 1.0:
                return 0.0
            least = min(least, x)
            if sigma == 1.0:
                total += share * math.log(x)
            elif sigma > 0.0 and x > 0.0:
                total += share * x ** (1.0 - 1.0 / sigma)
        if sigma == 0.0:
            return least
        return math.exp(total) if sigma == 1.0 else total ** (1.0 / (1.0 - 1.0 / sigma))

    @staticmethod
    def _mean(terms, s):
        rho = 1.0 - 1.0 / s
        total = sum(part * x**rho for part, x in terms if x > 0.0)
        return total ** (1.0 / rho) if total > 0.0 else 0.0

    def order(self):
        """Tell sellers what is asked."""
        for link in self.links:
            link.seller.orders += link.ask

    def receive(self):
        """Take what sellers shipped, and pay them."""
        paid = 0.0
        for link in self.links:
            seller = link.seller
            link.got = link.ask * seller.fill
            bill = link.got * seller.price
            seller.revenue += bill
            paid += bill
        return paid


class Seller:
    """Somebody with a posted price."""

    def set_price(self):
        """Begin at the base year's price."""
        self.price = self.quote = self.posted = 1.0
        self.orders = self.revenue = 0.0

    def ration(self):
        """Ship pro rata when more is ordered than there is."""
        there = self.there()
        self.fill = min(1.0, there / self.orders) if self.orders > 0.0 else 1.0
        self.sold = min(self.orders * self.fill, there)

    def post(self, orders, there):
        """Move the own price by excess orders; it binds next week."""
        excess = math.log(max(orders, 1e-100) / max(there, 1e-100))
        self.posted = self.price_known * math.exp(self.model.kappa * min(max(excess, -1.0), 1.0))
        self.price_known = self.posted

    def turn(self):
        """A week ends: quotes are a week old, the posted price binds."""
        self.last_orders, self.orders, self.revenue = self.orders, 0.0, 0.0
        self.quote, self.price = self.price, self.posted


class Endowment(mesa.Agent, Seller):
    """Labour of one skill, or land."""

    def __init__(self, model, supply, orders):
        super().__init__(model)
        self.supply, self.last_orders = supply, orders
        self.set_price()
        self.price_known = 1.0
        self.D = orders

    def there(self):
        return self.supply

    def decide(self):
        self.post(self.last_orders, self.supply)

    def settle(self):
        """All that is earned goes to owners."""
        self.model.pot += self.revenue

    def advance(self):
        self.turn()


class Plant(mesa.Agent, Buyer, Seller):
    """A firm."""

    def __init__(self, model, z, K, gamma, decay, stock, orders, output):
        super().__init__(model)
        self.z, self.K, self.gamma, self.decay = z, K, gamma, decay
        self.stock, self.last_orders, self.D = stock, orders, orders
        self.X = self.needed(output)
        self.set_price()
        self.price_known = 1.0

    def needed(self, output):
        return self.K * (output / (self.z * self.K)) ** (1.0 / self.gamma)

    def there(self):
        return self.stock

    def decide(self):
        """Choose a scale, use inputs, order more and post a price."""
        m = self.model
        self.D = (1 - m.smoothing) * self.D + m.smoothing * self.last_orders
        unit, ratio = self.choose()
        gap = m.cover * self.D - (self.stock - self.D)
        target = max(self.D + m.a * gap, 0.02 * self.D)
        fill = math.log(max(self.needed(target), TINY * self.K))
        bend = 1 - self.gamma if self.gamma < 1 else 1.0
        margin = math.log(self.gamma * self.z * self.price_known) - math.log(unit)
        profit = math.log(self.K) + margin / bend
        last = math.log(max(self.X, TINY * self.K))
        lean = (1 - m.beta) * fill + m.beta * profit
        lean = min(max(lean, last + math.log(0.7)), last + math.log(1.4))
        self.X = math.exp(lean)
        for link, r in zip(self.links, ratio, strict=True):
            wanted = r * self.X
            if isinstance(link.seller, Endowment):
                link.ask = wanted
            else:
                link.use = min(wanted, link.held)
                again = wanted + m.a * (m.cover * wanted - (link.held - link.use))
                link.ask = max(again, 0.0)
        self.post((1 + m.cover) * self.D, self.stock)

    def settle(self):
        """Receive inputs, produce, and pay out what is left."""
        self.cost = self.receive()
        for link in self.links:
            if isinstance(link.seller, Endowment):
                link.use = link.got
        X = self.composite()
        self.output = self.z * self.K * (X / self.K) ** self.gamma

    def pay_out(self):
        self.model.pot += self.revenue - self.cost

    def advance(self):
        """Stocks of next week."""
        self.stock = max(self.stock - self.sold, 0.0) * (1.0 - self.decay) + self.output
        for link in self.links:
            if not isinstance(link.seller, Endowment):
                idle = max(link.held - link.use, 0.0)
                link.held = idle * (1.0 - link.seller.decay) + link.got
        self.turn()


class Household(mesa.Agent, Buyer):
    """Spends its cash by its own tastes at the prices that it was quoted."""

    def __init__(self, model, own, cash):
        super().__init__(model)
        self.own, self.cash = own, cash

    def decide(self):
        """Ask for what the cash buys at quoted prices, cut to what it pays at binding ones."""
        unit, ratio = self.choose()
        power = max(self.cash, 0.0) / unit
        bill = 0.0
        for link, r in zip(self.links, ratio, strict=True):
            link.ask = r * power
            bill += link.ask * link.seller.price
        scale = min(1.0, max(self.cash, 0.0) / bill) if bill > 0.0 else 1.0
        if scale < 1.0:
            for link in self.links:
                link.ask *= scale

    def settle(self):
        """Pay, and use up what was held; what arrives is there next week."""
        self.spent = self.receive()
        for link in self.links:
            link.use = link.held
            link.held = link.got
        self.utility = self.composite()

    def advance(self):
        """Wages and dividends."""
        self.cash += self.model.pot * self.own - self.spent


class MarketModel(mesa.Model):
    """All of it; a step is a week."""

    def __init__(self, data, settings):
        super().__init__(seed=0)
        for name, value in settings.items():
            setattr(self, name, value)
        self.pot = 0.0
        rows = self._rows(data)
        self.sellers_ = [row for row in rows if isinstance(row, Seller)]
        self._links(data, rows)
        kinds = self.agents_by_type
        self.endowments, self.plants = kinds[Endowment], kinds[Plant]
        self.households = kinds[Household]

    def _rows(self, d):
        rows = []
        first = int(np.searchsorted(d["kind"], 2))
        for i, kind in enumerate(d["kind"].tolist()):
            if kind == 0:
                rows.append(Endowment(self, float(d["supply"][i]), float(d["orders"][i])))
            elif kind == 1:
                names = ("z", "K", "gamma", "decay", "stock", "orders", "output")
                rows.append(Plant(self, *(float(d[name][i]) for name in names)))
            else:
                h = i - first
                rows.append(Household(self, float(d["own"][h]), float(d["cash"][h])))
        return rows

    def _links(self, d, rows):
        nests = {}
        columns = (d[k].tolist() for k in ("buyer", "good", "seller", "share", "norm", "held"))
        for buyer, good, seller, share, norm, held in zip(*columns, strict=True):
            link = Link(rows[seller], share, norm, held)
            nests.setdefault(buyer, {}).setdefault(good, []).append(link)
        for buyer, goods in nests.items():
            lists = list(goods.values())
            rows[buyer].set_links(lists, float(d["sigma"][buyer]), float(d["eps"][buyer]))

    def step(self):
        """One week: decide, order, ration, receive and produce, pay out, turn to the next."""
        self.pot = 0.0
        self.agents.do("decide")
        self.plants.do("order")
        self.households.do("order")
        self.endowments.do("ration")
        self.plants.do("ration")
        self.plants.do("settle")
        self.households.do("settle")
        self.endowments.do("settle")
        self.plants.do("pay_out")
        self.sold = [s.sold for s in self.sellers_]
        self.prices = [s.price for s in self.sellers_]
        self.agents.do("advance")


def main(network, weeks, settings, out=None, shock=None):
    """Run and time the weeks; `shock` is (row of an endowment, week, factor of its supply)."""
    data = dict(np.load(network))
    model = MarketModel(data, settings)
    seconds, price, sold = [], [], []
    for week in range(weeks):
        if shock and week == shock[1]:
            model.sellers_[shock[0]].supply *= shock[2]
        began = time.perf_counter()
        model.step()
        seconds.append(time.perf_counter() - began)
        price.append(model.prices)
        sold.append(model.sold)
    if out:
        np.savez(out, price=np.array(price), sold=np.array(sold))
    agents = len(model.plants) + len(model.households)
    return {"seconds": seconds, "agents": agents, "mesa": mesa.__version__}


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
