import type { Gendered } from './cast.ts'

/** A service that communes have from a size on. */
export interface ServiceTemplate {
  readonly name: string
  /** Smallest population, persons. */
  readonly from: number
  readonly parent?: string
  readonly description: string
  readonly head: Gendered
  readonly agent: Gendered
  /** Whether it sees the public all day. */
  readonly front?: boolean
}

const same = (role: string): Gendered => ({ f: role, m: role })

/** Services of a town hall, in the order in which they get their first agent. */
export const TOWN_SERVICES: readonly ServiceTemplate[] = [
  { name: 'Accueil et état civil', from: 0, front: true, description: 'Actes d’état civil, élections, recensement citoyen, attestations.', head: same('Responsable de l’accueil et de l’état civil'), agent: { f: 'Agente d’état civil', m: 'Agent d’état civil' } },
  { name: 'Services techniques', from: 0, description: 'Entretien de la voirie, des bâtiments et des réseaux de la commune.', head: same('Responsable des services techniques'), agent: { f: 'Agente technique', m: 'Agent technique' } },
  { name: 'Direction générale', from: 1_000, description: 'Coordination des services, préparation du conseil municipal.', head: { f: 'Directrice générale des services', m: 'Directeur général des services' }, agent: { f: 'Assistante de direction', m: 'Assistant de direction' } },
  { name: 'Enfance et affaires scolaires', from: 500, front: true, description: 'Inscriptions scolaires, accueils périscolaires, écoles maternelles et élémentaires.', head: same('Responsable de l’enfance et des affaires scolaires'), agent: { f: 'Animatrice périscolaire', m: 'Animateur périscolaire' } },
  { name: 'Urbanisme', from: 1_500, front: true, description: 'Permis de construire, déclarations préalables, renseignements sur le plan local d’urbanisme.', head: same('Responsable de l’urbanisme'), agent: { f: 'Instructrice du droit des sols', m: 'Instructeur du droit des sols' } },
  { name: 'Finances', from: 2_000, description: 'Budget, comptabilité, facturation et régies.', head: same('Responsable des finances'), agent: same('Gestionnaire comptable') },
  { name: 'Police municipale', from: 3_000, front: true, description: 'Tranquillité publique, stationnement, objets trouvés.', head: same('Responsable de la police municipale'), agent: { f: 'Policière municipale', m: 'Policier municipal' } },
  { name: 'Culture et vie associative', from: 2_000, description: 'Saison culturelle, subventions et salles municipales.', head: same('Responsable de la culture et de la vie associative'), agent: { f: 'Chargée de projets culturels', m: 'Chargé de projets culturels' } },
  { name: 'Médiathèque', from: 3_000, front: true, parent: 'Culture et vie associative', description: 'Prêt de livres, de films et de jeux, espace numérique.', head: { f: 'Directrice de la médiathèque', m: 'Directeur de la médiathèque' }, agent: same('Bibliothécaire') },
  { name: 'Restauration scolaire', from: 3_000, parent: 'Enfance et affaires scolaires', description: 'Préparation et service des repas dans les écoles.', head: same('Responsable de la restauration scolaire'), agent: { f: 'Cuisinière', m: 'Cuisinier' } },
  { name: 'Ressources humaines', from: 5_000, parent: 'Direction générale', description: 'Recrutement, carrières et formation des agents.', head: { f: 'Directrice des ressources humaines', m: 'Directeur des ressources humaines' }, agent: same('Gestionnaire de carrières') },
  { name: 'Espaces verts', from: 4_000, parent: 'Services techniques', description: 'Parcs, jardins, arbres d’alignement et fleurissement.', head: same('Responsable des espaces verts'), agent: { f: 'Jardinière', m: 'Jardinier' } },
  { name: 'Sports', from: 5_000, description: 'Équipements sportifs, soutien aux clubs, piscine.', head: same('Responsable des sports'), agent: { f: 'Éducatrice sportive', m: 'Éducateur sportif' } },
  { name: 'Communication', from: 5_000, parent: 'Direction générale', description: 'Bulletin municipal, site internet, relations avec la presse.', head: same('Responsable de la communication'), agent: { f: 'Chargée de communication', m: 'Chargé de communication' } },
  { name: 'Petite enfance', from: 8_000, front: true, parent: 'Enfance et affaires scolaires', description: 'Crèches, relais petite enfance, accueil des familles.', head: same('Responsable de la petite enfance'), agent: { f: 'Éducatrice de jeunes enfants', m: 'Éducateur de jeunes enfants' } },
  { name: 'Voirie et mobilités', from: 10_000, parent: 'Services techniques', description: 'Travaux de voirie, circulation, pistes cyclables, éclairage public.', head: same('Responsable de la voirie et des mobilités'), agent: { f: 'Technicienne de voirie', m: 'Technicien de voirie' } },
  { name: 'Numérique', from: 10_000, parent: 'Direction générale', description: 'Informatique, téléphonie et services en ligne.', head: same('Responsable du numérique'), agent: { f: 'Technicienne informatique', m: 'Technicien informatique' } },
  { name: 'Affaires juridiques et commande publique', from: 20_000, parent: 'Direction générale', description: 'Marchés publics, assurances, contentieux.', head: same('Responsable des affaires juridiques'), agent: same('Juriste') },
  { name: 'Transition écologique', from: 20_000, description: 'Énergie, biodiversité, adaptation au changement climatique.', head: same('Responsable de la transition écologique'), agent: { f: 'Chargée de mission climat', m: 'Chargé de mission climat' } },
  { name: 'Commerce et marchés', from: 20_000, front: true, description: 'Marchés de plein air, terrasses, animation du commerce.', head: same('Responsable du commerce et des marchés'), agent: { f: 'Placière', m: 'Placier' } },
  { name: 'Archives municipales', from: 30_000, parent: 'Culture et vie associative', description: 'Collecte, conservation et communication des archives de la ville.', head: { f: 'Directrice des archives', m: 'Directeur des archives' }, agent: same('Archiviste') },
]
