"""`catallax --install-completion` in a home folder of its own."""

import shutil
import subprocess

import pytest

from catallax.apps.cli import COMMANDS

WHERE = {
    "bash": ".local/share/bash-completion/completions/catallax",
    "zsh": ".zsh/completions/_cyclopts_catallax",
    "fish": ".config/fish/completions/catallax.fish",
}


@pytest.fixture
def home(folder, monkeypatch):
    """An empty home folder, and no shell that is known."""
    for name in ("SHELL", "ZSH", "ZSH_CUSTOM", "BASH_VERSION", "ZSH_VERSION", "FISH_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.mark.parametrize("shell", WHERE)
def test_it_installs_a_script_that_knows_every_command_and_setting(shell, call, home):
    said = call("--install-completion", "--shell", shell)
    assert (said.code, said.err) == (0, "")
    script = home / WHERE[shell]
    assert said.out == f"Completion for {shell}: {script}. Begin a new shell to use it.\n"
    text = script.read_text()
    for name in (*COMMANDS, "knowledge.tacit", "executor", "install-completion", "clients"):
        assert name in text, name


def test_bash_completes_commands_options_and_choices(call, home):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    script = home / "script"
    assert call("--install-completion", "--shell", "bash", "--output", "script").code == 0
    for words, completed in (
        ("catallax fron", "frontier"),
        ("catallax run tin --knowledge.tac", "--knowledge.tacit"),
        ("catallax sweep map.toml --executor d", "dask"),
    ):
        ask = (
            f"source {script}; COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}; "
            f"_catallax; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
        done = subprocess.run([bash, "-c", ask], capture_output=True, text=True, check=True)
        assert completed in done.stdout.split(), (words, done.stderr)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--shell", "tcsh"), "--shell: unknown shell 'tcsh'"),
        (("--shell", "bash", "--output", "/dev/null/x"), "/dev/null/x: cannot be written"),
        (("--shell", "bash", "more"), "'more' is not expected"),
    ],
)
def test_what_cannot_be_installed_is_told_in_one_line(words, says, call, home):
    said = call("--install-completion", *words)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert len(said.err.splitlines()) == 1
    assert list(home.iterdir()) == []


def test_a_shell_that_is_not_known_is_asked_for(call, home, monkeypatch):
    from cyclopts.completion import detect

    def nothing():
        raise detect.ShellDetectionError

    monkeypatch.setattr(detect, "detect_shell", nothing)
    assert "give bash, zsh, fish or powershell" in call("--install-completion").err
