/** Articles of an imaginary centre communal d'action sociale. French throughout: these are data, as an agent would type them. */
import type { Sample } from './sample.ts'

export const SATELLITE_SAMPLES: readonly Sample[] = [
  {
    category: 'solidarite',
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
    category: 'solidarite',
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
    category: 'enfance',
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
]
