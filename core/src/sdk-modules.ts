/** What the code of an archive may ask for besides Node's own modules, wherever it runs. Each is read when it is asked for, or never. */
export const SDK_MODULES: Readonly<Record<string, () => Promise<object>>> = {
  '@liberacces/sdk': () => import('@liberacces/sdk'),
  '@liberacces/sdk/slots': () => import('@liberacces/sdk/slots'),
  '@liberacces/sdk/ui': () => import('@liberacces/sdk/ui'),
  '@liberacces/sdk/csv': () => import('@liberacces/sdk/csv'),
  '@liberacces/sdk/jsx-runtime': () => import('@liberacces/sdk/jsx-runtime'),
  '@liberacces/sdk/jsx-dev-runtime': () => import('@liberacces/sdk/jsx-runtime'),
}
