"""Speech as a telephone carries it, made by hand with the programs that speak; and sounds read back."""

import subprocess
import wave


def spoken(text: str, form: str, language: str = "fr") -> bytes:
    """The samples, 8,000 a second, in SoX's word for their form: `al` for A-law, `s16` for 16 bits."""
    said = subprocess.run(["espeak-ng", "-v", language, "-s", "145", "-g", "4", "--stdin", "--stdout"], input=text.encode(), capture_output=True, check=True).stdout
    return subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", "-t", form, "-r", "8000", "-c", "1", "-", "highpass", "200", "norm", "-3"],
                          input=said, capture_output=True, check=True).stdout


def samples(file) -> bytes:
    """Of a WAV file, by its name or open: 16 bits each, 8,000 a second."""
    with wave.open(file) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 8000, 2)
        return sound.readframes(sound.getnframes())
