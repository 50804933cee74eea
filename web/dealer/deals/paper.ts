import { token } from '@kit/session'

/** paperOf fetches a paper that needs the person's token; it answers an address for this page alone, or null. */
export async function paperOf(url: string): Promise<string | null> {
  const bearer = await token()
  try {
    const answer = await fetch(url, { headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} })
    return answer.ok ? URL.createObjectURL(await answer.blob()) : null
  } catch {
    return null
  }
}
