"""Extensions of a server: those of its installation, and stand-ins for those that it has not."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

CONTROL = "*.control"
TRUSTED = re.compile(r"^\s*trusted\s*=", re.MULTILINE)


@dataclass(frozen=True)
class Extensions:
    """A folder of stand-ins, each with a control file and a script, as PostgreSQL finds an extension.

    `trusted` are the extensions that a role need not be a superuser to create.
    """

    stand_ins: Path
    trusted: tuple[str, ...]

    def beside(self, bindir: Path, folder: Path) -> Path:
        """Make a tree below the folder that is the installation, with the stand-ins; return its bindir.

        postgres finds all its files from where it is itself, so that it is copied, and everything else linked. An
        installation whose files lie in an order that is not known is used as it is.
        """
        program = (bindir / "postgres").resolve()
        share = _share(program.parent)
        if share is None:
            return bindir
        real = {program.parent, share / "extension"}
        real |= {parent for each in real for parent in each.parents}

        def mirror(source: Path) -> None:
            target = folder / source.relative_to("/")
            target.mkdir(parents=True, exist_ok=True)
            for each in source.iterdir():
                if each in real:
                    mirror(each)
                elif not (target / each.name).is_symlink():
                    (target / each.name).symlink_to(each)

        mirror(program.parents[1])
        mirror(share)
        self._complete(folder / (share / "extension").relative_to("/"))
        copy = folder / program.relative_to("/")
        copy.unlink()
        shutil.copy(program, copy)
        return copy.parent

    def _complete(self, extensions: Path) -> None:
        """Add what is missing to a folder of links, and let others than superusers create what they may."""
        for control in self.stand_ins.glob(CONTROL):
            if not (extensions / control.name).exists():
                for file in (control, *self.stand_ins.glob(f"{control.stem}--*.sql")):
                    shutil.copy(file, extensions)
        for name in self.trusted:
            control = extensions / f"{name}.control"
            if control.exists() and not TRUSTED.search(text := control.read_text(encoding="utf-8")):
                control.unlink()
                control.write_text(f"{text}\ntrusted = true\n", encoding="utf-8")


def names(bindir: Path) -> list[str]:
    """List the extensions of an installation, if its files lie in an order that is known."""
    share = _share((bindir / "postgres").resolve().parent)
    return [] if share is None else sorted(control.stem for control in (share / "extension").glob(CONTROL))


def _share(bindir: Path) -> Path | None:
    """Find the folder of an installation's files that are the same on every machine; Debian keeps it elsewhere."""
    prefix = bindir.parent
    debian = prefix / "../../../share/postgresql" / prefix.name
    places = [prefix / "share", prefix / "share/postgresql", debian.resolve()]
    return next((place for place in places if (place / "postgres.bki").is_file()), None)
