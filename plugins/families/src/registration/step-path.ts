import { nextStep, type Draft } from './draft.ts'

/** Where the next step is filled in; the whole request where nothing is missing. */
export function stepPath(id: string, draft: Draft): string {
  const base = `/inscription/${id}`
  switch (nextStep(draft)) {
    case 'household': return `${base}/foyer`
    case 'guardians': return `${base}/responsables/0`
    case 'children': return `${base}/enfants/0`
    case 'health': return `${base}/enfants/${draft.children.findIndex(({ health }) => health === undefined)}/sante`
    case 'documents': return `${base}/enfants/${draft.children.findIndex(({ documents }) => documents.length === 0)}/documents`
    case 'recap': return base
  }
}
