"""Common French names for the synthetic register: of people, of streets, of hamlets."""

FIRST_NAMES = """
Marie Jean Pierre Michel Nathalie Isabelle Catherine Philippe Alain Sylvie Patrick Martine Christophe Françoise
Nicolas Sandrine Laurent Valérie Stéphane Monique Frédéric Céline David Aurélie Julien Sophie Thomas Julie Antoine
Camille Lucas Léa Hugo Chloé Emma Louis Jade Gabriel Manon Arthur Inès Paul Zoé Raphaël Alice Jules Lina Adam Anaïs
Maxime Élodie Guillaume Émilie Benoît Hélène Gérard Jacqueline Daniel Brigitte Mathieu Karim Fatima Ousmane Agnieszka
Jean-Pierre Marie-Christine Anne-Sophie
""".split()

LAST_NAMES = """
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand
Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefevre Faure Andre Mercier Blanc Guerin
Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clement Morin Nicolas Henry Roussel Mathieu
Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière
Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger
Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoit Rey Leclerc Payet Rolland Leclercq
Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Deschamps Huet Vasseur Perez
Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard
Maillard Baron Bertin Bailly Hervé Schneider Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Cousin Germain
Breton Besson Langlois Rémy Delattre Delacroix Delannoy Cauchois Boulanger Dhondt Nowak Benali Traoré D'Hervilly
""".split()

# Streets that a village of any size may have, the commonest first.
VILLAGE_STREETS = (
    "Grande Rue", "Rue de l'Église", "Rue du Moulin", "Rue de la Mairie", "Rue des Écoles", "Rue Principale",
    "Place de la Mairie", "Rue du Château", "Rue de Bas", "Rue d'en Haut", "Rue du Marais", "Chemin du Tour de Ville",
    "Rue de la Fontaine", "Rue du Calvaire", "Ruelle du Presbytère", "Rue Neuve", "Rue du Bois", "Rue des Tilleuls",
    "Rue du 11 Novembre", "Rue du Cimetière", "Rue de la Gare", "Impasse des Lilas", "Rue des Pommiers",
    "Chemin des Vignes", "Rue du Général Leclerc", "Rue de la République", "Rue d'Amiens", "Rue d'Abbeville",
    "Rue du Stade", "Place du 8 Mai 1945", "Rue de Verdun", "Rue de la Paix", "Rue Saint-Martin", "Rue Notre-Dame",
)

# Towns go on with these, each as a street, an avenue, a boulevard and so on.
STREET_TYPES = ("Rue", "Avenue", "Boulevard", "Allée", "Impasse", "Square", "Place")
STREET_PEOPLE = (
    "Jules Verne", "Victor Hugo", "Jean Jaurès", "Jules Ferry", "Louis Pasteur", "Émile Zola", "Léon Gambetta",
    "Jean Moulin", "Pierre et Marie Curie", "Voltaire", "Molière", "Anatole France", "Georges Clemenceau",
    "Aristide Briand", "Édouard Branly", "Alexandre Dumas", "Paul Verlaine", "Arthur Rimbaud", "Claude Debussy",
    "Maurice Ravel", "Louis Blériot", "Antoine de Saint-Exupéry", "Claude Monet", "Auguste Renoir", "Camille Claudel",
    "George Sand", "Simone Veil", "Louise Michel", "Jeanne d'Arc", "du Maréchal Foch", "du Général de Gaulle",
    "de la Résistance", "des Déportés", "de Picardie", "de l'Europe", "de la Somme", "des Hortillonnages",
    "du Beffroi", "de Beauvais", "de Rouen", "de Saint-Quentin", "d'Arras",
)

HAMLETS = ("Le Bois", "La Ferme du Mont", "Le Petit Marais", "Les Quatre Vents", "Le Moulin Brûlé", "La Sucrerie",
           "Le Hamel d'en Bas", "La Croix Blanche", "Les Terres Noires", "Le Fond de la Vallée")
