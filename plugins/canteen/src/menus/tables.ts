/** Tables of the area menus. */
export type MenuTables = Readonly<Record<never, never>>
