/** What a Table Schema (Frictionless) says of a CSV file: as much of it as the SCDL schema of menus uses. */
import { parse } from 'csv-parse/sync'

interface Constraints { readonly required?: boolean; readonly pattern?: string; readonly enum?: readonly string[]; readonly maxLength?: number }
interface Field { readonly name: string; readonly type: string; readonly constraints?: Constraints; readonly arrayItem?: { readonly constraints?: Constraints } }
/** A schema, as far as it is looked at. */
export interface TableSchema { readonly fields: readonly Field[] }

/** Everything in which a file does not fit; empty for a valid one. */
export function misfits(schema: TableSchema, csv: string): readonly string[] {
  const [header = [], ...rows] = parse(csv) as readonly (readonly string[])[]
  const names = schema.fields.map(({ name }) => name)
  if (header.join() !== names.join()) return [`the columns are ${header.join()}`]
  return rows.flatMap((row, index) => schema.fields.flatMap((field, column) => {
    const value = row[column] ?? ''
    const fault = faultOf(field, value)
    return fault === undefined ? [] : [`line ${index + 2}, ${field.name}: ${fault} (${value})`]
  }))
}

function faultOf({ type, constraints = {}, arrayItem }: Field, value: string): string | undefined {
  if (value === '') return constraints.required === true ? 'it is missing' : undefined
  switch (type) {
    case 'date': if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value))) return 'it is no date'; break
    case 'datetime': if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value)) return 'it is no moment'; break
    case 'number': if (!/^-?\d+(\.\d+)?$/.test(value)) return 'it is no number'; break
    case 'array': {
      const list: unknown = JSON.parse(value)
      if (!Array.isArray(list)) return 'it is no list'
      const wrong = list.find((one) => !(arrayItem?.constraints?.enum ?? [one as string]).includes(one as string))
      return wrong === undefined ? undefined : `"${String(wrong)}" may not be in it`
    }
    default:
  }
  if (constraints.pattern !== undefined && !new RegExp(constraints.pattern).test(value)) return 'it does not fit the pattern'
  if (constraints.enum !== undefined && !constraints.enum.includes(value)) return 'it is none of the values'
  return constraints.maxLength !== undefined && value.length > constraints.maxLength ? 'it is too long' : undefined
}
