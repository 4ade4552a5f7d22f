"""Another world: other départements, other names, and what people write around an address."""

import math
import random

from worlds import Query, World, communes, extract, fold, misspelt

# Names of streets as towns all over France give them, Brittany, Alsace, Corsica and overseas included.
NAMES = [name for name in """
de l'Église|de la Mairie|des Écoles|du Château|du Moulin|de la Gare|du Stade|des Lilas|des Acacias|
Jean Moulin|Jules Ferry|Victor Hugo|Pasteur|Émile Zola|Gambetta|de la République|du Général Leclerc|
du Maréchal Foch|Charles de Gaulle|des Tilleuls|du Cimetière|de la Fontaine|des Vignes|du Puits|
de la Forge|du Lavoir|Saint-Martin|Saint-Michel|Sainte-Barbe|Notre-Dame|de Kergroas|de Kerveguen|
Ar Mor|du Menhir|de Pors Carn|des Korrigans|Anatole Le Braz|Per Jakez Helias|de la Mer|des Goélands|
du Phare|de l'Océan|Surcouf|Duguay-Trouin|La Pérouse|du Vieux Port|de la Cale|des Marins|
Alphonse Daudet|Frédéric Mistral|des Oliviers|des Cigales|du Mistral|de la Garrigue|des Lavandes|
Marcel Pagnol|Paul Cézanne|Joliot-Curie|Marie Curie|Louise Michel|Simone Veil|Olympe de Gouges|
George Sand|Colette|Rosa Parks|Salvador Allende|Nelson Mandela|Martin Luther King|Pierre Mendès France|
Léon Blum|Roger Salengro|Jean Jaurès|Aristide Briand|Georges Clemenceau|Adolphe Thiers|Sadi Carnot|
Félix Faure|Raymond Poincaré|du 11 Novembre 1918|du 8 Mai 1945|du 19 Mars 1962|du 14 Juillet|
du 4 Septembre|des Frères Lumière|des Frères Montgolfier|Antoine de Saint-Exupéry|Jean Mermoz|
Hélène Boucher|Louis Blériot|Clément Ader|Roland Garros|Ampère|Volta|Galilée|Copernic|Archimède|
Isaac Newton|Blaise Pascal|René Descartes|Voltaire|Diderot|Montesquieu|Jean-Jacques Rousseau|Molière|
Racine|Corneille|Honoré de Balzac|Gustave Flaubert|Stendhal|Guy de Maupassant|Charles Baudelaire|
Arthur Rimbaud|Paul Verlaine|Guillaume Apollinaire|Jacques Prévert|Paul Éluard|Louis Aragon|Albert Camus
|Jean-Paul Sartre|Auguste Renoir|Claude Monet|Edgar Degas|Henri Matisse|Georges Braque|Auguste Rodin|
Camille Claudel|Hector Berlioz|Claude Debussy|Maurice Ravel|Georges Bizet|Frédéric Chopin|
Ludwig van Beethoven|Wolfgang Amadeus Mozart|Édith Piaf|Jacques Brel|Georges Brassens|Schuman|
Robert Schuman|Jean Monnet|Konrad Adenauer|de Strasbourg|de Bruxelles|de Berlin|des Vosges|du Ballon|
de la Houblonnière|des Cigognes|du Vignoble|Haute|Basse|Neuve|du Faubourg|des Remparts|
de la Citadelle|du Pont Neuf|du Vieux Pont|de la Poterne|de l'Abreuvoir|des Capucins|des Ursulines|
des Cordeliers|des Augustins|du Chapitre|de l'Évêché|de la Cathédrale|du Palais|de la Préfecture|
Leconte de Lisle|Roland-Garros|Raymond Barre|des Flamboyants|des Bougainvilliers|des Filaos|du Piton|
de la Ravine|des Alizés|Toussaint Louverture|Victor Schœlcher|Félix Éboué|de la Canne|Napoléon|
Pascal Paoli|Sampiero Corso|Fesch|des Sanguinaires|du Maquis|des Châtaigniers|de la Chênaie|des Hêtres
|des Bouleaux|des Érables|du Bois Joli|du Clos Fleuri|de la Prairie|du Ruisseau|de la Source|
de la Rivière|de l'Étang|du Barrage|de l'Écluse|du Canal|du Halage|des Bateliers|des Tanneurs|
des Tisserands|des Forgerons|des Mineurs|de la Fosse|du Terril|du Coron|Arthur Brunet|Célestin Leduc|
Désiré Delansorne|Benoît Frachon|Ambroise Croizat|Maurice Thorez|Paul Vaillant-Couturier|Marcel Cachin|
Gabriel Péri|Danielle Casanova|Guy Môquet|du Docteur Schweitzer|du Docteur Calmette|du Professeur Langevin
|de l'Abbé Pierre|de l'Abbé Grégoire|du Commandant Charcot|du Capitaine Guynemer|du Colonel Fabien|
du Lieutenant Bouchet|du Sergent Bobillot|Vauban|Jean Bart|Bayard|Turenne|Condé|Kléber|Desaix|
Marceau|Hoche|Murat|Lannes|Masséna|Ney
""".replace("\n", "").split("|") if name]
TYPES = ["Rue"] * 10 + ["Avenue"] * 3 + ["Chemin"] * 3 + ["Impasse"] * 3 + ["Place", "Allée", "Route"] * 2 + [
    "Boulevard", "Square", "Ruelle", "Passage", "Quai", "Sentier", "Venelle", "Cours"]
