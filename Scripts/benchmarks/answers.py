"""Spoken answers of people and of machines, clean and with a line's noise, judged by `tocsin bench answers`. See Scripts/bench-answers."""

import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PEOPLE = ["Allô ?", "Oui allô ?", "Allô, oui, bonjour.", "Oui ?", "Allô, c'est qui ?", "Mairie de Blangy, bonjour.",
          "Cabinet du docteur Lefèvre, bonjour.", "Allô ? Allô ? Il y a quelqu'un ?", "Ne quittez pas, je vous entends mal.", "Pharmacie du marché, bonjour, Sophie à votre écoute."]
MACHINES = ["Bonjour, vous êtes bien chez la famille Martin. Laissez-nous un message après le signal sonore.",
            "Bienvenue sur la messagerie vocale du 06 39 98 00 00. Veuillez laisser un message après le bip.",
            "Vous êtes sur le répondeur de Julie. Je ne suis pas disponible pour le moment, laissez-moi un message et je vous rappellerai. Merci.",
            "Le cabinet est fermé. Nos horaires sont du lundi au vendredi, de neuf heures à dix-huit heures. En cas d'urgence, composez le quinze.",
            "Répondeur de Paul. Parlez après le bip."]
VOICES = [("fr", "140", "45"), ("fr", "170", "50"), ("fr", "200", "60"), ("fr+f2", "160", "55"), ("fr+m3", "150", "35")]
# Noise of a line, in parts of the loudest.
NOISES = ["0", "0.002", "0.006"]
# Of our own voice, which comes back: how much of it, and how late.
ECHOES = {"": None, ", weak echo": ("0.15", "0.06"), ", echo": ("0.5", "0.24"), ", loud echo": ("1", "0.7")}
# What the caller says meanwhile, as the voice gateway says it.
MESSAGE = ("Ceci est un message de la mairie. La Bresle déborde. Montez à l'étage et attendez les secours. N'allez pas chercher vos enfants à "
           "l'école, on s'occupe d'eux. Pour confirmer, tapez 1. Pour réécouter, tapez 2.")
TONES = {"tone": [("400", "0.3"), ("1000", "0.5"), ("1400", "0.2")], "no tone": [None]}


def sample(path: Path, text: str, voice, noise: str, tone, echo, said: Path) -> None:
    name, speed, pitch = voice
    words_said = subprocess.run(["espeak-ng", "-v", name, "-s", speed, "-p", pitch, "--stdin", "--stdout"], input=text.encode(), capture_output=True, check=True).stdout
    words = path.with_suffix(".wav")
    form = ["-r", "8000", "-c", "1", "-b", "16"]
    subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", *form, words, "highpass", "200", "norm", "-9", "pad", "0.4", "0.8"], input=words_said, check=True)
    parts = [words]
    if tone:
        parts.append(path.with_suffix(".tone.wav"))
        subprocess.run(["sox", "-n", *form, parts[-1], "synth", tone[1], "sine", tone[0], "vol", "0.2"], check=True)
    rest = path.with_suffix(".rest.wav")
    subprocess.run(["sox", "-n", *form, rest, "trim", "0", "6"], check=True)
    joined = path.with_suffix(".all.wav")
    subprocess.run(["sox", *parts, rest, joined], check=True)
    seconds = subprocess.run(["soxi", "-D", joined], capture_output=True, check=True, text=True).stdout.strip()
    hiss = path.with_suffix(".hiss.wav")
    subprocess.run(["sox", "-n", *form, hiss, "synth", seconds, "pinknoise", "vol", noise], check=True)
    mixed = [joined, hiss]
    if echo:
        mixed.append(path.with_suffix(".echo.wav"))
        # Not longer than the sample; a mix is as long as its longest part.
        subprocess.run(["sox", "-t", "al", "-r", "8000", "-c", "1", said, mixed[-1], "vol", echo[0], "pad", echo[1], "trim", "0", f"={seconds}"], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["sox", "-m", *(word for part in mixed for word in ("-v", "1", part)), "-t", "al", "-r", "8000", "-c", "1", path], check=True)


def main() -> int:
    kinds = {"person": [(text, None) for text in PEOPLE]} | {
        f"machine, {word}": [(text, tone) for text in MACHINES for tone in tones] for word, tones in TONES.items()}
    print("answer\tsamples\tperson\tmachine")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said = folder / "said.al"
        speech = subprocess.run(["espeak-ng", "-v", "fr", "-s", "145", "-g", "4", "--stdin", "--stdout"], input=MESSAGE.encode(), capture_output=True, check=True).stdout
        subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", "-t", "al", "-r", "8000", "-c", "1", said, "highpass", "200", "norm", "-3"], input=speech, check=True)
        for (kind, texts), (word, echo) in itertools.product(kinds.items(), ECHOES.items()):
            paths = []
            for number, ((text, tone), voice, noise) in enumerate(itertools.product(texts, VOICES, NOISES)):
                paths.append(folder / f"{number}.al")
                sample(paths[-1], text, voice, noise, tone, echo, said)
            lines = subprocess.run([os.environ["TOCSIN_BINARY"], "bench", "answers", "--said", said, *paths],
                                   capture_output=True, text=True, check=True).stdout.splitlines()
            verdicts = [line.split("\t")[1] for line in lines]
            print(kind + word, len(verdicts), verdicts.count("person"), verdicts.count("machine"), sep="\t", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
