// Reads one QR code from the camera: by the browser itself where it can, by jsQR elsewhere.

const EVERY = 120 // milliseconds between two looks

interface Detector {
  detect: (from: HTMLVideoElement) => Promise<{ rawValue: string }[]>
}
type DetectorMaker = new (options: { formats: string[] }) => Detector

/** Start looking; `seen` is called once with what was read. Returns how to stop. */
export async function lookForCode(video: HTMLVideoElement, seen: (code: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  let isRunning = true
  let timer = 0
  function stop(): void {
    isRunning = false
    clearTimeout(timer)
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  video.srcObject = stream
  video.muted = true
  await video.play()
  const read = await reader(video)
  async function look(): Promise<void> {
    const code = await read()
    if (!isRunning) return
    if (code) {
      stop()
      seen(code)
    } else timer = window.setTimeout(() => void look(), EVERY)
  }
  void look()
  return stop
}

async function reader(video: HTMLVideoElement): Promise<() => Promise<string | undefined>> {
  const Native = (window as unknown as { BarcodeDetector?: DetectorMaker }).BarcodeDetector
  if (Native) {
    const detector = new Native({ formats: ['qr_code'] })
    return async () => (await detector.detect(video))[0]?.rawValue
  }
  const { default: jsQR } = await import('jsqr')
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  return async () => {
    if (!pen || !video.videoWidth) return undefined
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    pen.drawImage(video, 0, 0)
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height)
    return jsQR(picture.data, picture.width, picture.height)?.data
  }
}

/** Why there is no picture, in words for whoever stands at the desk. */
export function cameraTrouble(problem: unknown): string {
  const name = problem instanceof DOMException ? problem.name : ''
  if (name === 'NotAllowedError') return '浏览器没有允许使用摄像头，请在地址栏左边点开权限后重试。'
  if (name === 'NotFoundError') return '这台电脑没有摄像头，请用扫码枪或手工输入。'
  if (!navigator.mediaDevices) return '只有通过 https 打开的工作台才能使用摄像头，请用扫码枪或手工输入。'
  return '摄像头打不开，可能正被其他程序占用，请关闭后重试。'
}