DEPARTMENTS = {"29", "35", "67", "13", "31", "59", "974", "2A", "54", "86", "971"}
COMMUNES = 900
KINDS = ["person before", "residence before", "noise after", "town cut", "town cut, postcode", "town misspelt", "phonetic", "two typos",
         "joined", "locked capitals", "département", "range", "type misspelt", "first name dropped", "wrong type",
         "no such street", "no such street, postcode", "plain", "elided", "town first", "saint", "number last", "firm after",
         "typo, no postcode", "letters"]
BEFORE = ["M. et Mme Durand", "Madame Theil", "Mr Lefebvre Jean", "Mlle Sophie Martin", "Famille Bernard"]
HOUSES = ["Résidence Les Tilleuls", "Résidence du Parc", "EHPAD Bon Accueil", "École Jules Verne", "Pharmacie centrale", "SARL Dupuis"]
AFTER = ["résidence les acacias", "appartement 12", "derrière la boulangerie", "2ème étage porte gauche", "chez Mme Petit",
         "lotissement du clos"]
# One way to write what is spoken; the first that a name has is taken, in an order of chance.
SOUNDS = [("ph", "f"), ("qu", "k"), ("ss", "s"), ("nn", "n"), ("mm", "m"), ("ll", "l"), ("tt", "t"), ("rr", "r"), ("ch", "sh"),
          ("eau", "o"), ("au", "o"), ("ai", "é"), ("è", "ai"), ("y", "i"), ("th", "t"), ("c", "k"), ("ez", "é"), ("er ", "é "),
          ("an", "en"), ("in", "ain"), ("z", "s"), ("x", "ks"), ("gu", "g"), ("ge", "je")]


def france(geodata, count, seed):
    """Nine hundred towns with streets, among all of France's: synthetic addresses, real names and places of towns."""
    dice = random.Random(seed + 1)
    towns = communes(geodata, lambda properties: properties["codes_postaux"])
    mine = [town["properties"] for town in towns if town["properties"]["departement"] in DEPARTMENTS]
    dice.shuffle(mine)
    mine = mine[:COMMUNES]
    shapes = {}
    for row in extract(geodata):
        shapes.setdefault(row["nom_voie"], []).append(row)
    shape_names = sorted(shapes)
    streets, used = {}, {}
    for town in mine:
        lon, lat = town["mairie"]
        names = used.setdefault(town["code"], set())
        for number in range(min(300, max(8, int(math.sqrt(town["population"] or 1) / 1.6)))):
            name = f"{dice.choice(TYPES)} {dice.choice(NAMES) if dice.random() < 0.85 else 'de ' + dice.choice(mine)['nom']}"
            if fold(name) in names:
                continue
            names.add(fold(name))
            shape = shapes[dice.choice(shape_names)]
            east, north = lon + dice.uniform(-0.025, 0.025), lat + dice.uniform(-0.018, 0.018)
            streets[town["code"], name] = [{
                "id": f"{town['code']}_{number:04d}_{int(row['numero']):05d}" + (f"_{row['rep']}" if row["rep"] else ""),
                "numero": row["numero"], "rep": row["rep"], "nom_voie": name, "code_postal": town["codes_postaux"][0],
                "code_insee": town["code"], "nom_commune": town["nom"],
                "lon": f"{east + float(row['lon']) - float(shape[0]['lon']):.6f}",
                "lat": f"{north + float(row['lat']) - float(shape[0]['lat']):.6f}"} for row in shape]
    rows = [row for street in streets.values() for row in street]
    world = World(f"{len(rows):,} synthetic addresses in {COMMUNES} of {len(towns):,} communes", towns, rows)
    halls = {town["code"]: town["mairie"] for town in mine}
    known = sorted(streets)
    for number in range(count):
        world.queries.append(noisy(dice.choice(streets[dice.choice(known)]), number, dice, used, halls))
    return world


