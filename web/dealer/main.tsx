import { mount } from '@kit/mount'
import { Door } from '@kit/parts/door'
import { useTranslation } from 'react-i18next'
import { router } from './router'
import en from './words/en.json'
import ko from './words/ko.json'

function DealerDoor() {
  const { t } = useTranslation()
  return <Door title={t('door.title')} lead={t('door.lead')} />
}

void mount({ app: { name: 'dealer', persona: 'DEALER', base: '/dealer/' }, words: { ko, en }, router, door: DealerDoor })
