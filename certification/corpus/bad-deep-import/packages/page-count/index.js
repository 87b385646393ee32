export const pages = (count) => count
