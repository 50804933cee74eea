/** A file as it goes along with a mutation. */
export type SentFile = { name: string; content: string }

/** The most bytes of a file that is sent along. */
export const mostBytes = 700 * 1024

/**
 * fileOf reads a file for sending; a photo that is too large is drawn smaller
 * until it fits. It answers null for what can't be made to fit.
 */
export async function fileOf(file: Blob & { name?: string }): Promise<SentFile | null> {
  const name = file.name ?? 'file'
  if (file.size <= mostBytes) return { name, content: await base64(file) }
  const photo = await smaller(file)
  return photo && { name: name.replace(/\.\w+$/, '') + '.jpg', content: await base64(photo) }
}

/** smaller draws a photo as a JPEG that may be sent along; null for what is no photo. */
export async function smaller(file: Blob): Promise<Blob | null> {
  if (!file.type.startsWith('image/')) return null
  for (const side of [2000, 1400, 1000, 700]) {
    const photo = await drawn(file, side).catch(() => null)
    if (photo && photo.size <= mostBytes) return photo
  }
  return null
}

async function drawn(file: Blob, side: number): Promise<Blob | null> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.82))
}

/** base64 writes a file's bytes as text. */
export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}
