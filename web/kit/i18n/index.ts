import i18next, { type Resource } from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json'
import ko from './ko.json'

/** The languages of the apps; Korean comes first. */
export const languages = ['ko', 'en'] as const
export type Language = (typeof languages)[number]

const place = 'dure.language'

/** language is the one that the person reads now. */
export function language(): Language {
  return (i18next.language as Language | undefined) ?? 'ko'
}

/** startLanguage loads the kit's words and the app's own, which lie in "app". */
export async function startLanguage(words: Record<Language, Record<string, unknown>>) {
  const kept = localStorage.getItem(place)
  const first = languages.find((l) => l === kept) ?? (navigator.language.startsWith('en') ? 'en' : 'ko')
  const resources: Resource = { ko: { kit: ko, app: words.ko }, en: { kit: en, app: words.en } }
  await i18next.use(initReactI18next).init({
    lng: first, fallbackLng: 'ko', ns: ['app', 'kit'], defaultNS: 'app', fallbackNS: 'kit', resources,
    interpolation: { escapeValue: false }, returnNull: false,
  })
  document.documentElement.lang = first
}

/** speak changes the language of every screen, and of what the server answers from now on. */
export async function speak(l: Language) {
  localStorage.setItem(place, l)
  await i18next.changeLanguage(l)
  document.documentElement.lang = l
}
