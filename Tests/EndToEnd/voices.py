"""Speech as a telephone carries it, made by hand with the programs that speak; and sounds read back."""

import subprocess
import wave
from pathlib import Path

import numpy


def spoken(text: str, form: str, language: str = "fr") -> bytes:
    """The samples, 8,000 a second, in SoX's word for their form: `al` for A-law, `s16` for 16 bits."""
    return subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", "-t", form, "-r", "8000", "-c", "1", "-", "highpass", "200", "norm", "-3"],
                          input=said(text, language), capture_output=True, check=True).stdout


def said(text: str, language: str = "fr") -> bytes:
    """A WAV stream, as the program that speaks writes it."""
    return subprocess.run(["espeak-ng", "-v", language, "-s", "145", "-g", "4", "--stdin", "--stdout"], input=text.encode(), capture_output=True, check=True).stdout


def recorded(path: Path, text: str) -> Path:
    """A faint recording of two channels, in the form that the file's ending names, as a telephone or a computer writes one."""
    subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", "-r", "44100", "-c", "2", path, "vol", "0.1"], input=said(text), check=True)
    return path


def samples(file) -> bytes:
    """Of a WAV file, by its name or open: 16 bits each, 8,000 a second."""
    with wave.open(file) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 8000, 2)
        return sound.readframes(sound.getnframes())


def likeness(heard: bytes, words: str | bytes) -> float:
    """How much of the words, or of other samples, in pieces of 0.4 s, is somewhere in what was heard. Near 1 for the same words, whatever a
    busy machine delayed between two pieces; about a half where one word of a sentence is another, since all after it is too."""
    piece = 3_200
    sound, wanted = (numpy.frombuffer(each, "<i2").astype(float) for each in (heard, spoken(words, "s16") if isinstance(words, str) else words))
    size = 1 << (len(sound) + piece).bit_length()
    spectrum = numpy.fft.rfft(sound, size)
    sums = numpy.concatenate([[0], numpy.cumsum(sound * sound)])
    loudness = numpy.sqrt(sums[piece:-1] - sums[:-piece - 1])
    found = []
    for start in range(0, len(wanted) - piece, piece):
        part = wanted[start:start + piece]
        if numpy.abs(part).mean() < 300:
            continue
        match = numpy.fft.irfft(spectrum * numpy.conj(numpy.fft.rfft(part, size)), size)[:len(loudness)]
        found.append((match / numpy.maximum(loudness * numpy.linalg.norm(part), 1e5)).max() > 0.8)
    return sum(found) / len(found)
