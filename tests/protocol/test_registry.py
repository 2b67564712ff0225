"""Who knows the domains, and what a domain has to be."""

import os
import subprocess
import sys
from dataclasses import fields, replace

import pytest

from catallax.errors import InputError
from catallax.protocol import (
    PRODUCTION,
    Domain,
    Measure,
    Measured,
    domain_in,
    domain_named,
    domain_of,
    domains,
    experiment_named,
    hash_of,
    known_domain,
    module_of,
    read_contract,
    register_domain,
    userfile,
)
from catallax.protocol.provenance import code_digest


def test_every_domain_has_what_the_protocol_asks():
    for name, domain in domains().items():
        assert domain.name == name
        assert domain.measure(domain.judged_by).better == "higher"
        assert code_digest(domain.sources) == code_digest(tuple(reversed(domain.sources)))
        for experiment in domain.experiments.values():
            assert experiment.domain == name
            for mechanism in experiment.mechanisms:
                assert mechanism in {*domain.mechanisms, *domain.oracles}


@pytest.mark.parametrize("name", list(domains()))
def test_contracts_of_every_domain_are_written_down_and_read_back(name):
    domain = domain_named(name)
    for experiment in domain.experiments.values():
        contract = experiment.build({})
        assert domain_of(contract) is domain
        assert read_contract(contract.to_dict()).hash == contract.hash
        assert hash_of(contract.to_dict()) == contract.hash
        assert contract.calm().calm().hash == contract.calm().hash
        assert contract.with_setting("weeks", 60).setting("weeks") == 60
        with pytest.raises(InputError, match="unknown key"):
            contract.setting("nothing_of_the_kind")


def test_a_plain_form_without_a_domain_is_the_economy():
    contract = experiment_named("tin").build({"economy": "small:0"})
    assert "domain" not in contract.to_dict()
    assert read_contract(contract.to_dict()).domain == PRODUCTION


def test_a_null_is_one_of_the_mechanisms():
    with pytest.raises(InputError, match=r"unknown null 'habbit'. Did you mean 'habit'"):
        replace(domain_named(PRODUCTION), null="habbit")


def test_unknown_names_list_the_known():
    with pytest.raises(InputError, match=r"unknown domain 'produktion'. Did you mean 'production'"):
        domain_named("produktion")
    with pytest.raises(InputError, match=r"unknown experiment 'tinn'. Did you mean 'tin'"):
        experiment_named("tinn")
    assert known_domain("produktion") is None


def test_what_is_no_domain_or_contract_is_refused():
    with pytest.raises(InputError, match="int is no Domain"):
        register_domain(7)
    with pytest.raises(InputError, match="str is not a contract"):
        domain_of("us15")
    whole = {f.name: getattr(domain_named(PRODUCTION), f.name) for f in fields(Domain)}
    with pytest.raises(InputError, match="is built in; choose another name"):
        register_domain(Domain(**whole))
    with pytest.raises(InputError, match="names the domain 'production'; give it its own"):
        register_domain(Domain(**{**whole, "name": "other"}))
    with pytest.raises(InputError, match="has no measures"):
        Domain(**{**whole, "measures": {}})
    with pytest.raises(InputError, match="letters, digits and underscores"):
        Domain(**{**whole, "name": "no name"})


def test_a_measure_says_what_it_is():
    with pytest.raises(InputError, match="better is 'more', expected one of higher"):
        Measure("m", "", "more", "", "", lambda run, twin: Measured(1.0))
    with pytest.raises(InputError, match="a name is letters"):
        Measure("a b", "", "higher", "", "", lambda run, twin: Measured(1.0))


def test_a_file_is_read_once_and_again_when_its_bytes_change(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("import itertools\nCOUNT = 1\n")
    first = module_of(file)
    assert module_of(file) is first
    file.write_text("COUNT = 2\n")
    assert module_of(file).COUNT == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n", "defines no domain"),
        ("raise ValueError('no')\n", "failed when read: ValueError: no"),
        ("import sys; sys.exit(3)\n", "failed when read: SystemExit"),
        ("x = (\n", "failed when read: SyntaxError"),
    ],
)
def test_a_file_without_a_domain_says_so(tmp_path, text, says):
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(InputError, match=says):
        domain_in(file)
    with pytest.raises(InputError, match="cannot be read"):
        domain_in(tmp_path / "nothing.py")


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path, make):
    make(tmp_path / "mine.py")
    with pytest.raises(InputError, match=r"mine\.py: is a .* and no file; expected a Python file$"):
        domain_in(tmp_path / "mine.py")


def test_a_file_is_bounded_before_it_is_read(tmp_path):
    file = tmp_path / "mine.py"
    file.write_bytes(b"x = 1" + b" " * (userfile.MOST - 5))
    with pytest.raises(InputError, match="defines no domain"):
        domain_in(file)
    file.write_bytes(b"x = 1" + b" " * (userfile.MOST - 4))
    says = r"is too large: 10,000,001 bytes, at most 10,000,000 are read; keep data in files of"
    with pytest.raises(InputError, match=rf"mine\.py: {says}"):
        domain_in(file)


def test_the_digest_of_code_follows_the_code_and_not_the_machine(tmp_path, monkeypatch):
    package = tmp_path / "some_code"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_bytes(b"x = 1\r\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    windows = code_digest(("some_code",))
    code_digest.cache_clear()
    (package / "one.py").write_bytes(b"x = 1\n")
    assert code_digest(("some_code",)) == windows
    code_digest.cache_clear()
    (package / "one.py").write_bytes(b"x = 2\n")
    assert code_digest(("some_code",)) != windows
    code_digest.cache_clear()


@pytest.mark.parametrize("folder", ["pages", "records"])
def test_what_decides_no_number_is_no_part_of_it(tmp_path, monkeypatch, folder):
    package = tmp_path / folder / "more_code"  # a folder above the package is none of it
    (package / folder).mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / folder / "words.py").write_text("x = 1")
    monkeypatch.syspath_prepend(str(package.parent))
    found = []
    for change in ("", "words.py", "__init__.py"):
        if change:
            file = package / folder / change if change == "words.py" else package / change
            file.write_text("x = 2")
        code_digest.cache_clear()
        found.append(code_digest(("more_code",)))
    assert found[0] == found[1] != found[2]


def test_a_package_brings_its_domain_by_an_entry_point(monkeypatch):
    from catallax.protocol import registry

    class Point:
        name, value = "other", "other:DOMAIN"

        def __init__(self, brings):
            self.brings = brings

        def load(self):
            return self.brings

    whole = {f.name: getattr(domain_named(PRODUCTION), f.name) for f in fields(Domain)}
    experiment = replace(next(iter(whole["experiments"].values())), domain="other", name="else")
    other = Domain(**{**whole, "name": "other", "experiments": {"else": experiment}})
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    monkeypatch.setattr(registry, "entry_points", lambda group: [Point(other)])
    registry._load_installed.__wrapped__()
    assert domain_named("other") is other
    assert experiment_named("else").domain == "other"
    monkeypatch.setattr(registry, "entry_points", lambda group: [Point(7)])
    with pytest.raises(InputError, match=r"domain 'other' of other:DOMAIN.*int is no Domain"):
        registry._load_installed.__wrapped__()


def test_processes_agree_on_the_digest_of_code():
    script = (
        "from catallax.protocol import domain_named, code_digest\n"
        "print(code_digest(domain_named('production').sources))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == code_digest(domain_named(PRODUCTION).sources)
