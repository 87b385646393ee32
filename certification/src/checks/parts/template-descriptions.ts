import type { Bilingual } from '../../harness/check.ts'

/** What each template says of itself; a test holds it true. A plugin that is called otherwise and says the same does not say what it does. */
export const TEMPLATE_DESCRIPTIONS: readonly { readonly template: string; readonly title: Bilingual; readonly description: Bilingual }[] = [
  {
    template: 'basic', title: { fr: 'Objets trouvés', en: 'Lost property' },
    description: { fr: 'Enregistrer les objets trouvés, les montrer au public et les rendre à leur propriétaire.', en: 'Record what was found, show it to the public and give it back to its owner.' },
  },
  {
    template: 'connector', title: { fr: 'Signaler un problème de voirie', en: 'Report a road problem' },
    description: { fr: 'Recevoir les signalements des habitants et les transmettre à l’application des services techniques.', en: 'Take reports of inhabitants and hand them to the application of the technical services.' },
  },
  {
    template: 'protocol', title: { fr: 'Agenda public', en: 'Public agenda' },
    description: { fr: 'Publier les dates de la collectivité, sur le Guichet et dans l’agenda de chacun.', en: 'Publish the dates of the authority, on the Guichet and in everyone’s calendar.' },
  },
  {
    template: 'teleservice', title: { fr: 'Autorisation de voirie', en: 'Street permit' },
    description: { fr: 'Demander à occuper la voie publique, instruire les demandes et y répondre.', en: 'Ask to use the public road, examine requests and answer them.' },
  },
]
