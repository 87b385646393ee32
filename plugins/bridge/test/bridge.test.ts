import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { routingKey } from '../src/route.ts'
import { NO_REAL_BROKER, realBroker, smallBroker } from './broker/broker.ts'
import { certifyBridge } from './certify-bridge.ts'

certifyBridge({ name: 'the small broker of the tests', open: smallBroker })
certifyBridge({ name: 'a real broker', open: realBroker, waived: NO_REAL_BROKER })

test('a routing key keeps the dots of a contract, and none that a subject brings', () => {
  expect(routingKey('{tenant}.{type}.{subject}', { type: 'fr.example.x/v1', subject: 'a.b #*', tenant: 'la-rochelle' })).toBe('la-rochelle.fr.example.x.v1.a-b-')
  expect(Buffer.byteLength(routingKey('{subject}', { type: 'x', subject: 'é'.repeat(500), tenant: 't' }))).toBeLessThanOrEqual(255)
})

test('both languages say the same things, and French is well typed', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  expect(Object.values(fr).filter((text) => / [:;?!»]/.test(text) || /« /.test(text))).toEqual([])
})
