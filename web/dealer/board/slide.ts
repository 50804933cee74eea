/**
 * slide lets the children of a list that have moved since last time glide from
 * where they were, and answers where each stands now. Where people want less
 * motion they are simply there.
 */
export function slide(list: HTMLElement, before: Map<string, number>): Map<string, number> {
  const now = new Map<string, number>()
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  for (const child of list.children) {
    if (!(child instanceof HTMLElement) || !child.dataset.dealer) continue
    const top = child.offsetTop
    now.set(child.dataset.dealer, top)
    const from = before.get(child.dataset.dealer)
    if (still || from === undefined || from === top) continue
    child.animate([{ transform: `translateY(${from - top}px)` }, { transform: 'none' }], { duration: 240, easing: 'ease-out' })
  }
  return now
}
