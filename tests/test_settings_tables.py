"""Tables of settings in the documents are what the code says."""

import pytest

from catallax.domains.production.mechanisms import REGISTRY
from catallax.protocol import Setting, settings_of
from catallax.protocol.tuned import TunedSpan
from scripts.make_settings import DOCS, PLACE, filled, table

TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}


@pytest.mark.parametrize("name", TEXTS)
def test_tables_are_what_the_code_says(name: str) -> None:
    assert filled(TEXTS[name]) == TEXTS[name], "run python scripts/make_settings.py"


def test_the_laws_every_mechanism_and_the_second_domain_have_tables() -> None:
    places = {found for text in TEXTS.values() for _, found, _ in PLACE.findall(text)}
    laws = {"tin:knowledge.", "tin:channel.rounds", "tin:channel.centre.", "tin:behaviour."}
    settable = {name for name, make in REGISTRY.items() if settings_of(make)}
    assert set(REGISTRY) - settable == {"habit"}
    assert places >= {*settable, *laws, "prices_quantities:", "prices_quantities/hybrid"}


def test_a_table_says_all_that_a_setting_says() -> None:
    span = TunedSpan(0.1, 0.9, 0.5, "", "log")
    found = table(
        {
            "share": Setting(float, 0.5, (), "part | whole", "", 0, 1, False, "Gordon 1954", span),
            "quick": Setting(bool, True, meaning="whether"),
            "weeks": Setting(int, None, unit="weeks", low=1),
        }
    )
    assert found.splitlines() == [
        "| setting | default | unit | range | meaning | source of the default | tuned over |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| `share` | 0.5 |  | 0 to 1 | part \\| whole | Gordon 1954 | 0.1 to 0.9, in logs |",
        "| `quick` | true |  | true or false | whether |  |  |",
        "| `weeks` | – | weeks | 1 or more |  |  |  |",
    ]
