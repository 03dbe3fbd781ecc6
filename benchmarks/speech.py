"""How well and how fast recordings are heard, in how much memory, and how surely the same sound is known again.

    .venv/bin/python benchmarks/speech.py words
    .venv/bin/python benchmarks/speech.py long [--minutes 30]
    .venv/bin/python benchmarks/speech.py sound

`words` has espeak-ng (apt-get install espeak-ng) say letters of the sample and texts of benchmarks/spoken in three voices and languages,
has them heard as an ingest does, on two threads, and counts the words that are wrong, left out or added (word error rate, by rapidfuzz).
`long` says them over and over for three hours into one Opus file, and measures the peak of memory while it is heard, or only its first
minutes. `sound` looks for pieces of these recordings, encoded anew, among all of them. Each prints what stands in benchmarks/speech.md.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import av
import numpy as np
from rapidfuzz.distance import Levenshtein

from ingest.readers.recording.listen import Listener, heard
from rag import Settings
from rag.settings import PROJECT
from rag.speech.fingerprint import Sought, fingerprint
from rag.speech.recognise import Recogniser, model_of
from rag.speech.sound import RATE, opened

TEXTS = {
    "en-gb": [PROJECT / "data/sample/letters/tarn-to-the-board.txt", PROJECT / "data/sample/letters/pask-to-his-wife.txt"],
    "de": [PROJECT / "benchmarks/spoken/de.txt"],
    "es": [PROJECT / "benchmarks/spoken/es.txt"],
}
SPEED = "140"  # words a minute
HOURS = 3
PIECE = 10  # seconds
TREATED = [("Opus, 16 kbit/s", "libopus", 48_000, 16_000, 1.0), ("Opus, 6 kbit/s", "libopus", 48_000, 6_000, 1.0)]
TREATED += [("MP3, 16 kbit/s", "mp3", 22_050, 16_000, 1.0), ("MP3, 16 kbit/s, a tenth as loud", "mp3", 22_050, 16_000, 0.1)]
TREATED += [("AAC, 16 kbit/s", "aac", 44_100, 16_000, 1.0), ("AMR, 12 kbit/s", "libopencore_amrnb", 8_000, 12_200, 1.0)]
SUFFIX = {"libopus": ".opus", "mp3": ".mp3", "aac": ".m4a", "libopencore_amrnb": ".amr"}


def said(voice: str, folder: Path) -> tuple[Path, str]:
    """A voice's recording, and what it says."""
    text = "\n\n".join(file.read_text("utf-8") for file in TEXTS[voice])
    path = folder / f"{voice}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", SPEED, "-w", str(path)], input=text.encode(), check=True)
    return path, text


