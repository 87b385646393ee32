/** The columns of the file of children, in its order, one line a child. The headings are part of the format, the same in every language. */
export const COLUMNS = {
  household: 'Foyer', lastName: 'Nom de l’enfant', firstName: 'Prénom de l’enfant', birthDay: 'Date de naissance', school: 'École', className: 'Classe',
  guardianLastName: 'Nom du responsable 1', guardianFirstName: 'Prénom du responsable 1', guardianEmail: 'Courriel du responsable 1', guardianPhone: 'Téléphone du responsable 1',
  guardianAddress: 'Adresse du responsable 1', guardianPostcode: 'Code postal du responsable 1', guardianTown: 'Commune du responsable 1',
  secondLastName: 'Nom du responsable 2', secondFirstName: 'Prénom du responsable 2', secondEmail: 'Courriel du responsable 2', secondPhone: 'Téléphone du responsable 2',
  secondAddress: 'Adresse du responsable 2', secondPostcode: 'Code postal du responsable 2', secondTown: 'Commune du responsable 2',
  address: 'Adresse', postcode: 'Code postal', town: 'Commune', resident: 'Réside dans la commune', quotient: 'Quotient familial', quotientMonth: 'Mois du quotient',
} as const
/** Names of {@link COLUMNS}. */
export type Column = keyof typeof COLUMNS

/** Without these there is no child and nobody to answer for it. */
export const NEEDED: readonly Column[] = ['household', 'lastName', 'firstName', 'birthDay', 'guardianLastName', 'guardianFirstName']
