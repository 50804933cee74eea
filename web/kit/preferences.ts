import { store } from './store'

/** senior is large type and larger touch targets, as the person chose on this device. */
export const senior = store(false)

/** startPreferences puts the person's choices on the page before it is first drawn. */
export function startPreferences() {
  senior.watch(() => {
    document.documentElement.toggleAttribute('data-senior', senior.get())
    localStorage.setItem('dure.senior', senior.get() ? 'yes' : 'no')
  })
  if (localStorage.getItem('dure.senior') === 'yes') senior.set(true)
}

/** readAloud speaks a text in the language of the page; it answers whether the device can. */
export function readAloud(text: string): boolean {
  if (!('speechSynthesis' in window)) return false
  speechSynthesis.cancel()
  const u = new SpeechSynthesisUtterance(text)
  u.lang = document.documentElement.lang === 'en' ? 'en-GB' : 'ko-KR'
  u.rate = 0.95
  speechSynthesis.speak(u)
  return true
}
