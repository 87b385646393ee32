export { guardCell, readCsv, unguardCell, writeCsv, type CsvReading, type CsvRow, type CsvTable } from './csv-table.ts'
