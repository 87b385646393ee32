/** Articles of an imaginary centre communal d'action sociale. French throughout: these are data, as an agent would type them. */
import type { Sample } from './sample.ts'

export const SATELLITE_SAMPLES: readonly Sample[] = [
  {
    category: 'solidarite', months: [5, 6, 7, 8],
    imageAlt: 'Dessin : collines sous un grand soleil',
    write: ({ on }) => ({
      title: 'Canicule : inscrivez-vous au registre des personnes fragiles',
      summary: `Vous vivez seul, vous êtes âgé ou en situation de handicap ? Inscrivez-vous avant le ${on('vendredi', 18)} : nos agents vous appelleront en cas de fortes chaleurs.`,
      body: 'L’inscription est **gratuite, facultative et confidentielle**. Elle peut être demandée par la personne elle-même, par un proche, un voisin ou un médecin.\n\nEn cas d’alerte, nos équipes appellent chaque jour les personnes inscrites et se déplacent lorsqu’elles ne répondent pas.\n\n# Les bons gestes\n\n- Buvez de l’eau régulièrement, sans attendre la soif.\n- Fermez volets et fenêtres la journée, aérez la nuit.\n- Mouillez votre peau plusieurs fois par jour.\n- Donnez et prenez des nouvelles.',
    }),
  },
  {
    category: 'solidarite',
    attachment: () => ({ name: 'Pièces à fournir.pdf', lines: [
      'Demande d’aide facultative : pièces à fournir', '',
      '– pièce d’identité de chaque personne du foyer', '– dernier avis d’imposition ou de non-imposition', '– justificatifs des ressources des trois derniers mois',
      '– quittance de loyer ou échéancier de prêt', '– factures d’énergie et d’eau', '– relevé d’identité bancaire', '',
      'Votre dossier est étudié sous quinze jours. Tout ce que vous nous confiez reste confidentiel.',
    ] }),
    write: () => ({
      title: 'Factures d’énergie : des aides pour passer le cap',
      summary: 'Chèque énergie, fonds de solidarité pour le logement, aide facultative : faites le point avec une travailleuse sociale.',
      body: 'Une facture que vous ne pouvez pas payer ? N’attendez pas la coupure : prenez rendez-vous.\n\n- Le **chèque énergie** est envoyé automatiquement à la plupart des foyers concernés ; nous vérifions avec vous si vous y avez droit.\n- Le **fonds de solidarité pour le logement** peut régler une partie de la dette.\n- Une **aide facultative** peut compléter, selon vos ressources.\n\nLa liste des pièces à fournir est jointe.',
    }),
  },
  {
    category: 'solidarite',
    write: ({ on }) => ({
      title: 'Ateliers numériques : gagnez en autonomie',
      summary: `Un nouveau cycle de six ateliers gratuits commence le ${on('mardi', 9)} : messagerie, démarches en ligne, sécurité, photos.`,
      body: 'Une conseillère numérique vous accompagne, par groupes de huit, le matin de 9 h 30 à 11 h 30. Le matériel est prêté ; vous pouvez aussi venir avec votre téléphone ou votre tablette.\n\nEntre les ateliers, une permanence sans rendez-vous vous aide dans vos démarches chaque jeudi après-midi.\n\nInscription à l’accueil ou par téléphone. Priorité aux personnes qui n’ont jamais participé.',
    }),
  },
  {
    category: 'solidarite', months: [3, 4, 5, 6, 8, 9],
    imageAlt: 'Dessin : promenade imaginaire entre des collines',
    write: ({ on }) => ({
      title: `Sortie des aînés : inscriptions jusqu’au ${on('vendredi', 12)}`,
      summary: 'Une journée au bord de l’eau, déjeuner compris, ouverte aux habitants de 65 ans et plus. Participation selon les ressources.',
      body: 'Le départ en autocar accessible a lieu à 8 h 30, le retour vers 18 h. Au programme : visite commentée, déjeuner, promenade en bateau pour ceux qui le souhaitent.\n\nLa participation va de 5 à 25 euros. Venez avec votre dernier avis d’imposition.\n\nUn accompagnateur est prévu pour les personnes qui se déplacent difficilement : dites-le à l’inscription.',
    }),
  },
  {
    category: 'solidarite',
    write: () => ({
      title: 'Portage de repas à domicile : comment en bénéficier',
      summary: 'Des repas équilibrés, livrés du lundi au samedi, y compris pour quelques semaines après une hospitalisation.',
      body: 'Le service s’adresse aux personnes de plus de 60 ans, en situation de handicap, ou convalescentes. Les menus tiennent compte des régimes prescrits.\n\nL’allocation personnalisée d’autonomie peut prendre en charge une partie du prix, et la moitié du reste donne droit à un crédit d’impôt pour la livraison.\n\nLa mise en place demande deux jours ouvrés.',
    }),
  },
  {
    category: 'enfance', months: [1, 2, 3, 4],
    write: ({ on }) => ({
      title: 'Places en crèche : commission d’attribution',
      summary: `Les demandes pour la rentrée sont à déposer avant le ${on('vendredi', 16)}. Les critères d’attribution sont publics.`,
      body: 'La commission examine les dossiers sans les noms, selon des critères votés par le conseil d’administration : situation de la famille, ressources, handicap, fratrie, date de la demande.\n\nUne réponse écrite est adressée à chaque famille. En cas de refus, le relais petite enfance vous aide à trouver une assistante maternelle.',
    }),
  },
  {
    category: 'solidarite',
    write: ({ on }) => ({
      title: 'Épicerie solidaire : appel aux bénévoles',
      summary: `Deux heures par semaine ou par mois : rejoignez l’équipe. Réunion d’accueil le ${on('lundi', 7)} à 18 h.`,
      body: 'Accueil, mise en rayon, ateliers de cuisine, collectes : chacun trouve sa place. Une formation et un binôme vous accompagnent au début.\n\nL’épicerie a soutenu cent vingt foyers l’an dernier. Elle propose des produits à 20 % de leur prix, choisis par les familles elles-mêmes.',
    }),
  },
  {
    category: 'vie-municipale',
    write: ({ on }) => ({
      title: `Conseil d’administration : réunion le ${on('mardi', 6)}`,
      summary: 'Budget, aides facultatives et règlement du portage de repas sont à l’ordre du jour.',
      body: 'Le conseil d’administration réunit à parité des élus et des représentants d’associations : familles, retraités, personnes en situation de handicap, insertion.\n\nSes délibérations sont mises en ligne dans les huit jours, sauf celles qui concernent des personnes.',
    }),
  },
  {
    category: 'solidarite', months: [11, 12, 1, 2],
    imageAlt: 'Dessin : soleil pâle au-dessus de collines',
    write: ({ on }) => ({
      title: 'Grand froid : inscrivez-vous au registre des personnes fragiles',
      summary: `Vous vivez seul, vous êtes âgé ou en situation de handicap ? Inscrivez-vous avant le ${on('vendredi', 10)} : nos agents vous appelleront en cas d’alerte.`,
      body: 'L’inscription est **gratuite, facultative et confidentielle**. Elle peut être demandée par la personne elle-même, par un proche, un voisin ou un médecin.\n\nEn cas d’alerte, nos équipes appellent chaque jour les personnes inscrites et se déplacent lorsqu’elles ne répondent pas.\n\n# Les bons gestes\n\n- Chauffez sans surchauffer et n’obstruez jamais les aérations.\n- Faites vérifier votre chaudière et vos conduits.\n- Couvrez-vous bien avant de sortir.\n- Donnez et prenez des nouvelles.\n\nUne personne sans abri en difficulté ? Appelez le **115**, jour et nuit.',
    }),
  },
  {
    category: 'solidarite', months: [10, 11],
    write: ({ on }) => ({
      title: `Grippe : séance de vaccination le ${on('mercredi', 8)}`,
      summary: 'Des infirmières vous accueillent de 14 h à 17 h, sans rendez-vous, avec votre bon de prise en charge et votre carte Vitale.',
      body: 'La vaccination est recommandée à partir de 65 ans, aux femmes enceintes et aux personnes atteintes d’une maladie chronique. Elle est alors prise en charge en totalité.\n\nVous n’avez pas reçu votre bon ? Nous vous aidons à l’éditer sur place.\n\nUn transport peut être organisé pour les personnes qui se déplacent difficilement : appelez l’accueil la veille.',
    }),
  },
  {
    category: 'culture', months: [9],
    write: ({ on }) => ({
      title: 'Semaine bleue : le programme',
      summary: `Marche, cinéma, ateliers mémoire, goûter entre générations : une semaine d’activités pour les aînés à partir du ${on('lundi', 14)}.`,
      body: 'Toutes les activités sont gratuites, sur inscription à l’accueil. Un transport accessible est proposé depuis les résidences autonomie.\n\nLe programme est distribué dans les mairies, les pharmacies et les cabinets médicaux.',
    }),
  },
  {
    category: 'solidarite',
    write: ({ on }) => ({
      title: 'Aidants : une pause pour souffler',
      summary: `Vous accompagnez un parent, un conjoint, un enfant malade ou handicapé ? Prochaine rencontre le ${on('jeudi', 7)} à 14 h 30.`,
      body: 'Autour d’un café, une psychologue et des aidants partagent leur expérience : démarches, répit, organisation du quotidien.\n\nPendant la rencontre, une auxiliaire de vie peut accueillir votre proche dans la salle voisine. La participation est gratuite et sans engagement.',
    }),
  },
  {
    category: 'solidarite',
    write: () => ({
      title: 'Difficultés de logement : une permanence chaque semaine',
      summary: 'Impayés, logement trop petit ou insalubre, demande de logement social : une conseillère vous reçoit le mardi matin.',
      body: 'La conseillère fait le point sur votre situation, vos droits et les démarches possibles. Elle vous aide à remplir ou à mettre à jour votre demande de logement social.\n\nUne menace d’expulsion ? Venez dès le premier courrier : plus on agit tôt, plus les solutions sont nombreuses.',
    }),
  },
]
