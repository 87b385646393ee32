import { certifyFiles } from './certify-files.ts'
import { s3Place, useBucket } from './s3-service.ts'

const bucket = useBucket()

certifyFiles({ name: 'S3', create: async () => s3Place(bucket.address()) })
