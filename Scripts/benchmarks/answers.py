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
TONES = {"tone": [("400", "0.3"), ("1000", "0.5"), ("1400", "0.2")], "no tone": [None]}


def sample(path: Path, text: str, voice, noise: str, tone) -> None:
    name, speed, pitch = voice
    said = subprocess.run(["espeak-ng", "-v", name, "-s", speed, "-p", pitch, "--stdin", "--stdout"], input=text.encode(), capture_output=True, check=True).stdout
    words = path.with_suffix(".wav")
    form = ["-r", "8000", "-c", "1", "-b", "16"]
    subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", *form, words, "highpass", "200", "norm", "-9", "pad", "0.4", "0.8"], input=said, check=True)
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
    subprocess.run(["sox", "-m", "-v", "1", joined, "-v", "1", hiss, "-t", "al", "-r", "8000", "-c", "1", path], check=True)


def main() -> int:
    kinds = {"person": [(text, None) for text in PEOPLE]} | {
        f"machine, {word}": [(text, tone) for text in MACHINES for tone in tones] for word, tones in TONES.items()}
    print("answer\tsamples\tperson\tmachine")
    with tempfile.TemporaryDirectory() as folder:
        for kind, texts in kinds.items():
            paths = []
            for number, ((text, tone), voice, noise) in enumerate(itertools.product(texts, VOICES, NOISES)):
                paths.append(Path(folder) / f"{kind.replace(', ', '-').replace(' ', '-')}-{number}.al")
                sample(paths[-1], text, voice, noise, tone)
            lines = subprocess.run([os.environ["TOCSIN_BINARY"], "bench", "answers", *paths], capture_output=True, text=True, check=True).stdout.splitlines()
            verdicts = [line.split("\t")[1] for line in lines]
            print(kind, len(verdicts), verdicts.count("person"), verdicts.count("machine"), sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
