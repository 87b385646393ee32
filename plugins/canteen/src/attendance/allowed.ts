/** What somebody may see; `undefined` where a service says that they may not. */
export async function allowed<Found>(ask: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await ask()
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'PERMISSION_DENIED') return undefined
    throw error
  }
}
