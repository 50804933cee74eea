import { mount } from '@kit/mount'
import { Door } from '@kit/parts/door'
import { useTranslation } from 'react-i18next'
import { router } from './router'
import { startTheme } from './theme'
import en from './words/en.json'
import ko from './words/ko.json'

function HqDoor() {
  const { t } = useTranslation()
  return <Door title={t('door.title')} lead={t('door.lead')} />
}

startTheme()
void mount({ app: { name: 'hq', persona: 'HQ', base: '/hq/' }, words: { ko, en }, router, door: HqDoor })
