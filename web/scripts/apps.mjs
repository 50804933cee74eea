// The apps of the workspace: where each is served and whose schema it speaks.
export const apps = [
  { name: 'dealer', base: '/dealer/', persona: 'dealer', firstViewBudget: 200_000 },
  { name: 'rep', base: '/rep/', persona: 'rep', firstViewBudget: 200_000 },
  { name: 'hq', base: '/hq/', persona: 'hq', firstViewBudget: 240_000 },
  { name: 'link', base: '/c/', persona: 'customer', firstViewBudget: 160_000 },
]
