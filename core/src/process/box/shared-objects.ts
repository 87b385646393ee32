let known: readonly string[] | undefined

/**
 * The libraries Node itself stands on, as absolute paths, without addons of the platform. The same Node runs in the boxes, so they need the same.
 */
export function sharedObjects(): readonly string[] {
  // A report is made in a few milliseconds, and looks up no names when the network is left out.
  known ??= readReport().filter((path) => path.startsWith('/') && !path.endsWith('.node'))
  return known
}

function readReport(): readonly string[] {
  // The types of Node do not know yet that names can be left out.
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean }
  const { excludeNetwork } = report
  report.excludeNetwork = true
  try {
    const { sharedObjects: objects } = report.getReport() as { readonly sharedObjects?: readonly string[] }
    return objects ?? []
  } finally {
    report.excludeNetwork = excludeNetwork
  }
}
