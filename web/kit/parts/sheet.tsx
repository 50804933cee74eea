import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './controls'

/** Sheet is a dialog: from below on a phone, in the middle elsewhere. */
export function Sheet({ open, onClose, title, children, alert }: { open: boolean; onClose: () => void; title: string; children: ReactNode; alert?: boolean }) {
  const { t } = useTranslation()
  return (
    <ModalOverlay className="veil" isOpen={open} onOpenChange={(o) => !o && onClose()} isDismissable={!alert}>
      <Modal className="sheet">
        <Dialog role={alert ? 'alertdialog' : 'dialog'}>
          <div className="stack">
            <div className="row" data-apart="">
              <Heading slot="title" level={2}>{title}</Heading>
              <Button kind="quiet" icon="cross" aria-label={t('kit:close')} onPress={onClose} />
            </div>
            {children}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
