/** The JSX of pages and tiles, so that a plugin depends on the SDK alone (`jsxImportSource: "@liberacces/sdk"`). */
export { Fragment, jsx, jsx as jsxDEV, jsxs, type JSX } from 'preact/jsx-runtime'
