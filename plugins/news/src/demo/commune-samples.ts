/** Articles of an imaginary town hall. French throughout: these are data, as an agent would type them. */
import type { Sample } from './sample.ts'

export const COMMUNE_SAMPLES: readonly Sample[] = [
  {
    category: 'travaux',
    imageAlt: 'Dessin : collines sous le soleil',
    attachment: ({ on }) => ({ name: 'Plan de déviation.pdf', lines: [
      'Travaux de réfection de chaussée : circulation et stationnement', '',
      `Période : du ${on('lundi', 6)} au ${on('vendredi', 16)}, de 8 h à 17 h, hors week-ends.`, '',
      'Déviation des véhicules légers : par la rue des Écoles et la rue du Marché.',
      'Déviation des poids lourds : par la route départementale.',
      'Bus scolaires : arrêt reporté devant la salle polyvalente.',
      'Piétons : cheminement maintenu côté pair pendant toute la durée du chantier.', '',
      'Accès des riverains et des secours maintenu en permanence.',
    ] }),
    write: ({ pick, on }) => {
      const street = pick(['rue de la République', 'rue du Général-de-Gaulle', 'rue de l’Église', 'rue Jean-Jaurès'])
      return {
        title: `Travaux ${street} : circulation modifiée pendant deux semaines`,
        summary: `La chaussée et les trottoirs de la ${street} sont refaits à partir du ${on('lundi', 6)}. Une déviation est mise en place ; l’accès des riverains reste possible.`,
        body: `La commune engage la réfection complète de la chaussée, dont le revêtement avait souffert des derniers hivers. Les trottoirs sont élargis et mis aux normes d’accessibilité.\n\n# Ce qui change\n\n- **Circulation** : interdite en journée, de 8 h à 17 h, hors week-ends.\n- **Stationnement** : interdit des deux côtés dès la veille au soir.\n- **Collecte des déchets** : sortez vos bacs avant 6 h au carrefour le plus proche.\n- **Commerces** : tous restent ouverts et accessibles à pied.\n\nLe plan de déviation est joint à cet article. Le chantier dépend de la météo : nous vous tiendrons informés ici de tout changement.\n\nUne question ? Les services techniques vous répondent à l’accueil de la mairie.`,
      }
    },
  },
  {
    category: 'vie-municipale',
    attachment: ({ on }) => ({ name: 'Ordre du jour.pdf', lines: [
      `Séance publique du conseil municipal – ${on('jeudi', 5)}, 19 h`, '',
      '1. Approbation du procès-verbal de la séance précédente', '2. Budget primitif : décision modificative n° 1', '3. Subventions aux associations',
      '4. Tarifs de la restauration scolaire et de l’accueil périscolaire', '5. Convention avec la communauté d’agglomération pour la voirie',
      '6. Rénovation énergétique du groupe scolaire : plan de financement', '7. Questions diverses',
    ] }),
    write: ({ on }) => ({
      title: `Conseil municipal : séance publique le ${on('jeudi', 5)}`,
      summary: `Le conseil municipal se réunit le ${on('jeudi', 5)} à 19 h en mairie. La séance est ouverte à tous ; l’ordre du jour est joint.`,
      body: `Budget, subventions aux associations, tarifs de la cantine, rénovation énergétique de l’école : les élus examineront sept délibérations.\n\nLa séance est **publique**. Elle est aussi retransmise en direct sur le site de la commune. Le procès-verbal sera affiché et mis en ligne après son approbation, à la séance suivante.\n\nVous souhaitez poser une question d’intérêt local ? Adressez-la à l’accueil de la mairie au plus tard deux jours avant la séance : elle sera lue à la fin des débats.`,
    }),
  },
  {
    category: 'economie',
    imageAlt: 'Dessin : le soleil se lève sur des collines',
    write: ({ pick, on }) => {
      const weekday = pick(['samedi', 'dimanche', 'jeudi'] as const)
      return {
        title: `Le marché du ${weekday} s’agrandit`,
        summary: `Cinq nouveaux producteurs locaux rejoignent le marché à partir du ${on(weekday, 4)} : maraîchage, fromages de chèvre, miel, pain au levain et poisson de la criée.`,
        body: `Après la consultation menée auprès des habitants, le marché accueille cinq nouveaux étals. Il se tient toujours **de 8 h à 13 h**, place de la Mairie.\n\n- un maraîcher en agriculture biologique,\n- une chèvrerie,\n- un apiculteur,\n- un boulanger au levain, cuisson au feu de bois,\n- une poissonnerie, une semaine sur deux.\n\nLe stationnement est gratuit deux heures sur le parking de la salle des fêtes. Pensez à vos sacs et à vos bocaux : la démarche « zéro déchet » se poursuit.`,
      }
    },
  },
  {
    category: 'enfance', months: [2, 3, 4, 5],
    write: ({ on }) => ({
      title: 'Rentrée scolaire : les inscriptions sont ouvertes',
      summary: `Votre enfant entre en maternelle ou vous venez d’emménager ? Inscrivez-le en mairie avant le ${on('vendredi', 28)}.`,
      body: `L’inscription concerne les enfants qui entrent en petite section, ceux qui entrent au cours préparatoire après une autre école, et les familles qui viennent d’arriver.\n\n# Pièces à fournir\n\n1. Le livret de famille ou un acte de naissance de l’enfant.\n2. Un justificatif de domicile de moins de trois mois.\n3. Un document attestant que l’enfant a reçu les vaccinations obligatoires.\n\nAprès l’inscription en mairie, prenez rendez-vous avec la direction de l’école pour l’admission. Les parents séparés qui exercent en commun l’autorité parentale signent tous deux la demande.`,
    }),
  },
  {
    category: 'culture', months: [5, 6, 7, 8],
    imageAlt: 'Dessin : soleil rond au-dessus de quatre rangées de collines',
    write: ({ pick, on }) => {
      const group = pick(['un quatuor de saxophones', 'une chorale de soixante voix', 'un trio de jazz manouche'])
      return {
        title: `Soirée musicale en plein air le ${on('samedi', 12)}`,
        summary: `La saison culturelle s’ouvre avec ${group}, à 20 h 30 dans le jardin de la mairie. Entrée libre, repli à la salle des fêtes en cas de pluie.`,
        body: `Apportez votre plaid et votre pique-nique : la saison commence dehors. La première partie est assurée par les élèves de l’école de musique.\n\n**Renseignements pratiques**\n\n- Ouverture du jardin à 19 h.\n- Buvette tenue par le comité des fêtes.\n- Boucle magnétique et places réservées pour les personnes à mobilité réduite : signalez-vous à l’accueil.\n\nEntrée libre, participation au chapeau au profit de l’école de musique.`,
      }
    },
  },
  {
    category: 'environnement', months: [2, 3, 4, 5, 9, 10],
    write: ({ on }) => ({
      title: 'Une matinée pour nettoyer nos chemins',
      summary: `Rendez-vous le ${on('samedi', 9)} à 9 h devant la salle des fêtes : gants, sacs et pinces sont fournis, un casse-croûte attend tout le monde à midi.`,
      body: `L’an dernier, quatre-vingts volontaires avaient ramassé près de 400 kilogrammes de déchets. Cette année, trois parcours sont proposés, dont un accessible aux poussettes.\n\nLes enfants sont les bienvenus, accompagnés d’un adulte. Prévoyez de bonnes chaussures et un vêtement voyant.\n\nLes déchets collectés seront triés avec l’équipe de la déchèterie, qui expliquera ce que devient chacun d’eux.`,
    }),
  },
  {
    category: 'securite', months: [10, 11, 12, 1, 2, 3], alert: true,
    write: () => ({
      title: 'Vents forts et fortes pluies : les bons réflexes',
      summary: 'Météo-France place le département en vigilance orange. Limitez vos déplacements et mettez à l’abri ce qui peut s’envoler.',
      body: 'La commune a activé sa cellule de veille. Le gymnase reste fermé et les parcs et jardins sont interdits au public jusqu’à la fin de la vigilance.\n\n# Chez vous\n\n- Rentrez ou fixez le mobilier de jardin, les bacs et les échafaudages.\n- N’intervenez pas sur une toiture ; ne touchez jamais un fil électrique tombé au sol.\n- Ne descendez pas dans un sous-sol inondé.\n\n# Sur la route\n\nNe vous engagez pas sur une chaussée inondée : trente centimètres d’eau suffisent à emporter une voiture.\n\n**Urgences** : 18 ou 112, et 114 par message pour les personnes sourdes ou malentendantes.',
    }),
  },
  {
    category: 'travaux',
    write: () => ({
      title: 'L’éclairage public passe aux LED et s’éteint la nuit',
      summary: 'Les lanternes sont remplacées quartier par quartier. L’éclairage est coupé de 23 h 30 à 5 h 30, sauf sur les axes principaux.',
      body: 'Le remplacement de l’ensemble des points lumineux divise par trois la consommation de l’éclairage public. Combinée à l’extinction au cœur de la nuit, l’opération protège aussi la biodiversité et le sommeil des habitants.\n\nLes carrefours et les abords de la gare restent éclairés toute la nuit, à intensité réduite.\n\nUn lampadaire en panne ? Relevez le numéro inscrit sur le mât et signalez-le à la mairie : l’intervention a lieu sous cinq jours ouvrés.',
    }),
  },
  {
    category: 'sport', months: [8],
    write: ({ on }) => ({
      title: 'Forum des associations : trouvez votre activité',
      summary: `Sport, culture, solidarité : les associations vous accueillent le ${on('samedi', 24)}, de 10 h à 17 h au gymnase.`,
      body: 'Démonstrations, essais gratuits et inscriptions sur place : c’est le moment de choisir votre activité de l’année.\n\nLe **Pass’Sport** et la participation de la commune peuvent être déduits de la cotisation des jeunes. Munissez-vous de votre attestation de quotient familial.\n\nRestauration sur place, parking à vélos surveillé.',
    }),
  },
  {
    category: 'vie-municipale',
    write: ({ on }) => ({
      title: 'Budget participatif : votez pour vos projets préférés',
      summary: `Douze projets d’habitants sont soumis au vote jusqu’au ${on('dimanche', 20)}. Toute personne de plus de 11 ans qui vit ici peut participer.`,
      body: 'Verger partagé, piste pour vélos, bancs à l’ombre, boîtes à livres, jeux pour les petits… Les services ont étudié la faisabilité et le coût de chaque idée.\n\nChacun dispose de trois voix, à répartir sur trois projets différents. Le vote a lieu en ligne ou sur papier, à la mairie et à la médiathèque.\n\nLes projets retenus seront réalisés dans les dix-huit mois.',
    }),
  },
  {
    category: 'vie-municipale', fromPopulation: 2_000,
    write: () => ({
      title: 'Carte d’identité et passeport : anticipez votre demande',
      summary: 'Un voyage, un examen, un permis de conduire ? Vérifiez dès maintenant la date de validité de vos titres et préparez votre demande en ligne.',
      body: 'La demande se prépare sur le site de l’Agence nationale des titres sécurisés, puis se dépose dans **n’importe quelle** mairie équipée d’un dispositif de recueil.\n\n- Apportez le numéro de votre pré-demande, une photo récente et un justificatif de domicile.\n- La présence du demandeur est obligatoire, y compris celle des enfants.\n- Le titre se retire en personne, dans les trois mois.\n\nLa carte d’identité des majeurs est valable dix ans.',
    }),
  },
  {
    category: 'environnement', fromPopulation: 5_000,
    write: ({ on }) => ({
      title: 'Les biodéchets se trient à la source',
      summary: `Des bornes de collecte des restes alimentaires sont installées dans chaque quartier à partir du ${on('lundi', 9)}. Un bioseau est remis à chaque foyer.`,
      body: 'Épluchures, restes de repas, marc de café : ils représentent près d’un tiers de la poubelle ordinaire. Collectés à part, ils deviennent du compost et du biogaz.\n\nRetirez votre bioseau à l’accueil de la mairie ou sur le marché, sur présentation d’un justificatif de domicile. Les bornes s’ouvrent avec un badge remis en même temps.\n\nVous avez un jardin ? Un composteur peut vous être fourni à tarif réduit.',
    }),
  },
  {
    category: 'solidarite',
    write: ({ on }) => ({
      title: 'Collecte de sang : rendez-vous à la salle des fêtes',
      summary: `L’Établissement français du sang vous attend le ${on('mercredi', 8)}, de 15 h à 19 h 30. Il faut 10 000 dons par jour en France.`,
      body: 'Vous avez entre 18 et 70 ans et pesez plus de 50 kilogrammes ? Vous pouvez sans doute donner. Venez avec une pièce d’identité, sans être à jeun.\n\nLe don dure une dizaine de minutes ; avec l’entretien et la collation, comptez une heure. La prise de rendez-vous évite l’attente.',
    }),
  },
  {
    category: 'culture',
    write: () => ({
      title: 'La médiathèque élargit ses horaires',
      summary: 'Ouverture le mercredi sans interruption et le premier dimanche du mois : la médiathèque s’adapte aux rythmes des familles.',
      body: '| Jour | Horaires |\n| --- | --- |\n| Mardi | 14 h – 18 h |\n| Mercredi | 10 h – 18 h |\n| Vendredi | 14 h – 19 h |\n| Samedi | 10 h – 17 h |\n| Premier dimanche du mois | 14 h – 17 h |\n\nL’inscription est **gratuite** pour tous. Elle donne aussi accès à la presse en ligne et aux films du réseau départemental.',
    }),
  },
  {
    category: 'enfance',
    write: ({ on }) => ({
      title: 'Centre de loisirs : inscriptions pour les prochaines vacances',
      summary: `Les familles peuvent réserver à la journée ou à la demi-journée, en mairie, jusqu’au ${on('vendredi', 10)}.`,
      body: 'Le centre de loisirs accueille les enfants de 3 à 12 ans, de 7 h 30 à 18 h 30. Le programme des activités et des sorties est affiché à l’école et à la mairie.\n\nLe tarif dépend du quotient familial ; il comprend le repas et le goûter. Apportez l’attestation de la caisse d’allocations familiales et la fiche sanitaire de l’enfant.\n\nUne réservation peut être annulée sans frais jusqu’à sept jours avant.',
    }),
  },
  {
    category: 'culture', months: [10, 11, 12, 1, 2, 3, 4],
    imageAlt: 'Dessin : soleil bas derrière des rangées de collines',
    write: ({ pick, on }) => {
      const group = pick(['un quatuor de saxophones', 'une chorale de soixante voix', 'un trio de jazz manouche'])
      return {
        title: `Concert à la salle des fêtes le ${on('samedi', 12)}`,
        summary: `La saison culturelle se poursuit avec ${group}, à 20 h 30. Entrée libre dans la limite des places disponibles.`,
        body: 'La première partie est assurée par les élèves de l’école de musique.\n\n**Renseignements pratiques**\n\n- Ouverture des portes à 20 h.\n- Buvette tenue par le comité des fêtes.\n- Boucle magnétique et places réservées pour les personnes à mobilité réduite : signalez-vous à l’accueil.\n\nEntrée libre, participation au chapeau au profit de l’école de musique.',
      }
    },
  },
  {
    category: 'economie', months: [11],
    imageAlt: 'Dessin : soleil pâle au-dessus de collines',
    write: ({ on }) => ({
      title: `Marché de Noël le ${on('samedi', 18)}`,
      summary: 'Artisans, producteurs et associations vous attendent de 10 h à 20 h, place de la Mairie. Lancement des illuminations à 18 h.',
      body: 'Une trentaine d’exposants proposent des idées de cadeaux fabriqués ici et de quoi garnir la table des fêtes.\n\n- **15 h** : contes pour les enfants à la médiathèque.\n- **17 h** : chorale des écoles.\n- **18 h** : lancement des illuminations, toutes équipées de LED.\n\nLa place est fermée à la circulation à partir de 8 h. Le stationnement reste gratuit autour de la salle des fêtes.',
    }),
  },
  {
    category: 'solidarite', months: [10, 11],
    write: ({ on }) => ({
      title: 'Colis de Noël des aînés : pensez à vous inscrire',
      summary: `Vous avez 70 ans ou plus ? Inscrivez-vous en mairie avant le ${on('vendredi', 10)} pour recevoir le colis ou participer au repas.`,
      body: 'Chaque année, la commune offre aux aînés un colis composé de produits locaux, ou un repas dansant en janvier : c’est l’un ou l’autre, au choix.\n\nL’inscription se fait à l’accueil de la mairie ou par téléphone. Une pièce d’identité et un justificatif de domicile sont demandés la première fois.\n\nLes colis sont portés à domicile par les élus et les jeunes du conseil municipal des enfants.',
    }),
  },
  {
    category: 'environnement', months: [10, 11],
    write: () => ({
      title: 'Feuilles mortes et tailles de haies : que faire de ses végétaux ?',
      summary: 'Brûler ses déchets verts à l’air libre est interdit. La déchèterie les accepte toute l’année et passe à ses horaires d’hiver.',
      body: 'Les feuilles font un excellent paillage : au pied des haies et des massifs, elles protègent le sol du froid et nourrissent la terre.\n\n| Jour | Horaires d’hiver de la déchèterie |\n| --- | --- |\n| Du lundi au vendredi | 9 h – 12 h et 14 h – 17 h |\n| Samedi | 9 h – 17 h |\n| Dimanche | fermée |\n\nUn broyeur peut être prêté aux habitants : réservez-le auprès des services techniques.',
    }),
  },
  {
    category: 'solidarite', months: [12, 1, 2],
    write: () => ({
      title: 'Grand froid : veillons les uns sur les autres',
      summary: 'La commune tient un registre des personnes isolées, appelées chaque jour en cas d’alerte. L’inscription est gratuite et confidentielle.',
      body: 'Une personne âgée, malade ou en situation de handicap vit seule près de chez vous ? Proposez-lui de s’inscrire, ou faites-le avec son accord.\n\n- Chauffez sans surchauffer et n’obstruez jamais les aérations.\n- Faites vérifier votre chaudière et vos conduits : le monoxyde de carbone ne se voit pas et ne se sent pas.\n- Couvrez bien les enfants et limitez les sorties.\n\nUne personne sans abri en difficulté ? Appelez le **115**, jour et nuit.',
    }),
  },
  {
    category: 'environnement', months: [1],
    write: ({ on }) => ({
      title: 'Déposez votre sapin, il deviendra du paillage',
      summary: `Trois points de collecte vous attendent jusqu’au ${on('dimanche', 7)} : place de la Mairie, salle des fêtes et école.`,
      body: 'Les sapins doivent être naturels, sans pied, ni décoration, ni neige artificielle. Broyés par le service des espaces verts, ils paillent les massifs de la commune.\n\nL’an dernier, la collecte a évité quatre tonnes de déchets. Aucun sapin n’est ramassé avec les ordures ménagères.',
    }),
  },
  {
    category: 'environnement', months: [4, 5, 6, 7, 8, 9],
    write: () => ({
      title: 'Frelon asiatique : signalez les nids',
      summary: 'Vous avez repéré un nid ? N’y touchez pas et prévenez la mairie : une entreprise spécialisée intervient, et la commune prend la moitié du prix à sa charge.',
      body: 'Au printemps, les nids ont la taille d’une orange et se cachent sous les toits, dans les haies ou les abris de jardin. L’été, ils gagnent la cime des arbres.\n\n# Que faire ?\n\n1. Tenez-vous à distance, ainsi que les enfants et les animaux.\n2. Appelez la mairie, qui vérifie l’espèce.\n3. L’entreprise vous propose un rendez-vous sous huit jours.\n\nEn cas de piqûres multiples ou de malaise, appelez le **15** ou le **112**.',
    }),
  },
  {
    category: 'environnement', months: [6, 7, 8],
    write: () => ({
      title: 'Sécheresse : les usages de l’eau sont limités',
      summary: 'Un arrêté préfectoral place le bassin en alerte. L’arrosage et le lavage des véhicules sont réglementés jusqu’à nouvel ordre.',
      body: '| Usage | Règle |\n| --- | --- |\n| Arrosage des pelouses | interdit |\n| Arrosage des potagers | de 20 h à 8 h |\n| Remplissage des piscines | interdit, sauf premier remplissage |\n| Lavage des véhicules | en station équipée seulement |\n\nLa commune donne l’exemple : les massifs sont paillés, les fontaines fonctionnent en circuit fermé et les terrains de sport ne sont plus arrosés en journée.',
    }),
  },
  {
    category: 'securite', alert: true, months: [6, 7, 8],
    write: () => ({
      title: 'Canicule : les bons réflexes',
      summary: 'Météo-France place le département en vigilance orange. Buvez souvent, restez au frais et prenez des nouvelles de vos proches.',
      body: 'La médiathèque et la salle des fêtes, climatisées, sont ouvertes à tous de 10 h à 19 h. Les parcs restent ouverts jusqu’à 22 h.\n\n- Fermez volets et fenêtres la journée, aérez la nuit.\n- Mouillez votre peau plusieurs fois par jour.\n- Évitez les efforts aux heures chaudes.\n- Ne laissez jamais un enfant dans une voiture.\n\n**Urgences** : 15 ou 112, et 114 par message pour les personnes sourdes ou malentendantes.',
    }),
  },
]
