/** Common French names; put together by chance, they name nobody. */
export const WOMEN = [
  'Agathe', 'Aïcha', 'Alice', 'Amandine', 'Anaïs', 'Anne', 'Audrey', 'Aurélie', 'Béatrice', 'Bénédicte', 'Camille', 'Caroline', 'Catherine', 'Cécile', 'Céline',
  'Chantal', 'Charlotte', 'Chloé', 'Christine', 'Claire', 'Clémence', 'Corinne', 'Delphine', 'Élise', 'Élodie', 'Émilie', 'Estelle', 'Fatima', 'Florence', 'Françoise',
  'Gaëlle', 'Hélène', 'Inès', 'Isabelle', 'Jeanne', 'Julie', 'Karine', 'Laëtitia', 'Laure', 'Léa', 'Louise', 'Lucie', 'Manon', 'Margaux', 'Marie-Noëlle', 'Marion',
  'Martine', 'Mathilde', 'Mélanie', 'Nadia', 'Nathalie', 'Noémie', 'Océane', 'Pauline', 'Sabrina', 'Samira', 'Sandrine', 'Sophie', 'Sylvie', 'Valérie', 'Véronique', 'Zoé',
] as const

/** See {@link WOMEN}. */
export const MEN = [
  'Adrien', 'Alain', 'Alexandre', 'Antoine', 'Arnaud', 'Baptiste', 'Benoît', 'Bernard', 'Bruno', 'Cédric', 'Christian', 'Christophe', 'Clément', 'Damien', 'Daniel',
  'David', 'Denis', 'Didier', 'Dominique', 'Éric', 'Étienne', 'Fabrice', 'Florian', 'Franck', 'François', 'Frédéric', 'Gérard', 'Gilles', 'Grégory', 'Guillaume',
  'Hugo', 'Jacques', 'Jean-Luc', 'Jean-Marc', 'Jérôme', 'Joël', 'Julien', 'Karim', 'Kévin', 'Laurent', 'Loïc', 'Lucas', 'Marc', 'Mathieu', 'Maxime', 'Mehdi', 'Michel',
  'Nicolas', 'Olivier', 'Pascal', 'Patrick', 'Philippe', 'Pierre', 'Quentin', 'Raphaël', 'Romain', 'Sébastien', 'Stéphane', 'Thomas', 'Vincent', 'Xavier', 'Yann',
] as const

/** See {@link WOMEN}. */
export const LAST_NAMES = [
  'Aubert', 'Baron', 'Barbier', 'Beaumont', 'Benali', 'Bertin', 'Besson', 'Blanchard', 'Bonneau', 'Boucher', 'Bouvier', 'Bourdin', 'Brunet', 'Carpentier', 'Caron',
  'Chauvet', 'Chevalier', 'Collet', 'Cordier', 'Courtois', 'Cousin', 'Da Silva', 'Delage', 'Delattre', 'Descamps', 'Diallo', 'Drouet', 'Dumas', 'Dupuis', 'Fabre',
  'Ferrand', 'Fournier', 'Gaillard', 'Garnier', 'Gauthier', 'Gautier', 'Germain', 'Girault', 'Godard', 'Grondin', 'Guérin', 'Guichard', 'Haddad', 'Hamon', 'Hervé',
  'Huet', 'Imbert', 'Jacquet', 'Joubert', 'Julien', 'Klein', 'Lacroix', 'Lafon', 'Lambert', 'Langlois', 'Laporte', 'Le Goff', 'Lebrun', 'Leclerc', 'Lefort', 'Lemoine',
  'Lévêque', 'Maillard', 'Marchal', 'Marchand', 'Masson', 'Mercier', 'Meunier', 'Millet', 'Monnier', 'Moulin', 'N’Diaye', 'Navarro', 'Nguyen', 'Noël', 'Normand',
  'Paris', 'Pasquier', 'Pelletier', 'Perrin', 'Perrot', 'Picard', 'Poirier', 'Poulain', 'Prévost', 'Regnier', 'Renard', 'Ribeiro', 'Rivière', 'Rolland', 'Roussel',
  'Roux', 'Royer', 'Salmon', 'Santos', 'Schmitt', 'Simonet', 'Tessier', 'Texier', 'Thibault', 'Tournier', 'Vallée', 'Vasseur', 'Verdier', 'Vidal', 'Voisin',
] as const
