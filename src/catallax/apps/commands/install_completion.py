"""`catallax --install-completion`: the shell completes commands, options and their choices."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from catallax.apps.exit_codes import Reply
from catallax.apps.values import FilePath
from catallax.errors import InputError

Shell = Literal["bash", "zsh", "fish", "powershell"]


def make_installer(app: App) -> Callable[..., Reply]:
    """The command that installs completion of this command line."""

    def install(
        *,
        shell: Annotated[
            Shell | None, Parameter(help="for which; the one that runs this if left out")
        ] = None,
        output: Annotated[
            FilePath | None,
            Parameter(help="where the script goes; where the shell looks if left out"),
        ] = None,
    ) -> Reply:
        """Complete commands, options and choices with the tab key in this shell.

        A script is written into your home folder, and for bash, zsh and PowerShell
        a line into the file that the shell reads when it begins.

        $ catallax --install-completion
        $ catallax --install-completion --shell zsh
        """
        return Reply(_install(app, shell, output))

    return install


def _install(app: App, shell: Shell | None, output: Path | None) -> str:
    from cyclopts.completion.detect import ShellDetectionError, detect_shell

    try:
        known = shell or detect_shell()
        path = app.install_completion(shell=known, output=output)
    except ShellDetectionError as e:
        raise InputError(
            "--shell: this shell is not known; give bash, zsh, fish or powershell"
        ) from e
    except OSError as e:
        raise InputError(f"{output or 'completion'}: cannot be written ({e.strerror})") from e
    return f"Completion for {known}: {path}. Begin a new shell to use it."
