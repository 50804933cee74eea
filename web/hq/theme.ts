import { store } from '@kit/store'

export type Theme = 'day' | 'night'

/** theme is how headquarters' screens look on this device: night for the wall, day for the desk. */
export const theme = store<Theme>('day')

/** startTheme puts the look that was chosen on the page before it is first drawn. */
export function startTheme() {
  const show = () => {
    document.documentElement.dataset.theme = theme.get()
    localStorage.setItem('dure.hq.theme', theme.get())
  }
  theme.watch(show)
  if (localStorage.getItem('dure.hq.theme') === 'night') theme.set('night')
}