def noisy(row, number, dice, used, halls):
    kind = KINDS[number % len(KINDS)]
    name, postcode, town, code = row["nom_voie"], row["code_postal"], row["nom_commune"], row["code_insee"]
    door = row["numero"] + (f" {row['rep']}" if row["rep"] else "")
    first, _, rest = name.partition(" ")
    street, place = f"{door} {name}", f"{postcode} {town}"
    text, is_door, point = f"{street} {place}", True, (float(row["lon"]), float(row["lat"]))
    words, parts = name.split(), town.replace("-", " ").split()
    if kind == "person before":
        text = dice.choice(BEFORE) + dice.choice([" ", ", ", " - "]) + text
    elif kind == "residence before":
        text = dice.choice(HOUSES) + dice.choice([" ", ", "]) + text
    elif kind == "noise after":
        text = f"{street} {dice.choice(AFTER)} {place}"
    elif kind == "town cut":
        text = f"{street} {parts[0] if len(town.split('-')[0]) > 4 else ' '.join(parts[:2])}"
    elif kind == "town cut, postcode":
        text = f"{street} {postcode} {' '.join(parts[:max(1, len(parts) - 1)])}"
    elif kind == "town misspelt":
        text = f"{street} {misspelt(town, dice)}"
    elif kind == "phonetic":
        text = f"{door} {as_spoken(first, rest, dice)} {place}"
    elif kind == "two typos":
        text = f"{door} {misspelt(misspelt(name, dice), dice)} {place}"
    elif kind == "joined":
        text = f"{door} {' '.join(words[:-2] + [words[-2] + words[-1]]) if len(words) > 2 else name} {place}"
    elif kind == "locked capitals":
        text = f"{door} {name.replace('é', '2').replace('è', '7').replace('ç', '9')} {place}"
    elif kind == "département":
        text = f"{street} {town} ({code[:3] if code.startswith('97') else code[:2]})"
    elif kind == "range":
        text, is_door = f"{row['numero']}-{int(row['numero']) + 2} {name}, {place}", not row["rep"]
    elif kind == "type misspelt":
        text = f"{door} {misspelt(first, dice) if len(first) > 4 else first} {rest} {place}"
    elif kind == "first name dropped":
        text = f"{door} {first} {words[-1] if len(words) == 3 and words[1][0].isupper() else rest} {place}"
    elif kind == "wrong type":
        text = f"{door} {'avenue' if first == 'Rue' else 'rue'} {rest} {place}"
    elif kind.startswith("no such street"):
        # Right is the town itself.
        for _ in range(50):
            other = f"{dice.choice(TYPES)} {dice.choice(NAMES)}"
            if not any(fold(other.partition(" ")[2]) in known for known in used[code]):
                break
        text = f"{row['numero']} {other} {place if 'postcode' in kind else town}"
        is_door, point = False, halls[code]
    elif kind == "plain":
        text = fold(f"{street} {town}")
    elif kind == "elided":
        text = f"{door} {name.replace(chr(39), '').replace('-', '')} {place}".lower()
    elif kind == "town first":
        text = f"{town}, {street}"
    elif kind == "saint":
        short = town.replace("Saint-", "St ").replace("Sainte-", "Ste ").replace("-sur-", " s/ ").replace("-lès-", " les ")
        text = f"{street} {postcode} {short}"
    elif kind == "number last":
        text = f"{name} {door}, {place}"
    elif kind == "firm after":
        text = f"{place} {street} {dice.choice(['SARL Dupuis', 'tabac presse', 'M. Martin'])}"
    elif kind == "typo, no postcode":
        text = f"{door} {misspelt(name, dice)} {town}"
    elif kind == "letters":
        text = f"n° {row['numero']}{(row['rep'] or '')[:1]} {name} - {postcode} - {town.upper()} - FRANCE"
    return Query(text, *point, {code}, kind, is_door=is_door)


def as_spoken(first, rest, dice):
    for letters, sound in dice.sample(SOUNDS, len(SOUNDS)):
        if letters in rest[1:]:
            at = rest.index(letters, 1)
            return f"{first} {rest[:at]}{sound}{rest[at + len(letters):]}"
    return f"{first} {rest}"
