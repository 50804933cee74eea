import { mount } from '@kit/mount'
import { Door } from '@kit/parts/door'
import { useTranslation } from 'react-i18next'
import { router } from './router'
import en from './words/en.json'
import ko from './words/ko.json'

function RepDoor() {
  const { t } = useTranslation()
  return <Door title={t('door.title')} lead={t('door.lead')} />
}

void mount({ app: { name: 'rep', persona: 'REP', base: '/rep/' }, words: { ko, en }, router, door: RepDoor })
