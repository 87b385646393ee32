declare module '@socialgouv/jours-feries' {
  /** Public holidays of a year by name, as midnights of the machine's time zone. */
  export default function getJoursFeries(year: number, options: { readonly alsace: boolean }): Readonly<Record<string, Date>>
}
