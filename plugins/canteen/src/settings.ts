import { Choice, Type } from '@liberacces/sdk'

/** What the administrator sets. */
export const Settings = Type.Object({
  orderAt: Type.String({ title: 'Heure d’envoi de la commande de repas', format: 'time', default: '09:30' }),
  orderDaysAhead: Type.Integer({ title: 'Nombre de jours d’avance de la commande (0 : le jour même)', minimum: 0, maximum: 7, default: 0 }),
  orderTo: Type.Optional(Type.String({ title: 'Adresse de courriel de la cuisine ou du fournisseur', format: 'email' })),
  producerName: Type.Optional(Type.String({ title: 'Qui prépare les repas (nom officiel, pour les menus publiés)', maxLength: 200 })),
  siret: Type.Optional(Type.String({ title: 'SIRET de la collectivité (14 chiffres, pour les menus publiés)', pattern: '^\\d{14}$' })),
  producerSiret: Type.Optional(Type.String({ title: 'SIRET de qui prépare les repas, s’il en a un', pattern: '^\\d{14}$' })),
  zone: Choice(['A', 'B', 'C'], { title: 'Zone de vacances scolaires', default: 'A' }),
  alsaceMoselle: Type.Boolean({ title: 'Jours fériés d’Alsace-Moselle', default: false }),
})
