/** Reads badges with the camera, where the browser can. */
import { text } from './texts.ts'

interface Detector { detect(image: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector

/** How long the same badge is not read again, in milliseconds. */
const AGAIN_MS = 3_000

/** Offers the camera. @param read - told of each code */
export function offerCamera(read: (code: string) => void): void {
  const button = document.getElementById('pointage-camera')
  const place = document.getElementById('pointage-image')
  const Detectors = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (button === null || place === null || Detectors === undefined || !('mediaDevices' in navigator)) return
  button.hidden = false
  let stop: (() => void) | undefined
  button.addEventListener('click', () => {
    if (stop !== undefined) {
      stop()
      return
    }
    const label = button.textContent ?? ''
    button.textContent = text('cameraStop')
    stop = watch(new Detectors({ formats: ['qr_code'] }), place, read, (failed) => {
      stop = undefined
      button.textContent = failed ? text('cameraFailed') : label
      place.replaceChildren()
      place.hidden = true
    })
  })
}

function watch(detector: Detector, place: HTMLElement, read: (code: string) => void, ended: (failed: boolean) => void): () => void {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  place.replaceChildren(video)
  place.hidden = false
  let stream: MediaStream | undefined
  let running = true
  const seen = new Map<string, number>()
  const finish = (failed: boolean): void => {
    running = false
    for (const track of stream?.getTracks() ?? []) track.stop()
    ended(failed)
  }
  const look = async (): Promise<void> => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    video.srcObject = stream
    await video.play()
    while (running) {
      for (const { rawValue } of await detector.detect(video)) {
        if (Date.now() - (seen.get(rawValue) ?? 0) > AGAIN_MS) {
          seen.set(rawValue, Date.now())
          read(rawValue)
        }
      }
      await new Promise((resolve) => { requestAnimationFrame(resolve) })
    }
  }
  look().catch((cause: unknown) => {
    reportError(cause)
    if (running) finish(true)
  })
  return () => { finish(false) }
}
