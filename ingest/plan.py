"""What an ingest has to do: every file found, held against the catalogue, by size and times first and by content where they differ."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ingest import archives
from ingest.discover import Discovered, PassedOver, Refused
from ingest.readers import HEARD, kind
from ingest.readers.references import mark as mark_of
from ingest.readers.references import same
from ingest.report import Failure
from rag.errors import ReadError
from rag.storage.catalog import Catalog
from rag.storage.entries import File


@dataclass
class Plan:
    """Files by what is to be done with them; `renamed` pairs the file as it was with the file as it is.

    `roots` are those of the named folders from which files came, now or before; `passed_over` counts files of unknown kinds by suffix;
    `kept_out` are sources that were removed from the library before, and `let_go` the paths of such that are gone since.
    """

    added: list[File] = field(default_factory=list)
    changed: list[File] = field(default_factory=list)
    unchanged: list[File] = field(default_factory=list)
    touched: list[File] = field(default_factory=list)
    renamed: list[tuple[File, File]] = field(default_factory=list)
    removed: list[File] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    roots: list[Path] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    kept_out: list[str] = field(default_factory=list)
    let_go: list[Path] = field(default_factory=list)


def make_plan(
    found: Iterable[Discovered],
    roots: Sequence[Path],
    catalog: Catalog,
    own: Path | None = None,
    *,
    limit: int = 1 << 62,
    readers: str = "",
    keep_out: Collection[Path] = (),
) -> Plan:
    """Hold what was found against what is known. Files gone from a named folder are to be removed, unless it is empty altogether.

    What lies below `own`, the library's own folder, is not gone when a walk passes over it. Files over `limit` bytes fail unopened, as
    do those that could not be read before, while neither they nor the `readers` (a signature) have changed. Files at the paths `keep_out`
    are passed over.
    """
    plan = Plan()
    unreadable, referred = catalog.unreadable(readers), catalog.references()

    def stale(file: File) -> bool:
        """Whether something that the file shows has changed, come or gone since it was read."""
        return any(not same(_mark(file.path, target), then) for target, then in referred.get(file.version, {}).items())

    known = {file.path: file for file in catalog.files()}
    taken = {file.source for file in known.values()}
    seen: set[Path] = set()
    unlisted = [own] if own else []
    fresh: list[File] = []
    with archives.hashing() as member_hash:
        for each in found:
            if isinstance(each, PassedOver):
                plan.passed_over[PurePosixPath(each.source).suffix.lower() or "(no suffix)"] += 1
                continue
            if isinstance(each, Refused):
                plan.failed.append(Failure(each.source, each.reason, each.hint))
                if each.path:
                    unlisted.append(each.path)
                continue
            if each.path in seen:
                continue
            seen.add(each.path)
            if each.path in keep_out:
                plan.kept_out.append(each.source)
                continue
            before = known.get(each.path)
            source = before.source if before else each.source
            try:
                stat = (each.archive or each.path).stat()
                size = stat.st_size if each.bytes is None else each.bytes
                mark = (size, stat.st_mtime_ns, stat.st_ctime_ns)
                if before and before.mark == mark:
                    (plan.changed if stale(before) else plan.unchanged).append(before)
                    continue
                if size > limit and kind(each.path) not in HEARD:
                    raise ReadError(
                        f"It has {size / 1e6:,.0f} MB, and the limit is {limit / 1e6:,.0f} MB.",
                        "Split it into smaller files, or raise the setting max_file_mb.",
                    )
                if (told := unreadable.get(each.path)) and told.mark == mark:
                    raise ReadError(told.reason, told.hint)
                if each.archive:
                    digest = member_hash(each.archive, each.path.relative_to(each.archive).as_posix())
                else:
                    digest = content_hash(each.path)
            except ReadError as error:
                plan.failed.append(Failure(source, str(error), error.hint))
                continue
            except OSError as error:
                plan.failed.append(Failure(source, f"It cannot be read: {error.strerror}.", "Check its rights."))
                continue
            file = File(each.path, each.source, each.root, size, stat.st_mtime_ns, digest, ctime_ns=stat.st_ctime_ns)
            if before is None:
                fresh.append(file)
            elif before.hash == digest:
                (plan.changed if stale(before) else plan.touched).append(
                    replace(before, mtime_ns=stat.st_mtime_ns, ctime_ns=stat.st_ctime_ns)
                )
            else:
                plan.changed.append(replace(file, source=before.source, root=before.root))
    walked = [root for root in roots if any(path.is_relative_to(root) for path in seen)]
    plan.let_go = [path for path in keep_out if path not in seen and _below(path, walked) and not _below(path, unlisted)]
    unseen = {path: file for path, file in known.items() if path not in seen and not _below(path, unlisted)}
    gone = {path: file for path, file in unseen.items() if _below(path, walked)}
    contents = {file.hash for file in fresh}
    lost = [file for path, file in unseen.items() if path not in gone and file.hash in contents and _is_absent(path)]
    _match_renames(fresh, gone, lost, taken, plan)
    plan.roots = list(walked)
    for root in roots:
        if root not in walked and not _below(root, unlisted) and any(path.is_relative_to(root) for path in known):
            plan.roots.append(root)
            plan.failed.append(
                Failure(
                    str(root),
                    "The folder is empty now; what the library holds of it was kept.",
                    "Is it mounted? If this is meant, `diptych remove` takes its files out.",
                )
            )
    return plan


def content_hash(path: Path) -> str:
    """BLAKE2 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=20)).hexdigest()


def _mark(document: Path, target: str) -> str:
    path = Path(os.path.normpath(document.parent / target))
    return mark_of(archives.holder(path) or path)


def _below(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _is_absent(path: Path) -> bool:
    """Whether nothing is there, for certain: what may not be looked at may be there, and what an archive holds is for a walk to say."""
    try:
        (archives.holder(path) or path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _match_renames(fresh: list[File], gone: dict[Path, File], lost: list[File], taken: set[str], plan: Plan) -> None:
    """New files with the content of one that is gone are that one, renamed."""
    by_hash: dict[str, list[File]] = {}
    for file in (*gone.values(), *lost):
        by_hash.setdefault(file.hash, []).append(file)
    for file in fresh:
        same = by_hash.get(file.hash)
        old = same.pop() if same else None
        if old is not None:
            taken.discard(old.source)
        file = replace(file, source=_free_name(file, taken))
        taken.add(file.source)
        if old is not None:
            taken.add(old.source)  # it stands under its former name until it is committed
            plan.renamed.append((old, file))
            gone.pop(old.path, None)
        else:
            plan.added.append(file)
    plan.removed = list(gone.values())


def _free_name(file: File, taken: set[str]) -> str:
    """The file's source; where another file has it, with its folder's name in front, then more parents."""
    from ingest.discover import spell

    name = file.source
    parents = [part for part in reversed(file.root.parts) if part != os.sep]
    for parent in parents:
        if name not in taken:
            return name
        name = f"{spell(parent)}/{name}"
    while name in taken:
        name = f"~{name}"
    return name
