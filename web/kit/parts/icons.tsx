import type { ReactNode } from 'react'

/** The icons, drawn on a grid of 24 by hand; all in the colour of the text around them. */
const shapes = {
  home: <path d="M4 11.5 12 4l8 7.5M6.5 10v9.5h11V10M10 19.5v-5h4v5" />,
  people: <path d="M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11Zm-6 8.5c0-3.4 2.6-5.6 6-5.6s6 2.2 6 5.6M16 10.8a2.8 2.8 0 1 0-1-5.4M17.3 14.2c2.3.5 3.7 2.4 3.7 5" />,
  deal: <path d="M6 3.5h8.5L19 8v12.5H6Zm8 0V8.5h5M9 12.5h7M9 16h5" />,
  trophy: <path d="M8 4h8v5.5a4 4 0 0 1-8 0ZM8 5.5H4.5c0 3 1.2 4.8 3.7 5M16 5.5h3.5c0 3-1.2 4.8-3.7 5M12 13.5v3.5M8.5 20.5h7l-1-3.5h-5Z" />,
  star: <path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8Z" />,
  voice: <path d="M4 5h16v11H10.5L6.5 19.5V16H4ZM8 9h8M8 12h5" />,
  more: <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3" />,
  map: <path d="m3.5 6 5.5-2 6 2 5.5-2v14L15 20l-6-2-5.5 2ZM9 4v14M15 6v14" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  cross: <path d="M6 6l12 12M18 6 6 18" />,
  back: <path d="M14.5 5 8 12l6.5 7" />,
  next: <path d="M9.5 5 16 12l-6.5 7" />,
  open: <path d="m5.5 9 6.5 6.5L18.5 9" />,
  up: <path d="M12 19V5M6 11l6-6 6 6" />,
  down: <path d="M12 5v14M6 13l6 6 6-6" />,
  plus: <path d="M12 5v14M5 12h14" />,
  search: <path d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20" />,
  cloud: <path d="M7 18.5a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.7-.8A4.4 4.4 0 0 1 17 18.5Z" />,
  offline: <path d="M7 18.5a4 4 0 0 1-.5-8c.3-1.3 1-2.4 2-3.2M12 5.6a5.5 5.5 0 0 1 5.2 4.1 4.4 4.4 0 0 1 2.2 7.2M3.5 3.5l17 17" />,
  clock: <path d="M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2" />,
  warning: <path d="M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17v.2" />,
  speaker: <path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" />,
  play: <path d="M7.5 5v14l11.5-7Z" />,
  pen: <path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19Zm10-13.5 3.5 3.5" />,
  phone: <path d="M6 3.5h3.5l1.5 5-2.3 1.4a12 12 0 0 0 5.4 5.4L15.5 13l5 1.5V18c0 1.4-1 2.5-2.5 2.5A14.5 14.5 0 0 1 3.5 6C3.5 4.5 4.6 3.5 6 3.5Z" />,
  truck: <path d="M2.5 6h11v10h-11ZM13.5 9.5h4l3 3.5v3h-7ZM6.5 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM17 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z" />,
  bank: <path d="M3.5 9.5 12 4l8.5 5.5ZM5.5 9.5V17M10 9.5V17M14 9.5V17M18.5 9.5V17M3.5 19.5h17" />,
  bell: <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5h4" />,
  camera: <path d="M4 7.5h3.5L9 5h6l1.5 2.5H20v11H4ZM12 16a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z" />,
  mic: <path d="M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM6 11.5a6 6 0 0 0 12 0M12 17.5v3" />,
  tractor: <path d="M7.5 19.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM18.5 19.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM11.5 15.5h4.7M5 11.8V5h6.5l1.5 6h5.5a2 2 0 0 1 2 2v2.2M16 11V6.5" />,
  settings: <path d="M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM12 3.5v2.2M12 18.3v2.2M3.5 12h2.2M18.3 12h2.2M6 6l1.5 1.5M16.5 16.5 18 18M6 18l1.5-1.5M16.5 7.5 18 6" />,
  chart: <path d="M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6" />,
  idea: <path d="M9 17.5a6 6 0 1 1 6 0V19H9ZM10 21.5h4" />,
  download: <path d="M12 4v11M7 11l5 5 5-5M5 20h14" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

/** Icon draws a shape; it says nothing to a screen reader, so the text beside it must. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {shapes[name]}
    </svg>
  )
}

/** Mark is the sign of Dure. */
export function Mark() {
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <rect width="48" height="48" rx="12" fill="#2a6237" />
      <path d="M24 27V13" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <path d="M24 21c0-6 4-9 11-9 0 6-4 9-11 9Zm0 4c0-5-4-8-10-8 0 5 4 8 10 8Z" fill="#fff" />
      <path d="M8 33c10-5 22-5 32 0M10 39c9-4 19-4 28 0" fill="none" stroke="#cfe3c4" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  )
}