def words(text: str) -> list[str]:
    """Its words in small letters, without punctuation, and numbers without the mark between thousands."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)?", re.sub(r"(?<=\d)[,.](?=\d{3}\b)", "", plain))


def recogniser() -> Recogniser:
    return Recogniser(model_of(Settings()), threads=2)


def samples(path: Path) -> np.ndarray:
    with opened(path) as sound:
        return np.concatenate(list(sound.pieces()))


def written(path: Path, pieces: Iterator[np.ndarray], codec: str, rate: int, bits: int) -> Path:
    """Sound as a file of that codec."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = bits
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size or 1024)
        at = 0
        for piece in pieces:
            numbers = (np.clip(piece, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(numbers, format="s16", layout="mono")
            frame.rate, frame.pts = RATE, at
            at += numbers.size
            for part in resampler.resample(frame):
                out.mux(stream.encode(part))
        for part in resampler.resample(None):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def recognised(folder: Path) -> None:
    by = recogniser()
    by.load()
    print("| voice | words | minutes | word error rate | minutes of sound a minute | of CPU time |\n|---|---|---|---|---|---|")
    wrong = total = 0
    sounding = taken = worked = 0.0
    for voice in TEXTS:
        path, text = said(voice, folder)
        with opened(path) as sound:
            seconds = sound.about().seconds
            start, begun = time.perf_counter(), time.process_time()
            cues = list(heard(sound, Listener(by)))
            spent, work = time.perf_counter() - start, time.process_time() - begun
        meant, found = words(text), words(" ".join(cue.text for cue in cues))
        errors = Levenshtein.distance(meant, found)
        wrong, total, sounding, taken = wrong + errors, total + len(meant), sounding + seconds, taken + spent
        worked += work
        print(
            f"| {voice} | {len(meant)} | {seconds / 60:.1f} | {errors / len(meant):.3f} | {seconds / spent:.1f} | {seconds / work:.1f} |",
            flush=True,
        )
    print(f"| all | {total} | {sounding / 60:.1f} | {wrong / total:.3f} | {sounding / taken:.1f} | {sounding / worked:.1f} |")


def peak() -> float:
    """MB of memory that this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def over_and_over(path: Path) -> None:
    spoken = [samples(said(voice, path.parent)[0]) for voice in TEXTS]
    whole = np.concatenate(spoken)
    pieces = (whole for _ in range(-(-HOURS * 3600 * RATE // len(whole))))
    written(path, pieces, "libopus", 48_000, 24_000)


def long(folder: Path, minutes: float | None) -> None:
    path = folder / "long.opus"
    apart = get_context("spawn").Process(target=over_and_over, args=(path,))  # its memory does not count
    apart.start()
    apart.join()
    before = peak()
    start = time.perf_counter()
    with opened(path) as sound:
        mark = fingerprint(sound.pieces())
        print(f"{path.stat().st_size / 1e6:.1f} MB; its fingerprint: {len(mark) / 1000:.0f} KB in {time.perf_counter() - start:.0f} s")
    marked = peak()
    by = recogniser()
    by.load()
    loaded = peak()
    print(f"peak of memory: {before:.0f} MB before, {marked:.0f} MB after the fingerprint, {loaded:.0f} MB with the model", flush=True)
    start = time.perf_counter()
    last = 0.0

    class Enough(Exception):
        pass

    def tell(seconds: float, of: float) -> None:
        nonlocal last
        if seconds - last > 600:
            last = seconds
            print(f"{seconds / 60:.0f} of {of / 60:.0f} minutes, {peak():.0f} MB, {time.perf_counter() - start:.0f} s", flush=True)
        if minutes and seconds > minutes * 60:
            raise Enough

    cues = 0
    with opened(path) as sound:
        try:
            for _ in heard(sound, Listener(by, tell=tell)):
                cues += 1
        except Enough:
            pass
    print(f"{cues} cues, {time.perf_counter() - start:.0f} s, peak {peak():.0f} MB")


def sounding(folder: Path) -> None:
    recordings = {voice: samples(said(voice, folder)[0]) for voice in TEXTS}
    marks = {voice: fingerprint([sound]) for voice, sound in recordings.items()}
    print(f"| a piece of {PIECE} s as | pieces | found | at its moment | least agreement | most with another |\n|---|---|---|---|---|---|")
    for name, codec, rate, bits, loudness in TREATED:
        pieces = found = right = 0
        least, most = 1.0, 0.0
        for voice, sound in recordings.items():
            for at in range(20 * RATE + 777, len(sound) - PIECE * RATE, 15 * RATE):
                cut = sound[at : at + PIECE * RATE] * loudness
                sought = Sought(samples(written(folder / f"piece{SUFFIX[codec]}", iter([cut]), codec, rate, bits)))
                matches = {each: sought.within(mark, least=0.0) for each, mark in marks.items()}
                match = matches[voice]
                pieces += 1
                found += bool(match and match.agree >= 0.7 and max(matches.values(), key=lambda each: each.agree if each else 0) is match)
                right += bool(match and abs(match.start - at / RATE) < 0.2)
                least = min(least, match.agree if match else 0.0)
                most = max(most, *(other.agree for each, other in matches.items() if each != voice and other))
        print(f"| {name} | {pieces} | {found / pieces:.3f} | {right / pieces:.3f} | {least:.2f} | {most:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["words", "long", "sound"])
    parser.add_argument("--minutes", type=float, help="of the long recording, where it is not heard to its end")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.what == "words":
            recognised(Path(folder))
        elif chosen.what == "long":
            long(Path(folder), chosen.minutes)
        else:
            sounding(Path(folder))


if __name__ == "__main__":
    main()
