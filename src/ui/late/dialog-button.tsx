import type { ReactNode } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Icon, type IconName } from '../icon.tsx'
import type { Inherited } from './inherited.ts'

export interface DialogButtonProps {
  readonly title: string
  readonly closeLabel: string
  readonly icon?: IconName
  readonly text: ReactNode
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
  readonly children: ReactNode
}

/** A button that opens a dialog over the page. */
export function LateDialogButton({
  title,
  closeLabel,
  icon,
  text,
  isOpen,
  onOpenChange,
  children,
  inherited,
}: DialogButtonProps & { readonly inherited: Inherited }) {
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      <AriaButton autoFocus={inherited.isFocused} className="ui-button ui-button-plain">
        {icon && <Icon name={icon} />}
        {text}
      </AriaButton>
      <ModalOverlay className="ui-overlay" isDismissable>
        <Modal className="ui-modal">
          <Dialog className="ui-dialog">
            <header className="ui-modal-head">
              <Heading slot="title" className="ui-dialog-title">
                {title}
              </Heading>
              <AriaButton slot="close" className="ui-button ui-button-quiet ui-button-icon" aria-label={closeLabel}>
                <Icon name="close" />
              </AriaButton>
            </header>
            {children}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
