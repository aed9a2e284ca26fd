import { Button as AriaButton, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import type { DialogButtonProps } from '../dialog-button.tsx'
import { Icon } from '../icon.tsx'
import type { Inherited } from './use-late.ts'

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
