/** The plugin's tables. Truth values are 0 and 1, days `YYYY-MM-DD`, instants ISO 8601 in UTC. */
export interface Tables {
  service: {
    id: string
    name: string
    parent_id: string | null
    description: string
    opening_hours: string
    address: string
    email: string | null
    phone: string | null
    sort_key: string
    search_text: string
  }
  person: {
    id: string
    kind: string
    first_name: string
    last_name: string
    role: string
    service_id: string | null
    email: string | null
    email_public: number
    phone: string | null
    phone_public: number
    internal_phone: string | null
    room: string | null
    account_id: string | null
    listed: number
    sort_key: string
    search_text: string
    updated_at: string
  }
  mandate: {
    id: string
    person_id: string
    office: string
    title: string
    rank: number | null
    starts_on: string
    /** Last day in office, included. */
    last_day: string | null
    /** Whether the end was announced by an event, or never has to be. */
    announced: number
    search_text: string
  }
  association: {
    id: string
    name: string
    rna: string | null
    purpose: string
    website: string | null
    contact_name: string
    contact_email: string | null
    contact_phone: string | null
    contact_public: number
    sort_key: string
    search_text: string
    updated_at: string
  }
  import_report: {
    id: string
    made_at: string
    created: number
    updated: number
    /** JSON array of `ImportProblem`. */
    problems: string
  }
}
