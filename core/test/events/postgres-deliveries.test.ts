import { certifyDeliveries } from './certify-deliveries.ts'
import { postgresNodes } from './postgres-deliveries.ts'

certifyDeliveries({ name: 'PostgreSQL', start: postgresNodes, hasSeveralNodes: true })
