/** Common French names; put together by chance, they name nobody. Parents first, then what children born in the last ten years are called. */
export const MOTHERS = [
  'Amandine', 'Aurélie', 'Bénédicte', 'Camille', 'Caroline', 'Céline', 'Charlotte', 'Claire', 'Clémence', 'Delphine', 'Élise', 'Élodie', 'Émilie', 'Estelle', 'Fatima', 'Gaëlle', 'Hélène',
  'Inès', 'Julie', 'Justine', 'Laëtitia', 'Laura', 'Laure', 'Lucie', 'Marion', 'Mathilde', 'Mélanie', 'Nadia', 'Noémie', 'Pauline', 'Sabrina', 'Samira', 'Sarah', 'Sophie', 'Vanessa', 'Virginie',
] as const
/** See {@link MOTHERS}. */
export const FATHERS = [
  'Adrien', 'Alexandre', 'Antoine', 'Arnaud', 'Aurélien', 'Baptiste', 'Benjamin', 'Benoît', 'Cédric', 'Clément', 'Damien', 'David', 'Fabien', 'Florian', 'Guillaume', 'Jérémy', 'Jérôme',
  'Julien', 'Karim', 'Kévin', 'Laurent', 'Loïc', 'Ludovic', 'Mathieu', 'Maxime', 'Mehdi', 'Nicolas', 'Olivier', 'Quentin', 'Rachid', 'Romain', 'Sébastien', 'Simon', 'Thomas', 'Vincent', 'Yann',
] as const
/** See {@link MOTHERS}. */
export const CHILDREN = [
  'Adam', 'Adèle', 'Agathe', 'Alba', 'Alice', 'Aliya', 'Ambre', 'Anna', 'Arthur', 'Augustin', 'Axel', 'Basile', 'Camille', 'Charlie', 'Chloé', 'Clément', 'Élio', 'Elsa', 'Éléna', 'Emma', 'Éva', 'Gabin',
  'Gabriel', 'Gaspard', 'Hugo', 'Ibrahim', 'Inaya', 'Iris', 'Isaac', 'Jade', 'Jean', 'Jeanne', 'Jules', 'Juliette', 'Kaïs', 'Léa', 'Léna', 'Léo', 'Léon', 'Léonie', 'Liam', 'Lina', 'Lola', 'Lou', 'Louis',
  'Louise', 'Lucas', 'Lucie', 'Maël', 'Malo', 'Manon', 'Marceau', 'Margaux', 'Marius', 'Mathis', 'Mila', 'Milo', 'Mohamed', 'Naël', 'Nathan', 'Nina', 'Noah', 'Noé', 'Olivia', 'Paul', 'Raphaël', 'Robin',
  'Romane', 'Romy', 'Rose', 'Sacha', 'Samuel', 'Sofia', 'Soline', 'Théo', 'Tiago', 'Tom', 'Victor', 'Victoire', 'Yanis', 'Zoé',
] as const
/** See {@link MOTHERS}. */
export const LAST_NAMES = [
  'Arnaud', 'Aubin', 'Barbier', 'Baudry', 'Benali', 'Bernard', 'Bertin', 'Bironneau', 'Boisseau', 'Bonneau', 'Bouchet', 'Boutin', 'Brunet', 'Charrier', 'Chauvet', 'Chevalier', 'Coutant', 'Da Silva',
  'Delaunay', 'Diallo', 'Dubois', 'Dupuy', 'Faure', 'Fournier', 'Gaillard', 'Gautier', 'Girard', 'Grelier', 'Guérin', 'Haddad', 'Hervé', 'Imbert', 'Jolly', 'Joubert', 'Klein', 'Lambert', 'Leclerc',
  'Lefèvre', 'Legrand', 'Lemoine', 'Martineau', 'Masson', 'Mercier', 'Michaud', 'Moreau', 'Morin', 'N’Diaye', 'Nguyen', 'Pasquier', 'Pelletier', 'Perrin', 'Petit', 'Picard', 'Poirier', 'Rambaud',
  'Renaud', 'Ribeiro', 'Rivière', 'Robin', 'Rousseau', 'Sorin', 'Texier', 'Vallée', 'Vasseur', 'Vidal', 'Vrignaud',
] as const
/** Names of streets that nearly every commune has. */
export const STREETS = [
  'rue de l’Église', 'rue du Port', 'avenue de la Gare', 'rue des Écoles', 'rue Jean-Jaurès', 'rue Pasteur', 'place de la Mairie', 'rue des Tilleuls', 'impasse des Lilas', 'chemin des Vignes',
  'rue du Moulin', 'allée des Mouettes', 'rue Victor-Hugo', 'rue du Stade', 'rue de la Fontaine', 'boulevard du Maréchal-Leclerc',
] as const
