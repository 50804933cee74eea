/** The words of the bar around the IDE; the IDE itself speaks English. */
const words = {
  ko: {
    title: '질문 써 보기', home: '첫 화면', as: '누구로 볼까요?', nobody: '로그인 전', signedIn: '{name} 님의 스키마', token: '토큰으로', signOut: '로그아웃',
    open: '토큰이나 이메일로 로그인', paste: '접근 토큰', use: '이 토큰으로 보기', login: '이메일', password: '비밀번호', enter: '로그인', close: '닫기',
    or: '또는', lost: '서버에 닿지 않아요.', refused: '로그인하지 못했어요.', other: 'English', tool: 'GraphQL 편집기', pasted: '붙여 넣은 토큰의 스키마',
    hint: '사람마다 보이는 스키마가 달라요. 역할을 고르면 그 사람이 보는 것만 나와요.',
  },
  en: {
    title: 'Try the API', home: 'Front page', as: 'See it as', nobody: 'Signed out', signedIn: 'The schema of {name}', token: 'By token', signOut: 'Sign out',
    open: 'Sign in by token or email', paste: 'Access token', use: 'See it with this token', login: 'Email', password: 'Password', enter: 'Sign in', close: 'Close',
    or: 'or', lost: 'The server cannot be reached.', refused: 'Signing in failed.', other: '한국어', tool: 'GraphQL editor', pasted: 'The schema of the pasted token',
    hint: 'Each persona sees a schema of their own. Choose one, and only what they may see is there.',
  },
}

export type Language = keyof typeof words
export type Words = (typeof words)['ko']

/** wordsOf returns the words of a language. */
export const wordsOf = (l: Language): Words => words[l]

/** startLanguage is the one chosen in any of the apps, else the browser's. */
export function startLanguage(): Language {
  const kept = localStorage.getItem('dure.language')
  return kept === 'ko' || kept === 'en' ? kept : navigator.language.startsWith('en') ? 'en' : 'ko'
}
