export const store = (value) => value
